// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
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
	// Learners are IDs by label.
	Learners map[string]string `tfsdk:"learners"`
}

func (a *resendInvitation) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_resend_invitation"
}

func (a *resendInvitation) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Sends the invitation e-mail to learners again (Terraform 1.14 or later). State does not change. Not supported over SCIM, which " +
			"does not return invitations.",
		Attributes: map[string]schema.Attribute{
			"learners": schema.MapAttribute{
				ElementType: types.StringType,
				Required:    true,
				MarkdownDescription: "The IDs of the learners by e-mail address, so that the plan shows the recipients: " +
					"`{ for u in udemy_user.all : u.email => u.id if u.status == \"invited\" }`, or `ids` of the data source `udemy_users`. Another label is " +
					"possible, but a label that is an e-mail address must be the learner's own. Otherwise no e-mail is sent to that learner. Each learner " +
					"gets one e-mail. For a learner who has accepted the invitation in the meantime, no e-mail is sent and a warning is shown.",
				Validators: []validator.Map{mapvalidator.NoNullValues(), mapvalidator.ValueStringsAre(validators.ID())},
			},
		},
	}
}

func (a *resendInvitation) ModifyPlan(_ context.Context, _ action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	if !a.Ready() {
		return
	}
	if can := a.Directory.Capabilities(); !can.Invitations {
		resp.Diagnostics.AddError("Invitations can't be sent again over "+can.Name,
			fmt.Sprintf("The provider block uses %s, which does not return invitations. Remove the action, or use the user-management API.", can.Name))
	}
}

// recipient is a learner who gets the invitation.
type recipient struct {
	id string
	// labels are sorted. Messages name the learner by the first label.
	labels []string
}

// recipients returns the learners in the order of their labels, each once.
func (m resendModel) recipients() []recipient {
	labels := map[string][]string{}
	for _, label := range slices.Sorted(maps.Keys(m.Learners)) {
		id := m.Learners[label]
		labels[id] = append(labels[id], label)
	}
	all := make([]recipient, 0, len(labels))
	for id, labels := range labels {
		all = append(all, recipient{id: id, labels: labels})
	}
	slices.SortFunc(all, func(a, b recipient) int { return strings.Compare(a.labels[0], b.labels[0]) })
	return all
}

// Invoke continues after a failure that affects one learner only.
func (a *resendInvitation) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config resendModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !a.Usable(&resp.Diagnostics) {
		return
	}
	recipients := config.recipients()
	for i, r := range recipients {
		err := a.resend(ctx, r)
		if err == nil {
			resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("Invitation sent again to %s (%d of %d)", r.labels[0], i+1, len(recipients))})
			continue
		}
		r.addError(&resp.Diagnostics, err)
		if left := len(recipients) - i - 1; left > 0 && failsForAll(ctx, err) {
			resp.Diagnostics.AddAttributeError(path.Root("learners"), fmt.Sprintf("%d more invitations were not tried", left), "They would fail for the same reason.")
			return
		}
	}
}

// notInvitedError means that a learner has no invitation that can be sent again.
type notInvitedError struct {
	status udemy.Status
	// refusal is the response of an API that does not return the status.
	refusal error
}

func (e *notInvitedError) Error() string {
	if e.refusal != nil {
		return e.refusal.Error()
	}
	return fmt.Sprintf("the learner's status is %s", e.status)
}

// otherAddressError means that a label is not the e-mail address of the learner.
type otherAddressError struct {
	label, address string
}

func (e *otherAddressError) Error() string {
	return fmt.Sprintf("the learner with this ID has the e-mail address %s", e.address)
}

// resend sends one invitation. It reads the learner first, because the API documentation does not define the response for a
// learner who is not invited.
func (a *resendInvitation) resend(ctx context.Context, r recipient) error {
	user, err := a.Directory.User(ctx, r.id)
	switch {
	case errors.Is(err, udemy.ErrNotOffered):
		err = a.Directory.ResendInvitation(ctx, r.id)
		if errors.Is(err, udemy.ErrConflict) {
			return &notInvitedError{refusal: err}
		}
		return err
	case err != nil:
		return err
	}
	for _, label := range r.labels {
		if udemy.IsEmail(label) && !udemy.SameEmail(label, user.Email) {
			return &otherAddressError{label, user.Email}
		}
	}
	if user.Status != udemy.StatusInvited {
		return &notInvitedError{status: user.Status}
	}
	err = a.Directory.ResendInvitation(ctx, r.id)
	if errors.Is(err, udemy.ErrConflict) { // The invitation was accepted or canceled after the read.
		if now, rereadErr := a.Directory.Reread(ctx, r.id); rereadErr == nil && now.Status != udemy.StatusInvited {
			return &notInvitedError{status: now.Status}
		}
	}
	return err
}

// failsForAll reports whether a failure does not depend on the learner.
func failsForAll(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, udemy.ErrUnauthorized) || errors.Is(err, udemy.ErrForbidden) || errors.Is(err, udemy.ErrNotOffered) ||
		errors.Is(err, udemy.ErrUnreachable)
}

// addError adds the diagnostic for a learner. A learner without an open invitation does not need an e-mail, so that is a
// warning.
func (r recipient) addError(diags *diag.Diagnostics, err error) {
	name := r.labels[0]
	at := path.Root("learners").AtMapKey(name)
	var notInvited *notInvitedError
	var other *otherAddressError
	switch {
	case errors.As(err, &notInvited):
		next := `To select only invited learners, end the expression of learners with if u.status == "invited".`
		if notInvited.status == udemy.StatusDeactivated {
			next = "To reactivate the learner, set active = true in the udemy_user. " + next
		}
		diags.AddAttributeWarning(at, fmt.Sprintf("Learner %q has no open invitation", name), diagnostics.Explain(err.Error(), "No e-mail was sent. "+next))
	case errors.As(err, &other):
		diags.AddAttributeError(path.Root("learners").AtMapKey(other.label), fmt.Sprintf("Learner %s is not %s", r.id, other.label), diagnostics.Explain(err.Error(),
			"No e-mail was sent. Label the ID with the learner's own address, for example with { for u in udemy_user.all : u.email => u.id }."))
	default:
		outcome := ""
		switch {
		case !errors.Is(err, udemy.ErrNotFound):
		case udemy.IsEmail(r.id):
			outcome = "The organization has no learner with this ID, which looks like an e-mail address. The values of learners are IDs, for example " +
				"{ for u in udemy_user.all : u.email => u.id }."
		default:
			outcome = "The organization has no learner with this ID. If the learner was deleted, remove the entry from learners. Otherwise plan again to " +
				"refresh the IDs."
		}
		diagnostics.AddErrorAt(diags, at, fmt.Sprintf("Unable to resend the invitation to learner %q (%s)", name, r.id), outcome, err)
	}
}
