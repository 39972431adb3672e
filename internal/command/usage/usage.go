// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package usage is how subcommands say that they were called wrongly.
package usage

// Error is a mistake in the arguments of a subcommand.
type Error struct {
	Err error
}

// Error implements error.
func (e *Error) Error() string { return e.Err.Error() + "; -h shows the usage" }

// Unwrap gives errors.Is and errors.As the mistake itself.
func (e *Error) Unwrap() error { return e.Err }

// ExitCode is what the process ends with.
func (e *Error) ExitCode() int { return 2 }
