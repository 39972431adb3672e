// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package repotest_test

import (
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/udemy-iac/terraform-provider-udemy"

// The imports from outside this module that the table restricts.
const (
	terraform = "github.com/hashicorp/terraform-plugin-"
	http      = "net/http"
)

// allowedImports lists, for each folder, the packages of this module, of Terraform and of HTTP that its code may import.
// It lists what is allowed, not what is denied, so that a new folder can't be forgotten.
var allowedImports = map[string][]string{
	// The program, and the package that combines the parts of the provider.
	".": {"internal/command", "internal/logging", "internal/provider", terraform},
	"internal/provider": {
		"internal/user", "internal/group", "internal/membership", "internal/roster", "internal/providerdata", "internal/ledger", "internal/udemy",
		"internal/udemy/usermanagement", "internal/udemy/scim", "internal/udemy/directory", "internal/udemy/transport", terraform,
		"internal/activity", "internal/udemy/reporting",
	},
	"internal/provider/cmd/provider-schemas": {"internal/provider", terraform},

	// Resources, data sources, functions and actions use udemy.Directory instead of an API.
	"internal/user":         {"internal/defaults", "internal/providerdata", "internal/ledger", "internal/diagnostics", "internal/listing", "internal/validators", "internal/udemy", "internal/udemy/shutdown", "internal/logging", terraform, "internal/activity"},
	"internal/activity":     {"internal/providerdata", "internal/diagnostics", "internal/listing", "internal/udemy", terraform},
	"internal/group":        {"internal/defaults", "internal/plural", "internal/providerdata", "internal/ledger", "internal/diagnostics", "internal/listing", "internal/validators", "internal/udemy", "internal/udemy/shutdown", "internal/logging", terraform},
	"internal/membership":   {"internal/plural", "internal/providerdata", "internal/ledger", "internal/diagnostics", "internal/listing", "internal/validators", "internal/udemy", terraform},
	"internal/roster":       {"internal/user", "internal/defaults", "internal/providerdata", "internal/ledger", "internal/diagnostics", "internal/udemy", "internal/udemy/shutdown", "internal/logging", "internal/command/usage", terraform, "internal/plural"},
	"internal/providerdata": {"internal/ledger", "internal/diagnostics", "internal/udemy", terraform},
	"internal/ledger":       {},
	"internal/listing":      {"internal/providerdata", "internal/diagnostics", "internal/udemy", terraform},
	"internal/diagnostics":  {"internal/udemy", terraform},
	"internal/validators":   {"internal/udemy", terraform},
	"internal/defaults":     {terraform},

	// The subcommands.
	"internal/command":       {"internal/command/usage", "internal/export", "internal/seats", "internal/doctor", "internal/roster"},
	"internal/command/usage": {},
	"internal/export":        {"examples", "internal/command/usage", "internal/plural", "internal/provider", "internal/roster", "internal/udemy"},
	"internal/seats":         {"internal/command/usage", "internal/plural", "internal/udemy"},
	"internal/doctor":        {"internal/command/usage", "internal/provider", "internal/udemy/reporting", "internal/udemy/scim", "internal/udemy/transport", http, "internal/plural"},
	"internal/plural":        {},

	"examples": {},

	// The organization: no Terraform, and HTTP only in the packages of the APIs.
	"internal/udemy":          {},
	"internal/udemy/shutdown": {},
	// The packages of the two APIs are independent of each other; they share transport.
	"internal/udemy/usermanagement": {"internal/udemy", "internal/udemy/paging", "internal/udemy/transport", http},
	"internal/udemy/scim":           {"internal/udemy", "internal/udemy/paging", "internal/udemy/transport", http},
	"internal/udemy/reporting":      {"internal/udemy", "internal/udemy/paging", "internal/udemy/transport", http},
	"internal/udemy/paging":         {"internal/udemy"},
	// The Directory and its parts. The parts are independent of each other, except that the reader fills the store.
	"internal/udemy/directory": {"internal/udemy", "internal/udemy/batcher", "internal/udemy/reader", "internal/udemy/store"},
	"internal/udemy/store":     {},
	"internal/udemy/reader":    {"internal/udemy", "internal/udemy/paging", "internal/udemy/shutdown", "internal/udemy/store", "internal/logging"},
	"internal/udemy/batcher":   {"internal/udemy", "internal/udemy/shutdown"},
	"internal/udemy/transport": {"internal/udemy", "internal/udemy/shutdown", "internal/logging", http},
	"internal/logging":         {terraform},
	// Test support for the packages of both APIs.
	"internal/udemy/transport/transporttest": {"internal/udemy", http},

	// The simulator is written from the contract. It shares no code with the clients, so it does not share their mistakes.
	"internal/testing/simulator":                     {http},
	"internal/testing/simulator/cmd/udemy-simulator": {"internal/testing/simulator", http, "internal/testing/simulator/page"},
	"internal/testing/simulator/page":                {"internal/testing/simulator", http},

	// For tests and measurements.
	"internal/testing/acceptance":          {"internal/provider", "internal/testing/simulator", "internal/testing/terraform", terraform, http},
	"internal/testing/bench":               {"internal/testing/simulator", "internal/testing/terraform", http},
	"internal/testing/bench/emptyprovider": {terraform},
	"internal/testing/chaos":               {"internal/testing/simulator", "internal/testing/terraform"},
	"internal/testing/compat":              {},
	"internal/testing/core":                {terraform},
	"internal/testing/invariant":           {},
	"internal/testing/repotest":            {},
	"internal/testing/runs":                {},
	"internal/testing/terraform":           {"internal/testing/simulator"},

	// A module of its own.
	"tools/browser":             {},
	"tools/browser/cmd/picture": {"tools/browser"},
}

// Tests may import any package: some run a client against the simulator.
func TestImports(t *testing.T) {
	t.Parallel()
	unknown := map[string]bool{}
	used := map[string]bool{}
	for _, file := range files(t, ".go") {
		relative, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		folder := path.Dir(filepath.ToSlash(relative))
		allowed, known := allowedImports[folder]
		switch {
		case !known:
			unknown[folder] = true
		case !strings.HasSuffix(file, "_test.go"):
			for _, imported := range imports(t, file) {
				rule := slices.IndexFunc(allowed, func(rule string) bool { return allows(rule, imported) })
				if rule < 0 {
					t.Errorf("%s must not import %s", relative, imported)
					continue
				}
				used[folder+" "+allowed[rule]] = true
			}
		}
	}
	for folder := range unknown {
		t.Errorf("%s is a new folder: add its allowed imports to the table here, and its purpose to ARCHITECTURE.md", folder)
	}
	for folder, allowed := range allowedImports {
		for _, rule := range allowed {
			if !used[folder+" "+rule] {
				t.Errorf("%s does not import %s: remove it from the table here", folder, rule)
			}
		}
	}
}

// imports returns the imports of a file that the table restricts.
func imports(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if imported == http || strings.HasPrefix(imported, terraform) || strings.HasPrefix(imported, module+"/") {
			found = append(found, strings.TrimPrefix(imported, module+"/"))
		}
	}
	return found
}

func allows(rule, imported string) bool {
	return rule == imported || rule == terraform && strings.HasPrefix(imported, terraform)
}
