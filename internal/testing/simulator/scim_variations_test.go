// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestPatchNoContent(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{PatchNoContent: true})
	id, group := h.create("ada@example.com"), h.AddGroup("Group").ID
	body := patch(`{"op":"replace","path":"externalId","value":"X"}`)
	equal(t, "user", h.wantSCIM(204, "PATCH", "/Users/"+id, body).body, "")
	equal(t, "group", h.wantSCIM(204, "PATCH", "/Groups/"+group, body).body, "")
	equal(t, "patched", []string{h.Learners()[0].ExternalID, h.Groups()[0].ExternalID}, []string{"X", "X"})
	requested := h.wantSCIM(200, "PATCH", "/Users/"+id+"?attributes=externalId", body).object(t)
	equal(t, "requested", requested["externalId"], any("X"))
}

func TestErrorForms(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{NoSCIMType: true, NumericStatus: true})
	h.AddGroup("Group")
	got := h.wantSCIM(409, "POST", "/Groups", scimGroup("Group", "")).object(t)
	equal(t, "status", got["status"], any(409.0))
	if _, found := got["scimType"]; found {
		t.Errorf("scimType in %v", got)
	}
}

func TestSCIMPageSize(t *testing.T) {
	t.Parallel()
	for configured, served := range map[int]int{5: 5, 500: 100} {
		h := start(t, simulator.Config{Learners: 150, Variations: simulator.Variations{PageSize: configured}})
		list := h.wantSCIM(200, "GET", "/Users?count=100", "").object(t)
		equal(t, "served", len(listed(t, list, "id")), served)
		config := h.wantSCIM(200, "GET", "/ServiceProviderConfig", "").object(t)
		equal(t, "maxResults", config["filter"].(map[string]any)["maxResults"], any(float64(served)))
	}
	h := start(t, simulator.Config{Learners: 10, Variations: simulator.Variations{PageSize: 5}})
	equal(t, "without a count", len(listed(t, h.wantSCIM(200, "GET", "/Users", "").object(t), "id")), 5)
}

func TestMissingMembersAndGroups(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		variations             simulator.Variations
		inList, inGroup, inUse bool
	}{
		"none":            {simulator.Variations{}, true, true, true},
		"NoListedMembers": {simulator.Variations{NoListedMembers: true}, false, true, true},
		"NoMembers":       {simulator.Variations{NoMembers: true}, false, false, true},
		"NoUserGroups":    {simulator.Variations{NoUserGroups: true}, true, true, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := vary(t, test.variations)
			id := h.create("ada@example.com")
			has := func(got answer, attribute string) bool { return strings.Contains(got.body, `"`+attribute+`":`) }
			created := h.wantSCIM(201, "POST", "/Groups", scimGroup("Group", `,"members":`+values(id)))
			group, _ := created.object(t)["id"].(string)
			equal(t, "POST", has(created, "members"), test.inGroup)
			equal(t, "GET list", has(h.wantSCIM(200, "GET", "/Groups", ""), "members"), test.inList)
			equal(t, "GET list requested", has(h.wantSCIM(200, "GET", "/Groups?attributes=members", ""), "members"), test.inList)
			equal(t, "GET", has(h.wantSCIM(200, "GET", "/Groups/"+group, ""), "members"), test.inGroup)
			rename := patch(`{"op":"replace","path":"displayName","value":"New"}`)
			equal(t, "PATCH", has(h.wantSCIM(200, "PATCH", "/Groups/"+group, rename), "members"), test.inGroup)
			equal(t, "user", has(h.wantSCIM(200, "GET", "/Users/"+id, ""), "groups"), test.inUse)
			equal(t, "users", has(h.wantSCIM(200, "GET", "/Users", ""), "groups"), test.inUse)
			equal(t, "members", h.Groups()[0].Members, []string{id})
		})
	}
}

func TestRemoveNoTarget(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{RemoveNoTarget: true})
	ada, ben := h.create("ada@example.com"), h.create("ben@example.com")
	path := "/Groups/" + h.AddGroup("Group", ada).ID
	remove := func(id string) string { return patch(`{"op":"remove","path":"members[value eq \"` + id + `\"]"}`) }
	h.refused(400, "noTarget", "PATCH", path, remove(ben))
	h.refused(400, "noTarget", "PATCH", path, remove("x"))
	h.wantSCIM(200, "PATCH", path, patch(`{"op":"remove","path":"members","value":`+values(ben)+`}`))
	h.wantSCIM(200, "PATCH", path, patch(`{"op":"remove","path":"members[value eq \"`+ada+`\" or value eq \"`+ben+`\"]"}`))
	h.refused(400, "noTarget", "PATCH", path, remove(ada))
}

