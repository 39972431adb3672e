// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package invariant_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/core"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// scenario is an organization, a pair of configurations, and what decides the order of the calls.
type scenario struct {
	api acceptance.API
	// forEach says that the people, the groups and the memberships are each one block with for_each.
	forEach bool
	// parallel runs calls at the same time, as Terraform does. The order is not reproducible then.
	parallel bool
	// withoutRefresh plans the second configuration with -refresh=false.
	withoutRefresh bool
	// sameGroupNames says that the server does not hold the names of groups unique.
	sameGroupNames bool
	order          uint64
	people         []*person
	groups         []*group
}

// person is a learner at Udemy, in a configuration, or both.
type person struct {
	// existing is the account at the start; nil if there is none.
	existing *account
	// accepts says that the invitation is accepted between the two configurations.
	accepts bool
	// before and after are nil where the person is not configured.
	before, after *learner

	step
}

// isNew reports whether the second configuration creates the resource.
func (p *person) isNew() bool {
	return p.before == nil || p.before.key != p.after.key && !p.moved
}

// group is a group at Udemy, in a configuration, or both.
type group struct {
	existing      bool
	before, after *groupBlock

	step
}

// step is how an instance gets from one configuration to the other, besides its blocks.
type step struct {
	moved, forgotten, replaced, tainted bool
}

type account struct {
	email, externalID, status string
	groups                    []int
}

// learner is a udemy_user block.
type learner struct {
	key, email, firstName, externalID, onDestroy string
	adoptExisting                                *bool
	inactive, createBeforeDestroy                bool
	// groups are the groups that the configuration puts the learner in. The owner of a group decides by which resource.
	groups []int
	// groupIDs says that group_ids is set.
	groupIDs bool
}

// owner is how a configuration manages the members of a group.
type owner string

const (
	unmanaged     owner = "unmanaged"
	byMembership  owner = "udemy_group_membership"
	byMembers     owner = "udemy_group_members"
	byGroupIDs    owner = "group_ids"
	byTwoMembers  owner = "two udemy_group_members"
	usersBlock          = "u"
	groupsBlock         = "g"
	memberBlock         = "m"
	userType            = "udemy_user"
	groupType           = "udemy_group"
	membershipOf        = "udemy_group_membership"
	membersOf           = "udemy_group_members"
	deactivate          = "deactivate"
	deleteForGood       = "delete"
	keep                = "keep"
)

// groupBlock is a udemy_group block and the resources that manage its members.
type groupBlock struct {
	key, name, onDestroy string
	createBeforeDestroy  bool
	owner                owner
	// memberKeys is a prefix of the keys of memberships, which a rename of the keys changes.
	memberKeys string
	// replaced replaces the resources that manage the members.
	replaced bool
}

func (s *scenario) clone() *scenario {
	c := *s
	c.people, c.groups = nil, nil
	for _, p := range s.people {
		c.people = append(c.people, p.clone())
	}
	for _, g := range s.groups {
		copied := *g
		copied.before, copied.after = copyOf(g.before), copyOf(g.after)
		c.groups = append(c.groups, &copied)
	}
	return &c
}

func (p *person) clone() *person {
	c := *p
	c.existing, c.before, c.after = copyOf(p.existing), p.before.clone(), p.after.clone()
	return &c
}

func (l *learner) clone() *learner {
	c := copyOf(l)
	if c != nil {
		c.groups = slices.Clone(l.groups)
	}
	return c
}

func copyOf[T any](of *T) *T {
	if of == nil {
		return nil
	}
	c := *of
	return &c
}

// isIn reports whether the configuration puts the learner in a group.
func (l *learner) isIn(group int) bool { return l != nil && slices.Contains(l.groups, group) }

// put puts a learner in a group, or out of it.
func (l *learner) put(group int, in bool) {
	l.groups = slices.DeleteFunc(l.groups, func(g int) bool { return g == group })
	if in {
		l.groups = append(l.groups, group)
		slices.Sort(l.groups)
	}
}

func (s *scenario) userAddress(l *learner) core.Address {
	if s.forEach {
		return core.Address{Type: userType, Name: usersBlock, Key: l.key}
	}
	return core.Address{Type: userType, Name: l.key}
}

