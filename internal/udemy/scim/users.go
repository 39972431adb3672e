// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// CreateUser sends POST /Users (RFC 7644 section 3.3). It can create a deactivated learner. It can't add groups, so the result has
// none unless the server returns some. The response to a conflict does not contain the ID of the existing learner.
func (c *Client) CreateUser(ctx context.Context, user udemy.User) (udemy.User, error) {
	request := transport.Request{Method: http.MethodPost, Route: usersRoute, Body: newUser(user, c.licenseKey)}
	if err := c.Capabilities().CheckFields(request.Call(), user.SetFields()); err != nil {
		return udemy.User{}, err
	}
	answer, err := c.sendForUser(ctx, request)
	if err != nil {
		return udemy.User{}, c.findResent(ctx, user.Email, atPool(err, user.LicensePool, false))
	}
	c.client.Created(answer.id())
	created := answer.user()
	switch {
	case created.Email == "": // The response contains only the ID.
		created = udemy.Change(user, profileFields()...).Apply(created)
	case !answer.hasAddress(user.Email):
		return udemy.User{}, udemy.Mismatch(request.Call(), fmt.Sprintf("learner %q", user.Email),
			fmt.Sprintf("learner %q, ID %s", created.Email, created.ID))
	}
	if answer.Active == nil && user.Status == udemy.StatusDeactivated {
		created.Status = user.Status
	}
	if created.GroupIDs == nil {
		created.GroupIDs = []string{}
	}
	if created.LicenseTypes == nil { // A server may store licenses that it does not return.
		created.LicenseTypes = user.LicenseTypes
	}
	created.LicensePool = cmp.Or(created.LicensePool, user.LicensePool)
	return created, nil
}

// findResent adds the ID to a conflict with a learner that an earlier attempt of the same request may have created. The learner may be
// unknown to searches for some seconds.
func (c *Client) findResent(ctx context.Context, email string, err error) error {
	conflict, ok := errors.AsType[*udemy.Error](err)
	if !ok || !errors.Is(conflict, udemy.ErrConflict) || !conflict.Resent {
		return err
	}
	_, _ = c.client.Settle(ctx, func(ctx context.Context) (bool, error) { // If it fails, the conflict is the error.
		existing, err := c.UserByEmail(ctx, email)
		if errors.Is(err, udemy.ErrNotFound) {
			return false, nil
		}
		if err == nil {
			conflict.ExistingID = existing.ID
			c.client.Created(existing.ID)
		}
		return true, err
	})
	return err
}

// sendForUser sends a request whose response is a learner.
func (c *Client) sendForUser(ctx context.Context, request transport.Request) (userAnswer, error) {
	return sendFor(ctx, c, request, userAnswer.email, "the learner has neither a userName nor an e-mail address")
}

func (c *Client) readUser(ctx context.Context, id string) (userAnswer, error) {
	return c.sendForUser(ctx, transport.Request{Method: http.MethodGet, Route: userRoute, IDs: []string{id}})
}

// User sends GET /Users/{id} (RFC 7644 section 3.4.1).
func (c *Client) User(ctx context.Context, id string) (udemy.User, error) {
	return learner(c.readUser(ctx, id))
}

// learner converts a response to a learner, unless there is an error.
func learner(answer userAnswer, err error) (udemy.User, error) {
	if err != nil {
		return udemy.User{}, err
	}
	return answer.user(), nil
}

// UserByEmail sends GET /Users up to three times: with a filter on userName, which is an address at Udemy, with a filter on the
// addresses, and without a filter, because the filters of some servers are case-sensitive. It returns the learner with this main
// address. Otherwise, it returns a learner with this user name or further address: no other learner can use that address.
func (c *Client) UserByEmail(ctx context.Context, email string) (udemy.User, error) {
	var other udemy.User
	for _, learners := range []iter.Seq2[userAnswer, error]{
		search[userAnswer](ctx, c, usersRoute, "userName", email, nil),
		search[userAnswer](ctx, c, usersRoute, "emails.value", email, nil),
		all[userAnswer](ctx, c, usersRoute, nil),
	} {
		isUnfiltered := false
		for answer, err := range learners {
			if err != nil {
				return udemy.User{}, err
			}
			switch user := answer.user(); {
			case udemy.SameEmail(user.Email, email):
				return user, nil
			case !answer.hasAddress(email):
				isUnfiltered = true // The results are unfiltered, so they are all learners.
			case other.ID == "":
				other = user
			}
		}
		if isUnfiltered {
			break
		}
	}
	if other.ID != "" {
		return other, nil
	}
	return udemy.User{}, notFound(usersRoute, fmt.Sprintf("no learner has the e-mail address %q; %s", email, visibility))
}