func TestSCIMMadeOnly(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{SCIMMadeOnly: true})
	foreign := h.Add(simulator.Learner{Email: "foreign@example.com"}).ID
	own := h.Add(simulator.Learner{Email: "own@example.com", SCIM: true}).ID
	foreignGroup, ownGroup := h.AddGroup("Foreign", foreign, own).ID, h.AddGroup("Own", foreign, own).ID
	h.EditGroup(ownGroup, func(g *simulator.Group) { g.SCIM = true })

	equal(t, "users", listed(t, h.wantSCIM(200, "GET", "/Users", "").object(t), "id"), []string{own})
	equal(t, "groups", listed(t, h.wantSCIM(200, "GET", "/Groups", "").object(t), "id"), []string{ownGroup})
	search := "/Users?filter=" + url.QueryEscape(`userName eq "foreign@example.com"`)
	equal(t, "found", h.wantSCIM(200, "GET", search, "").object(t)["totalResults"], any(0.0))
	for _, call := range []struct{ method, path, body string }{
		{"GET", "/Users/" + foreign, ""},
		{"PATCH", "/Users/" + foreign, patch(`{"op":"replace","path":"title","value":"T"}`)},
		{"GET", "/Groups/" + foreignGroup, ""},
		{"PATCH", "/Groups/" + foreignGroup, patch(`{"op":"replace","path":"displayName","value":"T"}`)},
		{"DELETE", "/Groups/" + foreignGroup, ""},
	} {
		h.refused(404, "none", call.method, call.path, call.body)
	}
	h.refused(409, "uniqueness", "POST", "/Users", scimUser("foreign@example.com", ""))
	h.refused(409, "uniqueness", "POST", "/Groups", scimGroup("Foreign", ""))

	members := func() []any {
		return h.wantSCIM(200, "GET", "/Groups/"+ownGroup, "").object(t)["members"].([]any)
	}
	equal(t, "members", len(members()), 1)
	equal(t, "groups of a user", len(h.wantSCIM(200, "GET", "/Users/"+own, "").object(t)["groups"].([]any)), 1)
	h.wantSCIM(200, "PATCH", "/Groups/"+ownGroup, patch(`{"op":"remove","path":"members[value eq \"`+own+`\"]"}`))
	equal(t, "the foreign member stays", h.Groups()[1].Members, []string{foreign})
	stranger := h.Add(simulator.Learner{Email: "stranger@example.com"}).ID
	h.refused(400, "invalidValue", "PATCH", "/Groups/"+ownGroup, patch(`{"op":"add","path":"members","value":`+values(stranger)+`}`))
	h.refused(400, "invalidValue", "POST", "/Groups", scimGroup("New", `,"members":`+values(stranger)))

	created, _ := h.wantSCIM(201, "POST", "/Users", scimUser("new@example.com", "")).object(t)["id"].(string)
	group, _ := h.wantSCIM(201, "POST", "/Groups", scimGroup("New", `,"members":`+values(created))).object(t)["id"].(string)
	h.wantSCIM(200, "GET", "/Users/"+created, "")
	h.wantSCIM(204, "DELETE", "/Groups/"+group, "")
}

func TestTextBooleans(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{TextBooleans: true})
	got := h.wantSCIM(201, "POST", "/Users", scimUser("ada@example.com", `,"active":true`)).object(t)
	equal(t, "active", got["active"], any("true"))
	equal(t, "primary", got["emails"].([]any)[0].(map[string]any)["primary"], any("true"))
	list := h.wantSCIM(200, "GET", "/Users", "").object(t)
	equal(t, "in a list", list["Resources"].([]any)[0].(map[string]any)["active"], any("true"))
}

