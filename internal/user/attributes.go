// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/validators"
)

// attribute is an attribute of a learner. It is declared here for udemy_user, both data sources and the list resource:
// its descriptions, its schema, how it is copied between model and API, and what a null means. Its wire names are in the
// wire.go of each API.
//
// Null, unknown, empty and absent at each boundary:
//
//	configuration  null: not managed. Removing a value clears it if removed is clearValue, and otherwise keeps it.
//	plan           unknown: decided by Udemy, or known only after apply. It is never sent.
//	state          null: the learner has no value, or the value is not managed (external_id, group_ids).
//	to the API     empty: the value is cleared. A field that is not in the change keeps its value.
//	from the API   absent: unknown if the field is Hidden (state keeps its value), otherwise no value.
type attribute struct {
	// field accesses the value in a udemy.User. It has only a name for active, which is derived from the status.
	field udemy.Field
	// text and set access the value in a model. Only the one of the field's type is set.
	text func(*model) *types.String
	set  func(*model) *types.Set
	// description is the description in the data sources. The resource adds what configuring the attribute does.
	description string
	// resource returns the attribute of udemy_user.
	resource func(description string) schema.Attribute

	// emptyText means that an empty text stays an empty text. Otherwise it becomes null.
	emptyText bool
	// removed is the effect of removing the attribute from the configuration.
	removed removal
	// same reports whether two different values mean the same. It is nil if a difference always counts.
	same func(a, b string) bool
}

// removal is the effect of removing an attribute from the configuration.
type removal int

const (
	keepValue     removal = iota // The value stays.
	clearValue                   // The value is cleared, if it was configured.
	unmanageValue                // The value stays at Udemy and leaves the state, if it was configured.
)

