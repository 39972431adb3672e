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

// workshop is what all stages share: the CLI and the two providers, built once.
type workshop struct {
	*terraform.CLI
	dir string
	api string
}

func newWorkshop(ctx context.Context, dir, cli, api string) (*workshop, error) {
	providers := map[string]string{"udemy": terraform.Module, "empty": terraform.Module + "/internal/testing/bench/emptyprovider"}
	built, err := terraform.New(ctx, dir, cli, providers)
	return &workshop{CLI: built, dir: dir, api: api}, err
}

// stage is a scenario set up for both providers: a folder for each, and a simulator for one of them.
type stage struct {
	*simulator.Simulator
	server       *httptest.Server
	udemy, empty *side
}

// newStage makes a stage, without latency or limit to begin with. Nothing has been created on it. How the
// scenario looks may depend on the simulator.
func (w *workshop) newStage(ctx context.Context, config simulator.Config, play func(*simulator.Simulator) scenario) (*stage, error) {
	sim := simulator.New(config)
	played := play(sim)
	st := &stage{Simulator: sim, server: httptest.NewServer(sim)}

	var err, emptyErr error
	st.udemy, err = w.newSide(ctx, "udemy", played, terraform.Environment(w.api, st.server.URL))
	st.empty, emptyErr = w.newSide(ctx, "empty", played, nil)
	if err = errors.Join(err, emptyErr); err != nil {
		st.close()
		return nil, err
	}
	return st, nil
}

func (st *stage) close() { st.server.Close() }

// side is one provider's half of a stage.
type side struct {
	*workshop
	dir string
	env []string
}

func (w *workshop) newSide(ctx context.Context, provider string, played scenario, env []string) (*side, error) {
	dir, err := os.MkdirTemp(w.dir, provider+"-")
	if err != nil {
		return nil, err
	}
	s := &side{workshop: w, dir: dir, env: env}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(played.mainTF(provider)), 0o600); err != nil {
		return nil, err
	}
	if err := s.setData(played.data); err != nil {
		return nil, err
	}
	_, err = s.run(ctx, initialize)
	return s, err
}

// setData writes what the configuration reads.
func (s *side) setData(data any) error {
	content, err := json.MarshalIndent(data, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.dir, "data.json"), content, 0o600)
}

// step is a call of the CLI, and how it shows that it has done what it should.
type step struct {
	name      string
	arguments []string
	exitCode  int
	says      string
}

var (
	initialize = step{"init", []string{"init"}, 0, "has been successfully initialized!"}
	create     = step{"create", []string{"apply", "-auto-approve"}, 0, "Apply complete!"}
	unchanged  = step{"no-op plan", []string{"plan", "-detailed-exitcode"}, 0, "No changes."}
	oneChange  = step{"plan with one change", []string{"plan", "-detailed-exitcode"}, 2, "Plan: 0 to add, 1 to change, 0 to destroy."}
)

// run does a step and returns how long it took.
func (s *side) run(ctx context.Context, do step) (time.Duration, error) {
	begin := time.Now()
	output, code, err := s.Run(ctx, s.dir, s.env, slices.Insert(slices.Clone(do.arguments), 1, "-input=false", "-no-color")...)
	took := time.Since(begin)
	if err != nil {
		return 0, err
	}
	if code != do.exitCode || !strings.Contains(output, do.says) {
		const end = 4000 // errors come last
		return 0, fmt.Errorf("%s: exit code %d instead of %d, or not %q:\n%s",
			do.name, code, do.exitCode, do.says, output[max(0, len(output)-end):])
	}
	return took, nil
}

// refused counts the requests that were answered with 429 since the last ResetRequests.
func (st *stage) refused() int {
	n := 0
	for _, request := range st.Requests() {
		if request.Status == http.StatusTooManyRequests {
			n++
		}
	}
	return n
}
