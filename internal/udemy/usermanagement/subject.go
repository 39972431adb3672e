// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// subject holds the members of a response that identify its object. A learner has an e-mail address, and a group a name.
type subject struct {
	ID    transport.ID `json:"id"`
	UUID  transport.ID `json:"uuid"`
	Email *string      `json:"email"`
	Name  *string      `json:"name"`
}

// checkSubject returns an error if a successful response describes another learner or group than the path of its request. A response
// without an ID is assumed to describe the requested object.
func checkSubject(request transport.Request, response *transport.Response) error {
	var answer subject
	if len(request.IDs) == 0 {
		return nil
	}
	if isDecoded := json.Unmarshal(response.Body, &answer) == nil; !isDecoded { // The caller reports it.
		return nil
	}
	kind, ids := "learner ", []transport.ID{answer.ID}
	// Only these responses are the object itself. Any other response may contain the ID of something else.
	isObject := request.Method == http.MethodGet || request.Method == http.MethodPatch || answer.Email != nil
	if strings.HasPrefix(request.Route, groupsRoute) {
		kind, ids = "group ", []transport.ID{answer.UUID, answer.ID}
		isObject = request.Route == groupRoute && request.Method != http.MethodDelete || answer.Name != nil && answer.Email == nil
	}
	if members := membersIn(request); answer.Email != nil && len(members) > 0 {
		return checkMember(request, members, string(answer.ID))
	}
	if !isObject {
		return nil
	}
	requested, other := request.IDs[0], ""
	for _, id := range ids {
		switch {
		case udemy.SameID(string(id), requested):
			return nil
		case other == "":
			other = string(id)
		}
	}
	if other == "" {
		return nil
	}
	return udemy.Mismatch(request.Call(), kind+requested, kind+other)
}

// membersIn returns the learners that a change of a group's members is about.
func membersIn(request transport.Request) []string {
	if body, ok := request.Body.(membersBody); ok {
		return body.Users
	}
	if strings.HasPrefix(request.Route, groupsRoute) {
		return request.IDs[1:]
	}
	return nil
}

// checkMember returns an error if the learner in a response is not in the request.
func checkMember(request transport.Request, members []string, id string) error {
	if id == "" || slices.ContainsFunc(members, func(member string) bool { return udemy.SameID(member, id) }) {
		return nil
	}
	return udemy.Mismatch(request.Call(), "learner "+members[0], "learner "+id)
}
