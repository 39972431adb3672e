// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim_test

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

// people returns learners with consecutive numbers.
func people(from, to int) []string {
	var all []string
	for i := from; i <= to; i++ {
		all = append(all, person(fmt.Sprint("u", i), fmt.Sprintf("p%d@example.com", i), fmt.Sprint("E-", i)))
	}
	return all
}

// paged responds with pages of up to 20 objects, and with another response after the last page.
func paged(all []string, list func([]string) string, beyond http.HandlerFunc) http.HandlerFunc {
	const size = 20
	return func(w http.ResponseWriter, r *http.Request) {
		start, _ := strconv.Atoi(r.URL.Query().Get("startIndex"))
		if start > len(all) && start > 1 {
			beyond(w, r)
			return
		}
		answer(200, list(all[start-1:min(start-1+size, len(all))]))(w, r)
	}
}

func withTotal(total int) func([]string) string {
	return func(resources []string) string { return page(total, resources...) }
}

func withoutTotal(resources []string) string {
	return `{"Resources": [` + strings.Join(resources, ",") + `]}`
}

// externalID returns the request for one page.
func externalID(value string, startIndex int) string {
	return fmt.Sprintf(`GET /Users?count=100&filter=externalId eq %q&startIndex=%d`, value, startIndex)
}

func TestPaging(t *testing.T) {
	t.Parallel()
	empty := answer(200, `{"totalResults": 45}`)
	same := answer(200, page(1000, people(1, 20)...))
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		starts  []int
		err     error
	}{
		"pages smaller than requested": {paged(people(1, 45), withTotal(45), refuse(404, "")), []int{1, 21, 41}, nil},
		"lower-case names": {paged(people(1, 45), func(resources []string) string {
			return `{"totalresults": 45, "resources": [` + strings.Join(resources, ",") + `]}`
		}, refuse(404, "")), []int{1, 21, 41}, nil},
		"the total is text": {paged(people(1, 45), func(resources []string) string {
			return `{"totalResults": "45", "Resources": [` + strings.Join(resources, ",") + `]}`
		}, refuse(404, "")), []int{1, 21, 41}, nil},
		"no total, then an empty page":               {paged(people(1, 45), withoutTotal, answer(200, withoutTotal(nil))), []int{1, 21, 41, 46}, nil},
		"no total, then 404":                         {paged(people(1, 45), withoutTotal, refuse(404, "")), []int{1, 21, 41, 46}, nil},
		"no total, then 400":                         {paged(people(1, 45), withoutTotal, refuse(400, "invalidValue")), []int{1, 21, 41, 46}, nil},
		"no total, then 403":                         {paged(people(1, 45), withoutTotal, refuse(403, "")), []int{1, 21, 41, 46}, udemy.ErrForbidden},
		"the total is too large, then an empty page": {paged(people(1, 45), withTotal(60), empty), []int{1, 21, 41, 46}, nil},
		"the total is too large, then 404":           {paged(people(1, 45), withTotal(60), refuse(404, "")), []int{1, 21, 41, 46}, udemy.ErrNotOffered},
		"startIndex is ignored":                      {same, []int{1, 21}, udemy.ErrIncomplete},
		"pages that shift": {transporttest.InOrder(
			answer(200, page(41, people(1, 20)...)), answer(200, page(42, people(20, 39)...)), answer(200, page(42, people(39, 41)...)),
			answer(200, page(42, people(41, 41)...)),
		), []int{1, 21, 40, 42}, nil},
		"a later page is a web page": {transporttest.InOrder(
			answer(200, page(41, people(1, 20)...)), answer(200, "<html></html>"), answer(200, "<html></html>"),
		), []int{1, 21, 21}, udemy.ErrUnavailable},
		"no ID": {onePage(`{"userName": "a"}`), []int{1}, udemy.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"GET /Users": test.handler})
			_, err := s.client.UserByExternalID(t.Context(), "none")
			want := test.err
			if want == nil {
				want = udemy.ErrNotFound
			}
			transporttest.WantError(t, err, want, "GET /Users")
			var requests []string
			for _, start := range test.starts {
				requests = append(requests, externalID("none", start))
			}
			s.WantRequests(t, requests...)
		})
	}
}

