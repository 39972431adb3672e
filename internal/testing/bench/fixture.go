// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/terraform"
)

// installation is the CLI with both providers, built once for all fixtures.
type installation struct {
	*terraform.CLI
	dir string
	api string
}

func newInstallation(ctx context.Context, dir, cli, api string) (*installation, error) {
	providers := map[string]string{"udemy": terraform.Module, "empty": terraform.Module + "/internal/testing/bench/emptyprovider"}
	built, err := terraform.New(ctx, dir, cli, providers)
	return &installation{CLI: built, dir: dir, api: api}, err
}

// fixture is a scenario for both providers: a workspace for each, and a simulator for the one that sends requests.
type fixture struct {
	*simulator.Simulator
	server       *httptest.Server
	udemy, empty *workspace
}

// newFixture creates a fixture without latency and rate limit. No resource has been applied. The scenario may depend on the
// simulator.
func (i *installation) newFixture(ctx context.Context, config simulator.Config, newScenario func(*simulator.Simulator) scenario) (*fixture, error) {
	sim := simulator.New(config)
	s := newScenario(sim)
	fx := &fixture{Simulator: sim, server: httptest.NewServer(sim)}

	var err, emptyErr error
	fx.udemy, err = i.newWorkspace(ctx, "udemy", s, terraform.Environment(i.api, fx.server.URL))
	fx.empty, emptyErr = i.newWorkspace(ctx, "empty", s, nil)
	if err = errors.Join(err, emptyErr); err != nil {
		fx.close()
		return nil, err
	}
	return fx, nil
}

func (fx *fixture) close() { fx.server.Close() }

// workspace is the working directory of a scenario for one provider.
type workspace struct {
	*installation
	dir string
	env []string
}

func (i *installation) newWorkspace(ctx context.Context, provider string, s scenario, env []string) (*workspace, error) {
	dir, err := os.MkdirTemp(i.dir, provider+"-")
	if err != nil {
		return nil, err
	}
	w := &workspace{installation: i, dir: dir, env: env}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(s.mainTF(provider)), 0o600); err != nil {
		return nil, err
	}
	if err := w.setData(s.data); err != nil {
		return nil, err
	}
	_, err = w.run(ctx, initialize)
	return w, err
}

// setData writes data.json or data.csv.
func (w *workspace) setData(data any) error {
	if text, ok := data.(csvText); ok {
		return os.WriteFile(filepath.Join(w.dir, "data.csv"), []byte(text), 0o600)
	}
	content, err := json.MarshalIndent(data, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.dir, "data.json"), content, 0o600)
}

// step is a command of the CLI with its expected exit code and a text that its output must contain.
type step struct {
	name      string
	arguments []string
	exitCode  int
	contains  string
}

var (
	initialize = step{"init", []string{"init"}, 0, "has been successfully initialized!"}
	create     = step{"create", []string{"apply", "-auto-approve"}, 0, "Apply complete!"}
	unchanged  = step{"no-op plan", []string{"plan", "-detailed-exitcode"}, 0, "No changes."}
	oneChange  = step{"plan with one change", []string{"plan", "-detailed-exitcode"}, 2, "Plan: 0 to add, 1 to change, 0 to destroy."}
)

// run runs a step and returns its duration.
func (w *workspace) run(ctx context.Context, do step) (time.Duration, error) {
	took, _, err := w.runCPU(ctx, do)
	return took, err
}

// runCPU runs a step and returns its duration, and the CPU time of the CLI and the provider.
func (w *workspace) runCPU(ctx context.Context, do step) (took, cpu time.Duration, err error) {
	begin := time.Now()
	output, code, cpu, err := w.RunCPU(ctx, w.dir, w.env, slices.Insert(slices.Clone(do.arguments), 1, "-input=false", "-no-color")...)
	took = time.Since(begin)
	if err != nil {
		return 0, 0, err
	}
	if code != do.exitCode || !strings.Contains(output, do.contains) {
		const end = 4000 // errors are at the end
		return 0, 0, fmt.Errorf("%s: exit code %d, want exit code %d and %q in the output:\n%s",
			do.name, code, do.exitCode, do.contains, output[max(0, len(output)-end):])
	}
	return took, cpu, nil
}

// refused counts the requests with status 429 since the last ResetRequests.
func (fx *fixture) refused() int {
	n := 0
	for _, request := range fx.Requests() {
		if request.Status == http.StatusTooManyRequests {
			n++
		}
	}
	return n
}
