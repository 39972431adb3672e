// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package invariant_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/core"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// runner runs scenarios one after the other. All of them share one HTTP server.
type runner struct {
	core   *core.Core
	server *httptest.Server
	sim    atomic.Pointer[simulator.Simulator]
}

func newRunner(provider *core.Core) *runner {
	r := &runner{core: provider}
	r.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		r.sim.Load().ServeHTTP(w, request)
	}))
	r.server.Config.ConnState = func(connection net.Conn, state http.ConnState) {
		if tcp, ok := connection.(*net.TCPConn); ok && state == http.StateNew {
			_ = tcp.SetLinger(0) // Thousands of connections must not stay in TIME_WAIT.
		}
	}
	r.server.Start()
	return r
}

// block is the provider block.
func (r *runner) block(api acceptance.API) map[string]any {
	if api == acceptance.SCIM {
		return map[string]any{"token": simulator.DefaultToken, "endpoint": r.server.URL + "/scim/v2", "subdomain": "example"}
	}
	return map[string]any{
		"token": simulator.DefaultToken, "endpoint": r.server.URL + "/api-2.0", "organization_uuid": simulator.DefaultOrganization,
	}
}

// organization is what Udemy holds at a time.
type organization struct {
	learners map[string]simulator.Learner
	groups   map[string]simulator.Group
	ids      []string // of the learners, in the order of creation
	groupIDs []string
}

func look(sim *simulator.Simulator) organization {
	o := organization{learners: map[string]simulator.Learner{}, groups: map[string]simulator.Group{}}
	for _, l := range sim.Learners() {
		o.learners[l.ID] = l
		o.ids = append(o.ids, l.ID)
	}
	for _, g := range sim.Groups() {
		slices.Sort(g.Members)
		o.groups[g.ID] = g
		o.groupIDs = append(o.groupIDs, g.ID)
	}
	return o
}

// restore makes a simulator that holds the same. Groups have the same IDs because none was deleted so far.
func (o organization) restore(config simulator.Config) *simulator.Simulator {
	sim := simulator.New(config)
	for _, id := range o.groupIDs {
		if sim.AddGroup(o.groups[id].Name).ID != id {
			panic("the simulator gave another ID to a group")
		}
	}
	for range 2 * len(o.ids) { // Uses up the IDs that were given already, so that none is given again.
		sim.Remove(sim.Add(simulator.Learner{Email: "nobody@example.com"}).Email)
	}
	for _, id := range o.ids {
		sim.Add(o.learners[id])
	}
	return sim
}

// stage is the organization and the state when the first configuration has been applied. Several scenarios start from it.
type stage struct {
	org   organization
	state core.State
}

// result is what came of a scenario.
type result struct {
	// discarded says why the scenario shows nothing.
	discarded string
	// refused is the summary of the error by which the plan refused.
	refused    string
	violations []violation
	// changesAgain says that the plan after a successful apply was not empty.
	changesAgain bool
	// calls are the calls of the provider, and what each wrote at Udemy, if they were asked for.
	calls []string
}

// violation is a breach of the invariant.
type violation struct {
	kind, detail string
}

func (v violation) String() string { return v.kind + ": " + v.detail }

// attempt is a scenario under way.
type attempt struct {
	*runner
	*scenario
	*stage

	random *rand.Rand
	traced bool
	after  core.Config
	result result
	// now is the state after the latest apply.
	now core.State
	// plans are all plans so far, and failures the errors of the latest apply.
	plans    []*core.Plan
	failures core.Diagnostics
}

