// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"cmp"
	"maps"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// groupChange is a group of one organization, and what all resources of the plan do with it.
type groupChange struct {
	group
	org, id string
	hidden  bool // The name is sensitive.
	unnamed bool // a placeholder
	exists  bool // before the plan
	// members has the IDs of the members before the apply that the plan contains, and exact is set if they are all.
	members map[string]bool
	exact   bool
}

func (g *groupChange) add(id string) {
	if g.members == nil {
		g.members = map[string]bool{}
	}
	g.members[id] = true
}

// label returns the name of the group for the row of a learner.
func (g *groupChange) label() string {
	switch {
	case g.hidden:
		return sensitive
	case g.Kind == kindGroupCreated:
		return g.Name + " (new)"
	default:
		return g.Name
	}
}

func (g *groupChange) at(address string) {
	if !slices.Contains(g.Addresses, address) {
		g.Addresses = append(g.Addresses, address)
	}
}

// row completes the row of a group. It returns false if nothing happens to the group. If the plan has read all learners, a group without
// known members has none.
func (g *groupChange) row(allRead bool) (group, bool) {
	if g.Kind == "" && g.Joining+g.Leaving == 0 {
		return group{}, false
	}
	g.Kind = cmp.Or(g.Kind, kindGroupChanged)
	if g.members != nil || g.exact || allRead || g.Kind == kindGroupCreated {
		g.Members = new(len(g.members))
	}
	if g.hidden {
		g.Name = sensitive
	}
	if g.hidden && g.From != "" {
		g.From = sensitive
	}
	g.Addresses = orEmpty(g.Addresses)
	slices.Sort(g.Addresses)
	return g.group, true
}

// changeGroup adds the changes of a udemy_group itself.
func (s *subject) changeGroup() {
	switch {
	case s.isShadowed:
	case s.isReplaced("name", udemy.GroupKey): // The replacement keeps the group.
		s.pending.add(s, pendingObject{group: s.group(s.org, s.before.raw("id"))})
	case s.actions.Forget():
		s.endGroup(kindGroupForgotten, "")
	case slices.Contains(s.actions, tfjson.ActionDelete):
		switch s.before.raw("on_destroy") {
		case removalKeep:
			s.endGroup(kindGroupForgotten, "")
		case "delete":
			s.endGroup(kindGroupDeleted, "")
		default:
			s.endGroup(kindGroupDeleted, "the apply fails if learners with a seat are members")
		}
	case s.before.exists():
		s.renameGroup()
	}
	if slices.Contains(s.actions, tfjson.ActionCreate) && !s.isReplaced("name", udemy.GroupKey) {
		s.createGroup()
	}
}

func (s *subject) endGroup(k kind, note string) {
	g := s.group(s.org, s.before.raw("id"))
	g.Kind, g.Note = k, note
	g.at(s.address)
}

func (s *subject) renameGroup() {
	g := s.group(s.org, s.before.raw("id"))
	from, to := s.before.raw("name"), s.after.raw("name")
	if s.imports {
		g.Kind = kindGroupImported
		g.at(s.address)
	}
	if from == to {
		return
	}
	g.Kind, g.From, g.Name = cmp.Or(g.Kind, kindGroupRenamed), from, to
	g.hidden = g.hidden || s.after.isSensitive("name")
	if s.after.isUnknown("name") {
		g.From, g.Name, g.Note = "", from, "the new name is known after apply"
	}
	g.at(s.address)
	s.groupByName[key{s.org, udemy.GroupKey(g.Name)}] = g
}

// createGroup adds a group that is created or adopted. The plan of an adoption has the ID.
func (s *subject) createGroup() {
	name, id := s.after.raw("name"), s.after.raw("id")
	g := s.groupByID[key{s.org, id}]
	if g == nil {
		g = s.groupByName[key{s.org, udemy.GroupKey(name)}]
	}
	switch {
	case s.after.isUnknown("name"):
		g = s.newGroup(s.org, "a new group")
		g.hidden = s.after.isSensitive("name")
	case g == nil:
		g = s.groupNamed(s.org, name)
	}
	switch {
	case g.Kind == kindGroupForgotten: // The group moves within the configuration.
		g.Kind = ""
	case g.exists || id != "":
		g.Kind = kindGroupAdopted
	default:
		g.Kind = kindGroupCreated
	}
	if g.exists && name != "" && g.Name != name {
		g.From, g.Name = g.Name, name
	}
	if id != "" {
		g.id, g.Name = id, name
		s.groupByID[key{s.org, id}] = g
	}
	g.hidden = g.hidden || s.after.isSensitive("name")
	g.at(s.address)
	s.pending.add(s, pendingObject{group: g})
}

