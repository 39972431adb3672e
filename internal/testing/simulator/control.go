// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"math"
	"slices"
)

// The methods in this file read and change the organization without the APIs, like an administrator in
// the web interface. Methods that change it panic on a mistake of the test, such as an unknown learner
// or group, or an e-mail address or name that exists already.

// Learners returns all learners in order of creation.
func (s *Simulator) Learners() []Learner {
	learners, _ := s.organization.list("", "", 0, math.MaxInt)
	return learners
}

// Learner returns the learner with an e-mail address in any case, and whether it exists.
func (s *Simulator) Learner(email string) (Learner, bool) {
	l, err := s.organization.learnerWithEmail(email)
	return l, err == nil
}

// Groups returns all groups in order of creation.
func (s *Simulator) Groups() []Group {
	return s.organization.allGroups()
}

// Add adds a learner and returns it. An empty ID is generated. The default of Status is active, that of
// Role learner and that of Licenses Enterprise. It panics if the ID, e-mail address or user name exists
// already, or a group does not exist.
func (s *Simulator) Add(l Learner) Learner {
	return must(s.organization.add(l))
}

// Edit calls change to edit a learner. change must not call the Simulator. Edit panics if the learner
// or a group does not exist, or if the new ID, e-mail address or user name exists already.
func (s *Simulator) Edit(email string, change func(*Learner)) {
	check(s.organization.edit(s.learnerID(email), func(l *Learner) error {
		change(l)
		return nil
	}))
}

// Invite invites a learner on the admin pages, or with a CSV upload, and returns the learner. Such an invitation consists of an
// address, so the learner has no name before accepting. It panics like Add.
func (s *Simulator) Invite(email string, groupIDs ...string) Learner {
	return must(s.Administrator().Invite(Learner{Email: email, Groups: groupIDs}))
}

// Accept accepts the invitation of a learner, who types a first and a last name. The names need not be those of the invitation.
// It panics if the learner does not exist or is not invited.
func (s *Simulator) Accept(email, firstName, lastName string) {
	check(s.Administrator().Accept(s.learnerID(email), firstName, lastName))
}

// Remove removes a learner from the organization and its groups. It panics if the learner does not
// exist.
func (s *Simulator) Remove(email string) {
	check(s.organization.remove(s.learnerID(email)))
}

// AddGroup adds a group and returns it. It panics if the name exists already or a member does not.
func (s *Simulator) AddGroup(name string, memberIDs ...string) Group {
	g := must(s.organization.createGroup(name))
	check(s.organization.addMembers(g.ID, memberIDs))
	g.Members = slices.Clone(memberIDs)
	return g
}

// RenameGroup renames a group. It panics if the group does not exist or the name exists already.
func (s *Simulator) RenameGroup(id, name string) {
	s.EditGroup(id, func(g *Group) { g.Name = name })
}

// EditGroup calls change to edit a group except its ID. change must not call the Simulator. EditGroup
// panics if the group or a member does not exist, or if the new name exists already.
func (s *Simulator) EditGroup(id string, change func(*Group)) {
	must(s.organization.editGroup(id, change))
}

// RemoveGroup removes a group. Its learners stay. It panics if the group does not exist.
func (s *Simulator) RemoveGroup(id string) {
	check(s.organization.removeGroup(id))
}

// SetMembers replaces the members of a group. It panics if the group or a learner does not exist.
func (s *Simulator) SetMembers(id string, memberIDs ...string) {
	s.EditGroup(id, func(g *Group) { g.Members = memberIDs })
}

// Requests returns the API calls since the start or the last ResetRequests in order of arrival. Only
// the last 50,000 are stored; RequestCount counts all of them.
func (s *Simulator) Requests() []Request {
	requests, _ := s.requests.latest(keptRequests)
	return requests
}

// RequestCount returns the number of API calls since the start or the last ResetRequests.
func (s *Simulator) RequestCount() int {
	_, total := s.requests.latest(0)
	return total
}

// LatestRequests returns up to limit of the latest API calls, oldest first, and the value of RequestCount.
func (s *Simulator) LatestRequests(limit int) ([]Request, int) {
	return s.requests.latest(limit)
}

// ResetRequests clears the log of API calls.
func (s *Simulator) ResetRequests() {
	s.requests.reset()
}

// learnerID returns the ID of the learner with an e-mail address. It panics if the learner does not exist.
func (s *Simulator) learnerID(email string) string {
	l, ok := s.Learner(email)
	if !ok {
		panic(fmt.Sprintf("simulator: there is no learner with the e-mail address %q", email))
	}
	return l.ID
}

// check is must for calls without a result.
func check(err error) {
	if err != nil {
		panic(fmt.Sprintf("simulator: %v", err))
	}
}
