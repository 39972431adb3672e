// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// lag answers reads with the organization as it was before the latest changes of the APIs. Changes of the
// web interface are never late.
type lag struct {
	active atomic.Bool // so that calls of an organization without lag don't wait for each other

	mu       sync.Mutex
	reads    int
	duration time.Duration
	users    map[string]late[scimUser]  // by ID
	groups   map[string]late[scimGroup] // by ID
}

// late are the earlier versions of an object that reads still return, oldest first.
type late[T any] []*earlier[T]

type earlier[T any] struct {
	version *T // nil before the object was created
	reads   int
	until   time.Time
}

// set changes the lag and forgets all earlier versions.
func (l *lag) set(reads int, duration time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads, l.duration = reads, duration
	l.users, l.groups = map[string]late[scimUser]{}, map[string]late[scimGroup]{}
	l.active.Store(reads > 0 || duration > 0)
}

// SetLag changes LagReads and Lag of the Variations for the following API calls. Reads return all earlier changes at once.
func (s *Simulator) SetLag(reads int, duration time.Duration) {
	s.lag.set(reads, duration)
	s.switches.Add(1)
}

// Lag returns the values of SetLag.
func (s *Simulator) Lag() (reads int, duration time.Duration) {
	s.lag.mu.Lock()
	defer s.lag.mu.Unlock()
	return s.lag.reads, s.lag.duration
}

// answerLate passes a call to its API. A read sees earlier versions, and a write that names an object that
// reads don't return yet is refused.
func (s *Simulator) answerLate(w http.ResponseWriter, r *http.Request, body []byte) {
	s.lag.mu.Lock()
	defer s.lag.mu.Unlock()
	users, groups := current(s.lag.users), current(s.lag.groups)
	switch {
	case r.Method == http.MethodGet:
		s.lag.count()
		replica := s.organization.asOf(users, groups)
		s.answerFrom(newREST(s.config, replica), newSCIM(s.config, replica), w, r)
	case inPath(r, users) || inPath(r, groups):
		s.lag.count()
		s.refuseLate(w, r, errNotFound)
	case inBody(body, users) || inBody(body, groups):
		s.lag.count()
		field := "groups"
		if strings.Contains(r.URL.Path, "/groups/") {
			field = "users"
		}
		s.refuseLate(w, r, &invalidError{field: field, detail: "The request names an object that does not exist."})
	default:
		users, groups := s.organization.versions()
		s.answerFrom(s.rest, s.scim, w, r)
		newUsers, newGroups := s.organization.versions()
		note(&s.lag, s.lag.users, users, newUsers, func(a, b scimUser) bool { return a.modified.Equal(b.modified) })
		note(&s.lag, s.lag.groups, groups, newGroups, func(a, b scimGroup) bool { return a.modified.Equal(b.modified) })
	}
}

// refuseLate responds with an error in the form of the API.
func (s *Simulator) refuseLate(w http.ResponseWriter, r *http.Request, err error) {
	if isSCIM(r) {
		s.scim.writeError(w, err)
		return
	}
	s.rest.writeError(w, err)
}

// count counts a read.
func (l *lag) count() {
	for _, versions := range l.users {
		for _, v := range versions {
			v.reads--
		}
	}
	for _, versions := range l.groups {
		for _, v := range versions {
			v.reads--
		}
	}
}

// current drops the versions that reads no longer return, and returns the remaining oldest ones.
func current[T any](objects map[string]late[T]) map[string]*T {
	versions := map[string]*T{}
	for id, waiting := range objects {
		for len(waiting) > 0 && waiting[0].reads <= 0 && time.Now().After(waiting[0].until) {
			waiting = waiting[1:]
		}
		if len(waiting) == 0 {
			delete(objects, id)
			continue
		}
		objects[id] = waiting
		versions[id] = waiting[0].version
	}
	return versions
}

// note stores the earlier versions of the objects that a call has created or changed.
func note[T any](l *lag, objects map[string]late[T], before, after map[string]T, same func(a, b T) bool) {
	for id, now := range after {
		var version *T
		if was, existed := before[id]; existed {
			if same(was, now) {
				continue
			}
			version = &was
		}
		objects[id] = append(objects[id], &earlier[T]{version: version, reads: l.reads, until: time.Now().Add(l.duration)})
	}
}

// inPath reports whether the path of a write names an object that reads don't return yet.
func inPath[T any](r *http.Request, versions map[string]*T) bool {
	return unknown(versions, func(id string) bool {
		return slices.Contains(strings.Split(r.URL.EscapedPath(), "/"), url.PathEscape(id))
	})
}

// inBody is inPath for the body.
func inBody[T any](body []byte, versions map[string]*T) bool {
	return unknown(versions, func(id string) bool { return strings.Contains(string(body), `"`+id+`"`) })
}

func unknown[T any](versions map[string]*T, named func(id string) bool) bool {
	for id, version := range versions {
		if version == nil && named(id) {
			return true
		}
	}
	return false
}

// versions returns all learners and groups by ID.
func (o *organization) versions() (map[string]scimUser, map[string]scimGroup) {
	o.mu.Lock()
	defer o.mu.Unlock()
	users, groups := map[string]scimUser{}, map[string]scimGroup{}
	for _, l := range o.learners {
		users[l.ID] = scimUser{Learner: *l, times: *o.learnerTimes[l]}
	}
	for _, g := range o.groups {
		groups[g.id] = scimGroup{Group: g.copy(), times: *g.times}
	}
	return users, groups
}

// asOf returns a copy of the organization with earlier versions of some learners and groups. A nil version
// leaves one out.
func (o *organization) asOf(users map[string]*scimUser, groups map[string]*scimGroup) *organization {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := newOrganization(Config{Variations: o.variations, LicensePools: o.pools})
	for _, l := range o.learners {
		kept, at := *l, *o.learnerTimes[l]
		if version, late := users[l.ID]; late {
			if version == nil {
				continue
			}
			kept, at = version.Learner, version.times
		}
		c.learners = append(c.learners, &kept)
		c.lockedIndex(&kept)
		c.learnerTimes[&kept] = &at
	}
	for _, g := range o.groups {
		kept, at := g.copy(), *g.times
		if version, late := groups[g.id]; late {
			if version == nil {
				continue
			}
			kept, at = version.Group, version.times
		}
		earlier := &group{
			id: kept.ID, name: kept.Name, externalID: kept.ExternalID, scim: kept.SCIM,
			members: map[*Learner]bool{}, times: &times{},
		}
		for _, id := range kept.Members {
			if l := c.learnerByID[id]; l != nil {
				earlier.join(l)
			}
		}
		*earlier.times = at
		c.groups = append(c.groups, earlier)
		c.groupByID[earlier.id] = earlier
		c.groupByName[strings.ToLower(earlier.name)] = earlier
	}
	return c
}
