// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// CreateUser implements udemy.API. It is the one call of this API that is documented: its address, its
// credential, the members of the request, 201 with an id, a status and groups, 409 with the id of the
// learner who has the address already, and 400.
func (c *Client) CreateUser(ctx context.Context, user udemy.User) (udemy.User, error) {
	request := transport.Request{Method: http.MethodPost, Route: usersRoute, Body: newUser(user)}
	if err := c.Capabilities().CheckFields(request.Call(), user.SetFields()); err != nil {
		return udemy.User{}, err
	}
	response, err := c.send(ctx, request)
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
	if answer.Email != nil && !udemy.SameEmail(*answer.Email, user.Email) {
		return udemy.User{}, udemy.Mismatch(request.Call(), fmt.Sprintf("learner %q", user.Email),
			fmt.Sprintf("learner %q, ID %s", *answer.Email, answer.ID))
	}
	sent := udemy.Change(user, profileFields()...).Apply(udemy.User{GroupIDs: append([]string{}, user.GroupIDs...)})
	return answer.over(sent), nil
}

// User implements udemy.API.
func (c *Client) User(ctx context.Context, id string) (udemy.User, error) {
	// Assumption: GET /users/{id}/ answers 200 with the user object.
	request := transport.Request{Method: http.MethodGet, Route: userRoute, IDs: []string{id}}
	response, err := c.send(ctx, request)
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
func (c *Client) UserByEmail(ctx context.Context, email string) (udemy.User, error) {
	// Assumption: email= filters GET /users/.
	for answer, err := range search[userAnswer](ctx, c, usersRoute, "email", email) {
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
func (c *Client) LookUpUser(ctx context.Context, email string) (udemy.User, error) {
	// Assumption: email= filters GET /users/.
	for answer, err := range search[userAnswer](ctx, c, usersRoute, "email", email) {
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
func (c *Client) UserByExternalID(ctx context.Context, externalID string) (udemy.User, error) {
	// Assumption: externalid= filters GET /users/.
	answer, err := only(search[userAnswer](ctx, c, usersRoute, "externalid", externalID),
		func(answer userAnswer) bool { return answer.over(udemy.User{}).ExternalID == externalID },
		usersRoute, "learner", fmt.Sprintf("external ID %q", externalID))
	if err != nil {
		return udemy.User{}, err
	}
	return answer.over(udemy.User{}), nil
}

// only is the one object that a search finds, whatever else it brings; two are a conflict.
func only[T hasID](found iter.Seq2[T, error], matches func(T) bool, route, kind, what string) (T, error) {
	var one, none T
	for object, err := range found {
		switch {
		case err != nil:
			return none, err
		case !matches(object):
		case one.id() != "":
			return none, &udemy.Error{
				Kind: udemy.ErrConflict, Call: http.MethodGet + " " + route,
				Detail: fmt.Sprintf("the %ss %s and %s both have the %s", kind, one.id(), object.id(), what),
			}
		default:
			one = object
		}
	}
	if one.id() == "" {
		return none, notFound(route, fmt.Sprintf("no %s has the %s", kind, what))
	}
	return one, nil
}

// UserPage implements udemy.API. The API counts in pages, so the size of the first one doesn't matter.
func (c *Client) UserPage(ctx context.Context, number, _ int) (udemy.Page[udemy.User], error) {
	// Assumption: GET /users/ is a page of user objects.
	return numbered(ctx, c, transport.Request{Method: http.MethodGet, Route: usersRoute}, number,
		func(answer userAnswer) udemy.User { return answer.over(udemy.User{}) })
}

// UpdateUser implements udemy.API.
func (c *Client) UpdateUser(ctx context.Context, id string, change udemy.UserChange) (udemy.User, error) {
	if len(change.Fields) == 0 {
		return c.User(ctx, id)
	}
	if err := c.Capabilities().CheckFields(http.MethodPatch+" "+userRoute, change.Fields); err != nil {
		return udemy.User{}, err
	}
	return c.patchUser(ctx, changeBody(change), change.Apply(udemy.User{ID: id}))
}

// ActivateUser implements udemy.API.
func (c *Client) ActivateUser(ctx context.Context, id string) (udemy.User, error) {
	return c.setStatus(ctx, id, udemy.StatusActive)
}

// DeactivateUser implements udemy.API. A success that does not show the freed seat is confirmed by reading the learner.
func (c *Client) DeactivateUser(ctx context.Context, id string) (udemy.User, error) {
	user, err := c.setStatus(ctx, id, udemy.StatusDeactivated)
	if err != nil || !user.Status.Seated() {
		return user, err
	}
	freed, err := c.client.Settle(ctx, func(ctx context.Context) (bool, error) {
		read, err := c.User(ctx, id)
		switch {
		case errors.Is(err, udemy.ErrNotFound):
			return true, nil // There is no seat either.
		case errors.Is(err, udemy.ErrNotOffered):
			return user.Status == "", nil
		case err != nil:
			return false, err
		}
		user = read
		return user.Status == "" || !user.Status.Seated(), nil // An API that returns no status can't contradict.
	})
	if err != nil {
		return udemy.User{}, err
	}
	if !freed {
		return udemy.User{}, udemy.NoEffect(http.MethodPatch+" "+userRoute, fmt.Sprintf("learner %s still has status %q", id, user.Status))
	}
	return user, nil
}

func (c *Client) setStatus(ctx context.Context, id string, status udemy.Status) (udemy.User, error) {
	// Assumption: status can be written, as "active" and as "deactivated".
	return c.patchUser(ctx, map[string]any{"status": status}, udemy.User{ID: id, Status: status})
}

// patchUser changes the learner known.ID. The rest of known is what the change makes true of the learner.
func (c *Client) patchUser(ctx context.Context, body map[string]any, known udemy.User) (udemy.User, error) {
	// Assumption: PATCH /users/{id}/ takes the members that change, and answers 200 with the user object.
	request := transport.Request{Method: http.MethodPatch, Route: userRoute, IDs: []string{known.ID}, Body: body}
	response, err := c.send(ctx, request)
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
	read, err := c.User(ctx, known.ID)
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

// DeleteUser implements udemy.API. A learner who is still there but has no seat counts as deleted: an API may keep the account.
func (c *Client) DeleteUser(ctx context.Context, id string) error {
	// Assumption: DELETE /users/{id}/ cancels an invitation, and removes any other learner.
	request := transport.Request{Method: http.MethodDelete, Route: userRoute, IDs: []string{id}}
	if _, err := c.send(ctx, request); err != nil {
		return udemy.IgnoreNotFound(c.confirmNoUser(ctx, id, err))
	}
	var left udemy.User
	gone, err := c.client.SettleGone(ctx, func(ctx context.Context) error {
		var err error
		left, err = c.User(ctx, id)
		if err == nil && !left.Status.Seated() {
			return udemy.ErrNotFound
		}
		return err
	})
	if err == nil && !gone {
		err = udemy.NoEffect(request.Call(), fmt.Sprintf("learner %s still has status %q", id, left.Status))
	}
	return err
}

// ResendInvitation implements udemy.API.
func (c *Client) ResendInvitation(ctx context.Context, id string) error {
	// Assumption: POST /users/{id}/resend-invite/ sends it again, and is a 409 for anyone who is not invited.
	_, err := c.send(ctx, transport.Request{Method: http.MethodPost, Route: resendRoute, IDs: []string{id}})
	return c.confirmNoUser(ctx, id, err)
}

// confirmNoUser makes sure that it is the learner who is not found, and not the call.
func (c *Client) confirmNoUser(ctx context.Context, id string, err error) error {
	return transport.ConfirmAbsent(err, func() error {
		_, err := c.User(ctx, id)
		return err
	})
}
