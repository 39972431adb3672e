// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim_test

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/scim"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

var ada = udemy.User{
	Email: "Ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1001", LicenseTypes: []string{"Pro"},
}

const (
	adaShort = `{"id": "u1", "userName": "ada@example.com"}`
	// adaWhole is a response to a change that contains the whole learner.
	adaWhole = `{"schemas": ["` + userURN + `", "` + licenseURN + `"], "id": "u1", "userName": "ada@example.com", "active": true,
		"name": {"givenName": "Ada", "familyName": "King"}, "emails": [{"value": "ada@example.com", "type": "work", "primary": true}],
		"` + licenseURN + `": {"licenseTypes": ["Pro"]}, "meta": {"version": "W/\"2\""}}`
)

var adaRead = udemy.User{
	ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "King", Status: udemy.StatusActive, LicenseTypes: []string{"Pro"},
}

func TestCreateUserRequest(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		user udemy.User
		key  scim.LicenseKey
		want string
	}{
		"everything": {
			ada, scim.LicenseTypes,
			`{"schemas":["` + userURN + `","` + licenseURN + `"],"userName":"Ada@example.com","externalId":"E-1001",` +
				`"name":{"givenName":"Ada","familyName":"Lovelace"},"emails":[{"value":"Ada@example.com","type":"work","primary":true}],` +
				`"active":true,"` + licenseURN + `":{"licenseTypes":["Pro"]}}`,
		},
		"licenseType": {
			udemy.User{Email: "a@example.com", LicenseTypes: []string{"Pro", "Enterprise"}},
			scim.LicenseType,
			`{"schemas":["` + userURN + `","` + licenseURN + `"],"userName":"a@example.com",` +
				`"emails":[{"value":"a@example.com","type":"work","primary":true}],"active":true,"` + licenseURN + `":{"licenseType":["Pro","Enterprise"]}}`,
		},
		"license pool": {
			udemy.User{Email: "a@example.com", FirstName: "Ada", LicensePool: "R&D"},
			scim.LicenseTypes,
			`{"schemas":["` + userURN + `","` + licenseURN + `"],"userName":"a@example.com","name":{"givenName":"Ada"},` +
				`"emails":[{"value":"a@example.com","type":"work","primary":true}],"active":true,"` + licenseURN + `":{"licensePoolName":"R&D"}}`,
		},
		"required attributes only": {
			udemy.User{Email: "r&d@example.com", FirstName: "R", LastName: "D", GroupIDs: []string{"g1"}, LicenseTypes: []string{}},
			scim.LicenseTypes,
			`{"schemas":["` + userURN + `"],"userName":"r&d@example.com","name":{"givenName":"R","familyName":"D"},` +
				`"emails":[{"value":"r&d@example.com","type":"work","primary":true}],"active":true}`,
		},
		"deactivated": {
			udemy.User{Email: "r&d@example.com", FirstName: "R", LastName: "D", Status: udemy.StatusDeactivated},
			scim.LicenseTypes,
			`{"schemas":["` + userURN + `"],"userName":"r&d@example.com","name":{"givenName":"R","familyName":"D"},` +
				`"emails":[{"value":"r&d@example.com","type":"work","primary":true}],"active":false}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serveWith(t, test.key, routes{"POST /Users": answer(201, `{"id": "u1"}`)})
			if _, err := s.client.CreateUser(t.Context(), test.user); err != nil {
				t.Fatal(err)
			}
			s.WantRequests(t, "POST /Users")
			if s.Bodies[0] != test.want {
				t.Errorf("body = %s\nwant   %s", s.Bodies[0], test.want)
			}
		})
	}
}

func TestCreateUserAnswer(t *testing.T) {
	t.Parallel()
	whole := adaRead
	whole.GroupIDs = []string{}
	other := whole
	other.LicenseTypes = []string{"Enterprise"}
	placed := whole
	placed.GroupIDs = []string{"g1"}
	for name, test := range map[string]struct {
		body string
		want udemy.User
	}{
		"the whole learner":   {adaWhole, whole},
		"other licenses":      {strings.Replace(adaWhole, `["Pro"]`, `["Enterprise"]`, 1), other},
		"groups are returned": {strings.Replace(adaWhole, `"meta"`, `"groups": [{"value": "g1"}], "meta"`, 1), placed},
		"only the ID": {`{"id": "u1"}`, udemy.User{
			ID: "u1", Email: "Ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1001",
			Status: udemy.StatusActive, GroupIDs: []string{}, LicenseTypes: []string{"Pro"},
		}},
		"licenses are not returned": {strings.Replace(adaWhole, `"licenseTypes"`, `"other"`, 1), whole},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := serve(t, routes{"POST /Users": answer(201, test.body)}).client.CreateUser(t.Context(), ada)
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v, %v\nwant %+v", got, err, test.want)
			}
		})
	}
	for _, body := range []string{``, `{}`, `null`, `{"id": ""}`, `{"id": null}`, `{"id": {}}`, `{"status": "409"}`, `{"id": "."}`, `{"id": ".."}`, `{"id": "%2e"}`} {
		t.Run("no ID: "+body, func(t *testing.T) {
			t.Parallel()
			got, err := serve(t, routes{"POST /Users": answer(201, body)}).client.CreateUser(t.Context(), ada)
			transporttest.WantError(t, err, udemy.ErrUnavailable, "POST /Users")
			if !reflect.DeepEqual(got, udemy.User{}) {
				t.Errorf("got %+v together with an error", got)
			}
		})
	}
}

func TestUserResponseForms(t *testing.T) {
	t.Parallel()
	with := func(change func(*udemy.User)) udemy.User {
		user := udemy.User{ID: "u1", Email: "ada@example.com", Status: udemy.StatusActive}
		change(&user)
		return user
	}
	nothing := with(func(*udemy.User) {})
	status := func(s udemy.Status) udemy.User { return with(func(u *udemy.User) { u.Status = s }) }
	email := func(address string, aliases ...string) udemy.User {
		return with(func(u *udemy.User) { u.Email, u.Aliases = address, aliases })
	}
	groups := func(ids ...string) udemy.User {
		return with(func(u *udemy.User) { u.GroupIDs = append([]string{}, ids...) })
	}
	licenses := func(names ...string) udemy.User {
		return with(func(u *udemy.User) { u.LicenseTypes = append([]string{}, names...) })
	}
	named := with(func(u *udemy.User) { u.FirstName, u.LastName, u.ExternalID = "Ada", "King", "E-1" })
	for members, want := range map[string]udemy.User{
		``: nothing,
		`, "externalId": null, "name": null, "emails": null, "active": null, "groups": null, "` + licenseURN + `": null`: nothing,
		`, "name": {"givenName": null}, "emails": [], "title": {"a": 1}, "meta": []`:                                     nothing,

		`, "externalId": "E-1", "name": {"givenName": "Ada", "familyName": "King"}`: named,
		`, "EXTERNALID": "E-1", "NAME": {"GIVENNAME": "Ada", "familyname": "King"}`: named,
		`, "externalId": 12345678901234567890`:                                      with(func(u *udemy.User) { u.ExternalID = "12345678901234567890" }),

		`, "active": true`:    nothing,
		`, "active": "true"`:  nothing,
		`, "active": false`:   status(udemy.StatusDeactivated),
		`, "active": 1`:       nothing,
		`, "active": 0`:       status(udemy.StatusDeactivated),
		`, "active": "False"`: status(udemy.StatusDeactivated),
		`, "ACTIVE": "false"`: status(udemy.StatusDeactivated),

		`, "emails": [{"value": "a@example.com"}]`:                                                               email("a@example.com", "ada@example.com"),
		`, "emails": [{"value": "a@example.com"}, {"value": "ADA@example.com"}, {"value": "b@example.com"}]`:     email("ADA@example.com", "a@example.com", "b@example.com"),
		`, "emails": [{"value": "a@example.com", "type": "work"}, {"value": "ada@example.com", "type": "work"}]`: email("ada@example.com", "a@example.com"),
		`, "emails": [{"value": null, "primary": true}, {}, null]`:                                               nothing,
		`, "emails": [{"value": "a@example.com", "type": "home"}, {"value": "b@example.com", "type": "Work"}]`:   email("b@example.com", "ada@example.com", "a@example.com"),
		`, "emails": [{"value": "a@example.com", "type": "work"}, {"value": "b@example.com", "primary": true}]`:  email("b@example.com", "ada@example.com", "a@example.com"),
		`, "emails": [{"value": "a@example.com", "primary": "True"}, {"value": "b@example.com", "type":"work"}]`: email("a@example.com", "ada@example.com", "b@example.com"),
		`, "Emails": [{"VALUE": "a@example.com", "Primary": null}]`:                                              email("a@example.com", "ada@example.com"),

		`, "groups": []`: groups(),
		`, "groups": [{"value": "g1", "display": "A", "$ref": "../Groups/g1", "type": "direct"}, {"value": 2}, {}]`: groups("g1", "2"),
		`, "groups": [{"value": "g1", "type": "Indirect"}]`:                                                         groups(),
		`, "Groups": [{"Value": "g1"}]`:                                                                             groups("g1"),

		`, "` + licenseURN + `": {}`: nothing,
		`, "` + licenseURN + `": {"licenseTypes": null, "licensePoolName": "x"}`:     with(func(u *udemy.User) { u.LicensePool = "x" }),
		`, "` + licenseURN + `": {"LICENSEPOOLNAME": 7}`:                             with(func(u *udemy.User) { u.LicensePool = "7" }),
		`, "` + licenseURN + `": {"licensePoolName": null}`:                          nothing,
		`, "` + licenseURN + `": {"licenseTypes": []}`:                               licenses(),
		`, "` + licenseURN + `": {"licenseTypes": ["Pro", "Enterprise"]}`:            licenses("Pro", "Enterprise"),
		`, "` + licenseURN + `": {"licenseTypes": "Pro"}`:                            licenses("Pro"),
		`, "` + licenseURN + `": {"licenseType": ["Pro"]}`:                           licenses("Pro"),
		`, "` + licenseURN + `": {"licenseType": "Pro"}`:                             licenses("Pro"),
		`, "` + licenseURN + `": {"licenseTypes": ["Pro"], "licenseType": []}`:       licenses("Pro"),
		`, "` + licenseURN + `": {"licenseTypes": [], "licenseType": ["Pro"]}`:       licenses("Pro"),
		`, "` + strings.ToLower(licenseURN) + `": {"licensetypes": ["Pro"]}`:         licenses("Pro"),
		`, "` + strings.ToUpper(licenseURN) + `": {"LICENSETYPE": ["Pro"]}`:          licenses("Pro"),
		`, "urn:ietf:params:scim:schemas:extension:udemy:2.0:Group": {"a": [1, {}]}`: nothing,
	} {
		t.Run(members, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"GET /Users/u1": answer(200, `{"id": "u1", "userName": "ada@example.com"`+members+`}`)})
			got, err := s.client.User(t.Context(), "u1")
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got  %#v, %v\nwant %#v", got, err, want)
			}
			s.WantRequests(t, "GET /Users/u1")
		})
	}
}

func TestUnusableUser(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, `null`, `[]`, `{}`, `{"id": "u1"}`, `{"userName": "a@example.com"}`, `{"id": true, "userName": "a@example.com"}`,
		`{"id": "u1", "userName": "a@example.com", "active": "perhaps"}`, page(1, adaShort),
		`{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404"}`,
	} {
		got, err := serve(t, routes{"GET /Users/u1": answer(200, body)}).client.User(t.Context(), "u1")
		transporttest.WantError(t, err, udemy.ErrUnavailable, "GET /Users/{id}")
		if got.ID != "" {
			t.Errorf("%s: got %+v together with an error", body, got)
		}
	}
}

func person(id, userName, externalID string, emails ...string) string {
	var listed []string
	for i, address := range emails {
		listed = append(listed, fmt.Sprintf(`{"value": %q, "primary": %t}`, address, i == 0))
	}
	return fmt.Sprintf(`{"id": %q, "userName": %q, "externalId": %q, "emails": [%s]}`, id, userName, externalID, strings.Join(listed, ","))
}

const (
	byUserName = `GET /Users?count=100&filter=userName eq "ada@example.com"&startIndex=1`
	byAddress  = `GET /Users?count=100&filter=emails.value eq "ada@example.com"&startIndex=1`
	allUsers   = `GET /Users?count=100&startIndex=1`
)

// search responds to searches for users by the attribute in the filter, or "" for a request without a filter.
func search(answers map[string]http.HandlerFunc) routes {
	return routes{"GET /Users": func(w http.ResponseWriter, r *http.Request) {
		attribute, _, _ := strings.Cut(r.URL.Query().Get("filter"), " ")
		if handler, ok := answers[attribute]; ok {
			handler(w, r)
			return
		}
		onePage()(w, r)
	}}
}

func TestUserByEmail(t *testing.T) {
	t.Parallel()
	adas := onePage(person("u1", "ADA@example.com", "", "Ada@Example.com"))
	several := onePage(person("u7", "b@example.com", "", "b@example.com"), person("u1", "a", "", "ada@example.com"))
	others := onePage(person("u7", "b@example.com", "", "b@example.com"))
	byName := onePage(person("u2", "ada@example.com", "", "countess@example.com"))
	furtherAddress := onePage(person("u3", "countess", "", "countess@example.com", "ada@example.com"))
	for name, test := range map[string]struct {
		answers  map[string]http.HandlerFunc
		want     string
		err      error
		requests []string
	}{
		"by user name":                      {map[string]http.HandlerFunc{"userName": adas}, "u1", nil, []string{byUserName}},
		"by address":                        {map[string]http.HandlerFunc{"emails.value": adas}, "u1", nil, []string{byUserName, byAddress}},
		"filters are case-exact":            {map[string]http.HandlerFunc{"": adas}, "u1", nil, []string{byUserName, byAddress, allUsers}},
		"filters are ignored":               {map[string]http.HandlerFunc{"userName": several}, "u1", nil, []string{byUserName}},
		"filters are ignored, no match":     {map[string]http.HandlerFunc{"userName": others}, "", udemy.ErrNotFound, []string{byUserName}},
		"no match":                          {nil, "", udemy.ErrNotFound, []string{byUserName, byAddress, allUsers}},
		"only the user name matches":        {map[string]http.HandlerFunc{"userName": byName}, "u2", nil, []string{byUserName, byAddress, allUsers}},
		"only a further address matches":    {map[string]http.HandlerFunc{"emails.value": furtherAddress}, "u3", nil, []string{byUserName, byAddress, allUsers}},
		"the main address takes precedence": {map[string]http.HandlerFunc{"userName": byName, "emails.value": adas}, "u1", nil, []string{byUserName, byAddress}},
		"refused with the keyword":          {map[string]http.HandlerFunc{"userName": refuse(400, "invalidFilter"), "": several}, "u1", nil, []string{byUserName, allUsers}},
		"refused without a keyword":         {map[string]http.HandlerFunc{"userName": answer(400, ""), "": several}, "u1", nil, []string{byUserName, allUsers}},
		"refused as sensitive":              {map[string]http.HandlerFunc{"userName": refuse(403, "sensitive"), "": several}, "u1", nil, []string{byUserName, allUsers}},
		"refused with 501":                  {map[string]http.HandlerFunc{"userName": answer(501, ""), "": several}, "u1", nil, []string{byUserName, allUsers}},
		"forbidden":                         {map[string]http.HandlerFunc{"userName": answer(403, "")}, "", udemy.ErrForbidden, []string{byUserName}},
		"400 for another reason":            {map[string]http.HandlerFunc{"userName": answer(400, ""), "": answer(400, "")}, "", udemy.ErrInvalid, []string{byUserName, allUsers}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, search(test.answers))
			got, err := s.client.UserByEmail(t.Context(), "ada@example.com")
			if got.ID != test.want || !transporttest.IsKind(err, test.err) {
				t.Errorf("got %+v, %v; want %q, %v", got, err, test.want, test.err)
			}
			s.WantRequests(t, test.requests...)
		})
	}
}

