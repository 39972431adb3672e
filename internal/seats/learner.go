// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"cmp"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// absent is the status of a learner who is not in the organization.
const absent udemy.Status = ""

// person is a learner of one organization, and what all resources of the plan do with the learner.
type person struct {
	learner
	org, id, email string // email is an EmailKey
	hidden         bool   // The address is sensitive.

	read   source // the learner before the plan, or nil
	found  bool   // by a data source
	listed bool   // A resource has the learner after the apply.

	initial, status udemy.Status // before the plan, and so far
	imported        bool
	gained, lost    bool // A resource begins or ends to manage the learner.
	deleted         bool
	canceled        bool // The invitation is canceled.
	invited         bool // The learner gets an invitation.
	// unread is set for an adopted learner whose status the plan does not contain, and open if the planned status is unknown.
	unread, open bool
	// half is set for a learner who counts as new because the plan does not contain the address.
	half bool

	moves map[*groupChange]int  // 1 for a group that the learner joins, and -1 for one that the learner leaves
	kept  map[*groupChange]bool // groups that a resource begins to manage
}

// source is a learner of the state or of a data source.
type source interface{ object() object }

// before returns the learner as the plan has read it.
func (p *person) before() object {
	if p.read == nil {
		return object{}
	}
	return p.read.object()
}

// show sets the e-mail address and the name of a learner. What is sensitive once stays sensitive.
func (p *person) show(o object) {
	p.hidden = p.hidden || o.isSensitive("email")
	if email := o.raw("email"); email != "" {
		p.Email = email
	}
	if name := fullName(o); name != "" && p.Name != sensitive && !o.isUnknown("first_name") && !o.isUnknown("last_name") {
		p.Name = name
	}
}

func (p *person) note(text string) {
	if !slices.Contains(p.Notes, text) {
		p.Notes = append(p.Notes, text)
	}
}

