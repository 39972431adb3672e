// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

// Report is what a plan does to seats. Written as JSON, it is what -format json prints; the help describes its members.
type Report struct {
	NetChange int `json:"net_change"`
	Taken     int `json:"taken"`
	Freed     int `json:"freed"`
	// Unknown counts the learners whose seat is known only after apply. They are in none of the other numbers.
	Unknown int `json:"unknown"`
	// Totals has every kind, also those that the plan does not hold.
	Totals       map[Kind]Total `json:"totals"`
	Organization *Organization  `json:"organization"`
	Changes      []Change       `json:"changes"`
	Notes        []string       `json:"notes"`
}

// Total sums up the changes of one kind.
type Total struct {
	Changes int `json:"changes"`
	Seats   int `json:"seats"`
}

// Organization is how many seats the organization uses, as the data source udemy_seats said when the plan was made.
// Purchased and AvailableAfter are nil if the configuration doesn't say how many were purchased.
type Organization struct {
	UsedBefore     int  `json:"used_before"`
	UsedAfter      int  `json:"used_after"`
	Purchased      *int `json:"purchased"`
	AvailableAfter *int `json:"available_after"`
}

// Kind is what is done to a learner.
type Kind string

// The kinds of changes. Those from Role on have nothing to do with seats.
const (
	New                 Kind = "new"
	Adopted             Kind = "adopted"
	Imported            Kind = "imported"
	Reactivated         Kind = "reactivated"
	Deactivated         Kind = "deactivated"
	InvitationCancelled Kind = "invitation_cancelled"
	Deleted             Kind = "deleted"
	Forgotten           Kind = "forgotten"
	Role                Kind = "role"
	LicenseTypes        Kind = "license_types"
	Email               Kind = "email"
	Name                Kind = "name"
	Groups              Kind = "groups"
	InvitationResent    Kind = "invitation_resent"
)

// kinds are in the order of the report.
var kinds = []Kind{
	New, Adopted, Imported, Reactivated, Deactivated, InvitationCancelled, Deleted, Forgotten,
	Role, LicenseTypes, Email, Name, Groups, InvitationResent,
}

// Change is one kind of change of one learner by one resource.
type Change struct {
	Kind Kind `json:"kind"`
	// Learner is the e-mail address, if the plan knows it.
	Learner string `json:"learner"`
	// Address is that of the resource or action.
	Address string `json:"address"`
	// Seats is 1 for a seat that is taken, -1 for one that is freed, and nil if that is known only after apply.
	Seats *int `json:"seats"`
	// From and To are the values before and after, of a role, an e-mail address or a name.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Added and Removed are licences, or groups.
	Added   []string `json:"added,omitempty"`
	Removed []string `json:"removed,omitempty"`
	Note    string   `json:"note,omitempty"`
}

// countingNote says what counts, because Udemy does not.
const countingNote = "Invited and active learners count as taking a seat, deactivated ones don't. Udemy's own pages disagree on whether an " +
	"invitation takes a seat before it is accepted."