// LookUpUser sends GET /Users with a filter on userName, which is an address at Udemy, and then with a filter on the addresses. As
// UserByEmail, it prefers the learner with this main address. A result without the address shows that the server ignores filters.
func (c *Client) LookUpUser(ctx context.Context, email string) (udemy.User, error) {
	noSearch := notOffered(http.MethodGet+" "+usersRoute, "the API can't search by address")
	var other udemy.User
	for _, attribute := range []string{"userName", "emails.value"} {
		for answer, err := range all[userAnswer](ctx, c, usersRoute, url.Values{"filter": {equals(attribute, email)}}) {
			switch {
			case refusesFilter(err):
				return udemy.User{}, noSearch
			case err != nil:
				return udemy.User{}, err
			case !answer.hasAddress(email):
				return udemy.User{}, noSearch
			case udemy.SameEmail(answer.email(), email):
				return answer.user(), nil
			case other.ID == "":
				other = answer.user()
			}
		}
	}
	if other.ID != "" {
		return other, nil
	}
	return udemy.User{}, notFound(usersRoute, fmt.Sprintf("no learner has the e-mail address %q; %s", email, visibility))
}

// UserByExternalID sends GET /Users with a filter on externalId, which is case-sensitive (RFC 7643 section 3.1).
func (c *Client) UserByExternalID(ctx context.Context, externalID string) (udemy.User, error) {
	found := search[userAnswer](ctx, c, usersRoute, "externalId", externalID, nil)
	user, err := udemy.FindByExternalID(externalID, http.MethodGet+" "+usersRoute, paging.Convert(found, userAnswer.user))
	return user, explainAbsence(err)
}

// UpdateUser sends one PATCH /Users/{id}, which changes only the named attributes (RFC 7644 section 3.5.2). If a change depends on
// the current values, it reads the learner first.
func (c *Client) UpdateUser(ctx context.Context, id string, change udemy.UserChange) (udemy.User, error) {
	if err := c.Capabilities().CheckFields(http.MethodPatch+" "+userRoute, change.Fields); err != nil {
		return udemy.User{}, err
	}
	var operations []operation
	var current *userAnswer // The learner before the change, read once if a change depends on it.
	for _, field := range udemy.Profile {
		if !slices.Contains(change.Fields, field.Name) {
			continue
		}
		cleared := field.Text != nil && field.IsEmpty(change.To)
		if current == nil && (field.Name == udemy.FieldEmail || cleared) {
			answer, err := c.readUser(ctx, id)
			if err != nil {
				return udemy.User{}, err
			}
			current = &answer
		}
		switch {
		case field.Name == udemy.FieldEmail:
			operations = append(operations, changeEmail(*current, change.To.Email)...)
		case field.Name == udemy.FieldLicenses:
			// If the learner has none, replace adds them (RFC 7644 section 3.5.2.3).
			operations = append(operations, replace(licenseSchema+":"+string(c.licenseKey), change.To.LicenseTypes))
		case !cleared:
			operations = append(operations, replace(paths[field.Name], *field.Text(&change.To)))
		case !field.IsEmpty(current.user()): // A server may refuse the whole change if it removes an absent attribute.
			operations = append(operations, operation{Op: "remove", Path: paths[field.Name]})
		}
	}
	if len(operations) == 0 {
		return c.User(ctx, id)
	}
	updated, err := learner(c.patchUser(ctx, id, change.ShownBy, operations...))
	if slices.Contains(change.Fields, udemy.FieldLicensePool) {
		err = atPool(err, change.To.LicensePool, len(operations) == 1)
	}
	return updated, err
}

// atPool turns the refusal of a request that assigns a license pool into one about the pool, if the request assigns nothing else
// or if the refusal names the pool. Udemy refuses a full and an unknown pool. Neither the status nor the message is documented.
func atPool(err error, pool string, alone bool) error {
	refused, ok := errors.AsType[*udemy.Error](err)
	if !ok || pool == "" {
		return err
	}
	detail := strings.ToLower(refused.Detail)
	named := strings.Contains(detail, strings.ToLower(pool)) || strings.Contains(detail, strings.ToLower(licensePoolName))
	canConcernPool := func(kind error) bool { return errors.Is(err, kind) }
	if (named || alone) && slices.ContainsFunc([]error{udemy.ErrInvalid, udemy.ErrConflict, udemy.ErrForbidden, udemy.ErrRefused}, canConcernPool) {
		refused.Fields, refused.Detail = map[string]string{udemy.FieldLicensePool: refused.Detail}, ""
	}
	return err
}

