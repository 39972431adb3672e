// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// lines holds a udemy_roster before and after a change, as one object for each line.
type lines struct {
	before, after map[string]object // by key
	keys          []string          // those of after, sorted
	// previous maps the keys after the change to those of the same learner before it.
	previous map[string]string
	// open is set if the learners are known only after apply.
	open bool
}

func (s *subject) readLines() *lines {
	before, knownBefore := linesOf(s.before)
	after, knownAfter := linesOf(s.after)
	l := &lines{before: before, after: after, keys: slices.Sorted(maps.Keys(after)), previous: map[string]string{}, open: !knownBefore || !knownAfter}
	l.identify()
	return l
}

// linesOf returns the lines of a roster as objects with the attributes of a udemy_user, and groups by name. It returns false if the
// lines are not known.
func linesOf(roster object) (lines map[string]object, known bool) {
	if !roster.exists() {
		return nil, true
	}
	var records map[string]map[string]any
	if err := json.Unmarshal([]byte(roster.raw("learners")), &records); err != nil {
		return nil, false
	}
	ids := roster.ids()
	hidden := []any{roster.isSensitive("learners") || roster.isSensitive("ids")}
	lines = make(map[string]object, len(records))
	for key, record := range records {
		if record == nil {
			return nil, false
		}
		o := object{values: record, sensitive: hidden}
		delete(record, "status") // Not an attribute of a line.
		record["id"] = ids[udemy.EmailKey(o.raw("email"))]
		active, isBool := record["active"].(bool)
		record["active"] = active || !isBool
		if len(o.set("license_types").items) == 0 {
			delete(record, "license_types") // The roster does not manage them.
		}
		lines[key] = o
	}
	return lines, true
}

// ids returns the IDs of a roster by EmailKey.
func (o object) ids() map[string]string {
	ids := map[string]string{}
	_ = json.Unmarshal([]byte(o.raw("ids")), &ids) // Unknown IDs are empty.
	return ids
}

// identify finds the previous line of each line as udemy_roster does: by key, else by external ID, else by e-mail address. A key that
// passes to another learner, whose previous external ID is in another line, does not count, unless both lines had the external ID.
func (l *lines) identify() {
	externalIDs := keysBy(l.after, func(o object) string { return o.raw("external_id") })
	free := maps.Clone(l.before)
	take := func(key, previous string) {
		l.previous[key] = previous
		delete(free, previous)
	}
	for key, line := range l.after {
		old, found := l.before[key]
		moved, isMoved := externalIDs[old.raw("external_id")]
		isMoved = isMoved && l.before[moved].raw("external_id") != old.raw("external_id")
		if found && (line.raw("external_id") == "" || !isMoved) {
			take(key, key)
		}
	}
	for _, value := range []func(object) string{
		func(o object) string { return o.raw("external_id") },
		func(o object) string { return udemy.EmailKey(o.raw("email")) },
	} {
		keys := keysBy(free, value)
		for key, line := range l.after {
			previous, found := keys[value(line)]
			if _, identified := l.previous[key]; found && !identified {
				take(key, previous)
			}
		}
	}
}

// keysBy returns the keys of lines by a value. Lines without the value are not included.
func keysBy(lines map[string]object, value func(object) string) map[string]string {
	keys := make(map[string]string, len(lines))
	for key, line := range lines {
		if v := value(line); v != "" {
			keys[v] = key
		}
	}
	return keys
}

// leaving returns the lines before the change that have an account and are not in the roster after it.
func (l *lines) leaving() []object {
	stays := map[string]bool{}
	for _, previous := range l.previous {
		stays[previous] = true
	}
	var leaving []object
	for _, key := range slices.Sorted(maps.Keys(l.before)) {
		if line := l.before[key]; !stays[key] && line.raw("id") != "" {
			leaving = append(leaving, line)
		}
	}
	return leaving
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
	if s.actions.NoOp() || s.lines.open {
		return
	}
	effect := s.onRemoval()
	reason := "on destroy"
	if s.after.exists() {
		reason = "removed from the roster"
	}
	for _, line := range s.lines.leaving() {
		p := s.person(s.org, line)
		p.at(s.address)
		p.remove(effect, reason)
	}
}

// updateLines adds the changes of learners whom the roster has before and after the plan.
func (s *subject) updateLines() {
	if s.imports {
		for _, key := range slices.Sorted(maps.Keys(s.lines.before)) {
			if line := s.lines.before[key]; line.raw("id") != "" {
				p := s.person(s.org, line)
				p.imported = true
				p.at(s.address)
			}
		}
	}
	for _, key := range s.lines.keys {
		line, before := s.lines.after[key], s.lines.before[s.lines.previous[key]]
		if before.raw("id") == "" {
			continue
		}
		p := s.person(s.org, before)
		p.listed = true
		if !s.actions.NoOp() && !s.lines.open {
			before = before.over(p.before()) // The line may leave attributes alone that it has after the change.
			s.update(p, before, line.over(before))
		}
	}
}

// createLines adds the learners whom the roster invites or adopts. Inactive learners without an account are not invited.
func (s *subject) createLines() {
	switch {
	case s.actions.NoOp():
		return
	case s.lines.open:
		s.unknown = true
		p := s.anonymous(knownAfterApply)
		p.at(s.address)
		p.gained, p.open = true, true
		p.note("the lines of the roster are known after apply")
		return
	}
	for _, key := range s.lines.keys {
		line := s.lines.after[key]
		if s.lines.before[s.lines.previous[key]].raw("id") != "" {
			continue
		}
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
	for _, key := range s.lines.keys {
		line := s.lines.after[key]
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
	if s.after.raw("unlisted") != unlistedDeactivate || s.lines.open {
		return
	}
	isListing := s.before.raw("unlisted") == unlistedDeactivate && !s.actions.Replace()
	deactivates := isListing && s.after.isUnknown("last_change")
	s.hasUnlisted = s.hasUnlisted || deactivates && !s.allLearners[s.org]
	s.hasUnread = s.hasUnread || !isListing && !s.allLearners[s.org]
	for _, p := range s.people {
		switch {
		case p.org != s.org || p.listed || p.gained || seat(p.status) == 0 || isAdmin(p.before()):
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