// A plan finds the same learner as UserByEmail, without reading all learners.
func TestLookUpUser(t *testing.T) {
	t.Parallel()
	adas := onePage(person("u1", "ADA@example.com", "", "Ada@Example.com"))
	foreign := onePage(person("u1", "ada@tenant.example", "", "ada@example.com"))
	byName := onePage(person("u2", "ada@example.com", "", "countess@example.com"))
	others := onePage(person("u7", "b@example.com", "", "b@example.com"))
	for name, test := range map[string]struct {
		answers  map[string]http.HandlerFunc
		want     string
		err      error
		requests []string
	}{
		"by user name":                      {map[string]http.HandlerFunc{"userName": adas}, "u1", nil, []string{byUserName}},
		"the user name is another":          {map[string]http.HandlerFunc{"emails.value": foreign}, "u1", nil, []string{byUserName, byAddress}},
		"only the user name matches":        {map[string]http.HandlerFunc{"userName": byName}, "u2", nil, []string{byUserName, byAddress}},
		"the main address takes precedence": {map[string]http.HandlerFunc{"userName": byName, "emails.value": foreign}, "u1", nil, []string{byUserName, byAddress}},
		"no match":                          {nil, "", udemy.ErrNotFound, []string{byUserName, byAddress}},
		"filters are ignored":               {map[string]http.HandlerFunc{"userName": others}, "", udemy.ErrNotOffered, []string{byUserName}},
		"addresses can't be searched":       {map[string]http.HandlerFunc{"emails.value": refuse(400, "invalidFilter")}, "", udemy.ErrNotOffered, []string{byUserName, byAddress}},
		"forbidden":                         {map[string]http.HandlerFunc{"userName": answer(403, "")}, "", udemy.ErrForbidden, []string{byUserName}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, search(test.answers))
			got, err := s.client.LookUpUser(t.Context(), "ada@example.com")
			if got.ID != test.want || !transporttest.IsKind(err, test.err) {
				t.Errorf("got %+v, %v; want %q, %v", got, err, test.want, test.err)
			}
			s.WantRequests(t, test.requests...)
		})
	}
}