// move records that a learner joins (1) or leaves (-1) a group. A learner who does both by two resources does neither.
func (p *person) move(g *groupChange, by int) {
	if p.moves == nil {
		p.moves = map[*groupChange]int{}
	}
	p.moves[g] += by
}

// keep records groups that a resource begins to manage for the learner. If another resource gives up the membership, as in a move from
// udemy_group_membership to group_ids, the learner stays in the group.
func (p *person) keep(groups []*groupChange) {
	if p.kept == nil {
		p.kept = map[*groupChange]bool{}
	}
	for _, g := range groups {
		p.kept[g] = true
	}
}

// countGroups completes the groups of a learner.
func (p *person) countGroups() {
	if len(p.moves) == 0 {
		return
	}
	groups := difference{Added: []string{}, Removed: []string{}}
	for g, by := range p.moves {
		switch {
		case by > 0:
			groups.Added = append(groups.Added, g.label())
			g.Joining++
		case by < 0 && !p.kept[g]:
			groups.Removed = append(groups.Removed, g.label())
			g.Leaving++
		}
	}
	for _, names := range []*[]string{&groups.Added, &groups.Removed} {
		slices.Sort(*names)
		*names = slices.Compact(*names)
	}
	if len(groups.Added)+len(groups.Removed) > 0 {
		p.Groups = &groups
	}
}

// changeGroups adds the groups that a learner joins and leaves by group_ids, or by the groups of a line. It adds nothing if they are null
// after the change: the resource does not manage them.
func (s *subject) changeGroups(p *person, before, after object) {
	attribute := "group_ids"
	if _, isLine := after.values["groups"]; isLine {
		attribute = "groups"
	}
	planned := after.set(attribute)
	if planned.null {
		return
	}
	unmanaged := attribute == "group_ids" && before.set(attribute).null || attribute == "groups" && before.set("groups").null && before.set("group_ids").null
	if unmanaged {
		before = p.before()
		if before.exists() && before.set("group_ids").null && before.set("groups").null {
			p.note("leaves the groups that are not listed")
		}
	}
	old := s.groupsOf(s.org, before)
	target := s.groupsOf(s.org, object{values: map[string]any{attribute: after.values[attribute]}})
	if unmanaged {
		p.keep(target)
	}
	if slices.Equal(old, target) && planned.open == 0 {
		return
	}
	if after.isSensitive(attribute) || before.isSensitive(attribute) {
		if planned.open != 0 || !sameGroups(old, target) {
			p.move(placeholder(sensitive), 1)
		}
		return
	}
	for _, g := range target {
		if !slices.Contains(old, g) {
			p.move(g, 1)
		}
	}
	leaves := false
	for _, g := range old {
		if !slices.Contains(target, g) {
			p.move(g, -1)
			leaves = true
		}
	}
	if planned.open != 0 {
		s.joinPending(p, attribute, planned.open, leaves)
	}
}

// joinPending adds the groups whose IDs are known only after apply. A number of -1 means that it is unknown.
func (s *subject) joinPending(p *person, attribute string, number int, leaves bool) {
	found := s.resolve(attribute, "udemy_group", number)
	for _, o := range found {
		p.move(o.group, 1)
	}
	switch {
	case len(found) > 0:
	case number == 1:
		p.move(placeholder("a new group"), 1)
	default:
		p.move(placeholder("new groups"), 1)
	}
	if len(found) == 0 && leaves {
		p.note("may stay in a group whose ID is known after apply")
	}
}

// joinsUnnamed reports whether a learner joins a group for which there is only a placeholder.
func (a *analysis) joinsUnnamed() bool {
	for _, p := range a.people {
		for g, by := range p.moves {
			if g.unnamed && by > 0 {
				return true
			}
		}
	}
	return false
}

// placeholder returns a group that stands for one that the report can't or must not name.
func placeholder(name string) *groupChange {
	return &groupChange{group: group{Name: name}, unnamed: true}
}

func sameGroups(a, b []*groupChange) bool {
	isNotIn := func(groups []*groupChange) func(*groupChange) bool {
		return func(g *groupChange) bool { return !slices.Contains(groups, g) }
	}
	return !slices.ContainsFunc(a, isNotIn(b)) && !slices.ContainsFunc(b, isNotIn(a))
}

// referredGroup returns the group of a membership.
func (s *subject) referredGroup(o object) *groupChange {
	switch {
	case o.isSensitive("group_id"):
		return placeholder(sensitive)
	case !o.isUnknown("group_id"):
		return s.group(s.org, o.raw("group_id"))
	}
	if found := s.resolve("group_id", "udemy_group", 1); len(found) == 1 {
		return found[0].group
	}
	return placeholder("a new group")
}

