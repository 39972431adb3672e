// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"cmp"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestFeature(t *testing.T) {
	t.Parallel()
	both := Feature{"Both", "1.8", "1.10"}
	for _, test := range []struct {
		feature Feature
		cli     string
		reason  string
	}{
		{both, "Terraform v1.8.0", ""},
		{both, "Terraform v1.16.4", ""},
		{both, "OpenTofu v1.9.1", "Both: runs on OpenTofu 1.10 and later; this is 1.9.1"},
		{both, "OpenTofu v1.10.0-rc1", ""},
		{Query, "Terraform v1.13.5", "List resources and `terraform query`: runs on Terraform 1.14 and later; this is 1.13.5"},
		{Query, "OpenTofu v1.12.6", "List resources and `terraform query`: runs on Terraform 1.14 and later; OpenTofu does not have it"},
	} {
		if got, err := test.feature.missing(test.cli); err != nil || got != test.reason {
			t.Errorf("%s: got %q and error %v, want %q", test.cli, got, err, test.reason)
		}
	}
	if _, err := both.missing("no version"); err == nil {
		t.Error("no error for an invalid version")
	}
}

// The table of versions in the documentation matches the versions that skip tests.
func TestFeaturesAreDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../templates/index.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	want := "\n| Feature | Terraform | OpenTofu |\n|---|---|---|\n| Everything else | 1.8 | 1.8 |\n"
	for _, f := range []Feature{UnconfiguredFunction, Removed, ImportByIdentity, Query, WithoutNulls, Actions, ActionCaller, LifecycleDestroy} {
		want += fmt.Sprintf("| %s | %s | %s |\n", f.Name, f.Terraform, cmp.Or(f.OpenTofu, "-"))
	}
	want += "| Deferred changes while the provider block has unknown values | builds with experiments | - |\n\n"
	if !strings.Contains(string(page), want) {
		t.Errorf("templates/index.md.tmpl does not have the table\n%s", want)
	}
}
