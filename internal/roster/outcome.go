// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// newIDs returns the accounts of the lines of a document, by EmailKey.
func (e *execution) newIDs(d *document) map[string]string {
	byKey := make(map[string]string, len(e.after.lines))
	for key, id := range e.difference.ids {
		byKey[key] = id
	}
	for _, s := range e.steps {
		if account := e.users[s]; s.line != nil && account.ID != "" {
			byKey[s.line.key] = account.ID
		}
	}
	ids := make(map[string]string, len(d.lines))
	for i := range d.lines {
		l := &d.lines[i]
		id := byKey[l.key]
		if e.after.line(l.key) == nil { // A line that could not be removed.
			id = e.heldIDs[udemy.EmailKey(l.Email)]
		}
		if id != "" {
			ids[udemy.EmailKey(l.Email)] = id
		}
	}
	return ids
}

// atUdemy returns the document as it is at Udemy after failures: a line that failed has the values of its account, a line without an
// account is not there, and a line that could not be removed still is.
func (e *execution) atUdemy() *document {
	failed := map[string]*step{}
	for s := range e.failures {
		failed[s.key()] = s
	}
	var lines []line
	for i := range e.after.lines {
		l := &e.after.lines[i]
		s := failed[l.key]
		if s == nil || s.line == nil {
			lines = append(lines, *l)
			continue
		}
		account := e.users[s]
		if account.ID == "" {
			continue
		}
		if learner := l.observe(account, e.at); l.isAs(learner) {
			lines = append(lines, *l)
		} else {
			lines = append(lines, l.with(learner))
		}
	}
	for s := range e.failures {
		if s.line == nil && s.before != nil && e.after.line(s.before.key) == nil {
			lines = append(lines, *s.before)
		}
	}
	return newDocument(lines)
}

// reasons returns the reasons of all failures, by key.
func (e *execution) reasons() map[string]string {
	reasons := make(map[string]string, len(e.failures))
	for s, err := range e.failures {
		reasons[s.key()] = err.Error()
	}
	return reasons
}

// failuresError holds the failures of single lines.
type failuresError struct {
	lines []string
	errs  []error
}

func (e *failuresError) Error() string { return firstOf(e.lines) }

// Unwrap returns the failures, so that a diagnostic has the next step for their kind.
func (e *failuresError) Unwrap() []error { return e.errs }

// err returns the failures of an execution, sorted, or nil.
func (e *execution) err() error {
	if len(e.failures) == 0 {
		return nil
	}
	failed := &failuresError{}
	for s, err := range e.failures {
		failed.lines = append(failed.lines, fmt.Sprintf("%q: %s", s.key(), err))
		failed.errs = append(failed.errs, err)
	}
	slices.Sort(failed.lines)
	return failed
}

// sentence describes what an execution did.
func (e *execution) sentence() string {
	c := e.counts
	creation := "added"
	if e.Directory.Capabilities().Invitations {
		creation = "invited"
	}
	var parts []string
	for _, part := range []struct {
		verb, noun string
		n          int
	}{
		{creation, "learner", c.invited},
		{"adopted", "learner", c.adopted},
		{"changed", "learner", c.changed},
		{"reactivated", "learner", c.reactivated},
		{"deactivated", "learner", c.deactivated},
		{"deleted", "learner", c.deleted},
		{"created", "group", c.groups},
		{"added", "membership", c.joined},
		{"removed", "membership", c.left},
	} {
		if part.n > 0 {
			parts = append(parts, part.verb+" "+plural.Count(part.n, part.noun))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing changed at Udemy"}
	}
	if len(e.failures) > 0 {
		parts = append(parts, plural.Count(len(e.failures), "line")+" failed")
	}
	text := strings.Join(parts, ", ") + "."
	return strings.ToUpper(text[:1]) + text[1:]
}

// hasSucceeded reports whether a step or a part of it has succeeded, or there was nothing to do.
func (e *execution) hasSucceeded() bool {
	return len(e.failures) < len(e.steps) || len(e.steps) == 0 || len(e.newIDs(e.after)) > 0
}

// save fills in the computed attributes of a model.
func (e *execution) save(m *rosterModel, learners *document, failed map[string]string) {
	m.IDs = types.StringValue(encode(e.newIDs(learners)))
	m.LastChange = types.StringValue(e.sentence())
	m.Failed = types.StringValue(encode(failed))
}