// attributes are the attributes of a learner, which both data sources have.
var attributes = []attribute{
	{
		field:       udemy.Field{Name: "id", Text: func(u *udemy.User) *string { return &u.ID }},
		text:        func(m *model) *types.String { return &m.ID },
		description: "The ID that Udemy assigned to the learner.",
		resource: func(description string) schema.Attribute {
			return schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: description,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			}
		},
		emptyText: true,
	},
	{
		field:       udemy.ProfileField(udemy.FieldEmail),
		text:        func(m *model) *types.String { return &m.Email.StringValue },
		description: "The e-mail address. Letter case is ignored.",
		resource: func(description string) schema.Attribute {
			return schema.StringAttribute{
				CustomType: emailType{},
				Required:   true,
				MarkdownDescription: description + " It identifies the learner in the organization. State keeps the spelling of the configuration, and a " +
					"change of letter case alone is not a change. A new address is changed in place: the learner keeps the ID, seat and history.",
				Validators:    []validator.String{validators.Email()},
				PlanModifiers: []planmodifier.String{keepSpelling{udemy.SameEmail}},
			}
		},
		emptyText: true,
		same:      udemy.SameEmail,
	},
	{
		field:       udemy.ProfileField(udemy.FieldFirstName),
		text:        func(m *model) *types.String { return &m.FirstName },
		description: "The first name. Empty if the learner has none.",
		resource:    name,
		emptyText:   true,
		same:        udemy.SameText,
	},
	{
		field:       udemy.ProfileField(udemy.FieldLastName),
		text:        func(m *model) *types.String { return &m.LastName },
		description: "The last name. Empty if the learner has none.",
		resource:    name,
		emptyText:   true,
		same:        udemy.SameText,
	},
	{
		field:       udemy.ProfileField(udemy.FieldExternalID),
		text:        func(m *model) *types.String { return &m.ExternalID },
		description: "The learner's key in your HR system. Letter case matters. Null if the learner has no external ID.",
		resource: func(description string) schema.Attribute {
			return schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: description + " Removing it from the configuration clears it at Udemy. If an adopted learner has an external " +
					"ID that was never configured, the external ID is not changed and not in state.",
				Validators:    []validator.String{validators.PlainText()},
				PlanModifiers: []planmodifier.String{clearIfRemoved{udemy.FieldExternalID}, keepSpelling{udemy.SameText}},
			}
		},
		removed: clearValue,
		same:    udemy.SameText,
	},
	{
		field:       udemy.ProfileField(udemy.FieldRole),
		text:        func(m *model) *types.String { return &m.Role },
		description: "The role: `learner`, `admin`, `owner`, or any other value the API returns. Null over SCIM, which does not return roles.",
		resource: func(description string) schema.Attribute {
			return schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: description + " Can be set to `learner` or `admin`, over the user-management API only. If not set, Udemy decides for a new " +
					"learner, and an existing learner keeps the role. The role of an owner can't be changed. Any other role can only be the one in state, as " +
					"in generated configuration.",
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			}
		},
	},
	{
		field:       udemy.Field{Name: udemy.FieldGroupIDs, List: func(u *udemy.User) *[]string { return &u.GroupIDs }, Hidden: true},
		set:         func(m *model) *types.Set { return &m.GroupIDs },
		description: "The IDs of the learner's groups.",
		resource: func(description string) schema.Attribute {
			return schema.SetAttribute{
				ElementType: types.StringType,
				Optional:    true,
				Computed:    true,
				MarkdownDescription: description + " If set, it is the exact set: the learner joins these groups at creation and leaves any other. If not set, " +
					"groups are not changed. An empty set means no group. The plan refuses an ID that no group has. Don't set it for a learner who has a `udemy_group_membership`, or for a " +
					"group that has a `udemy_group_members`.",
				Validators:    []validator.Set{setvalidator.ValueStringsAre(validators.ID())},
				PlanModifiers: []planmodifier.Set{unmanageIfRemoved{udemy.FieldGroupIDs}},
			}
		},
		removed: unmanageValue,
	},
	{
		field:       udemy.ProfileField(udemy.FieldLicenses),
		set:         func(m *model) *types.Set { return &m.LicenseTypes },
		description: "The names of the learner's licenses. Null if the API does not return licenses, for example over the user-management API.",
		resource: func(description string) schema.Attribute {
			return schema.SetAttribute{
				ElementType: types.StringType,
				Optional:    true,
				Computed:    true,
				MarkdownDescription: description + " Examples are `Enterprise` and `Pro`. At least one, because Udemy ignores an empty list. Can be set over SCIM " +
					"only. If not set, Udemy decides for a new learner, and an existing learner keeps the licenses. To free all licenses, set `active = false`.",
				Validators:    []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(validators.PlainText())},
				PlanModifiers: []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
			}
		},
	},
	{
		field:       udemy.ProfileField(udemy.FieldLicensePool),
		text:        func(m *model) *types.String { return &m.LicensePool },
		description: "The name of the license pool. Letter case is ignored. Null if the API does not return pools, for example over the user-management API.",
		resource: func(description string) schema.Attribute {
			return schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: description + " A learner has one pool, and a new name moves the learner's license to that pool. `default license pool` always " +
					"exists. Udemy refuses an unknown or a full pool, and ignores the name while the organization has no custom pool. Can be set over SCIM only. If " +
					"not set, Udemy decides for a new learner, and an existing learner keeps the pool. A pool can't be cleared.",
				Validators:    []validator.String{validators.PlainText()},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown(), keepSpelling{strings.EqualFold}},
			}
		},
		same: strings.EqualFold,
	},
	{
		field:       udemy.Field{Name: udemy.FieldActive},
		description: "Whether the learner has access: true in every status except `deactivated`.",
		resource: func(description string) schema.Attribute {
			return schema.BoolAttribute{
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(true),
				MarkdownDescription: description + " `false` deactivates the learner: the seat becomes free, and the learning history is kept. `true` " +
					"reactivates a deactivated learner, which takes a seat. Defaults to `true`.",
			}
		},
	},
	{
		field:       udemy.Field{Name: "status", Text: func(u *udemy.User) *string { return (*string)(&u.Status) }},
		text:        func(m *model) *types.String { return &m.Status },
		description: "The status: `invited`, `active`, `deactivated`, or any other value the API returns. SCIM returns `active` or `deactivated` only.",
		resource: func(description string) schema.Attribute {
			return schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: description + " It changes when the learner accepts the invitation.",
				PlanModifiers:       []planmodifier.String{statusFollowsActive{}},
			}
		},
	},
}

// name is the attribute of a first or last name in udemy_user.
func name(description string) schema.Attribute {
	return schema.StringAttribute{
		Optional: true,
		Computed: true,
		MarkdownDescription: description + " Changed in place. If not set, the name is left alone: it is not sent, and a change at Udemy is not a difference. " +
			"Required to invite a new learner over the user-management API. An empty text means no name, for a learner with one name over SCIM. If learners " +
			"type their own names when they accept an invitation, add both names to `ignore_changes`.",
		Validators:    []validator.String{validators.OptionalText()},
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown(), keepSpelling{udemy.SameText}},
	}
}

