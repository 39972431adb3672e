// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// CreateUser implements udemy.API. It is the one call of this API that is documented: its address, its
// credential, the members of the request, 201 with an id, a status and groups, 409 with the id of the
// learner who has the address already, and 400.
func (d *Directory) CreateUser(ctx context.Context, user udemy.User) (udemy.User, error) {
	request := transport.Request{Method: http.MethodPost, Route: usersRoute, Body: newUser(user)}
	if err := d.Capabilities().CheckFields(request.Call(), user.SetFields()); err != nil {
		return udemy.User{}, err
	}
	response, err := d.send(ctx, request)
	if err != nil {
		return udemy.User{}, err
	}
	answer, err := transport.Decode[userAnswer](request, response)
	if err == nil && answer.ID == "" {
		err = errors.New("the answer holds no id")
	}
	if err != nil {
		return udemy.User{}, &udemy.Error{
			Kind: udemy.ErrUnavailable, Call: request.Call(), Cause: err,
			Detail: fmt.Sprintf("HTTP status %d: the learner was probably invited, but under which id is not said; "+
				"the same request again, or a look for %s on Udemy's own pages, may tell", response.Status, user.Email),
		}
	}
	sent := udemy.Change(user, profileFields()...).Apply(udemy.User{GroupIDs: append([]string{}, user.GroupIDs...)})
	return answer.over(sent), nil
}

// User implements udemy.API.
func (d *Directory) User(ctx context.Context, id string) (udemy.User, error) {
	// Assumption: GET /users/{id}/ answers 200 with the user object.
	request := transport.Request{Method: http.MethodGet, Route: userRoute, IDs: []string{id}}
	response, err := d.send(ctx, request)
	if err != nil {
		return udemy.User{}, err
	}
	answer, err := transport.Decode[userAnswer](request, response)
	if err != nil {
		return udemy.User{}, err
	}
	if answer.Email == nil {
		return udemy.User{}, transport.Unusable(request, response, errors.New("the learner has no email"))
	}
	return answer.over(udemy.User{ID: id}), nil
}

// UserByEmail implements udemy.API.
func (d *Directory) UserByEmail(ctx context.Context, email string) (udemy.User, error) {
	// Assumption: email= filters GET /users/.
	for answer, err := range search[userAnswer](ctx, d, usersRoute, "email", email) {
		if err != nil {
			return udemy.User{}, err
		}
		if user := answer.over(udemy.User{}); udemy.SameEmail(user.Email, email) {
			return user, nil
		}
	}
	return udemy.User{}, notFound(usersRoute, fmt.Sprintf("no learner has the e-mail address %q", email))
}

// LookUpUser implements udemy.API.
func (d *Directory) LookUpUser(ctx context.Context, email string) (udemy.User, error) {
	// Assumption: email= filters GET /users/.
	for answer, err := range search[userAnswer](ctx, d, usersRoute, "email", email) {
		if err != nil {
			return udemy.User{}, err
		}
		user := answer.over(udemy.User{})
		if !udemy.SameEmail(user.Email, email) {
			return udemy.User{}, &udemy.Error{Kind: udemy.ErrNotOffered, Call: "GET " + usersRoute, Detail: "the API does not search by e-mail address"}
		}
		return user, nil
	}
	return udemy.User{}, notFound(usersRoute, fmt.Sprintf("no learner has the e-mail address %q", email))
}

// UserByExternalID implements udemy.API.
func (d *Directory) UserByExternalID(ctx context.Context, externalID string) (udemy.User, error) {
	var found udemy.User
	// Assumption: externalid= filters GET /users/.
	for answer, err := range search[userAnswer](ctx, d, usersRoute, "externalid", externalID) {
		if err != nil {
			return udemy.User{}, err
		}
		user := answer.over(udemy.User{})
		if user.ExternalID != externalID {
			continue
		}
		if found.ID != "" {
			return udemy.User{}, &udemy.Error{
				Kind: udemy.ErrConflict, Call: http.MethodGet + " " + usersRoute,
				Detail: fmt.Sprintf("the learners %s and %s both have the external id %q", found.ID, user.ID, externalID),
			}
		}
		found = user
	}
	if found.ID == "" {
		return udemy.User{}, notFound(usersRoute, fmt.Sprintf("no learner has the external id %q", externalID))
	}
	return found, nil
}

