// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// The URNs of schemas and messages (RFC 7643 section 8.7, RFC 7644 section 8.2; the last one is Udemy's).
const (
	userSchema    = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupSchema   = "urn:ietf:params:scim:schemas:core:2.0:Group"
	patchSchema   = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	licenseSchema = "urn:ietf:params:scim:schemas:extension:udemy:2.0:User"
)

// licensePoolName is the attribute of Udemy's extension that names the pool of a learner's licenses.
const licensePoolName = "licensePoolName"

// paths holds the attribute for each field of a learner's profile. The e-mail address is not in it: it belongs to two attributes,
// which changeEmail changes together.
var paths = map[string]string{
	udemy.FieldFirstName:   "name.givenName",
	udemy.FieldLastName:    "name.familyName",
	udemy.FieldExternalID:  "externalId",
	udemy.FieldLicenses:    licenseSchema,
	udemy.FieldLicensePool: licenseSchema + ":" + licensePoolName,
}

// profileFields returns the names of the fields of a learner's profile that SCIM can set.
func profileFields() []string {
	return append(slices.Sorted(maps.Keys(paths)), udemy.FieldEmail)
}

// userAnswer is a learner in a response. Attribute names are case-insensitive (RFC 7643 section 2.1), as they are in encoding/json.
type userAnswer struct {
	Schemas    []string         `json:"schemas"`
	ID         transport.ID     `json:"id"`
	ExternalID transport.Scalar `json:"externalId"`
	UserName   string           `json:"userName"`
	Name       struct {
		GivenName  string `json:"givenName"`
		FamilyName string `json:"familyName"`
	} `json:"name"`
	Emails   []emailAnswer  `json:"emails"`
	Active   *boolean       `json:"active"`
	Groups   *[]reference   `json:"groups"`
	Licenses *licenseAnswer `json:"urn:ietf:params:scim:schemas:extension:udemy:2.0:User"`
}

type emailAnswer struct {
	Value   string  `json:"value"`
	Type    string  `json:"type"`
	Primary boolean `json:"primary"`
}

// licenseAnswer is Udemy's extension, with both names that Udemy uses.
type licenseAnswer struct {
	Types *texts           `json:"licenseTypes"`
	Type  *texts           `json:"licenseType"`
	Pool  transport.Scalar `json:"licensePoolName"`
}

// reference refers to a group of a learner or to a member of a group.
type reference struct {
	Value transport.ID `json:"value"`
	Type  string       `json:"type"`
	// Ref is the address of the object, which ends with its ID.
	Ref string `json:"$ref"`
}

// id returns the ID, which a server may return only as part of the address. It is empty if the response has no ID.
func (r reference) id() string {
	if r.Value != "" || r.Ref == "" {
		return string(r.Value)
	}
	address, err := url.Parse(r.Ref)
	if err != nil {
		return ""
	}
	id, err := url.PathUnescape(path.Base(address.EscapedPath()))
	if err != nil || !udemy.IsID(id) {
		return ""
	}
	return id
}

func (a userAnswer) id() string { return string(a.ID) }

// user converts a response to a learner. An account that SCIM created has no invitation: it is active or deactivated.
func (a userAnswer) user() udemy.User {
	user := udemy.User{
		ID:         string(a.ID),
		Email:      a.email(),
		FirstName:  a.Name.GivenName,
		LastName:   a.Name.FamilyName,
		ExternalID: string(a.ExternalID),
		Status:     udemy.StatusActive,
		Aliases:    a.aliases(),
	}
	if a.Active != nil && !bool(*a.Active) {
		user.Status = udemy.StatusDeactivated
	}
	if a.Groups != nil {
		user.GroupIDs = values(*a.Groups)
	}
	if a.Licenses != nil {
		user.LicensePool = string(a.Licenses.Pool)
		for _, types := range []*texts{a.Licenses.Types, a.Licenses.Type} {
			if types != nil && len(user.LicenseTypes) == 0 {
				user.LicenseTypes = *types
			}
		}
	}
	return user
}

// isWhole reports whether a response seems to contain the whole learner. A response to a change may contain only the changed
// attributes. The others are then unknown, not empty.
func (a userAnswer) isWhole() bool {
	return len(a.Schemas) > 0 && a.ID != "" && a.UserName != "" && a.Active != nil && a.Name.GivenName+a.Name.FamilyName != ""
}

// email returns the main address, or else the user name, which is an address at Udemy.
func (a userAnswer) email() string {
	if main, ok := a.mainEmail(); ok {
		return main.Value
	}
	return a.UserName
}

// mainEmail returns the primary address, or else the one for work, or else any. Of several equal ones, it is the user name.
func (a userAnswer) mainEmail() (emailAnswer, bool) {
	best, main := 0, emailAnswer{}
	for _, email := range a.Emails {
		rank := 2 * email.rank()
		if udemy.SameEmail(email.Value, a.UserName) {
			rank++
		}
		if rank > best && email.Value != "" {
			best, main = rank, email
		}
	}
	return main, best > 0
}

