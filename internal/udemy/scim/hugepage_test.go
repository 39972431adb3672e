// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim_test

import (
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport/transporttest"
)

// The body of a response is limited, but millions of empty objects fit in. Decoding them all takes a gigabyte.
//
//nolint:paralleltest // It measures the memory of the process.
func TestHugeLists(t *testing.T) {
	objects := strings.Repeat("{},", 5_000_000) + "{}"
	texts := strings.Repeat(`"",`, 5_000_000) + `""`
	ada := `{"schemas": [], "id": "u1", "userName": "ada@example.com", "active": true, `
	for name, test := range map[string]struct {
		route, body string
		do          func(*server) error
	}{
		"a page of learners": {"GET /Users", page(100, objects), func(s *server) error {
			_, err := s.client.UserPage(t.Context(), 1, 0)
			return err
		}},
		"a page of groups": {"GET /Groups", page(100, objects), func(s *server) error {
			_, err := s.client.GroupPage(t.Context(), 1, 0)
			return err
		}},
		"members": {"GET /Groups/g1", `{"id": "g1", "displayName": "Analysts", "members": [` + objects + `]}`, func(s *server) error {
			_, err := s.client.MemberPage(t.Context(), "g1", 1, 0)
			return err
		}},
		"groups of a learner": {"GET /Users/u1", ada + `"groups": [` + objects + `]}`, func(s *server) error {
			_, err := s.client.User(t.Context(), "u1")
			return err
		}},
		"addresses of a learner": {"GET /Users/u1", ada + `"emails": [` + objects + `]}`, func(s *server) error {
			_, err := s.client.User(t.Context(), "u1")
			return err
		}},
		"licenses": {"GET /Users/u1", ada + `"` + licenseURN + `": {"licenseTypes": [` + texts + `]}}`, func(s *server) error {
			_, err := s.client.User(t.Context(), "u1")
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, routes{test.route: answer(200, test.body)})
			var err error
			if mib := transporttest.AllocatedMiB(func() { err = test.do(s) }); mib > 350 {
				t.Errorf("%d MiB allocated, want at most 350", mib)
			}
			transporttest.WantError(t, err, udemy.ErrUnavailable, strings.NewReplacer("/u1", "/{id}", "/g1", "/{id}").Replace(test.route))
		})
	}
}
