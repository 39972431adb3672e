// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/defaults"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

var (
	_ resource.ResourceWithConfigure   = (*rosterResource)(nil)
	_ resource.ResourceWithImportState = (*rosterResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*rosterResource)(nil)
)

type rosterResource struct {
	providerdata.Resource
}

// NewResource returns the udemy_roster resource.
func NewResource() resource.Resource {
	return &rosterResource{}
}

func (r *rosterResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_roster"
	// ModifyPlan also checks a deferred plan.
	resp.ResourceBehavior.ProviderDeferred.EnablePlanModification = true
}

// The names of attributes that occur in diagnostics.
const (
	attributeLearners      = "learners"
	attributeMissingGroups = "missing_groups"
	attributeOnRemoval     = "on_removal"
	attributeUnlisted      = "unlisted"
	attributeMaxRemovals   = "max_removals"
)

// The values of missing_groups and unlisted.
const (
	missingGroupsFail   = "fail"
	missingGroupsCreate = "create"
	unlistedIgnore      = "ignore"
	unlistedDeactivate  = "deactivate"
)

const defaultMaxRemovals = "20%"

var limitPattern = regexp.MustCompile(`^((100|[1-9]?[0-9])%|0|[1-9][0-9]{0,8})$`)

func (r *rosterResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All learners of a list in one resource: accounts, seats and groups of up to fifty thousand people. Terraform plans it in the " +
			"time of a single object, and the provider sees the whole list, so it keeps identities, order and limits right.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The organization: its UUID, or its subdomain over SCIM.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			attributeLearners: schema.StringAttribute{
				Required: true,
				MarkdownDescription: "A JSON object of learners, as `provider::udemy::roster_json(file(\"roster.csv\"))` returns it. The keys are of your choice and should " +
					"stay the same for the same person, such as the e-mail address or the personnel number. Each record has `email`, and may have the other attributes of " +
					"a learner: `" + strings.Join(members(), "`, `") + "`. Null leaves an attribute alone. `groups` are names, and otherwise the exact set. `active` " +
					"defaults to `true`. `udemy_id` is ignored. Order, blanks and the letter case of addresses don't matter. The profile and the " +
					"groups of an inactive learner are not changed, because Udemy refuses it. Warnings and errors contain e-mail addresses, also if the value is " +
					"sensitive, because Terraform does not pass sensitivity to providers.",
			},
			attributeMissingGroups: schema.StringAttribute{
				Optional: true,
				Computed: true,
				Default:  stringdefault.StaticString(missingGroupsFail),
				MarkdownDescription: "What to do with the name of a group that does not exist: `fail` is an error at plan with the nearest names, `create` creates the group. " +
					"Groups are never deleted. Defaults to `fail`.",
				Validators: []validator.String{stringvalidator.OneOf(missingGroupsFail, missingGroupsCreate)},
			},
			attributeOnRemoval: schema.StringAttribute{
				Optional: true,
				Computed: true,
				Default:  stringdefault.StaticString(onRemovalDeactivate),
				MarkdownDescription: "What happens to a learner whose line is removed, and to all learners when the resource is destroyed: `deactivate` frees the seat and keeps the " +
					"learning history, `delete` deletes the learner and the history (not over SCIM), `keep` changes nothing at Udemy. An open invitation is canceled " +
					"in both of the first cases. Defaults to `deactivate`.",
				Validators: []validator.String{stringvalidator.OneOf(onRemovalDeactivate, onRemovalDelete, onRemovalKeep)},
			},
			attributeUnlisted: schema.StringAttribute{
				Optional: true,
				Computed: true,
				Default:  stringdefault.StaticString(unlistedIgnore),
				MarkdownDescription: "What happens to learners of the organization who have a seat and are in no line: `ignore`, or `deactivate`, which makes the roster authoritative. " +
					"Admins, owners and learners of other resources keep the seat. Use it in one roster only, and add `depends_on` with all other rosters and " +
					"`udemy_user` resources, so that they are planned first, also with `-target`. Learners of another state, and of another provider block, count as " +
					"unlisted. An apply deactivates only learners whom the refresh before the plan has found in no resource. The apply that creates the roster, or sets " +
					"`deactivate`, therefore deactivates none of them, and the next plan lists them. A learner whose line is removed with `on_removal = \"keep\"`, from this " +
					"roster or another one, keeps the seat in that apply, and the next plan deactivates the learner unless a roster has a line. Over SCIM, which returns no " +
					"roles, admins can't be told apart: list them. Defaults to `ignore`.",
				Validators: []validator.String{stringvalidator.OneOf(unlistedIgnore, unlistedDeactivate)},
			},
			attributeMaxRemovals: schema.StringAttribute{
				Optional: true,
				Computed: true,
				Default:  stringdefault.StaticString(defaultMaxRemovals),
				MarkdownDescription: "The maximum number of learners who lose their seat or account in one apply, because their line is removed, `active` becomes `false`, or they are " +
					"unlisted: a number such as `25`, or a percentage of the learners in state such as `20%`. More of them are an error at plan. Fewer than 10 are always " +
					"allowed; for a lower limit, use `max_removals` of the provider block. Destroying the resource counts as well. Defaults to `20%`.",
				Validators: []validator.String{stringvalidator.RegexMatches(limitPattern, "must be a percentage from 0% to 100%, such as 20%, or a number of people, such as 25")},
			},
			"adopt_existing": schema.BoolAttribute{
				Optional: true,
				Computed: true,
				Default:  defaults.Null{},
				MarkdownDescription: "Whether new lines adopt learners who exist already, by external ID or e-mail address. If `false`, such a learner is an error. Defaults to the " +
					"attribute of the same name in the provider block.",
			},
			"ids": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "A JSON object of Udemy's IDs by e-mail address in lower case: `jsondecode(udemy_roster.all.ids)[\"ada@example.com\"]`. A text, because a map of " +
					"ten thousand elements makes every plan take minutes.",
			},
			"last_change": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "What the newest apply did, in one sentence with numbers. It changes only together with something else.",
			},
			"failed": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "A JSON object of the lines that the newest apply could not complete: key to reason, `{}` if there are none. At creation, failures of some lines " +
					"are warnings, so that Terraform does not taint and replace the roster. The next apply repeats these lines.",
			},
		},
	}
}

