// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/ledger"
	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// noFailures is the value of failed if there are none.
const noFailures = "{}"

// replacedMark is the value in private state of a roster in a replacement.
const replacedMark = "roster"

// ModifyPlan compares the documents with each other and with Udemy, refuses what can't be carried out, and lists the people who get an
// e-mail or lose a seat. The plan shows a change only if there is one: Terraform does not compare JSON.
func (r *rosterResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Data == nil {
		return
	}
	var plan, state rosterModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	p := &planner{rosterResource: r, state: state, plan: plan, held: state.ids(), isNew: req.State.Raw.IsNull(), owner: &ledger.Owner{}, diags: &resp.Diagnostics}
	if req.Plan.Raw.IsNull() {
		p.planDestroy(ctx)
		return
	}
	if p.isNew {
		p.isReplaced = providerdata.PlannedBefore(ctx, resp.Private, &resp.Diagnostics) != ""
		providerdata.MarkCreated(ctx, resp.Private, replacedMark, &resp.Diagnostics)
	} else {
		providerdata.MarkPlanned(ctx, resp.Private, replacedMark, &resp.Diagnostics)
	}
	importedBy, diags := req.Private.GetKey(ctx, importedKey)
	resp.Diagnostics.Append(diags...)
	p.isImported = string(importedBy) == process
	p.unlisted = unlistedIn(ctx, req.Private, &resp.Diagnostics)
	p.planChange(ctx)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, p.plan)...)
}

// planner plans one roster.
type planner struct {
	*rosterResource
	state, plan       rosterModel
	held              map[string]string // the IDs in state, by EmailKey
	isNew, isReplaced bool
	owner             *ledger.Owner
	diags             *diag.Diagnostics
	before, after     *document
	at                *organization
	isImported        bool // by this run
	unlisted          map[string]bool
}

// planChange sets the computed attributes of the plan.
func (p *planner) planChange(ctx context.Context) {
	if p.Ready() && p.isNew {
		p.plan.ID = types.StringValue(p.Organization)
	}
	if p.plan.Learners.IsUnknown() {
		p.plan.IDs, p.plan.LastChange, p.plan.Failed = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		return
	}
	if !p.parse() {
		return
	}
	hasChanged := p.isNew || !p.before.matches(p.after)
	if !p.Ready() {
		p.show(hasChanged, hasChanged)
		return
	}
	p.refuseImpossible()
	isUnlisted := p.plan.Unlisted.ValueString() == unlistedDeactivate
	failed := p.state.failed()
	p.at = newOrganization(nil, nil)
	if hasChanged || isUnlisted || len(failed) > 0 {
		at, err := p.load(ctx, p.held, p.after.managesGroups())
		if err != nil {
			explanation := "Nothing was changed."
			if errors.Is(err, udemy.ErrNotOffered) {
				explanation = "A roster needs an API that lists the learners of the organization, and udemy_user does not. Nothing was changed."
			}
			diagnostics.AddErrorAt(p.diags, atLearners, "Unable to plan the roster", explanation, err)
			return
		}
		p.at = at
	}
	r := p.planRules()
	if p.isReplaced && !r.adopt {
		p.diags.AddAttributeError(path.Root("adopt_existing"), "The roster can't be replaced", "The replacement would adopt the learners of the roster, and "+
			"adopt_existing is false. Nothing was changed. Plan without -replace, or run `terraform untaint` with the resource's address if it is tainted.")
		return
	}
	d := diff(p.before, p.after, p.held, failed, p.at, r)
	p.addMistakes(d.mistakes)
	p.record(ctx, &d)
	p.checkLimits(&d)
	p.guardImport(&d)
	hasChanged = hasChanged || len(d.steps) > 0 || len(failed) > 0
	if hasChanged {
		p.guardUnlisted()
	}
	if p.diags.HasError() {
		return
	}
	p.summarize(&d)
	p.show(hasChanged, hasChanged && p.changesIDs(&d))
}

