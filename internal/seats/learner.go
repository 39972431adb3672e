// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"cmp"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// absent is the status of somebody who is not in the organization.
const absent udemy.Status = ""

// shownEmail is the new e-mail address, or the last one that is known.
func shownEmail(before, after object) string {
	email := cmp.Or(after.shown("email"), before.shown("email"))
	if email == knownAfterApply && before.exists() {
		return before.shown("email")
	}
	return email
}

// user follows the actions in their order: what a replacement does depends on which half comes first.
func (s *subject) user(change *tfjson.Change) {
	if change.Importing != nil {
		s.add(Change{Kind: Imported}, 0)
	}
	status := statusOf(s.before)
	for _, action := range change.Actions {
		switch action {
		case tfjson.ActionCreate:
			status = s.create(status)
		case tfjson.ActionDelete:
			status = s.destroy(status)
		case tfjson.ActionForget:
			s.add(Change{Kind: Forgotten, Note: standing(status)}, 0)
		case tfjson.ActionUpdate:
			s.update()
		}
	}
}

// statusOf is where a learner in state or in a data source stands.
func statusOf(o object) udemy.Status {
	switch active, known := o.values["active"].(bool); {
	case !o.exists():
		return absent
	case o.raw("status") != "":
		return udemy.Status(o.raw("status"))
	case known && !active:
		return udemy.StatusDeactivated
	default:
		return udemy.StatusActive
	}
}

// seat is how many seats a learner in a status takes.
func seat(status udemy.Status) int {
	if status != absent && status.Seated() {
		return 1
	}
	return 0
}

// standing says what becomes of a seat that Terraform leaves alone.
func standing(status udemy.Status) string {
	if seat(status) == 0 {
		return "has no seat"
	}
	return "keeps the seat"
}

// create says what creating does: to nobody, to somebody whom the plan has read, or to somebody who is replaced and has
// the status. It returns the status afterwards.
func (s *subject) create(replaced udemy.Status) udemy.Status {
	existing := s.directory.existing[udemy.EmailKey(s.after.raw("email"))]
	status := statusOf(existing)
	if s.before.exists() && udemy.SameEmail(s.before.raw("email"), s.after.raw("email")) {
		existing, status = s.before, replaced
	}
	if status == absent {
		existing = object{}
	}

	change := Change{Kind: New}
	if status != absent {
		change.Kind = Adopted
	}
	becomes := status
	switch active, known := s.after.values["active"].(bool); {
	case known && !active:
		becomes = udemy.StatusDeactivated
		change.Note = "deactivated"
	case status == absent:
		becomes = udemy.StatusInvited
	case status == udemy.StatusDeactivated:
		becomes = udemy.StatusActive
		change.Note = "reactivated"
	}
	if s.after.isUnknown("active") {
		s.note(change)
	} else {
		s.add(change, seat(becomes)-seat(status))
	}
	s.profile(existing, true)
	return becomes
}

// destroy says what destroying does, which the prior state decides, and returns the status afterwards.
func (s *subject) destroy(status udemy.Status) udemy.Status {
	switch onDestroy := s.before.raw("on_destroy"); {
	case onDestroy == "keep":
		s.add(Change{Kind: Forgotten, Note: standing(status)}, 0)
		return status
	case onDestroy == "delete":
		s.add(Change{Kind: Deleted}, -seat(status))
		return absent
	case status == udemy.StatusInvited:
		s.add(Change{Kind: InvitationCancelled}, -1)
		return absent
	case status == udemy.StatusDeactivated:
		s.add(Change{Kind: Forgotten, Note: standing(status)}, 0)
	default:
		s.add(Change{Kind: Deactivated, Note: "on destroy"}, -1)
	}
	return udemy.StatusDeactivated
}

func (s *subject) update() {
	change, seats := Change{Kind: Reactivated}, 1
	wasActive := seat(statusOf(s.before)) == 1
	if wasActive {
		change, seats = Change{Kind: Deactivated}, -1
	}
	switch active, known := s.after.values["active"].(bool); {
	case s.after.isUnknown("active"):
		s.note(change)
	case known && active != wasActive:
		s.add(change, seats)
	}
	s.profile(s.before, false)
}

// profile says what changes of a learner beside the seat. An attribute that nobody configures is unknown while creating:
// then Udemy decides.
func (s *subject) profile(before object, creating bool) {
	after := s.after
	marks := slices.Concat(before.sensitive, after.sensitive)
	before.sensitive, after.sensitive = marks, marks
	decided := func(name string) bool { return !creating || !after.isUnknown(name) }
	differs := func(name string) bool {
		return after.isUnknown(name) || before.raw(name) != after.raw(name)
	}

	// Every new learner who is no admin would be news otherwise.
	news := before.exists() || after.raw("role") != string(udemy.RoleLearner)
	if decided("role") && differs("role") && news {
		s.add(Change{Kind: Role, From: before.shown("role"), To: after.shown("role")}, 0)
	}
	if decided("license_types") {
		if added, removed := moves(before, after, "license_types", nil); len(added)+len(removed) > 0 {
			s.add(Change{Kind: LicenseTypes, Added: added, Removed: removed}, 0)
		}
	}
	if before.exists() && differs("email") && !udemy.SameEmail(before.raw("email"), after.raw("email")) {
		s.add(Change{Kind: Email, From: before.shown("email"), To: after.shown("email")}, 0)
	}
	if before.exists() && (differs("first_name") || differs("last_name")) {
		s.add(Change{Kind: Name, From: fullName(before), To: fullName(after)}, 0)
	}
	if added, removed := moves(before, after, "group_ids", s.directory.groups); len(added)+len(removed) > 0 {
		s.add(Change{Kind: Groups, Added: added, Removed: removed}, 0)
	}
}

func fullName(o object) string {
	if o.isSensitive("first_name") || o.isSensitive("last_name") {
		return sensitive
	}
	return strings.TrimSpace(o.shown("first_name") + " " + o.shown("last_name"))
}
