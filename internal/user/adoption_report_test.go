// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// together runs a step for each number at the same time, as Terraform does, and returns the diagnostics of all.
func together(n int, step func(i int) acceptance.Diagnostics) acceptance.Diagnostics {
	var all acceptance.Diagnostics
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			diags := step(i)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, diags...)
		})
	}
	wg.Wait()
	return all
}

// Plan and apply list all adopted learners in one warning each.
func TestAdopt_many(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		const existing, created = 30, 5
		org := acceptance.Start(t, api, simulator.Config{Latency: 100 * time.Millisecond}) // All steps begin before one ends.
		learner := func(i int) acceptance.Values {
			return ada(acceptance.Values{"email": fmt.Sprintf("ada%02d@example.com", i)})
		}
		var first simulator.Learner
		for i := range existing {
			added := org.Add(simulator.Learner{Email: fmt.Sprintf("ada%02d@example.com", i), FirstName: "Ada", LastName: "King", Status: "active"})
			if i == 0 {
				first = added
			}
		}
		protocol := org.Protocol(t, nil)
		plans := make([]*acceptance.Plan, existing+created)
		diags := together(len(plans), func(i int) acceptance.Diagnostics {
			plans[i] = protocol.PlanToo(nil, udemyUser, learner(i))
			return plans[i].Diagnostics
		})
		row := fmt.Sprintf(`  ada00@example.com  %s  active  last_name from "King" to "Lovelace"`, first.ID)
		diags.ExpectWarning(t, "30 learners exist already and will be adopted", "\n"+row+"\n", "  ada19@example.com ", "\n  and 10 more")

		diags = together(len(plans), func(i int) acceptance.Diagnostics {
			_, applied := protocol.Apply(plans[i])
			return applied
		})
		diags.ExpectWarning(t, "Adopted existing learners: 30", "\n"+row+"\n", "\n  and 10 more")
		if strings.Contains(diags.String(), "ada20@") {
			t.Errorf("the table has more than 20 learners:\n%s", diags)
		}
	})
}

// The texts as a user sees them: Terraform does not wrap the table, and apply does not repeat the warning of the plan.
func TestAccAdopt_many(t *testing.T) {
	t.Parallel()
	installed := acceptance.NewCLI(t)
	for n, want := range map[int]struct{ plan, apply string }{
		1:  {`Warning: Learner "ada000@example.com" exists already and will be adopted`, `Warning: Adopted existing learner "ada000@example.com"`},
		50: {" learners exist already and will be adopted", "Warning: Adopted existing learners: "},
	} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
			for i := range n {
				org.Add(simulator.Learner{Email: fmt.Sprintf("ada%03d@example.com", i), FirstName: "Ada", LastName: "King", Status: "active"})
			}
			dir := t.TempDir()
			config := fmt.Sprintf(`
terraform {
  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}

resource "udemy_user" "all" {
  for_each = toset([for i in range(%d) : format("ada%%03d@example.com", i)])

  email      = each.key
  first_name = "Ada"
  last_name  = "Lovelace"
}
`, n)
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			cli := installed.For(org)
			cli.Init(t, dir)
			plan := cli.Run(t, dir, "plan", "-input=false", "-no-color", "-out=plan")
			// On a busy computer, Terraform may pause between learners, which divides the report.
			if count := strings.Count(plan, "Warning:"); count > 2 || !strings.Contains(plan, want.plan) {
				t.Errorf("the plan has %d warnings, want %q:\n%s", count, want.plan, plan)
			}
			apply := cli.Run(t, dir, "apply", "-input=false", "-no-color", "plan")
			if count := strings.Count(apply, "Warning:"); count > 3 || !strings.Contains(apply, want.apply) {
				t.Errorf("the apply has %d warnings, want %q:\n%s", count, want.apply, apply)
			}
			const row = `  ada001@example.com  `
			if n > 1 && (!strings.Contains(plan, "\n"+row) || !strings.Contains(apply, "\n"+row)) {
				t.Errorf("no table has the row %q:\n%s\n%s", row, plan, apply)
			}
		})
	}
}
