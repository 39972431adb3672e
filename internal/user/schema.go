// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/udemy-iac/terraform-provider-udemy/internal/defaults"
)

// The values of on_destroy.
const (
	onDestroyDeactivate = "deactivate"
	onDestroyDelete     = "delete"
	onDestroyKeep       = "keep"
)

func (r *userResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A learner of the organization, from invitation to deactivation. Creating the resource invites the learner, and Udemy sends an " +
			"e-mail, unless the organization creates accounts without invitations, as it does over SCIM. If a learner with the e-mail address " +
			"exists already, that learner is adopted instead. A warning in the plan lists the changes.",
		Attributes: map[string]schema.Attribute{
			"on_destroy": schema.StringAttribute{
				Optional: true,
				Computed: true,
				Default:  stringdefault.StaticString(onDestroyDeactivate),
				MarkdownDescription: "The effect of a destroy on the learner. `deactivate` (the default) frees the seat and keeps the learning history; an " +
					"invitation that is not accepted yet is canceled. `delete` removes the learner from the organization, which is not supported over " +
					"SCIM. `keep` only removes the learner from Terraform state.",
				Validators: []validator.String{stringvalidator.OneOf(onDestroyDeactivate, onDestroyDelete, onDestroyKeep)},
			},
			"adopt_existing": schema.BoolAttribute{
				Optional: true,
				Computed: true,
				Default:  defaults.Null{},
				MarkdownDescription: "Whether an existing learner with this e-mail address is adopted and changed to match this configuration, instead of " +
					"causing an error. Overrides `adopt_existing` of the provider block.",
			},
		},
	}
	for _, a := range attributes {
		resp.Schema.Attributes[a.field.Name] = a.resource(a.description)
	}
}

func (r *userResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				RequiredForImport: true,
				Description:       "The ID that Udemy assigned to the learner.",
			},
		},
	}
}
