// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package core

import (
	"maps"
	"slices"
)

// graph is how the resources of a configuration depend on each other.
type graph struct {
	// dependencies are the resources that each resource depends on, directly or not.
	dependencies map[string][]string
	// createBeforeDestroy are the resources that are replaced in that order: those that say so, and those they depend on.
	createBeforeDestroy map[string]bool
}

func newGraph(config Config) *graph {
	direct := map[string]map[string]bool{}
	g := &graph{dependencies: map[string][]string{}, createBeforeDestroy: map[string]bool{}}
	for _, resource := range config.Resources {
		name := resource.resource()
		if direct[name] == nil {
			direct[name] = map[string]bool{}
		}
		for _, dependency := range resource.DependsOn {
			direct[name][dependency.resource()] = true
		}
		for _, value := range resource.Attributes {
			references(value, direct[name])
		}
	}
	for name := range direct {
		all := map[string]bool{}
		collect(direct, name, all)
		delete(all, name)
		g.dependencies[name] = slices.Sorted(maps.Keys(all))
	}
	for _, resource := range config.Resources {
		if resource.CreateBeforeDestroy {
			g.createBeforeDestroy[resource.resource()] = true
			for _, dependency := range g.dependencies[resource.resource()] {
				g.createBeforeDestroy[dependency] = true
			}
		}
	}
	return g
}

// references adds the resources that a configured value refers to.
func references(value any, to map[string]bool) {
	switch value := value.(type) {
	case Reference:
		to[value.resource()] = true
	case []any:
		for _, element := range value {
			references(element, to)
		}
	case map[string]any:
		for _, element := range value {
			references(element, to)
		}
	}
}

// collect adds everything that can be reached from a resource.
func collect(direct map[string]map[string]bool, from string, all map[string]bool) {
	for name := range direct[from] {
		if !all[name] {
			all[name] = true
			collect(direct, name, all)
		}
	}
}

// applyNode is a node of an apply, with what decides its edges.
type applyNode struct {
	*node

	change *Change
	// destroys is set for the node that destroys or forgets, which is another than the one that creates or updates.
	destroys bool
	// createBeforeDestroy is set for a node that destroys after the creation.
	createBeforeDestroy bool
	// stored are the dependencies in state, or those of the configuration for a new object.
	stored []string
}

// connect adds the edges that Terraform's DestroyEdgeTransformer, CBDEdgeTransformer and references make.
func (g *graph) connect(nodes []*applyNode) {
	creators, destroyers := map[string][]*applyNode{}, map[string][]*applyNode{}
	for _, n := range nodes {
		name := n.change.resource()
		if n.destroys {
			destroyers[name] = append(destroyers[name], n)
		} else {
			creators[name] = append(creators[name], n)
		}
	}
	// creatorAfter says that a creation waits for a destruction, unless the latter comes last.
	creatorAfter := func(creator, destroyer *applyNode) {
		if destroyer.createBeforeDestroy {
			destroyer.after[creator.node] = true
		} else {
			creator.after[destroyer.node] = true
		}
	}
	for _, n := range nodes {
		if !n.destroys {
			for _, dependency := range g.dependencies[n.change.resource()] {
				for _, creator := range creators[dependency] {
					n.after[creator.node] = true
				}
			}
			for _, destroyer := range destroyers[n.change.resource()] {
				if destroyer.change.Address == n.change.Address {
					creatorAfter(n, destroyer)
				}
			}
			for _, dependency := range n.stored {
				for _, destroyer := range destroyers[dependency] {
					creatorAfter(n, destroyer)
				}
			}
			continue
		}
		for _, dependency := range n.stored {
			for _, destroyer := range destroyers[dependency] {
				destroyer.after[n.node] = true
			}
			for _, creator := range creators[dependency] {
				creatorAfter(creator, n)
			}
		}
	}
}
