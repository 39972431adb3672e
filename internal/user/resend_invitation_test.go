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

// startWithInvited starts an organization with two invited learners, an active learner and a deactivated learner.
func startWithInvited(t *testing.T, config simulator.Config) *acceptance.Organization {
	t.Helper()
	org := acceptance.Start(t, acceptance.UserManagement, config)
	for id, status := range map[string]string{"ada": "invited", "emmy": "invited", "grace": "active", "marie": "deactivated"} {
		org.Add(simulator.Learner{ID: id, Email: id + "@example.com", FirstName: id, LastName: id, Status: status})
	}
	return org
}

// invoke runs the action for learners, with their e-mail addresses as labels.
func invoke(t *testing.T, org *acceptance.Organization, ids ...string) ([]string, acceptance.Diagnostics) {
	t.Helper()
	learners := map[string]string{}
	for _, id := range ids {
		learners[id+"@example.com"] = id
	}
	return org.Protocol(t, nil).Invoke(resendInvitation, acceptance.Values{"learners": learners})
}

// labeled returns the path of an element of learners in a diagnostic.
func labeled(label string) string { return `learners").ElementKeyString("` + label }

func TestResendInvitation(t *testing.T) {
	t.Parallel()
	org := startWithInvited(t, simulator.Config{})
	progress, diags := invoke(t, org, "emmy", "ada")
	diags.ExpectNone(t)
	org.ExpectWrites(t, "POST /users/ada/resend-invite/", "POST /users/emmy/resend-invite/")
	want := []string{"Invitation sent again to ada@example.com (1 of 2)", "Invitation sent again to emmy@example.com (2 of 2)"}
	if !slices.Equal(progress, want) {
		t.Errorf("the progress is %q, want %q", progress, want)
	}

	org.ResetRequests()
	_, diags = invoke(t, org) // All learners have accepted.
	diags.ExpectNone(t)
	org.ExpectWrites(t)
}

// A learner with several labels gets one e-mail. The letter case of an address is ignored. Other labels are not checked.
func TestResendInvitation_labels(t *testing.T) {
	t.Parallel()
	org := startWithInvited(t, simulator.Config{})
	progress, diags := org.Protocol(t, nil).Invoke(resendInvitation, acceptance.Values{"learners": map[string]string{
		"Countess of Lovelace": "ada", "ADA@example.com": "ada", "ada@example.com": "ada",
	}})
	diags.ExpectNone(t)
	org.ExpectWrites(t, "POST /users/ada/resend-invite/")
	if want := []string{"Invitation sent again to ADA@example.com (1 of 1)"}; !slices.Equal(progress, want) {
		t.Errorf("the progress is %q, want %q", progress, want)
	}
}

// A label that is the address of another learner is an error, because the plan shows the labels as recipients.
func TestResendInvitation_otherAddress(t *testing.T) {
	t.Parallel()
	for name, learners := range map[string]map[string]string{
		"alone":                {"emmy@example.com": "ada"},
		"with the own address": {"ada@example.com": "ada", "emmy@example.com": "ada"},
		"with another label":   {"Ada": "ada", "emmy@example.com": "ada"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := startWithInvited(t, simulator.Config{})
			_, diags := org.Protocol(t, nil).Invoke(resendInvitation, acceptance.Values{"learners": learners})
			diags.ExpectError(t, labeled("emmy@example.com"), "Learner ada is not emmy@example.com", "has the e-mail address ada@example.com", "No e-mail was sent")
			org.ExpectWrites(t)
		})
	}
}

// For a learner without an open invitation there is a warning. The other learners get their e-mail.
func TestResendInvitation_notInvited(t *testing.T) {
	t.Parallel()
	for id, words := range map[string][]string{
		"grace": {`"grace@example.com" has no open invitation`, "status is active", `if u.status == "invited"`},
		"marie": {`"marie@example.com" has no open invitation`, "status is deactivated", "active = true"},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			org := startWithInvited(t, simulator.Config{})
			progress, diags := invoke(t, org, id, "emmy", "ada")
			diags.ExpectWarningAt(t, labeled(id+"@example.com"), words...)
			org.ExpectWrites(t, "POST /users/ada/resend-invite/", "POST /users/emmy/resend-invite/")
			if len(progress) != 2 {
				t.Errorf("the progress is %q", progress)
			}
		})
	}
}

