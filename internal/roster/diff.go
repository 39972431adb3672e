// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// stepKind is what a step does with the account of one person.
type stepKind int

const (
	update     stepKind = iota // Change an account that state holds.
	invite                     // Create an account, which sends an invitation.
	adopt                      // Change an existing account that state does not hold.
	deactivate                 // Free the seat.
	remove                     // Delete the account.
)

// step is the change of one person.
type step struct {
	kind stepKind
	// line is the wish. It is nil for a person who leaves the document or is in no roster.
	line *line
	// before is the line in state, or nil.
	before *line
	// user is the account. It has no ID if the step invites.
	user   udemy.User
	change udemy.UserChange
	// reactivates is set if the step gives a seat to a deactivated learner.
	reactivates bool
	// unlisted is set for a person who is in no roster.
	unlisted bool
	// joins and leaves are the groups to join, by name, and to leave, by ID.
	joins, leaves []string
	// after is the step of the person whose address this one gets.
	after *step
}

// key identifies the step in failed: the key of the line, or the address of a person in no roster.
func (s *step) key() string {
	switch {
	case s.line != nil:
		return s.line.key
	case s.before != nil:
		return s.before.key
	default:
		return s.user.Email
	}
}

func (s *step) freesSeat() bool {
	return s.kind == remove || s.kind == deactivate
}

func (s *step) takesSeat() bool {
	return s.kind == invite || s.reactivates
}

// isOwn reports whether an adopted account is as the line creates it, apart from groups to join. An apply that was killed leaves
// such accounts.
func (s *step) isOwn() bool {
	return s.kind == adopt && !s.reactivates && len(s.change.Fields) == 0 && len(s.leaves) == 0
}

// The effects of a line that leaves the document.
const (
	onRemovalDeactivate = "deactivate"
	onRemovalDelete     = "delete"
	onRemovalKeep       = "keep"
)

// rules are the settings of the resource that a difference depends on.
type rules struct {
	createGroups       bool
	onRemoval          string
	deactivateUnlisted bool
	// unlisted has the IDs of the learners whom a refresh has found in no roster and in no other resource. No others are deactivated.
	unlisted map[string]bool
	adopt    bool
	// requiresNames is set if an invitation needs a first and a last name.
	requiresNames bool
	// isPlannedGroup reports whether another resource of the run creates a group with a name.
	isPlannedGroup func(name string) bool
	// isHeldElsewhere reports whether another resource holds a learner.
	isHeldElsewhere func(id string) bool
	// isKept reports whether another resource of the run forgets a learner, who keeps the seat.
	isKept func(id string) bool
	// isDoubted reports whether a learner has the address of a deleted learner in state.
	isDoubted func(id string) bool
}

// difference is what has to be done to bring an organization from one document to another.
type difference struct {
	// steps are in an order in which they can be carried out.
	steps []*step
	// ids maps the keys of lines to the accounts that they are.
	ids map[string]string
	// groups are the names of the groups to create.
	groups []string
	// passed are the addresses of inactive lines without an account. No learner is invited to be deactivated.
	passed []string
	// spared are the addresses of unlisted learners who are not deactivated yet.
	spared []string
	// mistakes are the reasons why the difference can't be carried out.
	mistakes []string
}

// differ computes a difference.
type differ struct {
	difference
	before, after *document
	heldIDs       map[string]string // the IDs in state, by EmailKey
	failed        map[string]string
	at            *organization
	rules         rules

	// owners maps IDs to the lines that they are claimed by, and leavers to the lines that leave.
	owners, leavers map[string]*line
	// steps of the accounts, by ID.
	byID map[string]*step
	// byHeldID maps the IDs in state to their lines.
	byHeldID map[string]*line
	// refused are lines that have a mistake already.
	refused map[*line]bool
	// missing maps names of missing groups to the number of lines that have them.
	missing map[string]int
}

