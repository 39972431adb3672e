// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// The roles and statuses of a Learner.
const (
	RoleLearner = "learner"
	RoleAdmin   = "admin"

	StatusInvited     = "invited"
	StatusActive      = "active"
	StatusDeactivated = "deactivated"
)

// The licences that a Learner may hold.
const (
	LicenseEnterprise = "Enterprise"
	LicensePro        = "Pro"
)

// Learner is a member of the organization. What follows Groups is seen by SCIM only.
type Learner struct {
	ID         string
	Email      string
	FirstName  string
	LastName   string
	ExternalID string // empty when there is none
	Role       string
	Status     string
	Groups     []string // ids, in the order in which the groups were created

	UserName string // empty while it is the e-mail
	Title    string
	Locale   string
	Licenses []string
	SCIM     bool // created through SCIM
}

// userName is the name that SCIM shows.
func (l *Learner) userName() string {
	if l.UserName == "" {
		return l.Email
	}
	return l.UserName
}

// Group is a named set of learners. What follows Members is seen by SCIM only.
type Group struct {
	ID      string
	Name    string
	Members []string // learner ids, in the order in which they joined

	ExternalID string // empty when there is none
	SCIM       bool   // created through SCIM
}

// errNotFound is the answer to an id that names nothing.
var errNotFound = errors.New("not found")

// conflictError is the answer to a change that collides with the present state.
type conflictError struct {
	id     string // the learner or group in the way
	detail string
}

func (e *conflictError) Error() string { return e.detail }

// invalidError is the answer to a value that cannot be accepted.
type invalidError struct {
	field  string // the member it came in; empty when the whole request is meant
	detail string
}

func (e *invalidError) Error() string { return e.detail }

// profile is a change to a learner. What is nil stays as it is.
type profile struct {
	email, firstName, lastName, externalID, role, status *string
}

// touchesMoreThanStatus reports whether anything besides the status changes.
func (p profile) touchesMoreThanStatus() bool {
	return p.email != nil || p.firstName != nil || p.lastName != nil || p.externalID != nil || p.role != nil
}

// times are when something came to be and when it last changed.
type times struct {
	created, modified time.Time
}

func newTimes() *times {
	now := time.Now()
	return &times{created: now, modified: now}
}

func (t *times) touch() { t.modified = time.Now() }

// group is a Group as it is kept. The groups alone hold who is a member of what.
type group struct {
	id         string
	name       string
	externalID string
	scim       bool
	order      []*Learner
	members    map[*Learner]bool
	*times
}

func (g *group) join(l *Learner) {
	if !g.members[l] {
		g.members[l] = true
		g.order = append(g.order, l)
		g.touch()
	}
}

func (g *group) leave(l *Learner) {
	if g.members[l] {
		delete(g.members, l)
		g.order = slices.DeleteFunc(g.order, func(o *Learner) bool { return o == l })
		g.touch()
	}
}

// copy returns a group as callers see one.
func (g *group) copy() Group {
	members := make([]string, 0, len(g.order))
	for _, l := range g.order {
		members = append(members, l.ID)
	}
	return Group{ID: g.id, Name: g.name, Members: members, ExternalID: g.externalID, SCIM: g.scim}
}

// organization is the state behind the API. It knows nothing of HTTP. Each method is one complete
// step under one lock; methods whose name starts with "locked" expect the lock to be held.
type organization struct {
	variations Variations

	mu                sync.Mutex
	learners          []*Learner          // in creation order; their Groups stay unset
	learnerByID       map[string]*Learner //
	learnerByEmail    map[string]*Learner // by lower-case e-mail
	learnerByUserName map[string]*Learner // by lower-case user name
	learnerTimes      map[*Learner]*times // apart, because a Learner is the same in every run
	groups            []*group            // in creation order
	groupByID         map[string]*group   //
	groupByName       map[string]*group   // by lower-case name
	learnerSerial     uint32
	groupSerial       uint32
}

func newOrganization(variations Variations) *organization {
	return &organization{
		variations:        variations,
		learnerByID:       map[string]*Learner{},
		learnerByEmail:    map[string]*Learner{},
		learnerByUserName: map[string]*Learner{},
		learnerTimes:      map[*Learner]*times{},
		groupByID:         map[string]*group{},
		groupByName:       map[string]*group{},
	}
}

