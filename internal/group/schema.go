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

// The values of on_destroy. The default, null, deletes a group if no learner with a seat is a member.
const (
	onDestroyDelete = "delete"
	onDestroyKeep   = "keep"
)

func (r *groupResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version: 1, // In version 0, the default of on_destroy was "delete".
		MarkdownDescription: "A group of learners. No e-mail is sent. An existing group with the same name is adopted, unless the provider block has " +
			"`adopt_existing = false`.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The ID that Udemy assigned to the group.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The name, unique in the organization in any letter case. A group is renamed in place and keeps its members. An existing " +
					"group whose name differs in letter case is adopted and renamed.",
				Validators: []validator.String{validators.PlainText()},
			},
			"on_destroy": schema.StringAttribute{
				Optional: true,
				Computed: true,
				Default:  defaults.Null{},
				MarkdownDescription: "The effect of a destroy on the group. If not set, the group is deleted permanently, unless learners with a seat are members. " +
					"In that case the destroy is an error, and the group stays. `delete` always deletes the group. Its members stay in the " +
					"organization. `keep` only removes the group from Terraform state.",
				Validators: []validator.String{stringvalidator.OneOf(onDestroyDelete, onDestroyKeep)},
			},
		},
	}
}

func (r *groupResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				RequiredForImport: true,
				Description:       "The ID that Udemy assigned to the group.",
			},
		},
	}
}

// UpgradeState upgrades version 0, in which "delete" was the default of on_destroy and not necessarily configured.
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
