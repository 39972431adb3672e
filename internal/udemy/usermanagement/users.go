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
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// CreateUser sends POST /users/, the only documented call of this API. Udemy documents the address, the credential, the members of
// the request, the response 201 with an ID, a status and groups, the response 409 with the ID of the learner who has the address,
// and the response 400. If a successful response has no usable ID, the error is an ErrUnavailable, and the learner may exist.
func (c *Client) CreateUser(ctx context.Context, user udemy.User) (udemy.User, error) {
	request := transport.Request{Method: http.MethodPost, Route: usersRoute, Body: newUser(user)}
	if err := c.Capabilities().CheckFields(request.Call(), user.SetFields()); err != nil {
		return udemy.User{}, err
	}
	var response *transport.Response
	err := c.client.Await(ctx, user.GroupIDs, concernsGroups, func(ctx context.Context) (err error) {
		response, err = c.send(ctx, request)
		return err
	})
	if conflict, ok := errors.AsType[*udemy.Error](err); ok && conflict.Resent { // The first attempt may have created the learner.
		c.client.Created(conflict.ExistingID)
	}
	if err != nil {
		return udemy.User{}, err
	}
	answer, err := created[userAnswer](request, response)
	if err != nil {
		return udemy.User{}, &udemy.Error{
			Kind: udemy.ErrUnavailable, Call: request.Call(), Cause: err,
			Detail: fmt.Sprintf("HTTP status %d: the learner was probably invited, but the ID is unknown; "+
				"apply again, or look for %s in Udemy Business", response.Status, user.Email),
		}
	}
	c.client.Created(answer.id())
	if answer.Email != nil && !udemy.SameEmail(*answer.Email, user.Email) {
		return udemy.User{}, udemy.Mismatch(request.Call(), fmt.Sprintf("learner %q", user.Email),
			fmt.Sprintf("learner %q, ID %s", *answer.Email, answer.ID))
	}
	sent := udemy.Change(user, profileFields()...).Apply(udemy.User{GroupIDs: append([]string{}, user.GroupIDs...)})
	return answer.applyTo(sent), nil
}

// concernsGroups reports whether a new learner was refused because of the groups. A new group may be unknown for some seconds.
func concernsGroups(err error) bool {
	refused, ok := errors.AsType[*udemy.Error](err)
	return ok && refused.Fields[udemy.FieldGroupIDs] != ""
}

// User sends GET /users/{id}/.
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
	return answer.applyTo(udemy.User{ID: id}), nil
}

// UserByEmail sends GET /users/ with a filter on the e-mail address, and without a filter if the result is empty: a server whose
// filter does not work may answer with an empty list. If the server ignores the filter, it reads all pages once.
func (c *Client) UserByEmail(ctx context.Context, email string) (udemy.User, error) {
	// Assumption: GET /users/ accepts the filter email=.
	for _, learners := range []iter.Seq2[userAnswer, error]{
		search[userAnswer](ctx, c, usersRoute, "email", email),
		list[userAnswer](ctx, c, transport.Request{Method: http.MethodGet, Route: usersRoute}),
	} {
		isUnfiltered := false
		for answer, err := range learners {
			if err != nil {
				return udemy.User{}, err
			}
			if user := answer.user(); udemy.SameEmail(user.Email, email) {
				return user, nil
			}
			isUnfiltered = true // The results are all learners.
		}
		if isUnfiltered {
			break
		}
	}
	return udemy.User{}, notFound(usersRoute, fmt.Sprintf("no learner has the e-mail address %q", email))
}

// LookUpUser sends GET /users/ with a filter on the e-mail address. A result with another address shows that the server ignores
// filters.
func (c *Client) LookUpUser(ctx context.Context, email string) (udemy.User, error) {
	// Assumption: GET /users/ accepts the filter email=.
	for answer, err := range search[userAnswer](ctx, c, usersRoute, "email", email) {
		if err != nil {
			return udemy.User{}, err
		}
		user := answer.user()
		if !udemy.SameEmail(user.Email, email) {
			return udemy.User{}, &udemy.Error{Kind: udemy.ErrNotOffered, Call: "GET " + usersRoute, Detail: "the API can't search by e-mail address"}
		}
		return user, nil
	}
	return udemy.User{}, notFound(usersRoute, fmt.Sprintf("no learner has the e-mail address %q", email))
}

// UserByExternalID sends GET /users/ with a filter on the external ID.
func (c *Client) UserByExternalID(ctx context.Context, externalID string) (udemy.User, error) {
	// Assumption: GET /users/ accepts the filter externalid=.
	found := search[userAnswer](ctx, c, usersRoute, "externalid", externalID)
	return udemy.FindByExternalID(externalID, http.MethodGet+" "+usersRoute, paging.Convert(found, userAnswer.user))
}

// UserPage sends GET /users/ with the number of the page. The API counts pages, so the size of the first page does not matter.
func (c *Client) UserPage(ctx context.Context, number, _ int) (udemy.Page[udemy.User], error) {
	// Assumption: GET /users/ answers 200 with a page of user objects.
	return readPage(ctx, c, transport.Request{Method: http.MethodGet, Route: usersRoute}, number, userAnswer.user)
}

