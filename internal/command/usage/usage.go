// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package usage provides the error type for invalid arguments of subcommands.
package usage

// Error reports invalid arguments of a subcommand.
type Error struct {
	Err error
}

func (e *Error) Error() string { return e.Err.Error() + "; -h shows the usage" }

func (e *Error) Unwrap() error { return e.Err }

// ExitCode returns the exit code of the process.
func (e *Error) ExitCode() int { return 2 }
