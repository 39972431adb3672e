// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// values returns the members of a group in JSON.
func values(ids ...string) string {
	var members []string
	for _, id := range ids {
		members = append(members, `{"value":"`+id+`"}`)
	}
	return "[" + strings.Join(members, ",") + "]"
}

func TestSCIMGroupLifecycle(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	ada := h.Add(simulator.Learner{ID: "a b", Email: "ada@example.com"}).ID
	got := h.wantSCIM(201, "POST", "/Groups", scimGroup("Data & Co", `,"id":"x","meta":{},"externalId":"G-1","members":[
		{"value":"a b","display":"Ada","type":"user","$ref":"somewhere"},{"value":"a b"}]`))
	created := got.object(t)
	id, _ := created["id"].(string)
	address := h.root + "/scim/v2/Groups/" + id
	equal(t, "location", got.header.Get("Location"), address)
	meta, _ := created["meta"].(map[string]any)
	equal(t, "created", created, map[string]any{
		"schemas": []any{groupURN}, "id": id, "displayName": "Data & Co", "externalId": "G-1",
		"members": []any{map[string]any{
			"value": ada, "display": "ada@example.com", "type": "User", "$ref": h.root + "/scim/v2/Users/a%20b",
		}},
		"meta": map[string]any{
			"resourceType": "Group", "location": address, "created": meta["created"], "lastModified": meta["created"],
		},
	})
	equal(t, "read", h.wantSCIM(200, "GET", address, "").object(t), created)
	equal(t, "group", h.Groups(), []simulator.Group{{ID: id, Name: "Data & Co", Members: []string{ada}, ExternalID: "G-1", SCIM: true}})
	equal(t, "groups of the user", h.wantSCIM(200, "GET", "/Users/a%20b", "").object(t)["groups"],
		any([]any{map[string]any{"value": id, "display": "Data & Co", "$ref": address}}))

	equal(t, "body", h.wantSCIM(204, "DELETE", address, "").body, "")
	h.refused(404, "none", "DELETE", address, "")
	h.refused(404, "none", "GET", address, "")
	equal(t, "groups of the user", h.wantSCIM(200, "GET", "/Users/a%20b", "").object(t)["groups"], any([]any{}))
	again := h.wantSCIM(201, "POST", "/Groups", scimGroup("data & co", `,"externalId":null,"members":null`)).object(t)
	equal(t, "no members", again["members"], any([]any{}))
	if _, found := again["externalId"]; found || again["id"] == id {
		t.Errorf("created again: %v", again)
	}
}

func TestSCIMCreateGroupRefusals(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Learners: 101})
	h.RemoveGroup(h.Groups()[2].ID)
	h.RemoveGroup(h.Groups()[1].ID)
	h.RenameGroup(h.Groups()[0].ID, "Taken")
	var allIDs []string
	for _, l := range h.Learners() {
		allIDs = append(allIDs, l.ID)
	}
	tests := map[string]struct {
		body     string
		status   int
		scimType string
	}{
		"no schemas":        {`{"displayName":"A"}`, 400, "invalidSyntax"},
		"schema of a user":  {`{"schemas":["` + userURN + `"],"displayName":"A"}`, 400, "invalidSyntax"},
		"no name":           {`{"schemas":["` + groupURN + `"]}`, 400, "invalidValue"},
		"blank name":        {scimGroup(" ", ""), 400, "invalidValue"},
		"number as name":    {`{"schemas":["` + groupURN + `"],"displayName":1}`, 400, "invalidValue"},
		"unknown attribute": {scimGroup("A", `,"description":"x"`), 400, "invalidSyntax"},
		"groups":            {scimGroup("A", `,"groups":[]`), 400, "invalidSyntax"},
		"unknown member":    {scimGroup("A", `,"members":`+values(allIDs[0], "x")), 400, "invalidValue"},
		"member in case":    {scimGroup("A", `,"members":`+values(strings.ToUpper(allIDs[0]))), 400, "invalidValue"},
		"members as text":   {scimGroup("A", `,"members":"x"`), 400, "invalidValue"},
		"member as text":    {scimGroup("A", `,"members":["`+allIDs[0]+`"]`), 400, "invalidValue"},
		"member without ID": {scimGroup("A", `,"members":[{"display":"Ada"}]`), 400, "invalidValue"},
		"number as member":  {scimGroup("A", `,"members":[{"value":1}]`), 400, "invalidValue"},
		"member of a kind":  {scimGroup("A", `,"members":[{"value":"`+allIDs[0]+`","type":"Group"}]`), 400, "invalidValue"},
		"member with more":  {scimGroup("A", `,"members":[{"value":"`+allIDs[0]+`","name":"x"}]`), 400, "invalidSyntax"},
		"too many members":  {scimGroup("A", `,"members":`+values(allIDs...)), 400, "tooMany"},
		"taken name":        {scimGroup("TAKEN", ""), 409, "uniqueness"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h.on(t).refused(test.status, test.scimType, "POST", "/Groups", test.body)
			equal(t, "groups", len(h.Groups()), 1)
		})
	}
	t.Run("as many members as possible", func(t *testing.T) {
		t.Parallel()
		h := start(t, simulator.Config{Learners: 101})
		h.wantSCIM(201, "POST", "/Groups", scimGroup("A", `,"members":`+values(allIDs[:100]...)))
		equal(t, "members", len(h.Groups()[3].Members), 100)
	})
}

