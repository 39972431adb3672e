// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package invariant_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/core"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// The kinds of violations. TestInvariant says what each part of the invariant is.
const (
	kindAccountLost   = "1 an account is lost"
	kindSeatLost      = "1 a seat is lost"
	kindOtherAccount  = "1 a resource gets another account"
	kindStranger      = "2 a learner in neither configuration is changed"
	kindStrangeGroup  = "2 a group in neither configuration is changed"
	kindTwoHolders    = "3 two resources hold one ID"
	kindNoAccount     = "3 a listed learner has no account as described"
	kindNotReleased   = "3 a learner who was removed is not released as on_destroy says"
	kindGroupLost     = "4 a group is lost"
	kindMembers       = "4 a group does not have its members"
	kindTwoOwners     = "4 a group with two owners is not refused"
	kindDestroysLater = "5 the next plan destroys"
	kindRefusedLater  = "5 the plan after a successful apply is refused"
	kindStuck         = "6 an apply fails, and the next plan or apply too"
	kindBug           = "6 Terraform reports a bug in the provider"
	kindWroteAtPlan   = "7 something was written although the plan refused"
	kindRefusedPlain  = "7 a plan without contradiction is refused"
)

// check compares the organization and state with the invariant. After an apply with errors it checks
// only what a second apply can't repair.
func (a *attempt) check(succeeded bool) {
	now := look(a.sim.Load())
	a.checkAccounts(now, succeeded)
	a.checkStrangers(now)
	if !succeeded {
		return
	}
	for _, kind := range []string{userType, groupType} {
		a.checkHolders(kind)
	}
	a.checkListed(now)
	a.checkReleased(now)
	a.checkGroups(now)
}

// holders are the addresses that hold each ID, deposed objects included.
func (a *attempt) holders(state core.State, resourceType string) map[string][]core.Address {
	held := map[string][]core.Address{}
	for _, address := range state.Addresses() {
		if address.Type != resourceType {
			continue
		}
		instance := state[address]
		for _, object := range append(slices.Clone(instance.Deposed), instance.Current) {
			if object != nil {
				id := object.Text("id")
				held[id] = append(held[id], address)
			}
		}
	}
	return held
}

func (a *attempt) checkHolders(resourceType string) {
	for id, addresses := range a.holders(a.now, resourceType) {
		if len(addresses) > 1 {
			a.violate(kindTwoHolders, "%s is held by %v", id, addresses)
		}
	}
}

// idOf is the ID that state holds at an address; empty if there is none.
func idOf(state core.State, address core.Address) string {
	if instance := state[address]; instance != nil && instance.Current != nil {
		return instance.Current.Text("id")
	}
	return ""
}

// listed returns the block that lists an account: that of the resource which held it, or else the one that has its address
// or, if that resource is new, its external ID. continues says that it is the same resource, not replaced.
func (a *attempt) listed(p *person, account simulator.Learner) (by *learner, continues bool) {
	if p.after != nil && (p.before.key == p.after.key || p.moved) && !p.replaced && !p.tainted {
		return p.after, true
	}
	for _, other := range a.people {
		if l := other.after; l != nil && strings.EqualFold(l.email, account.Email) {
			return l, false
		}
	}
	for _, other := range a.people {
		if l := other.after; l != nil && other.isNew() && l.externalID != "" && l.externalID == account.ExternalID {
			return l, false
		}
	}
	return nil, false
}

func (a *attempt) checkAccounts(now organization, succeeded bool) {
	for _, p := range a.people {
		if p.before == nil {
			continue
		}
		id := idOf(a.state, a.userAddress(p.before))
		account := a.org.learners[id]
		by, continues := a.listed(p, account)
		if by == nil {
			continue
		}
		left, exists := now.learners[id]
		switch {
		case !exists:
			a.violate(kindAccountLost, "%s, ID %s, is erased and still listed as %s", account.Email, id, a.userAddress(by))
		case !succeeded:
		case !by.inactive && left.Status == simulator.StatusDeactivated:
			a.violate(kindSeatLost, "%s, ID %s, is deactivated and still listed as %s", account.Email, id, a.userAddress(by))
		case continues && idOf(a.now, a.userAddress(by)) != id:
			a.violate(kindOtherAccount, "%s held %s (%s) and now holds %s", a.userAddress(by), id, account.Email, idOf(a.now, a.userAddress(by)))
		}
	}
}

