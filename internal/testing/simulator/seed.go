// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"strings"
)

// The lengths have no common divisor, so that walking through both yields every pair of names.
var (
	firstNames = [...]string{
		"Ada", "Bilal", "Chioma", "Dmitri", "Élodie", "Farah", "Gustavo", "Hana", "Ines", "Jamal",
		"Keiko", "Liam", "Mei", "Nadia", "Oskar", "Priya", "Quentin", "Rosa", "Søren", "Tomás",
		"Uma", "Viktor", "Wanjiru", "Xavier", "Yusuf", "Zoë",
	}
	lastNames = [...]string{
		"Abara", "Bennett", "Castillo", "Dubois", "Eriksen", "Fischer", "García", "Haddad", "Ivanova",
		"Jensen", "Kowalski", "Li", "Moreau", "Nakamura", "Okafor", "Petrov", "Quinn", "Rossi",
		"Sharma", "Tanaka", "Ueda", "Varga", "Weber", "Yılmaz", "Zając", "O'Brien", "de Vries",
	}
	toASCII = strings.NewReplacer("é", "e", "ø", "o", "á", "a", "ë", "e", "í", "i", "ı", "i", "ą", "a", "'", "", " ", "")
)

// seed adds n learners and a few groups of them.
func (o *organization) seed(n int) {
	if n <= 0 {
		return
	}
	var groups []string
	for _, name := range []string{"Engineering", "Sales", "People & Culture"} {
		groups = append(groups, must(o.createGroup(name)).ID)
	}
	for i := range n {
		must(o.add(seedLearner(i, groups)))
	}
}

// seedLearner makes up the ith learner: the same one in every run.
func seedLearner(i int, groups []string) Learner {
	l := Learner{
		FirstName: firstNames[i%len(firstNames)],
		LastName:  lastNames[i%len(lastNames)],
		Role:      RoleLearner,
		Status:    StatusActive,
	}
	namesakes := ""
	if round := i / (len(firstNames) * len(lastNames)); round > 0 {
		namesakes = fmt.Sprint(round + 1)
	}
	l.Email = toASCII.Replace(strings.ToLower(l.FirstName+"."+l.LastName)) + namesakes + "@example.com"
	if i%3 != 2 {
		l.ExternalID = fmt.Sprintf("E-%d", 1001+i)
	}
	switch {
	case i == 0:
		l.Role = RoleAdmin
	case i%7 == 3:
		l.Status = StatusInvited
	case i%19 == 11:
		l.Status = StatusDeactivated
	}
	// Some are in no group, some in two.
	switch i % 5 {
	case 0, 1:
		l.Groups = groups[:1]
	case 2:
		l.Groups = groups[1:2]
	case 3:
		l.Groups = groups[1:]
	}
	return l
}

// must is for steps that fail only by a mistake in the calling code.
func must[T any](result T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("simulator: %v", err))
	}
	return result
}