func TestSCIMPatchGroup(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		operations string
		want       simulator.Group
	}{
		"add":              {`{"op":"add","path":"members","value":` + values("c") + `}`, simulator.Group{Members: []string{"a", "b", "c"}}},
		"add again":        {`{"op":"add","path":"members","value":` + values("c", "a", "c") + `}`, simulator.Group{Members: []string{"a", "b", "c"}}},
		"add no members":   {`{"op":"add","path":"members","value":[]}`, simulator.Group{Members: []string{"a", "b"}}},
		"add without path": {`{"op":"add","value":{"members":` + values("c") + `}}`, simulator.Group{Members: []string{"a", "b", "c"}}},
		"add with URN":     {`{"op":"add","path":"` + groupURN + `:MEMBERS","value":` + values("c") + `}`, simulator.Group{Members: []string{"a", "b", "c"}}},
		"remove":           {`{"op":"remove","path":"members[value eq \"a\"]"}`, simulator.Group{Members: []string{"b"}}},
		"remove two":       {`{"op":"remove","path":"members[value eq \"a\" or value eq \"b\"]"}`, simulator.Group{Members: []string{}}},
		"remove neither":   {`{"op":"remove","path":"members[value eq \"a\" and value eq \"b\"]"}`, simulator.Group{Members: []string{"a", "b"}}},
		"remove stranger":  {`{"op":"remove","path":"members[value eq \"c\"]"}`, simulator.Group{Members: []string{"a", "b"}}},
		"remove in case":   {`{"op":"remove","path":"members[value eq \"A\"]"}`, simulator.Group{Members: []string{"a", "b"}}},
		"remove unknown":   {`{"op":"remove","path":"members[value eq \"x\"]"}`, simulator.Group{Members: []string{"a", "b"}}},
		"remove listed":    {`{"op":"remove","path":"members","value":` + values("a", "c") + `}`, simulator.Group{Members: []string{"b"}}},
		"remove none":      {`{"op":"remove","path":"members","value":[]}`, simulator.Group{Members: []string{"a", "b"}}},
		"remove all":       {`{"op":"remove","path":"members"}`, simulator.Group{Members: []string{}}},
		"replace":          {`{"op":"replace","path":"members","value":` + values("c", "a") + `}`, simulator.Group{Members: []string{"c", "a"}}},
		"replace by none":  {`{"op":"replace","path":"members","value":[]}`, simulator.Group{Members: []string{}}},
		"add and remove": {
			`{"op":"add","path":"members","value":` + values("c") + `},{"op":"remove","path":"members[value eq \"a\"]"}`,
			simulator.Group{Members: []string{"b", "c"}},
		},
		"rename":              {`{"op":"replace","path":"displayName","value":"New"}`, simulator.Group{Name: "New", Members: []string{"a", "b"}}},
		"rename without path": {`{"op":"replace","value":{"schemas":["` + groupURN + `"],"displayname":"New"}}`, simulator.Group{Name: "New", Members: []string{"a", "b"}}},
		"rename to own name":  {`{"op":"replace","path":"displayName","value":"GROUP"}`, simulator.Group{Name: "GROUP", Members: []string{"a", "b"}}},
		"external ID":         {`{"op":"add","path":"externalId","value":"G-2"}`, simulator.Group{ExternalID: "G-2", Members: []string{"a", "b"}}},
		"no external ID":      {`{"op":"remove","path":"externalId","value":"G-2"}`, simulator.Group{ExternalID: "none", Members: []string{"a", "b"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, simulator.Config{})
			for _, id := range []string{"a", "b", "c"} {
				h.Add(simulator.Learner{ID: id, Email: id + "@example.com"})
			}
			id := h.AddGroup("Group", "a", "b").ID
			h.EditGroup(id, func(g *simulator.Group) { g.ExternalID = "G-1" })
			got := h.wantSCIM(200, "PATCH", "/Groups/"+id, patch(test.operations))
			test.want.ID = id
			if test.want.Name == "" {
				test.want.Name = "Group"
			}
			switch test.want.ExternalID {
			case "":
				test.want.ExternalID = "G-1"
			case "none":
				test.want.ExternalID = ""
			}
			equal(t, "group", h.Groups()[0], test.want)
			equal(t, "read after patch", h.wantSCIM(200, "GET", "/Groups/"+id, "").object(t), got.object(t))
		})
	}
}

