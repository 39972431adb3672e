// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// The methods in this file look at the organization and change it behind the API's back, the way
// an administrator would in the web interface. Those that change something panic when they are
// asked for what cannot be (an unknown learner or group, an e-mail or name that is taken): in a
// test that is a mistake, which must not pass unnoticed.

// Learners returns every learner, in the order of creation.
func (s *Simulator) Learners() []Learner {
	learners, _ := s.organization.list("", "", 0, math.MaxInt)
	return learners
}

// Learner returns the learner with an e-mail, without regard to case, and whether there is one.
func (s *Simulator) Learner(email string) (Learner, bool) {
	l, err := s.organization.learnerWithEmail(email)
	return l, err == nil
}

// Groups returns every group, in the order of creation.
func (s *Simulator) Groups() []Group {
	return s.organization.allGroups()
}

// Add adds an existing learner and returns it. An empty ID is made up, an empty Status is active,
// an empty Role is learner and no Licenses are Enterprise. It panics when the id, e-mail or user name
// is taken or a group is unknown.
func (s *Simulator) Add(l Learner) Learner {
	return must(s.organization.add(l))
}

// Edit lets change alter a learner. change must not call the Simulator. Edit panics when nobody
// has the e-mail, a changed id, e-mail or user name is taken, or a group is unknown.
func (s *Simulator) Edit(email string, change func(*Learner)) {
	check(s.organization.edit(s.learnerID(email), change))
}

// Remove removes a learner, also from the groups. It panics when nobody has the e-mail.
func (s *Simulator) Remove(email string) {
	check(s.organization.remove(s.learnerID(email)))
}

// AddGroup adds a group and returns it. It panics when the name is taken or a member unknown.
func (s *Simulator) AddGroup(name string, memberIDs ...string) Group {
	g := must(s.organization.createGroup(name))
	check(s.organization.addMembers(g.ID, memberIDs))
	g.Members = slices.Clone(memberIDs)
	return g
}

// RenameGroup gives a group another name. It panics when there is no such group or the name is taken.
func (s *Simulator) RenameGroup(id, name string) {
	s.EditGroup(id, func(g *Group) { g.Name = name })
}

// EditGroup lets change alter a group, but not its ID. change must not call the Simulator. EditGroup
// panics when there is no such group, a changed name is taken or a member unknown.
func (s *Simulator) EditGroup(id string, change func(*Group)) {
	must(s.organization.editGroup(id, change))
}

// RemoveGroup removes a group, but not its members. It panics when there is no such group.
func (s *Simulator) RemoveGroup(id string) {
	check(s.organization.removeGroup(id))
}

// SetMembers replaces the members of a group. It panics when there is no such group or learner.
func (s *Simulator) SetMembers(id string, memberIDs ...string) {
	s.EditGroup(id, func(g *Group) { g.Members = memberIDs })
}

// SetPace changes Latency and RequestsPerSecond of the Config, for the API calls that follow.
func (s *Simulator) SetPace(latency time.Duration, requestsPerSecond float64) {
	s.pace.Store(newPace(latency, requestsPerSecond))
}

// Requests returns the API calls since the start or the last ResetRequests, in the order of their
// arrival. Only the last 50,000 are kept; RequestCount counts them all.
func (s *Simulator) Requests() []Request {
	requests, _ := s.requests.latest(keptRequests)
	return requests
}

// RequestCount returns the number of API calls since the start or the last ResetRequests.
func (s *Simulator) RequestCount() int {
	_, total := s.requests.latest(0)
	return total
}

// ResetRequests forgets the API calls so far.
func (s *Simulator) ResetRequests() {
	s.requests.reset()
}

// learnerID finds the learner with an e-mail for the methods that change one.
func (s *Simulator) learnerID(email string) string {
	l, ok := s.Learner(email)
	if !ok {
		panic(fmt.Sprintf("simulator: there is no learner with the e-mail %q", email))
	}
	return l.ID
}

// check is must for steps without a result.
func check(err error) {
	if err != nil {
		panic(fmt.Sprintf("simulator: %v", err))
	}
}
