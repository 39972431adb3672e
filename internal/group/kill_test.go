// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package group_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// envVictim is set in the process that TestCreate_killed kills.
const envVictim = "UDEMY_TEST_VICTIM"

// TestVictim plans and applies a new group. TestCreate_killed runs it in a process of its own.
func TestVictim(t *testing.T) { //nolint:paralleltest // It is the only test of its process.
	if os.Getenv(envVictim) == "" {
		t.Skip("runs only in the process that TestCreate_killed starts")
	}
	protocol, diags := acceptance.Configure(t, nil)
	diags.ExpectNoErrors(t)
	_, diags = protocol.Create(udemyGroup, mathematics)
	diags.ExpectNoErrors(t)
}

// A creation is killed before and after each of its requests, and state is lost. Another administrator may create the group
// before the next run, or between its plan and its apply. The next run never creates a second group of the same name, even if
// the server allows it.
func TestCreate_killed(t *testing.T) {
	t.Parallel()
	var points atomic.Int64
	t.Cleanup(func() {
		if got := points.Load(); got < 40 {
			t.Errorf("%d kill points, want at least 40", got)
		}
	})
	for name, server := range map[string]struct {
		api        acceptance.API
		variations simulator.Variations
		// meanwhile is the moment at which another administrator creates the group.
		meanwhile []string
	}{
		"user management":  {acceptance.UserManagement, simulator.Variations{}, []string{never}},
		"SCIM":             {acceptance.SCIM, simulator.Variations{}, []string{never}},
		"names not unique": {acceptance.SCIM, simulator.Variations{SameGroupNames: true}, []string{never, beforePlan, beforeApply}},
		"filters do not work": {
			acceptance.SCIM, simulator.Variations{SameGroupNames: true, EmptySearches: true, PageSize: 2}, []string{never, beforeApply},
		},
	} {
		for _, lost := range []bool{false, true} {
			for _, meanwhile := range server.meanwhile {
				t.Run(name+", "+meanwhile+", "+map[bool]string{false: "all answers arrive", true: "the answer to the creation is lost"}[lost], func(t *testing.T) {
					t.Parallel()
					for point := 0; !t.Failed(); point++ {
						v := &victim{point: point, loses: lost}
						org := acceptance.Start(t, server.api, simulator.Config{Variations: server.variations, Intercept: v.intercept})
						org.AddGroup("Physics")
						if v.org = org; !v.run(t) {
							break
						}
						points.Add(1)
						expectOneGroup(t, org, meanwhile)
						if t.Failed() {
							t.Logf("killed at point %d", point)
						}
					}
				})
			}
		}
	}
}

// The times at which another administrator creates the group.
const (
	never       = "nothing meanwhile"
	beforePlan  = "created before the plan"
	beforeApply = "created before the apply"
)

// expectOneGroup runs the creation again, and fails unless the organization has one group of the name then.
func expectOneGroup(t *testing.T, org *acceptance.Organization, meanwhile string) {
	t.Helper()
	named := func() []simulator.Group {
		return slices.DeleteFunc(org.Groups(), func(g simulator.Group) bool { return g.Name != "Mathematics" })
	}
	create := func(now string) {
		if now == meanwhile && len(named()) == 0 {
			org.AddGroup("Mathematics")
		}
	}
	create(beforePlan)
	protocol := org.Protocol(t, nil)
	plan := protocol.Plan(nil, udemyGroup, mathematics)
	plan.Diagnostics.ExpectNoErrors(t)
	create(beforeApply)
	object, diags := protocol.NextRun().Apply(plan)
	diags.ExpectNoErrors(t)
	if groups := named(); len(groups) != 1 || object.Values["id"] != groups[0].ID {
		t.Errorf("state is %+v, and Udemy has %+v", object, groups)
	}
}

// victim is a process that creates a group, and is killed at one of its requests.
type victim struct {
	org *acceptance.Organization
	// point is the number of the request, twice: the process is killed before the request is carried out if it is even, and
	// otherwise after that.
	point int
	// loses is set if the first POST is carried out and not answered.
	loses bool

	mu       sync.Mutex
	process  *exec.Cmd
	ended    chan struct{}
	requests int
	lost     bool
}

// run runs the process, and reports whether it reached the request at which it is killed.
func (v *victim) run(t *testing.T) (killed bool) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestVictim$")
	var output bytes.Buffer
	command.Env, command.Stdout, command.Stderr = append(v.org.Env(), envVictim+"=1"), &output, &output
	ended := make(chan struct{})
	v.mu.Lock()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	v.process, v.ended = command, ended
	v.mu.Unlock()
	err := command.Wait()
	close(ended)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.process = nil
	if killed = v.requests*2 > v.point; !killed && err != nil {
		t.Fatalf("%s\n%s", err, &output)
	}
	return killed
}

func (v *victim) intercept(_ http.ResponseWriter, r *http.Request) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.process == nil { // It is a request of the next run.
		return false
	}
	request := v.requests
	v.requests++
	kills, loses := v.point/2 == request, v.loses && !v.lost && r.Method == http.MethodPost
	if !kills && !loses {
		return false
	}
	if loses || v.point%2 == 1 {
		v.lost = v.lost || loses
		v.carryOut(r)
	}
	if kills {
		_ = v.process.Process.Kill()
		<-v.ended
	}
	panic(http.ErrAbortHandler)
}

// carryOut carries out a request without returning the response.
func (v *victim) carryOut(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	process := v.process
	v.process = nil // The simulator calls intercept for this request, too.
	v.mu.Unlock()
	v.org.ServeHTTP(httptest.NewRecorder(), copied)
	v.mu.Lock()
	v.process = process
}
