// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// CheckGroupID adds an error for an ID in a plan that no group has, such as the name of a group. Otherwise apply would fail halfway,
// after it has created learners. If the lookup fails for another reason, it adds nothing, and apply reports the failure.
func (d *Data) CheckGroupID(ctx context.Context, diags *diag.Diagnostics, at path.Path, id string) {
	if !d.Ready() || d.Ledger.Groups.Applied(id) {
		return
	}
	_, err := d.Directory.Group(ctx, id)
	d.noteUnlisted(err)
	if d.RefuseLookup(diags, fmt.Sprintf("group %q", id), err) || !isUnknownID(err) {
		return
	}
	groups, err := d.Directory.Groups(ctx) // An API may list a group that it does not return by ID.
	if err != nil {
		return
	}
	var named []udemy.Group
	for _, group := range groups {
		switch {
		case udemy.SameID(group.ID, id):
			return
		case udemy.SameText(group.Name, id):
			named = append([]udemy.Group{group}, named...)
		case udemy.SameGroupName(group.Name, id):
			named = append(named, group)
		}
	}
	if len(named) > 0 {
		diags.AddAttributeError(at, fmt.Sprintf("%q is the name of a group, not an ID", id),
			fmt.Sprintf("%s is a name; its ID is %s. Use the ID, or refer to the resource or data source of the group: udemy_group.NAME.id.",
				udemy.Visible(named[0].Name), named[0].ID))
		return
	}
	diags.AddAttributeError(at, fmt.Sprintf("No group has the ID %q", id),
		"The organization has no group with this ID or name. Use the ID of an existing group, or refer to the resource of a new one: udemy_group.NAME.id.")
}

// CheckUserID adds an error for an e-mail address or a name in a plan in place of a learner's ID. An ID may look like either, so the
// error requires that no learner has this ID. Any other ID is not looked up, because that could take a request for each membership.
func (d *Data) CheckUserID(ctx context.Context, diags *diag.Diagnostics, at path.Path, id string) {
	isAddress, isName := udemy.IsEmail(id), strings.Contains(id, " ") || !strings.ContainsAny(id, "0123456789")
	if !d.Ready() || !isAddress && !isName || d.Ledger.Users.Applied(id) {
		return
	}
	_, err := d.Directory.User(ctx, id)
	d.noteUnlisted(err)
	if d.RefuseLookup(diags, fmt.Sprintf("learner %q", id), err) || !isUnknownID(err) {
		return
	}
	for listed, err := range d.Directory.EachUser(ctx) { // An API may list a learner that it does not return by ID.
		if err != nil || udemy.SameID(listed.ID, id) {
			return
		}
	}
	if !isAddress {
		diags.AddAttributeError(at, fmt.Sprintf("No learner has the ID %q", id), "It looks like a name, which does not identify a learner. Use the ID, or refer to "+
			"the resource or data source of the learner: udemy_user.NAME.id. The data source udemy_user finds a learner by e-mail address.")
		return
	}
	summary := fmt.Sprintf("%q is an e-mail address, not an ID", id)
	user, err := d.Directory.ExistingUser(ctx, id)
	switch {
	case err == nil:
		diags.AddAttributeError(at, summary, fmt.Sprintf("The learner's ID is %s. Use the ID, or refer to the resource or data source of the learner: "+
			"udemy_user.NAME.id.", user.ID))
	case errors.Is(err, udemy.ErrNotFound):
		diags.AddAttributeError(at, summary, "No learner has this ID or e-mail address. Refer to the resource of the new learner: udemy_user.NAME.id.")
	}
}

// DescribeGroupName returns a sentence with the ID of a group if an ID that a lookup has not found is its name.
func (d *Data) DescribeGroupName(ctx context.Context, id string, err error) string {
	if !isUnknownID(err) {
		return ""
	}
	group, err := d.Directory.GroupByName(ctx, id)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s is the name of the group with ID %s. ", udemy.Visible(group.Name), group.ID)
}

// isUnknownID reports whether an API has no object with an ID. Some refuse an ID that is not of their form.
func isUnknownID(err error) bool {
	return errors.Is(err, udemy.ErrNotFound) || errors.Is(err, udemy.ErrInvalid)
}
