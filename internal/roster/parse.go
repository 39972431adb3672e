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

// format describes the files of one kind, whose rows are of type T.
type format[T any] struct {
	// name is the name of the kind in messages.
	name    string
	columns []column[T]
	// ignored reports whether a column is skipped. title is the header as fold returns it, and known is true if it has an
	// attribute.
	ignored func(title string, known bool) bool
	// initial is a row without cells.
	initial T
	// separator separates the columns. If it is 0, prepare finds it.
	separator rune
	// minRows is the number of rows below which a file counts as cut off.
	minRows int
	// hint is the next step after an unknown column.
	hint string
}

// parse parses a roster. If the roster is malformed, the error is a *rosterError with all mistakes.
func parse(text string, o options) ([]Learner, error) {
	learners, err := parseRows(text, o.format())
	if err != nil {
		return nil, err
	}
	return o.onDay(learners), nil
}

// parseRows parses the rows of a CSV file. If the file is malformed, the error is a *rosterError with all mistakes.
func parseRows[T any](text string, f format[T]) ([]T, error) {
	text, comma := prepare(text)
	if f.separator != 0 {
		comma = f.separator
	}
	lines := strings.Count(text, "\n")
	p := parser[T]{
		format: f, csv: csv.NewReader(strings.NewReader(text)),
		firstLines: make(map[uniqueValue]int, lines), spellings: map[string]spelling{}, names: map[string]bool{},
	}
	p.csv.Comma = comma
	p.csv.FieldsPerRecord = -1
	p.csv.TrimLeadingSpace = comma != '\t'

	rows := make([]T, 0, lines)
	if p.checkUTF8(text) && p.readHeader() {
		for record := p.next(); record != nil; record = p.next() {
			row := f.initial
			p.readRow(record, &row)
			rows = append(rows, row)
		}
		p.expectRows(len(rows))
	}
	if len(p.mistakes) > 0 {
		return nil, &rosterError{mistakes: p.mistakes}
	}
	return rows, nil
}

type parser[T any] struct {
	format[T]

	csv    *csv.Reader
	fields []field[T]
	// firstLines maps each unique value to the first line that contains it.
	firstLines map[uniqueValue]int
	// spellings maps the key of each name that must have one spelling to its first spelling.
	spellings map[string]spelling
	// names holds the names that were compared with spellings.
	names    map[string]bool
	mistakes []mistake
	// isMalformed is true if the file can't be read to the end.
	isMalformed bool
}

// field is a column of the file.
type field[T any] struct {
	title  string
	column *column[T] // nil for an ignored field
}

type uniqueValue struct {
	column, key string
}

type spelling struct {
	name string
	line int
}

func (p *parser[T]) addMistake(line int, column, format string, arguments ...any) {
	p.mistakes = append(p.mistakes, mistake{line: line, column: column, text: fmt.Sprintf(format, arguments...)})
}

func (p *parser[T]) checkUTF8(text string) bool {
	if header, _, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n"); strings.ContainsRune(header, 0) {
		p.addMistake(1, "", "contains NUL characters, as UTF-16 does; save the file as CSV UTF-8 in the spreadsheet program")
		return false
	}
	if utf8.ValidString(text) {
		return true
	}
	for number, line := range strings.Split(text, "\n") {
		if !utf8.ValidString(line) {
			p.addMistake(number+1, "", "not valid UTF-8; save the file as CSV UTF-8 in the spreadsheet program")
			break
		}
	}
	return false
}

