// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package roster implements the resource udemy_roster, the provider functions roster, roster_json and groups, and the subcommand
// check. The functions and check read CSV files of learners and groups, which the subcommand export writes. The resource has its
// learners in one JSON text: document.go parses it, diff.go computes the changes, and apply.go carries them out.
package roster

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Learner is one line of a roster. The User holds the profile and, if the line has one, the ID. LicenseTypes are sorted and
// unique. Udemy decides on an empty role, an empty external ID and nil license types.
type Learner struct {
	udemy.User
	// Groups are the names of all groups of the learner, sorted and unique. If Groups is nil, the learner's groups are not
	// managed.
	Groups []string
	Active bool
	// start and end are the first and the last day in the form of time.DateOnly, or empty. They are read and not managed.
	start, end string
}

// column is one attribute in a file whose rows are of type T.
type column[T any] struct {
	// name is the header that Write uses.
	name string
	// others are alternative headers from Udemy's own files and common ones, as fold returns them.
	others   []string
	required bool
	// unique returns the key that only one line may have. It is nil if values may repeat.
	unique func(T) string
	// names returns names that must have one spelling in the whole column. It is nil if the spelling may differ.
	names func(T) []string
	// read stores a trimmed cell. The cell of a required column is not empty.
	read  func(row *T, cell string) error
	write func(row T) string
	// title is the header that the options name. It replaces name and others.
	title string
}

// columns lists the fields of a learner's profile, groups, active and the ID, in the order in which Write writes them.
var columns = func() []column[Learner] {
	var all []column[Learner]
	for _, field := range udemy.Profile {
		if field.Name == udemy.FieldLicenses {
			all = append(all, groupsColumn)
		}
		c := column[Learner]{
			name:  field.Name,
			read:  text(field.Text),
			write: func(l Learner) string { return guard(*field.Text(&l.User)) },
		}
		if field.List != nil {
			c.read = list(field.List)
			c.write = func(l Learner) string { return joinList(*field.List(&l.User)) }
		}
		if special, ok := profileColumns[field.Name]; ok {
			c.others, c.required, c.unique = special.others, special.required, special.unique
			if special.read != nil {
				c.read = special.read
			}
		}
		all = append(all, c)
	}
	return append(all, activeColumn, idColumn, startColumn, endColumn)
}()

// profileColumns overrides the properties of some columns of the profile.
var profileColumns = map[string]column[Learner]{
	udemy.FieldEmail: {
		others: []string{"emailaddress", "useremail"}, required: true, read: readEmail,
		unique: func(l Learner) string { return udemy.EmailKey(l.Email) },
	},
	udemy.FieldFirstName:  {others: []string{"givenname", "name"}}, // Udemy's files use name and surname.
	udemy.FieldLastName:   {others: []string{"surname", "familyname"}},
	udemy.FieldExternalID: {read: readExternalID, unique: func(l Learner) string { return l.ExternalID }},
	udemy.FieldRole:       {read: readRole},
	udemy.FieldLicenses: {
		others: []string{"licensetype", "licenses", "license", "licencetypes", "licencetype", "licences", "licence"},
	},
	udemy.FieldLicensePool: {others: []string{"pool", "licensepoolname", "licencepool", "licencepoolname"}},
}

var (
	groupsColumn = column[Learner]{
		name: "groups", others: []string{"group", "groupname", "groupnames"}, read: readGroups, write: writeGroups,
		names: func(l Learner) []string { return l.Groups },
	}
	activeColumn = column[Learner]{
		name: "active", others: []string{"status"},
		read:  readActive,
		write: func(l Learner) string { return strconv.FormatBool(l.Active) },
	}
	idColumn = column[Learner]{
		name: "udemy_id", others: []string{"id"},
		read:   text(func(u *udemy.User) *string { return &u.ID }),
		write:  func(l Learner) string { return guard(l.ID) },
		unique: func(l Learner) string { return l.ID },
	}
	startColumn = column[Learner]{
		name:  "start_date",
		read:  day(func(l *Learner) *string { return &l.start }),
		write: func(l Learner) string { return l.start },
	}
	endColumn = column[Learner]{
		name:  "end_date",
		read:  day(func(l *Learner) *string { return &l.end }),
		write: func(l Learner) string { return l.end },
	}
)

