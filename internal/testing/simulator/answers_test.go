// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestIgnorePages(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Learners: 5, Variations: simulator.Variations{IgnorePages: true, PageSize: 2}})
	first, second := h.want(200, "GET", "/users/", "").object(t), h.want(200, "GET", "/users/?page=2", "").object(t)
	equal(t, "second page of REST", emails(t, second), emails(t, first))
	equal(t, "count", second["count"], any(5.0))
	page := func(startIndex int) map[string]any {
		return h.wantSCIM(200, "GET", fmt.Sprintf("/Users?startIndex=%d", startIndex), "").object(t)
	}
	equal(t, "second page of SCIM", listed(t, page(3), "id"), listed(t, page(1), "id"))
	equal(t, "startIndex", page(3)["startIndex"], any(1.0))
}

func TestTotals(t *testing.T) {
	t.Parallel()
	for want, variations := range map[float64]simulator.Variations{
		2: {TotalOfPage: true},
		3: {TotalError: -2},
		9: {TotalError: 4},
		0: {TotalError: -9},
	} {
		variations.PageSize = 2
		h := start(t, simulator.Config{Learners: 5, Variations: variations})
		got := h.want(200, "GET", "/users/", "").object(t)
		equal(t, "count", got["count"], any(want))
		equal(t, "has a next page", got["next"] != nil, true)
		list := h.wantSCIM(200, "GET", "/Users", "").object(t)
		equal(t, "totalResults", list["totalResults"], any(want))
		equal(t, "last page", len(h.want(200, "GET", "/users/?page=3&page_size=2", "").object(t)["results"].([]any)), 1)
	}
}

func TestOmitEmpty(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{OmitEmpty: true})
	id, group := h.create("ada@example.com"), h.AddGroup("Group").ID
	has := func(path, attribute string) bool {
		return strings.Contains(h.wantSCIM(200, "GET", path, "").body, `"`+attribute+`":`)
	}
	equal(t, "members of an empty group", has("/Groups/"+group, "members"), false)
	equal(t, "members in a list", has("/Groups", "members"), false)
	equal(t, "groups of a learner", has("/Users/"+id, "groups"), false)
	h.wantSCIM(200, "PATCH", "/Groups/"+group, patch(`{"op":"add","path":"members","value":`+values(id)+`}`))
	equal(t, "members of a group", has("/Groups/"+group, "members"), true)
	equal(t, "groups of a member", has("/Users/"+id, "groups"), true)
}

func TestNoExcluding(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{NoExcluding: true})
	group := h.AddGroup("Group").ID
	for _, path := range []string{"/Groups", "/Groups/" + group} {
		h.refused(400, "invalidValue", "GET", path+"?excludedAttributes=members", "")
		h.wantSCIM(200, "GET", path+"?attributes=members", "")
	}
}

func TestRequireVersion(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{RequireVersion: true})
	for path, change := range map[string]string{
		"/Users/" + h.create("ada@example.com"): `{"op":"replace","path":"title","value":"Countess"}`,
		"/Groups/" + h.AddGroup("Group").ID:     `{"op":"replace","path":"displayName","value":"New"}`,
	} {
		with := func(version string) func(*http.Request) {
			return func(r *http.Request) { r.Header.Set("If-Match", version) }
		}
		got := h.wantSCIM(200, "GET", path, "")
		version := got.object(t)["meta"].(map[string]any)["version"].(string)
		equal(t, "ETag", got.header.Get("ETag"), version)
		equal(t, "without If-Match", h.scim("PATCH", path, patch(change)).status, 428)
		equal(t, "another version", h.scim("PATCH", path, patch(change), with(`W/"x"`)).status, 412)
		changed := h.scim("PATCH", path, patch(change), with(version))
		equal(t, "this version", changed.status, 200)
		equal(t, "the version is used up", h.scim("PATCH", path, patch(change), with(version)).status, 412)
		equal(t, "version of the response", h.scim("PATCH", path, patch(change), with(changed.header.Get("ETag"))).status, 200)
		equal(t, "any version", h.scim("PATCH", path, patch(change), with("*")).status, 200)
	}
	group := "/Groups/" + h.Groups()[0].ID
	equal(t, "DELETE without If-Match", h.scim("DELETE", group, "").status, 428)
	version := h.wantSCIM(200, "GET", group, "").header.Get("ETag")
	equal(t, "DELETE", h.scim("DELETE", group, "", func(r *http.Request) { r.Header.Set("If-Match", version) }).status, 204)
}
