// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// listed checks the form of a list and returns the values of an attribute.
func listed(t *testing.T, list map[string]any, attribute string) []string {
	t.Helper()
	equal(t, "schemas", list["schemas"], any([]any{listURN}))
	resources, found := list["Resources"].([]any)
	if found != (len(resources) > 0) {
		t.Errorf("an empty list has Resources: %v", list)
	}
	equal(t, "itemsPerPage", list["itemsPerPage"], any(float64(len(resources))))
	values := []string{}
	for _, resource := range resources {
		value, _ := resource.(map[string]any)[attribute].(string)
		values = append(values, value)
	}
	return values
}

func TestSCIMFilters(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	h.Add(simulator.Learner{ID: "a", Email: "Ada@example.com", ExternalID: "E-1", Status: "invited"})
	h.Add(simulator.Learner{ID: "b", Email: "ben@example.com", UserName: `b"e\n`, ExternalID: "e-1"})
	h.Add(simulator.Learner{ID: "c", Email: "o'hara+x@example.com", Status: "deactivated"})
	one := h.AddGroup("R&D", "a").ID
	h.AddGroup("Zoë \"Z\"")
	h.EditGroup(one, func(g *simulator.Group) { g.ExternalID = "G" })
	rd, z := "R&D", `Zoë "Z"`
	tests := map[string]struct {
		path, filter string
		want         []string // IDs of users, names of groups; nil for invalidFilter
	}{
		"user name":            {"/Users", `userName eq "ada@example.com"`, []string{"a"}},
		"user name, any case":  {"/Users", `USERNAME EQ "ADA@EXAMPLE.COM"`, []string{"a"}},
		"user name, URN":       {"/Users", userURN + `:userName eq "ada@example.com"`, []string{"a"}},
		"no match":             {"/Users", `userName eq "absent@example.com"`, []string{}},
		"e-mail is another":    {"/Users", `userName eq "ben@example.com"`, []string{}},
		"escapes":              {"/Users", `userName eq "b\"e\\n"`, []string{"b"}},
		"more escapes":         {"/Users", `userName eq "\u0062\"\u0065\\n"`, []string{"b"}},
		"spaces around":        {"/Users", `  userName  eq  "Ada@example.com"  `, []string{"a"}},
		"plus":                 {"/Users", `userName eq "o'hara+x@example.com"`, []string{"c"}},
		"external ID":          {"/Users", `externalId eq "E-1"`, []string{"a"}},
		"external ID, in case": {"/Users", `externalId eq "e-1"`, []string{"b"}},
		"id":                   {"/Users", `id eq "b"`, []string{"b"}},
		"id is exact":          {"/Users", `id eq "B"`, []string{}},
		"active":               {"/Users", `active eq true`, []string{"a", "b"}},
		"inactive":             {"/Users", `active eq false`, []string{"c"}},
		"emails":               {"/Users", `emails eq "BEN@example.com"`, []string{"b"}},
		"emails.value":         {"/Users", `emails.value eq "BEN@example.com"`, []string{"b"}},
		"emails in brackets":   {"/Users", `emails[value eq "ben@example.com"]`, []string{"b"}},
		"emails with type":     {"/Users", `emails[type eq "work" and primary eq true and value eq "ben@example.com"]`, []string{"b"}},
		"emails of another":    {"/Users", `emails[type eq "home" and value eq "ben@example.com"]`, []string{}},
		"and":                  {"/Users", `active eq true and userName eq "ada@example.com" AND id eq "a"`, []string{"a"}},
		"and without a hit":    {"/Users", `active eq false and id eq "a"`, []string{}},
		"brackets and":         {"/Users", `emails[value eq "ben@example.com"] and active eq true`, []string{"b"}},
		"display name":         {"/Groups", `displayName eq "r&d"`, []string{rd}},
		"display name, quoted": {"/Groups", `displayName eq "zoë \"Z\""`, []string{z}},
		"group's external ID":  {"/Groups", `externalId eq "G"`, []string{rd}},
		"group's ID":           {"/Groups", groupURN + `:id eq "` + one + `"`, []string{rd}},
		"no group":             {"/Groups", `displayName eq "R"`, []string{}},

		"empty":               {"/Users", ``, nil},
		"only a name":         {"/Users", `userName`, nil},
		"no value":            {"/Users", `userName eq`, nil},
		"bare value":          {"/Users", `userName eq ada`, nil},
		"single quotes":       {"/Users", `userName eq 'ada'`, nil},
		"unclosed string":     {"/Users", `userName eq "ada`, nil},
		"escaped end":         {"/Users", `userName eq "ada\"`, nil},
		"backslash at end":    {"/Users", `userName eq "ada\`, nil},
		"unknown escape":      {"/Users", `userName eq "a\da"`, nil},
		"quote not escaped":   {"/Users", `userName eq "b"e"`, nil},
		"line break":          {"/Users", "userName eq \"a\nb\"", nil},
		"no space before":     {"/Users", `userName eq"ada"`, nil},
		"no space after":      {"/Users", `userName eq "ada"and active eq true`, nil},
		"number":              {"/Users", `userName eq 1`, nil},
		"null":                {"/Users", `externalId eq null`, nil},
		"text as boolean":     {"/Users", `active eq "true"`, nil},
		"boolean as text":     {"/Users", `userName eq true`, nil},
		"True":                {"/Users", `active eq True`, nil},
		"other operator":      {"/Users", `userName sw "a"`, nil},
		"present":             {"/Users", `userName pr`, nil},
		"or":                  {"/Users", `id eq "a" or id eq "b"`, nil},
		"or in brackets":      {"/Users", `emails[value eq "a" or value eq "b"]`, nil},
		"not":                 {"/Users", `not (id eq "a")`, nil},
		"parentheses":         {"/Users", `(id eq "a")`, nil},
		"two together":        {"/Users", `id eq "a" id eq "b"`, nil},
		"and at the end":      {"/Users", `id eq "a" and`, nil},
		"open bracket":        {"/Users", `emails[value eq "a"`, nil},
		"extra bracket":       {"/Users", `emails[value eq "a"]]`, nil},
		"brackets in them":    {"/Users", `emails[value[x eq "a"]]`, nil},
		"part after brackets": {"/Users", `emails[type eq "work"].value eq "a"`, nil},
		"brackets on text":    {"/Users", `userName[value eq "a"]`, nil},
		"unknown attribute":   {"/Users", `title eq "a"`, nil},
		"groups of a user":    {"/Users", `groups.value eq "` + one + `"`, nil},
		"name of a group":     {"/Users", `displayName eq "a"`, nil},
		"URN of a group":      {"/Users", groupURN + `:id eq "a"`, nil},
		"members of a group":  {"/Groups", `members.value eq "a"`, nil},
		"members in brackets": {"/Groups", `members[value eq "a"]`, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := test.path + "?filter=" + url.QueryEscape(test.filter)
			if test.want == nil {
				h.on(t).refused(400, "invalidFilter", "GET", target, "")
				return
			}
			list := h.on(t).wantSCIM(200, "GET", target, "").object(t)
			attribute := map[string]string{"/Users": "id", "/Groups": "displayName"}[test.path]
			equal(t, "found", listed(t, list, attribute), test.want)
			equal(t, "totalResults", list["totalResults"], any(float64(len(test.want))))
		})
	}
}