// at adds the address of a resource or action.
func (p *person) at(address string) {
	if !slices.Contains(p.Addresses, address) {
		p.Addresses = append(p.Addresses, address)
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

// create adds what the create of a resource, or of a line of a roster, does with a learner. The learner may exist.
func (s *subject) create(p *person, after object) {
	p.at(s.address)
	exists := p.status != absent
	if !exists && after.raw("id") != "" { // The provider has found the learner.
		p.unread, exists = true, true
	}
	p.gained = true
	p.invited = p.invited || !exists && !s.config.usesSCIM(s.address)
	p.half = p.half || !exists && after.isUnknown("email")
	switch active, known := after.values["active"].(bool); {
	case after.isUnknown("active"):
		p.open = true
	case known && !active:
		p.status = udemy.StatusDeactivated
		if !exists {
			p.note("deactivated")
		}
	case !exists:
		p.status = udemy.StatusInvited
	case p.status == udemy.StatusDeactivated, p.unread:
		p.status = udemy.StatusActive
	}
	s.profile(p, p.before(), after, true)
}

// remove adds what happens to a learner who leaves a resource. The reason is why.
func (p *person) remove(onDestroy, reason string) {
	switch {
	case onDestroy == removalKeep:
		p.lost = true
	case onDestroy == "delete":
		p.deleted, p.status = true, absent
	case p.status == udemy.StatusInvited:
		p.canceled, p.status = true, absent
	case seat(p.status) == 0:
		p.lost = true
	default:
		p.status = udemy.StatusDeactivated
		p.note(reason)
	}
}

// update adds what a change in place, or a replacement that keeps the account, does with a learner.
func (s *subject) update(p *person, before, after object) {
	p.at(s.address)
	switch active, known := after.values["active"].(bool); {
	case after.isUnknown("active"):
		p.open = true
	case known && active && seat(p.status) == 0:
		p.status = udemy.StatusActive
	case known && !active:
		p.status = udemy.StatusDeactivated
	}
	s.profile(p, before, after, s.actions.Replace())
}

// profile adds the changes that don't affect the seat. At create, attributes that are not configured are unknown: Udemy
// decides on them, and the report omits them. A configured attribute is unknown if it refers to another resource. The plan may not
// contain the reference, so a role is shown if an unknown value may set it.
func (s *subject) profile(p *person, before, after object, creating bool) {
	marks := slices.Concat(before.sensitive, after.sensitive)
	before.sensitive, after.sensitive = marks, marks
	configured := func(name string) bool {
		return !creating || !after.isUnknown(name) || s.refersToResource(name, name == "role" && s.config.hasUnknown)
	}
	differs := func(name string) bool {
		return configured(name) && (after.isUnknown(name) || before.raw(name) != after.raw(name))
	}

	// The default role of a new learner is not a change.
	if differs("role") && (before.exists() || after.raw("role") != string(udemy.RoleLearner)) {
		p.Role = &transition{before.shown("role"), after.shown("role")}
		p.NewAdmin = rights(after) > rights(before)
	}
	if configured("license_types") {
		if added, removed := changedLicenses(before, after); len(added)+len(removed) > 0 {
			p.LicenseTypes = &difference{orEmpty(added), orEmpty(removed)}
		}
	}
	if differs("license_pool") && !strings.EqualFold(before.raw("license_pool"), after.raw("license_pool")) {
		p.LicensePool = &transition{before.shown("license_pool"), after.shown("license_pool")}
	}
	if before.exists() && differs("email") && !udemy.SameEmail(before.raw("email"), after.raw("email")) {
		p.EmailFrom = before.shown("email")
	}
	if before.exists() && (differs("first_name") || differs("last_name")) {
		p.NameFrom = fullName(before)
	}
	s.changeGroups(p, before, after)
	s.identify(p, after)
	p.show(after)
	if p.NameFrom != "" {
		p.Name = fullName(after)
	}
	if after.isUnknown("email") {
		p.Email = knownAfterApply
	}
}

func fullName(o object) string {
	if o.isSensitive("first_name") || o.isSensitive("last_name") {
		return sensitive
	}
	return strings.TrimSpace(o.shown("first_name") + " " + o.shown("last_name"))
}

// changedLicenses returns the licenses that a plan adds and removes.
func changedLicenses(before, after object) (added, removed []string) {
	const name = "license_types"
	old, planned := before.set(name), after.set(name)
	added, removed = planned.without(old), old.without(planned)
	switch {
	case planned.null:
		return nil, nil
	case after.isSensitive(name) && (planned.open != 0 || len(added)+len(removed) > 0):
		return []string{sensitive}, nil
	}
	slices.Sort(added)
	slices.Sort(removed)
	if planned.open != 0 { // An unknown license can be one of the removed ones.
		added = append(added, knownAfterApply)
		removed = nil
	}
	return added, removed
}

// row completes the row of a learner. It returns false if nothing happens to the learner.
func (p *person) row() (learner, bool) {
	p.countGroups()
	seats := seat(p.status) - seat(p.initial)
	p.Seats = &seats
	switch details := p.Role != nil || p.LicenseTypes != nil || p.LicensePool != nil || p.EmailFrom != "" || p.NameFrom != "" || p.Groups != nil || p.Resent; {
	case p.deleted:
		p.Kind = kindDeleted
	case p.canceled:
		p.Kind = kindInvitationCanceled
	case p.unread && seat(p.status) == 1:
		p.Kind, p.Seats = kindAdopted, nil
		p.note("takes a seat if the learner is deactivated")
	case p.unread:
		p.Kind, p.Seats = kindDeactivated, nil
	case p.initial == absent && p.gained:
		p.Kind = kindNew
	case p.open && seat(p.initial) == 1, seats < 0:
		p.Kind = kindDeactivated
	case p.open, seats > 0:
		p.Kind = kindReactivated
	case p.imported && !p.lost:
		p.Kind = kindImported
	case p.gained && !p.lost:
		p.Kind = kindAdopted
	case p.lost && !p.gained && !p.imported:
		p.Kind = kindForgotten
		p.note(seatNote(p.status))
	case details || len(p.Notes) > 0:
		p.Kind = kindChanged
	default:
		return learner{}, false
	}
	if p.open {
		p.Seats = nil
	}
	if p.Kind == kindReactivated || p.Kind == kindDeactivated {
		switch {
		case p.lost:
		case p.imported:
			p.note("imported")
		case p.gained:
			p.note("adopted")
		}
	}
	p.Email = cmp.Or(p.Email, p.id)
	if p.hidden {
		p.hide()
	}
	slices.Sort(p.Addresses)
	return p.learner, true
}

// hide replaces what would identify a learner whose address is sensitive.
func (p *person) hide() {
	p.Email, p.Name = sensitive, ""
	for _, old := range []*string{&p.EmailFrom, &p.NameFrom} {
		if *old != "" {
			*old = sensitive
		}
	}
}

// seatNote describes the seat of a learner that Terraform no longer manages.
func seatNote(status udemy.Status) string {
	if seat(status) == 0 {
		return "has no seat"
	}
	return "keeps the seat"
}

// rights orders the roles: a group admin has fewer rights than an admin, and more than a learner, who has none.
func rights(o object) int {
	switch udemy.Role(o.raw("role")) {
	case udemy.RoleOwner, udemy.RoleAdmin:
		return 2
	case udemy.RoleGroupAdmin:
		return 1
	default:
		return 0
	}
}
