// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Change changes the profile and the seat of a learner for a resource that manages many of them. Reactivation comes first and
// deactivation last, and the limits of the run hold, as for udemy_user. It returns the learner after the steps that succeeded.
func Change(ctx context.Context, data *providerdata.Data, learner udemy.User, change udemy.UserChange, active bool) (udemy.User, error) {
	work := &reconciliation{
		resource: &userResource{providerdata.Resource{Data: data}}, plan: model{Active: types.BoolValue(active)}, user: learner, change: change,
	}
	err := work.run(ctx)
	return work.user, err
}

// Remove frees the seat of a learner, or deletes the learner, as destroying a udemy_user does.
func Remove(ctx context.Context, data *providerdata.Data, learner udemy.User, deletes bool) error {
	r := &userResource{providerdata.Resource{Data: data}}
	remove := func() error { return r.freeSeat(ctx, model{}.read(learner)) }
	if deletes {
		remove = func() error { return r.Directory.DeleteUser(ctx, learner.ID) }
	}
	if !learner.Status.Seated() {
		return udemy.IgnoreNotFound(remove())
	}
	return udemy.IgnoreNotFound(r.removing(ctx, learner, remove))
}
