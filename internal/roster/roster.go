// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package roster is a list of learners as a CSV file, which people keep in a spreadsheet, and the provider function that
// reads it.
package roster

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Learner is one line of a roster.
type Learner struct {
	Email      string
	FirstName  string
	LastName   string
	ExternalID string // empty when not given
	// Role is empty when it is left to Udemy.
	Role udemy.Role
	// Groups are the names of all groups to be in, sorted, each once. Empty means none; nil leaves them to Udemy.
	Groups []string
	// LicenseTypes are sorted, each once; nil leaves them to Udemy.
	LicenseTypes []string
	Active       bool
	UdemyID      string // empty when not given
}

// column is one thing that a roster can tell of a learner.
type column struct {
	// name is what Write calls it.
	name string
	// others are further names, as fold has them: those of Udemy's own files, and what people write.
	others   []string
	required bool
	// read takes over a cell that is trimmed and, if the column is required, not empty.
	read  func(learner *Learner, cell string) error
	write func(learner Learner) string
}

// The columns whose values only one learner can have.
const (
	columnEmail   = "email"
	columnUdemyID = "udemy_id"
)

// columns stand in the order in which Write writes them.
var columns = []column{
	{
		name: columnEmail, others: []string{"emailaddress", "useremail"}, required: true,
		read: func(l *Learner, cell string) error {
			l.Email = unguard(cell)
			if !udemy.IsEmail(l.Email) {
				return fmt.Errorf("%q is not an e-mail address: write the bare address, such as ada@example.com", l.Email)
			}
			return nil
		},
		write: func(l Learner) string { return Guard(l.Email) },
	},
	{
		name: "first_name", others: []string{"givenname", "name"}, required: true, // Udemy says name and surname.
		read:  text(func(l *Learner) *string { return &l.FirstName }),
		write: func(l Learner) string { return Guard(l.FirstName) },
	},
	{
		name: "last_name", others: []string{"surname", "familyname"}, required: true,
		read:  text(func(l *Learner) *string { return &l.LastName }),
		write: func(l Learner) string { return Guard(l.LastName) },
	},
	{
		name:  "external_id",
		read:  text(func(l *Learner) *string { return &l.ExternalID }),
		write: func(l Learner) string { return Guard(l.ExternalID) },
	},
	{
		name:  "role",
		read:  readRole,
		write: func(l Learner) string { return string(l.Role) },
	},
	{
		name: "groups", others: []string{"group", "groupname", "groupnames"},
		read:  readGroups,
		write: writeGroups,
	},
	{
		name: "license_types", others: []string{"licensetype", "licenses", "license", "licencetypes", "licencetype", "licences", "licence"},
		read: func(l *Learner, cell string) error {
			if names := splitList(cell); len(names) > 0 {
				l.LicenseTypes = names
			}
			return nil
		},
		write: func(l Learner) string { return joinList(l.LicenseTypes) },
	},
	{
		name: "active", others: []string{"status"},
		read:  readActive,
		write: func(l Learner) string { return strconv.FormatBool(l.Active) },
	},
	{
		name: columnUdemyID, others: []string{"id"},
		read:  text(func(l *Learner) *string { return &l.UdemyID }),
		write: func(l Learner) string { return Guard(l.UdemyID) },
	},
}

// passedOver are columns of Udemy's own files that nothing can be made of here.
var passedOver = []string{"groupadminfor", "lmsuserid"}

// unmanaged is the cell that leaves a learner's groups alone. A group of that name is written \*.
const unmanaged = "*"

// text reads a cell into a member of a learner.
func text(member func(*Learner) *string) func(*Learner, string) error {
	return func(l *Learner, cell string) error {
		*member(l) = unguard(cell)
		return nil
	}
}

func readRole(l *Learner, cell string) error {
	switch fold(cell) {
	case "":
	case "learner", "user", "student", "member":
		l.Role = udemy.RoleLearner
	case "admin":
		l.Role = udemy.RoleAdmin
	default:
		return fmt.Errorf("the role %q can't be given, only learner and admin: leave the cell empty, and the role stays as it is at Udemy", cell)
	}
	return nil
}

func readGroups(l *Learner, cell string) error {
	if cell != unmanaged {
		l.Groups = splitList(cell)
	}
	return nil
}

func writeGroups(l Learner) string {
	if l.Groups == nil {
		return unmanaged
	}
	cell := joinList(l.Groups)
	if cell == unmanaged {
		cell = `\` + cell
	}
	return cell
}

// readActive knows the words of Udemy's status, too: whoever is invited has a seat.
func readActive(l *Learner, cell string) error {
	switch fold(cell) {
	case "", "true", "yes", "1", "active", "invited", "pending":
		l.Active = true
	case "false", "no", "0", "deactivated", "inactive":
		l.Active = false
	default:
		return fmt.Errorf("%q is neither true, for a learner with a seat, nor false, for one who is deactivated", cell)
	}
	return nil
}

// fold makes the same of all spellings of a word: "E-mail", "First Name" and "first_name" lose what doesn't count.
func fold(word string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(r)
	}, word)
}