func TestSCIMPaging(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Learners: 250})
	var ids []string
	for _, l := range h.Learners() {
		ids = append(ids, l.ID)
	}
	for i := range 20 {
		h.AddGroup(fmt.Sprint("Group ", i))
	}
	tests := map[string]struct {
		query       string
		start       float64
		first, last int // the last is exclusive
	}{
		"without parameters": {"", 1, 0, 12},
		"a page":             {"startIndex=11&count=20", 11, 10, 30},
		"only a start":       {"startIndex=250", 250, 249, 250},
		"more than allowed":  {"count=1000", 1, 0, 100},
		"the last page":      {"startIndex=201&count=100", 201, 200, 250},
		"beyond the end":     {"startIndex=251", 251, 0, 0},
		"far beyond":         {"startIndex=99999999999999999999", 1 << 30, 0, 0},
		"only the total":     {"count=0", 1, 0, 0},
		"negative count":     {"count=-5", 1, 0, 0},
		"start at zero":      {"startIndex=0&count=1", 1, 0, 1},
		"negative start":     {"startIndex=-7&count=1", 1, 0, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := h.on(t).wantSCIM(200, "GET", "/Users?"+test.query, "").object(t)
			equal(t, "ids", listed(t, list, "id"), append([]string{}, ids[test.first:test.last]...))
			equal(t, "totalResults", list["totalResults"], any(250.0))
			equal(t, "startIndex", list["startIndex"], any(test.start))
		})
	}
	for _, query := range []string{"count=x", "startIndex=1.5"} {
		h.refused(400, "invalidValue", "GET", "/Users?"+query, "")
		h.refused(400, "invalidValue", "GET", "/Groups?"+query, "")
	}
	groups := h.wantSCIM(200, "GET", "/Groups?startIndex=23&count=5", "").object(t)
	equal(t, "groups", listed(t, groups, "displayName"), []string{"Group 19"})
	equal(t, "all groups", groups["totalResults"], any(23.0))
	equal(t, "groups of a page", len(listed(t, h.wantSCIM(200, "GET", "/Groups", "").object(t), "id")), 12)
}

