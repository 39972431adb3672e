// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package ledger_test

import (
	"fmt"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/ledger"
)

// person returns a learner with an ID, an address and, if it is not empty, an external ID.
func person(id, email, externalID string) ledger.Object {
	object := ledger.Object{ID: id, Name: email, Keys: []ledger.Key{{Attribute: "email", Value: email}}}
	if externalID != "" {
		object.Keys = append(object.Keys, ledger.Key{Attribute: "external_id", Value: externalID})
	}
	return object
}

// A plan of one resource: it has the learner in state, and does something with it.
type planned func(*ledger.Register) *ledger.Conflict

func keep(state, plan ledger.Object) planned {
	return func(r *ledger.Register) *ledger.Conflict {
		r.Hold(state)
		return r.Keep(plan)
	}
}

func create(plan ledger.Object) planned {
	return func(r *ledger.Register) *ledger.Conflict { return r.Create(plan, false) }
}

func destroy(state ledger.Object, keeps bool) planned {
	return func(r *ledger.Register) *ledger.Conflict {
		r.Hold(state)
		return r.Release(state, keeps)
	}
}

func replace(state, plan ledger.Object) planned {
	return func(r *ledger.Register) *ledger.Conflict {
		r.Hold(state)
		if conflict := r.Keep(plan); conflict != nil {
			return conflict
		}
		return r.Create(plan, true)
	}
}

// Two plans contradict each other in both orders, for the same reason, and the conflict has the learners on the same sides.
func TestContradictions(t *testing.T) {
	t.Parallel()
	ada, eve := person("1", "ada@example.com", "E-1"), person("2", "eve@example.com", "E-2")
	for name, test := range map[string]struct {
		one, other    planned
		reason        ledger.Reason
		key           string
		holder, taker string // IDs
	}{
		"two resources of one learner": {keep(ada, ada), keep(ada, ada), ledger.Duplicate, "ada@example.com", "1", "1"},
		"two new resources of one address": {
			create(person("", "new@example.com", "")), create(person("", "new@example.com", "")), ledger.Duplicate, "new@example.com", "", "",
		},
		"two resources adopt one learner": {
			create(person("3", "new@example.com", "")), create(person("3", "new@example.com", "")), ledger.Duplicate, "new@example.com", "3", "3",
		},
		"two new resources of one external ID": {
			create(person("", "a@example.com", "E-9")), create(person("", "b@example.com", "E-9")), ledger.Duplicate, "E-9", "", "",
		},
		"a new resource for the learner of another": {
			keep(ada, ada), create(ada), ledger.Duplicate, "ada@example.com", "1", "1",
		},
		"a handover of an address": {
			keep(ada, person("1", "byron@example.com", "E-1")), create(person("1", "ada@example.com", "")), ledger.Handover, "ada@example.com", "1", "1",
		},
		"a handover of an address that the server does not find": {
			keep(ada, person("1", "byron@example.com", "E-1")), create(person("", "ada@example.com", "")), ledger.Handover, "ada@example.com", "1", "",
		},
		"destroyed and created": {
			destroy(ada, false), create(person("1", "ada@example.com", "")), ledger.Recreated, "ada@example.com", "1", "1",
		},
		"destroyed and created, and the server does not find the learner": {
			destroy(ada, false), create(person("", "ada@example.com", "")), ledger.Recreated, "ada@example.com", "1", "",
		},
		"an address that another keeps": {
			keep(ada, ada), keep(eve, person("2", "ada@example.com", "E-2")), ledger.Duplicate, "ada@example.com", "", "",
		},
		"an address that another gives up": {
			keep(ada, person("1", "byron@example.com", "E-1")), keep(eve, person("2", "ada@example.com", "E-2")), ledger.Taken, "ada@example.com", "1", "2",
		},
		"an external ID that another gives up": {
			keep(ada, person("1", "ada@example.com", "")), keep(eve, person("2", "eve@example.com", "E-1")), ledger.Taken, "E-1", "1", "2",
		},
		"the address of a destroyed learner": {
			destroy(ada, false), keep(eve, person("2", "ada@example.com", "E-2")), ledger.Taken, "ada@example.com", "1", "2",
		},
		"the address of a kept learner": {
			destroy(ada, true), keep(eve, person("2", "ada@example.com", "E-2")), ledger.Taken, "ada@example.com", "1", "2",
		},
		"a new address under a new key": {
			destroy(ada, false), create(person("", "byron@example.com", "E-1")), ledger.Moved, "E-1", "1", "",
		},
	} {
		for order, plans := range map[string][]planned{"one way": {test.one, test.other}, "the other": {test.other, test.one}} {
			t.Run(name+", "+order, func(t *testing.T) {
				t.Parallel()
				var register ledger.Register
				if conflict := plans[0](&register); conflict != nil {
					t.Fatalf("the first plan has the conflict %+v", conflict)
				}
				conflict := plans[1](&register)
				if conflict == nil {
					t.Fatal("there is no conflict")
				}
				want := fmt.Sprint(test.reason, test.key)
				if got := fmt.Sprint(conflict.Reason, conflict.Key.Value); got != want {
					t.Errorf("the conflict is %s, want %s: %+v", got, want, conflict)
				}
				if test.reason == ledger.Duplicate { // It has no sides.
					return
				}
				if conflict.Holder.ID != test.holder || conflict.Taker.ID != test.taker {
					t.Errorf("%q has the key and %q gets it, want %q and %q", conflict.Holder.ID, conflict.Taker.ID, test.holder, test.taker)
				}
			})
		}
	}
}