// create invites a new learner; its Status is the organization's to decide.
func (o *organization) create(l Learner) (Learner, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l.Status = StatusInvited
	if o.variations.AutoProvision {
		l.Status = StatusActive
	}
	added, err := o.lockedAdd(l)
	if err != nil {
		return Learner{}, err
	}
	return o.lockedCopy(added), nil
}

// add puts a learner into the organization as given, filling in ID, Role, Status and Licenses when
// empty.
func (o *organization) add(l Learner) (Learner, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if l.Status == "" {
		l.Status = StatusActive
	}
	added, err := o.lockedAdd(l)
	if err != nil {
		return Learner{}, err
	}
	return o.lockedCopy(added), nil
}

func (o *organization) lockedAdd(l Learner) (*Learner, error) {
	o.spell(&l)
	if err := o.lockedFree(nil, l); err != nil {
		return nil, err
	}
	if err := o.lockedKnown(l.Groups); err != nil {
		return nil, err
	}
	for l.ID == "" {
		// Seeded learners may already hold the next id of the series.
		if id := o.lockedNextLearnerID(); o.learnerByID[id] == nil {
			l.ID = id
		}
	}
	if l.Role == "" {
		l.Role = RoleLearner
	}
	if len(l.Licenses) == 0 {
		l.Licenses = []string{LicenseEnterprise}
	}

	kept := l
	kept.Groups, kept.Licenses = nil, slices.Clone(l.Licenses)
	o.learners = append(o.learners, &kept)
	o.lockedIndex(&kept)
	o.learnerTimes[&kept] = newTimes()
	for _, id := range l.Groups {
		o.groupByID[id].join(&kept)
	}
	return &kept, nil
}

// lockedIndex makes a learner known by id, e-mail and user name.
func (o *organization) lockedIndex(l *Learner) {
	o.learnerByID[l.ID] = l
	o.learnerByEmail[strings.ToLower(l.Email)] = l
	o.learnerByUserName[strings.ToLower(l.userName())] = l
}

// lockedUnindex undoes lockedIndex. It has to come before a change to the learner.
func (o *organization) lockedUnindex(l *Learner) {
	delete(o.learnerByID, l.ID)
	delete(o.learnerByEmail, strings.ToLower(l.Email))
	delete(o.learnerByUserName, strings.ToLower(l.userName()))
}

// learner returns the learner with an id, or errNotFound.
func (o *organization) learner(id string) (Learner, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.learnerByID[id]
	if l == nil {
		return Learner{}, errNotFound
	}
	return o.lockedCopy(l), nil
}

// learnerWithEmail returns the learner with an e-mail, without regard to case, or errNotFound.
func (o *organization) learnerWithEmail(email string) (Learner, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.learnerByEmail[strings.ToLower(email)]
	if l == nil {
		return Learner{}, errNotFound
	}
	return o.lockedCopy(l), nil
}

// list returns up to limit learners from offset on, and how many there are in all. Filters that
// are empty select everybody; e-mails compare without regard to case.
func (o *organization) list(email, externalID string, offset, limit int) ([]Learner, int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	selected := o.learners
	if email != "" {
		selected = nil
		if l := o.learnerByEmail[strings.ToLower(email)]; l != nil {
			selected = []*Learner{l}
		}
	}
	if externalID != "" {
		var matches []*Learner
		for _, l := range selected {
			if l.ExternalID == externalID {
				matches = append(matches, l)
			}
		}
		selected = matches
	}
	return o.lockedCopies(window(selected, offset, limit)), len(selected)
}

