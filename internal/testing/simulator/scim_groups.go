// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// groupFields are the attributes in filters for groups.
var groupFields = map[string]field[Group]{
	"id":          {get: func(g *Group) any { return g.ID }, exact: true},
	"displayname": {get: func(g *Group) any { return g.Name }},
	"externalid":  {get: func(g *Group) any { return g.ExternalID }, exact: true},
}

// memberFields are the attributes in filters for members, which are IDs.
var memberFields = map[string]field[string]{
	"value": {get: func(id *string) any { return *id }, exact: true},
}

// groupAttributes are the attributes of a group with their sub-attributes, in lower case.
var groupAttributes = map[string][]string{
	"id": nil, "meta": nil, "displayname": nil, "externalid": nil,
	"members": {"value", "display", "type", "$ref"},
}

func (a *scim) listGroups(w http.ResponseWriter, r *http.Request) error {
	match, err := filter(a, r.URL.Query(), groupURN, groupFields)
	if err != nil {
		return err
	}
	offset, limit, err := a.page(r)
	if err != nil {
		return err
	}
	groups, total := a.organization.scimGroups(match, offset, limit)
	writeSCIMList(a, w, r, groups, offset, total, func(r *http.Request, g scimGroup) map[string]any {
		resource := a.group(r, g)
		if a.config.Variations.NoListedMembers {
			delete(resource, "members")
		}
		return resource
	})
	return nil
}

func (a *scim) readGroup(w http.ResponseWriter, r *http.Request) error {
	group, err := a.organization.scimGroup(r.PathValue("id"))
	if err != nil {
		return err
	}
	a.writeResource(w, r, http.StatusOK, a.group(r, group))
	return nil
}

func (a *scim) createGroup(w http.ResponseWriter, r *http.Request) error {
	sent, err := readObject(r)
	if err != nil {
		return err
	}
	if err := checkSchemas(sent, groupURN); err != nil {
		return err
	}
	var created Group
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		// Read-only attributes are ignored (RFC 7644 section 3.3).
		if _, known := groupAttributes[name]; known && (unassigned(sent[name]) || slices.Contains(readOnly, name)) {
			continue
		}
		if err := a.setGroup(&created, "add", name, sent[name]); err != nil {
			return err
		}
	}
	if created.Name == "" {
		return refuse(invalidValue, "displayName is required.")
	}
	if err := checkNumber(len(created.Members)); err != nil {
		return err
	}
	group, err := a.organization.createSCIMGroup(created)
	if err != nil {
		return err
	}
	a.writeResource(w, r, http.StatusCreated, a.group(r, group))
	return nil
}