func TestAgreements(t *testing.T) {
	t.Parallel()
	ada, eve := person("1", "ada@example.com", "E-1"), person("2", "eve@example.com", "E-2")
	for name, plans := range map[string][]planned{
		"two learners":                        {keep(ada, ada), keep(eve, eve)},
		"a new address":                       {keep(ada, person("1", "byron@example.com", "E-1")), keep(eve, eve)},
		"a replacement":                       {replace(ada, ada), keep(eve, eve)},
		"a replacement with a new address":    {replace(ada, person("1", "byron@example.com", "E-1")), keep(eve, eve)},
		"a new and a destroyed learner":       {create(person("", "new@example.com", "E-9")), destroy(ada, false)},
		"another resource for a kept learner": {destroy(ada, true), create(person("1", "ada@example.com", ""))},
		"two learners without a known address": {
			create(ledger.Object{Name: "a"}), create(ledger.Object{Name: "b"}),
		},
		"two learners with one external ID at Udemy": {
			keep(ada, ada), keep(person("2", "eve@example.com", "E-1"), person("2", "eve@example.com", "")),
		},
		"two learners with one external ID at Udemy, one of whom is destroyed": {
			keep(ada, ada), destroy(person("2", "eve@example.com", "E-1"), false),
		},
	} {
		for order, plans := range map[string][]planned{"one way": plans, "the other": {plans[1], plans[0]}} {
			t.Run(name+", "+order, func(t *testing.T) {
				t.Parallel()
				var register ledger.Register
				for _, plan := range plans {
					if conflict := plan(&register); conflict != nil {
						t.Fatalf("there is the conflict %+v", conflict)
					}
				}
			})
		}
	}
}

// Within an apply, what has been applied is held, and does not contradict later plans.
func TestApply(t *testing.T) {
	t.Parallel()
	var register ledger.Register
	ada := person("1", "ada@example.com", "E-1")
	if register.Applied("1") || holds(&register, "1") {
		t.Error("the ledger holds a learner from the start")
	}
	register.Apply(ada)
	if !register.Applied("1") || !holds(&register, "1") {
		t.Error("the learner is not held")
	}
	register.Apply(person("1", "byron@example.com", ""))
	for name, conflict := range map[string]*ledger.Conflict{
		"keep":             register.Keep(ada),
		"destroy":          register.Release(ada, false),
		"its old address":  register.Create(person("", "ada@example.com", "E-1"), false),
		"its own resource": register.Create(person("1", "byron@example.com", ""), true),
	} {
		if conflict != nil {
			t.Errorf("%s: there is the conflict %+v", name, conflict)
		}
	}
}

func TestImport(t *testing.T) {
	t.Parallel()
	var register ledger.Register
	register.Import("1")
	if !register.Imported("1") || register.Imported("2") || holds(&register, "1") {
		t.Error("only learner 1 is imported, and none is in state")
	}
}

func TestRemovals(t *testing.T) {
	t.Parallel()
	var removals ledger.Removals
	for i, want := range []string{"[] false", "[] false", "[] false", "[p0 p1 p2] true", "[p0 p1 p2 p3] false"} {
		id := max(i-1, 0) // The first one comes twice.
		names, first := removals.Add(fmt.Sprint(id), fmt.Sprint("p", id), 2)
		if got := fmt.Sprint(names, first); got != want {
			t.Errorf("learner %d: got %s, want %s", id, got, want)
		}
	}
	removals.AddAdmin("1")
	if !removals.IsAdmin("1") || removals.IsAdmin("2") {
		t.Error("only learner 1 is an administrator")
	}
}

func holds(register *ledger.Register, id string) bool {
	_, held := register.Held(id)
	return held
}
