// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"cmp"
	"maps"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
)

// difference returns the names that a plan adds to a set and removes from it. It returns nil for a set that is null after the
// change: Terraform does not manage it.
func difference(before, after object, name string, names map[string]string) (added, removed []string) {
	old, planned := before.set(name), after.set(name)
	added, removed = planned.without(old), old.without(planned)
	switch {
	case planned.null:
		return nil, nil
	case after.isSensitive(name) && (planned.open || len(added)+len(removed) > 0):
		return []string{sensitive}, nil
	}
	for _, ids := range [][]string{added, removed} {
		for i, id := range ids {
			ids[i] = cmp.Or(names[id], id)
		}
		slices.Sort(ids)
	}
	// An unknown ID can be one of the removed IDs.
	if planned.open && len(removed) > 0 || before.exists() && old.null {
		removed = []string{knownAfterApply}
	}
	if planned.open {
		added = append(added, knownAfterApply)
	}
	return added, removed
}

// membership adds the changes of a udemy_group_membership.
func (s *subject) membership(actions tfjson.Actions) {
	for _, action := range actions {
		switch action {
		case tfjson.ActionCreate:
			s.learner = nameOf(s.directory.emails, s.after, "user_id")
			s.add(change{Kind: kindGroups, Added: []string{nameOf(s.directory.groups, s.after, "group_id")}}, 0)
		case tfjson.ActionDelete:
			s.learner = nameOf(s.directory.emails, s.before, "user_id")
			s.add(change{Kind: kindGroups, Removed: []string{nameOf(s.directory.groups, s.before, "group_id")}}, 0)
		}
	}
}

// members adds the changes of a udemy_group_members. A replacement removes all members from one group and adds members to
// another.
func (s *subject) members(actions tfjson.Actions) {
	for _, action := range actions {
		switch action {
		case tfjson.ActionCreate:
			s.changeMembers(object{}, s.after)
		case tfjson.ActionDelete:
			s.changeMembers(s.before, object{})
		case tfjson.ActionUpdate:
			s.changeMembers(s.before, s.after)
		}
	}
}

// changeMembers adds a change for each learner who joins or leaves a group.
func (s *subject) changeMembers(before, after object) {
	old, _ := before.labels("members")
	planned, open := after.labels("members")
	joining := slices.DeleteFunc(slices.Sorted(maps.Keys(planned)), func(id string) bool {
		_, stays := old[id]
		return stays
	})
	// An unknown ID can be the ID of a learner who seems to leave.
	leaving := slices.DeleteFunc(slices.Sorted(maps.Keys(old)), func(id string) bool {
		_, stays := planned[id]
		return stays || slices.Contains(open, old[id]) || slices.Contains(open, knownAfterApply)
	})
	joins := change{Kind: kindGroups, Added: []string{nameOf(s.directory.groups, after, "group_id")}}
	leaves := change{Kind: kindGroups, Removed: []string{nameOf(s.directory.groups, before, "group_id")}}

	if s.before.isSensitive("members") || s.after.isSensitive("members") {
		s.learner = sensitive
		if len(joining)+len(open) > 0 {
			s.add(joins, 0)
		}
		if len(leaving) > 0 {
			s.add(leaves, 0)
		}
		return
	}
	for _, id := range joining {
		s.learner = cmp.Or(s.directory.emails[id], planned[id])
		s.add(joins, 0)
	}
	for _, id := range leaving {
		s.learner = cmp.Or(s.directory.emails[id], old[id])
		s.add(leaves, 0)
	}
	joins.Note = "ID known after apply"
	for _, label := range open {
		s.learner = label
		s.add(joins, 0)
	}
}

// labels returns the keys of a map of IDs by ID, and the keys whose IDs are known only after apply.
func (o object) labels(name string) (labels map[string]string, open []string) {
	ids, _ := o.values[name].(map[string]any)
	labels = make(map[string]string, len(ids))
	for label, value := range ids {
		if id, known := value.(string); known {
			labels[id] = max(labels[id], label)
		}
	}
	attributes, _ := o.unknown.(map[string]any)
	switch marks := attributes[name].(type) {
	case bool:
		if marks {
			open = []string{knownAfterApply}
		}
	case map[string]any:
		for _, label := range slices.Sorted(maps.Keys(marks)) {
			if isMarked(marks[label]) {
				open = append(open, label)
			}
		}
	}
	return labels, open
}
