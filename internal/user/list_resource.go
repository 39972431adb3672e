// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/listing"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

var _ list.ListResourceWithConfigure = (*userResource)(nil)

// NewListResource returns the udemy_user list resource.
func NewListResource() list.ListResource {
	return &userResource{}
}

func (r *userResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	attributes := map[string]schema.Attribute{
		"include_groups": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether the listed resources, and the configuration that `-generate-config-out` writes, have `group_ids`. Set it to " +
				"`false` if memberships are managed with `udemy_group_membership` or `udemy_group_members`. Defaults to `true`.",
		},
	}
	for name, attribute := range filterAttributes {
		attributes[name] = schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: attribute.description,
			Validators:          []validator.String{attribute.validator},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Learners of the organization who match all attributes that are set, or all learners, for `terraform query` (Terraform 1.14 or " +
			"later). A warning is shown if `limit`, which is 100 by default, ends the list early. The configuration that `-generate-config-out` writes " +
			"plans clean. It does not contain defaults, missing names, or a role that can be set only on Udemy's own pages, such as group admin. If " +
			"invited learners type their own names when they accept, remove `first_name` and `last_name` from it.",
		Attributes: attributes,
	}
}

// listModel is the configuration of the list resource.
type listModel struct {
	filter

	IncludeGroups types.Bool `tfsdk:"include_groups"`
}

func (r *userResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	var diags diag.Diagnostics
	if !req.Config.Raw.IsNull() { // Null means that the config block is missing.
		diags = req.Config.Get(ctx, &config)
	}
	if !r.Usable(&diags) {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	withoutGroups := !config.IncludeGroups.IsNull() && !config.IncludeGroups.ValueBool()
	stream.Results = listing.List(req, "learners", r.matching(ctx, config.filter), func(user udemy.User) (list.ListResult, error) {
		var diags diag.Diagnostics
		switch {
		case withoutGroups:
			user.GroupIDs = nil
		case req.IncludeResource:
			var err error
			if user, err = withGroups(ctx, r.Directory, user); err != nil {
				return list.ListResult{}, err
			}
			r.RecordListed(&diags, "udemy_user with group_ids", user.GroupIDs...)
		}
		result := listing.Listed(ctx, req, user.Email, imported(user).configurable())
		result.Diagnostics.Append(diags...)
		return result, nil
	})
}

// matching returns the learners who match a filter. Pages are read as they are needed.
func (r *userResource) matching(ctx context.Context, config filter) iter.Seq2[udemy.User, error] {
	return func(yield func(udemy.User, error) bool) {
		selected, err := config.on(ctx, r.Directory)
		if err != nil {
			yield(udemy.User{}, err)
			return
		}
		for user, err := range r.Directory.EachUser(ctx) {
			included := false
			if err == nil {
				included, err = selected.includes(ctx, user)
			}
			if (included || err != nil) && !yield(user, err) {
				return
			}
		}
	}
}

// configurable leaves out defaults and values that can't be configured, because -generate-config-out writes every value of
// a listed resource.
func (m model) configurable() model {
	m.OnDestroy = types.StringNull()
	if m.Active.ValueBool() {
		m.Active = types.BoolNull()
	}
	for _, a := range names() { // An empty name would undo the one that the learner types later, and a malformed one is refused.
		if text := a.text(&m); !udemy.PlainText.MatchString(text.ValueString()) {
			*text = types.StringNull()
		}
	}
	if !isAssignable(udemy.Role(m.Role.ValueString())) {
		m.Role = types.StringNull()
	}
	if len(m.LicenseTypes.Elements()) == 0 {
		m.LicenseTypes = stringSet(nil)
	}
	return m
}
