// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package runs_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// Two provider blocks of one organization share a ledger if they share a process. Terraform starts a process for each block,
// so that is only so if it is attached to a running provider, as here.
func TestAccAliases(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Latency: latency})
		alias := strings.Replace(org.Config(""), "{", "{\n  alias = \"second\"", 1)
		second := strings.NewReplacer(`"ada"`, `"second"`, "email ", "provider = udemy.second\n  email ").Replace(ada())
		acceptance.Test(t, resource.TestStep{
			Config:      org.Config(alias + ada() + second),
			ExpectError: regexp.MustCompile(`Two resources for learner "ada@example\.com"`),
		})
	})
}
