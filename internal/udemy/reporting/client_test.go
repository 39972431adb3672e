// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package reporting_test

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/reporting"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

const call = "GET /analytics/user-activity/"

type server struct {
	*transporttest.Server
	*reporting.Client
}

// serve starts an organization whose report has a handler.
func serve(t *testing.T, handler http.HandlerFunc) server {
	t.Helper()
	routes := transporttest.Routes{"GET /analytics/user-activity/{$}": handler}
	s := server{Server: transporttest.Serve(t, "/api-2.0/organizations/4711", routes, func(r *http.Request) string { return r.URL.RawQuery })}
	endpoint, err := transport.ParseBaseURL(s.URL + "/api-2.0")
	if err != nil {
		t.Fatal(err)
	}
	s.Client = reporting.New(transport.New(transport.Config{
		BaseURL:    reporting.BaseURL(endpoint, 4711),
		Credential: transport.BasicAuth("client", "secret"),
		Accept:     reporting.MediaType,
		MaxRetries: 2,
		Backoff:    func(int, *http.Response) time.Duration { return 0 },
	}))
	return s
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}
}

// page returns the last page of a report.
func page(count int, rows ...string) string {
	return fmt.Sprintf(`{"count": %d, "next": null, "previous": null, "results": [%s]}`, count, strings.Join(rows, ","))
}

// followed returns a page that links to another one, on another host.
func followed(page string) string {
	return strings.Replace(page, `"next": null`, `"next": "https://elsewhere.example.com/?page=2"`, 1)
}

func row(n int) string {
	return fmt.Sprintf(`{"user_email": "p%d@example.com", "last_date_visit": null}`, n)
}

const erased = `{"user_email": "Anonymized User", "last_date_visit": null}`

// rows returns rows with consecutive numbers.
func rows(from, to int) []string {
	var all []string
	for n := from; n <= to; n++ {
		all = append(all, row(n))
	}
	return all
}

// paged serves rows in pages of a size, and 404 after the last page.
func paged(count, size int, all []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		number, _ := strconv.Atoi(r.URL.Query().Get("page"))
		start := (number - 1) * size
		if start >= len(all) && number > 1 {
			answer(404, `{"detail": "Invalid page."}`)(w, r)
			return
		}
		body := page(count, all[start:min(start+size, len(all))]...)
		if start+size < len(all) {
			body = followed(body)
		}
		answer(200, body)(w, r)
	}
}

