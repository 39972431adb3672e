// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package command_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command"
)

// Terraform starts the provider without arguments, and a debugger starts it with flags. Neither runs a subcommand.
func TestIsSubcommand(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]bool{
		"":                   false,
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
		if got := command.IsSubcommand(strings.Fields(args)); got != want {
			t.Errorf("IsSubcommand(%q) = %t, want %t", args, got, want)
		}
	}
}

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
		"help":               {stdout: "  seats    report how"},
		"-h":                 {stdout: "Usage: terraform-provider-udemy SUBCOMMAND"},
		"version":            {stdout: "terraform-provider-udemy 1.2.3\n"},
		"--version":          {stdout: "terraform-provider-udemy 1.2.3\n"},
		"sets":               {code: 2, stderr: `unknown subcommand "sets"`},
		"seats -h":           {stdout: "Usage: terraform show -json PLAN | terraform-provider-udemy seats"},
		"seats":              {stdin: oneMore, stdout: "takes 1 more Udemy seat"},
		"seats -limit 1":     {stdin: oneMore, stdout: "takes 1 more Udemy seat"},
		"seats -limit 0":     {stdin: oneMore, code: 3, stdout: "takes 1 more Udemy seat", stderr: "terraform-provider-udemy: seats: the net change of +1 seats"},
		"seats -format json": {stdin: "{}", code: 1, stderr: "terraform show -json"},
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
			getenv := func(string) string { return "" }
			process := command.Process{Getenv: getenv, Stdin: strings.NewReader(test.stdin), Stdout: &stdout, Stderr: &stderr}
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
