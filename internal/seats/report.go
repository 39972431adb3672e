// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

// formatVersion is the version of the JSON. Additions do not change it.
const formatVersion = "1.0"

// report describes what a plan changes. -format json prints it, and the JSON Schema in docs describes its members.
type report struct {
	FormatVersion string `json:"format_version"`
	// Errored is set if Terraform could not finish the plan. The report covers the part that it planned.
	Errored bool `json:"errored"`
	// RefreshOnly is set for a plan of -refresh-only, which changes nothing but the state. Outside lists what it found.
	RefreshOnly bool `json:"refresh_only"`
	// Complete is false with -target, deferred changes or an errored plan.
	Complete bool `json:"complete"`
	// Deferred holds the addresses of the resources whose changes Terraform deferred.
	Deferred []string `json:"deferred"`

	NetChange int `json:"net_change"`
	Taken     int `json:"taken"`
	Freed     int `json:"freed"`
	// Unknown counts the learners whose seat is known only after apply. The other numbers don't include them.
	Unknown int `json:"unknown"`
	// AtLeast is set if the numbers count a half-known learner as new, or leave out seats that are known only after apply.
	AtLeast bool `json:"at_least"`
	// Uncounted is set if a roster may remove learners whom the plan has not read. The report doesn't count them.
	Uncounted bool `json:"uncounted"`

	// Totals has an entry for each kind, including kinds that the plan doesn't contain.
	Totals map[kind]total `json:"totals"`
	Mails  mails          `json:"mails"`
	// Organizations has an entry for each organization of which the plan has read udemy_seats, sorted by Provider.
	Organizations []organization `json:"organizations"`
	// Activity has an entry for each udemy_activity that the plan has read.
	Activity []activity `json:"activity"`

	// Groups and Learners have the most dangerous changes first.
	Groups   []group   `json:"groups"`
	Learners []learner `json:"learners"`
	// Outside holds what changed outside Terraform.
	Outside outside `json:"outside"`

	BrokenGates []gate   `json:"broken_gates"`
	Notes       []string `json:"notes"`
}

// total sums up the changes of one kind.
type total struct {
	Changes int `json:"changes"`
	Seats   int `json:"seats"`
}

// mails counts the people who get an e-mail from Udemy because of the plan.
type mails struct {
	Invitations   int `json:"invitations"`
	Reactivations int `json:"reactivations"`
	Resent        int `json:"resent"`
}

// organization holds the seats in use from the data source udemy_seats. Purchased and AvailableAfter are nil if the data
// source has no number of purchased seats.
type organization struct {
	// Provider is the provider configuration, such as "udemy.emea". It is empty for the default one.
	Provider       string `json:"provider"`
	UsedBefore     int    `json:"used_before"`
	UsedAfter      int    `json:"used_after"`
	Purchased      *int   `json:"purchased"`
	AvailableAfter *int   `json:"available_after"`
	NetChange      int    `json:"net_change"`
}

// activity holds the numbers of a data source udemy_activity, such as "37 of 803 seats unused for 90 days".
type activity struct {
	Address string `json:"address"`
	Unused  int    `json:"unused"`
	Seats   int    `json:"seats"`
	Days    int    `json:"days"`
}

// kind is a kind of change.
type kind string

// The kinds of changes of learners. Each learner of a report has exactly one of the kinds up to kindChanged. Those after it
// count the learners with such a change, besides their kind.
const (
	kindNew                kind = "new"
	kindAdopted            kind = "adopted"
	kindImported           kind = "imported"
	kindReactivated        kind = "reactivated"
	kindDeactivated        kind = "deactivated"
	kindInvitationCanceled kind = "invitation_canceled"
	kindDeleted            kind = "deleted"
	kindForgotten          kind = "forgotten"
	kindChanged            kind = "changed"

	kindRole             kind = "role"
	kindLicenseTypes     kind = "license_types"
	kindLicensePool      kind = "license_pool"
	kindEmail            kind = "email"
	kindName             kind = "name"
	kindGroups           kind = "groups"
	kindInvitationResent kind = "invitation_resent"
)

// The kinds of changes of groups. A group has exactly one. kindGroupChanged is a change of the members only.
const (
	kindGroupCreated   kind = "group_created"
	kindGroupAdopted   kind = "group_adopted"
	kindGroupImported  kind = "group_imported"
	kindGroupRenamed   kind = "group_renamed"
	kindGroupChanged   kind = "group_changed"
	kindGroupForgotten kind = "group_forgotten"
	kindGroupDeleted   kind = "group_deleted"
)

// kinds lists the kinds in the order of the report.
var kinds = []kind{
	kindNew, kindAdopted, kindImported, kindReactivated, kindDeactivated, kindInvitationCanceled, kindDeleted, kindForgotten, kindChanged,
	kindRole, kindLicenseTypes, kindLicensePool, kindEmail, kindName, kindGroups, kindInvitationResent,
	kindGroupCreated, kindGroupAdopted, kindGroupImported, kindGroupRenamed, kindGroupChanged, kindGroupForgotten, kindGroupDeleted,
}

// group is what a plan does with one group.
type group struct {
	Kind kind   `json:"kind"`
	Name string `json:"name"`
	// From is the old name of a renamed group.
	From string `json:"from,omitempty"`
	// Members counts the members before the apply. It is nil if the plan does not contain them.
	Members *int `json:"members"`
	// Joining and Leaving count the learners who join and leave by this plan.
	Joining   int      `json:"joining"`
	Leaving   int      `json:"leaving"`
	Addresses []string `json:"addresses"`
	Note      string   `json:"note,omitempty"`
}

// learner is all that a plan does with one learner of one organization.
type learner struct {
	Kind kind `json:"kind"`
	// Email is the e-mail address, or the ID if the plan does not contain the address.
	Email string `json:"email"`
	Name  string `json:"name,omitempty"`
	// Provider is the provider configuration. It is empty unless the plan has several organizations.
	Provider string `json:"provider,omitempty"`
	// Seats is 1 for a taken seat, -1 for a freed seat, and nil if the seat is known only after apply.
	Seats *int `json:"seats"`
	// NewAdmin is set for a learner who becomes admin, owner or group admin.
	NewAdmin bool `json:"new_admin"`
	// EmailFrom and NameFrom are the old e-mail address and name, if they change.
	EmailFrom    string      `json:"email_from,omitempty"`
	NameFrom     string      `json:"name_from,omitempty"`
	Role         *transition `json:"role,omitempty"`
	LicensePool  *transition `json:"license_pool,omitempty"`
	LicenseTypes *difference `json:"license_types,omitempty"`
	Groups       *difference `json:"groups,omitempty"`
	Resent       bool        `json:"invitation_resent,omitempty"`
	// Addresses are those of the resources and actions.
	Addresses []string `json:"addresses"`
	Notes     []string `json:"notes,omitempty"`
}

// transition is a change from one value to another.
type transition struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// difference is a change of a set.
type difference struct {
	Added   []string `json:"added"`
	Removed []string `json:"removed"`
}

// outside holds the groups and learners that changed outside Terraform.
type outside struct {
	Groups   []group   `json:"groups"`
	Learners []learner `json:"learners"`
}

// gate is a limit that the plan exceeds.
type gate struct {
	Flag string `json:"flag"`
	Text string `json:"text"`
}