// update changes a learner, all or nothing.
func (o *organization) update(id string, change profile) (Learner, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.learnerByID[id]
	if l == nil {
		return Learner{}, errNotFound
	}
	// A deactivated account is frozen: it has to be brought back, by itself, before anything else
	// about it can be changed.
	if l.Status == StatusDeactivated && change.touchesMoreThanStatus() {
		return Learner{}, &invalidError{detail: "A deactivated user cannot be changed. Reactivate the user first."}
	}
	if change.email != nil {
		changed := *l
		changed.Email = *change.email
		o.spell(&changed)
		if err := o.lockedFree(l, changed); err != nil {
			return Learner{}, err
		}
		o.lockedUnindex(l)
		*l = changed
		o.lockedIndex(l)
	}
	set := func(member, value *string) {
		if value != nil {
			*member = *value
		}
	}
	set(&l.FirstName, change.firstName)
	set(&l.LastName, change.lastName)
	set(&l.ExternalID, change.externalID)
	set(&l.Role, change.role)
	// Nobody can accept an invitation on the invited person's behalf: for them, writing "active"
	// changes nothing, and the answer says so.
	if change.status != nil && !(l.Status == StatusInvited && *change.status == StatusActive) {
		l.Status = *change.status
	}
	o.learnerTimes[l].touch()
	return o.lockedCopy(l), nil
}

// remove takes a learner out of the organization and its groups, or returns errNotFound.
func (o *organization) remove(id string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.learnerByID[id]
	if l == nil {
		return errNotFound
	}
	for _, g := range o.groups {
		g.leave(l)
	}
	o.lockedUnindex(l)
	delete(o.learnerTimes, l)
	o.learners = slices.DeleteFunc(o.learners, func(other *Learner) bool { return other == l })
	return nil
}

// edit lets change alter any member of a learner, whatever the API would say, as long as ids, e-mails
// and user names stay unique and the groups exist.
func (o *organization) edit(id string, change func(*Learner)) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.learnerByID[id]
	if l == nil {
		return errNotFound
	}
	return o.lockedEdit(l, func(edited *Learner) error {
		change(edited)
		return nil
	})
}

// lockedEdit lets change alter a learner, all or nothing.
func (o *organization) lockedEdit(l *Learner, change func(*Learner) error) error {
	edited := o.lockedCopy(l)
	if err := change(&edited); err != nil {
		return err
	}
	if err := o.lockedFree(l, edited); err != nil {
		return err
	}
	if err := o.lockedKnown(edited.Groups); err != nil {
		return err
	}
	for _, g := range o.groups {
		if slices.Contains(edited.Groups, g.id) {
			g.join(l)
		} else {
			g.leave(l)
		}
	}
	o.lockedUnindex(l)
	*l = edited
	l.Groups, l.Licenses = nil, slices.Clone(edited.Licenses)
	o.lockedIndex(l)
	o.learnerTimes[l].touch()
	return nil
}

// createGroup makes an empty group. Names are unique without regard to case, because they act as
// keys in that way elsewhere in the product (the CSV import).
func (o *organization) createGroup(name string) (Group, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g, err := o.lockedAddGroup(Group{Name: name})
	if err != nil {
		return Group{}, err
	}
	return Group{ID: g.id, Name: g.name}, nil
}

// lockedAddGroup makes a group with its members; its ID is the organization's to decide.
func (o *organization) lockedAddGroup(added Group) (*group, error) {
	if err := o.lockedNameFree(nil, added.Name); err != nil {
		return nil, err
	}
	members, err := o.lockedLearners(added.Members)
	if err != nil {
		return nil, err
	}
	o.groupSerial++
	g := &group{
		id: groupID(o.groupSerial), name: added.Name, externalID: added.ExternalID, scim: added.SCIM,
		members: map[*Learner]bool{}, times: newTimes(),
	}
	for _, l := range members {
		g.join(l)
	}
	o.groups = append(o.groups, g)
	o.groupByID[g.id] = g
	o.groupByName[strings.ToLower(g.name)] = g
	return g, nil
}

// group returns a group without its members, which may be many, or errNotFound.
func (o *organization) group(id string) (Group, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.groupByID[id]
	if g == nil {
		return Group{}, errNotFound
	}
	return Group{ID: g.id, Name: g.name}, nil
}

// listGroups is list for groups, which come without their members.
func (o *organization) listGroups(name string, offset, limit int) ([]Group, int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	selected := o.groups
	if name != "" {
		selected = nil
		if g := o.groupByName[strings.ToLower(name)]; g != nil {
			selected = []*group{g}
		}
	}
	var groups []Group
	for _, g := range window(selected, offset, limit) {
		groups = append(groups, Group{ID: g.id, Name: g.name})
	}
	return groups, len(selected)
}