// UpdateUser sends PATCH /users/{id}/ with the members that change.
func (c *Client) UpdateUser(ctx context.Context, id string, change udemy.UserChange) (udemy.User, error) {
	if len(change.Fields) == 0 {
		return c.User(ctx, id)
	}
	if err := c.Capabilities().CheckFields(http.MethodPatch+" "+userRoute, change.Fields); err != nil {
		return udemy.User{}, err
	}
	return c.patchUser(ctx, changeBody(change), change.Apply(udemy.User{ID: id}), change.ShownBy)
}

// ActivateUser sends PATCH /users/{id}/ with status active.
func (c *Client) ActivateUser(ctx context.Context, id string) (udemy.User, error) {
	return c.setStatus(ctx, id, udemy.StatusActive, func(user udemy.User) bool { return user.Status == "" || user.Status.Seated() })
}

// DeactivateUser sends PATCH /users/{id}/ with status deactivated. If the response does not show that the seat is free, reading the
// learner confirms it.
func (c *Client) DeactivateUser(ctx context.Context, id string) (udemy.User, error) {
	anyState := func(udemy.User) bool { return true } // Checked below.
	user, err := c.setStatus(ctx, id, udemy.StatusDeactivated, anyState)
	if err != nil || !user.Status.Seated() {
		return user, err
	}
	freed, err := c.client.Settle(ctx, func(ctx context.Context) (bool, error) {
		read, err := c.User(ctx, id)
		switch {
		case errors.Is(err, udemy.ErrNotFound):
			return true, nil // A deleted learner has no seat.
		case errors.Is(err, udemy.ErrNotOffered):
			return user.Status == "", nil
		case err != nil:
			return false, err
		}
		user = read
		return user.Status == "" || !user.Status.Seated(), nil // Without a status, nothing contradicts the success.
	})
	if err != nil {
		return udemy.User{}, err
	}
	if !freed {
		return udemy.User{}, udemy.NoEffect(http.MethodPatch+" "+userRoute, fmt.Sprintf("learner %s still has status %q", id, user.Status))
	}
	return user, nil
}

func (c *Client) setStatus(ctx context.Context, id string, status udemy.Status, shows func(udemy.User) bool) (udemy.User, error) {
	// Assumption: PATCH /users/{id}/ accepts the status, as "active" or "deactivated".
	return c.patchUser(ctx, map[string]any{"status": status}, udemy.User{ID: id, Status: status}, shows)
}

// patchUser sends PATCH /users/{id}/ for the learner known.ID. The other fields of known are the values after the change. If the
// response does not contain the whole learner, it reads the learner until the change shows.
func (c *Client) patchUser(ctx context.Context, body map[string]any, known udemy.User, shows func(udemy.User) bool) (udemy.User, error) {
	// Assumption: PATCH /users/{id}/ accepts the members that change, and answers 200 with the user object.
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
	if answer.Email != nil && isWhole(response.Body, body) {
		return answer.applyTo(udemy.User{ID: known.ID}), nil
	}
	known = answer.applyTo(known)
	var read udemy.User
	_, err = c.client.Settle(ctx, func(ctx context.Context) (bool, error) {
		var err error
		read, err = c.User(ctx, known.ID)
		return err == nil && shows(read), err
	})
	if errors.Is(err, udemy.ErrNotOffered) || errors.Is(err, udemy.ErrNotFound) {
		// The change has been made. The learner can't be read, or has another ID now, so the unknown fields stay empty.
		return known, nil
	}
	return read, err
}

// isWhole reports whether the response to a change contains the whole learner, including each changed member.
func isWhole(answer []byte, change map[string]any) bool {
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

// DeleteUser sends DELETE /users/{id}/ and confirms by reading that the learner is gone. A learner without a seat counts as deleted:
// the API may keep the account.
func (c *Client) DeleteUser(ctx context.Context, id string) error {
	// Assumption: DELETE /users/{id}/ cancels the invitation of an invited learner, and removes any other learner.
	request := transport.Request{Method: http.MethodDelete, Route: userRoute, IDs: []string{id}}
	if _, err := c.send(ctx, request); err != nil {
		return udemy.IgnoreNotFound(c.confirmNoUser(ctx, id, err))
	}
	var left udemy.User
	gone, err := c.client.SettleGone(ctx, id, func(ctx context.Context) error {
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

// ResendInvitation sends POST /users/{id}/resend-invite/.
func (c *Client) ResendInvitation(ctx context.Context, id string) error {
	// Assumption: POST /users/{id}/resend-invite/ sends the invitation again, and answers 409 if the learner is not invited.
	_, err := c.send(ctx, transport.Request{Method: http.MethodPost, Route: resendRoute, IDs: []string{id}})
	return c.confirmNoUser(ctx, id, err)
}

// confirmNoUser turns an ErrNotFound into an ErrNotOffered if the learner exists: the call is then missing, not the learner.
func (c *Client) confirmNoUser(ctx context.Context, id string, err error) error {
	return transport.ConfirmAbsent(err, func() error {
		_, err := c.User(ctx, id)
		return err
	})
}