// diff compares two documents. The IDs in state are by EmailKey, and failed has the keys of lines that the last apply could not
// complete. Only changed lines need to be known at the organization.
func diff(before, after *document, heldIDs, failed map[string]string, at *organization, r rules) difference {
	d := &differ{
		before: before, after: after, heldIDs: heldIDs, failed: failed, at: at, rules: r,
		owners: map[string]*line{}, leavers: map[string]*line{}, byID: map[string]*step{}, refused: map[*line]bool{},
		missing: map[string]int{},
	}
	d.ids = make(map[string]string, len(after.lines))
	d.identify()
	d.addLeavers()
	for i := range after.lines {
		d.addLine(&after.lines[i])
	}
	if r.deactivateUnlisted {
		d.addUnlisted()
	}
	d.reportMissingGroups()
	d.checkExternalIDs()
	d.linkAddresses()
	d.order()
	slices.Sort(d.groups)
	return d.difference
}

func (d *differ) addMistake(format string, arguments ...any) {
	d.mistakes = append(d.mistakes, fmt.Sprintf(format, arguments...))
}

// isChanged reports whether a line may need a change at Udemy.
func isChanged(before *document, l *line, failed map[string]string) bool {
	old := before.line(l.key)
	_, hasFailed := failed[l.key]
	return old == nil || hasFailed || !old.matches(l)
}

// heldID returns the ID of a line in state.
func (d *differ) heldID(l *line) string {
	return d.heldIDs[udemy.EmailKey(l.Email)]
}

// identify finds the account of each line: by the ID that state has for the key, else by external ID, else by address.
func (d *differ) identify() {
	byExternalID := map[string]*line{}
	for i := range d.after.lines {
		if l := &d.after.lines[i]; l.ExternalID != "" {
			byExternalID[l.ExternalID] = l
		}
	}
	for i := range d.after.lines {
		l := &d.after.lines[i]
		old := d.before.line(l.key)
		if old == nil {
			continue
		}
		// The key is an address that now belongs to another person, and the person has another line.
		if other := byExternalID[old.ExternalID]; old.ExternalID != "" && l.ExternalID != "" && other != nil && other != l && !d.hadExternalID(other) {
			continue
		}
		id := d.heldID(old)
		if _, known := d.at.users[id]; known || !isChanged(d.before, l, d.failed) {
			d.claim(l, id)
		}
	}
	held := map[string]string{}
	for i := range d.before.lines {
		if old := &d.before.lines[i]; old.ExternalID != "" {
			held[old.ExternalID] = d.heldID(old)
		}
	}
	for i := range d.after.lines {
		l := &d.after.lines[i]
		if d.isIdentified(l) || l.ExternalID == "" {
			continue
		}
		if id := held[l.ExternalID]; id != "" {
			if _, known := d.at.users[id]; known {
				d.claim(l, id)
				continue
			}
		}
		user, found, ambiguous := d.at.withExternalID(l.ExternalID, l.Email)
		if ambiguous {
			d.addMistake("%q: several learners have the external ID %q: %s; correct them at Udemy first", l.key, l.ExternalID,
				strings.Join(d.at.byExternalID[l.ExternalID], ", "))
		}
		if found {
			d.claim(l, user.ID)
		}
	}
	d.identifyByEmail()
}

// hadExternalID reports whether a line has the same external ID in state. At Udemy, another learner may get it as well.
func (d *differ) hadExternalID(l *line) bool {
	old := d.before.line(l.key)
	return old != nil && old.ExternalID == l.ExternalID
}

func (d *differ) identifyByEmail() {
	leaving := map[string]*line{}
	for i := range d.before.lines {
		old := &d.before.lines[i]
		leaving[d.heldID(old)] = old
	}
	for i := range d.after.lines {
		l := &d.after.lines[i]
		user, found := d.at.withEmail(l.Email)
		if d.isIdentified(l) || !found {
			continue
		}
		if same := d.at.sameEmail[udemy.EmailKey(l.Email)]; len(same) > 0 {
			if isChanged(d.before, l, d.failed) {
				d.addMistake("%q: several learners have the address %q: %s; correct them at Udemy first, or add the external ID of the right one", l.key, l.Email,
					strings.Join(slices.Sorted(slices.Values(same)), ", "))
				d.refused[l] = true
			}
			continue
		}
		if d.owners[user.ID] != nil {
			continue
		}
		if old := leaving[user.ID]; old != nil && l.ExternalID != "" && old.ExternalID != "" && l.ExternalID != old.ExternalID {
			d.addMistake("%q: the address %q is the account of %q (external ID %q, ID %s), who leaves the document, and this line has the external ID %q; "+
				"give the account another address first, or keep the external ID if it is the same person", l.key, l.Email, old.key, old.ExternalID, user.ID, l.ExternalID)
			d.refused[l] = true
			continue
		}
		d.claim(l, user.ID)
	}
}

