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

// The members of the wire that are an attribute of a learner, and of a group.
var (
	userFields = map[string]string{
		"email":      udemy.FieldEmail,
		"firstname":  udemy.FieldFirstName,
		"lastname":   udemy.FieldLastName,
		"externalid": udemy.FieldExternalID,
		"groups":     udemy.FieldGroupIDs,
		"role":       udemy.FieldRole,
		"status":     udemy.FieldActive,
	}
	groupFields = map[string]string{"name": udemy.FieldName}
)

// Members whose name adds nothing to what they say. Assumption: these are the common ones.
var plainMessages = []string{"detail", "message", "error", "non_field_errors"}

// refusal reads an answer that is no success. Documented is only that a 400 tells the field, and that a 409
// holds the id; any other form is shown as it came.
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
	if said := messages(members); said != "" {
		refused.Detail = said
	} else if len(refused.Fields) > 0 || refused.ExistingID != "" {
		refused.Detail = ""
	}
	if errors.Is(refused, udemy.ErrUnavailable) && refused.Detail != response.Text() {
		refused.Detail = fmt.Sprintf("HTTP status %d: %s", response.Status, refused.Detail)
	}
	return refused
}

func existingID(member json.RawMessage) string {
	var id transport.Scalar
	if err := json.Unmarshal(member, &id); err != nil {
		return "" // There is none, or nothing that could be one: the caller has to search.
	}
	return string(id)
}

// takeFields moves what is said about attributes out of members.
func takeFields(request transport.Request, members map[string]json.RawMessage) map[string]string {
	names := userFields
	if strings.HasPrefix(request.Route, groupsRoute) {
		names = groupFields
	}
	fields := map[string]string{}
	for name, field := range names {
		member, ok := members[name]
		if !ok || name == "status" && member[0] != '[' { // "status": "error" is about the call.
			continue
		}
		fields[field] = transport.Shorten(plain(member))
		delete(members, name)
	}
	return fields
}

// messages puts what is left into one line.
func messages(members map[string]json.RawMessage) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		said := transport.Shorten(plain(members[name]))
		switch {
		case said == "":
		case slices.Contains(plainMessages, name):
			parts = append(parts, said)
		default:
			parts = append(parts, name+": "+said)
		}
	}
	return transport.Shorten(strings.Join(parts, "; "))
}

// plain is a text, or a list of texts, without the marks of JSON; anything else stays JSON.
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
	_ = json.Compact(&compact, value) // It was decoded once, so it is valid.
	return compact.String()
}

// notOffered is a 404 that says nothing about a learner or a group.
func notOffered(refused *udemy.Error) *udemy.Error {
	absent := *refused
	absent.Kind = udemy.ErrNotOffered
	return &absent
}

func notFound(route, detail string) *udemy.Error {
	return &udemy.Error{Kind: udemy.ErrNotFound, Call: http.MethodGet + " " + route, Detail: detail}
}