func TestUserByExternalID(t *testing.T) {
	t.Parallel()
	const request = `GET /Users?count=100&filter=externalId eq "E-1"&startIndex=1`
	two := onePage(person("u1", "a", "E-1"), person("u2", "b", "E-1"))
	near := onePage(person("u1", "a", "e-1"), person("u2", "b", "E-10"), person("u3", "c", ""))
	for name, test := range map[string]struct {
		answers  map[string]http.HandlerFunc
		want     string
		err      error
		requests []string
	}{
		"one match":                          {map[string]http.HandlerFunc{"externalId": onePage(person("u1", "a", "E-1"))}, "u1", nil, []string{request}},
		"no exact match":                     {map[string]http.HandlerFunc{"externalId": near}, "", udemy.ErrNotFound, []string{request}},
		"two matches":                        {map[string]http.HandlerFunc{"externalId": two}, "", udemy.ErrConflict, []string{request}},
		"the filter is refused":              {map[string]http.HandlerFunc{"externalId": refuse(400, "invalidFilter"), "": onePage(person("u1", "a", "E-1"))}, "u1", nil, []string{request, allUsers}},
		"the filter is refused, two matches": {map[string]http.HandlerFunc{"externalId": answer(422, ""), "": two}, "", udemy.ErrConflict, []string{request, allUsers}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, search(test.answers))
			got, err := s.client.UserByExternalID(t.Context(), "E-1")
			if got.ID != test.want || !transporttest.IsKind(err, test.err) {
				t.Errorf("got %+v, %v; want %q, %v", got, err, test.want, test.err)
			}
			s.WantRequests(t, test.requests...)
		})
	}
}

