// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package export_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command/usage"
	"github.com/udemy-iac/terraform-provider-udemy/internal/export"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

var update = flag.Bool("update", false, "rewrite examples/takeover")

// outcome is the result of an export.
type outcome struct {
	dir            string
	stdout, stderr string
	err            error
}

// run exports an organization to a new folder.
func run(t *testing.T, org *acceptance.Organization) outcome {
	t.Helper()
	return runWith(t, org.Env(), "-dir", filepath.Join(t.TempDir(), "organization"))
}

// runWith exports with an environment and arguments. The last argument is the folder.
func runWith(t *testing.T, env []string, args ...string) outcome {
	t.Helper()
	getenv := func(name string) string {
		for _, variable := range env {
			if value, ok := strings.CutPrefix(variable, name+"="); ok {
				return value
			}
		}
		return ""
	}
	var stdout, stderr bytes.Buffer
	err := export.Run(t.Context(), args, getenv, &stdout, &stderr)
	got := outcome{stdout: stdout.String(), stderr: stderr.String(), err: err}
	if len(args) > 0 {
		got.dir = args[len(args)-1]
	}
	return got
}

func (o outcome) read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(o.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// seedExample is the organization of examples/takeover.
func seedExample(org *acceptance.Organization) {
	engines, compilers := org.AddGroup("Engines"), org.AddGroup("Compilers")
	org.Add(simulator.Learner{
		Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", ExternalID: "E-1001", Role: "admin", Groups: []string{engines.ID, compilers.ID},
	})
	org.Add(simulator.Learner{
		Email: "Grace.Hopper@example.com", FirstName: "Grace", LastName: "Hopper", ExternalID: "E-1002", Status: "invited", Groups: []string{compilers.ID},
	})
	org.Add(simulator.Learner{Email: "charles@example.com", FirstName: "Charles", LastName: "Babbage", Status: "deactivated"})
}

// license is the header of all examples. An export doesn't write it.
const license = "# Copyright (c) terraform-provider-udemy contributors\n# SPDX-License-Identifier: MPL-2.0\n\n"

// The files of examples/takeover are the output of an export, except for the endpoint of the simulator. `go test
// ./internal/export -update` rewrites them.
func TestExample(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
	seedExample(org)
	got := run(t, org)
	if got.err != nil {
		t.Fatal(got.err)
	}
	endpoint := regexp.MustCompile(`(?m)^  endpoint .*\n`)
	for name, content := range map[string]string{
		"roster.csv": got.read(t, "roster.csv"),
		"groups.csv": got.read(t, "groups.csv"),
		"main.tf":    license + endpoint.ReplaceAllString(got.read(t, "main.tf"), ""),
	} {
		path := filepath.Join("..", "..", "examples", "takeover", name)
		if *update {
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if content != string(want) {
			t.Errorf("%s is now:\n%s", path, content)
		}
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "examples", "takeover", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, output := range []string{got.stderr, got.stdout} {
		output = strings.ReplaceAll(output, got.dir, "acme")
		if !strings.Contains(string(readme), output) {
			t.Errorf("the README does not contain the output of an export:\n%s", output)
		}
	}
}

func TestRun_files(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		seedExample(org)
		got := run(t, org)
		if got.err != nil {
			t.Fatal(got.err)
		}
		main, header, unmanaged := got.read(t, "main.tf"), "", ""
		if api == acceptance.SCIM {
			header, unmanaged = "email,first_name,last_name,external_id,groups,license_types,active,udemy_id\n", "role: SCIM can't set it"
		} else {
			header, unmanaged = "email,first_name,last_name,external_id,role,groups,active,udemy_id\n", "license_types: the user-management API can't set it"
		}
		if learners := got.read(t, "roster.csv"); !strings.HasPrefix(learners, header) {
			t.Errorf("the roster does not begin with %s%s", header, learners)
		}
		if !strings.Contains(got.stderr, "Found 3 learners and 2 groups.") || !strings.Contains(got.stderr, unmanaged) {
			t.Errorf("stderr is\n%s", got.stderr)
		}
		if hasRole, hasLicenses := strings.Contains(main, ".role"), strings.Contains(main, ".license_types"); hasRole == hasLicenses || hasRole == (api == acceptance.SCIM) {
			t.Errorf("main.tf has role: %t, and license_types: %t", hasRole, hasLicenses)
		}
		for _, output := range []string{main, got.stdout, got.stderr} {
			if strings.Contains(output, simulator.DefaultToken) {
				t.Errorf("the output contains the token:\n%s", output)
			}
		}
		for _, name := range []string{"roster.csv", "groups.csv"} {
			info, err := os.Stat(filepath.Join(got.dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("others can read %s: %s", name, info.Mode())
			}
		}
		if writes := org.Writes(); len(writes) > 0 {
			t.Errorf("the export changed Udemy: %v", writes)
		}
	})
}

// A roster without lines counts as cut off, unless the configuration allows it.
func TestRun_noLearners(t *testing.T) {
	t.Parallel()
	for name, learners := range map[string]int{"none": 0, "one": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := run(t, acceptance.Start(t, acceptance.SCIM, simulator.Config{Learners: learners}))
			if got.err != nil {
				t.Fatal(got.err)
			}
			if allowed := strings.Contains(got.read(t, "main.tf"), `roster.csv"), { min_rows = 0 })`); allowed != (learners == 0) {
				t.Errorf("an empty roster is allowed: %t\n%s%s", allowed, got.read(t, "roster.csv"), got.read(t, "main.tf"))
			}
		})
	}
}

