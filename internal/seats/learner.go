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

// absent is the status of a learner who is not in the organization.
const absent udemy.Status = ""

// shownEmail returns the new e-mail address, or the previous one if the new one is unknown.
func shownEmail(before, after object) string {
	email := cmp.Or(after.shown("email"), before.shown("email"))
	if email == knownAfterApply && before.exists() {
		return before.shown("email")
	}
	return email
}

// user adds the changes of a udemy_user. It follows the order of the actions, because the result of a replacement depends on
// whether the delete or the create comes first.
func (s *subject) user(planned *tfjson.Change) {
	if planned.Importing != nil {
		s.add(change{Kind: kindImported}, 0)
	}
	status := statusOf(s.before)
	for _, action := range planned.Actions {
		switch action {
		case tfjson.ActionCreate:
			status = s.create(status)
		case tfjson.ActionDelete:
			status = s.destroy(status)
		case tfjson.ActionForget:
			s.add(change{Kind: kindForgotten, Note: seatNote(status)}, 0)
		case tfjson.ActionUpdate:
			s.update()
		}
	}
}

// statusOf returns the status of a learner in state or in a data source.
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

// seat returns the number of seats of a learner with the status: 0 or 1.
func seat(status udemy.Status) int {
	if status != absent && status.Seated() {
		return 1
	}
	return 0
}

// seatNote describes the seat of a learner that Terraform no longer manages.
func seatNote(status udemy.Status) string {
	if seat(status) == 0 {
		return "has no seat"
	}
	return "keeps the seat"
}

// create adds the changes of a create: of a new learner, of an existing learner whom the plan has read, or of a replaced
// learner with the given status. It returns the status after the create.
func (s *subject) create(replaced udemy.Status) udemy.Status {
	email := udemy.EmailKey(s.after.raw("email"))
	existing, found := s.directory.existing[email]
	if !found {
		existing = s.released[email]
	}
	status := statusOf(existing)
	if s.before.exists() && udemy.SameEmail(s.before.raw("email"), s.after.raw("email")) {
		existing, status = s.before, replaced
	}
	return s.createFrom(existing, status)
}

// createFrom adds the changes of a create of a learner who may exist with the given status.
func (s *subject) createFrom(existing object, status udemy.Status) udemy.Status {
	if status == absent {
		existing = object{}
	}
	c := change{Kind: kindNew}
	if status != absent {
		c.Kind = kindAdopted
	}
	becomes := status
	switch active, known := s.after.values["active"].(bool); {
	case known && !active:
		becomes = udemy.StatusDeactivated
		c.Note = "deactivated"
	case status == absent:
		becomes = udemy.StatusInvited
	case status == udemy.StatusDeactivated:
		becomes = udemy.StatusActive
		c.Note = "reactivated"
	}
	if s.after.isUnknown("active") {
		s.addUnknown(c)
	} else {
		s.add(c, seat(becomes)-seat(status))
	}
	s.profile(existing, true)
	return becomes
}

// destroy adds the changes of a destroy. The prior state contains on_destroy. It returns the status after the destroy.
func (s *subject) destroy(status udemy.Status) udemy.Status {
	switch onDestroy := s.before.raw("on_destroy"); {
	case onDestroy == "keep":
		s.add(change{Kind: kindForgotten, Note: seatNote(status)}, 0)
		return status
	case onDestroy == "delete":
		s.add(change{Kind: kindDeleted}, -seat(status))
		return absent
	case status == udemy.StatusInvited:
		s.add(change{Kind: kindInvitationCanceled}, -1)
		return absent
	case status == udemy.StatusDeactivated:
		s.add(change{Kind: kindForgotten, Note: seatNote(status)}, 0)
	default:
		s.add(change{Kind: kindDeactivated, Note: cmp.Or(s.reason, "on destroy")}, -1)
	}
	return udemy.StatusDeactivated
}

func (s *subject) update() {
	c, seats := change{Kind: kindReactivated}, 1
	wasActive := seat(statusOf(s.before)) == 1
	if wasActive {
		c, seats = change{Kind: kindDeactivated}, -1
	}
	switch active, known := s.after.values["active"].(bool); {
	case s.after.isUnknown("active"):
		s.addUnknown(c)
	case known && active != wasActive:
		s.add(c, seats)
	}
	s.profile(s.before, false)
}

// profile adds the changes that don't affect the seat. At create, attributes that are not configured are unknown: Udemy
// decides on them, and the report omits them.
func (s *subject) profile(before object, creating bool) {
	after := s.after
	marks := slices.Concat(before.sensitive, after.sensitive)
	before.sensitive, after.sensitive = marks, marks
	configured := func(name string) bool { return !creating || !after.isUnknown(name) }
	differs := func(name string) bool {
		return after.isUnknown(name) || before.raw(name) != after.raw(name)
	}

	// The default role of a new learner is not a change.
	notDefault := before.exists() || after.raw("role") != string(udemy.RoleLearner)
	if configured("role") && differs("role") && notDefault {
		s.add(change{Kind: kindRole, From: before.shown("role"), To: after.shown("role")}, 0)
	}
	if configured("license_types") {
		if added, removed := difference(before, after, "license_types", nil); len(added)+len(removed) > 0 {
			s.add(change{Kind: kindLicenseTypes, Added: added, Removed: removed}, 0)
		}
	}
	if configured("license_pool") && differs("license_pool") && !strings.EqualFold(before.raw("license_pool"), after.raw("license_pool")) {
		s.add(change{Kind: kindLicensePool, From: before.shown("license_pool"), To: after.shown("license_pool")}, 0)
	}
	if before.exists() && differs("email") && !udemy.SameEmail(before.raw("email"), after.raw("email")) {
		s.add(change{Kind: kindEmail, From: before.shown("email"), To: after.shown("email")}, 0)
	}
	renamed := func(name string) bool { return configured(name) && differs(name) }
	if before.exists() && (renamed("first_name") || renamed("last_name")) {
		s.add(change{Kind: kindName, From: fullName(before), To: fullName(after)}, 0)
	}
	if added, removed := difference(before, after, "group_ids", s.directory.groups); len(added)+len(removed) > 0 {
		s.add(change{Kind: kindGroups, Added: added, Removed: removed}, 0)
	}
	// Only the lines of a roster have names of groups.
	if added, removed := difference(before, after, "groups", nil); len(added)+len(removed) > 0 {
		s.add(change{Kind: kindGroups, Added: added, Removed: removed}, 0)
	}
}

func fullName(o object) string {
	if o.isSensitive("first_name") || o.isSensitive("last_name") {
		return sensitive
	}
	return strings.TrimSpace(o.shown("first_name") + " " + o.shown("last_name"))
}
