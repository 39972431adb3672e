// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package ledger_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/ledger"
)

// An owner is the plan of one resource that owns memberships.
type owner struct {
	name string
	plan func(*ledger.Memberships) *ledger.MemberConflict
}

func group(id string, users ...string) owner {
	return owner{"udemy_group_members", func(m *ledger.Memberships) *ledger.MemberConflict { return m.OwnGroup(id, users, true) }}
}

// openGroup has members whose IDs are not known yet.
func openGroup(users ...string) owner {
	return owner{"udemy_group_members", func(m *ledger.Memberships) *ledger.MemberConflict { return m.OwnGroup("g", users, false) }}
}

func member(groupID, userID string) owner {
	return owner{"udemy_group_membership", func(m *ledger.Memberships) *ledger.MemberConflict { return m.OwnMembership(groupID, userID) }}
}

func userA(groups ...string) owner {
	return owner{"group_ids of udemy_user or groups of udemy_roster", func(m *ledger.Memberships) *ledger.MemberConflict { return m.OwnGroups("a", groups) }}
}

func newcomer(groupID string) owner {
	return owner{"group_ids of udemy_user or groups of udemy_roster", func(m *ledger.Memberships) *ledger.MemberConflict {
		return m.Join(groupID, "new@example.com")
	}}
}

// Two owners contradict each other in both orders, and the second one names the first.
func TestOwners(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		one, other owner
		agree      bool
	}{
		"two owners of a group":                        {one: group("g", "a"), other: group("g", "b")},
		"two owners of a group, with the same members": {one: group("g", "a"), other: group("g", "a")},
		"owners of two groups":                         {group("g", "a"), group("h", "a"), true},
		"a membership twice":                           {one: member("g", "a"), other: member("g", "a")},
		"two memberships of a learner":                 {member("g", "a"), member("h", "a"), true},
		"two memberships of a group":                   {member("g", "a"), member("g", "b"), true},
		"a member that the group does not have":        {one: group("g", "a"), other: member("g", "b")},
		"two owners, one with a new member":            {one: openGroup(), other: group("g", "b")},
		"a member that may be the new one":             {openGroup("a"), member("g", "b"), true},
		"a learner without the group, and a new one":   {one: openGroup("a"), other: userA()},
		"a learner who may be the new one":             {openGroup(), userA("g"), true},
		"a member that the group has":                  {group("g", "a", "b"), member("g", "b"), true},
		"a learner without the group":                  {one: group("g", "a"), other: userA()},
		"a learner with the group":                     {group("g", "a"), userA("g"), true},
		"a learner whom the group does not have":       {one: group("g"), other: userA("g")},
		"a learner with another group":                 {group("g", "b"), userA("h"), true},
		"a membership that the learner does not have":  {one: userA("h"), other: member("g", "a")},
		"a learner without an account":                 {one: group("g", "a"), other: newcomer("g")},
		"a learner without an account, another group":  {group("g", "a"), newcomer("h"), true},
		"a learner whose ID is not known yet":          {openGroup("a"), newcomer("g"), true},
		"a membership that the learner has":            {userA("g"), member("g", "a"), true},
	} {
		for order, owners := range map[string][]owner{"one way": {test.one, test.other}, "the other": {test.other, test.one}} {
			t.Run(name+", "+order, func(t *testing.T) {
				t.Parallel()
				var memberships ledger.Memberships
				if conflict := owners[0].plan(&memberships); conflict != nil {
					t.Fatalf("the first plan has the conflict %+v", conflict)
				}
				conflict := owners[1].plan(&memberships)
				if (conflict == nil) != test.agree {
					t.Fatalf("the conflict is %+v", conflict)
				}
				if conflict != nil && conflict.Other != owners[0].name {
					t.Errorf("the conflict is with %s, want %s", conflict.Other, owners[0].name)
				}
			})
		}
	}
}

// What the run has given is not taken, and what it has taken is given again.
func TestGiveAndTake(t *testing.T) {
	t.Parallel()
	var memberships ledger.Memberships
	if taken := memberships.Give("g", "a", "b"); len(taken) > 0 {
		t.Errorf("%v were taken", taken)
	}
	allowed, done := memberships.Take("g", "a", "c")
	done()
	if !slices.Equal(allowed, []string{"c"}) {
		t.Errorf("%v may be taken", allowed)
	}
	if taken := memberships.Give("g", "b", "c"); !slices.Equal(taken, []string{"c"}) {
		t.Errorf("%v were taken", taken)
	}
	if allowed, done = memberships.Take("g", "c"); len(allowed) > 0 {
		t.Errorf("%v may be taken", allowed)
	}
	done()
	if allowed, done = memberships.Take("h", "a"); len(allowed) != 1 {
		t.Errorf("of another group, %v may be taken", allowed)
	}
	done()
}

func TestAdopt(t *testing.T) {
	t.Parallel()
	var memberships ledger.Memberships
	memberships.Adopt("g")
	if !memberships.Adopted("g") || memberships.Adopted("h") {
		t.Error("only group g is adopted")
	}
}

// In every order of the steps, each learner whom a step adds is a member in the end.
func TestGiveAndTakeAtOnce(t *testing.T) {
	t.Parallel()
	for range 50 {
		var memberships ledger.Memberships
		server := members{}
		var wait sync.WaitGroup
		for i := range 20 {
			id := fmt.Sprint("learner", i)
			server.add(id)
			wait.Go(func() {
				allowed, done := memberships.Take("g", id)
				defer done()
				server.remove(allowed...)
			})
			wait.Go(func() { // A resource that has the learner in state adds only who was taken.
				server.add(memberships.Give("g", id)...)
			})
		}
		wait.Wait()
		if len(server.ids) != 20 {
			t.Fatalf("%d of 20 are members", len(server.ids))
		}
	}
}

// members are those of a group at Udemy.
type members struct {
	mu  sync.Mutex
	ids map[string]bool
}

func (m *members) add(ids ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ids == nil {
		m.ids = map[string]bool{}
	}
	for _, id := range ids {
		m.ids[id] = true
	}
}

func (m *members) remove(ids ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range ids {
		delete(m.ids, id)
	}
}
