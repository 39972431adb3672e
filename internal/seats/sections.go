// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

const (
	// maxText is the number of characters shown of a value. An e-mail address has at most 254.
	maxText = 254
	// maxNames is the number of groups or licenses shown in a cell.
	maxNames = 20
)

// style formats the parts of a cell.
type style struct {
	value     func(string) string // a value of the plan
	name      func(string) string // a name or a role
	strong    func(string) string
	lineBreak string
}

// section is a table of learners or groups.
type section struct {
	place place
	title string
	head  []string
	rows  [][]string
}

// column is a column of a section. A column without other cells than empty ones and zero is left out.
type column[T any] struct {
	title string
	zero  string
	cell  func(style, *T) string
}

// learnerColumns returns the columns of a section of learners. Few columns fit on a phone, so the last one has everything
// that is seldom there.
func learnerColumns(note func(style, *learner) string) []column[learner] {
	return []column[learner]{
		{title: "Learner", cell: who},
		{title: "Provider", cell: func(s style, l *learner) string { return s.optional(l.Provider) }},
		{title: "Role", cell: roleCell},
		{title: "Seat", zero: "0", cell: func(_ style, l *learner) string { return seatCell(l.Seats) }},
		{title: "Groups", cell: func(s style, l *learner) string { return s.difference(l.Groups) }},
		{title: "License", cell: licenseCell},
		{title: "Note", cell: note},
	}
}

func groupColumns(note func(style, *group) string) []column[group] {
	return []column[group]{
		{title: "Group", cell: func(s style, g *group) string { return s.name(g.Name) }},
		{title: "Members", cell: membersCell},
		{title: "Note", cell: note},
	}
}

// groupChanges describes the kinds in a section with several of them.
var groupChanges = map[kind]string{
	kindGroupCreated:   "created",
	kindGroupAdopted:   "adopted",
	kindGroupImported:  "imported",
	kindGroupRenamed:   "renamed",
	kindGroupForgotten: "no longer managed",
	kindGroupDeleted:   "deleted",
}

// learnerChanges describes the kinds in the sections that have several of them.
var learnerChanges = map[kind]string{
	kindNew:                "new learner",
	kindAdopted:            "adopted",
	kindImported:           "imported",
	kindReactivated:        "reactivated",
	kindDeactivated:        "deactivated",
	kindInvitationCanceled: "invitation canceled",
	kindDeleted:            "deleted",
	kindForgotten:          "no longer managed",
}

// sections returns the sections that have rows, the most dangerous first. The report must be sorted.
func (r *report) sections(s style) []section {
	byPlace := map[place]*section{}
	addSections(byPlace, s, groupColumns(groupNote), r.Groups, (*group).place)
	addSections(byPlace, s, learnerColumns(learnerNote), r.Learners, (*learner).place)
	addSections(byPlace, s, groupColumns(outsideGroupNote), r.Outside.Groups, func(*group) place { return placeOutsideGroups })
	addSections(byPlace, s, learnerColumns(outsideLearnerNote), r.Outside.Learners, func(*learner) place { return placeOutsideLearners })
	addSections(byPlace, s, []column[string]{{title: "Resource", cell: func(s style, address *string) string { return s.value(*address) }}},
		r.Deferred, func(*string) place { return placeDeferred })

	if deactivated := byPlace[placeDeactivated]; deactivated != nil && r.Totals[kindInvitationCanceled].Changes > 0 {
		deactivated.title += " and invitations canceled"
	}
	var found []section
	for p := range places {
		if one := byPlace[place(p)]; one != nil {
			found = append(found, *one)
		}
	}
	return found
}

// addSections adds a section for each place of the subjects. It leaves out the empty columns of a section.
func addSections[T any](sections map[place]*section, s style, columns []column[T], subjects []T, placeOf func(*T) place) {
	for i := range subjects {
		p := placeOf(&subjects[i])
		if sections[p] == nil {
			sections[p] = &section{place: p, title: places[p].title}
		}
		row := make([]string, len(columns))
		for j, c := range columns {
			row[j] = c.cell(s, &subjects[i])
		}
		sections[p].rows = append(sections[p].rows, row)
	}
	for i := range subjects {
		if one := sections[placeOf(&subjects[i])]; one.head == nil {
			keepColumns(one, columns)
		}
	}
}

func keepColumns[T any](s *section, columns []column[T]) {
	var kept []int
	for i, c := range columns {
		if slices.ContainsFunc(s.rows, func(row []string) bool { return row[i] != "" && row[i] != c.zero }) {
			kept = append(kept, i)
			s.head = append(s.head, c.title)
		}
	}
	for i, row := range s.rows {
		cells := make([]string, len(kept))
		for j, k := range kept {
			cells[j] = row[k]
		}
		s.rows[i] = cells
	}
}

func who(s style, l *learner) string {
	text := s.value(l.Email)
	if strings.Contains(l.Email, " ") { // neither an address nor an ID, but "a new learner"
		text = s.name(l.Email)
	}
	if l.Name != "" {
		text += s.lineBreak + s.name(l.Name)
	}
	return text
}

func seatCell(seats *int) string {
	if seats == nil {
		return "after apply"
	}
	return signed(*seats)
}

// signed formats a number of seats or members with its sign.
func signed(n int) string {
	switch {
	case n == 0:
		return "0"
	case n < 0:
		return fmt.Sprintf("−%d", -n)
	default:
		return fmt.Sprintf("+%d", n)
	}
}

func roleCell(s style, l *learner) string {
	if l.Role == nil {
		return ""
	}
	to := s.name(l.Role.To)
	if l.NewAdmin {
		to = s.strong(to)
	}
	if l.Role.From == "" {
		return to
	}
	return s.name(l.Role.From) + " → " + to
}