func TestSCIMPatchGroupRefusals(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Learners: 110})
	var allIDs []string
	for _, l := range h.Learners() {
		allIDs = append(allIDs, l.ID)
	}
	h.AddGroup("Taken")
	id := h.AddGroup("Group", allIDs[0]).ID
	want := h.Groups()[4]
	add := func(ids ...string) string { return `{"op":"add","path":"members","value":` + values(ids...) + `}` }
	filters := func(ids ...string) string {
		return `{"op":"remove","path":` + quote(`members[value eq "`+strings.Join(ids, `" or value eq "`)+`"]`) + `}`
	}
	tests := map[string]struct {
		body     string
		status   int
		scimType string
	}{
		"unknown member":       {patch(add(allIDs[1], "x")), 400, "invalidValue"},
		"unknown in replace":   {patch(`{"op":"replace","path":"members","value":` + values("x") + `}`), 400, "invalidValue"},
		"all or nothing":       {patch(add(allIDs[1]), `{"op":"replace","path":"displayName","value":"Taken"}`), 409, "uniqueness"},
		"taken name":           {patch(`{"op":"replace","value":{"displayName":"tAKEN"}}`), 409, "uniqueness"},
		"no name":              {patch(`{"op":"remove","path":"displayName"}`), 400, "mutability"},
		"blank name":           {patch(`{"op":"replace","path":"displayName","value":""}`), 400, "invalidValue"},
		"number as ID":         {patch(`{"op":"replace","path":"externalId","value":1}`), 400, "invalidValue"},
		"members as object":    {patch(`{"op":"add","path":"members","value":{"value":"` + allIDs[1] + `"}}`), 400, "invalidValue"},
		"removed as text":      {patch(`{"op":"remove","path":"members","value":"` + allIDs[0] + `"}`), 400, "invalidValue"},
		"id":                   {patch(`{"op":"replace","path":"id","value":"x"}`), 400, "mutability"},
		"meta in value":        {patch(`{"op":"replace","value":{"meta":{}}}`), 400, "mutability"},
		"changed member":       {patch(`{"op":"replace","path":"members[value eq \"` + allIDs[0] + `\"].display","value":"x"}`), 400, "mutability"},
		"exchanged member":     {patch(`{"op":"replace","path":"members[value eq \"` + allIDs[0] + `\"]","value":{}}`), 400, "mutability"},
		"part of all members":  {patch(`{"op":"remove","path":"members.value"}`), 400, "mutability"},
		"filter on name":       {patch(`{"op":"remove","path":"displayName[value eq \"x\"]"}`), 400, "invalidPath"},
		"user path":            {patch(`{"op":"replace","path":"userName","value":"x"}`), 400, "invalidPath"},
		"extension path":       {patch(`{"op":"replace","path":"` + extensionURN + `","value":{}}`), 400, "invalidPath"},
		"filter by display":    {patch(`{"op":"remove","path":"members[display eq \"x\"]"}`), 400, "invalidFilter"},
		"filter with ne":       {patch(`{"op":"remove","path":"members[value ne \"x\"]"}`), 400, "invalidFilter"},
		"unknown attribute":    {patch(`{"op":"replace","value":{"description":"x"}}`), 400, "invalidSyntax"},
		"Add":                  {patch(strings.Replace(add(allIDs[1]), "add", "Add", 1)), 400, "invalidSyntax"},
		"too many in one":      {patch(add(allIDs[:101]...)), 400, "tooMany"},
		"too many in several":  {patch(add(allIDs[:50]...), add(allIDs[50:101]...)), 400, "tooMany"},
		"too many in value":    {patch(`{"op":"add","value":{"members":` + values(allIDs[:101]...) + `}}`), 400, "tooMany"},
		"too many replaced":    {patch(`{"op":"replace","path":"members","value":` + values(allIDs[:101]...) + `}`), 400, "tooMany"},
		"too many removed":     {patch(`{"op":"remove","path":"members","value":` + values(allIDs[:101]...) + `}`), 400, "tooMany"},
		"too many in a filter": {patch(filters(allIDs[:101]...)), 400, "tooMany"},
		"too many both ways":   {patch(add(allIDs[:60]...), filters(allIDs[60:101]...)), 400, "tooMany"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h.on(t).refused(test.status, test.scimType, "PATCH", "/Groups/"+id, test.body)
			equal(t, "group", h.Groups()[4], want)
		})
	}
	t.Run("as many as possible", func(t *testing.T) {
		t.Parallel()
		other := h.AddGroup(fmt.Sprint("Other of ", t.Name())).ID
		h.on(t).wantSCIM(200, "PATCH", "/Groups/"+other, patch(add(allIDs[:60]...), filters(allIDs[60:100]...)))
	})
}
