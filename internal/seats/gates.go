// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
)

// gates are the limits that the flags set. A nil limit is not set.
type gates struct {
	limit, maxDeletions              *int
	maxNew, maxRemovals              *amount
	forbidOverPurchased, forbidAdmin bool
}

// amount is a number of learners, or a percentage of the seats in use.
type amount struct {
	number    int
	isPercent bool
}

func (a amount) String() string {
	if a.isPercent {
		return fmt.Sprintf("%d%%", a.number)
	}
	return strconv.Itoa(a.number)
}

// register defines the flags of the gates.
func (g *gates) register(flags *flag.FlagSet) {
	flags.Func("limit", "gate: the net change of seats is at most `N`, which can be negative", func(text string) error {
		n, err := strconv.Atoi(text)
		g.limit = &n
		return err
	})
	flags.Func("max-deletions", "gate: at most `N` learners and groups are deleted", func(text string) error {
		n, err := strconv.ParseUint(text, 10, 31)
		g.maxDeletions = new(int(n))
		return err
	})
	flags.Func("max-new", "gate: at most N learners are new, or P percent of the seats in use before the apply: `N|P%`", amountFlag(&g.maxNew))
	flags.Func("max-removals", "gate: at most N learners lose their seat, or P percent of the seats in use before the apply: `N|P%`", amountFlag(&g.maxRemovals))
	flags.BoolVar(&g.forbidOverPurchased, "forbid-over-purchased", false, "gate: the plan takes no more seats than are purchased; a plan that takes no seats passes")
	flags.BoolVar(&g.forbidAdmin, "forbid-admin", false, "gate: no learner becomes an administrator")
}

func amountFlag(target **amount) func(string) error {
	return func(text string) error {
		digits, isPercent := strings.CutSuffix(text, "%")
		n, err := strconv.ParseUint(digits, 10, 31)
		if err != nil || isPercent && n > 100 {
			return fmt.Errorf("%q is neither a number of learners, such as 20, nor a percentage of the seats in use, such as 5%%", text)
		}
		*target = &amount{number: int(n), isPercent: isPercent}
		return nil
	}
}

// broken returns the gates that the report does not pass. A seat that is known only after apply counts against each gate.
func (g *gates) broken(r *report) []gate {
	found := []gate{}
	add := func(flag, text string) {
		if text != "" {
			found = append(found, gate{Flag: flag, Text: text})
		}
	}
	c := countChanges(r)
	if g.limit != nil {
		add(fmt.Sprintf("-limit %d", *g.limit), c.overLimit(*g.limit))
	}
	if g.maxNew != nil {
		add(fmt.Sprintf("-max-new %s", g.maxNew), c.over(*g.maxNew, c.added, "new learner", "new learners"))
	}
	if g.maxRemovals != nil {
		add(fmt.Sprintf("-max-removals %s", g.maxRemovals), c.overRemovals(*g.maxRemovals))
	}
	if g.maxDeletions != nil {
		add(fmt.Sprintf("-max-deletions %d", *g.maxDeletions), c.overDeletions(*g.maxDeletions))
	}
	if g.forbidOverPurchased {
		add("-forbid-over-purchased", c.overPurchased())
	}
	if g.forbidAdmin {
		add("-forbid-admin", c.overAdmins())
	}
	return found
}

const (
	openText      = "the plan contains learners who are known only after apply, so it can't pass this gate"
	uncountedText = "a roster may also remove learners whom the plan has not read; read them with the data source udemy_users"
)

// changes are the numbers that the gates check. The numbers by provider are those of one organization.
type changes struct {
	report *report
	// open is set if the plan changes an unknown number of learners.
	open bool
	// uncertain counts the seats that are known only after apply, and that the plan takes at most.
	uncertain      int
	added, removed map[string]int // learners by provider
	net            map[string]int // the highest possible net change by provider
	deleted        int            // learners
	deletedGroups  int
	admins, mayBe  int // new administrators, and learners whose new role is unknown
}

func countChanges(r *report) changes {
	c := changes{report: r, added: map[string]int{}, removed: map[string]int{}, net: map[string]int{}}
	unknown := 0
	for i := range r.Learners {
		l := &r.Learners[i]
		least, most := l.seatRange()
		c.net[l.Provider] += most
		if least < 0 {
			c.removed[l.Provider]++
		}
		if l.Kind == kindNew {
			c.added[l.Provider]++
		}
		if l.Kind == kindDeleted {
			c.deleted++
		}
		if l.Seats == nil {
			unknown++
			c.uncertain += most
			c.open = c.open || l.Email == knownAfterApply
		}
		switch {
		case l.NewAdmin:
			c.admins++
		case l.Role != nil && l.Role.To == knownAfterApply:
			c.mayBe++
		}
	}
	for _, g := range r.Groups {
		if g.Kind == kindGroupDeleted {
			c.deletedGroups++
		}
	}
	c.open = c.open || r.Unknown > unknown
	return c
}