// attributeNames are the names of all attributes, for errors that name a field.
func attributeNames() []string {
	names := make([]string, 0, len(attributes))
	for _, a := range attributes {
		names = append(names, a.field.Name)
	}
	return names
}

// read sets the attribute of a model to the value at Udemy. If the API does not return the value, or if the value is not
// managed, the attribute is unchanged.
func (a attribute) read(m *model, user udemy.User) {
	switch {
	case a.text != nil:
		have, value := a.text(m), *a.field.Text(&user)
		switch {
		case a.field.Hidden && value == "" && !have.IsUnknown():
		case a.removed != keepValue && have.IsNull(): // Not managed.
		case a.same != nil && !have.IsNull() && !have.IsUnknown() && a.same(have.ValueString(), value):
		default:
			*have = a.textValue(value)
		}
	case a.set != nil:
		have, values := a.set(m), *a.field.List(&user)
		if !have.IsUnknown() && (values == nil || a.removed == unmanageValue && have.IsNull()) {
			return
		}
		*have = stringSet(values)
	default:
		m.Active = types.BoolValue(user.Status.Seated())
	}
}

// write is the reverse of read. A null or unknown value becomes an empty one.
func (a attribute) write(user *udemy.User, m model) {
	switch {
	case a.text != nil:
		*a.field.Text(user) = a.text(&m).ValueString()
	case a.set != nil:
		*a.field.List(user) = plainSet(*a.set(&m))
	}
}

// isUnknown reports whether the value is known only after apply.
func (a attribute) isUnknown(m model) bool {
	switch {
	case a.text != nil:
		return a.text(&m).IsUnknown()
	case a.set != nil:
		return a.set(&m).IsUnknown()
	default:
		return m.Active.IsUnknown()
	}
}

// isNull reports whether the attribute has no value.
func (a attribute) isNull(m model) bool {
	switch {
	case a.text != nil:
		return a.text(&m).IsNull()
	case a.set != nil:
		return a.set(&m).IsNull()
	default:
		return m.Active.IsNull()
	}
}

// difference describes how a learner differs from a plan in this attribute. It is empty if they match. A null in the plan
// makes no difference, unless it clears a value in prior state: an admin whose role is not configured stays an admin.
func (a attribute) difference(user udemy.User, plan, prior model) string {
	if a.isUnknown(plan) || a.isNull(plan) && (a.removed != clearValue || a.isNull(prior)) {
		return ""
	}
	var want udemy.User
	a.write(&want, plan)
	if a.set != nil {
		have, want := *a.field.List(&user), *a.field.List(&want)
		if sameSet(have, want) {
			return ""
		}
		return fmt.Sprintf("%s from %q to %q", a.field.Name, have, want)
	}
	from, to := *a.field.Text(&user), *a.field.Text(&want)
	if from == to || a.same != nil && a.same(from, to) {
		return ""
	}
	return fmt.Sprintf("%s from %q to %q", a.field.Name, from, to)
}

// value returns the value in a data source, of one learner or of many.
func (a attribute) value(user udemy.User, many bool) attr.Value {
	switch {
	case a.field.Text != nil:
		return a.textValue(*a.field.Text(&user))
	case a.field.List == nil:
		return types.BoolValue(user.Status.Seated())
	case many:
		return stringList(*a.field.List(&user))
	default:
		return stringSet(*a.field.List(&user))
	}
}

// textValue returns a text in state.
func (a attribute) textValue(text string) types.String {
	if text == "" && !a.emptyText {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// computed returns the attribute of a data source, of one learner or of many. A data source of many learners has lists
// instead of sets, because the framework takes quadratic time for sets.
func (a attribute) computed(many bool) datasource.Attribute {
	switch {
	case a.field.Text != nil:
		return datasource.StringAttribute{Computed: true, MarkdownDescription: a.description}
	case a.field.List == nil:
		return datasource.BoolAttribute{Computed: true, MarkdownDescription: a.description}
	case many:
		return datasource.ListAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: a.description}
	default:
		return datasource.SetAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: a.description}
	}
}

// profile are the attributes that an update of a learner can change.
func profile() []attribute {
	return slices.DeleteFunc(slices.Clone(attributes), func(a attribute) bool {
		return !slices.ContainsFunc(udemy.Profile, func(field udemy.Field) bool { return field.Name == a.field.Name })
	})
}