// prepare applies the first configuration. The reason is not empty if that does not succeed.
func (r *runner) prepare(ctx context.Context, s *scenario) (prepared *stage, reason string, err error) {
	sim := s.start()
	r.sim.Store(sim)
	random := rand.New(rand.NewPCG(s.order, 1))
	state := core.State{}
	config := s.config(false)
	for range 3 {
		run := core.Run{Block: r.block(s.api), Rand: random}
		plan, err := r.core.Plan(ctx, state, config, run)
		r.server.CloseClientConnections()
		if err != nil {
			return nil, "", fmt.Errorf("planning before: %w", err)
		}
		if plan.Diagnostics.Failed() {
			return nil, "before is refused: " + kindOf(plan.Diagnostics.Errors()[0].Summary), nil
		}
		if plan.IsEmpty() {
			break
		}
		var diagnostics core.Diagnostics
		state, diagnostics, err = r.core.Apply(ctx, plan, run)
		r.server.CloseClientConnections()
		if err != nil {
			return nil, "", fmt.Errorf("applying before: %w", err)
		}
		if reason = ""; !diagnostics.Failed() {
			break
		}
		reason = "before fails: " + kindOf(diagnostics.Errors()[0].Summary)
	}
	for _, p := range s.people {
		if !p.accepts || p.before == nil {
			continue
		}
		if l, ok := sim.Learner(p.before.email); ok && l.Status == simulator.StatusInvited {
			sim.Edit(l.Email, func(l *simulator.Learner) { l.Status = simulator.StatusActive })
		}
	}
	prepared = &stage{org: look(sim), state: state}
	if reason == "" && len(state) != len(config.Resources) {
		reason = "before is not complete"
	}
	return prepared, reason, nil
}

// run plans and applies the second configuration, twice, and checks the invariant.
func (r *runner) run(ctx context.Context, s *scenario, from *stage, traced bool) (result, error) {
	sim := from.org.restore(s.simulator())
	r.sim.Store(sim)
	a := &attempt{
		runner: r, scenario: s, stage: &stage{org: look(sim), state: from.state}, random: rand.New(rand.NewPCG(s.order, 2)), traced: traced,
		after: s.config(true), now: from.state.Clone(),
	}
	for _, address := range s.tainted() {
		a.now.Taint(address)
	}
	err := a.run(ctx)
	if errors.Is(err, core.ErrCycle) {
		return result{discarded: "Terraform finds a cycle"}, nil
	}
	return a.result, err
}

func (a *attempt) run(ctx context.Context) error {
	plan, err := a.plan(ctx, a.replaced())
	if err != nil {
		return err
	}
	if plan.Diagnostics.Failed() {
		a.refusedAtOnce(plan)
		return nil
	}
	succeeded, err := a.apply(ctx, plan)
	if err != nil {
		return err
	}
	a.check(succeeded)
	a.note("# The next plan and apply")
	again, err := a.plan(ctx, nil)
	if err != nil {
		return err
	}
	if again.Diagnostics.Failed() {
		// The first plan can't compare the owners of a membership whose learner is new. An object that state holds twice needs
		// `terraform state rm`, as the error says.
		if !slices.Contains(a.contradictions(), ownersOfMembership) && (succeeded || !a.holdsTwice()) {
			a.violate(choose(succeeded, kindRefusedLater, kindStuck), "%s", again.Diagnostics.Errors()[0].Summary)
		}
		return nil
	}
	if succeeded && again.Destroys() {
		a.violate(kindDestroysLater, "%s", changes(again))
	}
	a.result.changesAgain = succeeded && !again.IsEmpty()
	if !again.IsEmpty() {
		second, err := a.apply(ctx, again)
		if err != nil {
			return err
		}
		if !second {
			if !a.scenario.mayStick() {
				a.violate(kindStuck, "%s", a.failures[0].Summary)
			}
			return nil
		}
	}
	if !succeeded || !again.IsEmpty() {
		a.check(true)
	}
	return nil
}

// holdsTwice reports whether state has an object as current and as deposed: a replacement with create_before_destroy has adopted the
// object itself, and a later step of the same apply has failed.
func (a *attempt) holdsTwice() bool {
	for _, instance := range a.now {
		isSame := func(deposed *core.Object) bool {
			return instance.Current != nil && deposed.Text("id") == instance.Current.Text("id")
		}
		if slices.ContainsFunc(instance.Deposed, isSame) {
			return true
		}
	}
	return false
}