// next returns the trimmed cells of the next line that is not blank, or nil at the end of the file.
func (p *parser[T]) next() []string {
	for {
		record, err := p.csv.Read()
		if err != nil {
			if malformed, ok := errors.AsType[*csv.ParseError](err); ok {
				p.isMalformed = true
				begin := ""
				if malformed.StartLine != malformed.Line { // A missing quotation mark is noticed at the end of the file.
					begin = fmt.Sprintf(" (the row begins in line %d)", malformed.StartLine)
				}
				p.addMistake(malformed.Line, "", "malformed at character %d: %s%s", malformed.Column, malformed.Err, begin)
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
func (p *parser[T]) line(record []string, i int) int {
	if i >= len(record) {
		i = 0
	}
	line, _ := p.csv.FieldPos(i)
	return line
}

// readHeader reads the column names. It reports whether they are valid.
func (p *parser[T]) readHeader() bool {
	header := p.next()
	if header == nil && len(p.mistakes) == 0 {
		p.addMistake(1, "", "the %s is empty; the first line must contain the column names", p.name)
	}
	titles := map[string]string{}
	for i, title := range header {
		found := p.columnOf(title)
		skip := p.ignored(fold(title), found != nil)
		if skip {
			found = nil
		}
		p.fields = append(p.fields, field[T]{title, found})
		switch {
		case found == nil && title != "" && !skip:
			p.addMistake(p.line(header, i), title, "unknown column; the columns of a %s are %s%s", p.name, p.columnNames(), p.hint)
		case found == nil:
		case titles[found.name] != "":
			p.addMistake(p.line(header, i), title, "duplicates the column %s", titles[found.name])
		default:
			titles[found.name] = title
		}
	}
	for _, c := range p.columns {
		switch {
		case header == nil || titles[c.name] != "":
		case c.title != "":
			p.addMistake(p.line(header, 0), c.title, "is missing; the options name it for %s", c.name)
		case c.required:
			p.addMistake(p.line(header, 0), c.name, "is missing; the columns of a %s are %s", p.name, p.columnNames())
		}
	}
	return len(p.mistakes) == 0
}

// columnOf returns the column with a title, or nil. A title in the options precedes the usual titles of other columns.
func (p *parser[T]) columnOf(title string) *column[T] {
	folded := fold(title)
	var found *column[T]
	for i := range p.columns {
		c := &p.columns[i]
		switch {
		case c.title != "" && fold(c.title) == folded:
			return c
		case c.title == "" && found == nil && (fold(c.name) == folded || slices.Contains(c.others, folded)):
			found = c
		}
	}
	return found
}

// columnNames lists the columns for a message.
func (f format[T]) columnNames() string {
	names := make([]string, 0, len(f.columns))
	for _, c := range f.columns {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

// expectRows adds a mistake if the file has too few rows. It is the first, because other mistakes may follow from it.
func (p *parser[T]) expectRows(rows int) {
	text := ""
	switch {
	case rows >= p.minRows, p.isMalformed:
		return
	case rows == 0 && p.minRows == 1:
		text = "a header and no lines: is the file cut off? If an empty list is right, set min_rows to 0"
	case rows == 1:
		text = fmt.Sprintf("1 line, at least %d expected: is the file cut off?", p.minRows)
	default:
		text = fmt.Sprintf("%d lines, at least %d expected: is the file cut off?", rows, p.minRows)
	}
	p.mistakes = slices.Insert(p.mistakes, 0, mistake{text: text})
}

func (p *parser[T]) readRow(record []string, row *T) {
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
		default:
			if err := f.column.readCell(row, cell); err != nil {
				p.addMistake(line, f.title, "%s", err)
			} else {
				p.expectOnce(line, f, row)
				p.expectOneSpelling(line, f, row)
			}
		}
	}
	for i := len(p.fields); i < len(record); i++ {
		if record[i] != "" {
			p.addMistake(p.line(record, i), "", "%q is beyond the last column", record[i])
		}
	}
}

// readCell checks what all columns have in common, and stores the cell.
func (c *column[T]) readCell(row *T, cell string) error {
	if isVisibleASCII(cell) {
		return c.read(row, cell)
	}
	if strings.IndexAny(cell, doubleMarks) == 0 { // A name may contain one further on.
		return fmt.Errorf("%q begins with a typographic quotation mark: %s; use \" instead", cell, udemy.DescribeCharacter(cell, 0))
	}
	// readEmail names the character.
	if c.name != udemy.FieldEmail && !udemy.PlainText.MatchString(cell) {
		return fmt.Errorf("%q contains a line break or another invisible character", cell)
	}
	return c.read(row, cell)
}

// isVisibleASCII reports whether a text has no other characters than blanks and visible ones of ASCII. Most texts of large files
// need no further checks, which would take most of the time.
func isVisibleASCII(cell string) bool {
	for i := range len(cell) {
		if cell[i] < ' ' || cell[i] > '~' {
			return false
		}
	}
	return true
}

// expectOnce adds a mistake if an earlier line has the same value of a unique column.
func (p *parser[T]) expectOnce(line int, f field[T], row *T) {
	if f.column.unique == nil {
		return
	}
	key := f.column.unique(*row)
	if key == "" {
		return
	}
	value := uniqueValue{f.column.name, key}
	if first, ok := p.firstLines[value]; ok {
		p.addMistake(line, f.title, "%q is already in line %d", key, first)
		return
	}
	p.firstLines[value] = line
}

// expectOneSpelling adds a mistake if the file has another spelling of a name, which Udemy would take for the same name or a
// reader would not distinguish.
func (p *parser[T]) expectOneSpelling(line int, f field[T], row *T) {
	if f.column.names == nil {
		return
	}
	for _, name := range f.column.names(*row) {
		if p.names[name] {
			continue
		}
		key := nameKey(name)
		first, known := p.spellings[key]
		switch {
		case !known:
			p.spellings[key], p.names[name] = spelling{name, line}, true
		case first.name != name:
			p.addMistake(line, f.title, "%q differs from %q in line %d only in letter case or invisible characters; use one spelling", name, first.name, first.line)
		}
	}
}
