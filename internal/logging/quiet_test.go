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
//
//nolint:paralleltest // It changes the environment.
func TestQuiet(t *testing.T) {
	for _, variable := range os.Environ() { // t.Setenv restores what the test removes.
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "TF_LOG") {
			t.Setenv(name, value)
			os.Unsetenv(name)
		}
	}
	const requested = "TF_LOG_PROVIDER_UDEMY_TRANSPORT"
	t.Setenv(requested, "TRACE")
	if err := logging.Quiet(); err != nil || os.Getenv("TF_LOG_PROVIDER") != "" {
		t.Errorf("TF_LOG_PROVIDER = %q with %s, error %v", os.Getenv("TF_LOG_PROVIDER"), requested, err)
	}
	os.Unsetenv(requested)
	t.Cleanup(func() { os.Unsetenv("TF_LOG_PROVIDER"); os.Unsetenv("TF_LOG_SDK") })
	if err := logging.Quiet(); err != nil || os.Getenv("TF_LOG_PROVIDER") != "WARN" || os.Getenv("TF_LOG_SDK") != "WARN" {
		t.Errorf("TF_LOG_PROVIDER = %q, TF_LOG_SDK = %q, error %v", os.Getenv("TF_LOG_PROVIDER"), os.Getenv("TF_LOG_SDK"), err)
	}
}
