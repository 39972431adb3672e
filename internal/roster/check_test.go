// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunCheck(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"hr.csv": hr, "one.csv": "email\nada@example.com\n", "empty.csv": "email\n",
		"pipe.csv": "email|active\nada@example.com|no\n",
		"bad.csv":  "email,active\ngrace,perhaps\n",
		"cell.csv": "email,groups\nada@example.com,\"Math\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		args           []string
		stdout, failed string // of which DIR/ is removed
	}{
		"one":       {[]string{"one.csv"}, "one.csv: 1 learner\n", ""},
		"options":   {[]string{"-column", "external_id=employee id", "-ignore", "department", "-key", "external_id", "hr.csv"}, "hr.csv: 3 learners\n", ""},
		"two flags": {[]string{"-ignore", "employee id", "-ignore", "department", "hr.csv"}, "hr.csv: 3 learners\n", ""},
		"today":     {[]string{"-ignore=*", "-today=2026-07-14", "-grace-days=14", "-min-rows=3", "hr.csv"}, "hr.csv: 2 learners\n", ""},
		"inactive":  {[]string{"-ignore=*", "-today=2026-07-14", "hr.csv"}, "hr.csv: 2 learners, 1 of them inactive\n", ""},
		"none":      {[]string{"-min-rows=0", "empty.csv"}, "empty.csv: 0 learners\n", ""},
		"mistakes": {
			[]string{"empty.csv", "one.csv", "bad.csv"},
			"one.csv: 1 learner\n",
			"mistakes were found\n" +
				"empty.csv: a header and no lines: is the file cut off? If an empty list is right, set min_rows to 0\n" +
				"bad.csv: line 2, column email: \"grace\" is not an e-mail address; use a bare address, such as ada@example.com\n" +
				"bad.csv: line 2, column active: \"perhaps\" is not a valid value; use true for a learner with a seat, or false for a deactivated learner",
		},
		"malformed":    {[]string{"cell.csv"}, "", "mistakes were found\ncell.csv: line 2: malformed at character 23: extraneous or missing \" in quoted-field"},
		"too few rows": {[]string{"-min-rows=900", "one.csv"}, "", "mistakes were found\none.csv: 1 line, at least 900 expected: is the file cut off?"},
		"a separator":  {[]string{"-separator=|", "pipe.csv"}, "pipe.csv: 1 learner, 1 of them inactive\n", ""},
		"no file":      {nil, "", "no file to check; -h shows the usage"},
		"no number":    {[]string{"-min-rows=all", "one.csv"}, "", `invalid value "all" for flag -min-rows: strconv.ParseFloat: parsing "all": invalid syntax; -h shows the usage`},
		"a half":       {[]string{"-min-rows=1.5", "one.csv"}, "", "min_rows: 1.5 is not a whole number, 0 or more; -h shows the usage"},
		"no header":    {[]string{"-column=role", "one.csv"}, "", `invalid value "role" for flag -column: write ATTRIBUTE=HEADER; -h shows the usage`},
		"no key":       {[]string{"-key=mail", "one.csv"}, "", `invalid value "mail" for flag -key: use email or external_id; -h shows the usage`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := []string{}
			for _, arg := range test.args {
				if strings.HasSuffix(arg, ".csv") {
					arg = filepath.Join(dir, arg)
				}
				args = append(args, arg)
			}
			var stdout strings.Builder
			failed := ""
			if err := RunCheck(args, &stdout); err != nil {
				failed = strings.ReplaceAll(err.Error(), dir+"/", "")
			}
			if got := strings.ReplaceAll(stdout.String(), dir+"/", ""); got != test.stdout {
				t.Errorf("got  %q\nwant %q", got, test.stdout)
			}
			if failed != test.failed {
				t.Errorf("got  %s\nwant %s", failed, test.failed)
			}
		})
	}
}