func TestFilterValuesAreEscaped(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`a"b\c`:              `"a\"b\\c"`,
		`x" or userName pr`:  `"x\" or userName pr"`,
		`<R&D> o'hara+x %25`: `"<R&D> o'hara+x %25"`,
		"é漢🎓":                "\"é漢🎓\"",
		"a\nb\tc":            `"a\nb\tc"`,
	} {
		s := serve(t, search(nil))
		_, err := s.client.UserByExternalID(t.Context(), value)
		transporttest.WantError(t, err, udemy.ErrNotFound, "GET /Users")
		s.WantRequests(t, "GET /Users?count=100&filter=externalId eq "+want+"&startIndex=1")
	}
}

func TestSearchForEmptyValue(t *testing.T) {
	t.Parallel()
	s := serve(t, readable)
	_, err := s.client.UserByEmail(t.Context(), "")
	transporttest.WantError(t, err, udemy.ErrInvalid, "GET /Users")
	_, err = s.client.UserByExternalID(t.Context(), "")
	transporttest.WantError(t, err, udemy.ErrInvalid, "GET /Users")
	_, err = s.client.GroupByName(t.Context(), "")
	transporttest.WantError(t, err, udemy.ErrInvalid, "GET /Groups")
	s.WantRequests(t)
}

// patched returns the body of a PATCH.
func patched(operations ...string) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + strings.Join(operations, ",") + `]}`
}

