// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"encoding/json"
	"maps"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// lines holds a udemy_roster before and after a change, as one object for each line.
type lines struct {
	before, after map[string]object // by key
	// previous maps the keys after the change to those of the same learner before it.
	previous map[string]string
	// open is set if the learners are known only after apply.
	open bool
}

func (s *subject) readLines() *lines {
	before, knownBefore := s.linesOf(s.before)
	after, knownAfter := s.linesOf(s.after)
	l := &lines{before: before, after: after, previous: map[string]string{}, open: !knownBefore || !knownAfter}
	l.identify()
	return l
}

// linesOf returns the lines of a roster as objects with the attributes of a udemy_user, and groups by name. It returns false if the
// lines are not known.
func (s *subject) linesOf(roster object) (lines map[string]object, known bool) {
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
		email := udemy.EmailKey(o.raw("email"))
		record["id"] = ids[email]
		active, isBool := record["active"].(bool)
		record["active"] = active || !isBool
		if o.raw("id") != "" {
			record["status"] = string(s.lineStatus(o, email))
		}
		if len(o.set("license_types").items) == 0 {
			delete(record, "license_types") // The roster does not manage them.
		}
		if groups := o.set("groups"); !groups.null {
			record["groups"] = s.spelled(groups.items)
		}
		lines[key] = o
	}
	return lines, true
}

// lineStatus returns the status of a learner in state. A roster does not tell an invited learner from an active one, so the result of
// a data source is more exact.
func (s *subject) lineStatus(line object, email string) udemy.Status {
	status := statusOf(line)
	if found := s.directory.existing[email]; found.exists() && seat(status) == seat(statusOf(found)) {
		return statusOf(found)
	}
	return status
}

// spelled returns names of groups in the spelling in which the report has them first. A roster ignores the letter case.
func (s *subject) spelled(names []string) []any {
	spelled := make([]any, 0, len(names))
	for _, name := range names {
		key := udemy.GroupKey(name)
		if _, found := s.spellings[key]; !found {
			s.spellings[key] = name
		}
		spelled = append(spelled, s.spellings[key])
	}
	return spelled
}

// ids returns the IDs of a roster by EmailKey.
func (o object) ids() map[string]string {
	ids := map[string]string{}
	_ = json.Unmarshal([]byte(o.raw("ids")), &ids) // Unknown IDs are empty.
	return ids
}

