// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package invariant_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/core"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const rosterType = "udemy_roster"

// place is where a configuration has a person: in no resource, in a udemy_user, or in one of two rosters.
type place string

const (
	nowhere place = ""
	single  place = "user"
	rosterA place = "a"
	rosterB place = "b"
)

func (p place) isRoster() bool { return p == rosterA || p == rosterB }

// byRoster means that the lines of the rosters have the groups of their people.
const byRoster owner = "groups of udemy_roster"

// Contradictions that the checks make exceptions for.
const (
	unlistedUnordered = "unlisted without depends_on"
	addressHandedOver = "an address handed over"
)

// crossing is a pair of configurations between which people move between udemy_user resources and rosters.
type crossing struct {
	api       acceptance.API
	order     uint64
	parallel  bool
	onRemoval string
	// unlisted deactivates people in no resource, in the second configuration.
	unlisted bool
	// dependsOn is the type of the resources that depend on the others: udemy_roster, udemy_user, or none.
	dependsOn string
	before    owner
	after     owner
	people    []*crosser
}

// crosser is one person, and the places in both configurations.
type crosser struct {
	exists        bool
	before, after place
	key, newKey   string // of the line
	email         string
	newEmail      string
	externalID    string
	firstName     string
	// isIn and staysIn are whether the configurations have the person in the group.
	isIn, staysIn bool
	// forgotten means that a removed block without destroy is for the udemy_user.
	forgotten bool
}

func (g *generator) crossing() *crossing {
	c := &crossing{
		api: pick(g, acceptance.UserManagement, acceptance.SCIM), order: g.Uint64(), parallel: g.chance(15), onRemoval: pick(g, deactivate, keep, keep),
		unlisted: g.chance(15), dependsOn: pick(g, "", "", userType, rosterType), before: pick(g, unmanaged, byMembership, byMembers, byRoster, byRoster),
	}
	c.after = pick(g, c.before, unmanaged, byMembership, byMembers, byRoster, byRoster)
	isPlain := g.chance(70)
	for i := range 2 + g.IntN(4) {
		p := &crosser{
			exists: g.chance(50), before: pick(g, nowhere, single, single, rosterA, rosterA, rosterA, rosterB), email: fmt.Sprintf("p%d@example.com", i),
			key: fmt.Sprintf("p%d", i), firstName: fmt.Sprintf("P%d", i), isIn: g.chance(50), staysIn: g.chance(50), forgotten: g.chance(80),
		}
		if g.chance(40) {
			p.externalID = fmt.Sprintf("E-%d", i)
		}
		p.after, p.newKey, p.newEmail = p.before, p.key, p.email
		if g.chance(55) {
			p.after = pick(g, nowhere, single, rosterA, rosterA, rosterB)
		}
		if g.chance(20) {
			p.newKey = g.next("k")
		}
		if g.chance(10) && p.before == p.after && (p.newKey == p.key || !p.before.isRoster()) {
			p.newEmail = g.next("new") + "@example.com"
		}
		if isPlain && p.before == single && p.after != single {
			p.forgotten = true
		}
		c.people = append(c.people, p)
	}
	if !isPlain && g.chance(40) { // One person gets the address of another.
		a, b := pick(g, c.people...), pick(g, c.people...)
		a.newEmail, b.newEmail = b.newEmail, a.newEmail
	}
	return c
}

