// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestSCIMCreateUser(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	before := time.Now().Add(-time.Second)
	got := h.wantSCIM(201, "POST", "/Users", scimUser("Ada@Example.com", `,
		"id":"mine","meta":{"created":17},"groups":[{"value":"x"}],
		"externalId":"E-1","name":{"givenName":"Ada","familyName":"Lovelace","formatted":"Countess"},
		"emails":[{"value":"Ada@Example.com","type":"work","primary":true}],
		"active":"true","title":"Countess","locale":"en-GB",
		"`+extensionURN+`":{"licenseTypes":["Pro","Enterprise","Pro"]}`))
	created := got.object(t)
	id, _ := created["id"].(string)
	if id == "" || id == "mine" {
		t.Fatalf("id %q", id)
	}
	address := h.root + "/scim/v2/Users/" + id
	equal(t, "location", got.header.Get("Location"), address)
	meta, _ := created["meta"].(map[string]any)
	stamp, err := time.Parse(time.RFC3339, meta["created"].(string))
	if err != nil || stamp.Before(before) || stamp.After(time.Now().Add(time.Second)) {
		t.Errorf("created %v, %v", meta["created"], err)
	}
	equal(t, "created", created, map[string]any{
		"schemas": []any{userURN, extensionURN}, "id": id, "externalId": "E-1", "userName": "Ada@Example.com",
		"name":   map[string]any{"givenName": "Ada", "familyName": "Lovelace", "formatted": "Ada Lovelace"},
		"emails": []any{map[string]any{"value": "Ada@Example.com", "type": "work", "primary": true}},
		"active": true, "title": "Countess", "locale": "en-GB", "groups": []any{},
		extensionURN: map[string]any{"licenseTypes": []any{"Pro", "Enterprise"}},
		"meta": map[string]any{
			"resourceType": "User", "location": address, "created": meta["created"], "lastModified": meta["created"],
		},
	})
	equal(t, "read", h.wantSCIM(200, "GET", address, "").object(t), created)
	equal(t, "learner", h.Learners()[0], simulator.Learner{
		ID: id, Email: "Ada@Example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1",
		Role: "learner", Status: "active", Title: "Countess", Locale: "en-GB", Licenses: []string{"Pro", "Enterprise"}, SCIM: true,
	})
}

func TestSCIMCreateUserForms(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		want simulator.Learner // ID, Role and SCIM are filled in
	}{
		"nothing but a name": {
			scimUser("a@example.com", ""),
			simulator.Learner{Email: "a@example.com"},
		},
		"names in any case": {
			`{"SCHEMAS":["` + strings.ToUpper(userURN) + `","` + extensionURN + `"],"username":"a@example.com","Name":{"GIVENNAME":"Ada"},` +
				`"` + strings.ToLower(extensionURN) + `":{"LICENSETYPES":["Pro"]}}`,
			simulator.Learner{Email: "a@example.com", FirstName: "Ada", Licenses: []string{"Pro"}},
		},
		"separate user name": {
			scimUser("ada", `,"emails":[{"value":"a@example.com"}]`),
			simulator.Learner{Email: "a@example.com", UserName: "ada"},
		},
		"the primary e-mail": {
			scimUser("a@example.com", `,"emails":[{"value":"b@example.com","type":"work"},{"value":"a@example.com","type":"Work","primary":"true"},{"value":"c@example.com","type":"home"}]`),
			simulator.Learner{Email: "a@example.com"},
		},
		"the first e-mail for work": {
			scimUser("a@example.com", `,"emails":[{"value":"c@example.com","type":"home","primary":true},{"value":"a@example.com","primary":false,"display":"A"}]`),
			simulator.Learner{Email: "a@example.com"},
		},
		"inactive": {
			scimUser("a@example.com", `,"active":"false"`),
			simulator.Learner{Email: "a@example.com", Status: "deactivated"},
		},
		"nulls and empty lists": {
			scimUser("a@example.com", `,"emails":[],"active":null,"title":null,"name":null,"externalId":null,"`+extensionURN+`":null`),
			simulator.Learner{Email: "a@example.com"},
		},
		"no license": {
			scimUser("a@example.com", `,"`+extensionURN+`":{"licenseTypes":[]}`),
			simulator.Learner{Email: "a@example.com"},
		},
		"licenseType": {
			scimUser("a@example.com", `,"`+extensionURN+`":{"licenseType":["Pro"]}`),
			simulator.Learner{Email: "a@example.com", Licenses: []string{"Pro"}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, simulator.Config{})
			h.wantSCIM(201, "POST", "/Users", test.body)
			got := h.Learners()[0]
			test.want.ID, test.want.Role, test.want.SCIM = got.ID, "learner", true
			if test.want.Status == "" {
				test.want.Status = "active"
			}
			if test.want.Licenses == nil {
				test.want.Licenses = []string{"Enterprise"}
			}
			equal(t, "learner", got, test.want)
		})
	}
}

