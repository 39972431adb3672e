// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package command_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command"
)

// Terraform starts the provider without arguments and with a cookie, and a debugger starts it with flags. Neither runs a subcommand.
func TestIsSubcommand(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]bool{
		"-debug":             false,
		"--debug":            false,
		"-debug=true":        false,
		"-no-such-flag":      false,
		"seats":              true,
		"seats -limit 3":     true,
		"no-such-subcommand": true,
		"help":               true,
		"-h":                 true,
		"--help":             true,
		"version":            true,
		"--version":          true,
	} {
		if got := command.IsSubcommand(strings.Fields(args), noVariables); got != want {
			t.Errorf("IsSubcommand(%q) = %t, want %t", args, got, want)
		}
	}
	if !command.IsSubcommand(nil, noVariables) {
		t.Error("a user who starts the binary without arguments gets no help")
	}
	terraform := func(name string) string { return map[string]string{"TF_PLUGIN_MAGIC_COOKIE": "d602bf8f"}[name] }
	if command.IsSubcommand(nil, terraform) {
		t.Error("the binary does not serve Terraform")
	}
}

func noVariables(string) string { return "" }

func TestRun(t *testing.T) {
	t.Parallel()
	const oneMore = `{"format_version": "1.2", "planned_values": {}, "resource_changes": [{
		"address": "udemy_user.ada", "mode": "managed", "type": "udemy_user",
		"change": {"actions": ["create"], "before": null, "after": {"email": "ada@example.com", "active": true}}
	}]}`
	tests := map[string]struct {
		stdin          string
		code           int
		stdout, stderr string
	}{
		"":                   {stdout: "The Terraform provider for Udemy Business, version 1.2.3. It manages"},
		"help":               {stdout: "  seats       report how"},
		"-h":                 {stdout: "Usage: terraform-provider-udemy SUBCOMMAND"},
		"-help seats":        {stdout: "Usage: terraform show -json PLAN | terraform-provider-udemy seats"},
		"help seats":         {stdout: "  -limit N                gate: the net change of seats"},
		"help help":          {stdout: "Usage: terraform-provider-udemy help [SUBCOMMAND]"},
		"help version":       {stdout: "Usage: terraform-provider-udemy version"},
		"help sets":          {code: 2, stderr: `help: unknown argument "sets"; use help, check, completion`},
		"help seats doctor":  {code: 2, stderr: `unexpected argument "doctor"`},
		"version -h":         {stdout: "Usage: terraform-provider-udemy version"},
		"version 1":          {code: 2, stderr: `version: unexpected argument "1"`},
		"completion bash":    {stdout: "complete -o default -F __start_terraform-provider-udemy terraform-provider-udemy"},
		"completion zsh":     {stdout: "#compdef terraform-provider-udemy"},
		"completion fish":    {stdout: "complete -c terraform-provider-udemy"},
		"completion":         {code: 2, stderr: "no shell; use bash, zsh or fish"},
		"completion tcsh":    {code: 2, stderr: `unknown argument "tcsh"; use bash, zsh or fish`},
		"version":            {stdout: "terraform-provider-udemy 1.2.3\n"},
		"--version":          {stdout: "terraform-provider-udemy 1.2.3\n"},
		"sets":               {code: 2, stderr: `unknown subcommand "sets"; did you mean seats?`},
		"frobnicate":         {code: 2, stderr: "unknown subcommand \"frobnicate\"\n\nUsage: "},
		"seats -h":           {stdout: "Usage: terraform show -json PLAN | terraform-provider-udemy seats"},
		"seats":              {stdin: oneMore, stdout: "takes 1 more Udemy seat"},
		"seats -limit 1":     {stdin: oneMore, stdout: "takes 1 more Udemy seat"},
		"seats -limit 0":     {stdin: oneMore, code: 3, stdout: "takes 1 more Udemy seat", stderr: "terraform-provider-udemy: seats: the plan does not pass 1 gate: -limit 0: the net change is +1 seat"},
		"seats -format json": {stdin: "{}", code: 1, stderr: "terraform show -json"},
		"export -h":          {stdout: "Usage: terraform-provider-udemy export [FLAGS] -dir DIR"},
		"doctor -h":          {stdout: "Usage: terraform-provider-udemy doctor [FLAGS]"},
		"doctor":             {code: 1, stdout: "terraform-provider-udemy 1.2.3 doctor, 0 GET requests", stderr: "UDEMY_SUBDOMAIN"},
		"doctor -fix":        {code: 2, stderr: "flag provided but not defined: -fix; -h shows the usage"},
		"check -h":           {stdout: "Usage: terraform-provider-udemy check [FLAGS] FILE..."},
		"check":              {code: 2, stderr: "check: no file to check; -h shows the usage"},
		"check testdata/no":  {code: 1, stderr: "no such file"},
		"seats plan.json":    {stdin: oneMore, code: 2, stderr: `unexpected argument "plan.json"`},
	}
	for args, test := range tests {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			process := command.Process{Getenv: noVariables, Stdin: strings.NewReader(test.stdin), Stdout: &stdout, Stderr: &stderr}
			if code := command.Run(t.Context(), strings.Fields(args), "1.2.3", process); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			for stream, output := range map[string][2]string{"stdout": {stdout.String(), test.stdout}, "stderr": {stderr.String(), test.stderr}} {
				if got, want := output[0], output[1]; !strings.Contains(got, want) || want == "" && got != "" {
					t.Errorf("%s = %q, want it to contain %q", stream, got, want)
				}
			}
		})
	}
}

