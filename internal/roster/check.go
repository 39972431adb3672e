// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"errors"
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

// CheckUsage describes the subcommand check.
func CheckUsage() *usage.Command { return checkUsage(map[string]any{}, new(string)) }

// RunCheck checks the files in the arguments and writes the numbers of their learners to stdout.
func RunCheck(args []string, stdout io.Writer) error {
	values := map[string]any{}
	var key string
	command := checkUsage(values, &key)
	if err := command.Parse(args); err != nil {
		return err
	}
	values["key"] = key
	o, err := newOptions(values)
	if err != nil {
		return &usage.Error{Err: err}
	}
	var found mistakesError
	for _, name := range command.Flags.Args() {
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

// checkUsage returns the usage of check. Its flags store their values as options, except the key. An option that no flag sets stays
// absent.
func checkUsage(values map[string]any, key *string) *usage.Command {
	c := usage.New("check", "check CSV files of learners", checkHelp)
	c.Files = true
	text := func(name, usage string) {
		c.Flags.Func(name, usage, func(text string) error {
			values[name] = text
			return nil
		})
	}
	number := func(name, usage string) {
		c.Flags.Func(name, usage, func(text string) error {
			number, err := strconv.ParseFloat(text, 64)
			values[strings.ReplaceAll(name, "-", "_")] = number
			return err
		})
	}
	c.Choice(key, "key", "the `ATTRIBUTE` that identifies a learner: email (the default) or external_id", "email", "external_id")
	columns, ignore := map[string]any{}, []any{}
	c.Flags.Func("column", "the header of an attribute in the file, as `ATTRIBUTE=HEADER`; repeat the flag for more", func(text string) error {
		attribute, header, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("write ATTRIBUTE=HEADER")
		}
		columns[attribute] = header
		values["columns"] = columns
		return nil
	})
	c.Flags.Func("ignore", "the `HEADER` of a column to skip, or * for all columns without an attribute;\nrepeat the flag for more", func(text string) error {
		ignore = append(ignore, text)
		values["ignore"] = ignore
		return nil
	})
	text("today", "count the learners of this `DAY`, such as 2026-06-30")
	number("grace-days", "a learner stays active for `N` days after the end date")
	number("min-rows", "a file has at least `N` lines (1 by default)")
	text("separator", "the `CHARACTER` between columns")
	return c
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
