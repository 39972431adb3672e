// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// maxListed is the number of mistakes that an error message lists. More of them usually mean that the file is not a roster.
const maxListed = 20

// rosterError holds all mistakes of a file, in the order of the lines. Its message has one line for each mistake.
type rosterError struct {
	mistakes []mistake
}

type mistake struct {
	// line counts from 1. It is 0 for a mistake that concerns the whole file.
	line int
	// column is the name in the file's header. It is empty for a mistake that concerns the whole line.
	column string
	text   string
}

func (e *rosterError) Error() string {
	var b strings.Builder
	for i, mistake := range e.mistakes {
		if i == maxListed {
			fmt.Fprintf(&b, "\nand %d more", len(e.mistakes)-maxListed)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(mistake.String())
	}
	return b.String()
}

func (m mistake) String() string {
	switch {
	case m.line == 0:
		return m.text
	case m.column == "":
		return fmt.Sprintf("line %d: %s", m.line, m.text)
	default:
		column := m.column
		if strings.ContainsFunc(column, func(r rune) bool { return !unicode.IsPrint(r) }) {
			column = strconv.Quote(column) // A header may hold line breaks.
		}
		return fmt.Sprintf("line %d, column %s: %s", m.line, column, m.text)
	}
}
