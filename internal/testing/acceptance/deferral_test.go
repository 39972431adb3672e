// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// deferredConfig has a token that is known only after apply, and all managed resources.
const deferredConfig = versions + `
resource "terraform_data" "token" {
  triggers_replace = %q
  input            = %q
}

provider "udemy" {
  token = terraform_data.token.output
}

resource "udemy_user" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  last_name  = "Lovelace"
}

resource "udemy_group" "one" {
  name = "One by one"
}

resource "udemy_group_membership" "ada" {
  group_id = udemy_group.one.id
  user_id  = udemy_user.ada.id
}

resource "udemy_group" "whole" {
  name = "As a whole"
}

resource "udemy_group_members" "whole" {
  group_id = udemy_group.whole.id
  members  = { "ada@example.com" = udemy_user.ada.id }
}

resource "udemy_roster" "all" {
  learners = jsonencode({ grace = { email = "grace@example.com", first_name = "Grace", last_name = "Hopper" } })
}
`

// While the token is unknown, Terraform defers all resources of the provider, both without and with state.
func TestAccDeferral(t *testing.T) {
	t.Parallel()
	acceptance.NeedsExperiments(t)
	installed := acceptance.NewCLI(t)
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{})
		// Only the configuration sets the token.
		env := slices.DeleteFunc(org.Env(), func(variable string) bool { return strings.HasPrefix(variable, "UDEMY_TOKEN=") })
		cli, dir := installed.With(env...), t.TempDir()
		plan := func(tokenNumber string) (deferred []string) {
			config := fmt.Sprintf(deferredConfig, tokenNumber, simulator.DefaultToken)
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			cli.Init(t, dir)
			cli.Run(t, dir, "plan", "-allow-deferral", "-input=false", "-no-color", "-out=saved")
			var plan tfjson.Plan
			if err := json.Unmarshal([]byte(cli.Run(t, dir, "show", "-json", "saved")), &plan); err != nil {
				t.Fatal(err)
			}
			for _, change := range plan.DeferredChanges {
				deferred = append(deferred, change.ResourceChange.Address)
			}
			slices.Sort(deferred)
			return deferred
		}
		all := []string{"udemy_group.one", "udemy_group.whole", "udemy_group_members.whole", "udemy_group_membership.ada", "udemy_roster.all", "udemy_user.ada"}

		if got := plan("first"); !slices.Equal(got, all) {
			t.Errorf("%v are deferred, want %v", got, all)
		}
		cli.Run(t, dir, "apply", "-input=false", "-no-color", "saved")
		org.ExpectWrites(t)

		cli.Run(t, dir, "apply", "-allow-deferral", "-auto-approve", "-input=false", "-no-color")
		for _, group := range org.Groups() {
			if len(group.Members) != 1 {
				t.Errorf("group %s has %d members", group.Name, len(group.Members))
			}
		}
		if _, exists := org.Learner("grace@example.com"); !exists {
			t.Error("the learner of the roster does not exist")
		}
		org.ResetRequests()

		if got := plan("second"); !slices.Equal(got, all) {
			t.Errorf("with state, %v are deferred, want %v", got, all)
		}
		cli.Run(t, dir, "apply", "-input=false", "-no-color", "saved")
		cli.Run(t, dir, "plan", "-allow-deferral", "-input=false", "-no-color", "-detailed-exitcode")
		org.ExpectWrites(t)
	})
}