// referredLearner returns the learner of a membership.
func (s *subject) referredLearner(o object) *person {
	switch {
	case o.isSensitive("user_id"):
		return s.anonymous(sensitive)
	case !o.isUnknown("user_id"):
		return s.learnerWithID(o.raw("user_id"), "")
	}
	if found := s.resolve("user_id", "udemy_user", 1); len(found) == 1 {
		return found[0].person
	}
	for _, part := range s.keyParts() {
		if p := s.byEmail[key{s.org, udemy.EmailKey(part)}]; p != nil && p.id == "" {
			return p
		}
	}
	return s.anonymous("a new learner")
}

// learnerWithID returns the learner with an ID. If the plan does not contain the learner, the label is the address.
func (s *subject) learnerWithID(id, label string) *person {
	p := s.byID[key{s.org, id}]
	if p == nil {
		p = s.newPerson(s.org)
		p.Email = label
		s.identify(p, object{values: map[string]any{"id": id}})
	}
	return p
}

// anonymous returns a learner whom the report can't or must not name.
func (s *subject) anonymous(label string) *person {
	p := s.newPerson(s.org)
	p.Email = label
	return p
}

// membership adds the changes of a udemy_group_membership.
func (s *subject) membership() {
	for _, action := range s.actions {
		switch action {
		case tfjson.ActionCreate:
			p := s.referredLearner(s.after)
			p.at(s.address)
			p.move(s.referredGroup(s.after), 1)
		case tfjson.ActionDelete:
			p := s.referredLearner(s.before)
			p.at(s.address)
			p.move(s.referredGroup(s.before), -1)
		}
	}
}

// members adds the changes of a udemy_group_members. A replacement removes all members from one group and adds members to
// another.
func (s *subject) members() {
	for _, action := range s.actions {
		switch action {
		case tfjson.ActionCreate:
			s.changeMembers(object{}, s.after)
		case tfjson.ActionDelete:
			s.changeMembers(s.before, object{})
		case tfjson.ActionUpdate:
			s.changeMembers(s.before, s.after)
		}
	}
}

// changeMembers adds the learners who join and leave a group.
func (s *subject) changeMembers(before, after object) {
	referring := after
	if !after.exists() {
		referring = before
	}
	g := s.referredGroup(referring)
	g.at(s.address)
	old, _ := before.labels("members")
	planned, open := after.labels("members")
	if !before.exists() { // Members whom the new resource does not list leave the group.
		for id := range g.members {
			old[id] = ""
		}
	}
	// An unknown ID can be the ID of a learner who seems to leave.
	isOpen := map[string]bool{}
	for _, label := range open {
		isOpen[label] = true
	}
	var joining, leaving []string
	for _, id := range slices.Sorted(maps.Keys(planned)) {
		if _, stays := old[id]; !stays {
			joining = append(joining, id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(old)) {
		if _, stays := planned[id]; !stays && !(before.exists() && (isOpen[old[id]] || isOpen[knownAfterApply])) {
			leaving = append(leaving, id)
		}
	}
	move := func(p *person, by int) {
		p.at(s.address)
		p.move(g, by)
	}
	if s.before.isSensitive("members") || s.after.isSensitive("members") {
		if len(joining)+len(open) > 0 {
			move(s.anonymous(sensitive), 1)
		}
		if len(leaving) > 0 {
			move(s.anonymous(sensitive), -1)
		}
		return
	}
	for _, id := range joining {
		move(s.learnerWithID(id, planned[id]), 1)
	}
	for _, id := range leaving {
		move(s.learnerWithID(id, old[id]), -1)
	}
	for _, label := range open {
		p := s.labeled("members", label)
		if p == nil {
			p = s.learnerLabeled(label)
		}
		move(p, 1)
	}
}

// learnerLabeled returns the learner with an unknown ID. The label is the e-mail address, or any other text.
func (s *subject) learnerLabeled(label string) *person {
	if p := s.byEmail[key{s.org, udemy.EmailKey(label)}]; p != nil {
		return p
	}
	if label == knownAfterApply {
		label = "new learners"
	}
	p := s.anonymous(label)
	p.note("ID known after apply")
	return p
}

// labels returns the keys of a map of IDs by ID, and the keys whose IDs are known only after apply.
func (o object) labels(name string) (labels map[string]string, open []string) {
	ids, _ := o.values[name].(map[string]any)
	labels = make(map[string]string, len(ids))
	for label, value := range ids {
		if id, known := value.(string); known {
			labels[id] = max(labels[id], label)
		}
	}
	attributes, _ := o.unknown.(map[string]any)
	switch marks := attributes[name].(type) {
	case bool:
		if marks {
			open = []string{knownAfterApply}
		}
	case map[string]any:
		for _, label := range slices.Sorted(maps.Keys(marks)) {
			if isMarked(marks[label]) {
				open = append(open, label)
			}
		}
	}
	return labels, open
}
