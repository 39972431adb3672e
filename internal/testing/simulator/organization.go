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

// DefaultLicensePool is the name of the license pool that always exists.
const DefaultLicensePool = "default license pool"

// The licenses of a Learner.
const (
	LicenseEnterprise = "Enterprise"
	LicensePro        = "Pro"
)

// Learner is a learner of the organization. Only SCIM returns the fields from UserName to SCIM.
type Learner struct {
	ID         string
	Email      string
	FirstName  string
	LastName   string
	ExternalID string // may be empty
	Role       string
	Status     string
	Groups     []string // IDs, in the order in which the groups were created

	UserName string // empty if it equals the e-mail address
	Title    string
	Locale   string
	Licenses []string
	Pool     string // the custom license pool; empty for the default pool
	SCIM     bool   // created through SCIM

	// Activity is what only the activity report contains. Nil stands for a learner who visits every day.
	Activity *Activity
}

// userName returns the user name of SCIM.
func (l *Learner) userName() string {
	if l.UserName == "" {
		return l.Email
	}
	return l.UserName
}

// Group is a named set of learners. Only SCIM returns the fields after Members.
type Group struct {
	ID      string
	Name    string
	Members []string // learner IDs, in the order in which they joined

	ExternalID string // may be empty
	SCIM       bool   // created through SCIM
}

// errNotFound is the error for an unknown ID.
var errNotFound = errors.New("not found")

// conflictError is the error for a change that conflicts with the current state.
type conflictError struct {
	id     string // of the conflicting learner or group
	detail string
}

func (e *conflictError) Error() string { return e.detail }

// invalidError is the error for an invalid value.
type invalidError struct {
	field  string // the member with the value; empty if the whole request is invalid
	detail string
}

func (e *invalidError) Error() string { return e.detail }

// profile is a change of a learner. Nil fields stay unchanged.
type profile struct {
	email, firstName, lastName, externalID, role, status *string
}

// touchesMoreThanStatus reports whether the change has other fields than the status.
func (p profile) touchesMoreThanStatus() bool {
	return p.email != nil || p.firstName != nil || p.lastName != nil || p.externalID != nil || p.role != nil
}

// times are the times of creation and of the last change, and the number of changes.
type times struct {
	created, modified time.Time
	changes           int
}

func newTimes() *times {
	now := time.Now()
	return &times{created: now, modified: now}
}

func (t *times) touch() {
	t.modified = time.Now()
	t.changes++
}

// tag returns the version as a weak entity tag, as RFC 7644 section 3.14 does.
func (t *times) tag() string { return fmt.Sprintf(`W/"%d"`, t.changes) }

// group is the stored form of a Group. Memberships are stored only here.
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

// copy returns the exported form of a group.
func (g *group) copy() Group {
	members := make([]string, 0, len(g.order))
	for _, l := range g.order {
		members = append(members, l.ID)
	}
	return Group{ID: g.id, Name: g.name, Members: members, ExternalID: g.externalID, SCIM: g.scim}
}

// organization is the state behind both APIs, without HTTP. Each method is atomic. Methods whose name
// starts with "locked" require that the caller holds the lock.
type organization struct {
	variations Variations
	pools      map[string]int // the sizes of the custom license pools

	mu sync.Mutex
	content
	seats     int    // purchased; 0 for any number
	revision  uint64 // increases with every change
	mails     []Mail // the latest, oldest first
	mailTotal int
}

// content is the part of an organization that Reset restores.
type content struct {
	learners          []*Learner          // in creation order; their Groups are not set
	learnerByID       map[string]*Learner //
	learnerByEmail    map[string]*Learner // by lower-case e-mail
	learnerByUserName map[string]*Learner // by lower-case user name
	learnerTimes      map[*Learner]*times // not in Learner, which is equal in every run
	groups            []*group            // in creation order
	groupByID         map[string]*group   //
	groupByName       map[string]*group   // by lower-case name
	learnerSerial     uint32
	groupSerial       uint32
}

