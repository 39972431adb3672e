// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

//go:build !unix

package main

import (
	"errors"
	"os/exec"
)

func inOwnGroup(*exec.Cmd) {}

func stop(*exec.Cmd, bool) error {
	return errors.New("this system can't interrupt the CLI together with its providers; leave out the kind " + roster)
}
