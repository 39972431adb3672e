// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/validators"
)

// filter selects the learners who match all attributes that are set.
type filter struct {
	Status      types.String `tfsdk:"status"`
	Role        types.String `tfsdk:"role"`
	GroupID     types.String `tfsdk:"group_id"`
	EmailDomain types.String `tfsdk:"email_domain"`
	LicenseType types.String `tfsdk:"license_type"`
	LicensePool types.String `tfsdk:"license_pool"`
}

// filterAttribute is an optional string attribute. Data sources and list resources have different schema types for it.
type filterAttribute struct {
	description string
	validator   validator.String
}

// emailDomain allows one @, at the start.
var emailDomain = regexp.MustCompile(`^@?[^@\s]+$`)

// filterAttributes are the attributes of a filter.
var filterAttributes = map[string]filterAttribute{
	"status": {
		"Only learners with this status: `invited`, `active` or `deactivated`. SCIM does not distinguish invited from active learners, so `invited` " +
			"is an error over SCIM.",
		stringvalidator.OneOf(string(udemy.StatusInvited), string(udemy.StatusActive), string(udemy.StatusDeactivated)),
	},
	"role": {
		"Only learners with this role: `learner`, `admin`, or any other value that the API returns. SCIM does not return roles, so the filter is an error there.",
		stringvalidator.LengthAtLeast(1),
	},
	"group_id": {
		"Only members of the group with this ID. If the API does not return the groups of a learner, the group's members are read once.",
		validators.ID(),
	},
	"email_domain": {
		"Only learners whose e-mail address is in this domain, such as `example.com`. Letter case and a leading `@` are ignored. " +
			"Subdomains don't match.",
		stringvalidator.RegexMatches(emailDomain, "must be the part of an e-mail address after the @, such as example.com"),
	},
	"license_type": {
		"Only learners who have a license with this name, such as `Enterprise` or `Pro`. Letter case matters. The user-management API " +
			"does not return licenses, so the filter is an error there.",
		stringvalidator.LengthAtLeast(1),
	},
	"license_pool": {
		"Only learners whose licenses come from the pool with this name. Letter case is ignored. An organization without custom pools may return " +
			"none, so that no learner matches. The user-management API does not return pools, so the filter is an error there.",
		stringvalidator.LengthAtLeast(1),
	},
}

// matches reports whether a learner matches all attributes that are set, except for the group.
func (f filter) matches(user udemy.User) bool {
	domain := user.Email[strings.LastIndex(user.Email, "@")+1:]
	switch {
	case !f.Status.IsNull() && f.Status.ValueString() != string(user.Status),
		!f.Role.IsNull() && f.Role.ValueString() != string(user.Role),
		!f.EmailDomain.IsNull() && !udemy.SameEmail(strings.TrimPrefix(f.EmailDomain.ValueString(), "@"), domain),
		!f.LicenseType.IsNull() && !slices.Contains(user.LicenseTypes, f.LicenseType.ValueString()),
		!f.LicensePool.IsNull() && !strings.EqualFold(f.LicensePool.ValueString(), user.LicensePool):
		return false
	}
	return true
}

// errNotReturned means that the API does not return the attribute of a filter.
var errNotReturned = errors.New("not returned by the API, so this filter finds no learner; remove the filter")

// selection is a filter on one directory.
type selection struct {
	filter    filter
	directory udemy.Directory
	// members are the members of the group. They are read for the first learner whose groups the API does not return.
	members map[string]bool
}

// on returns the filter on a directory. A filter that can't match any learner is an error: a value that the API does not
// return, or a group that does not exist. The errors of on and includes are for listing.AddError.
func (f filter) on(ctx context.Context, directory udemy.Directory) (*selection, error) {
	switch api := directory.Capabilities(); {
	case f.Status.ValueString() == string(udemy.StatusInvited) && !api.Invitations:
		return nil, &diagnostics.AttributeError{Attribute: "status", Err: fmt.Errorf("%s: the status invited is %w", api.Name, errNotReturned)}
	case !f.Role.IsNull() && !api.Sets(udemy.FieldRole):
		return nil, &diagnostics.AttributeError{Attribute: "role", Err: fmt.Errorf("%s: roles are %w", api.Name, errNotReturned)}
	case !f.LicenseType.IsNull() && !api.Sets(udemy.FieldLicenses):
		return nil, &diagnostics.AttributeError{Attribute: "license_type", Err: fmt.Errorf("%s: licenses are %w", api.Name, errNotReturned)}
	case !f.LicensePool.IsNull() && !api.Sets(udemy.FieldLicensePool):
		return nil, &diagnostics.AttributeError{Attribute: "license_pool", Err: fmt.Errorf("%s: license pools are %w", api.Name, errNotReturned)}
	}
	if !f.GroupID.IsNull() {
		if _, err := directory.Group(ctx, f.GroupID.ValueString()); err != nil && !errors.Is(err, udemy.ErrNotOffered) {
			return nil, &diagnostics.AttributeError{Attribute: udemy.FieldGroupID, Err: fmt.Errorf("group %s: %w", f.GroupID.ValueString(), err)}
		}
	}
	return &selection{filter: f, directory: directory}, nil
}

// includes reports whether a learner matches all attributes that are set.
func (s *selection) includes(ctx context.Context, user udemy.User) (bool, error) {
	groupID := s.filter.GroupID
	switch {
	case !s.filter.matches(user):
		return false, nil
	case groupID.IsNull():
		return true, nil
	case user.GroupIDs != nil:
		return slices.Contains(user.GroupIDs, groupID.ValueString()), nil
	}
	if s.members == nil {
		ids, err := s.directory.Members(ctx, groupID.ValueString())
		if err == nil && ids == nil || errors.Is(err, udemy.ErrNotOffered) {
			err = fmt.Errorf("%s: members of groups are %w", s.directory.Capabilities().Name, errNotReturned)
		}
		if err != nil {
			return false, &diagnostics.AttributeError{Attribute: udemy.FieldGroupID, Err: fmt.Errorf("group %s: %w", groupID.ValueString(), err)}
		}
		s.members = make(map[string]bool, len(ids))
		for _, id := range ids {
			s.members[id] = true
		}
	}
	return s.members[user.ID], nil
}
