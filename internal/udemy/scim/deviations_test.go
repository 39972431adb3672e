// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim_test

import (
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

// located responds to a creation with the address of the new object (RFC 7644 section 3.3).
func located(location, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, body)
	}
}

// The ID of a new object may be only in its address. Another address contains no ID.
func TestCreate_location(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		location, body, want string
	}{
		"no body":            {"https://x.example.com/scim/v2/%s/7a", "", "7a"},
		"relative":           {"/scim/v2/%s/7a/", "", "7a"},
		"escaped":            {"/scim/v2/%s/a%2Fb%20c", "", "a/b c"},
		"body without ID":    {"/%s/7a", `{"schemas": []}`, "7a"},
		"the ID of the body": {"/%s/7a", `{"id": "8b"}`, "8b"},
		"the collection":     {"/scim/v2/%s", "", ""},
		"another collection": {"/scim/v2/Devices/7a", "", ""},
		"dots":               {"/scim/v2/%s/%2e%2e", "", ""},
		"a line break":       {"/scim/v2/%s/a%0ab", "", ""},
		"the token":          {"/scim/v2/%s/simulator-token", "", ""},
		"no address":         {"", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := func(collection string) http.HandlerFunc {
				return located(strings.ReplaceAll(test.location, "%s", collection), test.body)
			}
			s := serve(t, routes{"POST /Users": at("Users"), "POST /Groups": at("Groups")})
			user, userErr := s.client.CreateUser(t.Context(), ada)
			group, groupErr := s.client.CreateGroup(t.Context(), "R&D")
			if user.ID != test.want || group.ID != test.want {
				t.Errorf("got the learner %+v, %v and the group %+v, %v; want the ID %q", user, userErr, group, groupErr, test.want)
			}
			if test.want == "" {
				transporttest.WantError(t, userErr, udemy.ErrUnavailable, "POST /Users")
				transporttest.WantError(t, groupErr, udemy.ErrUnavailable, "POST /Groups")
			}
		})
	}
}

// A reference may have only the address of its object (RFC 7643 section 2.3.7).
func TestReferencesByAddress(t *testing.T) {
	t.Parallel()
	for ref, want := range map[string]string{
		"https://x.example.com/scim/v2/Users/u1": "u1", "../Users/u1": "u1", "/Users/a%2Fb": "a/b", "": "", "/Users/..": "", "/Users/%zz": "",
	} {
		s := serve(t, routes{
			"GET /Groups/g1": answer(200, group("g1", `[{"$ref": "`+ref+`"}]`)),
			"GET /Users/u9":  answer(200, `{"id": "u9", "userName": "b@example.com", "groups": [{"$ref": "`+ref+`"}, {"value": "g2", "$ref": "/Groups/g3"}]}`),
		})
		page, err := s.client.MemberPage(t.Context(), "g1", 1, 100)
		if want == "" {
			transporttest.WantError(t, err, udemy.ErrUnavailable, "GET /Groups/{id}")
		} else if err != nil || !slices.Equal(page.Items, []string{want}) {
			t.Errorf("%s: members %q, %v", ref, page.Items, err)
		}
		user, err := s.client.User(t.Context(), "u9")
		wanted := slices.DeleteFunc([]string{want, "g2"}, func(id string) bool { return id == "" })
		if err != nil || !reflect.DeepEqual(user.GroupIDs, wanted) {
			t.Errorf("%s: groups %q, %v", ref, user.GroupIDs, err)
		}
	}
}

// A page that refers to another one is not the whole list (RFC 9865), and a total may be written as any JSON number.
func TestLists_unusual(t *testing.T) {
	t.Parallel()
	resources := strings.Join(people(1, 20), ",")
	for name, test := range map[string]struct {
		list string
		want int
		err  error
	}{
		"a cursor without a total": {`"nextCursor": "c2"`, 0, udemy.ErrIncomplete},
		"the last cursor":          {`"nextCursor": ""`, 20, nil},
		"a total as 20.0":          {`"totalResults": 20.0`, 20, nil},
		"a total as 2e1":           {`"totalResults": "2e1"`, 20, nil},
		"half a learner":           {`"totalResults": 20.5`, 0, udemy.ErrUnavailable},
		"no number":                {`"totalResults": "NaN"`, 0, udemy.ErrUnavailable},
		"beyond every number":      {`"totalResults": 1e300`, 0, udemy.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"GET /Users": answer(200, `{`+test.list+`, "Resources": [`+resources+`]}`)})
			page, err := s.client.UserPage(t.Context(), 1, 100)
			if len(page.Items) != test.want || !transporttest.IsKind(err, test.err) {
				t.Errorf("got %d learners, %v; want %d, %v", len(page.Items), err, test.want, test.err)
			}
		})
	}
}

// The message about an unusable response names the member of the response and no type of this program.
func TestUnusable_message(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"GET /Users/u1": answer(200, `{"id": "u1", "emails": ["ada@example.com"]}`)})
	_, err := s.client.User(t.Context(), "u1")
	transporttest.WantError(t, err, udemy.ErrUnavailable, "GET /Users/{id}")
	if !strings.Contains(err.Error(), "unexpected JSON string in emails") || strings.Contains(err.Error(), "Answer") {
		t.Errorf("error = %v", err)
	}
}
