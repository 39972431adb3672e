// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package directory

import (
	"context"
	"iter"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/reader"
)

// groups has the calls for groups, except those for their members.
type groups struct {
	*memory
}

func (g *groups) Group(ctx context.Context, id string) (udemy.Group, error) {
	return g.groupReader.Get(ctx, id, func(ctx context.Context) (udemy.Group, error) { return g.api.Group(ctx, id) })
}

func (g *groups) GroupByName(ctx context.Context, name string) (udemy.Group, error) {
	return g.groupReader.Find(ctx, g.byName(name))
}

func (g *groups) ExistingGroup(ctx context.Context, name string) (udemy.Group, error) {
	return g.groupReader.Existing(ctx, g.byName(name))
}

// byName checks an empty result on the pages: a search that finds one name exactly may not find another in another letter case.
func (g *groups) byName(name string) reader.Search[udemy.Group] {
	return reader.Search[udemy.Group]{Value: name, Keys: nameKeys(name), Request: g.api.GroupByName, Proof: reader.ByPages, IgnoresCase: true}
}

func (g *groups) Groups(ctx context.Context) ([]udemy.Group, error) {
	return offered(g.groupReader.All(ctx))
}

func (g *groups) EachGroup(ctx context.Context) iter.Seq2[udemy.Group, error] {
	return g.groupReader.Each(ctx)
}

func (g *groups) CreateGroup(ctx context.Context, name string) (created udemy.Group, err error) {
	err = g.change(ctx, g.groupReader, nil, func() error {
		since := g.groupReader.Store.Version()
		created, err = g.api.CreateGroup(ctx, name)
		if err == nil {
			g.groupReader.Store.Replace(since, created.ID, created)
		} else {
			g.groupReader.Store.Forget(created.ID)
		}
		return err
	})
	return created, err
}

func (g *groups) RenameGroup(ctx context.Context, id, name string) (udemy.Group, error) {
	whole := func(udemy.Group) bool { return true }
	return update(ctx, g.memory, g.groupReader, id, whole, func() (udemy.Group, error) { return g.api.RenameGroup(ctx, id, name) })
}

// DeleteGroup forgets the groups of all learners if it fails.
func (g *groups) DeleteGroup(ctx context.Context, id string) error {
	return g.change(ctx, g.userReader, []string{id}, func() error {
		return g.change(ctx, g.groupReader, nil, func() error {
			err := g.api.DeleteGroup(ctx, id)
			if err == nil {
				g.groupReader.Store.Remove(id)
			} else {
				g.groupReader.Store.Forget(id)
				g.userReader.Reset()
			}
			g.members(id).Reset()
			return err
		})
	})
}