func (d *differ) isIdentified(l *line) bool {
	return d.ids[l.key] != ""
}

func (d *differ) claim(l *line, id string) {
	if id == "" {
		return
	}
	if other := d.owners[id]; other != nil {
		d.addMistake("%q and %q are the same person, with ID %s; remove one of the lines, or change their external IDs in two applies", other.key, l.key, id)
		return
	}
	d.owners[id] = l
	d.ids[l.key] = id
}

// addLeavers adds a step for each person who is in no line any more.
func (d *differ) addLeavers() {
	for i := range d.before.lines {
		old := &d.before.lines[i]
		id := d.heldID(old)
		user, known := d.at.users[id]
		if id == "" || d.owners[id] != nil || d.leavers[id] != nil {
			continue
		}
		d.leavers[id] = old
		if !known || d.rules.onRemoval == onRemovalKeep {
			continue
		}
		if user.Role == udemy.RoleOwner {
			d.addMistake("%q: the owner %q can't be removed; set on_removal = %q, or keep the line", old.key, user.Email, onRemovalKeep)
			continue
		}
		switch {
		case d.rules.onRemoval == onRemovalDelete:
			d.add(&step{kind: remove, before: old, user: user})
		case user.Status.Seated():
			d.add(&step{kind: deactivate, before: old, user: user})
		}
	}
}

func (d *differ) add(s *step) {
	d.steps = append(d.steps, s)
	if s.user.ID != "" {
		d.byID[s.user.ID] = s
	}
}

// addLine adds the step of a changed line, if it needs one.
func (d *differ) addLine(l *line) {
	if !isChanged(d.before, l, d.failed) {
		return
	}
	id := d.ids[l.key]
	user := d.at.users[id]
	s := &step{kind: update, line: l, before: d.heldLine(id), user: user}
	switch {
	case id == "" && !l.Active:
		d.passed = append(d.passed, l.Email)
		return
	case id == "":
		s.kind = invite
		d.checkNames(l)
		d.moves(s)
		d.add(s)
		return
	case s.before == nil && d.rules.isDoubted != nil && d.rules.isDoubted(id) && !l.mayBe(user):
		d.addMistake("%q: the learner in state is gone, and the address %q now belongs to learner %q with ID %s, who has another external ID or name; if it is "+
			"the same person, run `terraform apply -refresh-only` and plan again, or else correct the line", l.key, l.Email, user.FirstName+" "+user.LastName, id)
		return
	case s.before == nil && !d.rules.adopt:
		d.addMistake("%q: the learner %q exists already, with ID %s and status %s, and adopt_existing is false; set it to true for one apply if the line is this "+
			"learner, for example after an apply that was killed", l.key, user.Email, id, user.Status)
		return
	case s.before == nil:
		s.kind = adopt
	}
	if !l.Active {
		d.addInactive(s)
		return
	}
	s.reactivates = !user.Status.Seated()
	s.change = l.change(user, s.before)
	if user.Role == udemy.RoleOwner && slices.Contains(s.change.Fields, udemy.FieldRole) {
		d.addMistake("%q: the role of the owner %q can't be changed; leave out role", l.key, user.Email)
	}
	d.moves(s)
	if s.kind == adopt || s.reactivates || len(s.change.Fields)+len(s.joins)+len(s.leaves) > 0 {
		d.add(s)
	}
}

// addInactive adds the step of an inactive line. A deactivated learner can't be changed, so only the seat counts.
func (d *differ) addInactive(s *step) {
	if !s.user.Status.Seated() {
		return
	}
	if s.user.Role == udemy.RoleOwner {
		d.addMistake("%q: the owner %q can't be deactivated", s.line.key, s.user.Email)
		return
	}
	s.kind = deactivate
	d.add(s)
}

// heldLine returns the line that an account has in state.
func (d *differ) heldLine(id string) *line {
	if id == "" {
		return nil
	}
	if d.byHeldID == nil {
		d.byHeldID = make(map[string]*line, len(d.before.lines))
		for i := range d.before.lines {
			d.byHeldID[d.heldID(&d.before.lines[i])] = &d.before.lines[i]
		}
	}
	return d.byHeldID[id]
}