func (p *planner) planRules() rules {
	r := p.rules(p.plan)
	r.isPlannedGroup = func(name string) bool {
		return p.Ledger.Groups.MayPlan(ledger.Key{Attribute: udemy.FieldName, Value: udemy.GroupKey(name)})
	}
	r.isHeldElsewhere = func(id string) bool { return p.Ledger.Users.IsElsewhere(id, p.owner) }
	r.isKept = p.Ledger.Users.IsKept
	r.isDoubted = p.Ledger.Users.Doubted
	r.unlisted = p.unlisted
	return r
}

func (p *planner) parse() bool {
	var err error
	if p.before, p.after, err = documentsIn(p.state, p.plan); err != nil {
		addMalformed(p.diags, err)
	}
	return err == nil
}

// addMalformed adds the error for a malformed document.
func addMalformed(diags *diag.Diagnostics, err error) {
	diags.AddAttributeError(atLearners, "Malformed roster", err.Error())
}

// show sets the computed attributes. Without a change, they and the text of the document are as in state.
func (p *planner) show(hasChanged, changesIDs bool) {
	if !p.isNew && p.before.matches(p.after) {
		p.plan.Learners = p.state.Learners
	}
	p.plan.IDs, p.plan.LastChange, p.plan.Failed = p.state.IDs, p.state.LastChange, p.state.Failed
	if hasChanged {
		p.plan.LastChange = types.StringUnknown()
		p.plan.Failed = types.StringValue(noFailures) // With failures, an update is an error.
	}
	if changesIDs {
		p.plan.IDs = types.StringUnknown()
	}
	if p.isNew {
		p.plan.IDs, p.plan.Failed = types.StringUnknown(), types.StringUnknown()
	}
}

// changesIDs reports whether an apply changes ids.
func (p *planner) changesIDs(d *difference) bool {
	ids := make(map[string]string, len(d.ids))
	for i := range p.after.lines {
		l := &p.after.lines[i]
		if id := d.ids[l.key]; id != "" {
			ids[udemy.EmailKey(l.Email)] = id
		} else if l.Active {
			return true
		}
	}
	return !maps.Equal(ids, p.held)
}

// refuseImpossible adds an error for each attribute that the API can't set.
func (p *planner) refuseImpossible() {
	can := p.Directory.Capabilities()
	for _, field := range udemy.Profile {
		if can.Sets(field.Name) {
			continue
		}
		var keys []string
		for i := range p.after.lines {
			if l := &p.after.lines[i]; !isEmpty(field, &l.User) && (p.isNew || p.before.line(l.key) == nil || !sameValue(field, &p.before.line(l.key).User, &l.User)) {
				keys = append(keys, l.key)
			}
		}
		if len(keys) > 0 {
			p.diags.AddAttributeError(atLearners, fmt.Sprintf("%s is not supported over %s", field.Name, can.Name),
				fmt.Sprintf("The provider block uses %s, which can't set %s. Leave it out of the roster, and set it on Udemy's own pages. The lines with %s: %s.",
					can.Name, field.Name, field.Name, enumerate(keys)))
		}
	}
	if p.plan.OnRemoval.ValueString() == onRemovalDelete && !can.DeleteUsers {
		p.diags.AddAttributeError(path.Root(attributeOnRemoval), fmt.Sprintf("%s is not supported over %s", attributeOnRemoval, can.Name),
			fmt.Sprintf(`%s can't remove learners. Use on_removal = "deactivate", which frees the seat and keeps the learning history, or on_removal = "keep".`, can.Name))
	}
}

// addMistakes adds one error for all mistakes of a difference.
func (p *planner) addMistakes(mistakes []string) {
	if len(mistakes) > 0 {
		p.diags.AddAttributeError(atLearners, fmt.Sprintf("The roster can't be applied: %s", plural.Count(len(mistakes), "mistake")), firstOf(mistakes))
	}
}

