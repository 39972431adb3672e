// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// lines are the lines of a udemy_roster by key.
type lines map[string]*user

// readLines replaces the text of a roster by its lines. A text that has none is left.
func (p *plan) readLines(values map[string]any) {
	learners, ok := values["learners"].(string)
	if !ok {
		return
	}
	ids, _ := values["ids"].(string)
	sum := sha256.Sum256([]byte(learners + "\x00" + ids))
	if p.rosters[sum] == nil {
		p.rosters[sum] = linesOf(learners, ids)
	}
	if found := p.rosters[sum]; found != nil {
		values["learners"], values["ids"] = found, nil
	}
}

var errNoLine = errors.New("a line is null")

// linesOf returns nil if the text is not that of a roster.
func linesOf(learners, idsByEmail string) lines {
	var ids map[string]string                    // by EmailKey
	_ = json.Unmarshal([]byte(idsByEmail), &ids) // Unknown IDs are empty.
	found, active := lines{}, true
	decoder := json.NewDecoder(strings.NewReader(learners))
	err := visitMembers(decoder, func(key string) error {
		var u *user
		if err := decoder.Decode(&u); err != nil || u == nil {
			return cmp.Or(err, errNoLine)
		}
		u.ID, u.Status = ids[udemy.EmailKey(u.Email)], ""
		u.Active = cmp.Or(u.Active, &active)
		if len(u.LicenseTypes) == 0 {
			u.LicenseTypes = nil // The roster does not manage them.
		}
		u.share()
		found[key] = u
		return nil
	})
	if err != nil {
		return nil
	}
	return found
}

// lines returns the lines of a roster. It returns false if they are not known.
func (o object) lines() (found lines, known bool) {
	if !o.exists() {
		return nil, true
	}
	found, known = o.values["learners"].(lines)
	if o.isSensitive("learners") || o.isSensitive("ids") {
		for _, u := range found {
			u.sensitive = true
		}
	}
	return found, known
}

// rosterDiff holds a udemy_roster before and after a change.
type rosterDiff struct {
	before, after lines
	keys          []string // those of after, sorted
	// previous maps the keys after the change to those of the same learner before it.
	previous map[string]string
	// open is set if the learners are known only after apply.
	open bool
}

func (s *subject) rosterDiff() *rosterDiff {
	before, knownBefore := s.before.lines()
	after, knownAfter := s.after.lines()
	d := &rosterDiff{before: before, after: after, keys: slices.Sorted(maps.Keys(after)), previous: map[string]string{}, open: !knownBefore || !knownAfter}
	d.identify()
	return d
}

// old returns the line that a learner has before the change, or nil.
func (d *rosterDiff) old(key string) *user { return d.before[d.previous[key]] }

// identify finds the previous line of each line as udemy_roster does: by key, else by external ID, else by e-mail address. A key that
// passes to another learner, whose previous external ID is in another line, does not count, unless both lines had the external ID.
func (d *rosterDiff) identify() {
	externalID := func(u *user) string { return u.ExternalID }
	externalIDs := keysBy(d.after, externalID)
	free := maps.Clone(d.before)
	take := func(key, previous string) {
		d.previous[key] = previous
		delete(free, previous)
	}
	for key, line := range d.after {
		old, found := d.before[key]
		if !found {
			continue
		}
		moved, isMoved := externalIDs[old.ExternalID]
		if other := d.before[moved]; other != nil && other.ExternalID == old.ExternalID {
			isMoved = false
		}
		if line.ExternalID == "" || !isMoved {
			take(key, key)
		}
	}
	for _, value := range []func(*user) string{externalID, func(u *user) string { return udemy.EmailKey(u.Email) }} {
		keys := keysBy(free, value)
		for key, line := range d.after {
			previous, found := keys[value(line)]
			if _, identified := d.previous[key]; found && !identified {
				take(key, previous)
			}
		}
	}
}

// keysBy returns the keys of lines by a value. Lines without the value are not included.
func keysBy(lines lines, value func(*user) string) map[string]string {
	keys := make(map[string]string, len(lines))
	for key, line := range lines {
		if v := value(line); v != "" {
			keys[v] = key
		}
	}
	return keys
}

// leaving returns the lines before the change that have an account and are not in the roster after it.
func (d *rosterDiff) leaving() []*user {
	leaving := maps.Clone(d.before)
	for _, previous := range d.previous {
		delete(leaving, previous)
	}
	return leaving.accounts()
}

// accounts returns the lines that have an account, sorted by key.
func (l lines) accounts() []*user {
	var found []*user
	for _, key := range slices.Sorted(maps.Keys(l)) {
		if l[key].hasAccount() {
			found = append(found, l[key])
		}
	}
	return found
}

// The values of on_removal and unlisted that the report treats specially.
const (
	removalDeactivate  = "deactivate"
	removalKeep        = "keep"
	unlistedDeactivate = "deactivate"
)

