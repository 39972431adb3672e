// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package ledger_test

import (
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/ledger"
)

// owned returns a learner of a resource that holds several.
func owned(object ledger.Object, owner *ledger.Owner) ledger.Object {
	object.Owner = owner
	return object
}

// A resource that holds several learners orders their changes itself, so an address may move between them.
func TestOwner(t *testing.T) {
	t.Parallel()
	owner := &ledger.Owner{}
	ada, eve := owned(person("1", "ada@example.com", "E-1"), owner), owned(person("2", "eve@example.com", "E-2"), owner)
	for name, plans := range map[string][]func(*ledger.Register) *ledger.Conflict{
		"an address that moves": {
			func(r *ledger.Register) *ledger.Conflict {
				return r.Keep(owned(person("1", "eve@example.com", "E-1"), owner))
			},
			func(r *ledger.Register) *ledger.Conflict {
				return r.Keep(owned(person("2", "new@example.com", "E-2"), owner))
			},
		},
		"an address for a new learner": {
			func(r *ledger.Register) *ledger.Conflict {
				return r.Keep(owned(person("1", "new@example.com", "E-1"), owner))
			},
			func(r *ledger.Register) *ledger.Conflict {
				return r.Create(owned(person("", "ada@example.com", "E-9"), owner), false)
			},
		},
		"the address of a learner who leaves": {
			func(r *ledger.Register) *ledger.Conflict { return r.Release(eve, false) },
			func(r *ledger.Register) *ledger.Conflict {
				return r.Create(owned(person("", "eve@example.com", "E-9"), owner), false)
			},
		},
	} {
		for _, order := range [][]int{{0, 1}, {1, 0}} {
			var register ledger.Register
			register.Hold(ada)
			register.Hold(eve)
			for _, i := range order {
				if conflict := plans[i](&register); conflict != nil {
					t.Errorf("%s, %v: there is the conflict %+v", name, order, conflict)
				}
			}
		}
	}
}

// Learners of different resources still contradict each other, in both orders.
func TestOwner_others(t *testing.T) {
	t.Parallel()
	owner := &ledger.Owner{}
	ada := person("1", "ada@example.com", "E-1")
	for name, test := range map[string]struct{ one, other planned }{
		"the same learner":        {keep(owned(ada, owner), owned(ada, owner)), keep(ada, ada)},
		"a learner of two owners": {keep(owned(ada, owner), owned(ada, owner)), keep(owned(ada, &ledger.Owner{}), owned(ada, &ledger.Owner{}))},
		"a new resource":          {keep(owned(ada, owner), owned(ada, owner)), create(person("", "ada@example.com", ""))},
		"a released learner":      {destroy(owned(ada, owner), false), create(person("1", "ada@example.com", ""))},
		"a moved address": {
			keep(owned(ada, owner), owned(person("1", "new@example.com", "E-1"), owner)), create(person("", "ada@example.com", "E-9")),
		},
	} {
		for order, plans := range map[string][]planned{"one way": {test.one, test.other}, "the other": {test.other, test.one}} {
			var register ledger.Register
			if conflict := plans[0](&register); conflict != nil {
				t.Fatalf("%s: the first plan has the conflict %+v", name, conflict)
			}
			if plans[1](&register) == nil {
				t.Errorf("%s, %s: there is no conflict", name, order)
			}
		}
	}
}

func TestIsElsewhere(t *testing.T) {
	t.Parallel()
	var register ledger.Register
	owner := &ledger.Owner{}
	register.Hold(owned(person("1", "ada@example.com", ""), owner))
	register.Hold(person("2", "eve@example.com", ""))
	for id, want := range map[string]bool{"1": false, "2": true, "3": false} {
		if got := register.IsElsewhere(id, owner); got != want {
			t.Errorf("%s is elsewhere: %t", id, got)
		}
	}
	register.Keep(person("2", "eve@example.com", ""))
	if !register.MayPlan(ledger.Key{Attribute: "email", Value: "eve@example.com"}) || register.MayPlan(ledger.Key{Attribute: "email", Value: "x@example.com"}) {
		t.Error("only the address of Eve is planned")
	}
}

func TestIsKept(t *testing.T) {
	t.Parallel()
	var register ledger.Register
	for _, id := range []string{"1", "2", "3", "4"} {
		register.Hold(person(id, id+"@example.com", ""))
	}
	register.Release(person("1", "1@example.com", ""), true)
	register.Release(person("2", "2@example.com", ""), false)
	register.Release(person("3", "3@example.com", ""), true)
	register.Create(person("3", "3@example.com", ""), false) // Another resource takes the learner over.
	for id, want := range map[string]bool{"1": true, "2": false, "3": false, "4": false, "5": false} {
		if got := register.IsKept(id); got != want {
			t.Errorf("%s is kept: %t", id, got)
		}
	}
}

func TestDoubt(t *testing.T) {
	t.Parallel()
	var register ledger.Register
	register.Doubt("1")
	if !register.Doubted("1") || register.Doubted("2") {
		t.Error("only learner 1 is doubted")
	}
}

func TestAppliedKey(t *testing.T) {
	t.Parallel()
	var register ledger.Register
	register.Hold(person("1", "ada@example.com", ""))
	register.Apply(person("2", "eve@example.com", ""))
	register.Apply(person("2", "eva@example.com", ""))
	for address, want := range map[string]bool{"ada@example.com": false, "eve@example.com": false, "eva@example.com": true} {
		if got := register.AppliedKey(ledger.Key{Attribute: "email", Value: address}); got != want {
			t.Errorf("%s is applied: %t", address, got)
		}
	}
}
