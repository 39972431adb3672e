// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package logging_test

import (
	"os"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
)

// Only a process without a variable for the log leaves out entries.
func TestQuiet(t *testing.T) {
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "TF_LOG") {
			unset(t, name)
		}
	}
	const requested = "TF_LOG_PROVIDER_UDEMY_TRANSPORT"
	t.Setenv(requested, "TRACE")
	unset(t, "TF_LOG_PROVIDER")
	unset(t, "TF_LOG_SDK")
	if err := logging.Quiet(); err != nil || os.Getenv("TF_LOG_PROVIDER") != "" {
		t.Errorf("TF_LOG_PROVIDER = %q with %s, error %v", os.Getenv("TF_LOG_PROVIDER"), requested, err)
	}
	unset(t, requested)
	if err := logging.Quiet(); err != nil || os.Getenv("TF_LOG_PROVIDER") != "WARN" || os.Getenv("TF_LOG_SDK") != "WARN" {
		t.Errorf("TF_LOG_PROVIDER = %q, TF_LOG_SDK = %q, error %v", os.Getenv("TF_LOG_PROVIDER"), os.Getenv("TF_LOG_SDK"), err)
	}
}

// unset removes a variable until the end of the test.
func unset(t *testing.T, name string) {
	t.Helper()
	t.Setenv(name, "") // It restores the variable at the end.
	if err := os.Unsetenv(name); err != nil {
		t.Fatal(err)
	}
}