// isIgnored reports whether a column of Udemy's own files has no attribute. Udemy documents that a file for the upload can have
// columns for licenses and courses, and not their names.
func isIgnored(title string) bool {
	return title == "groupadminfor" || title == "lmsuserid" ||
		strings.Contains(title, "license") || strings.Contains(title, "licence") || strings.Contains(title, "course")
}

// unmanaged is the cell for groups that are not managed. A group with this name is written \*.
const unmanaged = "*"

// text returns a function that stores a cell in a field.
func text(field func(*udemy.User) *string) func(*Learner, string) error {
	return func(l *Learner, cell string) error {
		*field(&l.User) = unguard(cell)
		return nil
	}
}

// list returns a function that stores the names of a cell in a field. An empty cell leaves the field nil.
func list(field func(*udemy.User) *[]string) func(*Learner, string) error {
	return func(l *Learner, cell string) error {
		if names := splitList(cell); len(names) > 0 {
			*field(&l.User) = names
		}
		return nil
	}
}

// day returns a function that stores a date. The second date of a line is compared with the first.
func day(field func(*Learner) *string) func(*Learner, string) error {
	return func(l *Learner, cell string) error {
		if cell == "" {
			return nil
		}
		if _, err := time.Parse(time.DateOnly, cell); err != nil {
			return fmt.Errorf("%q is not a date; write the year first, as in 2026-06-30", cell)
		}
		*field(l) = cell
		if l.end != "" && l.end < l.start {
			return fmt.Errorf("the last day %s is before the first day %s", l.end, l.start)
		}
		return nil
	}
}

func readEmail(l *Learner, cell string) error {
	l.Email = unguard(cell)
	if !isVisibleASCII(l.Email) {
		if character := udemy.InvisibleCharacter(l.Email); character != "" {
			return fmt.Errorf("%q contains an invisible character: %s", l.Email, character)
		}
		if at := strings.IndexAny(l.Email, doubleMarks+singleMarks); at >= 0 {
			return fmt.Errorf("%q contains a typographic quotation mark or apostrophe: %s", l.Email, udemy.DescribeCharacter(l.Email, at))
		}
	}
	if !udemy.IsEmail(l.Email) {
		return fmt.Errorf("%q is not an e-mail address; use a bare address, such as ada@example.com", l.Email)
	}
	return nil
}

// readExternalID refuses an invisible character: two learners would seem to have one key.
func readExternalID(l *Learner, cell string) error {
	l.ExternalID = unguard(cell)
	if character := udemy.InvisibleCharacter(l.ExternalID); character != "" {
		return fmt.Errorf("%q contains an invisible character: %s", l.ExternalID, character)
	}
	return nil
}

// readRole leaves the roles alone that exist at Udemy and can't be assigned.
func readRole(l *Learner, cell string) error {
	switch fold(cell) {
	case "", "groupadmin", "owner":
	case "learner", "user", "student", "member":
		l.Role = udemy.RoleLearner
	case "admin":
		l.Role = udemy.RoleAdmin
	default:
		return fmt.Errorf("the role %q can't be assigned; use learner or admin, or leave the cell empty to keep the role at Udemy", cell)
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

// readActive also accepts the values of Udemy's status column. An invited learner has a seat and is active.
func readActive(l *Learner, cell string) error {
	switch fold(cell) {
	case "", "true", "yes", "1", "active", "invited", "pending":
		l.Active = true
	case "false", "no", "0", "deactivated", "inactive":
		l.Active = false
	default:
		return fmt.Errorf("%q is not a valid value; use true for a learner with a seat, or false for a deactivated learner", cell)
	}
	return nil
}

// fold removes blanks, underscores and hyphens from a word and converts it to lower case.
func fold(word string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(r)
	}, word)
}
