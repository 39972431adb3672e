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

// key is a value that identifies a learner or a group of one organization.
type key struct{ org, value string }

// directory holds the learners and groups that a plan contains, by organization. Provider configurations
// are one organization if they name the same one.
type directory struct {
	config *configuration
	orgs   map[string]bool

	people       []*person
	byID         map[key]*person
	byEmail      map[key]*person // by EmailKey
	byExternalID map[key]*person // nil for an external ID that several learners have

	groups      []*groupChange
	groupByID   map[key]*groupChange
	groupByName map[key]*groupChange // by GroupKey

	states   map[string]object               // managed resources before the plan, by address and deposed key
	seats    map[string]map[seatNumbers]bool // the different results of udemy_seats
	activity []activity
	// The organizations of which the plan has read all learners, the groups of all learners, and all groups.
	allLearners, allMembers, allGroups map[string]bool
}

// seatNumbers is the result of a udemy_seats.
type seatNumbers struct {
	used, purchased int
	hasPurchased    bool
}

// newDirectory reads the state before a plan. It leaves out the results of data sources that the apply reads again.
func newDirectory(p *plan) *directory {
	d := &directory{
		config: &p.config, orgs: map[string]bool{},
		byID: map[key]*person{}, byEmail: map[key]*person{}, byExternalID: map[key]*person{},
		groupByID: map[key]*groupChange{}, groupByName: map[key]*groupChange{},
		states: map[string]object{}, seats: map[string]map[seatNumbers]bool{},
		allLearners: map[string]bool{}, allMembers: map[string]bool{}, allGroups: map[string]bool{},
	}
	for _, b := range p.config.blocks {
		if ours(b.resourceType()) {
			d.orgs[d.config.organization(b.Provider)] = true
		}
	}
	again := map[string]bool{}
	for _, c := range p.changes {
		if c.Mode == tfjson.DataResourceMode {
			again[c.Address] = true
		}
	}
	var prior [ranks][]*stateResource
	for _, r := range p.prior {
		if !again[r.Address] {
			rank := d.rank(r)
			prior[rank] = append(prior[rank], r)
		}
	}
	for _, r := range slices.Concat(prior[:]...) {
		o := object{values: r.Values, sensitive: []any{r.SensitiveValues.value}}
		d.states[r.Address+r.DeposedKey] = o
		org := d.orgOf(r.Address, o)
		if r.Type == "udemy_users" {
			d.addUsers(org, o, r.Users)
		} else {
			d.add(org, r.Address, r.Mode, r.Type, o)
		}
	}
	return d
}

const ranks = 8

// rank orders what the directory reads: groups first, because a roster has only their names; data sources before the state; and what
// is no longer in the configuration last, because its organization is that of other objects with the same ID.
func (d *directory) rank(r *stateResource) int {
	rank := 0
	if r.Type != "udemy_group" && r.Type != "udemy_groups" {
		rank += 4
	}
	if r.Mode != tfjson.DataResourceMode {
		rank += 2
	}
	if _, found := d.config.blocks[withoutKeys(r.Address)]; !found {
		rank++
	}
	return rank
}

// orgOf returns the organization of a resource. If the resource is no longer in the configuration, it is that of a learner or group
// with the same ID.
func (d *directory) orgOf(address string, o object) string {
	if b, found := d.config.blocks[withoutKeys(address)]; found {
		return d.config.organization(b.Provider)
	}
	for _, org := range slices.Sorted(maps.Keys(d.orgs)) {
		_, isLearner := d.byID[key{org, cmp.Or(o.raw("id"), o.raw("user_id"))}]
		_, isGroup := d.groupByID[key{org, cmp.Or(o.raw("id"), o.raw("group_id"))}]
		if isLearner || isGroup || len(d.orgs) == 1 {
			return org
		}
	}
	return ""
}

// add adds what a resource or data source holds before the plan.
func (d *directory) add(org, address string, mode tfjson.ResourceMode, resourceType string, o object) {
	found := mode == tfjson.DataResourceMode
	switch resourceType {
	case "udemy_user":
		d.addLearner(org, o, found)
	case "udemy_roster":
		found, _ := o.lines()
		for _, line := range found.accounts() {
			d.addLearner(org, line, false)
		}
	case "udemy_group":
		d.addGroup(org, o)
	case "udemy_groups":
		d.allGroups[org] = true
		for _, group := range o.list("groups") {
			d.addGroup(org, group)
		}
	case "udemy_group_membership":
		d.group(org, o.raw("group_id")).add(o.raw("user_id"))
	case "udemy_group_members":
		g := d.group(org, o.raw("group_id"))
		g.exact = true
		ids, _ := o.labels("members")
		for id := range ids {
			g.add(id)
		}
	case "udemy_seats":
		used, known := o.number("used")
		purchased, hasPurchased := o.number("purchased")
		if known && d.seats[org] == nil {
			d.seats[org] = map[seatNumbers]bool{}
		}
		if known {
			d.seats[org][seatNumbers{used, purchased, hasPurchased}] = true
		}
	case "udemy_activity":
		d.addActivity(address, o)
	}
}

