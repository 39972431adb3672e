// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/validators"
)

// Schema implements resource.Resource.
func (r *membersResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The exact members of one group. Learners who are not listed leave the group, also those who were in it before. Nobody " +
			"gets an e-mail because of it. It takes few requests, whatever the size of the group.",
		Attributes: map[string]schema.Attribute{
			"group_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The id of the group. Another one empties this group of its listed members and fills the other.",
				Validators:          []validator.String{validators.ID()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"members": schema.MapAttribute{
				ElementType: types.StringType,
				Required:    true,
				MarkdownDescription: "The ids of the learners by a label of your choice, best an e-mail address: `{ for u in udemy_user.all : u.email => u.id }`. " +
					"Only the ids count; the labels are there for whoever reads the plan. Members who were added outside Terraform appear under their " +
					"e-mail address.",
				Validators: []validator.Map{mapvalidator.NoNullValues(), mapvalidator.ValueStringsAre(validators.ID())},
			},
		},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *membersResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"group_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The id of the group."},
		},
	}
}