// UserPage implements udemy.API. The API counts in pages, so the size of the first one doesn't matter.
func (d *Directory) UserPage(ctx context.Context, number, _ int) (udemy.Page[udemy.User], error) {
	// Assumption: GET /users/ is a page of user objects.
	return numbered(ctx, d, transport.Request{Method: http.MethodGet, Route: usersRoute}, number,
		func(answer userAnswer) udemy.User { return answer.over(udemy.User{}) })
}

// UpdateUser implements udemy.API.
func (d *Directory) UpdateUser(ctx context.Context, id string, change udemy.UserChange) (udemy.User, error) {
	if len(change.Fields) == 0 {
		return d.User(ctx, id)
	}
	if err := d.Capabilities().CheckFields(http.MethodPatch+" "+userRoute, change.Fields); err != nil {
		return udemy.User{}, err
	}
	return d.patchUser(ctx, changeBody(change), change.Apply(udemy.User{ID: id}))
}

// ActivateUser implements udemy.API.
func (d *Directory) ActivateUser(ctx context.Context, id string) (udemy.User, error) {
	return d.setStatus(ctx, id, udemy.StatusActive)
}

// DeactivateUser implements udemy.API.
func (d *Directory) DeactivateUser(ctx context.Context, id string) (udemy.User, error) {
	return d.setStatus(ctx, id, udemy.StatusDeactivated)
}

func (d *Directory) setStatus(ctx context.Context, id string, status udemy.Status) (udemy.User, error) {
	// Assumption: status can be written, as "active" and as "deactivated".
	return d.patchUser(ctx, map[string]any{"status": status}, udemy.User{ID: id, Status: status})
}

// patchUser changes the learner known.ID. The rest of known is what the change makes true of the learner.
func (d *Directory) patchUser(ctx context.Context, body map[string]any, known udemy.User) (udemy.User, error) {
	// Assumption: PATCH /users/{id}/ takes the members that change, and answers 200 with the user object.
	request := transport.Request{Method: http.MethodPatch, Route: userRoute, IDs: []string{known.ID}, Body: body}
	response, err := d.send(ctx, request)
	if err != nil {
		return udemy.User{}, err
	}
	var answer userAnswer
	if len(response.Body) > 0 {
		if answer, err = transport.Decode[userAnswer](request, response); err != nil {
			return udemy.User{}, err
		}
	}
	if answer.Email != nil && saysAll(response.Body, body) {
		return answer.over(udemy.User{ID: known.ID}), nil
	}
	known = answer.over(known)
	read, err := d.User(ctx, known.ID)
	if errors.Is(err, udemy.ErrNotOffered) || errors.Is(err, udemy.ErrNotFound) {
		// The change is made all the same. What can't be read, or not by this id any more, is left empty.
		return known, nil
	}
	return read, err
}

// saysAll reports whether an answer to a change tells the whole learner, above all what became of the change.
func saysAll(answer []byte, change map[string]any) bool {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(answer, &members); err != nil {
		return false
	}
	for _, name := range slices.AppendSeq([]string{"email", "firstname", "lastname"}, maps.Keys(change)) {
		if _, ok := members[name]; !ok {
			return false
		}
	}
	return true
}

// DeleteUser implements udemy.API.
func (d *Directory) DeleteUser(ctx context.Context, id string) error {
	// Assumption: DELETE /users/{id}/ cancels an invitation, and removes any other learner.
	_, err := d.send(ctx, transport.Request{Method: http.MethodDelete, Route: userRoute, IDs: []string{id}})
	return udemy.IgnoreNotFound(d.confirmNoUser(ctx, id, err))
}

// ResendInvitation implements udemy.API.
func (d *Directory) ResendInvitation(ctx context.Context, id string) error {
	// Assumption: POST /users/{id}/resend-invite/ sends it again, and is a 409 for anyone who is not invited.
	_, err := d.send(ctx, transport.Request{Method: http.MethodPost, Route: resendRoute, IDs: []string{id}})
	return d.confirmNoUser(ctx, id, err)
}

// confirmNoUser makes sure that it is the learner who is not found, and not the call.
func (d *Directory) confirmNoUser(ctx context.Context, id string, err error) error {
	return transport.ConfirmAbsent(err, func() error {
		_, err := d.User(ctx, id)
		return err
	})
}
