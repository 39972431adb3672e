// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package scim

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// FuzzRefusal checks that every refusal becomes one line of limited length.
func FuzzRefusal(f *testing.F) {
	for _, body := range []string{
		"", "null", "[]", "<html>", `{"detail":"no","scimType":"uniqueness","status":409}`, `{"detail":{"a":1}}`, "{\"detail\":\"a\x1b[31m\\u202e\\n\"}",
	} {
		f.Add(http.StatusConflict, body)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		refused := refusal(transport.Request{Method: http.MethodPost, Route: usersRoute}, &transport.Response{Status: status, Body: []byte(body)})
		text := refused.Error()
		if refused.refusal.Kind == nil || utf8.RuneCountInString(text) > 500 || strings.ContainsFunc(text, unicode.IsControl) {
			t.Errorf("%q", text)
		}
	})
}

// FuzzUser checks that every learner that can be decoded can be stored in state.
func FuzzUser(f *testing.F) {
	f.Add(`{"id":"u1","userName":"ada@example.com","name":{"givenName":"Ada"},"emails":[{"value":"ada@example.com","primary":"True"}],"active":"false"}`)
	f.Add(`{"id":7,"groups":[{"value":7},{"value":"g","type":"indirect"},{}],"emails":[{}],"active":null}`)
	f.Add(`{"id":1e400,"urn:ietf:params:scim:schemas:extension:udemy:2.0:User":{"licenseTypes":null,"licenseType":"Pro"}}`)
	f.Fuzz(func(t *testing.T, body string) {
		var answer userAnswer
		if json.Unmarshal([]byte(body), &answer) != nil {
			return
		}
		user := answer.user()
		if slices.Contains(user.GroupIDs, "") || (user.GroupIDs == nil) != (answer.Groups == nil) {
			t.Errorf("groups %q", user.GroupIDs)
		}
		if user.Email == "" && answer.UserName != "" || user.Status == "" {
			t.Errorf("learner %+v", user)
		}
		if !utf8.ValidString(user.ID + user.Email + user.FirstName + user.LastName + user.ExternalID) {
			t.Errorf("not UTF-8: %+v", user)
		}
	})
}

// FuzzFilter checks that a filter matches exactly its value, decoded as JSON and on a server.
func FuzzFilter(f *testing.F) {
	for _, value := range []string{"E-1001", `" or active eq "`, `\`, `\"`, `"]`, "a\nb", "\x00", "é\u202e🎓", " ", "&+%2e"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		value = strings.ToValidUTF8(value, "") // Strings in Terraform are valid UTF-8.
		filter := equals("externalId", value)
		var read string
		if err := json.Unmarshal([]byte(strings.TrimPrefix(filter, "externalId eq ")), &read); err != nil || read != value {
			t.Fatalf("%s holds %q: %v", filter, read, err)
		}
		server := simulator.New(simulator.Config{})
		server.Add(simulator.Learner{ID: "other", Email: "bob@example.com", FirstName: "Bob", LastName: "Other", ExternalID: value + "-", SCIM: true})
		server.Add(simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: value, SCIM: true})
		request := httptest.NewRequest(http.MethodGet, "/scim/v2/Users?"+url.Values{"filter": {filter}}.Encode(), nil)
		request.Header.Set("Authorization", "Bearer "+simulator.DefaultToken)
		recorder := httptest.NewRecorder()
		server.ServeHTTP(recorder, request)
		var found listAnswer[userAnswer]
		if err := json.Unmarshal(recorder.Body.Bytes(), &found); err != nil || found.Resources == nil {
			t.Fatalf("%s: %s", filter, recorder.Body)
		}
		if len(*found.Resources) != 1 || (*found.Resources)[0].id() != "u1" {
			t.Errorf("%s finds %s", filter, recorder.Body)
		}
	})
}