func (d *directory) addUsers(org string, o object, users []*user) {
	all, withGroups := true, true
	for _, filter := range []string{"email_domain", "group_id", "license_pool", "license_type", "role", "status"} {
		all = all && o.values[filter] == nil
	}
	for _, u := range users {
		u.sensitive = o.isSensitive("users")
		d.addLearner(org, u, true)
		withGroups = withGroups && u.GroupIDs != nil
		if id := o.raw("group_id"); id != "" {
			d.group(org, id).add(u.ID)
		}
	}
	d.allLearners[org] = d.allLearners[org] || all
	d.allMembers[org] = d.allMembers[org] || all && withGroups
}

// addLearner adds a learner from a data source (found) or from state. A roster does not distinguish an invited learner from an
// active one, so the result of a data source is more exact.
func (d *directory) addLearner(org string, as source, found bool) *person {
	o := as.object()
	p := d.match(org, o)
	if p == nil {
		p = d.newPerson(org)
	}
	status := statusOf(o)
	isKnown := p.read != nil
	if !isKnown || !found && (o.raw("status") != "" || seat(status) != seat(p.initial)) {
		p.initial, p.status = status, status
	}
	if !isKnown || found {
		p.read = as
	}
	p.found = p.found || found
	d.identify(p, o)
	p.show(o)
	for _, g := range d.groupsOf(org, o) {
		if o.raw("id") != "" && (found || seat(status) == 1) {
			g.add(o.raw("id"))
			g.exists = true
		}
	}
	return p
}

// match returns the learner with the ID, or else with the external ID or the e-mail address, of an object. It returns nil if there is
// none.
func (d *directory) match(org string, o object) *person {
	id := o.raw("id")
	if p := d.byID[key{org, id}]; p != nil && id != "" {
		return p
	}
	for _, p := range []*person{d.byExternalID[key{org, o.raw("external_id")}], d.byEmail[key{org, udemy.EmailKey(o.raw("email"))}]} {
		if p != nil && (id == "" || p.id == "") {
			return p
		}
	}
	return nil
}

// person returns the learner of an object before the plan.
func (d *directory) person(org string, o object) *person {
	if p := d.match(org, o); p != nil {
		return p
	}
	return d.addLearner(org, o, false)
}

func (d *directory) newPerson(org string) *person {
	p := &person{org: org}
	d.people = append(d.people, p)
	return p
}

// identify records the ID, external ID and e-mail address of a learner. A new address replaces the old one.
func (d *directory) identify(p *person, o object) {
	if id := o.raw("id"); id != "" {
		p.id = id
		d.byID[key{p.org, id}] = p
	}
	if value := o.raw("external_id"); value != "" {
		k := key{p.org, value}
		if other, taken := d.byExternalID[k]; taken && other != p {
			d.byExternalID[k] = nil
		} else {
			d.byExternalID[k] = p
		}
	}
	if email := udemy.EmailKey(o.raw("email")); email != "" && email != p.email {
		if old := (key{p.org, p.email}); d.byEmail[old] == p {
			delete(d.byEmail, old)
		}
		p.email = email
		d.byEmail[key{p.org, email}] = p
	}
}

// group returns the group with an ID.
func (d *directory) group(org, id string) *groupChange {
	k := key{org, id}
	if d.groupByID[k] == nil {
		d.groupByID[k] = d.newGroup(org, id)
	}
	return d.groupByID[k]
}

// groupNamed returns the group with a name.
func (d *directory) groupNamed(org, name string) *groupChange {
	k := key{org, udemy.GroupKey(name)}
	if d.groupByName[k] == nil {
		d.groupByName[k] = d.newGroup(org, name)
	}
	return d.groupByName[k]
}

func (d *directory) newGroup(org, name string) *groupChange {
	g := &groupChange{org: org}
	g.Name = name
	d.groups = append(d.groups, g)
	return g
}

// addGroup adds a group that exists before the plan.
func (d *directory) addGroup(org string, o object) {
	id, name := o.raw("id"), o.raw("name")
	if id == "" || name == "" {
		return
	}
	g := d.groupByID[key{org, id}]
	if g == nil {
		// A roster has only the name.
		if g = d.groupByName[key{org, udemy.GroupKey(name)}]; g == nil || g.id != "" {
			g = d.newGroup(org, name)
		}
		d.groupByID[key{org, id}] = g
	}
	g.id, g.Name, g.exists = id, name, true
	g.hidden = g.hidden || o.isSensitive("name")
	d.groupByName[key{org, udemy.GroupKey(name)}] = g
}

// groupsOf returns the groups of a learner: by ID, or by name in the line of a roster.
func (d *directory) groupsOf(org string, o object) []*groupChange {
	var groups []*groupChange
	for _, id := range o.set("group_ids").items {
		groups = append(groups, d.group(org, id))
	}
	for _, name := range o.set("groups").items {
		groups = append(groups, d.groupNamed(org, name))
	}
	return groups
}

// addActivity adds the numbers of a udemy_activity. Learners who never activated the license are left out: some of them may have been
// invited yesterday.
func (d *directory) addActivity(address string, o object) {
	values, _ := o.values["counts"].(map[string]any)
	if values == nil || o.isSensitive("counts") {
		return
	}
	counts := object{values: values}
	days, _ := o.number("idle_days")
	seated, _ := counts.number("seated")
	idle, _ := counts.number("idle")
	neverVisited, _ := counts.number("never_visited")
	d.activity = append(d.activity, activity{Address: address, Days: days, Seats: seated, Unused: idle + neverVisited})
}