func TestUpdateUser(t *testing.T) {
	t.Parallel()
	const read, write = "GET /Users/u1", "PATCH /Users/u1"
	user := func(userName string, emails string) string {
		return fmt.Sprintf(`{"id": "u1", "userName": %q, "externalId": "E-1", "emails": [%s]}`, userName, emails)
	}
	newEmail := udemy.Change(udemy.User{Email: "new@example.com"}, udemy.FieldEmail)
	userName := `{"op":"replace","path":"userName","value":"new@example.com"}`
	for name, test := range map[string]struct {
		current  string
		change   udemy.UserChange
		key      scim.LicenseKey
		requests []string
		body     string
	}{
		"names": {
			adaWhole,
			udemy.Change(udemy.User{FirstName: "R&D", LastName: ""}, udemy.FieldFirstName, udemy.FieldLastName),
			"",
			[]string{read, write},
			patched(`{"op":"replace","path":"name.givenName","value":"R&D"}`, `{"op":"remove","path":"name.familyName"}`),
		},
		"external ID": {
			"",
			udemy.Change(udemy.User{ExternalID: "E-2"}, udemy.FieldExternalID),
			"",
			[]string{write},
			patched(`{"op":"replace","path":"externalId","value":"E-2"}`),
		},
		"external ID removed": {
			user("old@example.com", ""),
			udemy.Change(udemy.User{ExternalID: ""}, udemy.FieldExternalID),
			"",
			[]string{read, write},
			patched(`{"op":"remove","path":"externalId"}`),
		},
		"external ID already absent": {adaShort, udemy.Change(udemy.User{ExternalID: ""}, udemy.FieldExternalID), "", []string{read, read}, ""},
		"external ID already absent, and a name": {
			adaShort,
			udemy.Change(udemy.User{ExternalID: "", FirstName: "Ada"}, udemy.FieldExternalID, udemy.FieldFirstName),
			"",
			[]string{read, write},
			patched(`{"op":"replace","path":"name.givenName","value":"Ada"}`),
		},
		"no fields": {adaShort, udemy.UserChange{}, "", []string{read}, ""},
		"licenses": {
			"",
			udemy.Change(udemy.User{LicenseTypes: []string{"Pro", "Enterprise"}}, udemy.FieldLicenses),
			scim.LicenseTypes,
			[]string{write},
			patched(`{"op":"replace","path":"` + licenseURN + `:licenseTypes","value":["Pro","Enterprise"]}`),
		},
		"licenses as licenseType": {
			"",
			udemy.Change(udemy.User{LicenseTypes: []string{}}, udemy.FieldLicenses),
			scim.LicenseType,
			[]string{write},
			patched(`{"op":"replace","path":"` + licenseURN + `:licenseType","value":[]}`),
		},
		"license pool and licenses": {
			"",
			udemy.Change(udemy.User{LicensePool: "Research", LicenseTypes: []string{"Pro"}}, udemy.FieldLicensePool, udemy.FieldLicenses),
			scim.LicenseTypes,
			[]string{write},
			patched(`{"op":"replace","path":"`+licenseURN+`:licenseTypes","value":["Pro"]}`, `{"op":"replace","path":"`+licenseURN+`:licensePoolName","value":"Research"}`),
		},
		"e-mail address equals the user name": {
			user("OLD@example.com", `{"value": "old@example.com", "type": "work", "primary": true}`), newEmail, "",
			[]string{read, write},
			patched(userName, `{"op":"replace","path":"emails[type eq \"work\"].value","value":"new@example.com"}`),
		},
		"e-mail address differs from the user name": {
			user("ada", `{"value": "old@example.com", "type": "Work"}, {"value": "x@example.com", "type": "home"}`), newEmail, "",
			[]string{read, write},
			patched(`{"op":"replace","path":"emails[type eq \"Work\"].value","value":"new@example.com"}`),
		},
		"e-mail address, two with the type": {
			user("ada", `{"value": "x@example.com", "type": "work"}, {"value": "old@example.com", "type": "work", "primary": "true"}`), newEmail, "",
			[]string{read, write},
			patched(`{"op":"replace","path":"emails[primary eq true].value","value":"new@example.com"}`),
		},
		"e-mail address, primary without a type": {
			user("old@example.com", `{"value": "old@example.com", "primary": true}`), newEmail, "",
			[]string{read, write},
			patched(userName, `{"op":"replace","path":"emails[primary eq true].value","value":"new@example.com"}`),
		},
		"e-mail address, neither primary nor with a type": {
			user("old@example.com", `{"value": ""}, {"value": "\"o\"@example.com"}, {"value": "x@example.com"}`), newEmail, "",
			[]string{read, write},
			patched(`{"op":"replace","path":"emails[value eq \"\\\"o\\\"@example.com\"].value","value":"new@example.com"}`),
		},
		"first e-mail address": {
			user("old@example.com", ""), newEmail, "",
			[]string{read, write},
			patched(userName, `{"op":"add","path":"emails","value":[{"value":"new@example.com","type":"work","primary":true}]}`),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serveWith(t, test.key, routes{read: answer(200, test.current), write: answer(200, adaWhole)})
			if _, err := s.client.UpdateUser(t.Context(), "u1", test.change); err != nil {
				t.Fatal(err)
			}
			s.WantRequests(t, test.requests...)
			if got := s.Bodies[len(s.Bodies)-1]; got != test.body {
				t.Errorf("body = %s\nwant   %s", got, test.body)
			}
		})
	}
	t.Run("a deleted learner", func(t *testing.T) {
		t.Parallel()
		_, err := serve(t, readable).client.UpdateUser(t.Context(), "u1", newEmail)
		transporttest.WantError(t, err, udemy.ErrNotFound, "GET /Users/{id}")
	})
	t.Run("a taken address", func(t *testing.T) {
		t.Parallel()
		_, err := serve(t, routes{read: answer(200, adaShort), write: refuse(409, "uniqueness")}).client.UpdateUser(t.Context(), "u1", newEmail)
		transporttest.WantError(t, err, udemy.ErrConflict, "PATCH /Users/{id}")
	})
}