func newOrganization(config Config) *organization {
	return &organization{
		variations: config.Variations,
		pools:      config.LicensePools,
		content: content{
			learnerByID:       map[string]*Learner{},
			learnerByEmail:    map[string]*Learner{},
			learnerByUserName: map[string]*Learner{},
			learnerTimes:      map[*Learner]*times{},
			groupByID:         map[string]*group{},
			groupByName:       map[string]*group{},
		},
	}
}

// create invites a new learner. It ignores and sets the Status.
func (o *organization) create(l Learner) (Learner, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l.Status = StatusInvited
	if o.variations.AutoProvision {
		l.Status = StatusActive
	} else if o.variations.NamesTyped {
		l.FirstName, l.LastName = "", ""
	}
	added, err := o.lockedAdd(l)
	if err != nil {
		return Learner{}, err
	}
	if added.Status == StatusInvited {
		o.lockedMail(added, MailInvitation, CauseAPI)
	}
	return o.lockedCopy(added), nil
}

// add adds a learner, and sets ID, Role, Status and Licenses if they are empty.
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
	if local, _, _ := strings.Cut(l.Email, "@"); o.variations.UserNames && l.userName() == l.Email {
		l.UserName = local + "@upn.example.com"
	}
	o.normalize(&l)
	if err := o.lockedFree(nil, l); err != nil {
		return nil, err
	}
	if err := o.lockedKnown(l.Groups); err != nil {
		return nil, err
	}
	if err := o.lockedLicense(nil, l); err != nil {
		return nil, err
	}
	if err := o.lockedSeat(nil, l.Status); err != nil {
		return nil, err
	}
	for l.ID == "" {
		// An added learner may already have the next ID of the series.
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
	o.revision++
	return &kept, nil
}

// lockedIndex indexes a learner by ID, e-mail address and user name.
func (o *organization) lockedIndex(l *Learner) {
	o.learnerByID[l.ID] = l
	o.learnerByEmail[strings.ToLower(l.Email)] = l
	o.learnerByUserName[strings.ToLower(l.userName())] = l
}

// lockedUnindex undoes lockedIndex. Call it before the learner changes.
func (o *organization) lockedUnindex(l *Learner) {
	delete(o.learnerByID, l.ID)
	if email := strings.ToLower(l.Email); o.learnerByEmail[email] == l {
		delete(o.learnerByEmail, email)
	}
	delete(o.learnerByUserName, strings.ToLower(l.userName()))
}

// learner returns the learner with an ID, or errNotFound.
func (o *organization) learner(id string) (Learner, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.learnerByID[id]
	if l == nil {
		return Learner{}, errNotFound
	}
	return o.lockedCopy(l), nil
}

// learnerWithEmail returns the learner with an e-mail address in any case, or errNotFound.
func (o *organization) learnerWithEmail(email string) (Learner, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.learnerByEmail[strings.ToLower(email)]
	if l == nil {
		return Learner{}, errNotFound
	}
	return o.lockedCopy(l), nil
}

// list returns up to limit learners from offset, and their total number. Empty filters match all
// learners. E-mail addresses match in any case.
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

// update changes a learner. After an error the learner is unchanged.
func (o *organization) update(id string, change profile) (Learner, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.learnerByID[id]
	if l == nil {
		return Learner{}, errNotFound
	}
	// A deactivated learner has to be reactivated in a separate call before other changes.
	if l.Status == StatusDeactivated && change.touchesMoreThanStatus() {
		return Learner{}, &invalidError{detail: "A deactivated user cannot be changed. Reactivate the user first."}
	}
	reactivated := l.Status == StatusDeactivated && value(change.status) == StatusActive
	if reactivated {
		if err := o.lockedSeat(l, StatusActive); err != nil {
			return Learner{}, err
		}
	}
	if change.email != nil {
		changed := *l
		changed.Email = *change.email
		o.normalize(&changed)
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
	// Only the invited person can accept an invitation, so "active" does not change the status
	// "invited". The response contains the unchanged status.
	if change.status != nil && !(l.Status == StatusInvited && *change.status == StatusActive) {
		l.Status = *change.status
	}
	o.learnerTimes[l].touch()
	o.revision++
	if reactivated {
		o.lockedMail(l, MailReactivation, CauseAPI)
	}
	return o.lockedCopy(l), nil
}

// remove removes a learner from the organization and its groups, or returns errNotFound.
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
	o.revision++
	return nil
}