func TestSCIMCreateUserRefusals(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	h.Add(simulator.Learner{Email: "taken@example.com", UserName: "Taken"})
	with := func(more string) string { return scimUser("a@example.com", ","+more) }
	tests := map[string]struct {
		body, scimType string
	}{
		"not JSON":            {`userName=a`, "invalidSyntax"},
		"not an object":       {`[]`, "invalidSyntax"},
		"null":                {`null`, "invalidSyntax"},
		"invalid UTF-8":       {strings.Replace(scimUser("a@example.com", ""), "@", "\xff@", 1), "invalidSyntax"},
		"second value":        {scimUser("a@example.com", "") + "{}", "invalidSyntax"},
		"no schemas":          {`{"userName":"a@example.com"}`, "invalidSyntax"},
		"empty schemas":       {`{"schemas":[],"userName":"a@example.com"}`, "invalidSyntax"},
		"schemas as text":     {`{"schemas":"` + userURN + `","userName":"a@example.com"}`, "invalidSyntax"},
		"only the extension":  {`{"schemas":["` + extensionURN + `"],"userName":"a@example.com"}`, "invalidSyntax"},
		"schema of a group":   {`{"schemas":["` + userURN + `","` + groupURN + `"],"userName":"a@example.com"}`, "invalidSyntax"},
		"older schema":        {`{"schemas":["urn:scim:schemas:core:2.0"],"userName":"a@example.com"}`, "invalidSyntax"},
		"extension not named": {`{"schemas":["` + userURN + `"],"userName":"a@example.com","` + extensionURN + `":{"licenseTypes":["Pro"]}}`, "invalidSyntax"},
		"unknown attribute":   {with(`"nickName":"A"`), "invalidSyntax"},
		"duplicate name":      {with(`"USERNAME":"b@example.com"`), "invalidSyntax"},
		"empty roles":         {with(`"roles":[]`), "invalidSyntax"},
		"null of unknown":     {with(`"color":null`), "invalidSyntax"},
		"roles":               {with(`"roles":[{"value":"admin"}]`), "invalidSyntax"},
		"unknown name part":   {with(`"name":{"first":"A"}`), "invalidSyntax"},
		"unknown e-mail part": {with(`"emails":[{"value":"a@example.com","kind":"work"}]`), "invalidSyntax"},
		"unknown extension":   {with(`"` + extensionURN + `":{"pool":"A"}`), "invalidSyntax"},
		"licenses twice":      {with(`"` + extensionURN + `":{"licenseTypes":["Pro"],"licenseType":["Pro"]}`), "invalidSyntax"},

		"no user name":         {`{"schemas":["` + userURN + `"]}`, "invalidValue"},
		"blank user name":      {scimUser("  ", ""), "invalidValue"},
		"null user name":       {`{"schemas":["` + userURN + `"],"userName":null}`, "invalidValue"},
		"number as user name":  {`{"schemas":["` + userURN + `"],"userName":17}`, "invalidValue"},
		"no e-mail at all":     {scimUser("ada", ""), "invalidValue"},
		"invalid e-mail":       {with(`"emails":[{"value":"a"}]`), "invalidValue"},
		"e-mail without value": {with(`"emails":[{"type":"work"}]`), "invalidValue"},
		"e-mail as text":       {with(`"emails":["a@example.com"]`), "invalidValue"},
		"e-mails as text":      {with(`"emails":"a@example.com"`), "invalidValue"},
		"no e-mail for work":   {with(`"emails":[{"value":"a@example.com","type":"home"}]`), "invalidValue"},
		"e-mail type":          {with(`"emails":[{"value":"a@example.com","type":1}]`), "invalidValue"},
		"e-mail display":       {with(`"emails":[{"value":"a@example.com","display":1}]`), "invalidValue"},
		"e-mail primary":       {with(`"emails":[{"value":"a@example.com","primary":"yes"}]`), "invalidValue"},
		"two primary e-mails":  {with(`"emails":[{"value":"a@example.com","primary":true},{"value":"b@example.com","primary":true}]`), "invalidValue"},
		"number as active":     {with(`"active":1`), "invalidValue"},
		"True":                 {with(`"active":"True"`), "invalidValue"},
		"number as title":      {with(`"title":1`), "invalidValue"},
		"number as locale":     {with(`"locale":1`), "invalidValue"},
		"list as external ID":  {with(`"externalId":["a"]`), "invalidValue"},
		"text as name":         {with(`"name":"Ada"`), "invalidValue"},
		"number in name":       {with(`"name":{"givenName":1}`), "invalidValue"},
		"number as formatted":  {with(`"name":{"formatted":1}`), "invalidValue"},
		"unknown license":      {with(`"` + extensionURN + `":{"licenseTypes":["enterprise"]}`), "invalidValue"},
		"license as text":      {with(`"` + extensionURN + `":{"licenseTypes":"Pro"}`), "invalidValue"},
		"number as license":    {with(`"` + extensionURN + `":{"licenseTypes":[1]}`), "invalidValue"},
		"extension as list":    {with(`"` + extensionURN + `":["Pro"]`), "invalidValue"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h.on(t).refused(400, test.scimType, "POST", "/Users", test.body)
			equal(t, "learners", len(h.Learners()), 1)
		})
	}
	for name, body := range map[string]string{
		"e-mail":    scimUser("b", `,"emails":[{"value":"TAKEN@example.com"}]`),
		"user name": scimUser("TAKEN", `,"emails":[{"value":"b@example.com"}]`),
	} {
		t.Run("taken "+name, func(t *testing.T) {
			t.Parallel()
			h.on(t).refused(409, "uniqueness", "POST", "/Users", body)
			if got := h.on(t).scim("POST", "/Users", body); strings.Contains(got.body, h.Learners()[0].ID) {
				t.Errorf("the conflict contains the ID of the other learner: %s", got.body)
			}
		})
	}
}