// run runs the subcommand, which must succeed, and returns its output.
func run(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	process := command.Process{Getenv: noVariables, Stdout: &stdout, Stderr: &stderr}
	if code := command.Run(t.Context(), args, "1.2.3", process); code != 0 {
		t.Errorf("%s: exit code %d: %s", args, code, &stderr)
	}
	return stdout.String()
}

// A flag is listed only if the text of the help has the line "Flags:".
func TestHelp_hasAllFlags(t *testing.T) {
	t.Parallel()
	flags := 0
	for _, name := range []string{"check", "completion", "doctor", "export", "help", "seats", "version"} {
		help := run(t, "help", name)
		for line := range strings.Lines(run(t, "__complete", name, "-")) {
			word, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
			if !strings.HasPrefix(word, "-") {
				continue
			}
			flags++
			if text == "" || !strings.Contains(help, "\n  "+word+" ") {
				t.Errorf("%s does not describe %s", name, word)
			}
		}
	}
	if flags < 10 {
		t.Errorf("only %d flags were compared", flags)
	}
}

// The shells ask the binary what a word can be. The last line of the answer directs the shell: 0 completes files, 16 folders, and 4
// neither.
func TestComplete(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"":                           "check completion doctor export help seats version :4",
		"s":                          "seats :4",
		"seats ":                     "-forbid-admin -forbid-over-purchased -format -limit -max-bytes -max-deletions -max-new -max-removals :4",
		"seats -":                    "-forbid-admin -forbid-over-purchased -format -limit -max-bytes -max-deletions -max-new -max-removals :4",
		"seats -format ":             "markdown text json checksum :4",
		"seats -limit ":              ":4",
		"seats -format json -":       "-forbid-admin -forbid-over-purchased -format -limit -max-bytes -max-deletions -max-new -max-removals :4",
		"doctor --format ":           "table json :4",
		"export -dir ":               ":16",
		"export -roster ":            "-dir -review -roster :4",
		"check ":                     ":0",
		"check -key ":                "email external_id :4",
		"check -ignore x ros":        ":0",
		"check -m":                   "-column -grace-days -ignore -key -min-rows -separator -today :4",
		"completion ":                "bash zsh fish :4",
		"help ":                      "help check completion doctor export seats version :4",
		"no-such-subcommand -format": ":4",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			var words []string
			for answer := range strings.Lines(run(t, append([]string{"__complete"}, strings.Split(line, " ")...)...)) {
				word, _, _ := strings.Cut(strings.TrimSpace(answer), "\t")
				words = append(words, word)
			}
			if got := strings.Join(words, " "); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}
