// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/validators"
)

// What happens to a learner when the resource is destroyed.
const (
	onDestroyDeactivate = "deactivate"
	onDestroyDelete     = "delete"
	onDestroyKeep       = "keep"
)

// Schema implements resource.Resource.
func (r *userResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A learner of the organization, from invitation to deactivation. Creating one invites the person, " +
			"who gets an e-mail from Udemy unless the organization creates accounts without, as it does over SCIM. A learner who is in the " +
			"organization already is taken over instead; the plan says so, and what it changes.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The id that Udemy gave the learner.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"email": schema.StringAttribute{
				CustomType: emailType{},
				Required:   true,
				MarkdownDescription: "The e-mail address, which identifies the learner in the organization. Letter case does not count: your " +
					"spelling stays in state, and a change of case alone is no change. Another address is changed in place, and the " +
					"learner keeps id, seat and history.",
				PlanModifiers: []planmodifier.String{keepSpelling{}},
			},
			"first_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The first name. Changed in place.",
				Validators:          []validator.String{validators.PlainText()},
			},
			"last_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The last name. Changed in place.",
				Validators:          []validator.String{validators.PlainText()},
			},
			"external_id": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "The learner's key in your HR system; letter case counts. Removing it from the configuration clears it at Udemy. " +
					"One that a learner brought along when taken over, and that was never configured, is left alone.",
				Validators:    []validator.String{validators.PlainText()},
				PlanModifiers: []planmodifier.String{clearIfRemoved{}},
			},
			"role": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "What the learner may do: `learner` or `admin`. When not set, Udemy decides for a new learner, and an existing " +
					"one keeps the role: an admin stays an admin. SCIM neither gives nor shows roles.",
				Validators:    []validator.String{stringvalidator.OneOf(string(udemy.RoleLearner), string(udemy.RoleAdmin))},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"group_ids": schema.SetAttribute{
				ElementType: types.StringType,
				Optional:    true,
				Computed:    true,
				MarkdownDescription: "The ids of the learner's groups. When set, it is the exact set: the learner joins those with the invitation and " +
					"leaves any other. When not set, groups are left alone; an empty set means no group at all. Don't set it " +
					"for a learner who also has a `udemy_group_membership`, or a group that has a `udemy_group_members`.",
				Validators:    []validator.Set{setvalidator.ValueStringsAre(validators.ID())},
				PlanModifiers: []planmodifier.Set{releaseIfRemoved{}},
			},
			"license_types": schema.SetAttribute{
				ElementType: types.StringType,
				Optional:    true,
				Computed:    true,
				MarkdownDescription: "The names of the licences to have, such as `Enterprise` or `Pro`; at least one, because Udemy ignores an empty list. Can " +
					"be set over SCIM only. When not set, Udemy decides, and licences are left alone. To free all of them, set `active = false`.",
				Validators:    []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(validators.PlainText())},
				PlanModifiers: []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
			},
			"active": schema.BoolAttribute{
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(true),
				MarkdownDescription: "Whether the learner may learn. `false` deactivates: the seat becomes free, the learning history is kept. `true` " +
					"brings a deactivated learner back, which takes a seat. Defaults to `true`.",
			},
			"status": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "Where the learner stands: `invited`, `active`, `deactivated`, or another word of the API's. It moves by itself when " +
					"the learner accepts the invitation. SCIM knows `active` and `deactivated` only.",
				PlanModifiers: []planmodifier.String{statusFollowsActive{}},
			},
			"on_destroy": schema.StringAttribute{
				Optional: true,
				Computed: true,
				Default:  stringdefault.StaticString(onDestroyDeactivate),
				MarkdownDescription: "What destroying does to the learner. `deactivate` (the default) frees the seat and keeps the learning history; an " +
					"invitation that was not accepted yet is cancelled. `delete` removes the learner from the organization, which SCIM can't. " +
					"`keep` only takes the learner out of Terraform.",
				Validators: []validator.String{stringvalidator.OneOf(onDestroyDeactivate, onDestroyDelete, onDestroyKeep)},
			},
			"adopt_existing": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether a learner whose e-mail address is in the organization already is taken over and brought to this " +
					"configuration, instead of being an error. Overrides `adopt_existing` of the provider block.",
			},
		},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *userResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				RequiredForImport: true,
				Description:       "The id that Udemy gave the learner.",
			},
		},
	}
}
