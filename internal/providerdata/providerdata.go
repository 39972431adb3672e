// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package providerdata holds the data of a configured provider block, such as the directory and the ledger of the
// organization, and the base types through which resources, data sources, list resources and actions receive it. It also
// holds what they share: saving state with identity, private state, checks of IDs in a plan, and messages that appear once
// per run for all of them.
package providerdata

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/udemy-iac/terraform-provider-udemy/internal/ledger"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Data is one configured provider block.
type Data struct {
	// Directory is nil while the provider block has unknown values, for example in the plan of a run that creates
	// its own token. Check Ready before use.
	Directory udemy.Directory
	// AdoptExisting is the default for adopting an existing learner or group at create.
	AdoptExisting bool
	// MaxRemovals is how many learners may lose their seat or their membership of the organization in one run. Nil means
	// no limit.
	MaxRemovals *int
	// Organization names the organization: its UUID, or its subdomain over SCIM.
	Organization string
	// Ledger is shared by all provider blocks of this process that reach the same organization.
	Ledger *ledger.Ledger
	// Reports returns the client of the organization's reports. The error lists the settings that it lacks. Only the data sources
	// that use the reports call it, because all other objects work without these settings.
	Reports func() (udemy.Reports, error)

	keptUnread sync.Once
	// listed maps the ID of a group to the form in which a list resource of this run returned its members.
	listed      sync.Map
	listedTwice sync.Once

	// Address is the base URL of the organization. It is empty while Directory is nil.
	Address string
	// PlannedAdoptions are the learners that a plan adopts, and Adoptions those that an apply has adopted.
	PlannedAdoptions, Adoptions *Gathering[Adoption]

	lookups lookups
}

// StartApply records that the run applies. Terraform plans each resource again during apply, and the warning about planned adoptions
// would then be repeated.
func (d *Data) StartApply() {
	d.PlannedAdoptions.Close()
}

// Resource is embedded by resources and list resources. Its Data is nil during validation.
type Resource struct {
	*Data
}

// Configure receives the provider data.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.Data = from(req.ProviderData, &resp.Diagnostics)
}

// DataSource is embedded by data sources. Its Data is nil during validation.
type DataSource struct {
	*Data
}

// Configure receives the provider data.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.Data = from(req.ProviderData, &resp.Diagnostics)
}

// Action is embedded by actions. Its Data is nil during validation.
type Action struct {
	*Data
}

// Configure receives the provider data.
func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.Data = from(req.ProviderData, &resp.Diagnostics)
}

// from returns nil, without an error, before the provider is configured, for example during validation.
func from(providerData any, diags *diag.Diagnostics) *Data {
	if providerData == nil {
		return nil
	}
	d, ok := providerData.(*Data)
	if !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("Expected %T, got %T. This is a bug in the provider: please report it.", d, providerData))
	}
	return d
}

// Ready reports whether the directory can be used yet.
func (d *Data) Ready() bool {
	return d.Directory != nil
}

// Usable reports whether a read that can't be deferred can start: no error was added so far, and the directory can be used.
// If the directory can't be used, Usable adds an error.
func (d *Data) Usable(diags *diag.Diagnostics) bool {
	if !d.Ready() {
		diags.AddError("The provider can't be used yet",
			"The provider block has values that are known only after apply. Apply their source first, for example with -target.")
	}
	return !diags.HasError()
}

// WarnNotReady warns, once per run, that state is not refreshed because the provider block has unknown values.
func (d *Data) WarnNotReady(diags *diag.Diagnostics) {
	d.keptUnread.Do(func() {
		diags.AddWarning("Nothing was refreshed from Udemy",
			"The provider block has values that are known only after apply, so the plan uses the state of the last refresh.")
	})
}

// WarnNotReadable warns, once per run, that the API does not offer reading and that state is unchanged.
func (d *Data) WarnNotReadable(diags *diag.Diagnostics, err error) {
	d.keptUnread.Do(func() {
		diags.AddWarning("The Udemy API does not offer reading",
			fmt.Sprintf("State is kept as it is, and changes made outside Terraform can't be detected. This applies to every learner, "+
				"group and membership that the API refuses to read; this warning appears once.\n\n%s", err))
	})
}
