// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package logging

import (
	"os"
	"slices"
	"strings"
)

// Quiet leaves out entries below WARN if no variable requests a level. Terraform drops these entries then, but the default of a
// provider is to write all of them, which takes a tenth of the time of a large plan. Quiet is called before the provider starts.
func Quiet() error {
	if slices.ContainsFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "TF_LOG") }) {
		return nil
	}
	for _, variable := range []string{"TF_LOG_PROVIDER", "TF_LOG_SDK"} {
		if err := os.Setenv(variable, "WARN"); err != nil {
			return err
		}
	}
	return nil
}
