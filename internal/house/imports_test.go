// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package house_test

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

// What a room may know besides other rooms.
const (
	terraform = "github.com/hashicorp/terraform-plugin-"
	http      = "net/http"
)

// rooms says of each folder which others it may import; everything else it doesn't know. A list of what is allowed, and
// not the linter's list of what is denied, so that a new folder can't be forgotten.
var rooms = map[string][]string{
	// What the provider offers, and who puts it together. Only the provider builds a Directory.
	".": {"internal/command", "internal/provider", terraform},
	"internal/provider": {
		"internal/user", "internal/group", "internal/membership", "internal/roster", "internal/tenant", "internal/udemy",
		"internal/udemy/usermanagement", "internal/udemy/scim", "internal/udemy/directory", "internal/udemy/transport", terraform,
	},
	"internal/provider/cmd/provider-schemas": {"internal/provider", terraform},

	// Resources, data sources, functions and actions see udemy.Directory, not the API behind it.
	"internal/user":       {"internal/tenant", "internal/udemy", "internal/udemy/shutdown", "internal/logging", terraform},
	"internal/group":      {"internal/tenant", "internal/udemy", "internal/udemy/shutdown", "internal/logging", terraform},
	"internal/membership": {"internal/tenant", "internal/udemy", "internal/udemy/shutdown", "internal/logging", terraform},
	"internal/roster":     {"internal/udemy", terraform},
	"internal/tenant":     {"internal/udemy", "internal/logging", terraform},

	// What people start by themselves.
	"internal/command":       {"internal/export", "internal/seats"},
	"internal/command/usage": {},
	"internal/export":        {"internal/command/usage", "internal/provider", "internal/roster", "internal/udemy"},
	"internal/seats":         {"internal/command/usage", "internal/udemy"},

	// What Udemy Business is: no Terraform, no HTTP.
	"internal/udemy":          {},
	"internal/udemy/shutdown": {},
	// The two APIs don't know each other; what they share is transport.
	"internal/udemy/usermanagement": {"internal/udemy", "internal/udemy/paging", "internal/udemy/transport", http},
	"internal/udemy/scim":           {"internal/udemy", "internal/udemy/paging", "internal/udemy/transport", http},
	"internal/udemy/paging":         {"internal/udemy"},
	// The Directory and its parts. The parts do not know each other, except that the reader fills the store.
	"internal/udemy/directory": {"internal/udemy", "internal/udemy/batcher", "internal/udemy/reader", "internal/udemy/store"},
	"internal/udemy/store":     {},
	"internal/udemy/reader":    {"internal/udemy", "internal/udemy/paging", "internal/udemy/shutdown", "internal/udemy/store", "internal/logging"},
	"internal/udemy/batcher":   {"internal/udemy", "internal/udemy/shutdown"},
	"internal/udemy/transport": {"internal/udemy", "internal/udemy/shutdown", "internal/logging", http},
	"internal/logging":         {terraform},
	// For the tests of both APIs.
	"internal/udemy/transport/transporttest": {"internal/udemy", http},

	// The simulator is written from the contract: were it to share code with the clients, it would share what these
	// misunderstand.
	"internal/simulator":                     {http},
	"internal/simulator/cmd/udemy-simulator": {"internal/simulator", http},

	// For tests and measurements.
	"internal/acceptance":          {"internal/provider", "internal/simulator", "internal/terraform", terraform, http},
	"internal/bench":               {"internal/simulator", "internal/terraform", http},
	"internal/bench/emptyprovider": {terraform},
	"internal/chaos":               {"internal/simulator", "internal/terraform"},
	"internal/compat":              {},
	"internal/house":               {},
	"internal/terraform":           {"internal/simulator"},
}

// Tests may import what they like: some run a client against the simulator.
func TestImports(t *testing.T) {
	t.Parallel()
	unknown := map[string]bool{}
	for _, file := range files(t, ".go") {
		relative, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		room := path.Dir(filepath.ToSlash(relative))
		allowed, known := rooms[room]
		switch {
		case !known:
			unknown[room] = true
		case !strings.HasSuffix(file, "_test.go"):
			for _, imported := range imports(t, file) {
				if !slices.ContainsFunc(allowed, func(rule string) bool { return allows(rule, imported) }) {
					t.Errorf("%s must not import %s", relative, imported)
				}
			}
		}
	}
	for room := range unknown {
		t.Errorf("%s is a new folder: say in the table here what it may import, and in ARCHITECTURE.md what it is for", room)
	}
}

// imports are those that there are rules for: of this module, of Terraform and of HTTP.
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
