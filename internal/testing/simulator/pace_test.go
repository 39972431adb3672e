// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const usersPath = "/api-2.0/organizations/" + simulator.DefaultOrganization + "/users/"

// serve calls the handler directly, because synctest does not support network connections.
func serve(ctx context.Context, sim *simulator.Simulator, target string) *httptest.ResponseRecorder {
	request := httptest.NewRequest("GET", target, nil).WithContext(ctx)
	request.SetBasicAuth(simulator.DefaultToken, "")
	recorder := httptest.NewRecorder()
	sim.ServeHTTP(recorder, request)
	return recorder
}

func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const latency = 50 * time.Millisecond
		sim := simulator.New(simulator.Config{Latency: latency})
		begin := time.Now()
		var calls sync.WaitGroup
		for range 10 {
			calls.Go(func() { serve(t.Context(), sim, usersPath) })
		}
		calls.Wait()
		equal(t, "ten calls at once take", time.Since(begin), latency)
		for _, request := range sim.Requests() {
			equal(t, "logged", []any{request.Status, request.Duration}, []any{200, latency})
		}

		sim.SetPace(0, 0)
		begin = time.Now()
		serve(t.Context(), sim, usersPath)
		equal(t, "without latency a call takes", time.Since(begin), time.Duration(0))
	})
}

func TestLatencyEndsWithTheClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		intercepted := false
		sim := simulator.New(simulator.Config{
			Latency:   time.Hour,
			Intercept: func(http.ResponseWriter, *http.Request) bool { intercepted = true; return true },
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		got := serve(ctx, sim, usersPath)
		equal(t, "waited", time.Since(begin), time.Second)
		equal(t, "body", got.Body.String(), "")
		equal(t, "logged status", sim.Requests()[0].Status, 0)
		equal(t, "intercepted", intercepted, false)
	})
}

func TestRequestsPerSecond(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		rate       float64
		target     string
		atOnce     int
		retryAfter string
		body       string
	}{
		"REST": {
			20, usersPath, 20, "1",
			`{"detail":"Request was throttled. Expected available in 1 seconds."}` + "\n",
		},
		"SCIM": {
			20, "/scim/v2/Users", 20, "1",
			`{"detail":"Request was throttled. Expected available in 1 seconds.",` +
				`"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"429"}` + "\n",
		},
		"less than one in a second": {
			0.25, usersPath, 1, "4",
			`{"detail":"Request was throttled. Expected available in 4 seconds."}` + "\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sim := simulator.New(simulator.Config{RequestsPerSecond: tc.rate})
				for i := range tc.atOnce {
					if got := serve(t.Context(), sim, tc.target); got.Code == http.StatusTooManyRequests {
						t.Fatalf("call %d was refused", i+1)
					}
				}
				got := serve(t.Context(), sim, tc.target)
				equal(t, "refusal", []any{got.Code, got.Header().Get("Retry-After"), got.Body.String()},
					[]any{429, tc.retryAfter, tc.body})
				requests := sim.Requests()
				equal(t, "logged status", requests[len(requests)-1].Status, 429)

				wait, err := time.ParseDuration(tc.retryAfter + "s")
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(wait)
				if got := serve(t.Context(), sim, tc.target); got.Code == http.StatusTooManyRequests {
					t.Error("refused after the time in Retry-After")
				}
				sim.SetPace(0, 0)
				for range 100 {
					if got := serve(t.Context(), sim, tc.target); got.Code == http.StatusTooManyRequests {
						t.Fatal("refused without a limit")
					}
				}
			})
		})
	}
}
