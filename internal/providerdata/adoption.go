// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Adoption is an existing learner who gets a resource.
type Adoption struct {
	Email, ID, Status string
	// Changes describes what the adoption changes at Udemy.
	Changes []string
}

// AdoptionTable lists the first adoptions by e-mail address, and the number of the others. The lines are indented, so Terraform does
// not wrap them. The last column has the given title.
func AdoptionTable(adoptions []Adoption, changes string) string {
	const shown = 20
	adoptions = slices.SortedFunc(slices.Values(adoptions), func(a, b Adoption) int { return cmp.Compare(a.Email, b.Email) })
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	line := func(cells ...string) {
		for i, cell := range cells {
			cells[i] = udemy.Visible(cell)
		}
		_, _ = fmt.Fprintln(w, "  "+strings.Join(cells, "\t")) // Writing to a Builder can't fail.
	}
	line("learner", "ID", "status", changes)
	for _, a := range adoptions[:min(len(adoptions), shown)] {
		line(a.Email, a.ID, a.Status, cmp.Or(strings.Join(a.Changes, "; "), "nothing"))
	}
	_ = w.Flush()
	if more := len(adoptions) - shown; more > 0 {
		fmt.Fprintf(&b, "  and %d more\n", more)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
