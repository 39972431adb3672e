// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// CreateUser implements udemy.Directory (RFC 7644 section 3.3). Groups can't be given here: the answer says that the
// learner is in none. A deactivated learner is created as such. Of a conflict the id is not known: RFC 7644 leaves it out of
// the answer.
func (c *Client) CreateUser(ctx context.Context, user udemy.User) (udemy.User, error) {
	request := transport.Request{Method: http.MethodPost, Route: usersRoute, Body: newUser(user, c.licenseKey)}
	if err := c.Capabilities().CheckFields(request.Call(), user.SetFields()); err != nil {
		return udemy.User{}, err
	}
	answer, err := c.sendForUser(ctx, request)
	if err != nil {
		return udemy.User{}, err
	}
	created := answer.user()
	switch {
	case created.Email == "": // The answer holds only the ID.
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
	if created.LicenseTypes == nil { // A server may take them without telling them.
		created.LicenseTypes = user.LicenseTypes
	}
	return created, nil
}

// sendForUser does a call that answers with a learner.
func (c *Client) sendForUser(ctx context.Context, request transport.Request) (userAnswer, error) {
	response, err := c.send(ctx, request)
	if err != nil {
		return userAnswer{}, err
	}
	answer, err := transport.Decode[userAnswer](request, response)
	if err == nil && answer.ID == "" {
		err = transport.Unusable(request, response, errors.New("the answer holds no id"))
	}
	if err == nil && answer.email() == "" && request.Method == http.MethodGet {
		err = transport.Unusable(request, response, errors.New("the learner has neither a userName nor an e-mail address"))
	}
	if err != nil {
		return userAnswer{}, err
	}
	return answer, nil
}

func (c *Client) readUser(ctx context.Context, id string) (userAnswer, error) {
	return c.sendForUser(ctx, transport.Request{Method: http.MethodGet, Route: userRoute, IDs: []string{id}})
}

// User implements udemy.Directory.
func (c *Client) User(ctx context.Context, id string) (udemy.User, error) {
	return learner(c.readUser(ctx, id))
}

// learner turns an answer into a learner, unless there was an error.
func learner(answer userAnswer, err error) (udemy.User, error) {
	if err != nil {
		return udemy.User{}, err
	}
	return answer.user(), nil
}

// UserByEmail implements udemy.Directory: first by user name, which is an address at Udemy, then by the addresses, and
// then among all learners, as not every server's filters disregard case. It is the learner with this main address, or
// else one with this user name or further address, who keeps it from others.
func (c *Client) UserByEmail(ctx context.Context, email string) (udemy.User, error) {
	var other udemy.User
	for _, learners := range []iter.Seq2[userAnswer, error]{
		search[userAnswer](ctx, c, usersRoute, "userName", email, nil),
		search[userAnswer](ctx, c, usersRoute, "emails.value", email, nil),
		all[userAnswer](ctx, c, usersRoute, nil),
	} {
		sawEverybody := false
		for answer, err := range learners {
			if err != nil {
				return udemy.User{}, err
			}
			switch user := answer.user(); {
			case udemy.SameEmail(user.Email, email):
				return user, nil
			case !answer.hasAddress(email):
				sawEverybody = true // The filter had no effect, and another one won't.
			case other.ID == "":
				other = user
			}
		}
		if sawEverybody {
			break
		}
	}
	if other.ID != "" {
		return other, nil
	}
	return udemy.User{}, notFound(usersRoute, fmt.Sprintf("none has the e-mail address %q; %s", email, visibility))
}

// LookUpUser implements udemy.API, by user name, which is an address at Udemy.
func (c *Client) LookUpUser(ctx context.Context, email string) (udemy.User, error) {
	noSearch := notOffered(http.MethodGet+" "+usersRoute, "the API does not search by user name")
	filter := url.Values{"filter": {equals("userName", email)}}
	for answer, err := range all[userAnswer](ctx, c, usersRoute, filter) {
		switch {
		case refusesFilter(err):
			return udemy.User{}, noSearch
		case err != nil:
			return udemy.User{}, err
		case !udemy.SameEmail(answer.email(), email):
			return udemy.User{}, noSearch
		default:
			return answer.user(), nil
		}
	}
	return udemy.User{}, notFound(usersRoute, fmt.Sprintf("none has the user name %q; %s", email, visibility))
}

// UserByExternalID implements udemy.Directory. External ids are compared byte by byte (RFC 7643 section 3.1).
func (c *Client) UserByExternalID(ctx context.Context, externalID string) (udemy.User, error) {
	return learner(only(search[userAnswer](ctx, c, usersRoute, "externalId", externalID, nil),
		func(answer userAnswer) bool { return string(answer.ExternalID) == externalID },
		usersRoute, fmt.Sprintf("external id %q", externalID)))
}

// UpdateUser implements udemy.Directory, with one PATCH: it names what changes and leaves the rest alone.
func (c *Client) UpdateUser(ctx context.Context, id string, change udemy.UserChange) (udemy.User, error) {
	if err := c.Capabilities().CheckFields(http.MethodPatch+" "+userRoute, change.Fields); err != nil {
		return udemy.User{}, err
	}
	var operations []operation
	var current *userAnswer // What the learner has now, read once if a change depends on it.
	for _, field := range udemy.Profile {
		if !slices.Contains(change.Fields, field.Name) {
			continue
		}
		cleared := field.Text != nil && field.IsEmpty(change.To)
		if current == nil && (field.Name == udemy.FieldEmail || cleared && isOptional(field.Name)) {
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
			// If there are none yet, replace adds them (RFC 7644 section 3.5.2.3).
			operations = append(operations, replace(licenseSchema+":"+string(c.licenseKey), change.To.LicenseTypes))
		case !cleared || !isOptional(field.Name):
			operations = append(operations, replace(paths[field.Name], *field.Text(&change.To)))
		case !field.IsEmpty(current.user()): // Removing an attribute that is absent may be refused, and the whole change with it.
			operations = append(operations, operation{Op: "remove", Path: paths[field.Name]})
		}
	}
	if len(operations) == 0 {
		return c.User(ctx, id)
	}
	return learner(c.patchUser(ctx, id, operations...))
}

// isOptional reports whether an attribute is removed to clear it. A name is set to an empty text instead.
func isOptional(field string) bool {
	return field != udemy.FieldFirstName && field != udemy.FieldLastName
}

// changeEmail is what changes the main address. A filter that matches nothing is refused, and one that matches more
// than one value changes them all (RFC 7644 section 3.5.2.3), so the path depends on what the learner has. Filters by
// type are the most common ones, those by value the least. The user name follows only if it is the address.
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

// patchUser returns the learner afterwards: from the answer if it is the whole learner, and else read again. The answer
// may be 204 without a body (RFC 7644 section 3.5.2).
func (c *Client) patchUser(ctx context.Context, id string, operations ...operation) (userAnswer, error) {
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
		return c.readUser(ctx, id)
	}
	return answer, nil
}

