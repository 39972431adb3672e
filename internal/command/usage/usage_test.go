// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package usage_test

import (
	"errors"
	"flag"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
)

func newCommand(change func(*usage.Command)) *usage.Command {
	c := usage.New("paint", "paint a wall", "Usage: paint [FLAGS]\n\nPaints a wall.\n\nFlags:\n\nExit codes: 0 painted.\n")
	var color string
	c.Choice(&color, "color", "the `COLOR`: red (the default),\nor green", "red", "green", "blue")
	c.Flags.Bool("dry", false, "paint nothing")
	change(c)
	return c
}

func TestParse(t *testing.T) {
	t.Parallel()
	nothing := func(*usage.Command) {}
	files := func(c *usage.Command) { c.Files = true }
	words := func(c *usage.Command) { c.Words = []string{"north", "south"} }
	for name, test := range map[string]struct {
		change func(*usage.Command)
		args   string
		want   string
	}{
		"nothing":         {nothing, "", ""},
		"flags":           {nothing, "-color green -dry", ""},
		"unknown flag":    {nothing, "-colour red", "flag provided but not defined: -colour"},
		"unknown value":   {nothing, "-color pink", `invalid value "pink" for flag -color: use red, green or blue`},
		"argument":        {nothing, "north", `unexpected argument "north"`},
		"argument, why":   {func(c *usage.Command) { c.NoArgument = "there is one wall" }, "north", `unexpected argument "north": there is one wall`},
		"files":           {files, "-dry a b", ""},
		"no file":         {files, "-dry", "no file to paint"},
		"word":            {words, "south", ""},
		"no word":         {words, "", ""},
		"unknown word":    {words, "west", `unknown argument "west"; use north or south`},
		"more than words": {words, "south north", `unexpected argument "north"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := newCommand(test.change).Parse(strings.Fields(test.args))
			var wrong *usage.Error
			switch {
			case test.want == "" && err != nil:
				t.Errorf("unexpected error: %v", err)
			case test.want != "" && (!errors.As(err, &wrong) || wrong.ExitCode() != 2 || err.Error() != test.want+"; -h shows the usage"):
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
	if err := newCommand(nothing).Parse([]string{"-h"}); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	const want = `Usage: paint [FLAGS]

Paints a wall.

Flags:
  -color COLOR  the COLOR: red (the default),
                or green
  -dry          paint nothing

Exit codes: 0 painted.
`
	if got := newCommand(func(*usage.Command) {}).Help(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