// edit calls change to edit a learner without the rules of the APIs. IDs, e-mail addresses and user
// names must stay unique, and the groups must exist.
func (o *organization) edit(id string, change func(*Learner) error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.learnerByID[id]
	if l == nil {
		return errNotFound
	}
	return o.lockedEdit(l, change)
}

// lockedEdit calls change to edit a learner. After an error the learner is unchanged.
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
	if err := o.lockedLicense(l, edited); err != nil {
		return err
	}
	if err := o.lockedSeat(l, edited.Status); err != nil {
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
	o.revision++
	return nil
}

// createGroup creates an empty group. Names are unique in any case, because the CSV import of the
// product uses them as case-insensitive keys.
func (o *organization) createGroup(name string) (Group, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g, err := o.lockedAddGroup(Group{Name: name})
	if err != nil {
		return Group{}, err
	}
	return Group{ID: g.id, Name: g.name}, nil
}

// lockedAddGroup creates a group with its members. It ignores and sets the ID.
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
		id: o.lockedOpaque(groupID(o.groupSerial)), name: added.Name, externalID: added.ExternalID, scim: added.SCIM,
		members: map[*Learner]bool{}, times: newTimes(),
	}
	for _, l := range members {
		g.join(l)
	}
	o.groups = append(o.groups, g)
	o.groupByID[g.id] = g
	o.groupByName[strings.ToLower(g.name)] = g
	o.revision++
	return g, nil
}

// group returns a group without its members, or errNotFound.
func (o *organization) group(id string) (Group, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.groupByID[id]
	if g == nil {
		return Group{}, errNotFound
	}
	return Group{ID: g.id, Name: g.name}, nil
}

// listGroups is list for groups. They are returned without members.
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

// editGroup calls change to edit a group. After an error the group is unchanged. The name must be
// unique in any case, the members must exist, and the ID cannot change.
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
	o.revision++
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
	o.revision++
}

// listMembers returns up to limit members of a group from offset, and their total number.
func (o *organization) listMembers(id string, offset, limit int) ([]Learner, int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.groupByID[id]
	if g == nil {
		return nil, 0, errNotFound
	}
	return o.lockedCopies(window(g.order, offset, limit)), len(g.order), nil
}

// addMembers adds learners to a group, or none if one is unknown. Existing members stay.
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
	o.revision++
	return nil
}

// removeMember removes a learner from a group, or returns errNotFound if the group, the learner or the
// membership does not exist.
func (o *organization) removeMember(id, learnerID string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	g, l := o.groupByID[id], o.learnerByID[learnerID]
	if g == nil || l == nil || !g.members[l] {
		return errNotFound
	}
	g.leave(l)
	o.revision++
	return nil
}

// normalize converts e-mail address and user name to their stored form.
func (o *organization) normalize(l *Learner) {
	if o.variations.FoldEmails {
		l.Email, l.UserName = strings.ToLower(l.Email), strings.ToLower(l.UserName)
	}
	if l.UserName == l.Email {
		l.UserName = ""
	}
}

