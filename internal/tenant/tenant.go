// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package tenant is the organization as the provider block configured it: what every resource and data
// source is handed, how they save state, and how they tell a person that the API said no.
package tenant

import (
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Tenant is one configured provider block.
type Tenant struct {
	// Directory is nil while the provider block holds values that are not known yet, as in the plan of
	// a run that makes its own token. Ask Ready before use.
	Directory udemy.Directory
	// AdoptExisting says whether a learner or group that exists already is taken over by default.
	AdoptExisting bool

	keptUnread sync.Once
	// claims are the learners and groups that resources of this run are planned for.
	claims sync.Map
}

// From takes the Tenant out of the provider data. It is nil, without an error, before the provider is
// configured: that is how Terraform validates.
func From(providerData any, diags *diag.Diagnostics) *Tenant {
	if providerData == nil {
		return nil
	}
	t, ok := providerData.(*Tenant)
	if !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("Expected %T, got %T. This is a bug of the provider: please report it.", t, providerData))
	}
	return t
}

// Ready reports whether the directory can be asked yet.
func (t *Tenant) Ready() bool {
	return t.Directory != nil
}

// WarnNotReady says that the state shown is the last known one, because the provider block can't be
// used before apply.
func (t *Tenant) WarnNotReady(diags *diag.Diagnostics) {
	t.keptUnread.Do(func() {
		diags.AddWarning("Nothing was refreshed from Udemy",
			"The provider block holds values that are known only after apply, so the plan is made from the last known state.")
	})
}

// AddNotReady says that something has to be read now, which needs values that are known only after apply.
func AddNotReady(diags *diag.Diagnostics) {
	diags.AddError("The provider can't be used yet",
		"The provider block holds values that are known only after apply. Apply what they come from first, for example with -target.")
}

// WarnNotReadable says, once for each run, that the API does not offer reading, and that state is kept.
func (t *Tenant) WarnNotReadable(diags *diag.Diagnostics, err error) {
	t.keptUnread.Do(func() {
		diags.AddWarning("The Udemy API does not offer reading",
			fmt.Sprintf("State is kept as it is, and changes made outside Terraform can't be seen. This holds for every learner, "+
				"group and membership whose reading is refused; it is said once.\n\n%s", err))
	})
}