// allGroups returns every group with its members.
func (o *organization) allGroups() []Group {
	o.mu.Lock()
	defer o.mu.Unlock()
	groups := make([]Group, 0, len(o.groups))
	for _, g := range o.groups {
		groups = append(groups, g.copy())
	}
	return groups
}

// editGroup lets change alter a group, all or nothing: its name, as long as that is unique, its
// members, as long as they exist, and what SCIM adds. Its own name in another case is free to it.
func (o *organization) editGroup(id string, change func(*Group)) (Group, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.groupByID[id]
	if g == nil {
		return Group{}, errNotFound
	}
	err := o.lockedEditGroup(g, func(edited *Group) error {
		change(edited)
		return nil
	})
	if err != nil {
		return Group{}, err
	}
	return g.copy(), nil
}

func (o *organization) lockedEditGroup(g *group, change func(*Group) error) error {
	edited := g.copy()
	if err := change(&edited); err != nil {
		return err
	}
	if err := o.lockedNameFree(g, edited.Name); err != nil {
		return err
	}
	members, err := o.lockedLearners(edited.Members)
	if err != nil {
		return err
	}
	delete(o.groupByName, strings.ToLower(g.name))
	g.name, g.externalID, g.scim = edited.Name, edited.ExternalID, edited.SCIM
	o.groupByName[strings.ToLower(g.name)] = g
	g.order, g.members = nil, map[*Learner]bool{}
	for _, l := range members {
		g.join(l)
	}
	g.touch()
	return nil
}

// removeGroup removes a group. Its members stay in the organization.
func (o *organization) removeGroup(id string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.groupByID[id]
	if g == nil {
		return errNotFound
	}
	o.lockedRemoveGroup(g)
	return nil
}

func (o *organization) lockedRemoveGroup(g *group) {
	delete(o.groupByID, g.id)
	delete(o.groupByName, strings.ToLower(g.name))
	o.groups = slices.DeleteFunc(o.groups, func(other *group) bool { return other == g })
}

// listMembers returns up to limit members of a group from offset on, and how many there are.
func (o *organization) listMembers(id string, offset, limit int) ([]Learner, int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.groupByID[id]
	if g == nil {
		return nil, 0, errNotFound
	}
	return o.lockedCopies(window(g.order, offset, limit)), len(g.order), nil
}

// addMembers puts learners into a group: all of them, or none when one is unknown. Those who are
// members already stay.
func (o *organization) addMembers(id string, learnerIDs []string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.groupByID[id]
	if g == nil {
		return errNotFound
	}
	joining, err := o.lockedLearners(learnerIDs)
	if err != nil {
		return err
	}
	for _, l := range joining {
		g.join(l)
	}
	return nil
}

// removeMember takes a learner out of a group, or returns errNotFound when there is no such group,
// learner or membership.
func (o *organization) removeMember(id, learnerID string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	g, l := o.groupByID[id], o.learnerByID[learnerID]
	if g == nil || l == nil || !g.members[l] {
		return errNotFound
	}
	g.leave(l)
	return nil
}

// overview is what the page shows of the organization.
type overview struct {
	Total, Invited, Active, Deactivated int
	Learners                            []overviewLearner // the newest first
	GroupTotal                          int
	Groups                              []overviewGroup // the newest first
}

type overviewLearner struct {
	Learner
	GroupNames []string
}

type overviewGroup struct {
	ID, Name string
	Members  int
	SCIM     bool
}

// overview counts everything and lists the newest learners and groups, up to limit of each.
func (o *organization) overview(limit int) overview {
	o.mu.Lock()
	defer o.mu.Unlock()
	view := overview{Total: len(o.learners), GroupTotal: len(o.groups)}
	for _, l := range o.learners {
		switch l.Status {
		case StatusInvited:
			view.Invited++
		case StatusActive:
			view.Active++
		case StatusDeactivated:
			view.Deactivated++
		}
	}
	for _, l := range slices.Backward(window(o.learners, len(o.learners)-limit, limit)) {
		row := overviewLearner{Learner: o.lockedCopy(l)}
		for _, id := range row.Groups {
			row.GroupNames = append(row.GroupNames, o.groupByID[id].name)
		}
		view.Learners = append(view.Learners, row)
	}
	for _, g := range slices.Backward(window(o.groups, len(o.groups)-limit, limit)) {
		view.Groups = append(view.Groups, overviewGroup{ID: g.id, Name: g.name, Members: len(g.order), SCIM: g.scim})
	}
	return view
}

