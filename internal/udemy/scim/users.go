// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// visibility is why a learner may be there and yet not be found, by the account of a connector's vendor.
const visibility = "SCIM shows only learners who were created through SCIM or have been reconciled into it"

// CreateUser implements udemy.Directory (RFC 7644 section 3.3). Groups can't be given here: the answer says that the
// learner is in none. Of a conflict the id is not known: RFC 7644 leaves it out of the answer.
func (d *Directory) CreateUser(ctx context.Context, user udemy.NewUser) (udemy.User, error) {
	body := newUserBody{
		Schemas:    []string{userSchema},
		UserName:   user.Email,
		ExternalID: user.ExternalID,
		Name:       nameBody{GivenName: user.FirstName, FamilyName: user.LastName},
		Emails:     []emailBody{{Value: user.Email, Type: "work", Primary: true}},
		Active:     true,
	}
	if len(user.LicenseTypes) > 0 {
		body.Schemas = append(body.Schemas, licenseSchema)
		body.Licenses = map[LicenseKey][]string{d.licenseKey: user.LicenseTypes}
	}
	created, err := d.sendUser(ctx, transport.Request{Method: http.MethodPost, Route: usersRoute, Body: body})
	if err == nil && created.GroupIDs == nil {
		created.GroupIDs = []string{}
	}
	return created, err
}

// sendUser does a call that answers with a learner.
func (d *Directory) sendUser(ctx context.Context, request transport.Request) (udemy.User, error) {
	answer, err := d.sendForUser(ctx, request)
	return answer.user(), err
}

func (d *Directory) sendForUser(ctx context.Context, request transport.Request) (userAnswer, error) {
	response, err := d.send(ctx, request)
	if err != nil {
		return userAnswer{}, err
	}
	answer, err := transport.Decode[userAnswer](request, response)
	if err == nil && answer.ID == "" {
		err = transport.Unusable(request, response, errors.New("the answer holds no id"))
	}
	return answer, err
}

// User implements udemy.Directory.
func (d *Directory) User(ctx context.Context, id string) (udemy.User, error) {
	return d.sendUser(ctx, readUser(id))
}

func readUser(id string) transport.Request {
	return transport.Request{Method: http.MethodGet, Route: userRoute, IDs: []string{id}}
}

// UserByEmail implements udemy.Directory: first by user name, which is an address at Udemy, then by the addresses.
func (d *Directory) UserByEmail(ctx context.Context, email string) (udemy.User, error) {
	for _, attribute := range []string{"userName", "emails.value"} {
		for answer, err := range search[userAnswer](ctx, d, usersRoute, attribute, email) {
			if err != nil {
				return udemy.User{}, err
			}
			if user := answer.user(); udemy.SameEmail(user.Email, email) {
				return user, nil
			}
		}
	}
	return udemy.User{}, notFound(usersRoute, visibility)
}

// UserByExternalID implements udemy.Directory. External ids are compared byte by byte (RFC 7643 section 3.1).
func (d *Directory) UserByExternalID(ctx context.Context, externalID string) (udemy.User, error) {
	var found []udemy.User
	for answer, err := range search[userAnswer](ctx, d, usersRoute, "externalId", externalID) {
		if err != nil {
			return udemy.User{}, err
		}
		if string(answer.ExternalID) == externalID {
			found = append(found, answer.user())
		}
	}
	switch len(found) {
	case 0:
		return udemy.User{}, notFound(usersRoute, visibility)
	case 1:
		return found[0], nil
	default:
		return udemy.User{}, &udemy.Error{
			Kind: udemy.ErrConflict, Call: http.MethodGet + " " + usersRoute,
			Detail: fmt.Sprintf("more than one learner has this external id, among them %s and %s", found[0].ID, found[1].ID),
		}
	}
}

// UpdateUser implements udemy.Directory, with one PATCH: it names what changes and leaves the rest alone.
func (d *Directory) UpdateUser(ctx context.Context, id string, change udemy.UserChange) (udemy.User, error) {
	var operations []operation
	if change.Email != nil {
		current, err := d.sendForUser(ctx, readUser(id))
		if err != nil {
			return udemy.User{}, err
		}
		operations = changeEmail(current, *change.Email)
	}
	if change.FirstName != nil {
		operations = append(operations, replace("name.givenName", *change.FirstName))
	}
	if change.LastName != nil {
		operations = append(operations, replace("name.familyName", *change.LastName))
	}
	if change.ExternalID != nil && *change.ExternalID != "" {
		operations = append(operations, replace("externalId", *change.ExternalID))
	}
	if change.ExternalID != nil && *change.ExternalID == "" {
		operations = append(operations, operation{Op: "remove", Path: "externalId"})
	}
	if change.LicenseTypes != nil {
		operations = append(operations, replace(licenseSchema+":"+string(d.licenseKey), change.LicenseTypes))
	}
	if change.Role != nil {
		return udemy.User{}, notOffered(http.MethodPatch+" "+userRoute, "SCIM can't give roles")
	}
	return d.patchUser(ctx, id, operations...)
}

// changeEmail is what changes an address. A filter that matches nothing is an error (RFC 7644 section 3.5.2.3), so
// the path depends on what the learner has. The user name follows only if it is the address.
func changeEmail(current userAnswer, email string) []operation {
	var operations []operation
	if udemy.SameEmail(current.UserName, current.email()) {
		operations = append(operations, replace("userName", email))
	}
	path := ""
	best := 0
	for _, address := range current.Emails {
		switch rank := address.rank(); {
		case rank <= best:
		case rank == 3:
			best, path = rank, "emails[primary eq true].value"
		case rank == 2:
			best, path = rank, `emails[type eq "work"].value`
		default:
			best, path = rank, "emails["+equals("value", address.Value)+"].value"
		}
	}
	if path == "" {
		return append(operations, operation{Op: "add", Path: "emails", Value: []emailBody{{Value: email, Type: "work", Primary: true}}})
	}
	return append(operations, replace(path, email))
}

// patchUser returns the learner afterwards: from the answer, or read again if there is none (RFC 7644 section 3.5.2).
func (d *Directory) patchUser(ctx context.Context, id string, operations ...operation) (udemy.User, error) {
	request := transport.Request{Method: http.MethodPatch, Route: userRoute, IDs: []string{id}, Body: patch(operations...)}
	response, err := d.send(ctx, request)
	if err != nil {
		return udemy.User{}, err
	}
	answer, err := transport.Decode[userAnswer](request, response)
	if err != nil || answer.ID == "" || answer.UserName == "" {
		return d.User(ctx, id)
	}
	return answer.user(), nil
}

// ActivateUser implements udemy.Directory.
func (d *Directory) ActivateUser(ctx context.Context, id string) (udemy.User, error) {
	return d.patchUser(ctx, id, replace("active", true))
}

// DeactivateUser implements udemy.Directory.
func (d *Directory) DeactivateUser(ctx context.Context, id string) (udemy.User, error) {
	return d.patchUser(ctx, id, replace("active", false))
}

// DeleteUser implements udemy.Directory. It sends nothing: what Udemy would do with a DELETE is not known.
func (d *Directory) DeleteUser(context.Context, string) error {
	return notOffered(http.MethodDelete+" "+userRoute, "SCIM can deactivate learners, but not remove them")
}

func notFound(route, detail string) *udemy.Error {
	return &udemy.Error{Kind: udemy.ErrNotFound, Call: http.MethodGet + " " + route, Detail: detail}
}

func notOffered(call, detail string) *udemy.Error {
	return &udemy.Error{Kind: udemy.ErrNotOffered, Call: call, Detail: detail}
}
