// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package invariant_test

import (
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// Contradictions that the checks make exceptions for.
const (
	ownersOfMembership = "two owners of a membership"
	frozenLearner      = "a change of a deactivated learner"
	renamedReplacement = "a replacement of a group with another name"
	readdressed        = "a replacement with another address"
)

// contradictions lists what a plan may refuse. A plan without a contradiction must not be refused.
func (s *scenario) contradictions() []string {
	var found []string
	for i, p := range s.people {
		if p.after != nil {
			found = append(found, s.contradictionsOf(i, p)...)
		}
	}
	for i, g := range s.groups {
		if g.after != nil {
			found = append(found, s.contradictionsOfGroup(i, g)...)
		}
	}
	return found
}

func (s *scenario) contradictionsOf(i int, p *person) []string {
	var found []string
	add := func(condition bool, words string) {
		if condition {
			found = append(found, words)
		}
	}
	isNew := p.isNew()
	sameAddress := p.before != nil && p.before.email == p.after.email
	sameExternalID := p.before != nil && p.before.externalID != "" && p.before.externalID == p.after.externalID
	add(isNew && sameAddress, "a key renamed without a moved block")
	add(isNew && !sameAddress && sameExternalID, "an external ID with another address and key")
	if replaced := (p.replaced || p.tainted) && !isNew; replaced {
		add(p.after.adoptExisting != nil && !*p.after.adoptExisting, "a replacement that may not adopt")
		add(!sameAddress, readdressed)
		add(p.before.externalID != "" && p.after.externalID == "", "a replacement without the external ID")
	}
	add(s.isFrozen(p), frozenLearner)
	for j, other := range s.people {
		if j != i && other.before != nil {
			add(other.before.email == p.after.email, "an address handed over")
			add(p.after.externalID != "" && other.before.externalID == p.after.externalID, "an external ID handed over")
		}
		if other.existing == nil {
			continue
		}
		add(other.existing.email == p.after.email && p.before != nil && !sameAddress, "an address changed to that of an existing learner")
		add(other.existing.email == p.after.email && p.after.adoptExisting != nil && !*p.after.adoptExisting && isNew, "an adoption that is not allowed")
		add(p.after.externalID != "" && other.existing.externalID == p.after.externalID && other.existing.email != p.after.email,
			"an external ID of an existing learner with another address")
	}
	for _, group := range p.after.groups {
		add(p.after.hasTwoOwners(s.groups[group].after), ownersOfMembership)
	}
	return found
}

// isFrozen reports whether the configuration changes a learner who is deactivated and stays so, which the user-management
// API does not allow.
func (s *scenario) isFrozen(p *person) bool {
	if s.api != acceptance.UserManagement || !p.after.inactive {
		return false
	}
	isDeactivated := p.existing != nil && p.existing.status == simulator.StatusDeactivated
	if p.before == nil {
		return isDeactivated
	}
	return p.before.inactive &&
		(p.before.email != p.after.email || p.before.firstName != p.after.firstName || p.before.externalID != p.after.externalID)
}

// mayStick reports whether applies may go on failing until the configuration is changed: it changes a learner who is
// deactivated, or replaces a learner or a group under another address or name, which a destroy refuses.
func (s *scenario) mayStick() bool {
	return slices.ContainsFunc(s.contradictions(), func(words string) bool {
		return words == frozenLearner || words == renamedReplacement || words == readdressed
	})
}

// hasTwoOwners reports whether another resource than group_ids has a learner in a group, too.
func (l *learner) hasTwoOwners(g *groupBlock) bool {
	return g != nil && l.groupIDs && (g.owner == byMembership || g.owner == byMembers || g.owner == byTwoMembers)
}

func (s *scenario) contradictionsOfGroup(i int, g *group) []string {
	var found []string
	add := func(condition bool, words string) {
		if condition {
			found = append(found, words)
		}
	}
	isNew := g.before == nil || g.before.key != g.after.key && !g.moved
	sameName := g.before != nil && g.before.name == g.after.name
	add(isNew && sameName, "a group's key renamed without a moved block")
	add((g.step.replaced || g.tainted) && !isNew && !sameName, renamedReplacement)
	add(g.after.owner == byTwoMembers, "two owners of a group")
	add((g.step.replaced || g.tainted) && !isNew && g.after.owner == byMembers && g.before.owner != byMembers, "a group replaced and owned in one step")
	add(isNew && g.existing && g.existingName(i) == g.after.name && g.after.owner == byMembers, "a group adopted and owned in one step")
	for j, other := range s.groups {
		add(j != i && other.before != nil && other.before.name == g.after.name, "a group's name handed over")
		add(j != i && other.existing && strings.EqualFold(other.existingName(j), g.after.name), "a name of another group")
	}
	return found
}

// isValid reports whether each configuration alone is valid: addresses, external IDs, names and keys are used once, and each
// membership has one owner in the first configuration.
func (s *scenario) isValid() bool {
	for _, after := range []bool{false, true} {
		seen := map[string]bool{}
		ok := true
		once := func(kind, value string) {
			ok = ok && (value == "" || !seen[kind+value])
			seen[kind+value] = true
		}
		people, groups := s.blocks(after)
		for i, l := range people {
			if l == nil {
				continue
			}
			once("email", l.email)
			once("external ID", l.externalID)
			once("user", l.key)
			if after {
				ok = ok && !s.isKeyOfAnother(i, l)
			}
			if l.onDestroy == deleteForGood && s.api != acceptance.UserManagement {
				return false
			}
		}
		for _, g := range groups {
			if g != nil {
				once("group", g.key)
				once("name", g.name)
			}
		}
		if !ok {
			return false
		}
	}
	for _, g := range s.groups {
		if g.before != nil && g.before.owner == byTwoMembers {
			return false
		}
	}
	seen := map[string]bool{}
	for _, p := range s.people {
		if p.before != nil && slices.ContainsFunc(p.before.groups, func(group int) bool { return p.before.hasTwoOwners(s.groups[group].before) }) {
			return false
		}
		if p.existing != nil && seen[p.existing.email] {
			return false
		}
		if p.existing != nil {
			seen[p.existing.email] = true
			if p.existing.status == simulator.StatusInvited && s.api != acceptance.UserManagement {
				return false
			}
		}
		if p.forgotten && s.forEach {
			return false // A removed block can't name an instance.
		}
	}
	for _, g := range s.groups {
		if g.before != nil && g.after == nil && !g.forgotten && g.before.onDestroy == "" {
			return false // What the default does depends on the members.
		}
		if g.forgotten && s.forEach {
			return false
		}
	}
	return true
}

// isKeyOfAnother reports whether a block takes the key that another person had: both are the same resource then.
func (s *scenario) isKeyOfAnother(person int, l *learner) bool {
	for i, other := range s.people {
		if i != person && other.before != nil && other.before.key == l.key {
			return true
		}
	}
	return false
}
