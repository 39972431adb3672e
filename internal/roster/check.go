// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
)

const checkHelp = `Usage: terraform-provider-udemy check [FLAGS] FILE...

Checks CSV files of learners like the functions roster and roster_json, without Terraform and without requests.

Flags:
  -key ATTRIBUTE            email (the default) or external_id
  -column ATTRIBUTE=HEADER  the header of an attribute in the file; repeat the flag for more
  -ignore HEADER            a column to skip, or * for all columns without an attribute; repeat the flag for more
  -today DAY                a day such as 2026-06-30: counts the learners of this day
  -grace-days N             the days that a learner stays active after the end date
  -min-rows N               the least number of lines (1 by default)
  -separator CHARACTER      the character between columns

Prints the number of learners of each file. Mistakes are on standard error, with file, line and column.

Exit codes: 0 success, 1 mistakes in a file, 2 wrong usage.
`

// mistakesError holds the mistakes of all files.
type mistakesError struct {
	files []string // the message of each file with mistakes
}

func (e *mistakesError) Error() string {
	return "mistakes were found\n" + strings.Join(e.files, "\n")
}

// RunCheck checks the files in the arguments and writes the numbers of their learners to stdout.
func RunCheck(args []string, stdout io.Writer) error {
	values := map[string]any{}
	flags := checkFlags(values)
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, err = io.WriteString(stdout, checkHelp)
		return err
	case err != nil:
		return &usage.Error{Err: err}
	case flags.NArg() == 0:
		return &usage.Error{Err: errors.New("no file to check")}
	}
	o, err := newOptions(values)
	if err != nil {
		return &usage.Error{Err: err}
	}
	var found mistakesError
	for _, name := range flags.Args() {
		learners, err := readFile(name, o)
		if err != nil {
			found.files = append(found.files, name+": "+strings.ReplaceAll(err.Error(), "\n", "\n"+name+": "))
			continue
		}
		if _, err := fmt.Fprintln(stdout, name+": "+describeLearners(learners)); err != nil {
			return err
		}
	}
	if len(found.files) > 0 {
		return &found
	}
	return nil
}

func readFile(name string, o options) ([]Learner, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return parse(string(content), o)
}

// checkFlags returns flags that store their values as options. An option that no flag sets stays absent.
func checkFlags(values map[string]any) *flag.FlagSet {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // The returned error reports invalid flags.
	for _, name := range []string{"key", "today", "separator"} {
		flags.Func(name, "", func(text string) error {
			values[name] = text
			return nil
		})
	}
	for _, name := range []string{"grace-days", "min-rows"} {
		flags.Func(name, "", func(text string) error {
			number, err := strconv.ParseFloat(text, 64)
			values[strings.ReplaceAll(name, "-", "_")] = number
			return err
		})
	}
	columns, ignore := map[string]any{}, []any{}
	flags.Func("column", "", func(text string) error {
		attribute, header, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("write ATTRIBUTE=HEADER")
		}
		columns[attribute] = header
		values["columns"] = columns
		return nil
	})
	flags.Func("ignore", "", func(text string) error {
		ignore = append(ignore, text)
		values["ignore"] = ignore
		return nil
	})
	return flags
}

// describeLearners returns the number of learners, and of those without a seat.
func describeLearners(learners []Learner) string {
	inactive := 0
	for _, l := range learners {
		if !l.Active {
			inactive++
		}
	}
	text := fmt.Sprintf("%d learners", len(learners))
	if len(learners) == 1 {
		text = "1 learner"
	}
	if inactive > 0 {
		text += fmt.Sprintf(", %d of them inactive", inactive)
	}
	return text
}
