// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// parse parses a roster. If the roster is malformed, the error is a *rosterError with all mistakes.
func parse(text string) ([]Learner, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	p := parser{csv: csv.NewReader(strings.NewReader(text)), firstLines: map[string]int{}}
	p.csv.Comma = separator(text)
	p.csv.FieldsPerRecord = -1
	p.csv.TrimLeadingSpace = p.csv.Comma != '\t'

	learners := []Learner{}
	if p.checkUTF8(text) && p.readHeader() {
		for record := p.next(); record != nil; record = p.next() {
			learners = append(learners, p.readLearner(record))
		}
	}
	if len(p.mistakes) > 0 {
		return nil, &rosterError{mistakes: p.mistakes}
	}
	return learners, nil
}

type parser struct {
	csv    *csv.Reader
	fields []field
	// firstLines maps each unique value, prefixed with its column, to the first line that contains it.
	firstLines map[string]int
	mistakes   []mistake
}

// field is a column of the file.
type field struct {
	title  string
	column *column // nil for an ignored field
}

func (p *parser) addMistake(line int, column, format string, arguments ...any) {
	p.mistakes = append(p.mistakes, mistake{line: line, column: column, text: fmt.Sprintf(format, arguments...)})
}

// separator returns the comma, semicolon or tab, whichever is most frequent in the header.
func separator(text string) rune {
	header, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	most := ','
	for _, candidate := range ";\t" {
		if strings.Count(header, string(candidate)) > strings.Count(header, string(most)) {
			most = candidate
		}
	}
	return most
}

func (p *parser) checkUTF8(text string) bool {
	for number, line := range strings.Split(text, "\n") {
		if !utf8.ValidString(line) {
			p.addMistake(number+1, "", "not valid UTF-8; save the file as CSV UTF-8 in the spreadsheet program")
			return false
		}
	}
	return true
}

// next returns the trimmed cells of the next line that is not blank, or nil at the end of the file.
func (p *parser) next() []string {
	for {
		record, err := p.csv.Read()
		if err != nil {
			if malformed, ok := errors.AsType[*csv.ParseError](err); ok {
				p.addMistake(malformed.Line, "", "malformed at character %d: %s", malformed.Column, malformed.Err)
			} else if !errors.Is(err, io.EOF) {
				p.addMistake(1, "", "%s", err)
			}
			return nil
		}
		for i, cell := range record {
			record[i] = strings.TrimSpace(cell)
		}
		if slices.ContainsFunc(record, func(cell string) bool { return cell != "" }) {
			return record
		}
	}
}

// line returns the line of cell i of the last record. For a cell that the record omits, it returns the record's first line.
func (p *parser) line(record []string, i int) int {
	if i >= len(record) {
		i = 0
	}
	line, _ := p.csv.FieldPos(i)
	return line
}

// readHeader reads the column names. It reports whether they are valid.
func (p *parser) readHeader() bool {
	header := p.next()
	if header == nil && len(p.mistakes) == 0 {
		p.addMistake(1, "", "the roster is empty; the first line must contain the column names")
	}
	titles := map[string]string{}
	for i, title := range header {
		found := columnOf(title)
		p.fields = append(p.fields, field{title, found})
		switch {
		case found == nil && title != "" && !slices.Contains(ignored, fold(title)):
			p.addMistake(p.line(header, i), title, "unknown column; the columns of a roster are %s", columnNames())
		case found == nil:
		case titles[found.name] != "":
			p.addMistake(p.line(header, i), title, "duplicates the column %s", titles[found.name])
		default:
			titles[found.name] = title
		}
	}
	for _, c := range columns {
		if c.required && titles[c.name] == "" && header != nil {
			p.addMistake(p.line(header, 0), c.name, "is missing; the columns of a roster are %s", columnNames())
		}
	}
	return len(p.mistakes) == 0
}

func columnOf(title string) *column {
	for i, c := range columns {
		if fold(title) == fold(c.name) || slices.Contains(c.others, fold(title)) {
			return &columns[i]
		}
	}
	return nil
}

func columnNames() string {
	names := make([]string, 0, len(columns))
	for _, c := range columns {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

func (p *parser) readLearner(record []string) Learner {
	learner := Learner{Active: true}
	for i, f := range p.fields {
		cell := ""
		if i < len(record) {
			cell = record[i]
		}
		line := p.line(record, i)
		switch {
		case f.column == nil && f.title == "" && cell != "":
			p.addMistake(line, "", "%q is in a column without a name", cell)
		case f.column == nil:
		case cell == "" && f.column.required:
			p.addMistake(line, f.title, "is empty")
		case cell != "" && f.column.name != udemy.FieldEmail && !udemy.PlainText.MatchString(cell): // readEmail names the character.
			p.addMistake(line, f.title, "%q contains a line break or another invisible character", cell)
		default:
			if err := f.column.read(&learner, cell); err != nil {
				p.addMistake(line, f.title, "%s", err)
			} else {
				p.expectOnce(line, f, learner)
			}
		}
	}
	for i := len(p.fields); i < len(record); i++ {
		if record[i] != "" {
			p.addMistake(p.line(record, i), "", "%q is beyond the last column", record[i])
		}
	}
	return learner
}

// expectOnce adds a mistake if an earlier line has the same value of a unique column.
func (p *parser) expectOnce(line int, f field, learner Learner) {
	if f.column.unique == nil {
		return
	}
	key := f.column.unique(learner)
	if key == "" {
		return
	}
	if first, ok := p.firstLines[f.title+"\n"+key]; ok {
		p.addMistake(line, f.title, "%q is already in line %d", key, first)
		return
	}
	p.firstLines[f.title+"\n"+key] = line
}
