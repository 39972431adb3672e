// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"slices"
	"strings"
)

// The methods in this file read the organization as a page shows it: counted, searched and in parts.

// Counts are the numbers of an organization.
type Counts struct {
	Invited, Active, Deactivated int // learners
	Groups                       int
	Seats                        int            // purchased; 0 for any number
	Licenses                     map[string]int // learners with a seat, by license
	Pools                        []Pool         // custom license pools, by name
}

// Pool is a custom license pool.
type Pool struct {
	Name       string
	Used, Size int
}

// Counts counts the learners and groups.
func (s *Simulator) Counts() Counts {
	o := s.organization
	o.mu.Lock()
	defer o.mu.Unlock()
	counts := Counts{Groups: len(o.groups), Seats: o.seats, Licenses: map[string]int{}}
	pools := map[string]int{}
	for _, l := range o.learners {
		switch l.Status {
		case StatusInvited:
			counts.Invited++
		case StatusActive:
			counts.Active++
			pools[l.Pool]++
		case StatusDeactivated:
			counts.Deactivated++
			continue
		}
		for _, license := range l.Licenses {
			counts.Licenses[license]++
		}
	}
	for name, size := range o.pools {
		counts.Pools = append(counts.Pools, Pool{Name: name, Used: pools[name], Size: size})
	}
	slices.SortFunc(counts.Pools, func(a, b Pool) int { return cmp.Compare(a.Name, b.Name) })
	return counts
}

// Search selects learners. Empty fields match all.
type Search struct {
	Text    string // part of the address, the name, the external ID or the ID, in any case
	Status  string
	GroupID string
}

// Search returns up to limit of the matching learners from offset, the newest first, and their total number.
func (s *Simulator) Search(search Search, offset, limit int) ([]Learner, int) {
	o := s.organization
	o.mu.Lock()
	defer o.mu.Unlock()
	searched := o.learners
	if search.GroupID != "" {
		searched = nil
		if g := o.groupByID[search.GroupID]; g != nil {
			searched = g.order
		}
	}
	text := strings.ToLower(search.Text)
	var found []*Learner
	for _, l := range slices.Backward(searched) {
		if (search.Status == "" || l.Status == search.Status) && l.contains(text) {
			found = append(found, l)
		}
	}
	return o.lockedCopies(window(found, offset, limit)), len(found)
}

// contains reports whether a learner has a text in lower case.
func (l *Learner) contains(text string) bool {
	return text == "" || slices.ContainsFunc([]string{l.Email, l.FirstName + " " + l.LastName, l.ExternalID, l.ID}, func(field string) bool {
		return strings.Contains(strings.ToLower(field), text)
	})
}

// GroupSummary is a group with the number of its members.
type GroupSummary struct {
	ID, Name string
	Members  int
	SCIM     bool // created through SCIM
}

// SearchGroups is Search for groups, by a part of the name.
func (s *Simulator) SearchGroups(text string, offset, limit int) ([]GroupSummary, int) {
	o := s.organization
	o.mu.Lock()
	defer o.mu.Unlock()
	text = strings.ToLower(text)
	var found []GroupSummary
	for _, g := range slices.Backward(o.groups) {
		if strings.Contains(strings.ToLower(g.name), text) {
			found = append(found, GroupSummary{ID: g.id, Name: g.name, Members: len(g.order), SCIM: g.scim})
		}
	}
	return window(found, offset, limit), len(found)
}

// GroupName returns the name of a group, and whether it exists.
func (s *Simulator) GroupName(id string) (string, bool) {
	g, err := s.organization.group(id)
	return g.Name, err == nil
}

// Revision has numbers that differ after every change. Computing it is cheap, so a watcher can poll it.
type Revision struct {
	Start        int64  `json:"start"`        // of the Simulator: another one has the same numbers for other content
	Organization uint64 `json:"organization"` // learners, groups and mails
	Requests     uint64 `json:"requests"`
	Switches     uint64 `json:"switches"` // seats, pace, faults and lag
}

// Revision returns the current Revision.
func (s *Simulator) Revision() Revision {
	s.organization.mu.Lock()
	defer s.organization.mu.Unlock()
	return Revision{Start: s.start.UnixNano(), Organization: s.organization.revision, Requests: s.requests.revision(), Switches: s.switches.Load()}
}