// ActivateUser implements udemy.Directory.
func (c *Client) ActivateUser(ctx context.Context, id string) (udemy.User, error) {
	return learner(c.patchUser(ctx, id, replace("active", true)))
}

// DeactivateUser implements udemy.Directory. A success that does not show the freed seat is confirmed by reading the learner.
func (c *Client) DeactivateUser(ctx context.Context, id string) (udemy.User, error) {
	answer, err := c.patchUser(ctx, id, replace("active", false))
	if err != nil || !answer.user().Status.Seated() {
		return learner(answer, err)
	}
	freed, err := c.client.Settle(ctx, func(ctx context.Context) (bool, error) {
		var err error
		answer, err = c.readUser(ctx, id)
		// An API that does not return the attribute can't contradict.
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

// DeleteUser implements udemy.Directory. It sends nothing: what Udemy would do with a DELETE is not known.
func (c *Client) DeleteUser(context.Context, string) error {
	return notOffered(http.MethodDelete+" "+userRoute, "SCIM can deactivate learners, but not remove them")
}

// ResendInvitation implements udemy.API. It sends nothing: nobody is invited over SCIM.
func (c *Client) ResendInvitation(context.Context, string) error {
	return notOffered("resending an invitation", "learners made over SCIM get no invitation: they sign in by single sign-on")
}
