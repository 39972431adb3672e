// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"errors"
	"maps"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/ledger"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Read replaces what differs in the document. The text of a document without differences stays as it is.
func (r *rosterResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state rosterModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	setUnlisted(ctx, resp.Private, nil, &resp.Diagnostics) // The list of an earlier refresh is out of date.
	if !r.Ready() {
		r.WarnNotReady(&resp.Diagnostics)
		return
	}
	users := sync.OnceValues(func() ([]udemy.User, error) { return r.Directory.Users(ctx) })
	go func() { _, _ = users() }() // The document is parsed while the pages arrive.
	before, err := documentInState(state)
	if err != nil {
		_, _ = users()
		addMalformed(&resp.Diagnostics, err)
		return
	}
	held := state.ids()
	at, err := r.loadWith(ctx, users, held, before.managesGroups())
	switch {
	case errors.Is(err, udemy.ErrNotOffered):
		r.WarnNotReadable(&resp.Diagnostics, err)
		return
	case err != nil:
		diagnostics.AddError(&resp.Diagnostics, "Unable to read the roster", "State is unchanged.", err)
		return
	}
	seen, ids := refreshed(before, held, at)
	for key, id := range ids {
		user := at.users[id]
		user.Email = key
		r.Ledger.Users.Hold(object(user, nil))
	}
	r.doubt(before, held, at)
	if seen != before {
		state.Learners = types.StringValue(seen.text())
	}
	if !maps.Equal(ids, held) {
		state.IDs = types.StringValue(encode(ids))
	}
	r.saveUnlisted(ctx, resp.Private, state, ids, at, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// refreshed returns a document with the values at Udemy, and the IDs. If nothing differs, it is the same document. A person who is
// gone has no line, unless the line is inactive: then there is nothing to do.
func refreshed(before *document, held map[string]string, at *organization) (*document, map[string]string) {
	found := make([]string, len(before.lines))
	taken := make(map[string]bool, len(before.lines))
	for i := range before.lines {
		if id := held[udemy.EmailKey(before.lines[i].Email)]; id != "" {
			if _, known := at.users[id]; known {
				found[i], taken[id] = id, true
			}
		}
	}
	for i := range before.lines {
		l := &before.lines[i]
		if found[i] != "" {
			continue
		}
		id := held[udemy.EmailKey(l.Email)]
		if user, ok := samePerson(l, id != "", at); ok && !taken[user.ID] && (id != "" || !l.Active) {
			found[i], taken[user.ID] = user.ID, true
		}
	}

	changed := false
	lines := make([]line, 0, len(before.lines))
	ids := make(map[string]string, len(before.lines))
	add := func(l *line, learner Learner, id string) {
		// One address has one line, because ids has one ID for it. A line keeps its ID with the address in state.
		key := udemy.EmailKey(learner.Email)
		if _, isTaken := ids[key]; isTaken {
			learner.Email = l.Email
			key = udemy.EmailKey(l.Email)
		}
		if _, isTaken := ids[key]; isTaken {
			changed = true
			return
		}
		if id != "" {
			ids[key] = id
		}
		if l.isAs(learner) {
			lines = append(lines, *l)
		} else {
			changed = true
			lines = append(lines, l.with(learner))
		}
	}
	var idle []int // Inactive lines without a seat. Their address is not compared, so another learner may have it.
	for i := range before.lines {
		l := &before.lines[i]
		switch user, known := at.users[found[i]]; {
		case !l.Active && !(known && user.Status.Seated()):
			idle = append(idle, i)
		case known:
			add(l, l.observe(user, at), user.ID)
		default:
			changed = true
		}
	}
	for _, i := range idle {
		add(&before.lines[i], before.lines[i].Learner, found[i])
	}
	if !changed {
		return before, ids
	}
	return newDocument(lines), ids
}

// doubt records the learners who have the address of a line whose account is gone, for the plan of the same run.
func (r *rosterResource) doubt(before *document, held map[string]string, at *organization) {
	for i := range before.lines {
		l := &before.lines[i]
		id := held[udemy.EmailKey(l.Email)]
		if _, known := at.users[id]; id == "" || known {
			continue
		}
		if user, found := at.withEmail(l.Email); found {
			r.Ledger.Users.Doubt(user.ID)
		}
	}
}

// samePerson finds the account of a line that has no ID, or whose ID is gone: an accepted invitation may change the ID. An account
// with only the same address may belong to another person, so the names must be the same as well.
func samePerson(l *line, had bool, at *organization) (udemy.User, bool) {
	if user, found, _ := at.withExternalID(l.ExternalID, l.Email); found {
		return user, true
	}
	user, found := at.withEmail(l.Email)
	if len(at.sameEmail[udemy.EmailKey(l.Email)]) > 0 {
		return udemy.User{}, false
	}
	return user, found && !l.hasOtherExternalID(user) && (l.hasNameOf(user) || !had)
}

func (l *line) hasOtherExternalID(user udemy.User) bool {
	return l.ExternalID != "" && user.ExternalID != "" && l.ExternalID != user.ExternalID
}

// hasNameOf reports whether a line has the name of a learner, or none.
func (l *line) hasNameOf(user udemy.User) bool {
	return l.FirstName == "" || udemy.SameText(l.FirstName, user.FirstName) && udemy.SameText(l.LastName, user.LastName)
}

// mayBe reports whether a learner with the address of a line has its external ID, or else its name.
func (l *line) mayBe(user udemy.User) bool {
	if l.ExternalID != "" && user.ExternalID != "" {
		return l.ExternalID == user.ExternalID
	}
	return l.hasNameOf(user)
}

// observe returns the managed attributes of a line as they are at Udemy. What the API hides keeps its value, and of a deactivated
// learner only the seat counts, because nothing else can be changed.
func (l *line) observe(user udemy.User, at *organization) Learner {
	seen := l.Learner
	if !l.Active && !user.Status.Seated() {
		return seen
	}
	seen.Active = user.Status.Seated()
	for _, field := range udemy.Profile {
		isHidden := field.Hidden && isEmpty(field, &user)
		if !isEmpty(field, &l.User) && !isHidden && !sameValue(field, &l.User, &user) {
			field.Copy(&seen.User, user)
		}
	}
	if l.Groups != nil {
		if names, isKnown := at.groupNames(user, l.Groups); isKnown && !sameNames(names, l.Groups) {
			seen.Groups = names
		}
	}
	return seen
}

// isAs reports whether the managed attributes of a line are those of a learner.
func (l *line) isAs(learner Learner) bool {
	for _, field := range udemy.Profile {
		if !isEmpty(field, &l.User) && !sameValue(field, &l.User, &learner.User) {
			return false
		}
	}
	return l.Active == learner.Active && (l.Groups == nil || sameNames(l.Groups, learner.Groups))
}

// object returns a learner for the ledger.
func object(user udemy.User, owner *ledger.Owner) ledger.Object {
	o := ledger.Object{
		ID: user.ID, Name: user.Email, Owner: owner,
		Keys: []ledger.Key{{Attribute: udemy.FieldEmail, Value: udemy.EmailKey(user.Email)}},
	}
	if user.ExternalID != "" {
		o.Keys = append(o.Keys, ledger.Key{Attribute: udemy.FieldExternalID, Value: user.ExternalID})
	}
	return o
}
