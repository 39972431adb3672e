// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const (
	rosterGroups = 20
	// promisedRoster is the size that every run with promises measures.
	promisedRoster = 10_000
	// maxCreatedRoster is the largest roster that is created. Larger ones are adopted, which takes no requests for single learners.
	maxCreatedRoster = 10_000
)

// rosterLimits are the promised figures of a roster over one API. A limit of 0 is not promised.
type rosterLimits struct {
	noopRequests, createRequests float64
	seconds                      float64 // of a plan, more than the empty provider
	peakMiB                      float64
	takeoverRequests             float64
	jsonCPU                      float64 // seconds, more than the empty provider
}

// promisedRosters has the limits by API and number of learners.
var promisedRosters = map[string]map[int]rosterLimits{
	apiUserManagement: {
		10_000: {noopRequests: 110, createRequests: 10_150, seconds: 1.5, takeoverRequests: 450, jsonCPU: 0.4},
		50_000: {noopRequests: 560, seconds: 6, peakMiB: 600, jsonCPU: 2},
	},
	apiSCIM: {
		10_000: {noopRequests: 130, createRequests: 10_450, seconds: 1.5, takeoverRequests: 450, jsonCPU: 0.4},
		50_000: {noopRequests: 560, seconds: 6, peakMiB: 600, jsonCPU: 2},
	},
}

// The promised time of a create, to that of its requests if the provider sends as many at a time as it does by default.
const (
	promisedCreateRatio  = 1.3
	promisedCreateAtOnce = 16
)

// jsonBody only calls the function. The empty provider's function returns its argument.
const jsonBody = providerBlock + `
output "bytes" {
  value = length(provider::PROVIDER::roster_json(file("${path.module}/data.csv")))
}
`

const rosterBody = `
resource "PROVIDER_roster" "all" {
  learners = jsonencode({ for row in csvdecode(file("${path.module}/data.csv")) : row.email => {
    email       = row.email
    first_name  = row.first_name
    last_name   = row.last_name
    external_id = row.external_id
    groups      = [row.group]
  } })
  missing_groups = "create"
}
`

// rosterOf returns a scenario with one roster of n learners. The first has this last name.
func rosterOf(n int, lastName string) scenario {
	return scenario{body: providerBlock + rosterBody, data: rosterCSV(n, lastName)}
}

func rosterCSV(n int, lastName string) csvText {
	var text strings.Builder
	text.WriteString("email,first_name,last_name,external_id,group\n")
	for i := range n {
		l := rosterLearner(i)
		if i == 0 {
			l.LastName = lastName
		}
		fmt.Fprintf(&text, "%s,%s,%s,%s,%s\n", l.Email, l.FirstName, l.LastName, l.ExternalID, rosterGroup(i))
	}
	return csvText(text.String())
}

func rosterLearner(i int) simulator.Learner {
	return simulator.Learner{
		Email: fmt.Sprintf("bench-%05d@example.org", i), FirstName: "Bench", LastName: fmt.Sprintf("Learner %d", i), ExternalID: fmt.Sprintf("E%05d", i),
	}
}

func rosterGroup(i int) string {
	return fmt.Sprintf("Bench %d", i%rosterGroups)
}

// addRoster adds the groups and n learners of a roster to a simulator.
func addRoster(sim *simulator.Simulator, n int) {
	ids := make([]string, rosterGroups)
	for i := range ids {
		ids[i] = sim.AddGroup(rosterGroup(i)).ID
	}
	for i := range n {
		l := rosterLearner(i)
		l.Groups = []string{ids[i%rosterGroups]}
		sim.Add(l)
	}
}

// The steps of a roster.
var (
	rosterCreate = step{"roster: create", create.arguments, 0, create.contains}
	rosterNoop   = step{"roster: no-op plan", unchanged.arguments, 0, unchanged.contains}
	rosterChange = step{"roster: plan with one change", append([]string{"plan", "-out=plan.tfplan"}, oneChange.arguments[1:]...), oneChange.exitCode, oneChange.contains}
	// The apply of a saved plan does not plan again.
	rosterApply = step{"roster: apply one change", []string{"apply", "plan.tfplan"}, 0, "0 added, 1 changed, 0 destroyed."}
	rosterJSON  = step{jsonName, []string{"plan"}, 0, "bytes"}
	// The comparison with one resource for each learner.
	usersNoop = step{"for_each: no-op plan", unchanged.arguments, 0, unchanged.contains}
)

const jsonName = "roster_json alone, CPU time"

// onlyRosters measures rosters of the sizes of the flag, and one resource for each learner as a comparison.
func (b *bench) onlyRosters(ctx context.Context) error {
	for _, n := range b.rosters {
		if err := b.roster(ctx, n); err != nil {
			return err
		}
	}
	if !b.promises {
		return nil
	}
	fx, err := b.installation.newFixture(ctx, simulator.Config{}, always(usersOnly(promisedLearners)))
	if err != nil {
		return err
	}
	defer fx.close()
	b.progress.Printf("for_each: creating %d learners", promisedLearners)
	if _, err := b.measure(ctx, fx, create, 1); err != nil {
		return err
	}
	fx.SetPace(b.latency, b.rate)
	_, err = b.rosterRow(ctx, fx, promisedLearners, usersNoop, b.repeat)
	return err
}

