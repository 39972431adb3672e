// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"strings"
)

// The lengths have no common divisor, so that the learners have all pairs of names.
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

// seeded returns the learners and groups of the start.
func seeded(config Config) content {
	o := newOrganization(config)
	o.seed(config.Learners)
	o.seedIdle(config.Idle)
	return o.content
}

// seed adds n learners and three groups.
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

// seedLearner returns the ith learner. It is the same in every run.
func seedLearner(i int, groups []string) Learner {
	l := Learner{
		FirstName: firstNames[i%len(firstNames)],
		LastName:  lastNames[i%len(lastNames)],
		Role:      RoleLearner,
		Status:    StatusActive,
	}
	suffix := "" // makes the addresses of namesakes unique
	if round := i / (len(firstNames) * len(lastNames)); round > 0 {
		suffix = fmt.Sprint(round + 1)
	}
	l.Email = toASCII.Replace(strings.ToLower(l.FirstName+"."+l.LastName)) + suffix + "@example.com"
	if i%3 != 2 {
		l.ExternalID = fmt.Sprintf("HR-%d", 1001+i) // not the keys of the guides, whose learners are other people
	}
	switch {
	case i == 0:
		l.Role = RoleAdmin
	case i%7 == 3:
		l.Status = StatusInvited
	case i%19 == 11:
		l.Status = StatusDeactivated
	}
	// Each learner is in none, one or two groups.
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

// must panics on an error: the caller has a mistake.
func must[T any](result T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("simulator: %v", err))
	}
	return result
}