// spell writes e-mail and user name the way the organization keeps them.
func (o *organization) spell(l *Learner) {
	if o.variations.FoldEmails {
		l.Email, l.UserName = strings.ToLower(l.Email), strings.ToLower(l.UserName)
	}
	if l.UserName == l.Email {
		l.UserName = ""
	}
}

// lockedFree checks that nobody but self holds the id, e-mail or user name of a learner.
func (o *organization) lockedFree(self *Learner, l Learner) error {
	for _, key := range []struct {
		name   string
		holder *Learner
	}{
		{"email", o.learnerByEmail[strings.ToLower(l.Email)]},
		{"id", o.learnerByID[l.ID]},
		{"userName", o.learnerByUserName[strings.ToLower(l.userName())]},
	} {
		if key.holder != nil && key.holder != self {
			return &conflictError{
				id:     key.holder.ID,
				detail: fmt.Sprintf("A user with this %s already exists in the organization.", key.name),
			}
		}
	}
	return nil
}

// lockedNameFree checks that no group but self has a name.
func (o *organization) lockedNameFree(self *group, name string) error {
	if g := o.groupByName[strings.ToLower(name)]; g != nil && g != self && !o.variations.SameGroupNames {
		return &conflictError{id: g.id, detail: "A group with this name already exists in the organization."}
	}
	return nil
}

// lockedKnown checks that groups exist.
func (o *organization) lockedKnown(groupIDs []string) error {
	for _, id := range groupIDs {
		if o.groupByID[id] == nil {
			return &invalidError{field: "groups", detail: fmt.Sprintf("Group %q does not exist.", id)}
		}
	}
	return nil
}

// lockedLearners returns the learners with ids, or an invalidError when one does not exist.
func (o *organization) lockedLearners(ids []string) ([]*Learner, error) {
	learners := make([]*Learner, 0, len(ids))
	for _, id := range ids {
		l := o.learnerByID[id]
		if l == nil {
			return nil, &invalidError{field: "users", detail: fmt.Sprintf("User %q does not exist.", id)}
		}
		learners = append(learners, l)
	}
	return learners, nil
}

// lockedCopy returns a learner as callers see one.
func (o *organization) lockedCopy(l *Learner) Learner {
	c := *l
	c.Licenses = slices.Clone(l.Licenses)
	for _, g := range o.groups {
		if g.members[l] {
			c.Groups = append(c.Groups, g.id)
		}
	}
	return c
}

func (o *organization) lockedCopies(learners []*Learner) []Learner {
	copies := make([]Learner, 0, len(learners))
	for _, l := range learners {
		copies = append(copies, o.lockedCopy(l))
	}
	return copies
}

// lockedNextLearnerID continues the series of ids, which is the same in every run. Ids are not
// reused. The multiplication by an odd number scatters them without repeating any.
func (o *organization) lockedNextLearnerID() string {
	o.learnerSerial++
	if o.variations.NumericIDs {
		return fmt.Sprint(100_000 + o.learnerSerial)
	}
	return fmt.Sprintf("%08x", o.learnerSerial*2_654_435_761)
}

// groupID makes the nth group's UUID, the same in every run.
func groupID(n uint32) string {
	b := sha256.Sum256(fmt.Appendf(nil, "group %d", n))
	b[6] = b[6]&0x0f | 0x80 // version 8
	b[8] = b[8]&0x3f | 0x80 // RFC 9562 variant
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// window returns up to limit items from offset on, as far as they exist.
func window[T any](items []T, offset, limit int) []T {
	start := min(max(offset, 0), len(items))
	return items[start:][:min(limit, len(items)-start)]
}