func TestSCIMPatchUser(t *testing.T) {
	t.Parallel()
	replace := func(path, value string) string {
		return patch(`{"op":"replace","path":` + quote(path) + `,"value":` + value + `}`)
	}
	const licenses = extensionURN + ":licenseTypes"
	type learner = simulator.Learner
	tests := map[string]struct {
		body   string
		change func(*learner) // from the added learner to the expected one
	}{
		"user name":         {replace("userName", `"countess"`), func(l *learner) { l.UserName = "countess" }},
		"user name and URN": {replace(userURN+":userName", `"countess"`), func(l *learner) { l.UserName = "countess" }},
		"e-mail":            {replace(`emails[primary eq true].value`, `"b@example.com"`), func(l *learner) { l.Email, l.UserName = "b@example.com", "ada@example.com" }},
		"both": {
			patch(`{"op":"replace","path":"userName","value":"b@example.com"},{"op":"replace","path":"emails[type eq \"work\"].value","value":"b@example.com"}`),
			func(l *learner) { l.Email = "b@example.com" },
		},
		"own e-mail in another case": {
			patch(`{"op":"replace","path":"userName","value":"ADA@example.com"},{"op":"replace","path":"EMAILS.Value","value":"ADA@example.com"}`),
			func(l *learner) { l.Email = "ADA@example.com" },
		},
		"e-mail by two":     {replace(`emails[type eq "work" and primary eq true].value`, `"b@example.com"`), func(l *learner) { l.Email, l.UserName = "b@example.com", "ada@example.com" }},
		"e-mail by value":   {replace(`emails[value eq "ADA@example.com" or value eq "x"]`, `{"value":"b@example.com"}`), func(l *learner) { l.Email, l.UserName = "b@example.com", "ada@example.com" }},
		"e-mail type":       {replace(`emails[primary eq true].type`, `"work"`), func(*learner) {}},
		"e-mails":           {replace("emails", `[{"value":"b@example.com","type":"work","primary":true}]`), func(l *learner) { l.Email, l.UserName = "b@example.com", "ada@example.com" }},
		"added e-mail":      {patch(`{"op":"add","path":"emails","value":[{"value":"b@example.com"}]}`), func(l *learner) { l.Email, l.UserName = "b@example.com", "ada@example.com" }},
		"given name":        {replace("name.givenName", `"Augusta"`), func(l *learner) { l.FirstName = "Augusta" }},
		"part of name":      {replace("name", `{"familyName":"King"}`), func(l *learner) { l.LastName = "King" }},
		"formatted name":    {replace("name.formatted", `"A. L."`), func(*learner) {}},
		"no name":           {patch(`{"op":"remove","path":"name"}`), func(l *learner) { l.FirstName, l.LastName = "", "" }},
		"no family name":    {patch(`{"op":"remove","path":"name.familyName"}`), func(l *learner) { l.LastName = "" }},
		"external ID":       {replace("externalId", `"E-2"`), func(l *learner) { l.ExternalID = "E-2" }},
		"null external ID":  {replace("externalId", `null`), func(l *learner) { l.ExternalID = "" }},
		"no external ID":    {patch(`{"op":"remove","path":"externalId","value":"E-9"}`), func(l *learner) { l.ExternalID = "" }},
		"title and locale":  {patch(`{"op":"add","path":"title","value":"T"},{"op":"replace","path":"locale","value":"de"}`), func(l *learner) { l.Title, l.Locale = "T", "de" }},
		"inactive":          {replace("active", `false`), func(l *learner) { l.Status = "deactivated" }},
		"inactive as text":  {replace("active", `"false"`), func(l *learner) { l.Status = "deactivated" }},
		"the last one wins": {patch(`{"op":"replace","path":"active","value":false},{"op":"replace","path":"active","value":true}`), func(*learner) {}},
		"without path": {
			patch(`{"op":"replace","value":{"schemas":["` + userURN + `"],"USERNAME":"countess","active":"false","name":{"givenName":"Augusta"},"` +
				extensionURN + `":{"licenseTypes":["Pro"]}}}`),
			func(l *learner) {
				l.UserName, l.Status, l.FirstName, l.Licenses = "countess", "deactivated", "Augusta", []string{"Pro"}
			},
		},

		"licenses":           {replace(licenses, `["Pro"]`), func(l *learner) { l.Licenses = []string{"Pro"} }},
		"licenses in case":   {replace(strings.ToUpper(licenses), `["Pro"]`), func(l *learner) { l.Licenses = []string{"Pro"} }},
		"licenseType":        {replace(extensionURN+":licenseType", `["Pro"]`), func(l *learner) { l.Licenses = []string{"Pro"} }},
		"under the URN":      {replace(extensionURN, `{"licenseTypes":["Pro"]}`), func(l *learner) { l.Licenses = []string{"Pro"} }},
		"added license":      {patch(`{"op":"add","path":"` + licenses + `","value":["Pro","Enterprise"]}`), func(l *learner) { l.Licenses = []string{"Enterprise", "Pro"} }},
		"added without path": {patch(`{"op":"add","value":{"` + extensionURN + `":{"licenseTypes":["Pro"]}}}`), func(l *learner) { l.Licenses = []string{"Enterprise", "Pro"} }},
		"swapped licenses": {
			patch(`{"op":"add","path":"`+licenses+`","value":["Pro"]}`, `{"op":"remove","path":"`+licenses+`","value":["Enterprise"]}`),
			func(l *learner) { l.Licenses = []string{"Pro"} },
		},
		"removed by filter": {
			patch(`{"op":"add","path":"`+licenses+`","value":["Pro"]}`, `{"op":"remove","path":"`+licenses+`[value eq \"Enterprise\"]"}`),
			func(l *learner) { l.Licenses = []string{"Pro"} },
		},
		"filter without hit":   {patch(`{"op":"remove","path":"` + licenses + `[value eq \"Pro\"]"}`), func(*learner) {}},
		"emptied licenses":     {replace(licenses, `[]`), func(*learner) {}},
		"null licenses":        {replace(licenses, `null`), func(*learner) {}},
		"removed licenses":     {patch(`{"op":"remove","path":"` + licenses + `"}`), func(*learner) {}},
		"removed extension":    {patch(`{"op":"remove","path":"` + extensionURN + `"}`), func(*learner) {}},
		"removed last license": {patch(`{"op":"remove","path":"` + licenses + `","value":["Enterprise"]}`), func(*learner) {}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, simulator.Config{})
			want := h.Add(learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1"})
			test.change(&want)
			got := h.wantSCIM(200, "PATCH", "/Users/"+want.ID, test.body)
			equal(t, "learner", h.Learners()[0], want)
			equal(t, "read after patch", h.wantSCIM(200, "GET", "/Users/"+want.ID, "").object(t), got.object(t))
		})
	}
}