// A learner who moves to another page between two requests is found once.
func TestOneLearnerOnTwoPages(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"GET /Users": transporttest.InOrder(
		answer(200, page(41, people(1, 20)...)), answer(200, page(41, people(20, 40)...)), answer(200, page(41, people(41, 41)...)),
	)})
	got, err := s.client.UserByExternalID(t.Context(), "E-20")
	if err != nil || got.ID != "u20" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestFoundOnALaterPage(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"GET /Users": paged(people(1, 100), withTotal(100), refuse(404, ""))})
	got, err := s.client.UserByEmail(t.Context(), "p25@example.com")
	if err != nil || got.ID != "u25" {
		t.Errorf("got %+v, %v", got, err)
	}
	if len(s.Requests) != 2 {
		t.Errorf("%d requests, want 2", len(s.Requests))
	}
}

// A total that is too low does not end a search that the server answers with full pages of all learners.
func TestSearchBeyondTheTotal(t *testing.T) {
	t.Parallel()
	for name, beyond := range map[string]http.HandlerFunc{"an empty page": answer(200, page(20)), "a refusal": refuse(400, "")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, routes{"GET /Users": paged(people(1, 45), withTotal(20), beyond)})
			if got, err := s.client.UserByEmail(t.Context(), "p44@example.com"); !errors.Is(err, udemy.ErrIncomplete) {
				t.Errorf("got %+v, %v", got, err)
			}
			// A total that is right is confirmed once.
			s = serve(t, routes{"GET /Users": paged(people(1, 20), withTotal(20), beyond)})
			if got, err := s.client.UserByEmail(t.Context(), "p44@example.com"); !errors.Is(err, udemy.ErrNotFound) {
				t.Errorf("got %+v, %v", got, err)
			}
			if len(s.Requests) != 2 {
				t.Errorf("%d requests, want 2: %q", len(s.Requests), s.Requests)
			}
		})
	}
}

func TestUserPage(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"GET /Users": paged(people(1, 45), withTotal(45), refuse(404, ""))})
	size := 0
	var ids []string
	for number := 1; number <= 3; number++ {
		got, err := s.client.UserPage(t.Context(), number, size)
		if err != nil || got.Total != 45 {
			t.Fatalf("got %+v, %v", got, err)
		}
		if number == 1 {
			size = len(got.Items)
		}
		for _, user := range got.Items {
			ids = append(ids, user.ID)
		}
	}
	if len(ids) != 45 || ids[0] != "u1" || ids[44] != "u45" || len(slices.Compact(ids)) != 45 {
		t.Errorf("ids = %q", ids)
	}
	s.WantRequests(t, allUsers, "GET /Users?count=100&startIndex=21", "GET /Users?count=100&startIndex=41")

	// Without a total, the first page contains all learners.
	all, err := serve(t, routes{"GET /Users": paged(people(1, 45), withoutTotal, refuse(404, ""))}).client.UserPage(t.Context(), 1, 0)
	if err != nil || len(all.Items) != 45 || all.Total != 45 {
		t.Errorf("%d of %d, %v", len(all.Items), all.Total, err)
	}
}

func TestGroupPage(t *testing.T) {
	t.Parallel()
	s := serve(t, routes{"GET /Groups": onePage(`{"id": "g1", "displayName": "A"}`, `{"id": 2, "displayName": "B"}`)})
	got, err := s.client.GroupPage(t.Context(), 1, 0)
	if want := (udemy.Page[udemy.Group]{Items: []udemy.Group{{ID: "g1", Name: "A"}, {ID: "2", Name: "B"}}, Total: 2, Call: "GET /Groups"}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	s.WantRequests(t, "GET /Groups?count=100&excludedAttributes=members&startIndex=1")
	_, err = serve(t, routes{}).client.GroupPage(t.Context(), 1, 0)
	transporttest.WantError(t, err, udemy.ErrNotOffered, "GET /Groups")
}
