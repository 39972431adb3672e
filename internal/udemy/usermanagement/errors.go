// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// userFields and groupFields map the members of an error response to attributes of a learner and of a group.
var (
	userFields = func() map[string]string {
		fields := map[string]string{"groups": udemy.FieldGroupIDs, "status": udemy.FieldActive}
		for _, m := range profile {
			fields[m.name] = m.field
		}
		return fields
	}()
	groupFields = map[string]string{"name": udemy.FieldName}
)

// plainMessages are members of an error response whose message is shown without their name. Assumption: these are the common ones.
var plainMessages = []string{"detail", "message", "error", "non_field_errors"}

// refusal returns the error for an unsuccessful response. Udemy documents that a 400 names the attribute and that a 409 contains the
// ID. A response in any other form is shown as it is.
func refusal(request transport.Request, response *transport.Response) *udemy.Error {
	refused := &udemy.Error{
		Kind:   transport.Kind(response.Status),
		Call:   request.Call(),
		Detail: response.Text(),
		Resent: response.Resent,
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(response.Body, &members); err != nil {
		return refused
	}
	if errors.Is(refused, udemy.ErrConflict) {
		refused.ExistingID = existingID(members["id"])
		delete(members, "id")
	}
	if errors.Is(refused, udemy.ErrInvalid) {
		refused.Fields = takeFields(request, members)
	}
	if text := messages(members); text != "" {
		refused.Detail = text
	} else if len(refused.Fields) > 0 || refused.ExistingID != "" {
		refused.Detail = ""
	}
	if (errors.Is(refused, udemy.ErrUnavailable) || errors.Is(refused, udemy.ErrRefused)) && refused.Detail != response.Text() {
		refused.Detail = fmt.Sprintf("HTTP status %d: %s", response.Status, refused.Detail)
	}
	return refused
}

func existingID(member json.RawMessage) string {
	var id transport.ID
	if err := json.Unmarshal(member, &id); err != nil {
		return "" // The caller has to search for the object.
	}
	return string(id)
}

// takeFields removes the messages about attributes from members, and returns them.
func takeFields(request transport.Request, members map[string]json.RawMessage) map[string]string {
	names := userFields
	if strings.HasPrefix(request.Route, groupsRoute) {
		names = groupFields
	}
	fields := map[string]string{}
	for name, field := range names {
		member, ok := members[name]
		if !ok || name == "status" && member[0] != '[' { // "status": "error" concerns the call.
			continue
		}
		if text := transport.Shorten(plain(member)); text != "" {
			fields[field] = text
		}
		delete(members, name)
	}
	return fields
}

// messages joins the remaining messages in one line.
func messages(members map[string]json.RawMessage) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		text := transport.Shorten(plain(members[name]))
		switch {
		case text == "":
		case slices.Contains(plainMessages, name):
			parts = append(parts, text)
		default:
			parts = append(parts, name+": "+text)
		}
	}
	return transport.Shorten(strings.Join(parts, "; "))
}

// plain returns a text or a list of texts without JSON syntax, and any other value as JSON.
func plain(value json.RawMessage) string {
	var one *string
	if json.Unmarshal(value, &one) == nil {
		if one == nil {
			return ""
		}
		return *one
	}
	var many []string
	if json.Unmarshal(value, &many) == nil {
		return strings.Join(many, " ")
	}
	var compact bytes.Buffer
	_ = json.Compact(&compact, value) // The value has been decoded before, so it is valid.
	return compact.String()
}

func notFound(route, detail string) *udemy.Error {
	return &udemy.Error{Kind: udemy.ErrNotFound, Call: http.MethodGet + " " + route, Detail: detail}
}