// Between the read of a learner and the e-mail, the invitation may be accepted.
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
	diags.ExpectWarningAt(t, labeled("ada@example.com"), `"ada@example.com" has no open invitation`, "status is active")
}

// A refusal that the learner's status does not explain is an error.
func TestResendInvitation_refusedAlthoughInvited(t *testing.T) {
	t.Parallel()
	org := startWithInvited(t, simulator.Config{Intercept: acceptance.Answer("POST", "/resend-invite/", "409 {\"detail\": \"Try later\"}")})
	_, diags := invoke(t, org, "ada")
	diags.ExpectError(t, labeled("ada@example.com"), `Unable to resend the invitation to learner "ada@example.com" (ada)`, "Try later")
}

func TestResendInvitation_notFound(t *testing.T) {
	t.Parallel()
	org := startWithInvited(t, simulator.Config{})
	progress, diags := invoke(t, org, "ada", "unknown")
	diags.ExpectError(t, labeled("unknown@example.com"), `"unknown@example.com" (unknown)`, "not found", "no learner with this ID", "remove the entry from learners")
	if len(progress) != 1 {
		t.Errorf("the progress is %q", progress)
	}
	_, diags = invoke(t, org, "ada@example.com")
	diags.ExpectError(t, labeled("ada@example.com@example.com"), "looks like an e-mail address", "values of learners are IDs")
}

// If the API does not return learners, a conflict means that the learner is not invited.
func TestResendInvitation_notReadable(t *testing.T) {
	t.Parallel()
	org := startWithInvited(t, simulator.Config{Variations: simulator.Variations{ReadStatus: 405}})
	progress, diags := invoke(t, org, "ada", "grace")
	diags.ExpectWarningAt(t, labeled("grace@example.com"), `"grace@example.com" has no open invitation`, "no pending invitation")
	if !slices.Equal(progress, []string{"Invitation sent again to ada@example.com (1 of 2)"}) {
		t.Errorf("the progress is %q", progress)
	}
}

// A failure that affects all learners ends the action.
func TestResendInvitation_failsForAll(t *testing.T) {
	t.Parallel()
	for answer, word := range map[string]string{"401": "UDEMY_TOKEN", "403": "does not allow this call", "501": "no such call"} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			org := startWithInvited(t, simulator.Config{Intercept: acceptance.Answer("POST", "/resend-invite/", answer)})
			progress, diags := invoke(t, org, "ada", "emmy")
			if len(diags) != 2 {
				t.Fatalf("%d diagnostics, want 2:\n%s", len(diags), diags)
			}
			diags[:1].ExpectError(t, labeled("ada@example.com"), `"ada@example.com"`, word)
			diags[1:].ExpectError(t, "learners", "1 more invitations were not tried")
			org.ExpectWrites(t, "POST /users/ada/resend-invite/")
			if len(progress) > 0 {
				t.Errorf("the progress is %q", progress)
			}
		})
	}
}

func TestResendInvitation_refused(t *testing.T) {
	t.Parallel()
	const lines = "u1\r\nX-Admin: 1"
	for name, test := range map[string]struct {
		api       acceptance.API
		id        string
		attribute string
		word      string
	}{
		"empty ID":       {acceptance.UserManagement, "", labeled("Ada"), "Malformed ID"},
		"blank":          {acceptance.UserManagement, " u1", labeled("Ada"), "without a blank at an end"},
		"line breaks":    {acceptance.UserManagement, lines, labeled("Ada"), "without control characters"},
		"path traversal": {acceptance.UserManagement, "..", labeled("Ada"), "Malformed ID"},
		"over SCIM":      {acceptance.SCIM, "u1", "", "SCIM, which does not return invitations"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, test.api, simulator.Config{})
			_, diags := org.Protocol(t, nil).Invoke(resendInvitation, acceptance.Values{"learners": map[string]string{"Ada": test.id}})
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
	_, diags := protocol.Invoke(resendInvitation, acceptance.Values{"learners": map[string]string{"ada@example.com": "ada"}})
	diags.ExpectError(t, "", "can't be used yet")
}