func TestActivity_pages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		handler  http.HandlerFunc
		rows     int
		requests int
		err      string // the number of requests after an error depends on timing
	}{
		"empty":                        {paged(0, 100, nil), 0, 1, ""},
		"one page":                     {paged(3, 100, rows(1, 3)), 3, 1, ""},
		"several pages":                {paged(250, 100, rows(1, 250)), 250, 3, ""},
		"smaller pages":                {paged(45, 20, rows(1, 45)), 45, 3, ""},
		"erased people are not merged": {paged(6, 2, []string{erased, erased, erased, row(1), erased, erased}), 6, 3, ""},
		"shorter than its count":       {paged(250, 100, rows(1, 249)), 0, 0, "contain 249 objects, but the API reports a total of 250"},
		"a page is missing":            {paged(250, 100, rows(1, 200)), 0, 0, "contain 200 objects, but the API reports a total of 250"},
		"longer than its count":        {paged(2, 100, rows(1, 3)), 0, 0, "contain 3 objects, but the API reports a total of 2"},
		"the page number is ignored":   {answer(200, followed(page(200, rows(1, 100)...))), 0, 0, "contain 100 objects, but the API reports a total of 200"},
		"an empty first page":          {answer(200, page(5)), 0, 0, "contain 0 objects, but the API reports a total of 5"},
		"a count in a string":          {answer(200, strings.Replace(page(1, row(1)), `"count": 1`, `"count": "1"`, 1)), 1, 1, ""},
		"no results":                   {answer(200, `{"count": 0}`), 0, 0, "no results"},
		"no count":                     {answer(200, `{"results": []}`), 0, 0, "no count"},
		"no address in any row":        {answer(200, page(1, `{"email": "p1@example.com", "last_date_visit": null}`)), 0, 0, "no row of the report"},
		"no last visit in any row":     {answer(200, page(1, `{"user_email": "p1@example.com"}`)), 0, 0, "no row of the report"},
		"a malformed day":              {answer(200, page(2, row(1), `{"user_email": "p2@example.com", "last_date_visit": "yesterday"}`)), 0, 0, `row 2 of page 1: "yesterday" is neither`},
		"a malformed number":           {answer(200, page(1, `{"num_completed_courses": "NaN"}`)), 0, 0, `"NaN" is not a number`},
		"a malformed boolean":          {answer(200, page(1, `{"user_is_deactivated": "perhaps"}`)), 0, 0, `"perhaps" is not a boolean`},
		"a malformed address":          {answer(200, page(1, `{"user_email": ["p1@example.com"]}`)), 0, 0, "neither a string nor a number"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, test.handler)
			got, err := s.Activity(t.Context())
			if test.err != "" {
				kind := udemy.ErrUnavailable
				if strings.Contains(test.err, "a total of") {
					kind = udemy.ErrIncomplete
				}
				failure := transporttest.WantFailure(t, err, kind, call)
				if !strings.Contains(failure.Error(), test.err) {
					t.Errorf("error = %v, want %q", err, test.err)
				}
				return
			}
			if err != nil || len(got) != test.rows || len(s.Requests) != test.requests {
				t.Errorf("%d rows with %d requests, error %v; want %d with %d", len(got), len(s.Requests), err, test.rows, test.requests)
			}
			if slices.ContainsFunc(s.Requests, func(query string) bool { return !strings.HasSuffix(query, "&page_size=100") }) {
				t.Errorf("requests: %v", s.Requests)
			}
			if _, err := s.Activity(t.Context()); err != nil || len(s.Requests) != test.requests {
				t.Errorf("the report was read twice: %v, %v", s.Requests, err)
			}
		})
	}
}

// If rows move from one page to another, the report is read again.
func TestActivity_moves(t *testing.T) {
	t.Parallel()
	var reads atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch number := r.URL.Query().Get("page"); {
		case number == "1" && reads.Add(1) == 1:
			answer(200, followed(page(4, rows(1, 2)...)))(w, r)
		case number == "1":
			answer(200, followed(page(5, rows(0, 1)...)))(w, r)
		case reads.Load() == 1: // A row was added before the first page.
			answer(200, page(5, rows(2, 3)...))(w, r)
		default:
			paged(5, 2, rows(0, 4))(w, r)
		}
	})
	got, err := s.Activity(t.Context())
	if err != nil || len(got) != 5 || reads.Load() != 2 {
		t.Errorf("%d rows after %d reads, error %v", len(got), reads.Load(), err)
	}
}

func TestActivity_refused(t *testing.T) {
	t.Parallel()
	for status, kind := range map[int]error{
		401: udemy.ErrUnauthorized, 403: udemy.ErrForbidden, 404: udemy.ErrNotFound, 302: udemy.ErrUnavailable, 500: udemy.ErrUnavailable,
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			s := serve(t, answer(status, `{"detail": "no"}`))
			_, err := s.Activity(t.Context())
			transporttest.WantError(t, err, kind, call)
		})
	}
}

// 429, 503 and 524 are retried, and a failed read is not kept.
func TestActivity_retries(t *testing.T) {
	t.Parallel()
	ok := answer(200, page(1, row(1)))
	s := serve(t, transporttest.InOrder(answer(429, ""), answer(503, ""), answer(524, "error code: 524"), ok))
	if got, err := s.Activity(t.Context()); err != nil || len(got) != 1 || len(s.Requests) != 4 {
		t.Errorf("%v with %d requests, error %v", got, len(s.Requests), err)
	}
	s = serve(t, transporttest.InOrder(answer(403, ""), ok))
	if _, err := s.Activity(t.Context()); !errors.Is(err, udemy.ErrForbidden) {
		t.Errorf("error = %v", err)
	}
	if got, err := s.Activity(t.Context()); err != nil || len(got) != 1 {
		t.Errorf("%v, error %v", got, err)
	}
}

