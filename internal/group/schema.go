// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/defaults"
	"github.com/udemy-iac/terraform-provider-udemy/internal/validators"
)

// What destroying the resource does to the group. The default, null, deletes a group without members.
const (
	onDestroyDelete = "delete"
	onDestroyKeep   = "keep"
)

// Schema implements resource.Resource.
func (r *groupResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version: 1, // In version 0, the default of on_destroy was "delete".
		MarkdownDescription: "A group of learners. Nobody gets an e-mail because of it. A group of the same name that exists already is taken " +
			"over, unless the provider block says `adopt_existing = false`.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The id that Udemy gave the group.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The name, unique in the organization. Changed in place: members stay.",
				Validators:          []validator.String{validators.PlainText()},
			},
			"on_destroy": schema.StringAttribute{
				Optional: true,
				Computed: true,
				Default:  defaults.Null{},
				MarkdownDescription: "What destroying does to the group. If not set, the group is deleted for good, unless learners with a seat are members " +
					"of it: then destroying is an error, and the group stays. `delete` deletes the group in any case; its members stay in the " +
					"organization. `keep` only removes the group from Terraform state.",
				Validators: []validator.String{stringvalidator.OneOf(onDestroyDelete, onDestroyKeep)},
			},
		},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *groupResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				RequiredForImport: true,
				Description:       "The id that Udemy gave the group.",
			},
		},
	}
}

// UpgradeState implements resource.ResourceWithUpgradeState. In version 0, "delete" was the default of on_destroy, so it
// does not show that it was configured.
func (r *groupResource) UpgradeState(ctx context.Context) map[int64]resource.StateUpgrader {
	var current resource.SchemaResponse
	r.Schema(ctx, resource.SchemaRequest{}, &current)
	return map[int64]resource.StateUpgrader{0: {
		PriorSchema: &current.Schema, // The attributes are the same.
		StateUpgrader: func(ctx context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
			var state model
			resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
			if state.OnDestroy.ValueString() == onDestroyDelete {
				state.OnDestroy = types.StringNull()
			}
			resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		},
	}}
}
