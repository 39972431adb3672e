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

// Learner is one line of a roster. The User holds the profile and, if the line has one, the ID. LicenseTypes are sorted,
// each once; an empty role, external ID or nil license types leave the value to Udemy.
type Learner struct {
	udemy.User
	// Groups are the names of all groups of the learner, sorted, each once. Empty means none; nil leaves groups alone.
	Groups []string
	Active bool
}

// column is one attribute in a roster.
type column struct {
	// name is the header that Write uses.
	name string
	// others are further headers, as fold returns them: those of Udemy's own files, and common ones.
	others   []string
	required bool
	// unique: two lines can't have the same value.
	unique func(Learner) string
	// read stores a cell, which is trimmed and, if the column is required, not empty.
	read  func(learner *Learner, cell string) error
	write func(learner Learner) string
}

// columns are in the order in which Write writes them: the fields of a learner's profile, with groups and active, and the
// ID at the end.
var columns = func() []column {
	var all []column
	for _, field := range udemy.Profile {
		if field.Name == udemy.FieldLicenses {
			all = append(all, groupsColumn)
		}
		c := column{
			name:  field.Name,
			read:  text(field.Text),
			write: func(l Learner) string { return Guard(*field.Text(&l.User)) },
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
	return append(all, activeColumn, idColumn)
}()

// profileColumns hold what is special about columns of the profile.
var profileColumns = map[string]column{
	udemy.FieldEmail: {
		others: []string{"emailaddress", "useremail"}, required: true, read: readEmail,
		unique: func(l Learner) string { return udemy.EmailKey(l.Email) },
	},
	udemy.FieldFirstName: {others: []string{"givenname", "name"}, required: true}, // Udemy's files say name and surname.
	udemy.FieldLastName:  {others: []string{"surname", "familyname"}, required: true},
	udemy.FieldRole:      {read: readRole},
	udemy.FieldLicenses: {
		others: []string{"licensetype", "licenses", "license", "licencetypes", "licencetype", "licences", "licence"},
	},
}

var (
	groupsColumn = column{name: "groups", others: []string{"group", "groupname", "groupnames"}, read: readGroups, write: writeGroups}
	activeColumn = column{
		name: "active", others: []string{"status"},
		read:  readActive,
		write: func(l Learner) string { return strconv.FormatBool(l.Active) },
	}
	idColumn = column{
		name: "udemy_id", others: []string{"id"},
		read:   text(func(u *udemy.User) *string { return &u.ID }),
		write:  func(l Learner) string { return Guard(l.ID) },
		unique: func(l Learner) string { return l.ID },
	}
)

// passedOver are columns of Udemy's own files that nothing can be made of here.
var passedOver = []string{"groupadminfor", "lmsuserid"}

// unmanaged is the cell that leaves a learner's groups alone. A group of that name is written \*.
const unmanaged = "*"

// text reads a cell into a field.
func text(field func(*udemy.User) *string) func(*Learner, string) error {
	return func(l *Learner, cell string) error {
		*field(&l.User) = unguard(cell)
		return nil
	}
}

// list reads the names in a cell into a field. An empty cell leaves the field nil.
func list(field func(*udemy.User) *[]string) func(*Learner, string) error {
	return func(l *Learner, cell string) error {
		if names := splitList(cell); len(names) > 0 {
			*field(&l.User) = names
		}
		return nil
	}
}

func readEmail(l *Learner, cell string) error {
	l.Email = unguard(cell)
	if character := udemy.InvisibleCharacter(l.Email); character != "" {
		return fmt.Errorf("%q holds an invisible character: %s", l.Email, character)
	}
	if !udemy.IsEmail(l.Email) {
		return fmt.Errorf("%q is not an e-mail address: write the bare address, such as ada@example.com", l.Email)
	}
	return nil
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