func TestSCIMPatchUserRefusals(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	h.Add(simulator.Learner{Email: "taken@example.com", UserName: "Taken"})
	want := h.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", ExternalID: "E-1"})
	replace := func(path, value string) string {
		return `{"op":"replace","path":` + quote(path) + `,"value":` + value + `}`
	}
	envelope := func(schemas, operations string) string {
		return `{"schemas":` + schemas + `,"Operations":` + operations + `}`
	}
	valid := replace("title", `"T"`)
	const licenses = extensionURN + ":licenseTypes"
	tests := map[string]struct {
		body, scimType string
	}{
		"no schemas":        {`{"Operations":[` + valid + `]}`, "invalidSyntax"},
		"other schemas":     {envelope(`["`+userURN+`"]`, `[`+valid+`]`), "invalidSyntax"},
		"no operations":     {`{"schemas":["` + patchURN + `"]}`, "invalidSyntax"},
		"empty operations":  {patch(), "invalidSyntax"},
		"operation as text": {patch(`"add"`), "invalidSyntax"},
		"more members":      {`{"schemas":["` + patchURN + `"],"Operations":[` + valid + `],"id":"x"}`, "invalidSyntax"},
		"more in operation": {patch(`{"op":"replace","path":"title","value":"T","name":"x"}`), "invalidSyntax"},
		"no op":             {patch(`{"path":"title","value":"T"}`), "invalidSyntax"},
		"Replace":           {patch(`{"op":"Replace","path":"title","value":"T"}`), "invalidSyntax"},
		"unknown op":        {patch(`{"op":"move","path":"title","value":"T"}`), "invalidSyntax"},
		"no value":          {patch(`{"op":"replace","path":"title"}`), "invalidValue"},
		"neither":           {patch(`{"op":"replace"}`), "invalidValue"},
		"remove all":        {patch(`{"op":"remove"}`), "noTarget"},
		"text without path": {patch(`{"op":"replace","value":"T"}`), "invalidValue"},
		"null without path": {patch(`{"op":"replace","value":null}`), "invalidValue"},
		"unknown in value":  {patch(`{"op":"replace","value":{"color":"red"}}`), "invalidSyntax"},
		"path as key":       {patch(`{"op":"replace","value":{"name.givenName":"A"}}`), "invalidSyntax"},
		"roles in value":    {patch(`{"op":"replace","value":{"roles":[]}}`), "invalidSyntax"},
		"schemas in value":  {patch(`{"op":"replace","value":{"schemas":["` + groupURN + `"]}}`), "invalidSyntax"},
		"id in value":       {patch(`{"op":"replace","value":{"id":"x"}}`), "mutability"},
		"groups in value":   {patch(`{"op":"add","value":{"groups":[]}}`), "mutability"},

		"id":              {patch(replace("id", `"x"`)), "mutability"},
		"meta":            {patch(replace("meta", `{}`)), "mutability"},
		"groups":          {patch(replace("groups", `[]`)), "mutability"},
		"no user name":    {patch(`{"op":"remove","path":"userName"}`), "mutability"},
		"null user name":  {patch(replace("userName", `null`)), "mutability"},
		"null active":     {patch(replace("active", `null`)), "mutability"},
		"no e-mails":      {patch(`{"op":"remove","path":"emails"}`), "mutability"},
		"empty e-mails":   {patch(replace("emails", `[]`)), "mutability"},
		"no work e-mail":  {patch(`{"op":"remove","path":"emails[type eq \"work\"]"}`), "mutability"},
		"blank user name": {patch(replace("userName", `" "`)), "invalidValue"},
		"active as one":   {patch(replace("active", `1`)), "invalidValue"},
		"invalid e-mail":  {patch(replace("emails[primary eq true].value", `"x"`)), "invalidValue"},
		"e-mail for home": {patch(replace("emails[primary eq true].type", `"home"`)), "invalidValue"},
		"e-mail as text":  {patch(replace("emails[primary eq true]", `"b@example.com"`)), "invalidValue"},
		"name as text":    {patch(replace("name", `"Ada"`)), "invalidValue"},
		"license":         {patch(replace(licenses, `["Gold"]`)), "invalidValue"},
		"removed license": {patch(`{"op":"remove","path":"` + licenses + `","value":["Gold"]}`), "invalidValue"},

		"no home e-mail":      {patch(replace(`emails[type eq "home"].value`, `"b@example.com"`)), "noTarget"},
		"no such value":       {patch(replace(`emails[value eq "x" and primary eq true].value`, `"b@example.com"`)), "noTarget"},
		"unknown path":        {patch(replace("color", `"red"`)), "invalidPath"},
		"roles path":          {patch(replace("roles", `[]`)), "invalidPath"},
		"empty path":          {patch(replace("", `"red"`)), "invalidPath"},
		"path as number":      {patch(`{"op":"replace","path":1,"value":1}`), "invalidPath"},
		"unknown part":        {patch(replace("name.first", `"red"`)), "invalidPath"},
		"part of text":        {patch(replace("title.x", `"red"`)), "invalidPath"},
		"dot at the end":      {patch(replace("name.", `"red"`)), "invalidPath"},
		"filter on text":      {patch(replace(`title[value eq "x"]`, `"red"`)), "invalidPath"},
		"filter after part":   {patch(replace(`emails.value[type eq "work"]`, `"b@example.com"`)), "invalidPath"},
		"dot after filter":    {patch(replace(`emails[type eq "work"].`, `"b@example.com"`)), "invalidPath"},
		"text after filter":   {patch(replace(`emails[type eq "work"]value`, `"b@example.com"`)), "invalidPath"},
		"unknown after":       {patch(replace(`emails[type eq "work"].kind`, `"b@example.com"`)), "invalidPath"},
		"unknown license key": {patch(replace(extensionURN+":pool", `"x"`)), "invalidPath"},
		"URN with colon":      {patch(replace(extensionURN+":", `"x"`)), "invalidPath"},
		"URN and more":        {patch(replace(extensionURN+"s", `"x"`)), "invalidPath"},
		"URN and filter":      {patch(replace(extensionURN+`[value eq "Pro"]`, `["Pro"]`)), "invalidPath"},
		"URN of groups":       {patch(replace(groupURN+":userName", `"x"`)), "invalidPath"},
		"part of a license":   {patch(`{"op":"remove","path":"` + licenses + `[value eq \"Pro\"].licenseType"}`), "invalidPath"},
		"set by filter":       {patch(replace(licenses+`[value eq "Pro"]`, `["Pro"]`)), "invalidPath"},
		"unclosed filter":     {patch(replace(`emails[type eq "work"`, `"x"`)), "invalidFilter"},
		"empty filter":        {patch(replace(`emails[].value`, `"x"`)), "invalidFilter"},
		"filter on unknown":   {patch(replace(`emails[kind eq "work"].value`, `"x"`)), "invalidFilter"},
		"filter type":         {patch(replace(`emails[primary eq "true"].value`, `"x"`)), "invalidFilter"},
		"license filter":      {patch(`{"op":"remove","path":"` + licenses + `[name eq \"Pro\"]"}`), "invalidFilter"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The first operation succeeds and must be undone.
			body := strings.Replace(test.body, `"Operations":[`, `"Operations":[{"op":"replace","path":"name.givenName","value":"Undone"},`, 1)
			if name == "empty operations" {
				body = test.body
			}
			h.on(t).refused(400, test.scimType, "PATCH", "/Users/"+want.ID, body)
			equal(t, "learner", h.Learners()[1], want)
		})
	}
	for name, body := range map[string]string{
		"e-mail":    patch(replace("externalId", `"E-2"`), replace("emails[primary eq true].value", `"TAKEN@example.com"`)),
		"user name": patch(replace("externalId", `"E-2"`), replace("userName", `"TAKEN"`)),
	} {
		t.Run("taken "+name, func(t *testing.T) {
			t.Parallel()
			h.on(t).refused(409, "uniqueness", "PATCH", "/Users/"+want.ID, body)
			equal(t, "learner", h.Learners()[1], want)
		})
	}
}

func TestSCIMLastModified(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{})
	id := h.Add(simulator.Learner{Email: "ada@example.com"}).ID
	group := h.AddGroup("Group").ID
	stamps := func(path string) [2]any {
		meta, _ := h.wantSCIM(200, "GET", path, "").object(t)["meta"].(map[string]any)
		return [2]any{meta["created"], meta["lastModified"]}
	}
	for path, change := range map[string]func(){
		"/Users/" + id:     func() { h.want(200, "PATCH", "/users/"+id+"/", `{"firstname":"A"}`) },
		"/Groups/" + group: func() { h.want(204, "POST", "/groups/"+group+"/users/", `{"users":["`+id+`"]}`) },
	} {
		before := stamps(path)
		equal(t, path+" at first", before[0], before[1])
		time.Sleep(5 * time.Millisecond)
		change()
		after := stamps(path)
		equal(t, path+" created", after[0], before[0])
		if after[1] == before[1] {
			t.Errorf("%s: lastModified is still %v", path, after[1])
		}
	}
}
