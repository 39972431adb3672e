// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/listing"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/validators"
)

var _ list.ListResourceWithConfigure = (*membershipResource)(nil)

// NewListResource returns the udemy_group_membership list resource.
func NewListResource() list.ListResource {
	return &membershipResource{}
}

// listModel is the configuration of both list resources.
type listModel struct {
	GroupID types.String `tfsdk:"group_id"`
}

func (r *membershipResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All memberships of one group, for `terraform query` (Terraform 1.14 or later). A warning is shown if `limit`, which is 100 " +
			"by default, ends the list early. If learners are managed with `group_ids`, or the members of the group with `udemy_group_members`, don't " +
			"import memberships as well.",
		Attributes: map[string]schema.Attribute{
			"group_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The ID of the group whose members are listed.",
				Validators:          []validator.String{validators.ID()},
			},
		},
	}
}

// listedMembers returns the members of a group. If the API does not return them, the error names the resource to list instead.
func listedMembers(ctx context.Context, directory udemy.Directory, groupID string) ([]string, error) {
	ids, err := membersOf(ctx, directory, groupID)
	if errors.Is(err, udemy.ErrNotOffered) {
		return nil, errors.New("the API does not return the members of a group; if it returns the groups of a learner, use a list of udemy_user with " +
			"group_id instead")
	}
	return ids, err
}

func (r *membershipResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	diags := req.Config.Get(ctx, &config)
	if !r.Usable(&diags) {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	what := "the members of group " + config.GroupID.ValueString()
	stream.Results = listing.List(req, what, r.memberships(ctx, config.GroupID.ValueString()), func(found listed) (list.ListResult, error) {
		displayName := fmt.Sprintf("%s in %s", labelOf(ctx, r.Directory, found.userID), found.group.Name)
		result := listing.Listed(ctx, req, displayName, newModel(found.group.ID, found.userID))
		if req.IncludeResource {
			r.RecordListed(&result.Diagnostics, "udemy_group_membership", found.group.ID)
		}
		return result, nil
	})
}

// listed is a membership.
type listed struct {
	group  udemy.Group
	userID string
}

// memberships returns the memberships of a group.
func (r *membershipResource) memberships(ctx context.Context, groupID string) iter.Seq2[listed, error] {
	return func(yield func(listed, error) bool) {
		group, err := groupOf(ctx, r.Directory, groupID)
		var ids []string
		if err == nil {
			ids, err = listedMembers(ctx, r.Directory, groupID)
		}
		if err != nil {
			yield(listed{}, &diagnostics.AttributeError{Attribute: udemy.FieldGroupID, Err: err})
			return
		}
		for _, id := range ids {
			if !yield(listed{group, id}, nil) {
				return
			}
		}
	}
}

// groupOf reads a group. If the API does not offer this, the name is the ID.
func groupOf(ctx context.Context, directory udemy.Directory, id string) (udemy.Group, error) {
	group, err := directory.Group(ctx, id)
	if errors.Is(err, udemy.ErrNotOffered) {
		return udemy.Group{ID: id, Name: id}, nil
	}
	return group, err
}
