// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// pendingObject is a group or a learner whose ID is known only after apply.
type pendingObject struct {
	group  *groupChange
	person *person
}

// instance is one instance of a resource or data source. The module has its keys, and the resource is such as "udemy_group.all".
type instance struct{ module, resource, key string }

// pendingObjects finds pending objects for unknown IDs.
type pendingObjects struct {
	byInstance map[instance]pendingObject
	byBlock    map[string][]pendingObject // by address without keys
	byType     map[key][]pendingObject    // by organization and type
}

func newPendingObjects() pendingObjects {
	return pendingObjects{map[instance]pendingObject{}, map[string][]pendingObject{}, map[key][]pendingObject{}}
}

func (o pendingObjects) add(s *subject, object pendingObject) {
	if s.after.raw("id") != "" {
		return
	}
	block := withoutKeys(s.address)
	o.byInstance[s.instance] = object
	o.byBlock[block] = append(o.byBlock[block], object)
	o.byType[key{s.org, s.resourceType}] = append(o.byType[key{s.org, s.resourceType}], object)
}

// readLater adds a group of a data source that the apply reads.
func (s *subject) readLater() {
	if name := s.after.raw("name"); s.resourceType == "udemy_group" && name != "" {
		g := s.groupNamed(s.org, name)
		g.hidden = g.hidden || s.after.isSensitive("name")
		s.pending.add(s, pendingObject{group: g})
	}
}

// resolve returns the objects of a type whose IDs are the unknown values of an attribute. It follows the references in the configuration,
// and returns nil if several results are possible. A number of -1 means that it is unknown.
func (s *subject) resolve(attribute, resourceType string, number int) []pendingObject {
	b, found := s.config.blocks[withoutKeys(s.address)]
	if !found {
		return nil
	}
	e := b.Expressions[attribute]
	if slices.ContainsFunc(e.References, func(text string) bool { return strings.HasPrefix(text, "each.value") }) {
		e.References = slices.Concat(e.References, b.ForEach.References)
	}
	references, complete := b.scope.references(e, resourceType)
	var certain, possible []pendingObject
	total := 0 // possible is complete only if it is not larger than number.
	for _, r := range references {
		candidates := s.pending.byBlock[r.scope.path+r.resource]
		if one, ok := s.pending.byInstance[instance{s.module, r.resource, r.key}]; ok && r.hasKey && r.scope == b.scope {
			candidates = []pendingObject{one}
		}
		switch total += len(candidates); {
		case len(references) == 1 && len(candidates) > 1 && number == 1 && r.scope == b.scope:
			certain = s.withOwnKey(r.resource)
		case total <= max(number, 1):
			possible = append(possible, candidates...)
		}
	}
	switch {
	case total == max(number, 1):
		return possible
	case total == 0 && !complete && number == 1:
		if all := s.pending.byType[key{s.org, resourceType}]; len(all) == 1 {
			return all
		}
	}
	return certain
}

// refersToResource reports whether the value of an attribute is that of a resource or data source, so that it can be unknown although
// the attribute is configured.
func (s *subject) refersToResource(attribute string, maybe bool) bool {
	b, found := s.config.blocks[withoutKeys(s.address)]
	return found && b.scope.refersToResource(b.Expressions[attribute], maybe)
}

// labeled returns the learner with an unknown ID whose resource has the label as its instance key, as in
// { for k, u in udemy_user.all : k => u.id }.
func (s *subject) labeled(attribute, label string) *person {
	b, found := s.config.blocks[withoutKeys(s.address)]
	if !found {
		return nil
	}
	references, _ := b.scope.references(b.Expressions[attribute], "udemy_user")
	var result *person
	for _, r := range references {
		module := s.module
		if r.scope != b.scope {
			module = strings.TrimSuffix(r.scope.path, ".")
		}
		one, ok := s.pending.byInstance[instance{module, r.resource, label}]
		switch {
		case !ok || r.hasKey || one.person == result:
		case result != nil:
			return nil
		default:
			result = one.person
		}
	}
	return result
}

// withOwnKey returns the instance with the same key as the subject, or with a part of it. It returns nothing if several parts are keys.
func (s *subject) withOwnKey(resource string) []pendingObject {
	var found []pendingObject
	for _, part := range s.keyParts() {
		if one, ok := s.pending.byInstance[instance{s.module, resource, part}]; ok && !slices.Contains(found, one) {
			found = append(found, one)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found
}

// keyParts returns the key of a resource and its parts, such as "Sales" in "ada@example.com/Sales".
func (s *subject) keyParts() []string {
	if s.key == "" {
		return nil
	}
	return append(strings.FieldsFunc(s.key, func(r rune) bool { return strings.ContainsRune("/|:,", r) }), s.key)
}

// keyOf returns the key of count or for_each at the end of an address.
func keyOf(address string) string {
	keys := keyPattern.FindAllStringIndex(address, -1)
	if len(keys) == 0 || keys[len(keys)-1][1] != len(address) {
		return ""
	}
	return parseKey(address[keys[len(keys)-1][0]:])
}

// parseKey returns the key in brackets, which is a text or a number.
func parseKey(key string) string {
	var value any
	_ = json.Unmarshal([]byte(key[1:len(key)-1]), &value) // keyPattern matches JSON.
	return fmt.Sprint(value)
}