func (s *scenario) groupAddress(g *groupBlock) core.Address {
	if s.forEach {
		return core.Address{Type: groupType, Name: groupsBlock, Key: g.key}
	}
	return core.Address{Type: groupType, Name: g.key}
}

func (s *scenario) membershipAddress(g *groupBlock, group, person int) core.Address {
	key := fmt.Sprintf("%sg%d_p%d", g.memberKeys, group, person)
	if s.forEach {
		return core.Address{Type: membershipOf, Name: memberBlock, Key: key}
	}
	return core.Address{Type: membershipOf, Name: key}
}

// blocks are the blocks of one of the two configurations.
func (s *scenario) blocks(after bool) (people []*learner, groups []*groupBlock) {
	for _, p := range s.people {
		people = append(people, choose(after, p.after, p.before))
	}
	for _, g := range s.groups {
		groups = append(groups, choose(after, g.after, g.before))
	}
	return people, groups
}

func choose[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}

// config is the configuration before or after.
func (s *scenario) config(after bool) core.Config {
	people, groups := s.blocks(after)
	config := core.Config{Moved: map[core.Address]core.Address{}}
	for i, g := range groups {
		if g != nil {
			config.Resources = append(config.Resources, s.groupResources(g, i, people)...)
		}
	}
	for _, l := range people {
		if l != nil {
			config.Resources = append(config.Resources, s.userResource(l, groups))
		}
	}
	if !after {
		return config
	}
	for _, p := range s.people {
		switch {
		case p.moved && p.before != nil && p.after != nil:
			config.Moved[s.userAddress(p.before)] = s.userAddress(p.after)
		case p.forgotten && p.before != nil && p.after == nil:
			config.Forgotten = append(config.Forgotten, s.userAddress(p.before))
		}
	}
	for _, g := range s.groups {
		switch {
		case g.moved && g.before != nil && g.after != nil:
			config.Moved[s.groupAddress(g.before)] = s.groupAddress(g.after)
		case g.forgotten && g.before != nil && g.after == nil:
			config.Forgotten = append(config.Forgotten, s.groupAddress(g.before))
		}
	}
	return config
}

func (s *scenario) userResource(l *learner, groups []*groupBlock) core.Resource {
	attributes := map[string]any{"email": l.email, "first_name": l.firstName, "last_name": "L"}
	if l.externalID != "" {
		attributes["external_id"] = l.externalID
	}
	if l.onDestroy != "" {
		attributes["on_destroy"] = l.onDestroy
	}
	if l.adoptExisting != nil {
		attributes["adopt_existing"] = *l.adoptExisting
	}
	if l.inactive {
		attributes["active"] = false
	}
	if l.groupIDs {
		ids := []any{}
		for _, group := range l.groups {
			if groups[group] != nil && groups[group].owner == byGroupIDs {
				ids = append(ids, core.Reference{Address: s.groupAddress(groups[group]), Attribute: "id"})
			}
		}
		attributes["group_ids"] = ids
	}
	return core.Resource{Address: s.userAddress(l), Attributes: attributes, CreateBeforeDestroy: l.createBeforeDestroy}
}

func (s *scenario) groupResources(g *groupBlock, group int, people []*learner) []core.Resource {
	attributes := map[string]any{"name": g.name}
	if g.onDestroy != "" {
		attributes["on_destroy"] = g.onDestroy
	}
	resources := []core.Resource{{Address: s.groupAddress(g), Attributes: attributes, CreateBeforeDestroy: g.createBeforeDestroy}}
	id := core.Reference{Address: s.groupAddress(g), Attribute: "id"}
	members := map[string]any{}
	for i, l := range people {
		if !l.isIn(group) {
			continue
		}
		user := core.Reference{Address: s.userAddress(l), Attribute: "id"}
		members[l.email] = user
		if g.owner == byMembership {
			resources = append(resources, core.Resource{
				Address: s.membershipAddress(g, group, i), Attributes: map[string]any{"group_id": id, "user_id": user},
			})
		}
	}
	if g.owner == byMembers || g.owner == byTwoMembers {
		resources = append(resources, core.Resource{
			Address: s.membersAddress(g, group), Attributes: map[string]any{"group_id": id, "members": members},
		})
	}
	if g.owner == byTwoMembers {
		second := s.membersAddress(g, group)
		second.Name += "_second"
		resources = append(resources, core.Resource{Address: second, Attributes: map[string]any{"group_id": id, "members": map[string]any{}}})
	}
	return resources
}