// strangers are the accounts that no state held and that the second configuration does not list.
func (a *attempt) strangers() []simulator.Learner {
	held := a.holders(a.state, userType)
	var strangers []simulator.Learner
	for _, id := range a.org.ids {
		l := a.org.learners[id]
		isListed := slices.ContainsFunc(a.people, func(p *person) bool {
			return p.after != nil && (strings.EqualFold(p.after.email, l.Email) || p.after.externalID != "" && p.after.externalID == l.ExternalID)
		})
		if len(held[id]) == 0 && !isListed {
			strangers = append(strangers, l)
		}
	}
	return strangers
}

func (a *attempt) checkStrangers(now organization) {
	for _, before := range a.strangers() {
		after, exists := now.learners[before.ID]
		groupsBefore, groupsAfter := before.Groups, after.Groups
		before.Groups, after.Groups = nil, nil
		if !exists || fmt.Sprint(before) != fmt.Sprint(after) {
			a.violate(kindStranger, "%+v became %+v", before, after)
			continue
		}
		for _, group := range groupsBefore {
			_, stays := now.groups[group]
			if stays && !slices.Contains(groupsAfter, group) && !a.named(before) {
				a.violate(kindStranger, "%s left group %s, and no plan named them", before.Email, group)
			}
		}
		for _, group := range groupsAfter {
			if !slices.Contains(groupsBefore, group) {
				a.violate(kindStranger, "%s joined group %s", before.Email, group)
			}
		}
	}
	held := a.holders(a.state, groupType)
	for _, id := range a.org.groupIDs {
		name := a.org.groups[id].Name
		isListed := slices.ContainsFunc(a.groups, func(g *group) bool { return g.after != nil && strings.EqualFold(g.after.name, name) })
		if left, exists := now.groups[id]; len(held[id]) == 0 && !isListed && (!exists || left.Name != name) {
			a.violate(kindStrangeGroup, "%q, ID %s", name, id)
		}
	}
}

// named reports whether a plan named a learner: in a diagnostic, or as a member of a group that it shows. What an apply says
// comes too late.
func (a *attempt) named(l simulator.Learner) bool {
	for _, plan := range a.plans {
		if text := plan.Diagnostics.String(); strings.Contains(text, l.Email) || strings.Contains(text, l.ID) {
			return true
		}
		for _, change := range plan.Changes {
			if change.Type == membersOf && change.Action != core.NoOp && mentions(change.Before, l.ID) {
				return true
			}
		}
	}
	return false
}

// mentions reports whether a value holds a text anywhere.
func mentions(value tftypes.Value, text string) bool {
	return !value.IsNull() && strings.Contains(value.String(), text)
}

// checkListed checks that each learner of the second configuration has an account as described.
func (a *attempt) checkListed(now organization) {
	for _, p := range a.people {
		if p.after == nil {
			continue
		}
		id := idOf(a.now, a.userAddress(p.after))
		l, exists := now.learners[id]
		isCleared := p.after.externalID != "" || p.isNew() || p.before.externalID == "" || l.ExternalID == ""
		switch {
		case !exists:
			a.violate(kindNoAccount, "%s holds %q, which does not exist", a.userAddress(p.after), id)
		case !strings.EqualFold(l.Email, p.after.email) || l.FirstName != p.after.firstName ||
			p.after.externalID != "" && l.ExternalID != p.after.externalID || !isCleared || (l.Status == simulator.StatusDeactivated) != p.after.inactive:
			a.violate(kindNoAccount, "%s is %+v", a.userAddress(p.after), l)
		}
	}
}