func licenseCell(s style, l *learner) string {
	var pool string
	if l.LicensePool != nil {
		if pool = "pool " + s.name(l.LicensePool.To); l.LicensePool.From != "" {
			pool = "pool " + s.name(l.LicensePool.From) + " → " + s.name(l.LicensePool.To)
		}
	}
	return strings.Join(nonEmpty(s.difference(l.LicenseTypes), pool), s.lineBreak)
}

func learnerNote(s style, l *learner) string {
	var parts []string
	if p := l.place(); p == placeNewAdmins || p == placeDeactivated && l.Kind != kindDeactivated {
		parts = append(parts, learnerChanges[l.Kind])
	}
	return l.note(s, parts, "changes")
}

func outsideLearnerNote(s style, l *learner) string {
	return l.note(s, []string{learnerChanges[l.Kind]}, "changed")
}

func (l *learner) note(s style, parts []string, changes string) string {
	if l.EmailFrom != "" {
		parts = append(parts, changes+" address from "+s.value(l.EmailFrom))
	}
	if l.NameFrom != "" {
		parts = append(parts, changes+" name from "+s.name(l.NameFrom))
	}
	if l.Resent {
		parts = append(parts, "invitation sent again")
	}
	parts = append(parts, l.Notes...)
	return strings.Join(nonEmpty(append(parts, s.resources(l.Addresses, l.adds))...), s.lineBreak)
}

func groupNote(s style, g *group) string {
	if g.Kind == kindGroupDeleted {
		return g.note(s, "")
	}
	return outsideGroupNote(s, g)
}

func outsideGroupNote(s style, g *group) string {
	return g.note(s, groupChanges[g.Kind])
}

func (g *group) note(s style, change string) string {
	if g.From != "" {
		change += " from " + s.name(g.From)
	}
	return strings.Join(nonEmpty(change, g.Note, s.resources(g.Addresses, g.adds)), s.lineBreak)
}

// membersCell returns the members before the apply, and those who join and leave.
func membersCell(_ style, g *group) string {
	var moves []string
	if g.Joining > 0 {
		moves = append(moves, signed(g.Joining))
	}
	if g.Leaving > 0 {
		moves = append(moves, signed(-g.Leaving))
	}
	change := strings.Join(moves, ", ")
	switch {
	case g.Members == nil && change == "" && g.Kind == kindGroupDeleted:
		return "not known"
	case g.Members == nil:
		return change
	case change == "":
		return fmt.Sprint(*g.Members)
	default:
		return fmt.Sprintf("%d (%s)", *g.Members, change)
	}
}

func (s style) optional(value string) string {
	if value == "" {
		return ""
	}
	return s.value(value)
}

// difference returns what is added, and in another line what is removed.
func (s style) difference(d *difference) string {
	if d == nil {
		return ""
	}
	return strings.Join(nonEmpty(s.listed("+ ", d.Added), s.listed("− ", d.Removed)), s.lineBreak)
}

func (s style) listed(sign string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	var shown []string
	for _, name := range names[:min(len(names), maxNames)] {
		shown = append(shown, s.name(name))
	}
	text := sign + strings.Join(shown, ", ")
	if more := len(names) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// resources returns the addresses that add to the rest of the row.
func (s style) resources(addresses []string, adds func(address string) bool) string {
	var shown []string
	for _, address := range addresses {
		if adds(address) {
			shown = append(shown, s.value(address))
		}
	}
	return strings.Join(shown, s.lineBreak)
}

// adds reports whether an address adds to the learner's e-mail address and name. Memberships and resources with many
// learners don't, nor do instance keys that contain the e-mail address, nor does udemy_user.ada of ada@example.com.
func (l *learner) adds(address string) bool {
	resourceType, label, key := lastResource(address)
	if resourceType != "udemy_user" {
		return false
	}
	for _, email := range []string{l.Email, l.EmailFrom} {
		local, _, _ := strings.Cut(email, "@")
		if email != "" && (strings.Contains(strings.ToLower(key), strings.ToLower(email)) || address == "udemy_user."+label && letters(label) == letters(local)) {
			return false
		}
	}
	return address != "udemy_user."+label || letters(label) != letters(l.Name)
}

// adds reports whether an address adds to the group's name, as udemy_group.sales of the group "Sales" does not.
func (g *group) adds(address string) bool {
	resourceType, label, key := lastResource(address)
	if resourceType != "udemy_group" || strings.HasPrefix(address, "module.") {
		return resourceType == "udemy_group"
	}
	key = letters(label + key)
	for _, name := range []string{g.Name, g.From} {
		if known := letters(name); known != "" && strings.HasSuffix(key, known) {
			return false
		}
	}
	return true
}

// lastResource returns the type, the name and the instance key of the resource in an address, without its modules.
func lastResource(address string) (resourceType, label, key string) {
	traversal, diags := hclsyntax.ParseTraversalAbs([]byte(address), "", hcl.InitialPos)
	if diags.HasErrors() {
		return "", "", ""
	}
	var names []string
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, step.Name)
		case hcl.TraverseAttr:
			names = append(names, step.Name)
		case hcl.TraverseIndex:
			if len(names) == 2 && names[0] == "module" {
				continue
			}
			if step.Key.Type() == cty.String {
				key = step.Key.AsString()
			}
		}
		if len(names) == 3 && names[0] == "module" {
			names = names[2:]
		}
	}
	if len(names) < 2 {
		return "", "", ""
	}
	return names[0], names[1], key
}

// letters returns the letters and digits of a text in lower case.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

func nonEmpty(parts ...string) []string {
	return slices.DeleteFunc(parts, func(part string) bool { return part == "" })
}