func (s *scenario) membersAddress(g *groupBlock, group int) core.Address {
	return core.Address{Type: membersOf, Name: fmt.Sprintf("%sg%d", g.memberKeys, group)}
}

// replaced are the -replace options of the plan after.
func (s *scenario) replaced() []core.Address {
	var addresses []core.Address
	for _, p := range s.people {
		if p.replaced && p.after != nil {
			addresses = append(addresses, s.userAddress(p.after))
		}
	}
	for i, g := range s.groups {
		if g.after == nil {
			continue
		}
		if g.step.replaced {
			addresses = append(addresses, s.groupAddress(g.after))
		}
		if g.after.replaced {
			addresses = append(addresses, s.membersAddress(g.after, i))
			for j := range s.people {
				addresses = append(addresses, s.membershipAddress(g.after, i, j))
			}
		}
	}
	return addresses
}

// tainted are the addresses that are tainted before the plan after.
func (s *scenario) tainted() []core.Address {
	var addresses []core.Address
	for _, p := range s.people {
		if p.tainted && p.before != nil {
			addresses = append(addresses, s.userAddress(p.before))
		}
	}
	for _, g := range s.groups {
		if g.tainted && g.before != nil {
			addresses = append(addresses, s.groupAddress(g.before))
		}
	}
	return addresses
}

func (s *scenario) simulator() simulator.Config {
	return simulator.Config{Variations: simulator.Variations{SameGroupNames: s.sameGroupNames}}
}

// start makes the organization before the first configuration.
func (s *scenario) start() *simulator.Simulator {
	sim := simulator.New(s.simulator())
	ids := make([]string, len(s.groups))
	for i, g := range s.groups {
		if g.existing {
			ids[i] = sim.AddGroup(g.existingName(i)).ID
		}
	}
	for i, p := range s.people {
		if p.existing == nil {
			continue
		}
		l := simulator.Learner{
			Email: p.existing.email, FirstName: fmt.Sprintf("P%d", i), LastName: "L", ExternalID: p.existing.externalID, Status: p.existing.status,
		}
		for _, group := range p.existing.groups {
			if ids[group] != "" {
				l.Groups = append(l.Groups, ids[group])
			}
		}
		sim.Add(l)
	}
	return sim
}

// existingName is the name of a group that exists at the start.
func (g *group) existingName(i int) string {
	switch {
	case g.before != nil:
		return g.before.name
	case g.after != nil:
		return g.after.name
	default:
		return fmt.Sprintf("Group %d", i)
	}
}

// String describes a scenario as a person would write it down.
func (s *scenario) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "# Over %s, order %d", s.api, s.order)
	if s.sameGroupNames {
		text.WriteString(", names of groups need not be unique")
	}
	if s.parallel {
		text.WriteString(", calls in parallel")
	}
	if s.withoutRefresh {
		text.WriteString(", -refresh=false")
	}
	text.WriteString("\n# At Udemy at the start:\n")
	sim := s.start()
	for _, g := range sim.Groups() {
		fmt.Fprintf(&text, "#   group %q, ID %s\n", g.Name, g.ID)
	}
	for _, l := range sim.Learners() {
		fmt.Fprintf(&text, "#   %s, ID %s, %s, external ID %q, in %d groups\n", l.Email, l.ID, l.Status, l.ExternalID, len(l.Groups))
	}
	fmt.Fprintf(&text, "\n# before.tf\n%s", s.config(false))
	for _, p := range s.people {
		if p.accepts && p.before != nil {
			fmt.Fprintf(&text, "# Then %s accepts the invitation.\n", p.before.email)
		}
	}
	for _, address := range s.tainted() {
		fmt.Fprintf(&text, "# terraform taint %s\n", address)
	}
	after := s.config(true)
	fmt.Fprintf(&text, "\n# after.tf\n%s", after)
	for _, address := range s.replaced() {
		if slices.ContainsFunc(after.Resources, func(r core.Resource) bool { return r.Address == address }) {
			fmt.Fprintf(&text, "# terraform plan -replace='%s'\n", address)
		}
	}
	return text.String()
}
