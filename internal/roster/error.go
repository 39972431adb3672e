// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"strings"
)

// maxTold is how many mistakes one message tells. Who meets more has another file in hand than they think.
const maxTold = 20

// Error is all that is wrong with a roster, in the order of the lines.
type Error struct {
	Mistakes []Mistake
}

// Mistake is one thing that is wrong.
type Mistake struct {
	// Line is that of a text editor: the first one is 1.
	Line int
	// Column is what the file's header calls it; empty for a mistake of the whole line.
	Column string
	Text   string
}

// Error tells the mistakes, one on each line.
func (e *Error) Error() string {
	var b strings.Builder
	for i, mistake := range e.Mistakes {
		if i == maxTold {
			fmt.Fprintf(&b, "\nand %d more", len(e.Mistakes)-maxTold)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(mistake.String())
	}
	return b.String()
}

// String says where the mistake is, and what.
func (m Mistake) String() string {
	if m.Column == "" {
		return fmt.Sprintf("line %d: %s", m.Line, m.Text)
	}
	return fmt.Sprintf("line %d, column %s: %s", m.Line, m.Column, m.Text)
}