// record records in the ledger which learners the plan holds, and adds one error for all contradictions to other resources.
func (p *planner) record(ctx context.Context, d *difference) {
	var conflicts, advice []string
	check := func(name string, conflict *ledger.Conflict) {
		if conflict != nil {
			text, step := describeConflict(name, conflict)
			conflicts = append(conflicts, text)
			if !slices.Contains(advice, step) {
				advice = append(advice, step)
			}
		}
	}
	hold := func(l *line) ledger.Object {
		user := l.User
		user.ID = p.held[udemy.EmailKey(l.Email)]
		return object(user, p.owner)
	}
	isHeld := map[string]bool{}
	for i := range p.before.lines {
		if o := hold(&p.before.lines[i]); o.ID != "" {
			isHeld[o.ID] = true
			p.Ledger.Users.Hold(o)
		}
	}
	for i := range p.after.lines {
		l := &p.after.lines[i]
		user := l.User
		user.ID = d.ids[l.key]
		switch {
		case user.ID == "" && !l.Active:
		case isHeld[user.ID]:
			check(l.Email, p.Ledger.Users.Keep(object(user, p.owner)))
			delete(isHeld, user.ID)
		default:
			check(l.Email, p.Ledger.Users.Create(object(user, p.owner), p.isReplaced))
		}
	}
	for i := range p.before.lines {
		if o := hold(&p.before.lines[i]); isHeld[o.ID] {
			check(o.Name, p.Ledger.Users.Release(o, p.plan.OnRemoval.ValueString() == onRemovalKeep))
		}
	}
	for _, s := range d.steps {
		if s.unlisted {
			check(s.user.Email, p.Ledger.Users.Release(object(s.user, p.owner), false))
		}
	}
	conflicts = append(conflicts, p.recordGroups(ctx, d)...)
	if len(conflicts) > 0 {
		p.diags.AddAttributeError(atLearners, fmt.Sprintf("The roster contradicts another resource: %s", plural.Count(len(conflicts), "learner")),
			strings.Join(append([]string{firstOf(conflicts)}, advice...), "\n\n"))
	}
}

// recordGroups records in the ledger the exact groups of each line that has them.
func (p *planner) recordGroups(ctx context.Context, d *difference) (conflicts []string) {
	if !p.after.managesGroups() {
		return nil
	}
	groups, err := p.Directory.Groups(ctx)
	if err != nil {
		return nil // Apply reports the error.
	}
	at := newOrganization(nil, groups)
	for i := range p.after.lines {
		l := &p.after.lines[i]
		if l.Groups == nil || !l.Active {
			continue
		}
		ids := at.idsOfGroups(l.Groups)
		var conflict *ledger.MemberConflict
		if id := d.ids[l.key]; id != "" {
			conflict = p.Ledger.Memberships.OwnGroups(id, ids)
		} else {
			for _, group := range ids {
				conflict = cmp.Or(conflict, p.Ledger.Memberships.Join(group, l.Email))
			}
		}
		if conflict != nil {
			conflicts = append(conflicts, fmt.Sprintf("%q: %s and this line contradict each other about the group %s; manage the membership in one place",
				l.key, conflict.Other, p.GroupLabel(ctx, conflict.GroupID)))
		}
	}
	return conflicts
}

// describeConflict describes a contradiction to another resource, and the next step.
func describeConflict(name string, conflict *ledger.Conflict) (text, advice string) {
	switch conflict.Reason {
	case ledger.Recreated:
		return fmt.Sprintf("%q: one resource removes the learner with ID %s, and another one adds the same learner", name, conflict.Holder.ID),
			"If a roster has a new address in the configuration, add a moved block. Otherwise apply on_removal or on_destroy = \"keep\" first, or use a removed block. " +
				"A roster with unlisted = \"deactivate\" needs depends_on with the other resources."
	case ledger.Handover, ledger.Taken:
		return fmt.Sprintf("%q: another resource holds or gets %s %q in the same plan (learner %q, ID %s)",
			name, conflict.Key.Attribute, conflict.Key.Value, conflict.Holder.Name, conflict.Holder.ID), "Apply one change after the other."
	default:
		what := "ID " + conflict.Holder.ID
		if conflict.Holder.ID == "" { // Both resources are new.
			what = fmt.Sprintf("%s %q", conflict.Key.Attribute, conflict.Key.Value)
		}
		return fmt.Sprintf("%q: another resource in state or configuration is for the same learner (%s)", name, what),
			"Remove the lines or the other resource. To move a learner, use a removed block with destroy = false."
	}
}

