// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

func adoption(existing udemy.User, plan model, changes []string) providerdata.Adoption {
	return providerdata.Adoption{Email: plan.Email.ValueString(), ID: existing.ID, Status: existing.Status.String(), Changes: changes}
}

// reportPlanned adds one warning for all learners that the plan adopts, at one of them.
func (r *userResource) reportPlanned(ctx context.Context, planned providerdata.Adoption, diags *diag.Diagnostics) {
	all, before := r.PlannedAdoptions.Report(ctx, planned)
	switch {
	case len(all) == 0:
	case len(all) > 1:
		diags.AddWarning(fmt.Sprintf("%s learners exist already and will be adopted", countMore(len(all), before)),
			fmt.Sprintf("The organization has learners with these e-mail addresses. Apply adopts them instead of sending invitations. The plan has the ID of each "+
				"learner.\n\n%s", providerdata.AdoptionTable(all, "to change")))
	default:
		one := all[0]
		summary := fmt.Sprintf("Learner %q exists already and will be adopted", one.Email)
		if before > 0 {
			summary = "Another learner exists already and will be adopted"
		}
		diags.AddWarning(summary, fmt.Sprintf("The organization has a learner with the e-mail address %s: ID %s, status %s. Apply adopts this learner instead of "+
			"sending an invitation. %s", one.Email, one.ID, one.Status, sentence("To change", one.Changes)))
	}
}

// reportAdopted adds one warning for all learners that the apply has adopted, at one of them.
func (r *userResource) reportAdopted(ctx context.Context, adopted providerdata.Adoption, diags *diag.Diagnostics) {
	all, before := r.Adoptions.Report(ctx, adopted)
	switch {
	case len(all) == 0:
	case len(all) > 1:
		diags.AddWarning(fmt.Sprintf("Adopted existing learners: %s", countMore(len(all), before)),
			fmt.Sprintf("The learners were in the organization already, and are now managed by Terraform. State has the ID of each learner.\n\n%s",
				providerdata.AdoptionTable(all, "changed")))
	default:
		one := all[0]
		summary := fmt.Sprintf("Adopted existing learner %q", one.Email)
		if before > 0 {
			summary = "Adopted another existing learner"
		}
		diags.AddWarning(summary, fmt.Sprintf("The learner %s was in the organization already, with ID %s and status %s, and is now managed by Terraform. %s",
			one.Email, one.ID, one.Status, sentence("Changed", one.Changes)))
	}
}

// countMore returns a number, such as "3", or "3 more" after an earlier report of the run.
func countMore(n, before int) string {
	if before > 0 {
		return fmt.Sprintf("%d more", n)
	}
	return fmt.Sprint(n)
}
