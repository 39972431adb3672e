// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// If a field of a learner or a group has the token, the response is refused, so that the token never reaches state.
func TestTokenInAField(t *testing.T) {
	t.Parallel()
	token := simulator.DefaultToken
	for name, value := range map[string]string{
		"plain":  token,
		"hidden": token[:4] + "\u200b" + token[4:],
		"base64": base64.StdEncoding.EncodeToString([]byte("x" + token)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{})
				provider := org.Protocol(t, nil)
				config := acceptance.Values{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}
				ada, diags := provider.Create("udemy_user", config)
				diags.ExpectNoErrors(t)
				org.Edit("ada@example.com", func(learner *simulator.Learner) { learner.FirstName = value })
				org.AddGroup(value)

				provider = provider.NextRun()
				after, diags := provider.Read(ada)
				expectRefusedEcho(t, diags, value)
				after.Expect(t, acceptance.Values{"first_name": "Ada"})
				for _, data := range []string{"udemy_users", "udemy_groups"} {
					values, diags := provider.NextRun().ReadData(data, acceptance.Values{})
					expectRefusedEcho(t, diags, value)
					if strings.Contains(fmt.Sprint(values), value) {
						t.Errorf("%s has the token: %v", data, values)
					}
				}
			})
		})
	}
}

// The response to a change is refused in the same way.
func TestTokenInAnAnswerToAChange(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		path, body := "/users/", `{"id": "u1", "email": "ada@example.com", "firstname": %q, "status": "active"}`
		if api == acceptance.SCIM {
			path, body = "/Users", `{"id": "u1", "userName": "ada@example.com", "active": true, "name": {"givenName": %q}}`
		}
		org := acceptance.Start(t, api, simulator.Config{
			Intercept: acceptance.Answer("POST", path, "201 "+fmt.Sprintf(body, simulator.DefaultToken)),
		})
		ada, diags := org.Protocol(t, nil).Create("udemy_user", acceptance.Values{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"})
		expectRefusedEcho(t, diags, simulator.DefaultToken)
		if ada != nil {
			t.Errorf("state has %v", ada.Values)
		}
	})
}

func expectRefusedEcho(t *testing.T, diags acceptance.Diagnostics, value string) {
	t.Helper()
	diags.ExpectError(t, "", "the response is not used because it contains the token")
	if strings.Contains(diags.String(), value) {
		t.Errorf("the token is shown:\n%s", diags)
	}
}

// A refusal that repeats the token in an unusual form shows none of it.
func TestTokenInADiagnostic(t *testing.T) {
	t.Parallel()
	token := simulator.DefaultToken
	for name, echo := range map[string]string{
		"soft hyphens":          strings.Join(strings.Split(token, ""), "\u00ad"),
		"NUL":                   strings.Join(strings.Split(token, ""), `\u0000`),
		"hexadecimal, colons":   fmt.Sprintf("% x", token),
		"hexadecimal, longer":   hex.EncodeToString([]byte("Bearer " + token)),
		"base64, offset 1":      base64.StdEncoding.EncodeToString([]byte("x" + token)),
		"base64, offset 2":      base64.URLEncoding.EncodeToString([]byte("xy" + token)),
		"lower-case percent":    strings.ReplaceAll(strings.ReplaceAll(token, "-", "%2d"), "t", "%74"),
		"HTML entities":         strings.ReplaceAll(token, "-", "&#45;"),
		"terminal sequences":    strings.Join(strings.Split(token, "-"), `\u001b[31m-`),
		"full-width characters": strings.ReplaceAll(token, "t", "ｔ"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				path := map[acceptance.API]string{acceptance.UserManagement: "/groups/", acceptance.SCIM: "/Groups"}[api]
				org := acceptance.Start(t, api, simulator.Config{Intercept: acceptance.Answer("POST", path, `400 {"detail": "You sent `+echo+`"}`)})
				_, diags := org.Protocol(t, nil).Create("udemy_group", acceptance.Values{"name": "Analysts"})
				diags.ExpectError(t, "", "[redacted")
				if strings.Contains(diags.String(), echo[len(echo)-6:]) {
					t.Errorf("the end of the token is shown:\n%s", diags)
				}
			})
		})
	}
}
