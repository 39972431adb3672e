// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// faulty starts a harness in which every call has the fault.
func faulty(t *testing.T, fault simulator.Fault) *harness {
	t.Helper()
	return start(t, simulator.Config{
		Learners: 45, Variations: simulator.Variations{NumericIDs: true},
		Faults: simulator.Faults{Rate: 1, Kinds: []simulator.Fault{fault}, Slow: time.Hour},
	})
}

// try creates a learner, and returns the part of the response that it receives.
func try(t *testing.T, h *harness) (answer, error) {
	t.Helper()
	limit := time.Minute // A complete response takes as long as a busy machine needs.
	if kinds := h.Faults().Kinds; slices.Contains(kinds, simulator.FaultSlowHeaders) || slices.Contains(kinds, simulator.FaultSlowBody) {
		limit = 2 * time.Second
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	body := strings.NewReader(`{"email": "new@example.com", "firstname": "New", "lastname": "Learner"}`)
	request, err := http.NewRequestWithContext(ctx, "POST", h.base+"/users/", body)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(simulator.DefaultToken, "")
	request.Header.Set("Content-Type", "application/json")
	response, err := new(http.Transport).RoundTrip(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return answer{response.StatusCode, response.Header, string(content)}, err
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for fault, test := range map[simulator.Fault]struct {
		status int // 0 for no response
		whole  bool
		json   bool
		done   bool
	}{
		simulator.FaultError:         {500, true, true, false},
		simulator.FaultUnavailable:   {503, true, true, false},
		simulator.FaultTooMany:       {429, true, true, false},
		simulator.FaultTooManyForNow: {429, true, true, false},
		simulator.FaultClosedBefore:  {0, false, false, false},
		simulator.FaultHTML:          {200, true, false, false},
		simulator.FaultOtherHost:     {302, true, false, false},
		simulator.FaultClosedAfter:   {0, false, false, true},
		simulator.FaultTruncated:     {201, true, false, true},
		simulator.FaultWrongType:     {201, true, true, true},
		simulator.FaultIDTypes:       {201, true, true, true},
		simulator.FaultSlowHeaders:   {0, false, false, true},
		simulator.FaultSlowBody:      {201, false, false, true},
		simulator.FaultEndlessBody:   {201, true, true, true}, // try reads only the first MiB
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			h := faulty(t, fault)
			got, err := try(t, h)
			equal(t, "status", got.status, test.status)
			equal(t, "Retry-After", got.header.Get("Retry-After") != "", fault == simulator.FaultTooManyForNow)
			isHTML := strings.HasPrefix(got.header.Get("Content-Type"), "text/html")
			equal(t, "content type is HTML", isHTML, fault == simulator.FaultHTML || fault == simulator.FaultWrongType)
			equal(t, "the response is complete", err == nil, test.whole)
			equal(t, "the response is JSON", json.Valid([]byte(got.body)), test.json)
			_, done := h.Learner("new@example.com")
			equal(t, "the learner exists", done, test.done)
			equal(t, "counted", h.FaultCounts(), map[simulator.Fault]int{fault: 1})
			if fault == simulator.FaultIDTypes && !strings.Contains(got.body, `"id":"100046"`) {
				t.Errorf("the ID is not a string: %s", got.body)
			}
		})
	}
	t.Run("no body", func(t *testing.T) {
		t.Parallel()
		h := faulty(t, simulator.FaultTruncated)
		before := len(h.Groups())
		group := h.AddGroup("Analysts")
		request, err := http.NewRequestWithContext(t.Context(), "DELETE", h.base+"/groups/"+group.ID+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.SetBasicAuth(simulator.DefaultToken, "")
		response, err := http.DefaultTransport.RoundTrip(request)
		if err == nil {
			defer response.Body.Close()
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("error = %v, want %v", err, io.EOF)
		}
		equal(t, "groups", len(h.Groups()), before)
		equal(t, "counted", h.FaultCounts(), map[simulator.Fault]int{simulator.FaultClosedAfter: 1})
	})
}

func TestFaultsOfPages(t *testing.T) {
	t.Parallel()
	for fault, second := range map[simulator.Fault][]int{
		simulator.FaultDuplicateItems: {19, 21},
		simulator.FaultMovedItems:     {21, 20},
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			h := faulty(t, fault)
			learners := h.Learners()
			first := h.call("GET", "/users/?page_size=20", "").object(t)["results"].([]any)
			equal(t, "on the first page", len(first), 20)
			page := h.call("GET", "/users/?page=2&page_size=20", "").object(t)["results"].([]any)
			email := page[0].(map[string]any)["email"]
			equal(t, "second page", []any{email, len(page)}, []any{learners[second[0]].Email, second[1]})
			equal(t, "counted", h.FaultCounts(), map[simulator.Fault]int{fault: 1})
		})
	}
}

