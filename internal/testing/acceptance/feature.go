// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
)

// Feature is a row of the table of versions in templates/index.md.tmpl.
type Feature struct {
	// Name is the first cell of the row.
	Name string
	// Terraform and OpenTofu are the first versions with the feature, or empty if there is none yet.
	Terraform, OpenTofu string
}

// The features that some supported versions lack.
var (
	UnconfiguredFunction = Feature{"`provider::udemy::roster` before the provider is configured", "1.8", "1.10"}
	Removed              = Feature{"`removed` block with `destroy = false`", "1.8", "1.10"}
	ImportByIdentity     = Feature{"Import by identity", "1.12", "1.12"}
	Query                = Feature{"List resources and `terraform query`", "1.14", ""}
	Actions              = Feature{"Actions", "1.14", ""}
	ActionCaller         = Feature{"`caller` and `on_failure` of actions", "1.16", ""}
	LifecycleDestroy     = Feature{"`lifecycle` block with `destroy = false`", "1.16", "1.12"}
)

// Needs skips a test if the CLI lacks a feature, or if acceptance tests are not asked for.
func Needs(t *testing.T, feature Feature) {
	t.Helper()
	NeedsCLI(t)
	cli, err := cliVersion()
	if err != nil {
		t.Fatal(err)
	}
	reason, err := feature.missing(cli)
	if err != nil {
		t.Fatal(err)
	}
	if reason != "" {
		t.Skip(reason)
	}
}

// NeedsExperiments skips a test unless the CLI is a Terraform that is built with experiments. Released ones are not.
func NeedsExperiments(t *testing.T) {
	t.Helper()
	NeedsCLI(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program(), "plan", "-allow-deferral")
	command.Dir = dir
	if command.Run() != nil {
		t.Skip("deferred changes: runs on a Terraform that is built with -ldflags='-X main.experimentsAllowed=yes'; name one in TF_ACC_TERRAFORM_PATH")
	}
}

// missing says why a CLI lacks the feature, and is empty if it has it. The CLI is given as it calls itself, such as
// "OpenTofu v1.12.6".
func (f Feature) missing(cli string) (reason string, err error) {
	product, number, _ := strings.Cut(cli, " ")
	is, err := version.NewVersion(number)
	if err != nil {
		return "", fmt.Errorf("the CLI calls itself %q: %w", cli, err)
	}
	first := f.Terraform
	if product == "OpenTofu" {
		first = f.OpenTofu
	}
	if first == "" {
		return fmt.Sprintf("%s: runs on Terraform %s and later; OpenTofu does not have it", f.Name, f.Terraform), nil
	}
	minimum, err := version.NewVersion(first)
	if err != nil {
		return "", err
	}
	// A pre-release has what the release will have.
	if is.Core().LessThan(minimum) {
		return fmt.Sprintf("%s: runs on %s %s and later; this is %s", f.Name, product, first, is), nil
	}
	return "", nil
}

// program is the CLI that the test framework uses as well.
func program() string {
	return cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform")
}

// cliVersion is what the CLI calls itself.
var cliVersion = sync.OnceValues(func() (string, error) {
	output, err := exec.CommandContext(context.Background(), program(), "version").Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", program(), err)
	}
	line, _, _ := strings.Cut(string(output), "\n")
	return line, nil
})