// checkLimits adds errors for too many removals, and for the last administrator.
func (p *planner) checkLimits(d *difference) {
	removals := d.removals()
	base := len(p.before.lines)
	if p.isNew {
		base = len(p.after.lines)
	}
	if err := p.checkMaxRemovals(p.plan, removals, base); err != nil {
		p.diags.AddAttributeError(path.Root(attributeMaxRemovals), "The roster would remove too many learners",
			fmt.Sprintf("%s. Nothing was changed. If the roster is complete and this is intended, set max_removals to \"%d\" for this apply.", err, len(removals)))
	}
	p.countRemovals(removals)
	p.guardLastAdmin(d)
}

// checkMaxRemovals returns an error if more learners lose a seat or an account than max_removals allows.
func (r *rosterResource) checkMaxRemovals(m rosterModel, removals []*step, base int) error {
	if m.MaxRemovals.IsUnknown() {
		return nil // The apply checks it.
	}
	l, err := parseLimit(m.MaxRemovals.ValueString())
	if err != nil || len(removals) <= l.of(base) {
		return err
	}
	return fmt.Errorf("%d learners would lose their seat or account, and max_removals = %q allows %d: %s",
		len(removals), m.MaxRemovals.ValueString(), l.of(base), enumerate(emailsOf(removals)))
}

// countRemovals counts the learners for the limit of the provider block.
func (p *planner) countRemovals(removals []*step) {
	if p.MaxRemovals == nil {
		return
	}
	for _, s := range removals {
		if names, first := p.Ledger.Removals.Add(s.user.ID, s.user.Email, *p.MaxRemovals); first {
			p.diags.AddError("Too many learners would lose their seat", fmt.Sprintf("At most %d learners may lose their seat in one run (max_removals of the provider "+
				"block), and this run removes more: %s.", *p.MaxRemovals, enumerate(append(names, emailsOf(removals)...))))
			return
		}
	}
}

// guardLastAdmin adds an error if the organization would lose its last administrator.
func (p *planner) guardLastAdmin(d *difference) {
	losing := map[string]bool{}
	var names []string
	for _, s := range d.steps {
		isDemoted := slices.Contains(s.change.Fields, udemy.FieldRole) && s.change.To.Role != udemy.RoleAdmin
		if isAdmin(s.user) && (s.freesSeat() || isDemoted) {
			losing[s.user.ID] = true
			names = append(names, s.user.Email)
		}
	}
	if len(losing) == 0 {
		return
	}
	for id := range losing {
		p.Ledger.Removals.AddAdmin(id)
	}
	for id, user := range p.at.users {
		if isAdmin(user) && user.Status == udemy.StatusActive && !p.Ledger.Removals.IsAdmin(id) {
			return
		}
	}
	p.diags.AddAttributeError(atLearners, "The organization would lose its last administrator",
		fmt.Sprintf("The plan removes or demotes %s, and the API returns no other active administrator. An organization without an administrator can't be managed: "+
			"make another learner an administrator first.", enumerate(names)))
}

// planDestroy refuses to destroy a roster by accident.
func (p *planner) planDestroy(ctx context.Context) {
	var err error
	if p.before, err = documentInState(p.state); err != nil {
		addMalformed(p.diags, err)
		return
	}
	p.after, p.plan = newDocument(nil), p.state
	p.plan.Unlisted = types.StringValue(unlistedIgnore)
	p.at = newOrganization(nil, nil)
	if p.Ready() && p.plan.OnRemoval.ValueString() != onRemovalKeep {
		at, err := p.load(ctx, p.held, false)
		if err != nil {
			diagnostics.AddError(p.diags, "Unable to plan the destruction of the roster", `Nothing was changed. With on_removal = "keep", nothing is read.`, err)
			return
		}
		p.at = at
	}
	d := diff(p.before, p.after, p.held, nil, p.at, p.planRules())
	p.addMistakes(d.mistakes)
	p.record(ctx, &d)
	if err := p.checkMaxRemovals(p.plan, d.removals(), len(p.before.lines)); err != nil {
		p.diags.AddError("The roster can't be destroyed by accident", fmt.Sprintf("%s. Nothing was changed. To destroy the roster and leave all learners as they are, apply "+
			"on_removal = \"keep\" first, or use a removed block with destroy = false. To remove all learners, apply max_removals = \"100%%\" first: destroying uses the "+
			"values in state.", err))
		return
	}
	p.countRemovals(d.removals())
	p.guardLastAdmin(&d)
}