func TestActivity_kinds(t *testing.T) {
	t.Parallel()
	const common = `"user_email": "ada@example.com", "last_date_visit": null`
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	with := func(change func(*udemy.Activity)) udemy.Activity {
		a := udemy.Activity{Email: "ada@example.com"}
		change(&a)
		return a
	}
	plain := with(func(*udemy.Activity) {})
	visited := with(func(a *udemy.Activity) { a.LastVisit = day })
	deactivated := with(func(a *udemy.Activity) { a.Deactivated = true })
	worked := with(func(a *udemy.Activity) { a.Minutes, a.CompletedCourses = 12.5, 3 })
	for members, want := range map[string]udemy.Activity{
		common: plain,
		`"user_email": " ada@example.com ", "last_date_visit": ""`:                          plain,
		`"user_email": "ADA@Example.com", "last_date_visit": null`:                          with(func(a *udemy.Activity) { a.Email = "ADA@Example.com" }),
		`"user_email": "Anonymized User", "last_date_visit": null`:                          {},
		`"user_email": null, "last_date_visit": null`:                                       {},
		`"user_email": "ada@example.com", "last_date_visit": "2026-03-01"`:                  visited,
		`"user_email": "ada@example.com", "last_date_visit": "2026-03-01T23:59:59Z"`:        visited,
		`"user_email": "ada@example.com", "last_date_visit": "2026-03-02T01:00:00.5+02:00"`: visited,
		`"user_email": "ada@example.com", "last_date_visit": "2026-03-01T10:00:00.123456"`:  visited,
		`"user_email": "ada@example.com", "last_date_visit": "2026-03-01 10:00:00"`:         visited,
		`"user_email": "ada@example.com", "last_date_visit": "2026-03-01 10:00:00+00:00"`:   visited,
		common + `, "user_joined_date": "2026-03-01"`:                                       with(func(a *udemy.Activity) { a.Joined = day }),
		common + `, "user_joined_date": null`:                                               plain,
		common + `, "user_is_deactivated": true`:                                            deactivated,
		common + `, "user_is_deactivated": "True"`:                                          deactivated,
		common + `, "user_is_deactivated": 1`:                                               deactivated,
		common + `, "user_is_deactivated": "false"`:                                         plain,
		common + `, "user_is_deactivated": null`:                                            plain,
		common + `, "user_external_id": 7, "user_role": null`:                               plain,
		common + `, "user_role": "student"`:                                                 with(func(a *udemy.Activity) { a.Role = udemy.RoleLearner }),
		common + `, "user_role": "Owner"`:                                                   with(func(a *udemy.Activity) { a.Role = udemy.RoleOwner }),
		common + `, "user_role": "group_admin"`:                                             with(func(a *udemy.Activity) { a.Role = udemy.RoleGroupAdmin }),
		common + `, "num_completed_courses": 3, "num_video_consumed_minutes": 12.5`:         worked,
		common + `, "num_completed_courses": "3", "num_video_consumed_minutes": "12.50"`:    worked,
		common + `, "num_completed_courses": 3.0, "num_video_consumed_minutes": 12.5`:       worked,
		common + `, "num_completed_courses": null, "num_video_consumed_minutes": ""`:        plain,
	} {
		t.Run(members, func(t *testing.T) {
			t.Parallel()
			got, err := serve(t, answer(200, page(1, "{"+members+"}"))).Activity(t.Context())
			if err != nil || !reflect.DeepEqual(got, []udemy.Activity{want}) {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		})
	}
}