// onRemoval returns what happens to a learner whose line is removed. A replacement keeps all learners.
func (s *subject) onRemoval() string {
	switch {
	case s.actions.Replace() || s.actions.Forget():
		return removalKeep
	case s.after.exists():
		return s.after.raw("on_removal")
	default:
		return s.before.raw("on_removal")
	}
}

// leaveRoster adds the learners whose lines are removed. They leave before new learners come, who may have their address.
func (s *subject) leaveRoster() {
	if s.actions.NoOp() || s.roster.open {
		return
	}
	effect := s.onRemoval()
	reason := "on destroy"
	if s.after.exists() {
		reason = "removed from the roster"
	}
	for _, line := range s.roster.leaving() {
		p := s.person(s.org, line.object())
		p.at(s.address)
		p.remove(effect, reason)
	}
}

// updateLines adds the changes of learners whom the roster has before and after the plan.
func (s *subject) updateLines() {
	if s.imports {
		for _, line := range s.roster.before.accounts() {
			p := s.person(s.org, line.object())
			p.imported = true
			p.at(s.address)
		}
	}
	for _, key := range s.roster.keys {
		if !s.roster.old(key).hasAccount() {
			continue
		}
		before := s.roster.old(key).object()
		p := s.person(s.org, before)
		p.listed = true
		if !s.actions.NoOp() && !s.roster.open {
			before = before.over(p.before()) // The line may leave attributes alone that it has after the change.
			s.update(p, before, s.roster.after[key].object().over(before))
		}
	}
}

// createLines adds the learners whom the roster invites or adopts. Inactive learners without an account are not invited.
func (s *subject) createLines() {
	switch {
	case s.actions.NoOp():
		return
	case s.roster.open:
		s.unknown = true
		p := s.anonymous(knownAfterApply)
		p.at(s.address)
		p.gained, p.open = true, true
		p.note("the lines of the roster are known after apply")
		return
	}
	for _, key := range s.roster.keys {
		if s.roster.old(key).hasAccount() {
			continue
		}
		line := s.roster.after[key].object()
		line.values["id"] = "" // The IDs of the plan are those before it.
		p := s.match(s.org, line)
		if (p == nil || p.status == absent) && line.values["active"] != true {
			if !s.allLearners[s.org] { // otherwise the learner does not exist
				s.passed++
			}
			continue
		}
		if p == nil {
			p = s.newPerson(s.org)
		}
		p.listed = true
		s.create(p, line.over(p.before()))
	}
	if s.after.raw("missing_groups") == "create" {
		s.createMissingGroups()
	}
}

// createMissingGroups adds the groups of active lines that the plan doesn't contain.
func (s *subject) createMissingGroups() {
	for _, key := range s.roster.keys {
		line := s.roster.after[key].object()
		if line.values["active"] != true {
			continue
		}
		for _, g := range s.groupsOf(s.org, line) {
			if g.exists || g.Kind != "" {
				continue
			}
			g.Kind = kindGroupCreated
			g.hidden = g.hidden || line.isSensitive("groups")
			g.at(s.address)
			if !s.allGroups[s.org] {
				g.Note = "unless a group with this name exists"
			}
		}
	}
}

// over returns a line in which the attributes that it leaves alone are those of the existing learner. For a new learner, they are
// unknown. The profile and the groups of an inactive learner are not changed.
func (o object) over(existing object) object {
	result := object{values: maps.Clone(o.values), sensitive: o.sensitive}
	inactive := o.values["active"] != true
	unknown := map[string]any{}
	for _, field := range udemy.Profile {
		_, isList := o.values[field.Name].([]any)
		switch {
		case (isList || o.raw(field.Name) != "") && !inactive:
		case existing.exists():
			result.values[field.Name] = existing.values[field.Name]
		case field.Name != udemy.FieldEmail:
			unknown[field.Name] = true
		}
	}
	if inactive {
		delete(result.values, "groups")
	}
	result.unknown = unknown
	return result
}

// unlisted adds the learners whom an authoritative roster deactivates: the plan has read them, and they are in no resource. A roster spares
// learners whom a resource forgets with the same plan, and all if its state does not have the option: the refresh has not listed them.
func (s *subject) unlisted() {
	if s.after.raw("unlisted") != unlistedDeactivate || s.roster.open {
		return
	}
	isListing := s.before.raw("unlisted") == unlistedDeactivate && !s.actions.Replace()
	deactivates := isListing && s.after.isUnknown("last_change")
	s.hasUnlisted = s.hasUnlisted || deactivates && !s.allLearners[s.org]
	s.hasUnread = s.hasUnread || !isListing && !s.allLearners[s.org]
	for _, p := range s.people {
		switch {
		case p.org != s.org || p.listed || p.gained || seat(p.status) == 0 || rights(p.before()) > 0:
		case p.lost:
			s.spared[p] = true
			p.note(seatNote(p.status))
			p.note("in no roster, so the next plan deactivates the learner")
		case !isListing:
			s.spared[p] = true
		case deactivates && p.found:
			p.at(s.address)
			p.remove(removalDeactivate, "in no roster")
		}
	}
}
