// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/validators"
)

var (
	_ action.ActionWithConfigure  = (*resendInvitation)(nil)
	_ action.ActionWithModifyPlan = (*resendInvitation)(nil)
)

type resendInvitation struct {
	providerdata.Action
}

// NewResendInvitation returns the udemy_resend_invitation action.
func NewResendInvitation() action.Action {
	return &resendInvitation{}
}

// resendModel is the configuration of the action.
type resendModel struct {
	UserIDs types.Set `tfsdk:"user_ids"`
}

// userIDs is the attribute that all diagnostics of the action are about.
var userIDs = path.Root("user_ids")

// Metadata implements action.Action.
func (a *resendInvitation) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_resend_invitation"
}

// Schema implements action.Action.
func (a *resendInvitation) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Has Udemy send learners the invitation e-mail again (Terraform 1.14 or later). State does not change. Not possible over " +
			"SCIM, which invites nobody.",
		Attributes: map[string]schema.Attribute{
			"user_ids": schema.SetAttribute{
				ElementType: types.StringType,
				Required:    true,
				MarkdownDescription: "The ids of the learners; none is nothing to do. Each gets one e-mail. A learner who is not in status `invited` is an error; " +
					"the others get theirs all the same.",
				Validators: []validator.Set{setvalidator.ValueStringsAre(validators.ID())},
			},
		},
	}
}

// ModifyPlan implements action.ActionWithModifyPlan.
func (a *resendInvitation) ModifyPlan(_ context.Context, _ action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	if !a.Ready() {
		return
	}
	if can := a.Directory.Capabilities(); !can.Invitations {
		resp.Diagnostics.AddError("Invitations can't be sent again here",
			fmt.Sprintf("The organization is reached over %s, which invites nobody. Remove the action.", can.Name))
	}
}

// Invoke implements action.Action. It goes on after a failure that is one learner's own.
func (a *resendInvitation) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config resendModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !a.Usable(&resp.Diagnostics) {
		return
	}
	ids := plainSet(config.UserIDs)
	for i, id := range ids {
		learner, err := a.resend(ctx, id)
		if err == nil {
			resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("Invitation sent again to %s (%d of %d)", learner, i+1, len(ids))})
			continue
		}
		addResendError(&resp.Diagnostics, learner, err)
		if left := len(ids) - i - 1; left > 0 && failsForAll(ctx, err) {
			resp.Diagnostics.AddAttributeError(userIDs, fmt.Sprintf("%d more invitations were not tried", left), "They would fail for the same reason.")
			return
		}
	}
}

// notInvitedError says that a learner has no invitation that could be sent again.
type notInvitedError struct {
	status udemy.Status
}

// Error implements error.
func (e *notInvitedError) Error() string { return fmt.Sprintf("the learner's status is %s", e.status) }

// resend sends one invitation, and returns what people call the learner. It asks for the status first: whether Udemy refuses
// to send an e-mail to somebody who is not invited is not documented.
func (a *resendInvitation) resend(ctx context.Context, id string) (learner string, err error) {
	user, err := a.Directory.User(ctx, id)
	switch {
	case errors.Is(err, udemy.ErrNotOffered): // Then Udemy has to say.
		return id, a.Directory.ResendInvitation(ctx, id)
	case err != nil:
		return id, err
	case user.Status != udemy.StatusInvited:
		return user.Email, &notInvitedError{user.Status}
	}
	err = a.Directory.ResendInvitation(ctx, id)
	if errors.Is(err, udemy.ErrConflict) { // The invitation has been accepted or cancelled meanwhile.
		if now, rereadErr := a.Directory.Reread(ctx, id); rereadErr == nil && now.Status != udemy.StatusInvited {
			err = &notInvitedError{now.Status}
		}
	}
	return user.Email, err
}

// failsForAll reports whether a failure has nothing to do with the one learner.
func failsForAll(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, udemy.ErrUnauthorized) || errors.Is(err, udemy.ErrForbidden) || errors.Is(err, udemy.ErrNotOffered)
}

func addResendError(diags *diag.Diagnostics, learner string, err error) {
	var other *notInvitedError
	if !errors.As(err, &other) {
		diagnostics.AddErrorAt(diags, userIDs, fmt.Sprintf("Unable to send learner %q the invitation again", learner), "", err)
		return
	}
	next := `Name invited learners only, for example with if learner.status == "invited" in the expression of user_ids.`
	if other.status == udemy.StatusDeactivated {
		next = "To bring the learner back, set active = true in the udemy_user. " + next
	}
	diags.AddAttributeError(userIDs, fmt.Sprintf("Learner %q has no open invitation", learner),
		fmt.Sprintf("The learner's status is %s, so nothing was sent. %s", other.status, next))
}
