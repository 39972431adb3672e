// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package terraform runs the real CLI with providers that are built from this module.
package terraform

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Module is the path of this module, below which the providers are.
const Module = "github.com/udemy-iac/terraform-provider-udemy"

// CLI is Terraform or OpenTofu, with providers of its own.
type CLI struct {
	program string
	env     []string
}

// New builds providers, packages by the name of the provider, into a folder, and tells the CLI to take them from there.
func New(ctx context.Context, dir, program string, providers map[string]string) (*CLI, error) {
	found, err := exec.LookPath(program)
	if err != nil {
		return nil, err
	}
	// It runs in other folders.
	if program, err = filepath.Abs(found); err != nil {
		return nil, err
	}
	bin := filepath.Join(dir, "bin")
	overrides := ""
	for name, source := range providers {
		target := filepath.Join(bin, "terraform-provider-"+name)
		if runtime.GOOS == "windows" {
			target += ".exe"
		}
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", target, source)
		if output, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building %s: %w\n%s", source, err, output)
		}
		// To each CLI, the source means another registry.
		for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
			overrides += fmt.Sprintf("    %q = %q\n", host+"/udemy-iac/"+name, filepath.ToSlash(bin))
		}
	}
	config := filepath.Join(dir, "terraformrc")
	content := "provider_installation {\n  dev_overrides {\n" + overrides + "  }\n}\n"
	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		return nil, err
	}
	env := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "TF_") || strings.HasPrefix(variable, "UDEMY_")
	})
	env = append(env, "TF_CLI_CONFIG_FILE="+config, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	return &CLI{program: program, env: env}, nil
}

// Version is what the CLI calls itself.
func (c *CLI) Version(ctx context.Context) (string, error) {
	command := exec.CommandContext(ctx, c.program, "version")
	command.Env = c.env
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", c.program, err)
	}
	line, _, _ := strings.Cut(string(output), "\n")
	return line, nil
}

// Run runs the CLI in a folder, with further environment variables, and returns what it said on both outputs and its
// exit code.
func (c *CLI) Run(ctx context.Context, dir string, env []string, arguments ...string) (output string, code int, err error) {
	var said bytes.Buffer
	command := exec.CommandContext(ctx, c.program, arguments...)
	command.Dir, command.Env, command.Stdout, command.Stderr = dir, slices.Concat(c.env, env), &said, &said
	// Left to itself, the CLI ends its providers.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 10 * time.Second
	err = command.Run()
	var exit *exec.ExitError
	if ctx.Err() != nil {
		return "", 0, ctx.Err()
	} else if errors.As(err, &exit) {
		return said.String(), exit.ExitCode(), nil
	}
	return said.String(), 0, err
}
