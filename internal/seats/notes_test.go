// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"slices"
	"strings"
	"testing"
)

// The report states what its numbers do not include.
func TestUncertainNumbers(t *testing.T) {
	t.Parallel()
	open := planned("udemy_user.x", "create", nil, account("ada@example.com", "active", nil), "after_unknown", unknownID("active"))
	if output := runSeats(t, planOf(open)); !strings.Contains(output, "**At least 1 person gets an e-mail**") {
		t.Errorf("the number of e-mails is not certain, but the report is\n%s", output)
	}
	adopted := planned("udemy_user.x", "create", nil, existing("1", "ada@example.com", "status", nil), "after_unknown", attributes{"status": true})
	if output := runSeats(t, planOf(adopted)); !strings.Contains(output, "No e-mail is sent, as far as it is known.") {
		t.Errorf("an e-mail is possible, but the report is\n%s", output)
	}
	grouped := planned("udemy_user.x", "create", nil, account("ada@example.com"), "after_unknown", unknownID("group_ids"))
	for change, want := range map[string]bool{grouped: true, created("ada@example.com"): false} {
		if got := slices.Contains(reportOn(t, planOf(change)).Notes, unnamedNote); got != want {
			t.Errorf("%s: a note on groups without a name: %t, want %t", change, got, want)
		}
	}
	if notes := reportOn(t, planOf(read(), created("ada@example.com"))).Notes; slices.Contains(notes, unreadNote) {
		t.Error("the plan has read an organization without learners, but the report denies it")
	}
}
