// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// options change how a roster is read: the second argument of the functions, and the flags of the subcommand check.
type options struct {
	// key is the field whose value identifies a learner in the result: email or external_id. Empty means email.
	key string
	// columns maps attributes to headers in the file.
	columns map[string]string
	// ignore holds headers of columns to skip, as fold returns them. allColumns stands for all unknown ones.
	ignore []string
	// today is zero if the dates are only checked.
	today     time.Time
	graceDays int
	minRows   int
	// separator is 0 if the file's header decides.
	separator rune
}

// allColumns in the option ignore stands for all columns that have no attribute.
const allColumns = "*"

// optionReaders has a function for each option that checks and stores its value. The value is a string, float64, bool, []any or
// map[string]any.
var optionReaders = map[string]func(o *options, value any) error{
	"key":        readKey,
	"columns":    readColumns,
	"ignore":     readIgnore,
	"today":      readToday,
	"grace_days": func(o *options, value any) error { return readCount(&o.graceDays, value) },
	"min_rows":   func(o *options, value any) error { return readCount(&o.minRows, value) },
	"separator":  readSeparator,
}

// newOptions returns the options with these values. A value that is nil counts as not set. The error names all mistakes.
func newOptions(values map[string]any) (options, error) {
	o := options{key: udemy.FieldEmail, minRows: 1}
	var mistakes []error
	for _, name := range slices.Sorted(maps.Keys(values)) {
		read, known := optionReaders[name]
		switch {
		case !known:
			mistakes = append(mistakes, fmt.Errorf("unknown option %q; the options are %s", name, strings.Join(slices.Sorted(maps.Keys(optionReaders)), ", ")))
		case values[name] != nil:
			if err := read(&o, values[name]); err != nil {
				mistakes = append(mistakes, fmt.Errorf("%s: %w", name, err))
			}
		}
	}
	for _, attribute := range slices.Sorted(maps.Keys(o.columns)) {
		if header := o.columns[attribute]; slices.Contains(o.ignore, fold(header)) {
			mistakes = append(mistakes, fmt.Errorf("ignore: %q is the column of %s", header, attribute))
		}
	}
	if o.graceDays > 0 && values["today"] == nil {
		mistakes = append(mistakes, errors.New("grace_days: has no effect without today"))
	}
	return o, errors.Join(mistakes...)
}

func readKey(o *options, value any) error {
	if value != udemy.FieldEmail && value != udemy.FieldExternalID {
		return fmt.Errorf("%v is not a key; use %s or %s", quoted(value), udemy.FieldEmail, udemy.FieldExternalID)
	}
	o.key, _ = value.(string)
	return nil
}

func readColumns(o *options, value any) error {
	headers, ok := value.(map[string]any)
	if !ok {
		return errors.New(`not an object of headers by attribute, such as { external_id = "employee id" }`)
	}
	o.columns = map[string]string{}
	attributes := map[string]string{} // by header
	for _, attribute := range slices.Sorted(maps.Keys(headers)) {
		header, isText := headers[attribute].(string)
		header = strings.TrimSpace(header)
		switch {
		case !slices.ContainsFunc(columns, func(c column[Learner]) bool { return c.name == attribute }):
			return fmt.Errorf("unknown attribute %q; the attributes are %s", attribute, format[Learner]{columns: columns}.columnNames())
		case headers[attribute] == nil:
			continue
		case !isText || fold(header) == "":
			return fmt.Errorf("the header of %s is not a name of a column", attribute)
		case attributes[fold(header)] != "":
			return fmt.Errorf("%q is the header of both %s and %s", header, attributes[fold(header)], attribute)
		}
		attributes[fold(header)] = attribute
		o.columns[attribute] = header
	}
	return nil
}

func readIgnore(o *options, value any) error {
	headers, ok := value.([]any)
	for _, header := range headers {
		title, isText := header.(string)
		ok = ok && isText && fold(title) != ""
		o.ignore = append(o.ignore, fold(title))
	}
	if !ok {
		return errors.New(`not a list of headers, such as ["department"], or ["*"] for all columns without an attribute`)
	}
	return nil
}

// readToday also accepts a timestamp, such as the result of plantimestamp.
func readToday(o *options, value any) error {
	text, _ := value.(string)
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if today, err := time.Parse(layout, text); err == nil {
			o.today = today
			return nil
		}
	}
	return fmt.Errorf("%v is not a date; write the year first, as in 2026-06-30", quoted(value))
}

func readCount(count *int, value any) error {
	number, ok := value.(float64)
	if !ok || number != math.Trunc(number) || number < 0 || number > math.MaxInt32 {
		return fmt.Errorf("%v is not a whole number, 0 or more", quoted(value))
	}
	*count = int(number)
	return nil
}

func readSeparator(o *options, value any) error {
	text, _ := value.(string)
	r, size := utf8.DecodeRuneInString(text)
	if size != len(text) || r == '"' || r == utf8.RuneError || r != '\t' && !unicode.IsPunct(r) && !unicode.IsSymbol(r) {
		return fmt.Errorf(`%v is not a separator; use one character, such as ";" or "\t"`, quoted(value))
	}
	o.separator = r
	return nil
}

// quoted returns a value for a message.
func quoted(value any) any {
	if text, ok := value.(string); ok {
		return fmt.Sprintf("%q", text)
	}
	return value
}

// format returns the format of a roster with these options.
func (o options) format() format[Learner] {
	f := format[Learner]{
		name: "roster", columns: slices.Clone(columns), initial: Learner{Active: true}, separator: o.separator, minRows: o.minRows,
		ignored: func(title string, known bool) bool {
			return slices.Contains(o.ignore, title) || !known && (slices.Contains(o.ignore, allColumns) || isIgnored(title))
		},
		hint: "; the option columns names the column of an attribute, and ignore skips columns",
	}
	for i := range f.columns {
		c := &f.columns[i]
		c.title = o.columns[c.name]
		c.required = c.required || c.name == o.key
	}
	return f
}

// onDay applies the dates of a roster: it removes learners who have not started, and frees the seats of those who have left.
func (o options) onDay(learners []Learner) []Learner {
	if o.today.IsZero() {
		return learners
	}
	today := o.today.Format(time.DateOnly)
	firstDay := o.today.AddDate(0, 0, -o.graceDays).Format(time.DateOnly) // A learner who left before it has no seat.
	learners = slices.DeleteFunc(learners, func(l Learner) bool { return l.start > today })
	for i := range learners {
		if end := learners[i].end; end != "" && end < firstDay {
			learners[i].Active = false
		}
	}
	return learners
}

// keyOf returns the key of a learner in the result.
func (o options) keyOf(l Learner) string {
	if o.key == udemy.FieldExternalID {
		return l.ExternalID
	}
	return udemy.EmailKey(l.Email)
}
