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

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// Module is the path of this module, below which the providers are.
const Module = "github.com/udemy-iac/terraform-provider-udemy"

// CLI is Terraform or OpenTofu, with providers of its own.
type CLI struct {
	// Program is the path of the CLI.
	Program string
	// Env is the environment of its commands: the caller's own, without what is meant for other runs.
	Env []string

	bin string
}

// New builds providers, packages by the name of the provider, and puts them into a mirror below dir, which is the only
// place where the CLI looks for providers. As for every user, terraform init comes before any other command.
func New(ctx context.Context, dir, program string, providers map[string]string) (*CLI, error) {
	found, err := exec.LookPath(program)
	if err != nil {
		return nil, err
	}
	// It runs in other folders.
	if program, err = filepath.Abs(found); err != nil {
		return nil, err
	}
	c := &CLI{Program: program, bin: filepath.Join(dir, "bin")}
	for name, source := range providers {
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", c.Provider(name), source)
		if output, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building %s: %w\n%s", source, err, output)
		}
		// To each CLI, the source means another registry.
		for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
			if err := c.mirror(filepath.Join(dir, "mirror", host), name); err != nil {
				return nil, err
			}
		}
	}
	config := filepath.Join(dir, "terraformrc")
	content := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(filepath.Join(dir, "mirror")))
	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		return nil, err
	}
	c.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "TF_") || strings.HasPrefix(variable, "UDEMY_")
	})
	c.Env = append(c.Env, "TF_CLI_CONFIG_FILE="+config, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
	return c, nil
}

// mirror puts a provider to where terraform init looks for it.
func (c *CLI) mirror(dir, name string) error {
	const version = "0.1.0"
	dir = filepath.Join(dir, "udemy-iac", name, version, runtime.GOOS+"_"+runtime.GOARCH)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.Link(c.Provider(name), filepath.Join(dir, "terraform-provider-"+name+"_v"+version+extension()))
}

// Provider is the path of a provider's own binary.
func (c *CLI) Provider(name string) string {
	return filepath.Join(c.bin, "terraform-provider-"+name+extension())
}

func extension() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// Environment are the variables by which the provider reaches a simulator over an API, "scim" or "user_management".
func Environment(api, simulatorURL string) []string {
	env := []string{"UDEMY_TOKEN=" + simulator.DefaultToken, "UDEMY_API=" + api}
	if api == "scim" {
		return append(env, "UDEMY_SUBDOMAIN=example", "UDEMY_ENDPOINT="+simulatorURL+"/scim/v2")
	}
	return append(env, "UDEMY_ORGANIZATION_UUID="+simulator.DefaultOrganization, "UDEMY_ENDPOINT="+simulatorURL+"/api-2.0")
}

// Version is what the CLI calls itself.
func (c *CLI) Version(ctx context.Context) (string, error) {
	command := exec.CommandContext(ctx, c.Program, "version")
	command.Env = c.Env
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", c.Program, err)
	}
	line, _, _ := strings.Cut(string(output), "\n")
	return line, nil
}

// Run runs the CLI in a folder, with further environment variables, and returns what it said on both outputs and its
// exit code.
func (c *CLI) Run(ctx context.Context, dir string, env []string, arguments ...string) (output string, code int, err error) {
	var said bytes.Buffer
	command := exec.CommandContext(ctx, c.Program, arguments...)
	command.Dir, command.Env, command.Stdout, command.Stderr = dir, slices.Concat(c.Env, env), &said, &said
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
