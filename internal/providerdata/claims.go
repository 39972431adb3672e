// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// PrivateState is what is used here of the framework's private state, whose own type can't be named.
type PrivateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// claimed is the key under which the private state of a planned resource says that Claim has seen it.
const claimed = "claimed"

// Claim refuses a plan for something that another resource of the same run plans already: what is a word for it, and
// name what only one of its kind has. Terraform plans a resource that it replaces twice, the second time as if it was
// new, but with the private state of the first time; that one is let through.
func (d *Data) Claim(ctx context.Context, at path.Path, what, name string, isNew bool, private PrivateState, diags *diag.Diagnostics) {
	if isNew {
		before, keyDiags := private.GetKey(ctx, claimed)
		diags.Append(keyDiags...)
		if before != nil {
			return
		}
	} else {
		diags.Append(private.SetKey(ctx, claimed, []byte("true"))...)
	}
	if _, taken := d.claims.LoadOrStore(what+" "+name, true); taken {
		diags.AddAttributeError(at, fmt.Sprintf("Two resources for %s %q", what, name),
			fmt.Sprintf("Another resource of this configuration is for the same %s, so each would undo what the other does. Remove one of them; "+
				"if both are in state, `terraform state rm` takes one out without touching anything at Udemy.", what))
	}
}
