// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"regexp"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// byteOrderMark begins a file that a spreadsheet program saves as UTF-8. Two programs in a row may add two of them.
const byteOrderMark = "\ufeff"

// separatorLine is a first line in which a spreadsheet program declares the separator.
var separatorLine = regexp.MustCompile(`(?i)^"?sep=([,;\t])"?$`)

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// prepare returns the text of a CSV file with ordinary line ends and without what precedes the header, and the separator of its
// columns. It keeps the number of lines, which messages contain.
func prepare(text string) (string, rune) {
	lines := strings.Split(lineEnds.Replace(text), "\n")
	declared := ""
	for i, line := range lines {
		line = strings.TrimLeft(line, byteOrderMark)
		if found := separatorLine.FindStringSubmatch(line); found != nil && declared == "" {
			declared, line = found[1], ""
		}
		lines[i] = line
		if strings.TrimSpace(line) != "" {
			break
		}
		lines[i] = ""
	}
	text = strings.Join(lines, "\n")
	if declared != "" {
		return text, rune(declared[0])
	}
	return text, separator(text)
}

// separator returns the comma, semicolon or tab, whichever is most frequent in the header.
func separator(text string) rune {
	header, _, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	most := ','
	for _, candidate := range ";\t" {
		if strings.Count(header, string(candidate)) > strings.Count(header, string(most)) {
			most = candidate
		}
	}
	return most
}

// The typographic quotation marks that a word processor or a chat program writes for ". Single ones are also apostrophes.
const (
	doubleMarks = "\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02"
	singleMarks = "\u2018\u2019\u201a\u201b\u2039\u203a\uff07"
)

// nameKey returns the same key for names that Udemy takes for the same group or that look alike: letter case and invisible
// characters are ignored.
func nameKey(name string) string {
	visible := strings.Map(func(r rune) rune {
		if udemy.InvisibleCharacter(string(r)) != "" {
			return -1
		}
		return r
	}, name)
	return cases.Fold().String(norm.NFC.String(visible))
}