// checkReleased checks what became of the accounts and groups that were taken out of the configuration.
func (a *attempt) checkReleased(now organization) {
	for _, p := range a.people {
		if p.before == nil {
			continue
		}
		address := a.userAddress(p.before)
		id := idOf(a.state, address)
		account := a.org.learners[id]
		if by, _ := a.listed(p, account); by != nil || p.after != nil {
			continue
		}
		left, exists := now.learners[id]
		seated := exists && left.Status != simulator.StatusDeactivated
		ok := !seated
		switch {
		case p.forgotten || p.before.onDestroy == keep:
			ok = exists && left.Status == account.Status
		case p.before.onDestroy == deleteForGood:
			ok = !exists
		}
		if !ok {
			a.violate(kindNotReleased, "%s, on_destroy %q, became %+v", address, p.before.onDestroy, left)
		}
	}
}

// checkGroups checks that each group of both configurations is still there, with the members that the second one gives it.
func (a *attempt) checkGroups(now organization) {
	for i, g := range a.groups {
		if g.before != nil {
			a.checkGroupKept(now, i, g)
		}
		if g.after == nil {
			continue
		}
		id := idOf(a.now, a.groupAddress(g.after))
		group, exists := now.groups[id]
		if !exists || group.Name != g.after.name {
			a.violate(kindGroupLost, "%s holds %q, which is %+v", a.groupAddress(g.after), id, group)
			continue
		}
		a.checkMembers(i, g, group)
	}
}

func (a *attempt) checkGroupKept(now organization, i int, g *group) {
	id := idOf(a.state, a.groupAddress(g.before))
	isSame := g.after != nil && (g.before.key == g.after.key || g.moved)
	isReplaced := g.step.replaced || g.tainted
	var by *groupBlock
	if isSame && (!isReplaced || g.before.name == g.after.name) {
		by = g.after
	}
	for _, other := range a.groups {
		if by == nil && other.after != nil && other.after.name == g.before.name {
			by = other.after
		}
	}
	_, exists := now.groups[id]
	switch {
	case by == nil:
	case !exists:
		a.violate(kindGroupLost, "group %d, %q, ID %s, is deleted and still listed as %s", i, g.before.name, id, a.groupAddress(by))
	case idOf(a.now, a.groupAddress(by)) != id:
		a.violate(kindGroupLost, "%s held %s and now holds %s", a.groupAddress(by), id, idOf(a.now, a.groupAddress(by)))
	}
}

// checkMembers compares the members of a group with what the second configuration says of each person. What it says nothing
// of stays, unless the first configuration gave it and the resource that did is destroyed.
func (a *attempt) checkMembers(i int, g *group, group simulator.Group) {
	if g.after.owner == byTwoMembers {
		a.violate(kindTwoOwners, "%q", group.Name)
		return
	}
	was := a.org.groups[group.ID].Members
	expected := map[string]bool{}
	for _, p := range a.people {
		if p.after == nil {
			continue
		}
		id := idOf(a.now, a.userAddress(p.after))
		in, said := p.after.says(i, g.after)
		if !said {
			in = slices.Contains(was, id)
			if before, said := p.before.says(i, g.before); said && before && g.before.owner != byGroupIDs {
				in = false
			}
		}
		expected[id] = in
		if in != slices.Contains(group.Members, id) {
			a.violate(membersKind(g), "%s is in %q: %t, want %t", p.after.email, group.Name, !in, in)
		}
	}
	for _, id := range group.Members {
		if _, configured := expected[id]; !configured && g.after.owner == byMembers {
			a.violate(membersKind(g), "%s is in %q, which has an exact list without them", id, group.Name)
		}
	}
}

// membersKind says how the members are managed before and after, too: each is another path through the provider.
func membersKind(g *group) string {
	before := unmanaged
	if g.before != nil {
		before = g.before.owner
	}
	return fmt.Sprintf("%s: %s, then %s", kindMembers, before, g.after.owner)
}

// says is what a configuration says of a membership, if it says something.
func (l *learner) says(group int, g *groupBlock) (in, said bool) {
	switch {
	case l == nil || g == nil:
		return false, false
	case g.owner == byMembers, g.owner == byMembership && l.isIn(group):
		return l.isIn(group), true
	case l.groupIDs:
		return g.owner == byGroupIDs && l.isIn(group), true
	default:
		return false, false
	}
}