// config returns a configuration. The IDs that are known are literals, so that Terraform may choose more orders.
func (c *crossing) config(after bool, ids map[string]string) core.Config {
	config := core.Config{Moved: map[core.Address]core.Address{}}
	group := core.Address{Type: groupType, Name: groupsBlock}
	groupOwner := choose(after, c.after, c.before)
	config.Resources = append(config.Resources, core.Resource{Address: group, Attributes: map[string]any{"name": "Group"}})
	lines := map[place]map[string]any{}
	members := map[string]any{}
	var users []core.Address
	for _, p := range c.people {
		at, email := choose(after, p.after, p.before), choose(after, p.newEmail, p.email)
		isIn := choose(after, p.staysIn, p.isIn)
		var id any
		if known := ids[p.email]; known != "" {
			id = known
		}
		switch {
		case at == single:
			address := core.Address{Type: userType, Name: p.key}
			users = append(users, address)
			attributes := map[string]any{"email": email, "first_name": p.firstName, "last_name": "L"}
			if p.externalID != "" {
				attributes["external_id"] = p.externalID
			}
			config.Resources = append(config.Resources, core.Resource{Address: address, Attributes: attributes})
			if id == nil {
				id = core.Reference{Address: address, Attribute: "id"}
			}
		case at.isRoster():
			line := map[string]any{"email": email, "first_name": p.firstName, "last_name": "L"}
			if p.externalID != "" {
				line["external_id"] = p.externalID
			}
			if groupOwner == byRoster {
				line["groups"] = choose(isIn, []string{"Group"}, []string{})
			}
			if lines[at] == nil {
				lines[at] = map[string]any{}
			}
			lines[at][choose(after, p.newKey, p.key)] = line
		default:
			if after && p.before == single && p.forgotten {
				config.Forgotten = append(config.Forgotten, core.Address{Type: userType, Name: p.key})
			}
			continue
		}
		if after && p.before == single && p.after != single && p.forgotten {
			config.Forgotten = append(config.Forgotten, core.Address{Type: userType, Name: p.key})
		}
		if !isIn || id == nil {
			continue
		}
		members[p.email] = id
		if groupOwner == byMembership {
			config.Resources = append(config.Resources, core.Resource{
				Address:    core.Address{Type: membershipOf, Name: p.key},
				Attributes: map[string]any{"group_id": core.Reference{Address: group, Attribute: "id"}, "user_id": id},
			})
		}
	}
	if groupOwner == byMembers {
		config.Resources = append(config.Resources, core.Resource{
			Address:    core.Address{Type: membersOf, Name: groupsBlock},
			Attributes: map[string]any{"group_id": core.Reference{Address: group, Attribute: "id"}, "members": members},
		})
	}
	var rosters []core.Address
	for _, at := range []place{rosterA, rosterB} {
		if lines[at] == nil {
			continue
		}
		learners, err := json.Marshal(lines[at])
		if err != nil {
			panic(err)
		}
		address := core.Address{Type: rosterType, Name: string(at)}
		resource := core.Resource{Address: address, Attributes: map[string]any{
			"learners": string(learners), "on_removal": c.onRemoval, "unlisted": choose(after && c.unlisted && at == rosterA, "deactivate", "ignore"),
		}}
		if !after && groupOwner == byRoster {
			resource.DependsOn = append(resource.DependsOn, group)
		}
		rosters = append(rosters, address)
		config.Resources = append(config.Resources, resource)
	}
	for i := range config.Resources {
		r := &config.Resources[i]
		switch {
		case r.Type != c.dependsOn:
		case r.Type == rosterType:
			r.DependsOn = append(r.DependsOn, users...)
			if r.Name == string(rosterA) && slices.Contains(rosters, core.Address{Type: rosterType, Name: string(rosterB)}) {
				r.DependsOn = append(r.DependsOn, core.Address{Type: rosterType, Name: string(rosterB)})
			}
		default:
			r.DependsOn = append(r.DependsOn, rosters...)
		}
	}
	return config
}

// contradictions lists what a plan may refuse.
func (c *crossing) contradictions() []string {
	var found []string
	for i, p := range c.people {
		switch {
		case p.before == p.after, p.before == nowhere, p.after == nowhere:
		case p.before == single && !p.forgotten, p.before.isRoster() && c.onRemoval != keep:
			found = append(found, "a learner who is released and taken over")
		}
		for j, other := range c.people {
			if i != j && p.after != nowhere && other.email == p.newEmail {
				found = append(found, addressHandedOver)
			}
		}
		if c.unlisted && c.dependsOn != rosterType && p.after != nowhere && p.after != rosterA {
			found = append(found, unlistedUnordered)
		}
	}
	return found
}