// roster measures one roster of n learners in groups.
func (b *bench) roster(ctx context.Context, n int) error {
	limits := promisedRosters[b.api][n]
	fx, err := b.rosterFixture(ctx, n, limits)
	if err != nil {
		return fmt.Errorf("roster of %d: %w", n, err)
	}
	defer fx.close()
	noop, err := b.rosterRow(ctx, fx, n, rosterNoop, b.repeat)
	if err != nil {
		return err
	}
	b.promisePlan(n, noop, limits, 0)
	if limits.peakMiB > 0 && noop.PeakMiB > 0 {
		b.promiseRoster(n, noop, "MiB", limits.peakMiB, noop.PeakMiB)
	}
	if err := fx.setData(rosterOf(n, "Changed").data); err != nil {
		return err
	}
	for own, do := range []step{rosterChange, rosterApply} {
		changed, err := b.rosterRow(ctx, fx, n, do, 1)
		if err != nil {
			return err
		}
		b.promisePlan(n, changed, limits, 1+own)
	}
	if err := b.takeOverRoster(ctx, n, noop.EmptySeconds, limits); err != nil {
		return fmt.Errorf("%s of %d: %w", takeoverRosterName, n, err)
	}
	return b.rosterJSON(ctx, n, limits)
}

// rosterJSON measures the CPU time of the function, in a plan that does nothing else. The row has CPU times instead of durations.
func (b *bench) rosterJSON(ctx context.Context, n int, limits rosterLimits) error {
	fx, err := b.installation.newFixture(ctx, simulator.Config{}, always(scenario{body: jsonBody, data: rosterCSV(n, rosterLearner(0).LastName)}))
	if err != nil {
		return err
	}
	defer fx.close()
	b.progress.Printf("%d lines: %s", n, jsonName)
	var udemy, empty []time.Duration
	for range b.repeat {
		for _, provider := range []struct {
			*workspace

			times *[]time.Duration
		}{{fx.udemy, &udemy}, {fx.empty, &empty}} {
			_, cpu, err := provider.runCPU(ctx, rosterJSON)
			if err != nil {
				return fmt.Errorf("%d lines: %w", n, err)
			}
			*provider.times = append(*provider.times, cpu)
		}
	}
	r := row{Learners: n, Step: jsonName, UdemySeconds: median(udemy).Seconds(), EmptySeconds: median(empty).Seconds()}
	r.Ratio = r.UdemySeconds / r.EmptySeconds
	b.report.Rows = append(b.report.Rows, r)
	if limits.jsonCPU > 0 {
		b.promiseRoster(n, r, "CPU seconds", r.EmptySeconds+limits.jsonCPU, r.UdemySeconds)
	}
	return nil
}

// rosterConfig returns the organization of a roster. Over SCIM, the members are only in the groups, which takes more requests.
func rosterConfig(api string) simulator.Config {
	return simulator.Config{Variations: simulator.Variations{NoUserGroups: api == apiSCIM}}
}

// rosterFixture returns a fixture with an applied roster. Creating it is measured if it is not too large.
func (b *bench) rosterFixture(ctx context.Context, n int, limits rosterLimits) (*fixture, error) {
	isCreated := n <= maxCreatedRoster
	newScenario := func(sim *simulator.Simulator) scenario {
		if !isCreated {
			addRoster(sim, n)
		}
		return rosterOf(n, rosterLearner(0).LastName)
	}
	fx, err := b.installation.newFixture(ctx, rosterConfig(b.api), newScenario)
	if err != nil {
		return nil, err
	}
	if isCreated {
		fx.SetPace(b.latency, b.rate)
		var created row
		created, err = b.rosterRow(ctx, fx, n, rosterCreate, 1)
		if limits.createRequests > 0 && err == nil {
			b.promiseRoster(n, created, "requests", limits.createRequests, float64(created.Requests))
			minimum := float64(created.Requests) * b.latency.Seconds() / promisedCreateAtOnce
			b.promiseRoster(n, created, "seconds", created.EmptySeconds+promisedCreateRatio*minimum, created.UdemySeconds)
		}
	} else {
		b.progress.Printf("roster of %d: adopting the learners", n)
		_, err = b.measure(ctx, fx, rosterCreate, 1)
		fx.SetPace(b.latency, b.rate)
	}
	if err != nil {
		fx.close()
		return nil, err
	}
	return fx, nil
}

// rosterRow measures a step and adds its row.
func (b *bench) rosterRow(ctx context.Context, fx *fixture, n int, do step, times int) (row, error) {
	b.progress.Printf("%d learners: %s", n, do.name)
	r, err := b.measure(ctx, fx, do, times)
	if err != nil {
		return r, fmt.Errorf("%d learners: %w", n, err)
	}
	r.Learners = n
	if do.name != usersNoop.name {
		r.Memberships, r.Groups = n, min(n, rosterGroups)
	}
	b.report.Rows = append(b.report.Rows, r)
	return r, nil
}

// promisePlan judges the requests and the time of a step that reads the organization once. More requests belong to the change.
func (b *bench) promisePlan(n int, r row, limits rosterLimits, more int) {
	if limits.noopRequests == 0 {
		return
	}
	b.promiseRoster(n, r, "requests", limits.noopRequests+float64(more), float64(r.Requests))
	b.promiseRoster(n, r, "seconds", r.EmptySeconds+limits.seconds, r.UdemySeconds)
}

// promiseRoster judges a figure of a row.
func (b *bench) promiseRoster(n int, r row, figure string, limit, measured float64) {
	if b.promises && b.latency == promisedLatency && b.rate == 0 {
		b.promise(fmt.Sprintf("%s, %d learners", r.Step, n), figure, limit, measured)
	}
}