// rosterModel is the roster in configuration, plan and state.
type rosterModel struct {
	ID            types.String `tfsdk:"id"`
	Learners      types.String `tfsdk:"learners"`
	MissingGroups types.String `tfsdk:"missing_groups"`
	OnRemoval     types.String `tfsdk:"on_removal"`
	Unlisted      types.String `tfsdk:"unlisted"`
	MaxRemovals   types.String `tfsdk:"max_removals"`
	AdoptExisting types.Bool   `tfsdk:"adopt_existing"`
	IDs           types.String `tfsdk:"ids"`
	LastChange    types.String `tfsdk:"last_change"`
	Failed        types.String `tfsdk:"failed"`
}

// ids returns the IDs in state, by EmailKey.
func (m rosterModel) ids() map[string]string {
	return decodeTexts(m.IDs.ValueString())
}

// failed returns the reasons of failed lines, by key.
func (m rosterModel) failed() map[string]string {
	return decodeTexts(m.Failed.ValueString())
}

// documentInState parses the learners in state. The zero model has none. State has what a refresh has read, such as a name that ends
// with a blank, or the role of an owner. A configuration may not have such values, and they are no reason to refuse a plan.
func documentInState(m rosterModel) (*document, error) {
	if m.Learners.IsNull() {
		return newDocument(nil), nil
	}
	d, err := parseDocument(m.Learners.ValueString())
	if d != nil {
		return d, nil
	}
	return nil, err
}

// documentsIn parses the learners in state and in a plan. With ignore_changes, the plan has the values in state.
func documentsIn(state, plan rosterModel) (before, after *document, err error) {
	if before, err = documentInState(state); err != nil {
		return nil, nil, err
	}
	if plan.Learners.Equal(state.Learners) {
		return before, before, nil
	}
	after, err = parseDocument(plan.Learners.ValueString())
	return before, after, err
}

