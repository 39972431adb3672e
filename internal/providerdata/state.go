// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// Identified is a state model with a resource identity.
type Identified interface {
	// Identity returns the model of the identity schema.
	Identity() any
}

// Save writes state and identity: both, or on an error neither. Every create, read, update and import uses it. A resource
// with an identity schema must set the identity on every CLI version, even if the state was written without an identity
// or the object turns out to be deleted.
func Save(ctx context.Context, diags *diag.Diagnostics, state *tfsdk.State, identity *tfsdk.ResourceIdentity, model Identified) {
	newState, newIdentity := *state, *identity
	saved := newState.Set(ctx, model)
	saved.Append(newIdentity.Set(ctx, model.Identity())...)
	diags.Append(saved...)
	if !saved.HasError() {
		*state, *identity = newState, newIdentity
	}
}