func (c *crossing) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "# Over %s, order %d, parallel %t\n", c.api, c.order, c.parallel)
	for _, p := range c.people {
		fmt.Fprintf(&text, "#   %+v\n", *p)
	}
	fmt.Fprintf(&text, "\n# before.tf\n%s\n# after.tf\n%s", c.config(false, c.existing()), c.config(true, c.existing()))
	return text.String()
}

// existing returns the IDs of the accounts that exist at the start.
func (c *crossing) existing() map[string]string {
	ids := map[string]string{}
	for _, l := range c.start().Learners() {
		ids[l.Email] = l.ID
	}
	return ids
}

func (c *crossing) start() *simulator.Simulator {
	sim := simulator.New(simulator.Config{})
	for _, p := range c.people {
		if p.exists {
			sim.Add(simulator.Learner{Email: p.email, FirstName: p.firstName, LastName: "L", ExternalID: p.externalID, Status: simulator.StatusActive})
		}
	}
	return sim
}

// cross is a crossing under way, with what is wrong or why the plan was refused.
type cross struct {
	*runner
	*crossing

	sim     *simulator.Simulator
	org     organization // after the first configuration
	prior   core.State
	random  *rand.Rand
	config  core.Config
	calls   []string
	refused string
	ended   bool // The scenario shows nothing more.
	wrong   []string
}

func (c *cross) fail(format string, arguments ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, arguments...))
}

func (c *cross) coreRun() core.Run {
	run := core.Run{Block: c.block(c.api), Rand: c.random}
	if c.parallel {
		run.Parallelism = 10
	}
	run.Called = func(call core.Call) {
		c.calls = append(c.calls, call.String())
		for line := range strings.Lines(call.Diagnostics.String()) {
			c.calls = append(c.calls, "    | "+strings.TrimRight(line, "\n"))
		}
	}
	return run
}

// step plans and applies a configuration.
func (c *cross) step(ctx context.Context, state core.State, config core.Config) (plan *core.Plan, after core.State, failed core.Diagnostics, err error) {
	c.calls = append(c.calls, "# plan")
	plan, err = c.core.Plan(ctx, state, config, c.coreRun())
	c.server.CloseClientConnections()
	if err != nil || plan.Diagnostics.Failed() {
		return plan, state, nil, err
	}
	c.calls = append(c.calls, "# apply")
	after, diagnostics, err := c.core.Apply(ctx, plan, c.coreRun())
	c.server.CloseClientConnections()
	for _, d := range append(slices.Clone(plan.Diagnostics), diagnostics...) {
		if d.ProviderBug {
			c.fail("Terraform reports a bug: %s %s %s", d.Address, d.Summary, d.Detail)
		}
	}
	return plan, after, diagnostics.Errors(), err
}

func (r *runner) cross(ctx context.Context, s *crossing) (*cross, error) {
	c := &cross{runner: r, crossing: s, sim: s.start(), random: rand.New(rand.NewPCG(s.order, 3))}
	r.sim.Store(c.sim)
	err := c.run(ctx)
	if errors.Is(err, core.ErrCycle) {
		c.ended, err = true, nil
	}
	return c, err
}

