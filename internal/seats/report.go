// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

// report describes how a plan changes seats. -format json prints it as JSON; the help describes its members.
type report struct {
	NetChange int `json:"net_change"`
	Taken     int `json:"taken"`
	Freed     int `json:"freed"`
	// Unknown counts the learners whose seat is known only after apply. The other numbers don't include them.
	Unknown int `json:"unknown"`
	// Totals has an entry for each kind, including kinds that the plan doesn't contain.
	Totals       map[kind]total `json:"totals"`
	Organization *organization  `json:"organization"`
	Changes      []change       `json:"changes"`
	Notes        []string       `json:"notes"`
}

// total sums up the changes of one kind.
type total struct {
	Changes int `json:"changes"`
	Seats   int `json:"seats"`
}

// organization holds the seats in use from the data source udemy_seats. Purchased and AvailableAfter are nil if the data
// source has no number of purchased seats.
type organization struct {
	UsedBefore     int  `json:"used_before"`
	UsedAfter      int  `json:"used_after"`
	Purchased      *int `json:"purchased"`
	AvailableAfter *int `json:"available_after"`
}

// kind is a kind of change of a learner.
type kind string

// The kinds of changes. Those after kindForgotten don't affect seats.
const (
	kindNew                kind = "new"
	kindAdopted            kind = "adopted"
	kindImported           kind = "imported"
	kindReactivated        kind = "reactivated"
	kindDeactivated        kind = "deactivated"
	kindInvitationCanceled kind = "invitation_canceled"
	kindDeleted            kind = "deleted"
	kindForgotten          kind = "forgotten"
	kindRole               kind = "role"
	kindLicenseTypes       kind = "license_types"
	kindLicensePool        kind = "license_pool"
	kindEmail              kind = "email"
	kindName               kind = "name"
	kindGroups             kind = "groups"
	kindInvitationResent   kind = "invitation_resent"
)

// kinds lists the kinds in the order of the report.
var kinds = []kind{
	kindNew, kindAdopted, kindImported, kindReactivated, kindDeactivated, kindInvitationCanceled, kindDeleted, kindForgotten,
	kindRole, kindLicenseTypes, kindLicensePool, kindEmail, kindName, kindGroups, kindInvitationResent,
}

// change is a change of one kind, of one learner, by one resource or action.
type change struct {
	Kind kind `json:"kind"`
	// Learner is the e-mail address, or the ID if the plan does not contain the address.
	Learner string `json:"learner"`
	// Address is the address of the resource or action.
	Address string `json:"address"`
	// Seats is 1 for a taken seat, -1 for a freed seat, and nil if the seat is known only after apply.
	Seats *int `json:"seats"`
	// From and To are the old and the new role, license pool, e-mail address or name.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Added and Removed are licenses or groups.
	Added   []string `json:"added,omitempty"`
	Removed []string `json:"removed,omitempty"`
	Note    string   `json:"note,omitempty"`

	person string // the EmailKey of the learner, also if it must not be shown
}

// The notes of a report.
const (
	countingNote = "Invited and active learners count as seats in use. Deactivated learners don't. Udemy's documentation is inconsistent on " +
		"whether an invitation takes a seat before the learner accepts it."
	adoptionNote = "A learner counts as new unless the plan has read the learner with the data source udemy_users. An existing learner is adopted " +
		"instead, and takes a seat only if the learner was deactivated before."
	ambiguousNote = "The plan contains different results of udemy_seats, so the report does not show the seats in use."
	passedNote    = "Rosters contain %s without an account that the plan has read. If such a learner has a seat, the apply frees it. The report does not count it."
	unlistedNote  = "A roster with `unlisted = \"deactivate\"` also deactivates learners whom the plan has not read with the data source udemy_users. The report does not " +
		"count them; the warnings of the plan list them."
	incompleteNote = "The plan is incomplete, for example because of -target. The report does not count the missing changes."
)
