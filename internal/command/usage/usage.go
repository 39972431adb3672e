// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package usage describes the flags and arguments of a subcommand. Parsing, help and completion follow from one description.
package usage

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Error reports invalid arguments of a subcommand.
type Error struct {
	Err error
}

func (e *Error) Error() string { return e.Err.Error() + "; -h shows the usage" }

func (e *Error) Unwrap() error { return e.Err }

// ExitCode returns the exit code of the process.
func (e *Error) ExitCode() int { return 2 }

// Command describes a subcommand.
type Command struct {
	Name string
	// Summary is the line in the list of all subcommands.
	Summary string
	// Flags begin with one hyphen, like those of Terraform. Back quotes in the usage of a flag enclose the name of its value. DIR and
	// FILE complete to folders and files.
	Flags *flag.FlagSet
	// Files means that the arguments are the names of one or more files.
	Files bool
	// Words are the values of the only argument. Without Files and Words, the subcommand takes no argument.
	Words []string
	// NoArgument is the reason why the subcommand takes no argument, for the error about one. It can be empty.
	NoArgument string

	text string
}

// New returns a subcommand without flags. The line "Flags:" of the text is where Help lists the flags.
func New(name, summary, text string) *Command {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // The error of Parse reports invalid flags.
	return &Command{Name: name, Summary: summary, Flags: flags, text: text}
}

// Choice adds a flag for one of several values. The first is the default.
func (c *Command) Choice(value *string, name, usage string, values ...string) {
	*value = values[0]
	c.Flags.Var(&choice{value, values}, name, usage)
}

// Parse parses the arguments. A request for help is a flag.ErrHelp, and any other failure an Error.
func (c *Command) Parse(args []string) error {
	err := c.Flags.Parse(args)
	given := c.Flags.Args()
	switch {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
	case c.Files && len(given) == 0:
		err = fmt.Errorf("no file to %s", c.Name)
	case c.Files || len(given) == 0:
		return nil
	case c.Words == nil && c.NoArgument != "":
		err = fmt.Errorf("unexpected argument %q: %s", given[0], c.NoArgument)
	case c.Words == nil:
		err = fmt.Errorf("unexpected argument %q", given[0])
	case !slices.Contains(c.Words, given[0]):
		err = fmt.Errorf("unknown argument %q; use %s", given[0], either(c.Words))
	case len(given) > 1:
		err = fmt.Errorf("unexpected argument %q", given[1])
	default:
		return nil
	}
	return &Error{Err: err}
}

// Help returns the text with all flags.
func (c *Command) Help() string {
	var heads []string
	width := 0
	c.Flags.VisitAll(func(f *flag.Flag) {
		value, _ := flag.UnquoteUsage(f)
		head := strings.TrimSpace("-" + f.Name + " " + value)
		heads, width = append(heads, head), max(width, len(head))
	})
	list := "Flags:\n"
	c.Flags.VisitAll(func(f *flag.Flag) {
		_, usage := flag.UnquoteUsage(f)
		usage = strings.ReplaceAll(usage, "\n", "\n"+strings.Repeat(" ", width+4))
		list += fmt.Sprintf("  %-*s  %s\n", width, heads[0], usage)
		heads = heads[1:]
	})
	return strings.Replace(c.text, "Flags:\n", list, 1)
}

// Values returns the values of a flag that Choice added, and nil for any other flag.
func Values(f *flag.Flag) []string {
	if c, ok := f.Value.(*choice); ok {
		return c.values
	}
	return nil
}

type choice struct {
	value  *string
	values []string
}

func (c *choice) Set(text string) error {
	if !slices.Contains(c.values, text) {
		return errors.New("use " + either(c.values))
	}
	*c.value = text
	return nil
}

// String also describes the zero value, with which the package flag compares defaults.
func (c *choice) String() string {
	if c.value == nil {
		return ""
	}
	return *c.value
}

// either joins words with commas and "or".
func either(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
