// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/listing"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

var _ list.ListResourceWithConfigure = (*groupResource)(nil)

// NewListResource returns the udemy_group list resource.
func NewListResource() list.ListResource {
	return &groupResource{}
}

func (r *groupResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All groups of the organization, for `terraform query` (Terraform 1.14 or later). A warning is shown if `limit`, which is " +
			"100 by default, ends the list early.",
	}
}

func (r *groupResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	if !r.Usable(&diags) {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing.List(req, "groups", r.Directory.EachGroup(ctx), func(group udemy.Group) (list.ListResult, error) {
		listed := imported(group)
		listed.OnDestroy = types.StringNull() // Generated configuration has no defaults.
		return listing.Listed(ctx, req, group.Name, listed), nil
	})
}
