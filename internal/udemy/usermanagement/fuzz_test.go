// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usermanagement

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// FuzzRefusal checks that every refusal becomes one line of limited length.
func FuzzRefusal(f *testing.F) {
	for _, body := range []string{
		"", "null", "[]", "<html>", `{"id":7,"detail":"taken"}`, `{"email":["not valid","\n"],"status":"error"}`, `{"status":["no"]}`,
		"{\"a\x1b\":{\"b\":1},\"detail\":null}",
	} {
		f.Add(http.StatusBadRequest, body, true)
		f.Add(http.StatusConflict, body, false)
	}
	f.Fuzz(func(t *testing.T, status int, body string, ofGroup bool) {
		request := transport.Request{Method: http.MethodPost, Route: usersRoute}
		if ofGroup {
			request.Route = groupsRoute
		}
		refused := refusal(request, &transport.Response{Status: status, Body: []byte(body)})
		texts := []string{refused.Error()}
		for _, text := range refused.Fields {
			texts = append(texts, text)
		}
		for _, text := range texts {
			if utf8.RuneCountInString(text) > 500 || strings.ContainsFunc(text, unicode.IsControl) {
				t.Errorf("%q", text)
			}
		}
		if refused.Kind == nil {
			t.Error("Kind = nil")
		}
	})
}

// FuzzUser checks that every learner that can be decoded can be stored in state, together with the values known before.
func FuzzUser(f *testing.F) {
	f.Add(`{"id":"u1","email":"ada@example.com","groups":["g1",{"id":"g2"},{"uuid":3}],"role":"student","status":"invited"}`)
	f.Add(`{"id":7,"groups":[null],"externalid":null}`)
	f.Add(`{"id":12345678901234567890,"groups":[]}`)
	f.Fuzz(func(t *testing.T, body string) {
		var answer userAnswer
		if json.Unmarshal([]byte(body), &answer) != nil {
			return
		}
		user := answer.applyTo(udemy.User{ID: "known", Email: "known@example.com"})
		if user.ID == "" || slices.Contains(user.GroupIDs, "") {
			t.Errorf("learner %+v", user)
		}
		if !utf8.ValidString(user.ID + user.Email + user.FirstName + user.LastName + user.ExternalID) {
			t.Errorf("not UTF-8: %+v", user)
		}
	})
}
