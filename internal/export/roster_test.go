// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package export_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// seedOddities adds learners and groups that Terraform can't manage, or only in part.
func seedOddities(org *acceptance.Organization) {
	odd, lower, upper := org.AddGroup("Ops "), org.AddGroup("straße"), org.AddGroup("STRASSE")
	formula := org.AddGroup(`@SUM(1;2)\ "${x}", %{x}`)
	for _, learner := range []simulator.Learner{
		{Email: "twin1@example.com", FirstName: "Twin", LastName: "One", ExternalID: "T-1"},
		{Email: "twin2@example.com", FirstName: "Twin", LastName: "Two", ExternalID: "T-1"},
		{Email: "invisible@example.com", FirstName: "In", LastName: "Visible", ExternalID: "T-1\u200b"},
		{Email: "odd@example.com", FirstName: " Odd", LastName: "Group", Groups: []string{odd.ID}},
		{Email: "ambiguous@example.com", FirstName: "Am", LastName: "Biguous", Groups: []string{lower.ID, upper.ID}},
		{Email: "O’Brien@example.com", FirstName: "“Pat”", LastName: "O’Brien"},
		{Email: "malformed", FirstName: "Mal", LastName: "Formed"},
		{Email: "quoted@example.com", FirstName: `=1+1;"${path.root}"`, LastName: `%{ if true }\n<&>'日本', Jr.`, Groups: []string{formula.ID}},
	} {
		org.Add(learner)
	}
}

// pools are the license pools that seed needs.
var pools = map[string]int{"Research": 100}

// rosterJSON calls the function roster_json.
func rosterJSON(t *testing.T, csv string) string {
	t.Helper()
	argument, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, csv))
	if err != nil {
		t.Fatal(err)
	}
	server := providerserver.NewProtocol6(provider.New("test")())()
	resp, err := server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: "roster_json", Arguments: []*tfprotov6.DynamicValue{&argument}})
	if err != nil || resp.Error != nil {
		t.Fatal(err, resp.Error)
	}
	result, err := resp.Result.Unmarshal(tftypes.String)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	if err := result.As(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

// The import of an exported roster changes nothing, whatever the learners and groups at Udemy are.
func TestRun_roster(t *testing.T) {
	t.Parallel()
	for name, variations := range map[string]simulator.Variations{
		"groups of learners": {}, "members of groups": {NoUserGroups: true}, "no memberships": {NoUserGroups: true, NoMembers: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
				t.Helper()
				org := acceptance.Start(t, api, simulator.Config{Variations: variations, LicensePools: pools})
				seed(org, 40, 4)
				seedOddities(org)
				got := runWith(t, org.Env(), "-roster", "-dir", filepath.Join(t.TempDir(), "organization"))
				if got.err != nil {
					t.Fatal(got.err)
				}
				if !strings.Contains(got.stdout, "must end with: 1 to import, 0 to add, 0 to change, 0 to destroy") ||
					!strings.Contains(got.stderr, `learner "malformed"`) || !strings.Contains(got.stderr, `"O’Brien@example.com" contains a typographic`) || !strings.Contains(got.stderr, `2 learners have the external ID "T-1"`) {
					t.Errorf("got\n%s%s", got.stderr, got.stdout)
				}
				if entries, err := os.ReadDir(got.dir); err != nil || len(entries) != 2 {
					t.Errorf("the files are %v: %v", entries, err)
				}
				p := org.Protocol(t, nil)
				imported, diags := p.Import("udemy_roster", "all")
				diags.ExpectWarning(t, "The roster leaves out learners or groups", `learner "malformed"`)
				p.ExpectCleanPlan(imported, acceptance.Values{"learners": rosterJSON(t, got.read(t, "roster.csv"))})
				org.ExpectWrites(t)
			})
		})
	}
}

// An API that lists learners and no groups can be exported and imported as a roster.
func TestRun_rosterWithoutGroups(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{Intercept: hideGroups})
	seedExample(org)
	got := runWith(t, org.Env(), "-roster", "-dir", filepath.Join(t.TempDir(), "organization"))
	if got.err != nil {
		t.Fatal(got.err)
	}
	imported, diags := org.Protocol(t, nil).Import("udemy_roster", "all")
	diags.ExpectNone(t)
	org.Protocol(t, nil).ExpectCleanPlan(imported, acceptance.Values{"learners": rosterJSON(t, got.read(t, "roster.csv"))})
}

// The text that the exported list gives is the one in state after the import, so a later change of one line shows one line.
func TestRun_rosterText(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		seedExample(org)
		got := runWith(t, org.Env(), "-roster", "-dir", filepath.Join(t.TempDir(), "organization"))
		if got.err != nil {
			t.Fatal(got.err)
		}
		imported, diags := org.Protocol(t, nil).Import("udemy_roster", "all")
		diags.ExpectNone(t)
		imported.Expect(t, acceptance.Values{"learners": rosterJSON(t, got.read(t, "roster.csv"))})
	})
}

// The configuration of an exported roster imports with the real CLI.
func TestAccExport_roster(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{LicensePools: pools})
		seed(org, 200, 20)
		seedOddities(org)
		plan := importAll(t, cli, org, "-roster")
		if n := len(plan.ResourceChanges); n != 1 {
			t.Errorf("the plan imports %d objects", n)
		}
	})
	t.Run("no learners", func(t *testing.T) {
		t.Parallel()
		importAll(t, cli, acceptance.Start(t, acceptance.SCIM, simulator.Config{}), "-roster")
	})
}