func changes(plan *core.Plan) string {
	var words []string
	for _, change := range plan.Changes {
		if change.Action != core.NoOp {
			words = append(words, fmt.Sprintf("%s: %s", change.Address, change.Action))
		}
	}
	return strings.Join(words, ", ")
}

// refusedAtOnce checks a refusal: nothing was written, and there was a reason to refuse.
func (a *attempt) refusedAtOnce(plan *core.Plan) {
	failure := plan.Diagnostics.Errors()[0]
	a.result.refused = kindOf(failure.Summary)
	for _, request := range a.sim.Load().Requests() {
		if request.Method != http.MethodGet {
			a.violate(kindWroteAtPlan, "%s %s", request.Method, request.Path)
		}
	}
	if now := look(a.sim.Load()); !reflect.DeepEqual(now, a.org) {
		a.violate(kindWroteAtPlan, "the organization is another")
	}
	if len(a.contradictions()) == 0 {
		a.violate(kindRefusedPlain, "%s\n%s", a.result.refused, failure.Detail)
	}
}

func (a *attempt) coreRun(replaced []core.Address) core.Run {
	run := core.Run{Block: a.block(a.api), Rand: a.random, Replace: replaced, NoRefresh: a.withoutRefresh && len(a.plans) == 0}
	if a.parallel {
		run.Parallelism = 10
	}
	if a.traced {
		run.Called = func(call core.Call) {
			a.note("%s", call)
			for line := range strings.Lines(call.Diagnostics.String()) {
				a.note("    | %s", strings.TrimRight(line, "\n"))
			}
			for _, request := range a.sim.Load().Requests() {
				if request.Method != http.MethodGet {
					a.note("    %s %s %s → %d", request.Method, shortPath(request.Path), request.Body, request.Status)
				}
			}
			a.sim.Load().ResetRequests()
		}
	}
	return run
}

func shortPath(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, "/api-2.0/organizations/"+simulator.DefaultOrganization), "/scim/v2")
}

func (a *attempt) note(format string, arguments ...any) {
	if a.traced {
		a.result.calls = append(a.result.calls, fmt.Sprintf(format, arguments...))
	}
}

func (a *attempt) violate(kind, format string, arguments ...any) {
	a.result.violations = append(a.result.violations, violation{kind, fmt.Sprintf(format, arguments...)})
}

func (a *attempt) plan(ctx context.Context, replaced []core.Address) (*core.Plan, error) {
	plan, err := a.core.Plan(ctx, a.now, a.after, a.coreRun(replaced))
	a.server.CloseClientConnections()
	if err != nil {
		return nil, fmt.Errorf("planning after: %w", err)
	}
	a.plans = append(a.plans, plan)
	a.reportBugs(plan.Diagnostics)
	return plan, nil
}

func (a *attempt) apply(ctx context.Context, plan *core.Plan) (succeeded bool, err error) {
	state, diagnostics, err := a.core.Apply(ctx, plan, a.coreRun(nil))
	a.server.CloseClientConnections()
	if err != nil {
		return false, fmt.Errorf("applying after: %w", err)
	}
	a.now, a.failures = state, diagnostics.Errors()
	a.reportBugs(diagnostics)
	return !diagnostics.Failed(), nil
}

func (a *attempt) reportBugs(diagnostics core.Diagnostics) {
	for _, d := range diagnostics {
		if d.ProviderBug {
			a.violate(kindBug, "%s at %s: %s", d.Summary, d.Address, d.Detail)
		}
	}
}

// quoted is what differs between two diagnostics of a kind.
var quoted = regexp.MustCompile(`"[^"]*"|[0-9a-f]{8}(-[0-9a-f-]+)?|[0-9]+`)

// kindOf is a summary without what it is about.
func kindOf(summary string) string { return quoted.ReplaceAllString(summary, "…") }