// rules returns the settings for a difference.
func (r *rosterResource) rules(m rosterModel) rules {
	adopts := r.AdoptExisting
	if !m.AdoptExisting.IsNull() && !m.AdoptExisting.IsUnknown() {
		adopts = m.AdoptExisting.ValueBool()
	}
	return rules{
		createGroups:       m.MissingGroups.ValueString() == missingGroupsCreate || m.MissingGroups.IsUnknown(), // The value is known at apply.
		onRemoval:          m.OnRemoval.ValueString(),
		deactivateUnlisted: m.Unlisted.ValueString() == unlistedDeactivate,
		adopt:              adopts,
		requiresNames:      r.Ready() && r.Directory.Capabilities().RequiresNames,
	}
}

// atLearners is the attribute of diagnostics about lines.
var atLearners = path.Root(attributeLearners)

// managesGroups reports whether a line of a document manages groups.
func (d *document) managesGroups() bool {
	for i := range d.lines {
		if d.lines[i].Groups != nil {
			return true
		}
	}
	return false
}

// load reads the learners of the organization, and the groups and memberships if they are needed. A learner in state who is on no page
// is requested: an API may list an account on no page and still return it.
func (r *rosterResource) load(ctx context.Context, held map[string]string, withGroups bool) (*organization, error) {
	return r.loadWith(ctx, func() ([]udemy.User, error) { return r.Directory.Users(ctx) }, held, withGroups)
}

// loadWith is load with a function that returns the learners on the pages.
func (r *rosterResource) loadWith(ctx context.Context, listed func() ([]udemy.User, error), held map[string]string, withGroups bool) (*organization, error) {
	var groups []udemy.Group
	var groupsErr error
	memberships := sync.OnceValues(func() (map[string][]string, error) { return r.readMemberships(ctx, groups) })
	usersRead, endUsers := context.WithCancel(ctx)
	defer endUsers()
	var reading sync.WaitGroup
	if withGroups {
		reading.Go(func() {
			groups, groupsErr = r.Directory.Groups(ctx)
			if groupsErr == nil && r.Directory.ListsUsersWithoutGroups(usersRead) {
				_, _ = memberships() // Beside the other pages of learners.
			}
		})
	}
	users, err := r.readUsers(ctx, listed, held)
	endUsers()
	reading.Wait()
	if err = cmp.Or(err, groupsErr); err != nil {
		return nil, err
	}
	o := newOrganization(users, groups)
	if !withGroups {
		return o, nil
	}
	for _, user := range users {
		if user.GroupIDs == nil {
			o.memberships, err = memberships()
			return o, err
		}
	}
	return o, nil
}

// readUsers returns the learners of the organization, and those in state who are on no page.
func (r *rosterResource) readUsers(ctx context.Context, listed func() ([]udemy.User, error), held map[string]string) ([]udemy.User, error) {
	users, err := listed()
	if err != nil {
		return nil, err
	}
	absent, err := r.readAbsent(ctx, users, held)
	return append(users, absent...), err
}

// readAbsent requests the learners in state who are not among others.
func (r *rosterResource) readAbsent(ctx context.Context, users []udemy.User, held map[string]string) ([]udemy.User, error) {
	listed := make(map[string]bool, len(users))
	for i := range users {
		listed[users[i].ID] = true
	}
	var absent []string
	for _, id := range held {
		if !listed[id] {
			absent = append(absent, id)
		}
	}
	found, err := forEach(absent, func(id string) (udemy.User, error) {
		user, err := r.Directory.User(ctx, id)
		return user, udemy.IgnoreNotFound(err)
	})
	return slices.DeleteFunc(found, func(user udemy.User) bool { return user.ID == "" }), err
}

// readMemberships returns the groups of all learners. It returns nil if the API does not return the members of groups.
func (r *rosterResource) readMemberships(ctx context.Context, groups []udemy.Group) (map[string][]string, error) {
	members, err := forEach(groups, func(group udemy.Group) ([]string, error) {
		ids, err := r.Directory.Members(ctx, group.ID)
		return ids, udemy.IgnoreNotOffered(err)
	})
	if err != nil {
		return nil, err
	}
	memberships, isKnown := map[string][]string{}, len(groups) == 0
	for i, group := range groups {
		isKnown = isKnown || members[i] != nil
		for _, id := range members[i] {
			memberships[id] = append(memberships[id], group.ID)
		}
	}
	if !isKnown {
		return nil, nil //nolint:nilnil // Nil means that the API does not return memberships.
	}
	return memberships, nil
}