// aliases returns the user name and the addresses, except the main one.
func (a userAnswer) aliases() []string {
	var aliases []string
	for _, address := range append([]emailAnswer{{Value: a.UserName}}, a.Emails...) {
		if address.Value != "" && !udemy.SameEmail(address.Value, a.email()) {
			aliases = append(aliases, address.Value)
		}
	}
	return aliases
}

// hasAddress reports whether an address is the learner's user name or one of the addresses.
func (a userAnswer) hasAddress(email string) bool {
	return udemy.SameEmail(a.UserName, email) ||
		slices.ContainsFunc(a.Emails, func(e emailAnswer) bool { return udemy.SameEmail(e.Value, email) })
}

func (e emailAnswer) rank() int {
	switch {
	case bool(e.Primary):
		return 3
	case strings.EqualFold(e.Type, "work"):
		return 2
	default:
		return 1
	}
}

// groupAnswer is a group in a response. If members are absent, they are unknown, not empty: servers leave them out of lists, and some
// servers out of every response.
type groupAnswer struct {
	ID          transport.ID `json:"id"`
	DisplayName string       `json:"displayName"`
	Members     *[]reference `json:"members"`
}

func (a groupAnswer) id() string { return string(a.ID) }

func (a groupAnswer) group() udemy.Group {
	return udemy.Group{ID: string(a.ID), Name: a.DisplayName}
}

// hasMemberWithoutID reports whether a member has no ID. If it were skipped, a member would count as absent.
func (a groupAnswer) hasMemberWithoutID() bool {
	return a.Members != nil && slices.ContainsFunc(*a.Members, func(r reference) bool { return r.id() == "" })
}

// values returns the IDs in references. It skips indirect memberships, which come from another group and can't be removed on their
// own (RFC 7643 section 4.1.2).
func values(references []reference) []string {
	ids := make([]string, 0, len(references))
	for _, r := range references {
		if id := r.id(); id != "" && !strings.EqualFold(r.Type, "indirect") {
			ids = append(ids, id)
		}
	}
	return ids
}

// boolean is a JSON boolean, a string, which Udemy's own template uses, or the number of a database.
type boolean bool

func (b *boolean) UnmarshalJSON(data []byte) error {
	switch strings.ToLower(strings.Trim(string(data), `"`)) {
	case "true", "1":
		*b = true
	case "false", "0", "null":
		*b = false
	default:
		return fmt.Errorf("%s is not a boolean", data)
	}
	return nil
}

// texts is a list of strings or a single string.
type texts []string

func (t *texts) UnmarshalJSON(data []byte) error {
	var one string
	if err := json.Unmarshal(data, &one); err == nil && string(data) != "null" {
		*t = texts{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(t))
}

// newUserBody is the request for a new learner. RFC 7643 requires userName. Servers require the other attributes in practice.
type newUserBody struct {
	Schemas    []string       `json:"schemas"`
	UserName   string         `json:"userName"`
	ExternalID string         `json:"externalId,omitempty"`
	Name       nameBody       `json:"name,omitzero"`
	Emails     []emailBody    `json:"emails"`
	Active     bool           `json:"active"`
	Licenses   map[string]any `json:"urn:ietf:params:scim:schemas:extension:udemy:2.0:User,omitempty"`
}

func newUser(user udemy.User, licenseKey LicenseKey) newUserBody {
	body := newUserBody{
		Schemas:    []string{userSchema},
		UserName:   user.Email,
		ExternalID: user.ExternalID,
		Name:       nameBody{GivenName: user.FirstName, FamilyName: user.LastName},
		Emails:     []emailBody{{Value: user.Email, Type: "work", Primary: true}},
		Active:     user.Status.Seated(),
	}
	licenses := map[string]any{}
	if len(user.LicenseTypes) > 0 {
		licenses[string(licenseKey)] = user.LicenseTypes
	}
	if user.LicensePool != "" {
		licenses[licensePoolName] = user.LicensePool
	}
	if len(licenses) > 0 {
		body.Schemas = append(body.Schemas, licenseSchema)
		body.Licenses = licenses
	}
	return body
}

type nameBody struct {
	GivenName  string `json:"givenName,omitempty"`
	FamilyName string `json:"familyName,omitempty"`
}

type emailBody struct {
	Value   string `json:"value"`
	Type    string `json:"type"`
	Primary bool   `json:"primary"`
}

type newGroupBody struct {
	Schemas     []string `json:"schemas"`
	DisplayName string   `json:"displayName"`
}

type memberBody struct {
	Value string `json:"value"`
}

// patchBody is a change (RFC 7644 section 3.5.2). The server carries out all of its operations or none.
type patchBody struct {
	Schemas    []string    `json:"schemas"`
	Operations []operation `json:"Operations"`
}

type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

func patch(operations ...operation) patchBody {
	return patchBody{Schemas: []string{patchSchema}, Operations: operations}
}

func replace(path string, value any) operation {
	return operation{Op: "replace", Path: path, Value: value}
}
