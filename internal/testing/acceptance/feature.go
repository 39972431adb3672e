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
	// Terraform and OpenTofu are the first versions with the feature, or empty if no version has it.
	Terraform, OpenTofu string
}

// The features that some supported versions lack.
var (
	UnconfiguredFunction = Feature{"Functions, such as `provider::udemy::roster_json`, before the provider is configured", "1.8", "1.10"}
	Removed              = Feature{"`removed` block with `destroy = false`", "1.8", "1.10"}
	ImportByIdentity     = Feature{"Import by identity", "1.12", "1.12"}
	Query                = Feature{"List resources and `terraform query`", "1.14", ""}
	WithoutNulls         = Feature{"Configuration from `-generate-config-out` without `null` arguments", "1.14", ""}
	Actions              = Feature{"Actions", "1.14", ""}
	ActionCaller         = Feature{"`caller` and `on_failure` of actions", "1.16", ""}
	LifecycleDestroy     = Feature{"`lifecycle` block with `destroy = false`", "1.16", "1.12"}
)

// Needs skips a test if the CLI lacks a feature or TF_ACC is not set.
func Needs(t *testing.T, feature Feature) {
	t.Helper()
	if reason := feature.absent(t); reason != "" {
		t.Skip(reason)
	}
}

// Has reports whether the CLI has a feature. It skips the test if TF_ACC is not set.
func Has(t *testing.T, feature Feature) bool {
	t.Helper()
	return feature.absent(t) == ""
}

// absent returns why the CLI of the tests lacks the feature, or an empty text.
func (f Feature) absent(t *testing.T) string {
	t.Helper()
	NeedsCLI(t)
	cli, err := cliVersion()
	if err != nil {
		t.Fatal(err)
	}
	reason, err := f.missing(cli)
	if err != nil {
		t.Fatal(err)
	}
	return reason
}

// NeedsExperiments skips a test unless the CLI is a Terraform with experiments. Releases are built without them.
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

// missing returns the reason to skip a test, or an empty string if the CLI has the feature. The CLI is the first line of
// its version command, such as "OpenTofu v1.12.6".
func (f Feature) missing(cli string) (reason string, err error) {
	product, number, _ := strings.Cut(cli, " ")
	current, err := version.NewVersion(number)
	if err != nil {
		return "", fmt.Errorf("unexpected version of the CLI %q: %w", cli, err)
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
	// A pre-release has the features of its release.
	if current.Core().LessThan(minimum) {
		return fmt.Sprintf("%s: runs on %s %s and later; this is %s", f.Name, product, first, current), nil
	}
	return "", nil
}

// program returns the CLI that the test framework uses as well.
func program() string {
	return cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform")
}

// cliVersion returns the first line of the CLI's version command.
var cliVersion = sync.OnceValues(func() (string, error) {
	output, err := exec.CommandContext(context.Background(), program(), "version").Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", program(), err)
	}
	line, _, _ := strings.Cut(string(output), "\n")
	return line, nil
})
