// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/validators"
)

var (
	_ datasource.DataSourceWithConfigure        = (*userDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*userDataSource)(nil)
)

type userDataSource struct {
	providerdata.DataSource
}

// NewDataSource returns the udemy_user data source.
func NewDataSource() datasource.DataSource {
	return &userDataSource{}
}

func (d *userDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user"
}

func (d *userDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A learner of the organization, found by exactly one of `id`, `email` and `external_id`.",
		Attributes:          map[string]schema.Attribute{},
	}
	for _, a := range attributes {
		resp.Schema.Attributes[a.field.Name] = a.computed(false)
	}
	for _, key := range []struct {
		attribute schema.StringAttribute
		name      string
	}{
		{schema.StringAttribute{Validators: []validator.String{validators.ID()}}, "id"},
		{schema.StringAttribute{Validators: []validator.String{validators.Email()}}, udemy.FieldEmail},
		{schema.StringAttribute{Validators: []validator.String{stringvalidator.LengthAtLeast(1)}}, udemy.FieldExternalID},
	} {
		key.attribute.Optional, key.attribute.Computed = true, true
		key.attribute.MarkdownDescription = resp.Schema.Attributes[key.name].GetMarkdownDescription()
		resp.Schema.Attributes[key.name] = key.attribute
	}
}

func (d *userDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("email"), path.MatchRoot("external_id")),
	}
}

func (d *userDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !d.Usable(&resp.Diagnostics) {
		return
	}
	key, configured := d.key(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	user, err := key.lookup(ctx, d.Directory)
	if err == nil {
		user, err = withGroups(ctx, d.Directory, user)
	}
	if err != nil {
		hint := ""
		if key.attribute == "id" {
			hint = "To find a learner by e-mail address, set email instead of id."
		}
		diagnostics.AddError(&resp.Diagnostics, fmt.Sprintf("Unable to read the learner with %s %q", key.attribute, key.value), hint,
			&diagnostics.AttributeError{Attribute: key.attribute, Err: err})
		return
	}
	for _, a := range attributes {
		value := a.value(user, false)
		if a.field.Name == key.attribute {
			value = configured // The spelling of the configuration stays.
		}
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(a.field.Name), value)...)
	}
}

// key returns the configured attribute and its configured value.
func (d *userDataSource) key(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) (userKey, attr.Value) {
	for _, name := range []string{"id", udemy.FieldEmail, udemy.FieldExternalID} {
		var value types.String
		diags.Append(config.GetAttribute(ctx, path.Root(name), &value)...)
		if !value.IsNull() {
			return userKey{attribute: name, value: value.ValueString()}, value
		}
	}
	return userKey{}, nil // ConfigValidators rejects this.
}
