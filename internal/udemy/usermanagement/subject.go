// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// subject holds the members of an answer that show what it describes: a learner has an e-mail address, and a group a name.
type subject struct {
	ID    transport.Scalar `json:"id"`
	UUID  transport.Scalar `json:"uuid"`
	Email *string          `json:"email"`
	Name  *string          `json:"name"`
}

// checkSubject makes an error of a success that describes another learner or group than the one in the request's path. An
// answer without an ID is about the object that was asked for.
func checkSubject(request transport.Request, response *transport.Response) error {
	var answer subject
	decoded := json.Unmarshal(response.Body, &answer) == nil // What can't be decoded is an error where it is used.
	if !decoded || len(request.IDs) == 0 {
		return nil
	}
	kind, given := "learner ", []transport.Scalar{answer.ID}
	// Only these answers are promised to be the object itself. Any other one may hold the ID of something else.
	isObject := request.Method == http.MethodGet || request.Method == http.MethodPatch || answer.Email != nil
	if strings.HasPrefix(request.Route, groupsRoute) {
		kind, given = "group ", []transport.Scalar{answer.UUID, answer.ID}
		isObject = request.Route == groupRoute && request.Method != http.MethodDelete || answer.Name != nil && answer.Email == nil
	}
	if !isObject {
		return nil
	}
	asked, other := request.IDs[0], ""
	for _, id := range given {
		switch {
		case udemy.SameID(string(id), asked):
			return nil
		case other == "":
			other = string(id)
		}
	}
	if other == "" {
		return nil
	}
	return udemy.Mismatch(request.Call(), kind+asked, kind+other)
}