func TestLowerCaseNames(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{LowerCaseNames: true})
	got := h.wantSCIM(201, "POST", "/Users", scimUser("Ada@example.com", `,"name":{"givenName":"Ada"}`)).object(t)
	equal(t, "user name", got["username"], any("Ada@example.com"))
	equal(t, "given name", got["name"].(map[string]any)["givenname"], any("Ada"))
	equal(t, "licenses", got[strings.ToLower(extensionURN)], any(map[string]any{"licensetypes": []any{"Enterprise"}}))
	list := h.wantSCIM(200, "GET", "/Users?attributes=userName", "").object(t)
	equal(t, "list", list["resources"], any([]any{map[string]any{
		"schemas": []any{userURN, extensionURN}, "id": got["id"], "username": "Ada@example.com",
	}}))
	group := h.wantSCIM(201, "POST", "/Groups", scimGroup("Group", "")).object(t)
	equal(t, "display name", group["displayname"], any("Group"))
}

func TestLicenseType(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{LicenseType: true})
	got := h.wantSCIM(201, "POST", "/Users", scimUser("ada@example.com", `,"`+extensionURN+`":{"licenseType":["Pro"]}`)).object(t)
	equal(t, "licenses", got[extensionURN], any(map[string]any{"licenseType": []any{"Pro"}}))
	path := "/Users/" + got["id"].(string)
	h.wantSCIM(200, "PATCH", path, patch(`{"op":"add","path":"`+extensionURN+`:licenseType","value":["Enterprise"]}`))
	equal(t, "licenses", h.Learners()[0].Licenses, []string{"Pro", "Enterprise"})
	h.refused(400, "invalidPath", "PATCH", path, patch(`{"op":"add","path":"`+extensionURN+`:licenseTypes","value":["Pro"]}`))
	h.refused(400, "invalidSyntax", "PATCH", path, patch(`{"op":"add","value":{"`+extensionURN+`":{"licenseTypes":["Pro"]}}}`))
	h.refused(400, "invalidSyntax", "POST", "/Users", scimUser("b@example.com", `,"`+extensionURN+`":{"licenseTypes":["Pro"]}`))
	schema := h.wantSCIM(200, "GET", "/Schemas/"+extensionURN, "").object(t)
	equal(t, "schema", schema["attributes"].([]any)[0].(map[string]any)["name"], any("licenseType"))
}

func TestFewFilters(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{FewFilters: true})
	h.create("ada@example.com")
	h.AddGroup("Group")
	for filter, path := range map[string]string{
		`externalId eq "x"`:                       "/Users",
		`emails.value eq "ada@example.com"`:       "/Users",
		`emails[value eq "ada@example.com"]`:      "/Users",
		`active eq true and emails eq "a"`:        "/Users",
		`displayName eq "a" and externalId eq ""`: "/Groups",
	} {
		h.refused(400, "invalidFilter", "GET", path+"?filter="+url.QueryEscape(filter), "")
	}
	for filter, path := range map[string]string{
		`userName eq "ada@example.com"`: "/Users",
		`displayName eq "Group"`:        "/Groups",
	} {
		list := h.wantSCIM(200, "GET", path+"?filter="+url.QueryEscape(filter), "").object(t)
		equal(t, filter, list["totalResults"], any(1.0))
	}
}

func TestSCIMIgnoreFilters(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{IgnoreFilters: true})
	h.create("ada@example.com")
	h.AddGroup("Group")
	for _, path := range []string{"/Users", "/Groups"} {
		list := h.wantSCIM(200, "GET", path+"?filter="+url.QueryEscape(`id eq "x"`), "").object(t)
		equal(t, path, list["totalResults"], any(1.0))
	}
}

func TestSCIMFoldEmails(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{FoldEmails: true})
	got := h.wantSCIM(201, "POST", "/Users", scimUser("Ada@Example.com", `,"emails":[{"value":"ADA@Example.com"}]`)).object(t)
	equal(t, "user name", got["userName"], any("ada@example.com"))
	path := "/Users/" + got["id"].(string)
	got = h.wantSCIM(200, "PATCH", path, patch(`{"op":"replace","path":"userName","value":"Countess"}`,
		`{"op":"replace","path":"emails[primary eq true].value","value":"Countess@Example.com"}`)).object(t)
	equal(t, "user name", got["userName"], any("countess"))
	equal(t, "e-mail", got["emails"].([]any)[0].(map[string]any)["value"], any("countess@example.com"))
}

func TestSCIMNumericIDs(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{NumericIDs: true})
	got := h.wantSCIM(201, "POST", "/Users", scimUser("ada@example.com", "")).object(t)
	equal(t, "id", got["id"], any(h.Learners()[0].ID))
}