func TestPatchResponses(t *testing.T) {
	t.Parallel()
	const read, write = "GET /Users/u1", "PATCH /Users/u1"
	for name, test := range map[string]struct {
		status   int
		body     string
		requests []string
	}{
		"whole":                    {200, adaWhole, []string{write}},
		"204":                      {204, ``, []string{write, read}},
		"200 without a body":       {200, ``, []string{write, read}},
		"202":                      {202, ` `, []string{write, read}},
		"null":                     {200, `null`, []string{write, read}},
		"an empty object":          {200, `{}`, []string{write, read}},
		"changed attributes only":  {200, `{"schemas": ["` + userURN + `"], "id": "u1", "active": true}`, []string{write, read}},
		"without the name":         {200, `{"schemas": ["` + userURN + `"], "id": "u1", "userName": "a@example.com", "active": true}`, []string{write, read}},
		"without schemas":          {200, strings.Replace(adaWhole, `"schemas"`, `"schemes"`, 1), []string{write, read}},
		"without a user name":      {200, strings.Replace(adaWhole, `"userName"`, `"name.user"`, 1), []string{write, read}},
		"without active":           {200, strings.Replace(adaWhole, `"active": true,`, "", 1), []string{write, read}},
		"invalid attributes":       {200, `{"id": "u1", "name": "Ada King"}`, []string{write, read}},
		"a list":                   {200, `[]`, []string{write, read}},
		"an error with status 200": {200, `{"status": "400", "detail": "no"}`, []string{write, read}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{read: answer(200, adaWhole), write: answer(test.status, test.body)})
			got, err := s.client.ActivateUser(t.Context(), "u1")
			if err != nil || !reflect.DeepEqual(got, adaRead) {
				t.Errorf("got  %+v, %v\nwant %+v", got, err, adaRead)
			}
			s.WantRequests(t, test.requests...)
		})
	}
}