// lockedFree checks that no learner except self has the ID, e-mail address or user name of a learner.
func (o *organization) lockedFree(self *Learner, l Learner) error {
	for _, key := range []struct {
		name   string
		holder *Learner
	}{
		{"email", o.learnerByEmail[strings.ToLower(l.Email)]},
		{"id", o.learnerByID[l.ID]},
		{"userName", o.learnerByUserName[strings.ToLower(l.userName())]},
	} {
		same := key.name == "email" && o.variations.SameEmails
		if key.holder != nil && key.holder != self && !same {
			return &conflictError{
				id:     key.holder.ID,
				detail: fmt.Sprintf("A user with this %s already exists in the organization.", key.name),
			}
		}
	}
	return nil
}

// lockedNameFree checks that no group except self has a name.
func (o *organization) lockedNameFree(self *group, name string) error {
	if g := o.groupByName[strings.ToLower(name)]; g != nil && g != self && !o.variations.SameGroupNames {
		return &conflictError{id: g.id, detail: "A group with this name already exists in the organization."}
	}
	return nil
}

// lockedLicense checks that a learner's license pool exists and is not full. Only active learners use a license of a pool. The
// status and the text of a refusal are assumptions.
func (o *organization) lockedLicense(self *Learner, l Learner) error {
	size, exists := o.pools[l.Pool]
	moves := self == nil || self.Pool != l.Pool || self.Status != StatusActive
	switch {
	case l.Pool == "":
		return nil
	case !exists:
		return &invalidError{detail: fmt.Sprintf("licensePoolName: there is no license pool %q.", l.Pool)}
	case l.Status != StatusActive || !moves:
		return nil
	}
	for _, other := range o.learners {
		if other != self && other.Pool == l.Pool && other.Status == StatusActive {
			size--
		}
	}
	if size <= 0 {
		return &invalidError{detail: fmt.Sprintf("licensePoolName: the license pool %q is full.", l.Pool)}
	}
	return nil
}

// poolNamed returns the custom license pool with a name in any case. It is empty for the default pool, and if there are no
// custom pools, because the name is then ignored. A name that is not a pool is returned as it is.
func (o *organization) poolNamed(name string) string {
	if len(o.pools) == 0 || strings.EqualFold(name, DefaultLicensePool) {
		return ""
	}
	for pool := range o.pools {
		if strings.EqualFold(name, pool) {
			return pool
		}
	}
	return name
}

// lockedKnown checks that all groups exist.
func (o *organization) lockedKnown(groupIDs []string) error {
	for _, id := range groupIDs {
		if o.groupByID[id] == nil {
			return &invalidError{field: "groups", detail: fmt.Sprintf("Group %q does not exist.", id)}
		}
	}
	return nil
}

// lockedLearners returns the learners with these IDs, or an invalidError if one does not exist.
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

// lockedCopy returns the exported form of a learner.
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

// lockedNextLearnerID returns the next ID of a series that is the same in every run. IDs are not
// reused. The multiplication by an odd number scatters them without duplicates.
func (o *organization) lockedNextLearnerID() string {
	o.learnerSerial++
	if o.variations.NumericIDs {
		return fmt.Sprint(100_000 + o.learnerSerial)
	}
	return o.lockedOpaque(fmt.Sprintf("%08x", o.learnerSerial*2_654_435_761))
}

// lockedOpaque returns an ID that a client can only compare and send back (RFC 7643 section 3.1).
func (o *organization) lockedOpaque(id string) string {
	if !o.variations.OpaqueIDs {
		return id
	}
	id += ` / %2F%#?&=+,;:@[é]"' 漢`
	return id + strings.Repeat("x", 300-len(id))
}

// groupID returns the UUID of the nth group. It is the same in every run.
func groupID(n uint32) string {
	b := sha256.Sum256(fmt.Appendf(nil, "group %d", n))
	b[6] = b[6]&0x0f | 0x80 // version 8
	b[8] = b[8]&0x3f | 0x80 // RFC 9562 variant
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// window returns up to limit items from offset.
func window[T any](items []T, offset, limit int) []T {
	start := min(max(offset, 0), len(items))
	return items[start:][:min(limit, len(items)-start)]
}
