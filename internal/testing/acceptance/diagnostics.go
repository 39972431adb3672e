// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Diagnostics are the warnings and errors of a provider in their order.
type Diagnostics []*tfprotov6.Diagnostic

func (d Diagnostics) hasError() bool {
	return slices.ContainsFunc(d, func(diag *tfprotov6.Diagnostic) bool { return diag.Severity == tfprotov6.DiagnosticSeverityError })
}

// ExpectNoErrors fails the test on an error. Warnings are allowed.
func (d Diagnostics) ExpectNoErrors(t *testing.T) {
	t.Helper()
	if d.hasError() {
		t.Fatalf("unexpected error:\n%s", d)
	}
}

// ExpectNone fails the test on any diagnostic.
func (d Diagnostics) ExpectNone(t *testing.T) {
	t.Helper()
	if len(d) > 0 {
		t.Fatalf("unexpected diagnostics:\n%s", d)
	}
}

// ExpectWarning fails the test unless the only diagnostic is a warning on the whole resource that contains all words.
func (d Diagnostics) ExpectWarning(t *testing.T, words ...string) {
	t.Helper()
	d.ExpectWarningAt(t, "", words...)
}

// ExpectWarningAt is ExpectWarning for a warning at an attribute.
func (d Diagnostics) ExpectWarningAt(t *testing.T, attribute string, words ...string) {
	t.Helper()
	d.expect(t, tfprotov6.DiagnosticSeverityWarning, attribute, words)
}

// ExpectError fails the test unless the only diagnostic is an error at the attribute that contains all words. An empty
// attribute stands for the whole resource.
func (d Diagnostics) ExpectError(t *testing.T, attribute string, words ...string) {
	t.Helper()
	d.expect(t, tfprotov6.DiagnosticSeverityError, attribute, words)
}

func (d Diagnostics) expect(t *testing.T, severity tfprotov6.DiagnosticSeverity, attribute string, words []string) {
	t.Helper()
	if len(d) != 1 || d[0].Severity != severity {
		t.Fatalf("expected one %s, got %d diagnostics:\n%s", severity, len(d), d)
	}
	at := ""
	if d[0].Attribute != nil {
		at = strings.TrimSuffix(strings.TrimPrefix(d[0].Attribute.String(), `AttributeName("`), `")`)
	}
	if at != attribute {
		t.Errorf("expected the diagnostic at %q, got %q:\n%s", attribute, at, d)
	}
	for _, word := range words {
		if !strings.Contains(d[0].Summary+"\n"+d[0].Detail, word) {
			t.Errorf("expected %q in:\n%s", word, d)
		}
	}
}

// String formats all diagnostics for a test failure.
func (d Diagnostics) String() string {
	var b strings.Builder
	for _, diag := range d {
		fmt.Fprintf(&b, "%s at %s: %s\n%s\n", diag.Severity, diag.Attribute, diag.Summary, diag.Detail)
	}
	return b.String()
}