// summarize adds one warning that lists whom the apply adopts, invites and removes.
func (p *planner) summarize(d *difference) {
	if text := summary(d, p.Directory.Capabilities().Invitations); text != "" {
		p.diags.AddAttributeWarning(atLearners, "This apply changes who has a seat, or adopts learners", text)
	}
}

// summary lists people by what happens to them. An account that is as its line creates it is not listed: an apply that was killed has
// left it.
func summary(d *difference, invitations bool) string {
	var adopted, invited, reactivated, deactivated, unlisted, deleted, rekeyed []string
	for _, s := range d.steps {
		switch {
		case s.isOwn():
		case s.kind == adopt:
			adopted = append(adopted, fmt.Sprintf("%s (ID %s, %s: %s)", s.line.Email, s.user.ID, s.user.Status, s.words()))
		case s.kind == invite:
			invited = append(invited, s.line.Email)
		case s.unlisted:
			unlisted = append(unlisted, s.user.Email)
		case s.kind == deactivate:
			deactivated = append(deactivated, s.user.Email)
		case s.kind == remove:
			deleted = append(deleted, s.user.Email)
		}
		if s.reactivates {
			reactivated = append(reactivated, s.line.Email)
		}
		if s.kind == update && s.user.ExternalID != "" && slices.Contains(s.change.Fields, udemy.FieldExternalID) {
			rekeyed = append(rekeyed, fmt.Sprintf("%s (from %s to %s)", s.line.Email, s.user.ExternalID, s.line.ExternalID))
		}
	}
	creation := "Adds learners, who get no e-mail: ask them to sign in by single sign-on"
	if invitations {
		creation = "Invites learners, who get an e-mail"
	}
	var parts []string
	for _, part := range []struct {
		what  string
		names []string
	}{
		{"Adopts learners who exist already", adopted},
		{creation, invited},
		{"Reactivates learners, who get an e-mail", reactivated},
		{"Deactivates learners, or cancels their invitation", deactivated},
		{"Deactivates learners whom no roster lists", unlisted},
		{"Leaves unlisted learners for the next plan, which deactivates those whom no roster lists then", d.spared},
		{"Deletes learners with their learning history", deleted},
		{"Changes the external ID of the same account; another person needs a line with another key", rekeyed},
		{"Creates groups", d.groups},
		{"Passes over inactive learners without an account, who are not invited", d.passed},
	} {
		if len(part.names) > 0 {
			parts = append(parts, fmt.Sprintf("%s (%d): %s.", part.what, len(part.names), enumerateUpTo(part.names, maxListed)))
		}
	}
	return strings.Join(parts, "\n\n")
}

// words describes what an adoption changes.
func (s *step) words() string {
	var words []string
	for _, name := range s.change.Fields {
		field := udemy.ProfileField(name)
		words = append(words, fmt.Sprintf("%s from %v to %v", name, fieldValue(field, s.user), fieldValue(field, s.change.To)))
	}
	if len(s.joins)+len(s.leaves) > 0 {
		words = append(words, fmt.Sprintf("joins %s, leaves %s", plural.Count(len(s.joins), "group"), plural.Count(len(s.leaves), "group")))
	}
	if len(words) == 0 {
		return "unchanged"
	}
	return strings.Join(words, ", ")
}

func emailsOf(steps []*step) []string {
	emails := make([]string, 0, len(steps))
	for _, s := range steps {
		emails = append(emails, s.user.Email)
	}
	return emails
}

// enumerate lists the first ten names and the number of the others.
func enumerate(names []string) string {
	return enumerateUpTo(names, 10)
}

func enumerateUpTo(names []string, shown int) string {
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}
