// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package tenant

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// Save writes state and identity together. Every create, read, update and import goes through it, because a
// resource with an identity schema must set the identity on every CLI version: for state written before there
// was one, and even for an object that turns out to be gone.
func Save(ctx context.Context, diags *diag.Diagnostics, state *tfsdk.State, identity *tfsdk.ResourceIdentity, model, id any) {
	diags.Append(state.Set(ctx, model)...)
	diags.Append(identity.Set(ctx, id)...)
}