// changeEmail returns the operations that change the main address. A server refuses a filter without a match, and changes all values
// if several match (RFC 7644 section 3.5.2.3), so the path depends on the current addresses. Most servers support a filter on the
// type, and the fewest one on the value. The user name changes only if it equals the address.
func changeEmail(current userAnswer, email string) []operation {
	var operations []operation
	if udemy.SameEmail(current.UserName, current.email()) {
		operations = append(operations, replace("userName", email))
	}
	main, ok := current.mainEmail()
	if !ok {
		return append(operations, operation{Op: "add", Path: "emails", Value: []emailBody{{Value: email, Type: "work", Primary: true}}})
	}
	ofType := 0
	for _, address := range current.Emails {
		if strings.EqualFold(address.Type, main.Type) {
			ofType++
		}
	}
	filter := equals("value", main.Value)
	switch {
	case main.Type != "" && ofType == 1:
		filter = equals("type", main.Type)
	case bool(main.Primary):
		filter = "primary eq true"
	}
	return append(operations, replace("emails["+filter+"].value", email))
}

// patchUser sends PATCH /Users/{id} and returns the learner afterwards. If the response does not contain the whole learner, such as
// a 204 without a body (RFC 7644 section 3.5.2), it reads the learner again until the change shows.
func (c *Client) patchUser(ctx context.Context, id string, shows func(udemy.User) bool, operations ...operation) (userAnswer, error) {
	request := transport.Request{Method: http.MethodPatch, Route: userRoute, IDs: []string{id}, Body: patch(operations...)}
	response, err := c.send(ctx, request)
	if err != nil {
		return userAnswer{}, transport.ConfirmAbsent(err, func() error {
			_, err := c.User(ctx, id)
			return err
		})
	}
	answer, err := transport.Decode[userAnswer](request, response)
	if err != nil || !answer.isWhole() {
		_, err = c.client.Settle(ctx, func(ctx context.Context) (bool, error) {
			var err error
			answer, err = c.readUser(ctx, id)
			return err == nil && shows(answer.user()), err
		})
	}
	return answer, err
}

// ActivateUser sends PATCH /Users/{id} and sets active to true.
func (c *Client) ActivateUser(ctx context.Context, id string) (udemy.User, error) {
	return learner(c.patchUser(ctx, id, isSeated, replace("active", true)))
}

func isSeated(user udemy.User) bool { return user.Status.Seated() }

// DeactivateUser sends PATCH /Users/{id} and sets active to false. If the response does not show that the seat is free, reading the
// learner confirms it.
func (c *Client) DeactivateUser(ctx context.Context, id string) (udemy.User, error) {
	anyState := func(udemy.User) bool { return true } // Checked below.
	answer, err := c.patchUser(ctx, id, anyState, replace("active", false))
	if err != nil || !answer.user().Status.Seated() {
		return learner(answer, err)
	}
	freed, err := c.client.Settle(ctx, func(ctx context.Context) (bool, error) {
		var err error
		answer, err = c.readUser(ctx, id)
		// Without the attribute, nothing contradicts the success.
		return answer.Active == nil || !bool(*answer.Active), err
	})
	switch {
	case err != nil:
		return udemy.User{}, err
	case !freed:
		return udemy.User{}, udemy.NoEffect(http.MethodPatch+" "+userRoute, fmt.Sprintf("learner %s is still active", id))
	}
	return answer.user(), nil
}

// DeleteUser sends no request: Udemy does not document DELETE /Users/{id}.
func (c *Client) DeleteUser(context.Context, string) error {
	return notOffered(http.MethodDelete+" "+userRoute, "SCIM can deactivate a learner, but not delete one")
}

// ResendInvitation sends no request: Udemy sends no invitations to learners that SCIM creates.
func (c *Client) ResendInvitation(context.Context, string) error {
	return notOffered("resending an invitation", "learners that SCIM creates are not invited, but sign in with single sign-on")
}