func (c *cross) run(ctx context.Context) error {
	ids := c.existing()
	first := c.crossing.config(false, ids)
	plan, state, failed, err := c.step(ctx, core.State{}, first)
	if err != nil {
		return err
	}
	if plan.Diagnostics.Failed() || len(failed) > 0 {
		c.ended = true
		if c.before != byMembers { // Members of an adopted group need two steps.
			c.fail("the first configuration fails: %s %s", plan.Diagnostics.Errors(), failed)
		}
		return nil
	}
	for _, l := range c.sim.Learners() {
		ids[l.Email] = l.ID
	}
	c.org, c.prior, c.config = look(c.sim), state, c.crossing.config(true, ids)
	c.sim.ResetRequests()
	plan, state, failed, err = c.step(ctx, state, c.config)
	if err != nil {
		return err
	}
	if plan.Diagnostics.Failed() {
		c.checkRefusal(plan.Diagnostics.Errors()[0])
		return nil
	}
	if len(failed) > 0 {
		c.fail("the apply fails: %s: %s", failed[0].Summary, failed[0].Detail)
		return nil
	}
	c.check(state)
	plan, _, failed, err = c.step(ctx, state, c.config)
	if err != nil {
		return err
	}
	switch {
	case plan.Diagnostics.Failed() && slices.Contains(c.contradictions(), unlistedUnordered):
	case plan.Diagnostics.Failed():
		c.fail("the next plan is refused: %s: %s", plan.Diagnostics.Errors()[0].Summary, plan.Diagnostics.Errors()[0].Detail)
	case len(failed) > 0:
		c.fail("the next apply fails: %s: %s", failed[0].Summary, failed[0].Detail)
	case !plan.IsEmpty() && !c.unlisted: // A new roster leaves unlisted learners for the next plan.
		c.fail("the next plan is not empty: %s", changes(plan))
	}
	return nil
}

func (c *cross) checkRefusal(failure core.Diagnostic) {
	c.refused = kindOf(failure.Summary)
	for _, request := range c.sim.Requests() {
		if request.Method != http.MethodGet {
			c.fail("a refused plan wrote: %s %s", request.Method, request.Path)
		}
	}
	if !reflect.DeepEqual(look(c.sim), c.org) {
		c.fail("a refused plan changed the organization")
	}
	if len(c.contradictions()) == 0 {
		c.fail("a plan without contradiction is refused: %s: %s", failure.Summary, failure.Detail)
	}
}

// held returns the ID that state has for a person.
func held(state core.State, at place, key, email string) string {
	if at == single {
		return idOf(state, core.Address{Type: userType, Name: key})
	}
	if instance := state[core.Address{Type: rosterType, Name: string(at)}]; instance != nil && instance.Current != nil {
		ids := map[string]string{}
		if json.Unmarshal([]byte(instance.Current.Text("ids")), &ids) == nil {
			return ids[email]
		}
	}
	return ""
}

func (c *cross) check(state core.State) {
	now := look(c.sim)
	var group simulator.Group
	for _, g := range now.groups {
		group = g
	}
	was := c.org.groups[group.ID].Members
	holders := map[string]string{}
	for _, p := range c.people {
		before := ""
		for id, l := range c.org.learners {
			if l.Email == p.email {
				before = id
			}
		}
		if p.after == nowhere {
			c.checkGone(p, before, now)
			continue
		}
		id := held(state, p.after, p.key, p.newEmail)
		l, exists := now.learners[id]
		switch {
		case !exists:
			c.fail("%s has no account: %q", p.newEmail, id)
			continue
		case before != "" && before != id && p.newEmail == p.email:
			c.fail("%s had ID %s and has ID %s", p.email, before, id)
		case l.Status == simulator.StatusDeactivated:
			c.fail("%s has no seat", p.newEmail)
		case l.Email != p.newEmail:
			c.fail("%s has the address %s", p.newEmail, l.Email)
		}
		if holders[id] != "" {
			c.fail("%s is held by %s and %s", id, holders[id], p.newEmail)
		}
		holders[id] = p.newEmail
		if !slices.Contains(c.contradictions(), addressHandedOver) { // The literal IDs are those of the addresses before.
			c.checkMembership(p, before, was, slices.Contains(group.Members, id))
		}
	}
}