func TestActivation(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"PATCH /Users/u1": transporttest.InOrder(
		answer(200, strings.Replace(adaWhole, `"active": true`, `"active": "false"`, 1)), answer(200, adaWhole))})
	deactivated, err := s.client.DeactivateUser(t.Context(), "u1")
	if err != nil || deactivated.Status != udemy.StatusDeactivated {
		t.Errorf("got %+v, %v", deactivated, err)
	}
	activated, err := s.client.ActivateUser(t.Context(), "u1")
	if err != nil || activated.Status != udemy.StatusActive {
		t.Errorf("got %+v, %v", activated, err)
	}
	for i, value := range []string{"false", "true"} {
		if want := patched(`{"op":"replace","path":"active","value":` + value + `}`); s.Bodies[i] != want {
			t.Errorf("body = %s\nwant   %s", s.Bodies[i], want)
		}
	}
}

// Neither the status nor the text of a refused pool is documented.
func TestRefusedPool(t *testing.T) {
	t.Parallel()
	both := udemy.Change(udemy.User{LicensePool: "Research", FirstName: "Ada"}, udemy.FieldLicensePool, udemy.FieldFirstName)
	for name, test := range map[string]struct {
		status int
		body   string
		change udemy.UserChange
		atPool bool
	}{
		"only the pool":          {400, `{"detail": "no seats left"}`, udemy.Change(both.To, udemy.FieldLicensePool), true},
		"the attribute is named": {422, `{"detail": "licensepoolname: unknown"}`, both, true},
		"the pool is named":      {409, `{"detail": "RESEARCH is full"}`, both, true},
		"another status":         {402, `{"detail": "licensePoolName: full"}`, both, true},
		"another reason":         {400, `{"detail": "name too long"}`, both, false},
		"no pool":                {400, `{"detail": "Research is a bad name"}`, udemy.Change(both.To, udemy.FieldFirstName), false},
		"unauthorized":           {401, `{"detail": "Research"}`, both, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"PATCH /Users/u1": answer(test.status, test.body)})
			_, err := s.client.UpdateUser(t.Context(), "u1", test.change)
			refused, ok := errors.AsType[*udemy.Error](err)
			if !ok || (refused.Fields[udemy.FieldLicensePool] != "") != test.atPool {
				t.Errorf("error = %v, want one about the pool: %t", err, test.atPool)
			}
		})
	}
}

func TestNotEnoughLicenses(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"PATCH /Users/u1": answer(400, `{"detail": "not enough Pro licenses"}`)})
	_, err := s.client.UpdateUser(t.Context(), "u1", udemy.Change(udemy.User{LicenseTypes: []string{"Pro"}}, udemy.FieldLicenses))
	if !errors.Is(err, udemy.ErrInvalid) || !strings.Contains(err.Error(), "not enough Pro licenses") {
		t.Errorf("error = %v", err)
	}
}