// The faults do not depend on the order of different calls. A repeated call may get another fault.
func TestFaultsAreRepeatable(t *testing.T) {
	t.Parallel()
	outcome := func(seed uint64, reverse bool) (map[string]string, map[simulator.Fault]int) {
		sim := simulator.New(simulator.Config{Learners: 200, Faults: simulator.Faults{
			Seed: seed, Rate: 0.2, Kinds: []simulator.Fault{simulator.FaultError, simulator.FaultUnavailable, simulator.FaultTooMany},
		}})
		var targets []string
		for _, learner := range sim.Learners() {
			targets = append(targets, usersPath+learner.ID+"/")
		}
		if reverse {
			slices.Reverse(targets)
		}
		outcomes := map[string]string{}
		var mu sync.Mutex
		var all sync.WaitGroup
		for _, target := range targets {
			all.Go(func() {
				first, second := serve(t.Context(), sim, target).Code, serve(t.Context(), sim, target).Code
				mu.Lock()
				defer mu.Unlock()
				outcomes[target] = fmt.Sprint(first, second)
			})
		}
		all.Wait()
		return outcomes, sim.FaultCounts()
	}
	first, counts := outcome(7, false)
	again, _ := outcome(7, true)
	other, _ := outcome(8, false)
	equal(t, "again", again, first)
	if fmt.Sprint(other) == fmt.Sprint(first) {
		t.Error("another seed gives the same faults")
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	if total < 40 || total > 120 || len(counts) != 3 {
		t.Errorf("%v in 400 calls, want about 80 of 3 kinds", counts)
	}
}

func TestFaultsOfSomeCalls(t *testing.T) {
	t.Parallel()
	h := start(t, simulator.Config{Faults: simulator.Faults{
		Rate: 1, Kinds: []simulator.Fault{simulator.FaultError}, Method: "POST", Path: "/api-2.0/organizations/*/groups/",
	}})
	equal(t, "GET", h.call("GET", "/groups/", "").status, 200)
	equal(t, "another path", h.call("POST", "/users/", `{"email": "a@example.com", "firstname": "A", "lastname": "B"}`).status, 201)
	equal(t, "POST", h.call("POST", "/groups/", `{"name": "x"}`).status, 500)
	h.SetFaults(simulator.Faults{})
	equal(t, "POST without faults", h.call("POST", "/groups/", `{"name": "x"}`).status, 201)
	equal(t, "counted", h.FaultCounts(), map[simulator.Fault]int{})
}

// Slow and endless responses end when the client disconnects.
func TestFaultsEndWithTheClient(t *testing.T) {
	t.Parallel()
	for _, fault := range []simulator.Fault{simulator.FaultSlowHeaders, simulator.FaultSlowBody} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sim := simulator.New(simulator.Config{Faults: simulator.Faults{Rate: 1, Kinds: []simulator.Fault{fault}, Slow: time.Hour}})
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				begin := time.Now()
				serve(ctx, sim, usersPath)
				equal(t, "waited", time.Since(begin), time.Second)
				serve(t.Context(), sim, usersPath)
				equal(t, "waited without a timeout", time.Since(begin), time.Second+time.Hour)
			})
		})
	}
	t.Run("endless", func(t *testing.T) {
		t.Parallel()
		sim := simulator.New(simulator.Config{Faults: simulator.Faults{Rate: 1, Kinds: []simulator.Fault{simulator.FaultEndlessBody}}})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		serve(ctx, sim, usersPath) // It returns.
	})
}

func TestInvalidFaults(t *testing.T) {
	t.Parallel()
	for want, faults := range map[string]simulator.Faults{
		"from 0 to 1":  {Rate: 1.1},
		"a number":     {Rate: math.NaN()},
		"negative":     {Slow: -1},
		`fault "cold"`: {Kinds: []simulator.Fault{"cold"}},
		"pattern":      {Path: "["},
	} {
		if err := faults.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want one with %q", faults, err, want)
		}
	}
}