// checkGone checks what became of a person whom the second configuration does not have.
func (c *cross) checkGone(p *crosser, id string, now organization) {
	l, exists := now.learners[id]
	isSeated := exists && l.Status != simulator.StatusDeactivated
	isKept := p.before == nowhere || p.before == single && p.forgotten || p.before.isRoster() && c.onRemoval == keep
	switch {
	case id == "":
	case !exists && !isKept && c.org.learners[id].Status == simulator.StatusInvited: // The invitation is canceled.
	case !exists:
		c.fail("%s has no account any more", p.email)
	case isKept && !isSeated && !c.unlisted:
		c.fail("%s lost the seat", p.email)
	case !isKept && isSeated:
		c.fail("%s keeps the seat", p.email)
	}
}

// checkMembership checks that the group has the person exactly if the second configuration has the membership. If it does not manage
// the group, the membership stays, unless a resource that is gone had given it.
func (c *cross) checkMembership(p *crosser, id string, was []string, isMember bool) {
	want := slices.Contains(was, id)
	hasID := id != "" || p.after == single
	switch {
	case c.after == byMembers:
		want = p.staysIn && hasID
	case c.after == byMembership && p.staysIn && hasID:
		want = true
	case c.after == byRoster && p.after.isRoster():
		want = p.staysIn
	case c.before == byMembers, c.before == byMembership && p.isIn && p.before != nowhere:
		want = false
	}
	if want != isMember {
		c.fail("membership: %s, then %s: %s is in the group: %t, want %t", c.before, c.after, p.email, isMember, want)
	}
}

// tryCrossings tries crossings until the time is over.
func tryCrossings(t *testing.T, provider *core.Core, first uint64, budget time.Duration) {
	t.Helper()
	end := time.Now().Add(budget)
	var next atomic.Uint64
	var group sync.WaitGroup
	var mu sync.Mutex
	reported := map[string]bool{}
	refused := map[string]int{}
	tried, ended := 0, 0
	for range workers {
		group.Go(func() {
			r := newRunner(provider)
			defer r.server.Close()
			for {
				seed := first + next.Add(1) - 1
				if seed > first && time.Now().After(end) {
					return
				}
				s := (&generator{Rand: rand.New(rand.NewPCG(seed, 100))}).crossing()
				c, err := r.cross(t.Context(), s)
				mu.Lock()
				tried++
				if c.ended {
					ended++
				}
				if c.refused != "" {
					refused[c.refused]++
				}
				if err != nil {
					t.Errorf("%s=%d: %v\n%s", envSeed, seed, err, s)
				}
				var kind string
				if len(c.wrong) > 0 {
					kind = kindOf(c.wrong[0])
				}
				isNew := kind != "" && !reported[kind]
				reported[kind] = true
				mu.Unlock()
				if err != nil {
					return
				}
				if isNew {
					c = r.shrinkCrossing(t.Context(), c)
					t.Errorf("%s=%d: %s\n\n%s\n# Calls\n%s\n", envSeed, seed, strings.Join(c.wrong, "\n"), c.crossing, strings.Join(c.calls, "\n"))
				}
			}
		})
	}
	group.Wait()
	t.Logf("%d crossings from seed %d on, %d ended early, refused: %v", tried, first, ended, refused)
}

// shrinkCrossing removes people as long as the crossing fails in the same way.
func (r *runner) shrinkCrossing(ctx context.Context, failing *cross) *cross {
	for i := 0; i < len(failing.people); {
		smaller := *failing.crossing
		smaller.people = slices.Delete(slices.Clone(smaller.people), i, i+1)
		c, err := r.cross(ctx, &smaller)
		if err == nil && len(c.wrong) > 0 && kindOf(c.wrong[0]) == kindOf(failing.wrong[0]) {
			failing = c
		} else {
			i++
		}
	}
	return failing
}

// TestCrossing moves people between udemy_user resources and rosters, and the group between its owners, in random orders that Terraform could
// choose. Afterwards each listed learner has the account and the seat from before, and the group has the members that the second
// configuration gives it. Otherwise the plan refuses, and nothing was written.
func TestCrossing(t *testing.T) {
	provider := newCore(t)
	first, budget := seedAndTime(t)
	tryCrossings(t, provider, first, budget/crossingShare)
}
