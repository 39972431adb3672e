// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "fmt"

// The methods in this file are the view of SCIM: without the objects that SCIM hides, and with the
// fields that only SCIM returns.

// reference is a reference to a learner or a group.
type reference struct {
	id, name string
}

// scimUser is a Learner with the additional fields of SCIM.
type scimUser struct {
	Learner
	groups []reference
	times
}

// scimGroup is a Group with the additional fields of SCIM.
type scimGroup struct {
	Group
	members []reference
	times
}

// createSCIMUser adds a learner without an invitation: SCIM sends no e-mail.
func (o *organization) createSCIMUser(l Learner) (scimUser, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l.SCIM = true
	added, err := o.lockedAdd(l)
	if err != nil {
		return scimUser{}, err
	}
	return o.lockedSCIMUser(added), nil
}

// scimUser returns the learner with an ID, or errNotFound.
func (o *organization) scimUser(id string) (scimUser, error) {
	return o.editSCIMUser(id, nil, nil)
}

// editSCIMUser calls change to edit a learner, unless matches returns an error for the learner's version. After
// an error the learner is unchanged. If change is nil, it only reads.
func (o *organization) editSCIMUser(id string, matches func(times) error, change func(*Learner) error) (scimUser, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.learnerByID[id]
	if l == nil || !o.visible(l.SCIM) {
		return scimUser{}, errNotFound
	}
	if change != nil {
		if err := matches(*o.learnerTimes[l]); err != nil {
			return scimUser{}, err
		}
		reactivated := l.Status == StatusDeactivated
		err := o.lockedEdit(l, func(edited *Learner) error {
			err := change(edited)
			o.normalize(edited)
			return err
		})
		if err != nil {
			return scimUser{}, err
		}
		if reactivated && l.Status == StatusActive {
			o.lockedMail(l, MailReactivation, CauseSCIM)
		}
	}
	return o.lockedSCIMUser(l), nil
}

// scimUsers returns up to limit of the matching learners from offset, and their total number.
func (o *organization) scimUsers(match func(*Learner) bool, offset, limit int) ([]scimUser, int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var users []scimUser
	matches := 0
	for _, l := range o.learners {
		// The condition of visible, without reading each learner for each page: that would take a fifth of the time of a page.
		if o.variations.SCIMMadeOnly && !l.SCIM || !match(l) {
			continue
		}
		if matches >= offset && len(users) < limit {
			users = append(users, o.lockedSCIMUser(l))
		}
		matches++
	}
	return users, matches
}

// createSCIMGroup adds a group with its members.
func (o *organization) createSCIMGroup(added Group) (scimGroup, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.lockedVisible(added.Members, nil); err != nil {
		return scimGroup{}, err
	}
	added.SCIM = true
	g, err := o.lockedAddGroup(added)
	if err != nil {
		return scimGroup{}, err
	}
	return o.lockedSCIMGroup(g), nil
}

// scimGroup returns the group with an ID, or errNotFound.
func (o *organization) scimGroup(id string) (scimGroup, error) {
	return o.editSCIMGroup(id, nil, nil)
}

// editSCIMGroup is editSCIMUser for groups.
func (o *organization) editSCIMGroup(id string, matches func(times) error, change func(*Group) error) (scimGroup, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.groupByID[id]
	if g == nil || !o.visible(g.scim) {
		return scimGroup{}, errNotFound
	}
	if change != nil {
		if err := matches(*g.times); err != nil {
			return scimGroup{}, err
		}
		err := o.lockedEditGroup(g, func(edited *Group) error {
			if err := change(edited); err != nil {
				return err
			}
			return o.lockedVisible(edited.Members, g)
		})
		if err != nil {
			return scimGroup{}, err
		}
	}
	return o.lockedSCIMGroup(g), nil
}

// scimGroups is scimUsers for groups.
func (o *organization) scimGroups(match func(*Group) bool, offset, limit int) ([]scimGroup, int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var matches []*group
	for _, g := range o.groups {
		if o.visible(g.scim) && match(&Group{ID: g.id, Name: g.name, ExternalID: g.externalID}) {
			matches = append(matches, g)
		}
	}
	var groups []scimGroup
	for _, g := range window(matches, offset, limit) {
		groups = append(groups, o.lockedSCIMGroup(g))
	}
	return groups, len(matches)
}

// removeSCIMGroup removes a group, or returns errNotFound or the error of matches.
func (o *organization) removeSCIMGroup(id string, matches func(times) error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.groupByID[id]
	if g == nil || !o.visible(g.scim) {
		return errNotFound
	}
	if err := matches(*g.times); err != nil {
		return err
	}
	o.lockedRemoveGroup(g)
	return nil
}

// visible reports whether SCIM returns a learner or group that was created through SCIM, or not.
func (o *organization) visible(throughSCIM bool) bool {
	return throughSCIM || !o.variations.SCIMMadeOnly
}

// lockedVisible checks that SCIM returns the new members of a group. It does not check that they exist.
func (o *organization) lockedVisible(learnerIDs []string, g *group) error {
	for _, id := range learnerIDs {
		l := o.learnerByID[id]
		if l != nil && !o.visible(l.SCIM) && (g == nil || !g.members[l]) {
			return &invalidError{detail: fmt.Sprintf("User %q does not exist.", id)}
		}
	}
	return nil
}

func (o *organization) lockedSCIMUser(l *Learner) scimUser {
	user := scimUser{Learner: o.lockedCopy(l), times: *o.learnerTimes[l]}
	for _, id := range user.Groups {
		if g := o.groupByID[id]; o.visible(g.scim) {
			user.groups = append(user.groups, reference{id: g.id, name: g.name})
		}
	}
	return user
}

func (o *organization) lockedSCIMGroup(g *group) scimGroup {
	view := scimGroup{Group: g.copy(), times: *g.times}
	for _, l := range g.order {
		if o.visible(l.SCIM) {
			view.members = append(view.members, reference{id: l.ID, name: l.userName()})
		}
	}
	return view
}