func (d *differ) checkNames(l *line) {
	if d.rules.requiresNames && (l.FirstName == "" || l.LastName == "") {
		d.addMistake("%q: the learner does not exist, and an invitation needs %s and %s", l.key, udemy.FieldFirstName, udemy.FieldLastName)
	}
}

// change returns the change of a profile that a line needs. A value that the API hides counts as the one in state.
func (l *line) change(user udemy.User, before *line) udemy.UserChange {
	change := udemy.UserChange{To: l.User}
	for _, field := range udemy.Profile {
		isHidden := field.Hidden && isEmpty(field, &user)
		switch {
		case isEmpty(field, &l.User), sameValue(field, &user, &l.User):
		case isHidden && before != nil && sameValue(field, &before.User, &l.User):
		default:
			change.Fields = append(change.Fields, field.Name)
		}
	}
	return change
}

// unmet returns the fields of a profile in which an account differs from a line, apart from values that the API hides.
func (l *line) unmet(user udemy.User) []string {
	var fields []string
	for _, field := range udemy.Profile {
		if !isEmpty(field, &l.User) && !sameValue(field, &user, &l.User) && !(field.Hidden && isEmpty(field, &user)) {
			fields = append(fields, field.Name)
		}
	}
	return fields
}

// moves sets the groups that a person joins and leaves.
func (d *differ) moves(s *step) {
	if s.line.Groups == nil {
		return
	}
	current, isKnown := d.at.groupsOf(s.user)
	mayLack := false // The creation of a roster stores all groups, also those whose memberships have failed.
	if !isKnown && s.before != nil {
		current = d.at.idsOfGroups(s.before.Groups)
		_, mayLack = d.failed[s.before.key]
	}
	var wanted []string
	for _, name := range s.line.Groups {
		group, found := d.at.groupNamed(name)
		if !found {
			d.missing[name]++
		}
		isTwice := found && slices.Contains(wanted, group.ID) // In two spellings.
		if !isTwice && (!found || mayLack || !slices.Contains(current, group.ID)) {
			s.joins = append(s.joins, name)
		}
		wanted = append(wanted, group.ID)
	}
	for _, id := range current {
		if !slices.Contains(wanted, id) {
			s.leaves = append(s.leaves, id)
		}
	}
}

// reportMissingGroups decides what happens to names of groups that don't exist.
func (d *differ) reportMissingGroups() {
	created := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(d.missing)) {
		ambiguous := d.at.ambiguous(name)
		switch {
		case ambiguous != "":
			d.addMistake("the group name %q of %s is ambiguous: %s", name, plural.Count(d.missing[name], "line"), ambiguous)
		case d.rules.isPlannedGroup != nil && d.rules.isPlannedGroup(name):
		case !d.rules.createGroups:
			hint := ""
			if near := d.at.nearestNames(name); near != "" {
				hint = "; " + near
			}
			d.addMistake("the group %q of %s does not exist%s", name, plural.Count(d.missing[name], "line"), hint)
		case !created[udemy.GroupKey(name)]:
			created[udemy.GroupKey(name)] = true
			d.groups = append(d.groups, name)
		}
	}
}

// addUnlisted adds a step for each learner with a seat who is in no roster and in no other resource. It spares learners whom a
// resource forgets with the plan, and those of whom no refresh has found that no resource has them.
func (d *differ) addUnlisted() {
	var users []udemy.User
	for id, user := range d.at.users {
		isListed := d.owners[id] != nil || d.leavers[id] != nil && d.rules.onRemoval != onRemovalKeep
		if isListed || !canBeUnlisted(user) {
			continue
		}
		isKept := d.leavers[id] != nil || d.rules.isKept != nil && d.rules.isKept(id)
		switch {
		case !isKept && d.rules.isHeldElsewhere != nil && d.rules.isHeldElsewhere(id):
		case isKept || !d.rules.unlisted[id]:
			d.spared = append(d.spared, user.Email)
		default:
			users = append(users, user)
		}
	}
	slices.Sort(d.spared)
	slices.SortFunc(users, func(a, b udemy.User) int { return cmp.Compare(a.Email, b.Email) })
	for _, user := range users {
		d.add(&step{kind: deactivate, user: user, unlisted: true})
	}
}