func TestSCIMAttributes(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	id := h.Add(simulator.Learner{ID: "a", Email: "ada@example.com", FirstName: "Ada"}).ID
	group := h.AddGroup("Group", id).ID
	everything := []string{"active", "emails", "groups", "id", "meta", "name", "schemas", extensionURN, "userName"}
	without := func(names ...string) []string {
		return slices.DeleteFunc(slices.Clone(everything), func(name string) bool { return slices.Contains(names, name) })
	}
	tests := map[string]struct {
		target string
		want   []string
	}{
		"everything":           {"/Users/a", everything},
		"one":                  {"/Users/a?attributes=userName", []string{"id", "schemas", "userName"}},
		"some in any case":     {"/Users/a?attributes=USERNAME,%20" + userURN + ":active", []string{"active", "id", "schemas", "userName"}},
		"part of one":          {"/Users/a?attributes=emails.value", []string{"emails", "id", "schemas"}},
		"the extension":        {"/Users/a?attributes=" + extensionURN + ":licenseTypes", []string{"id", "schemas", extensionURN}},
		"without one":          {"/Users/a?excludedAttributes=groups", without("groups")},
		"without some":         {"/Users/a?excludedAttributes=GROUPS,meta," + extensionURN, without("groups", "meta", extensionURN)},
		"never without id":     {"/Users/a?excludedAttributes=id,schemas", everything},
		"part is not excluded": {"/Users/a?excludedAttributes=emails.type", everything},
		"group":                {"/Groups/" + group, []string{"displayName", "id", "members", "meta", "schemas"}},
		"group with name":      {"/Groups/" + group + "?attributes=displayName", []string{"displayName", "id", "schemas"}},
		"group, no members":    {"/Groups/" + group + "?excludedAttributes=members", []string{"displayName", "id", "meta", "schemas"}},
	}
	keys := func(object map[string]any) []string {
		var names []string
		for name := range object {
			names = append(names, name)
		}
		slices.Sort(names)
		return names
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			slices.Sort(test.want)
			equal(t, "attributes", keys(h.on(t).wantSCIM(200, "GET", test.target, "").object(t)), test.want)
		})
	}
	t.Run("elsewhere", func(t *testing.T) {
		t.Parallel()
		list := h.on(t).wantSCIM(200, "GET", "/Groups?excludedAttributes=members,meta", "").object(t)
		equal(t, "list", list["Resources"], any([]any{map[string]any{"schemas": []any{groupURN}, "id": group, "displayName": "Group"}}))
		created := h.on(t).wantSCIM(201, "POST", "/Users?attributes=id", scimUser("b@example.com", ""))
		equal(t, "created", keys(created.object(t)), []string{"id", "schemas"})
		if created.header.Get("Location") == "" {
			t.Error("the response to a created user has no Location")
		}
		patched := h.on(t).wantSCIM(200, "PATCH", "/Groups/"+group+"?excludedAttributes=members", patch(`{"op":"replace","path":"displayName","value":"Group"}`))
		equal(t, "patched", keys(patched.object(t)), []string{"displayName", "id", "meta", "schemas"})
	})
}
