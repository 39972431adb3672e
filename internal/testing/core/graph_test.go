// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package core

import (
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A group, and a membership that refers to it.
var (
	groupAddress      = Address{Type: "group", Name: "g"}
	membershipAddress = Address{Type: "membership", Name: "m"}
)

func pair(createBeforeDestroy bool) Config {
	return Config{Resources: []Resource{
		{Address: groupAddress},
		{
			Address: membershipAddress, Attributes: map[string]any{"group_id": Reference{groupAddress, "id"}},
			CreateBeforeDestroy: createBeforeDestroy,
		},
	}}
}

// The orders are those in which Terraform 1.16.4 makes such changes to two terraform_data.
func TestApply_orders(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config            Config
		group, membership Action
		want              []string
	}{
		"create":         {pair(false), Create, Create, []string{"+group +membership"}},
		"destroy":        {Config{}, Delete, Delete, []string{"-membership -group"}},
		"replace both":   {pair(false), DeleteThenCreate, DeleteThenCreate, []string{"-membership -group +group +membership"}},
		"replace one":    {pair(false), DeleteThenCreate, NoOp, []string{"-group +group"}},
		"create first":   {pair(true), CreateThenDelete, CreateThenDelete, []string{"+group +membership -membership -group"}},
		"update, then":   {pair(false), Update, DeleteThenCreate, []string{"-membership +group +membership"}},
		"end of one":     {Config{Resources: pair(false).Resources[:1]}, Update, Delete, []string{"-membership +group"}},
		"no reference":   {Config{Resources: []Resource{{Address: groupAddress}, {Address: membershipAddress}}}, Create, Create, []string{"+group +membership", "+membership +group"}},
		"forget the one": {Config{Resources: pair(false).Resources[:1]}, DeleteThenCreate, Forget, []string{"-membership -group +group"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := map[string]bool{}
			for seed := range uint64(50) {
				got[orderOf(t, seed, test.config, test.group, test.membership)] = true
			}
			if orders := slices.Sorted(maps.Keys(got)); !slices.Equal(orders, test.want) {
				t.Errorf("got %q, want %q", orders, test.want)
			}
		})
	}
}

// orderOf draws an order of the steps of an apply: + creates or updates, - destroys.
func orderOf(t *testing.T, seed uint64, config Config, group, membership Action) string {
	t.Helper()
	g := newGraph(config)
	var steps []string
	var nodes []*applyNode
	add := func(change *Change, destroys bool, stored []string) {
		sign := "+"
		if destroys {
			sign = "-"
		}
		nodes = append(nodes, &applyNode{
			node: newNode(sign+change.Type, func() bool {
				steps = append(steps, sign+change.Type)
				return true
			}),
			change: change, destroys: destroys, createBeforeDestroy: change.Action == CreateThenDelete, stored: stored,
		})
	}
	for _, change := range []*Change{{Address: groupAddress, Action: group}, {Address: membershipAddress, Action: membership}} {
		stored := g.dependencies[change.resource()]
		if change.Address == membershipAddress && membership != Create {
			stored = []string{groupAddress.resource()}
		}
		if change.Action.Destroys() || change.Action == Forget {
			add(change, true, stored)
		}
		if change.Action.replaces() || change.Action == Create || change.Action == Update {
			add(change, false, stored)
		}
	}
	g.connect(nodes)
	var plain []*node
	for _, n := range nodes {
		plain = append(plain, n.node)
	}
	if err := walk(rand.New(rand.NewPCG(seed, 0)), 1, plain); err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, " ")
}

// Create-before-destroy spreads to what a resource refers to.
func TestGraph_createBeforeDestroy(t *testing.T) {
	t.Parallel()
	if g := newGraph(pair(true)); !g.createBeforeDestroy[groupAddress.resource()] {
		t.Error("the group that a membership with create_before_destroy refers to is destroyed first")
	}
}

func TestWalk_failure(t *testing.T) {
	t.Parallel()
	ran := map[string]bool{}
	step := func(name string, ok bool, after ...*node) *node {
		n := newNode(name, func() bool {
			ran[name] = true
			return ok
		})
		for _, before := range after {
			n.after[before] = true
		}
		return n
	}
	failing := step("failing", false)
	waiting := step("waiting", true, failing)
	last := step("last", true, waiting)
	other := step("other", true)
	if err := walk(rand.New(rand.NewPCG(1, 1)), 1, []*node{last, waiting, failing, other}); err != nil {
		t.Fatal(err)
	}
	if ran["waiting"] || ran["last"] || !ran["other"] {
		t.Errorf("ran %v", ran)
	}
	failing.after[last] = true
	if err := walk(rand.New(rand.NewPCG(1, 1)), 1, []*node{last, waiting, failing}); !errors.Is(err, ErrCycle) {
		t.Errorf("got %v, want a cycle", err)
	}
}