// canBeUnlisted reports whether a learner loses the seat if no resource has the learner. Administrators and owners don't.
func canBeUnlisted(user udemy.User) bool {
	return user.Status.Seated() && !isAdmin(user) && user.Role != udemy.RoleGroupAdmin
}

// checkExternalIDs adds a mistake for each account that would get the external ID of another one.
func (d *differ) checkExternalIDs() {
	for _, s := range d.steps {
		if !slices.Contains(s.change.Fields, udemy.FieldExternalID) {
			continue
		}
		for _, id := range d.at.byExternalID[s.line.ExternalID] {
			if other := d.byID[id]; id != s.user.ID && (other == nil || !slices.Contains(other.change.Fields, udemy.FieldExternalID)) {
				d.addMistake("%q: the external ID %q belongs to another learner, %q, with ID %s", s.line.key, s.line.ExternalID, d.at.users[id].Email, id)
			}
		}
	}
}

// linkAddresses finds the account that has the new address of a step: it has to give the address up first.
func (d *differ) linkAddresses() {
	for _, s := range d.steps {
		if s.kind != invite && !slices.Contains(s.change.Fields, udemy.FieldEmail) {
			continue
		}
		holder, found := d.at.withEmail(s.line.Email)
		if id := d.at.byAlias[udemy.EmailKey(s.line.Email)]; !found && id != "" && id != s.user.ID {
			other := d.at.users[id]
			d.addMistake("%q: the address %q is the user name or a further address of the learner %q, with ID %s; if it is the same person, use the address %q",
				s.line.key, s.line.Email, other.Email, id, other.Email)
			continue
		}
		if !found || holder.ID == s.user.ID || d.refused[s.line] {
			continue
		}
		other := d.byID[holder.ID]
		if other != nil && (other.kind == remove || slices.Contains(other.change.Fields, udemy.FieldEmail)) {
			s.after = other
			continue
		}
		d.addMistake("%q: the address %q belongs to another learner, with ID %s and status %s, who keeps it", s.line.key, s.line.Email, holder.ID, holder.Status)
	}
}

// order sorts the steps: seats are freed before they are taken, and an address is given up before another person gets it.
func (d *differ) order() {
	slices.SortStableFunc(d.steps, func(a, b *step) int { return cmp.Compare(rank(a), rank(b)) })
	ordered := make([]*step, 0, len(d.steps))
	const visiting, done = 1, 2
	state := make(map[*step]int, len(d.steps))
	var visit func(s *step) bool
	visit = func(s *step) bool {
		switch state[s] {
		case done:
			return true
		case visiting:
			return false
		}
		state[s] = visiting
		if s.after != nil && !visit(s.after) {
			return false
		}
		state[s] = done
		ordered = append(ordered, s)
		return true
	}
	for _, s := range d.steps {
		if state[s] == 0 && !visit(s) {
			d.reportCircle(s)
			return
		}
	}
	d.steps = ordered
}

// rank is the phase of a step.
func rank(s *step) int {
	switch {
	case s.freesSeat():
		return 0
	case s.takesSeat():
		return 2
	default:
		return 1
	}
}

// reportCircle adds the mistake for people who exchange their addresses. The first step may only lead to the circle.
func (d *differ) reportCircle(s *step) {
	seen := map[*step]bool{}
	for ; !seen[s]; s = s.after {
		seen[s] = true
	}
	var keys []string
	byExternalID := false
	for first := s; len(keys) == 0 || s != first; s = s.after {
		keys = append(keys, fmt.Sprintf("%q", s.line.key))
		old := d.before.line(s.line.key)
		byExternalID = byExternalID || old != nil && d.heldID(old) != s.user.ID
	}
	names := strings.Join(keys, ", ")
	if byExternalID { // The key had another account, so either the addresses or the external IDs have changed.
		d.addMistake("the learners at Udemy with the external IDs of %s have each other's addresses; if the external IDs were exchanged at Udemy, correct them there, "+
			"or if the addresses are new, give one of the learners another address in a first apply", names)
		return
	}
	d.addMistake("the addresses of %s change in a circle; give one of them another address in a first apply", names)
}

// removals are the people who lose their seat or their account because a line is gone, is inactive now, or never was.
func (d *difference) removals() []*step {
	var removals []*step
	for _, s := range d.steps {
		if s.freesSeat() {
			removals = append(removals, s)
		}
	}
	return removals
}
