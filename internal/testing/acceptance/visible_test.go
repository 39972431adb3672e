// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// forged is a text from a server that would begin a line of its own in a diagnostic, clear the screen, and turn the text around.
const forged = "odd\nError: forged\r\u2028\x1b[2J\x00\u202e\u2066"

// Diagnostics show texts from a server in one line, without control characters and changes of the text direction.
func TestServerTextInDiagnostics(t *testing.T) {
	t.Parallel()
	quoted, err := json.Marshal(forged)
	if err != nil {
		t.Fatal(err)
	}
	ada := acceptance.Values{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace", "adopt_existing": false}
	existing := simulator.Learner{ID: "u1", Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", SCIM: true}
	for name, test := range map[string]struct {
		// learner exists already.
		learner func(*simulator.Learner)
		// answer is the body of a refusal of each change.
		answer string
		do     func(*acceptance.Protocol) acceptance.Diagnostics
	}{
		"status of a learner": {
			learner: func(l *simulator.Learner) { l.Status = forged },
			do:      func(p *acceptance.Protocol) acceptance.Diagnostics { return p.Plan(nil, "udemy_user", ada).Diagnostics },
		},
		"ID of a learner": {
			learner: func(l *simulator.Learner) { l.ID = forged },
			do: func(p *acceptance.Protocol) acceptance.Diagnostics {
				_, diags := p.ReadData("udemy_users", acceptance.Values{})
				return diags
			},
		},
		"names": {
			learner: func(l *simulator.Learner) { l.FirstName, l.LastName = forged, forged },
			do: func(p *acceptance.Protocol) acceptance.Diagnostics {
				adopted := acceptance.Values{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}
				return p.Plan(nil, "udemy_user", adopted).Diagnostics
			},
		},
		"detail": {
			answer: `{"detail": ` + string(quoted) + `}`,
			do: func(p *acceptance.Protocol) acceptance.Diagnostics {
				_, diags := p.Create("udemy_group", acceptance.Values{"name": "Analysts"})
				return diags
			},
		},
		"message about an attribute": {
			answer: `{"name": [` + string(quoted) + `], "scimType": ` + string(quoted) + `}`,
			do: func(p *acceptance.Protocol) acceptance.Diagnostics {
				_, diags := p.Create("udemy_group", acceptance.Values{"name": "Analysts"})
				return diags
			},
		},
		"text": {
			answer: forged,
			do: func(p *acceptance.Protocol) acceptance.Diagnostics {
				_, diags := p.Create("udemy_group", acceptance.Values{"name": "Analysts"})
				return diags
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				config := simulator.Config{}
				if test.answer != "" {
					path := map[acceptance.API]string{acceptance.UserManagement: "/groups/", acceptance.SCIM: "/Groups"}[api]
					config.Intercept = acceptance.Answer("POST", path, "400 "+test.answer)
				}
				org := acceptance.Start(t, api, config)
				if test.learner != nil {
					learner := existing
					test.learner(&learner)
					org.Add(learner)
				}
				diags := test.do(org.Protocol(t, nil))
				for _, diag := range diags {
					for _, text := range []string{diag.Summary, strings.ReplaceAll(diag.Detail, "\n\n", "")} {
						if strings.ContainsAny(text, "\r\u2028\x1b\x00\u202e\u2066") || strings.Contains(text, "\nError: forged") {
							t.Errorf("%+q", text)
						}
					}
				}
				if len(diags) == 0 {
					t.Error("no diagnostics, so the test shows nothing")
				}
			})
		})
	}
}

// terraform query shows the names of listed objects.
func TestServerTextInListedNames(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		org.AddGroup(forged)
		results, diags := org.Protocol(t, nil).List("udemy_group", acceptance.Values{}, false, 10)
		diags.ExpectNoErrors(t)
		if len(results) != 1 || strings.ContainsAny(results[0].DisplayName, "\n\r\u2028\x1b\x00\u202e\u2066") {
			t.Errorf("results %+v", results)
		}
	})
}