func (a *scim) patchGroup(w http.ResponseWriter, r *http.Request) error {
	operations, err := readOperations(r, groupURN, groupAttributes)
	if err != nil {
		return err
	}
	named := 0
	for _, o := range operations {
		named += namedMembers(o)
	}
	if err := checkNumber(named); err != nil {
		return err
	}
	group, err := a.organization.editSCIMGroup(r.PathValue("id"), a.matches(r), func(g *Group) error {
		for _, o := range operations {
			if err := a.applyToGroup(g, o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	a.writePatched(w, r, a.group(r, group))
	return nil
}

func (a *scim) deleteGroup(w http.ResponseWriter, r *http.Request) error {
	if err := a.organization.removeSCIMGroup(r.PathValue("id"), a.matches(r)); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// namedMembers counts the members in the value and in the filter of an operation.
func namedMembers(o operation) int {
	content := o.value
	if o.path == nil {
		object, _ := content.(map[string]any)
		content = object["members"]
	} else if o.path.attribute != "members" {
		return 0
	}
	listed, _ := content.([]any)
	n := len(listed)
	if o.path != nil {
		for _, all := range o.path.filter {
			n += len(all)
		}
	}
	return n
}

func checkNumber(members int) error {
	if members > maxAddedMembers {
		return refuse(tooMany, "A request may name up to %d members.", maxAddedMembers)
	}
	return nil
}

// applyToGroup applies one operation of a PATCH.
func (a *scim) applyToGroup(g *Group, o operation) error {
	if o.path == nil {
		object, _ := o.value.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if err := a.setGroup(g, o.op, name, object[name]); err != nil {
				return err
			}
		}
		return nil
	}
	switch path := o.path; {
	case path.attribute != "members" && path.filter != nil:
		return refuse(invalidPath, "%s takes no filter.", path.attribute)
	case path.attribute != "members":
		content := o.value
		if o.op == "remove" {
			content = nil
		}
		return a.setGroup(g, o.op, path.attribute, content)
	case path.sub != "" || path.filter != nil && o.op != "remove": // RFC 7643 section 8.7.1
		return refuse(mutability, "A member can be added and removed, but not changed.")
	case path.filter != nil:
		return a.removeMembers(g, path.filter)
	default:
		return a.setGroup(g, o.op, "members", o.value)
	}
}

// removeMembers removes the members that match a filter.
func (a *scim) removeMembers(g *Group, selection alternatives) error {
	match, err := compile(selection, memberFields)
	if err != nil {
		return err
	}
	before := len(g.Members)
	g.Members = slices.DeleteFunc(g.Members, func(id string) bool { return match(&id) })
	if len(g.Members) == before && a.config.Variations.RemoveNoTarget {
		return refuse(noTarget, "No member matches the filter.")
	}
	return nil
}

// setGroup is setUser for groups.
func (a *scim) setGroup(g *Group, operation, name string, content any) error {
	var err error
	switch name {
	case "schemas":
		return checkSchemas(map[string]any{"schemas": content}, groupURN)
	case "displayname":
		g.Name, err = requiredText(name, content)
	case "externalid":
		g.ExternalID, err = text(name, content)
	case "members":
		err = setMembers(g, operation, content)
	case "id", "meta":
		err = refuse(mutability, "%s is read-only.", name)
	default:
		err = refuse(invalidSyntax, "Unknown attribute %q.", name)
	}
	return err
}

// setMembers adds, replaces or removes members. A remove operation without a value removes all (RFC 7644
// section 3.5.2.2). Entra ID sends a list of members to remove.
func setMembers(g *Group, operation string, content any) error {
	if operation == "remove" && content == nil {
		g.Members = nil
		return nil
	}
	ids, err := readMemberIDs(content)
	if err != nil {
		return err
	}
	switch operation {
	case "remove":
		g.Members = slices.DeleteFunc(g.Members, func(id string) bool { return slices.Contains(ids, id) })
	case "replace":
		g.Members = ids
	default:
		g.Members = append(g.Members, ids...) // group.join ignores duplicates
	}
	return nil
}

func readMemberIDs(content any) ([]string, error) {
	listed, ok := content.([]any)
	if !ok && content != nil {
		return nil, refuse(invalidValue, "members must be a list.")
	}
	var ids []string
	for _, item := range listed {
		object, ok := item.(map[string]any)
		if !ok {
			return nil, refuse(invalidValue, "Each of the members must be an object.")
		}
		if err := onlyNames(object, "value", "display", "type", "$ref"); err != nil {
			return nil, err
		}
		fields := map[string]string{}
		for name, content := range object {
			var err error
			if fields[name], err = text("members."+name, content); err != nil {
				return nil, err
			}
		}
		if fields["value"] == "" {
			return nil, refuse(invalidValue, "A member needs a value, which is the id of a user.")
		}
		if kind := fields["type"]; kind != "" && !strings.EqualFold(kind, "User") {
			return nil, refuse(invalidValue, "A member cannot be of the type %q.", kind)
		}
		ids = append(ids, fields["value"])
	}
	return ids, nil
}

// group returns the resource of a group (RFC 7643 section 4.2).
func (a *scim) group(r *http.Request, g scimGroup) map[string]any {
	resource := map[string]any{
		"schemas":     []any{groupURN},
		"id":          g.ID,
		"displayName": g.Name,
		"meta":        a.meta(r, "Group", g.ID, g.times),
	}
	if g.ExternalID != "" {
		resource["externalId"] = g.ExternalID
	}
	if !a.config.Variations.NoMembers {
		members := references(r, "User", g.members)
		for _, member := range members {
			if m, ok := member.(map[string]any); ok {
				m["type"] = "User"
			}
		}
		resource["members"] = members
	}
	return resource
}
