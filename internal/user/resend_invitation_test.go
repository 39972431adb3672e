// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const resendInvitation = "udemy_resend_invitation"

// startWithInvited makes an organization with two learners who are invited, one who accepted and one who left.
func startWithInvited(t *testing.T, config simulator.Config) *acceptance.Organization {
	t.Helper()
	org := acceptance.Start(t, acceptance.UserManagement, config)
	for id, status := range map[string]string{"ada": "invited", "emmy": "invited", "grace": "active", "marie": "deactivated"} {
		org.Add(simulator.Learner{ID: id, Email: id + "@example.com", FirstName: id, LastName: id, Status: status})
	}
	return org
}

func invoke(t *testing.T, org *acceptance.Organization, ids ...string) ([]string, acceptance.Diagnostics) {
	t.Helper()
	return org.Protocol(t, nil).Invoke(resendInvitation, acceptance.Values{"user_ids": ids})
}

func TestResendInvitation(t *testing.T) {
	t.Parallel()
	org := startWithInvited(t, simulator.Config{})
	progress, diags := invoke(t, org, "emmy", "ada")
	diags.ExpectNone(t)
	org.ExpectWrites(t, "POST /users/ada/resend-invite/", "POST /users/emmy/resend-invite/")
	want := []string{"Invitation sent again to ada@example.com (1 of 2)", "Invitation sent again to emmy@example.com (2 of 2)"}
	if !slices.Equal(progress, want) {
		t.Errorf("progress is %q, want %q", progress, want)
	}

	org.ResetRequests()
	_, diags = invoke(t, org) // As when everybody has accepted meanwhile.
	diags.ExpectNone(t)
	org.ExpectWrites(t)
}

// Each learner who can't be served is an error; the others get their invitation.
func TestResendInvitation_notInvited(t *testing.T) {
	t.Parallel()
	for id, words := range map[string][]string{
		"grace": {`"grace@example.com" has no open invitation`, "status is active", `learner.status == "invited"`},
		"marie": {`"marie@example.com" has no open invitation`, "status is deactivated", "active = true"},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			org := startWithInvited(t, simulator.Config{})
			progress, diags := invoke(t, org, id, "emmy", "ada")
			diags.ExpectError(t, "user_ids", words...)
			org.ExpectWrites(t, "POST /users/ada/resend-invite/", "POST /users/emmy/resend-invite/")
			if len(progress) != 2 {
				t.Errorf("progress is %q", progress)
			}
		})
	}
}

// Between the look at a learner and the e-mail, the invitation may be accepted.
func TestResendInvitation_acceptedMeanwhile(t *testing.T) {
	t.Parallel()
	var org *acceptance.Organization
	org = startWithInvited(t, simulator.Config{Intercept: func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost {
			org.Edit("ada@example.com", func(l *simulator.Learner) { l.Status = "active" })
		}
		return false
	}})
	_, diags := invoke(t, org, "ada")
	diags.ExpectError(t, "user_ids", `"ada@example.com" has no open invitation`, "status is active")
}

// Where learners can't be read, Udemy decides who is invited.
func TestResendInvitation_notReadable(t *testing.T) {
	t.Parallel()
	org := startWithInvited(t, simulator.Config{Variations: simulator.Variations{ReadStatus: 405}})
	progress, diags := invoke(t, org, "ada", "grace")
	diags.ExpectError(t, "user_ids", `"grace"`, "no pending invitation")
	if !slices.Equal(progress, []string{"Invitation sent again to ada (1 of 2)"}) {
		t.Errorf("progress is %q", progress)
	}
}

// What would fail for everybody is tried once.
func TestResendInvitation_failsForAll(t *testing.T) {
	t.Parallel()
	for answer, word := range map[string]string{"401": "UDEMY_TOKEN", "403": "does not allow this call", "501": "no such call"} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			org := startWithInvited(t, simulator.Config{Intercept: acceptance.Answer("POST", "/resend-invite/", answer)})
			progress, diags := invoke(t, org, "ada", "emmy")
			if len(diags) != 2 {
				t.Fatalf("the action said:\n%s", diags)
			}
			diags[:1].ExpectError(t, "user_ids", `"ada@example.com"`, word)
			diags[1:].ExpectError(t, "user_ids", "1 more invitations were not tried")
			org.ExpectWrites(t, "POST /users/ada/resend-invite/")
			if len(progress) > 0 {
				t.Errorf("progress is %q", progress)
			}
		})
	}
}

func TestResendInvitation_refused(t *testing.T) {
	t.Parallel()
	element := func(id string) string { return `user_ids").ElementKeyValue(tftypes.String<"` + id + `">)` }
	const lines = "u1\r\nX-Admin: 1"
	for name, test := range map[string]struct {
		api       acceptance.API
		ids       []string
		attribute string
		word      string
	}{
		"an empty id":   {acceptance.UserManagement, []string{""}, element(""), "Malformed ID"},
		"a blank":       {acceptance.UserManagement, []string{" u1"}, element(" u1"), "without blanks"},
		"line breaks":   {acceptance.UserManagement, []string{lines}, element(lines), "visible characters"},
		"another place": {acceptance.UserManagement, []string{".."}, element(".."), "Malformed ID"},
		"over SCIM":     {acceptance.SCIM, []string{"u1"}, "", "SCIM, which invites nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, test.api, simulator.Config{})
			_, diags := invoke(t, org, test.ids...)
			diags.ExpectError(t, test.attribute, test.word)
			if requests := org.RequestCount(); requests > 0 {
				t.Errorf("%d requests were sent", requests)
			}
		})
	}
}

func TestResendInvitation_notReady(t *testing.T) {
	t.Parallel()
	org := startWithInvited(t, simulator.Config{})
	protocol := org.Protocol(t, acceptance.Values{"token": acceptance.Unknown})
	_, diags := protocol.Invoke(resendInvitation, acceptance.Values{"user_ids": []string{"ada"}})
	diags.ExpectError(t, "", "can't be used yet")
}