// seatRange returns the lowest and the highest change of seats that is possible.
func (l *learner) seatRange() (least, most int) {
	switch {
	case l.Seats != nil:
		return *l.Seats, *l.Seats
	case l.Kind == kindNew, l.Kind == kindReactivated:
		return 0, 1
	case l.Kind == kindDeactivated, l.Kind == kindInvitationCanceled, l.Kind == kindDeleted:
		return -1, 0
	default:
		return -1, 1
	}
}

func (c *changes) overLimit(limit int) string {
	net := c.report.NetChange
	switch {
	case c.open:
		return openText
	case net > limit:
		return fmt.Sprintf("the net change is %s", signedSeats(net))
	case net+c.uncertain > limit:
		return fmt.Sprintf("the net change can be %s, because %s known only after apply", signedSeats(net+c.uncertain), counted(c.report.Unknown, "seat is", "seats are"))
	default:
		return ""
	}
}

func (c *changes) overRemovals(limit amount) string {
	if c.report.Uncounted {
		return uncountedText
	}
	return c.over(limit, c.removed, "learner loses a seat", "learners lose a seat")
}

// over compares numbers of learners with a limit: the sum with a number, and each organization's with a percentage.
func (c *changes) over(limit amount, numbers map[string]int, one, many string) string {
	if c.open {
		return openText
	}
	if !limit.isPercent {
		sum := 0
		for _, n := range numbers {
			sum += n
		}
		if sum > limit.number {
			return counted(sum, one, many)
		}
		return ""
	}
	for _, provider := range slices.Sorted(maps.Keys(numbers)) {
		n := numbers[provider]
		switch o := c.organization(provider); {
		case n == 0:
		case o == nil:
			return fmt.Sprintf("%s, but the number of seats in use is unknown; add the data source udemy_seats%s", counted(n, one, many), of(provider))
		case n*100 > limit.number*o.UsedBefore:
			return fmt.Sprintf("%s, %s in use%s", counted(n, one, many), plural.Count(o.UsedBefore, "seat"), of(provider))
		}
	}
	return ""
}

func (c *changes) overDeletions(limit int) string {
	switch n := c.deleted + c.deletedGroups; {
	case c.open:
		return openText
	case n > limit && c.deletedGroups == 0:
		return plural.Count(c.deleted, "learner") + " deleted"
	case n > limit && c.deleted == 0:
		return plural.Count(c.deletedGroups, "group") + " deleted"
	case n > limit:
		return fmt.Sprintf("%s and %s deleted", plural.Count(c.deletedGroups, "group"), plural.Count(c.deleted, "learner"))
	default:
		return ""
	}
}

// overPurchased returns nothing for a plan that takes no seats, also if too few are purchased.
func (c *changes) overPurchased() string {
	if c.open {
		return openText
	}
	for _, provider := range slices.Sorted(maps.Keys(c.net)) {
		net := c.net[provider]
		switch o := c.organization(provider); {
		case net <= 0:
		case o == nil || o.Purchased == nil:
			return fmt.Sprintf("the number of purchased seats is unknown; add the data source udemy_seats with purchased%s", of(provider))
		case o.UsedBefore+net > *o.Purchased:
			return fmt.Sprintf("%s in use after the apply, %d purchased%s", plural.Count(o.UsedBefore+net, "seat"), *o.Purchased, of(provider))
		}
	}
	return ""
}

func (c *changes) overAdmins() string {
	switch {
	case c.open:
		return openText
	case c.admins > 0:
		return plural.Count(c.admins, "new administrator")
	case c.mayBe > 0:
		return counted(c.mayBe, "learner has", "learners have") + " a role that is known only after apply, which may be that of an administrator"
	default:
		return ""
	}
}

func (c *changes) organization(provider string) *organization {
	for i := range c.report.Organizations {
		if o := &c.report.Organizations[i]; o.Provider == provider {
			return o
		}
	}
	return nil
}

// counted returns a number and its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func signedSeats(n int) string {
	if n == 1 || n == -1 {
		return signed(n) + " seat"
	}
	return signed(n) + " seats"
}

// of names the provider configuration of an organization.
func of(provider string) string {
	if provider == "" {
		return ""
	}
	return " (" + provider + ")"
}
