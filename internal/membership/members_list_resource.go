// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/listing"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/validators"
)

var _ list.ListResourceWithConfigure = (*membersResource)(nil)

// NewMembersListResource returns the udemy_group_members list resource.
func NewMembersListResource() list.ListResource {
	return &membersResource{}
}

func (r *membersResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The groups of the organization, each with all its members, for `terraform query` (Terraform 1.14 or later). A warning is shown " +
			"if `limit`, which is 100 groups by default, ends the list early. If learners are managed with `group_ids`, or the members of a group with " +
			"`udemy_group_membership`, don't import the same group as `udemy_group_members` as well.",
		Attributes: map[string]schema.Attribute{
			"group_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only the group with this ID.",
				Validators:          []validator.String{validators.ID()},
			},
		},
	}
}

func (r *membersResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	var diags diag.Diagnostics
	if !req.Config.Raw.IsNull() { // Null means that the config block is missing.
		diags = req.Config.Get(ctx, &config)
	}
	if !r.Usable(&diags) {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	what, groups := "groups with their members", r.Directory.EachGroup(ctx)
	if !config.GroupID.IsNull() {
		what, groups = "the members of group "+config.GroupID.ValueString(), r.oneGroup(ctx, config.GroupID.ValueString())
	}
	stream.Results = listing.List(req, what, groups, func(group udemy.Group) (list.ListResult, error) {
		model := membersModel{GroupID: types.StringValue(group.ID)}
		if req.IncludeResource {
			ids, err := listedMembers(ctx, r.Directory, group.ID)
			if err != nil {
				return list.ListResult{}, fmt.Errorf("members of group %q: %w", group.Name, err)
			}
			model = model.with(r.labeled(ctx, map[string]string{}, ids))
		}
		result := listing.Listed(ctx, req, group.Name, model)
		if req.IncludeResource {
			r.RecordListed(&result.Diagnostics, "udemy_group_members", group.ID)
		}
		return result, nil
	})
}

// oneGroup returns the group with an ID.
func (r *membersResource) oneGroup(ctx context.Context, id string) iter.Seq2[udemy.Group, error] {
	return func(yield func(udemy.Group, error) bool) {
		group, err := groupOf(ctx, r.Directory, id)
		if err != nil {
			err = &diagnostics.AttributeError{Attribute: udemy.FieldGroupID, Err: err}
		}
		yield(group, err)
	}
}