// identify finds the previous line of each line as udemy_roster does: by key, else by external ID, else by e-mail address. A key that
// passes to another learner, whose previous external ID is in another line, does not count.
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
		if found && (line.raw("external_id") == "" || !isMoved || moved == key) {
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
func (s *subject) onRemoval(actions tfjson.Actions) string {
	switch {
	case actions.Replace() || actions.Forget():
		return removalKeep
	case s.after.exists():
		return s.after.raw("on_removal")
	default:
		return s.before.raw("on_removal")
	}
}

// roster adds the changes of each learner of a udemy_roster.
func (s *subject) roster(planned *tfjson.Change) {
	if planned.Importing != nil {
		s.eachLine(s.lines.before, func(one *subject, _ string, line object) {
			if one.before = line; line.raw("id") != "" {
				one.learner = line.shown("email")
				one.add(change{Kind: kindImported}, 0)
			}
		})
	}
	switch {
	case planned.Actions.NoOp():
		return
	case s.lines.open:
		s.learner = knownAfterApply
		s.addUnknown(change{Kind: kindNew, Note: "the lines of the roster are known after apply"})
		return
	}
	s.leave(planned.Actions)
	s.eachLine(s.lines.after, func(one *subject, key string, line object) {
		one.line(s.lines.before[s.lines.previous[key]], line)
	})
	if s.after.raw("unlisted") == unlistedDeactivate && s.after.isUnknown("last_change") {
		s.unlisted()
	}
}

// eachLine calls visit with a subject for each line, sorted by key.
func (s *subject) eachLine(lines map[string]object, visit func(one *subject, key string, line object)) {
	for _, key := range slices.Sorted(maps.Keys(lines)) {
		visit(&subject{analysis: s.analysis, address: s.address}, key, lines[key])
	}
}

// leave adds the changes of the learners whose lines are removed.
func (s *subject) leave(actions tfjson.Actions) {
	effect := s.onRemoval(actions)
	for _, line := range s.lines.leaving() {
		one := subject{analysis: s.analysis, address: s.address, learner: line.shown("email"), before: line}
		if s.after.exists() {
			one.reason = "removed from the roster"
		}
		line.values["on_destroy"] = effect
		// A removed line that is kept is unlisted.
		if effect == removalKeep && !actions.Replace() && s.after.raw("unlisted") == unlistedDeactivate && !isAdmin(line) && !s.listed[udemy.EmailKey(line.raw("email"))] {
			line.values["on_destroy"] = removalDeactivate
		}
		one.destroy(statusOf(line))
	}
}

// line adds the changes of one line.
func (s *subject) line(before, after object) {
	existing := before
	if before.raw("id") == "" {
		before, existing = object{}, s.find(after)
	}
	s.before, s.after = before, after.over(existing)
	s.learner = shownEmail(before, s.after)
	active := after.values["active"] == true
	switch {
	case !before.exists() && !existing.exists() && !active:
		s.passed++
	case !before.exists():
		s.createFrom(existing, statusOf(existing))
	default:
		s.update()
	}
}

// find returns a learner who exists although the roster does not have the learner in state.
func (s *subject) find(line object) object {
	email := udemy.EmailKey(line.raw("email"))
	for _, candidate := range []object{s.directory.byExternalID[line.raw("external_id")], s.directory.existing[email], s.released[email]} {
		if !candidate.exists() {
			continue
		}
		if ids := candidate.set("group_ids"); !ids.null {
			candidate.values = maps.Clone(candidate.values)
			names := make([]string, 0, len(ids.items))
			for _, id := range ids.items {
				if name := s.directory.groups[id]; name != "" {
					id = name
				}
				names = append(names, id)
			}
			candidate.values["groups"] = s.spelled(names)
		}
		return candidate
	}
	return object{}
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

// unlisted adds the changes of the learners whom the plan has read, and who are in no roster and no other resource.
func (s *subject) unlisted() {
	s.hasUnlisted = true
	for _, email := range slices.Sorted(maps.Keys(s.directory.existing)) {
		found := s.directory.existing[email]
		if s.listed[email] || isAdmin(found) || seat(statusOf(found)) == 0 {
			continue
		}
		found.values = maps.Clone(found.values)
		found.values["on_destroy"] = removalDeactivate
		one := subject{analysis: s.analysis, address: s.address, learner: found.shown("email"), before: found, reason: "in no roster"}
		one.destroy(statusOf(found))
	}
}

// isAdmin reports whether a learner has a role that an authoritative roster spares.
func isAdmin(o object) bool {
	return slices.Contains([]udemy.Role{udemy.RoleAdmin, udemy.RoleOwner, udemy.RoleGroupAdmin}, udemy.Role(o.raw("role")))
}

// note records, before the changes are added, which learners a resource releases without removing them, and which it has after the
// apply.
func (s *subject) note(actions tfjson.Actions) {
	sole := len(actions) == 1
	switch s.resourceType {
	case "udemy_user":
		if s.list(s.after); s.after.exists() {
			s.list(s.before) // The address that the learner still has when the plan is made.
		}
		if sole && (actions.Forget() || actions.Delete() && s.before.raw("on_destroy") == removalKeep) {
			s.release(s.before)
		}
	case "udemy_roster":
		s.lines = s.readLines()
		for key, line := range s.lines.after {
			s.list(line)
			s.list(s.lines.before[s.lines.previous[key]])
		}
		// A learner who leaves with a line is listed only if another resource has the learner.
		if s.onRemoval(actions) == removalKeep && !actions.Replace() {
			for _, line := range s.lines.leaving() {
				s.release(line)
			}
		} else if s.after.exists() {
			for _, line := range s.lines.leaving() {
				s.list(line)
			}
		}
	}
}

func (s *subject) list(o object) {
	if email := o.raw("email"); email != "" {
		s.listed[udemy.EmailKey(email)] = true
	}
}

func (s *subject) release(o object) {
	if email := o.raw("email"); email != "" {
		s.released[udemy.EmailKey(email)] = o
	}
}

// dropMoves removes the changes of learners whom one resource releases and another one imports or adopts: they move within the
// configuration.
func (a *analysis) dropMoves() {
	gained := map[string]bool{}
	for _, c := range a.changes {
		if _, released := a.released[c.person]; released && (c.Kind == kindImported || c.Kind == kindAdopted) {
			gained[c.person] = true
		}
	}
	a.changes = slices.DeleteFunc(a.changes, func(c change) bool {
		return gained[c.person] && (c.Kind == kindForgotten || c.Kind == kindImported || c.Kind == kindAdopted && c.Note == "")
	})
}