func TestRun_requests(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		api        acceptance.API
		variations simulator.Variations
		max        int
	}{
		"user management":                 {acceptance.UserManagement, simulator.Variations{}, 4},
		"SCIM":                            {acceptance.SCIM, simulator.Variations{}, 4},
		"SCIM without groups of learners": {acceptance.SCIM, simulator.Variations{NoUserGroups: true}, 7},
		// A search for memberships reads the learners, the groups and each group once more.
		"SCIM without memberships": {acceptance.SCIM, simulator.Variations{NoUserGroups: true, NoMembers: true}, 7 + 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, test.api, simulator.Config{Learners: 250, Variations: test.variations})
			got := run(t, org)
			if got.err != nil {
				t.Fatal(got.err)
			}
			if n := org.RequestCount(); n > test.max {
				t.Errorf("%d requests for 250 learners in 3 groups, want at most %d", n, test.max)
			}
			groups := strings.Contains(strings.SplitN(got.read(t, "roster.csv"), "\n", 2)[0], "groups")
			unmanaged := strings.Contains(got.stderr, "memberships: SCIM does not return them")
			if groups == unmanaged || unmanaged != test.variations.NoMembers {
				t.Errorf("the roster has groups: %t, memberships are reported as not managed: %t", groups, unmanaged)
			}
		})
	}
}

// A failed export leaves no files.
func TestRun_fails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config simulator.Config
		token  string
		kind   error
		text   string
	}{
		"wrong token":        {simulator.Config{}, "wrong", udemy.ErrUnauthorized, "UDEMY_TOKEN"},
		"no list":            {simulator.Config{Variations: simulator.Variations{WriteOnly: true}}, simulator.DefaultToken, udemy.ErrNotOffered, "adopt_existing"},
		"groups not allowed": {simulator.Config{Intercept: acceptance.Answer("GET", "/groups/", "403 {}")}, simulator.DefaultToken, udemy.ErrForbidden, "reading the groups"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, test.config)
			env := append([]string{"UDEMY_TOKEN=" + test.token}, org.Env()...)
			got := runWith(t, env, "-dir", filepath.Join(t.TempDir(), "organization"))
			if !errors.Is(got.err, test.kind) || !strings.Contains(fmt.Sprint(got.err), test.text) {
				t.Errorf("error = %v, want %v with the text %q", got.err, test.kind, test.text)
			}
			if _, err := os.Stat(got.dir); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the export created the folder: %v", err)
			}
		})
	}
}

// hideGroups refuses to list groups.
func hideGroups(w http.ResponseWriter, r *http.Request) bool {
	hidden := strings.HasSuffix(r.URL.Path, "/groups/")
	if hidden {
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
	return hidden
}

func TestRun_groupsNotListed(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: hideGroups})
	seedExample(org)
	got := run(t, org)
	if got.err != nil || !strings.Contains(got.stderr, "groups and memberships: the user-management API does not list groups") {
		t.Fatalf("got %v and\n%s", got.err, got.stderr)
	}
	if groups := got.read(t, "groups.csv"); groups != "name\n" {
		t.Errorf("groups.csv is %q", groups)
	}
}

func TestRun_arguments(t *testing.T) {
	t.Parallel()
	with := func(name string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for name, test := range map[string]struct {
		args  []string
		usage bool
		text  string
	}{
		"no folder":           {nil, true, "-dir"},
		"an unknown flag":     {[]string{"-force"}, true, "-force"},
		"a further argument":  {[]string{"-dir", "a", "b"}, true, `"b"`},
		"a configuration":     {[]string{"-dir", with("vpc.tf")}, false, "contains vpc.tf"},
		"a state":             {[]string{"-dir", with("terraform.tfstate")}, false, "contains terraform.tfstate"},
		"a list":              {[]string{"-roster", "-dir", with("groups.csv")}, false, "contains groups.csv"},
		"a file for reviews":  {[]string{"-review", "-dir", with(".gitignore")}, false, "contains .gitignore"},
		"a README":            {[]string{"-review", "-dir", with("README.md")}, false, "UDEMY_ORGANIZATION_UUID"},
		"the same, no review": {[]string{"-dir", with(".gitignore")}, false, "UDEMY_ORGANIZATION_UUID"},
		"a file":              {[]string{"-dir", filepath.Join(with("file"), "file")}, false, "reading the folder"},
		"no organization":     {[]string{"-dir", t.TempDir()}, false, "UDEMY_ORGANIZATION_UUID"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := runWith(t, nil, test.args...)
			_, isUsage := errors.AsType[*usage.Error](got.err)
			if got.err == nil || isUsage != test.usage || !strings.Contains(got.err.Error(), test.text) {
				t.Errorf("error = %v, want the text %s (usage error: %t)", got.err, test.text, test.usage)
			}
		})
	}
}

// An export of a list that contradicts its own total writes nothing.
func TestRun_incomplete(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"every page is the first one": {IgnorePages: true, PageSize: 20},
		"the total is the page's":     {TotalOfPage: true, PageSize: 20},
		"the total is too low":        {TotalError: -15, PageSize: 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				got := run(t, acceptance.Start(t, api, simulator.Config{Learners: 45, Variations: variations}))
				if !errors.Is(got.err, udemy.ErrIncomplete) || !strings.Contains(got.err.Error(), "objects, but the API reports a total of") {
					t.Errorf("error = %v", got.err)
				}
				if _, err := os.Stat(got.dir); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("the folder exists: %v", err)
				}
			})
		})
	}
}
