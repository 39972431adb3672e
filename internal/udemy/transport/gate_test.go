// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// server is an in-memory RoundTripper for the virtual time of a synctest bubble.
type server struct {
	// latency returns the round-trip time of an attempt. If latency is nil, it is zero.
	latency func() time.Duration
	// answer returns the reply. Calls of it are not concurrent.
	answer func(now time.Time) reply

	mu sync.Mutex
	// came contains the arrival time of each attempt. refusals counts replies with status 429.
	came     []time.Time
	refusals int
}

func (s *server) RoundTrip(*http.Request) (*http.Response, error) {
	var latency time.Duration
	if s.latency != nil {
		latency = s.latency()
	}
	time.Sleep(latency / 2)
	answer := s.decide(time.Now())
	time.Sleep(latency - latency/2)
	return &http.Response{StatusCode: answer.status, Header: http.Header{"Retry-After": {answer.retryAfter}}, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

func (s *server) decide(now time.Time) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.came = append(s.came, now)
	answer := s.answer(now)
	if answer.status == 429 {
		s.refusals++
	}
	return answer
}

// reply is a status and a Retry-After header, which can be empty.
type reply struct {
	status     int
	retryAfter string
}

// always answers all attempts with the same reply.
func always(status int, retryAfter string) func(time.Time) reply {
	return func(time.Time) reply { return reply{status, retryAfter} }
}

// first answers a number of attempts with the reply, and all further attempts with 200.
func first(attempts, status int, retryAfter string) func(time.Time) reply {
	return func(time.Time) reply {
		if attempts--; attempts < 0 {
			return reply{200, ""}
		}
		return reply{status, retryAfter}
	}
}

// limited answers attempts that are not allowed with 429.
func limited(retryAfter string, allow func(now time.Time) bool) func(time.Time) reply {
	return func(now time.Time) reply {
		if allow(now) {
			return reply{200, ""}
		}
		return reply{429, retryAfter}
	}
}

// randomly refuses a share of the attempts, regardless of the rate.
func randomly(share float64, retryAfter string, seed uint64) func(time.Time) reply {
	random := rand.New(rand.NewPCG(seed, 0))
	return limited(retryAfter, func(time.Time) bool { return random.Float64() >= share })
}

// tokenBucket allows an attempt per token. Its size is the largest burst. If charges is true, refused attempts also take
// tokens.
func tokenBucket(perSecond, size, tokens float64, charges bool) func(time.Time) bool {
	last := time.Now()
	return func(now time.Time) bool {
		tokens = min(size, tokens+now.Sub(last).Seconds()*perSecond)
		last = now
		allowed := tokens >= 1
		if allowed || charges {
			tokens = max(tokens-1, -size)
		}
		return allowed
	}
}

// fixedWindow allows perSecond attempts in each window of one second. Other clients have used some attempts of the first
// window.
func fixedWindow(perSecond, used int) func(time.Time) bool {
	ends := time.Now().Add(rand.N(time.Second))
	return func(now time.Time) bool {
		for ; !now.Before(ends); ends = ends.Add(time.Second) {
			used = 0
		}
		used++
		return used <= perSecond
	}
}

// slidingWindow allows perSecond attempts in any period of one second. Refused attempts count.
func slidingWindow(perSecond int) func(time.Time) bool {
	var came []time.Time
	return func(now time.Time) bool {
		came = append(slices.DeleteFunc(came, func(t time.Time) bool { return now.Sub(t) >= time.Second }), now)
		return len(came) <= perSecond
	}
}

func clientOf(server http.RoundTripper, config Config) *Client {
	config.BaseURL = &url.URL{Scheme: "https", Host: "example.com"}
	client := New(config)
	client.http = server
	return client
}

var anyRequest = Request{Method: http.MethodGet, Route: "/users/"}

// run sends requests with a number of concurrent workers. All requests must succeed.
func run(t *testing.T, client *Client, requests, workers int) (took time.Duration) {
	t.Helper()
	start := time.Now()
	queue := make(chan struct{})
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for range queue {
				if response, err := client.Do(t.Context(), anyRequest); err != nil || !response.OK() {
					t.Errorf("response = %v, error = %v", response, err)
				}
			}
		})
	}
	for range requests {
		queue <- struct{}{}
	}
	close(queue)
	group.Wait()
	return time.Since(start)
}

// begin starts a request and returns once the request waits for its response or for a retry. The test must call end.
func begin(t *testing.T, client *Client) (end func()) {
	t.Helper()
	var request sync.WaitGroup
	request.Go(func() { run(t, client, 1, 1) })
	synctest.Wait()
	return request.Wait
}

func constant(latency time.Duration) func() time.Duration {
	return func() time.Duration { return latency }
}

func between1And100ms() time.Duration {
	return time.Millisecond + rand.N(99*time.Millisecond)
}

// The client adapts to an unknown limit of the server. It takes only a little longer than the shortest possible time, and sends
// few requests more than the server accepts.
func TestServersWithALimit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		perSecond float64
		// atMost limits the time, as a multiple of the shortest possible time.
		atMost     float64
		retryAfter string
		allow      func() func(time.Time) bool
	}{
		"token bucket":                 {20, 1.15, "1", func() func(time.Time) bool { return tokenBucket(20, 20, 20, false) }},
		"token bucket, no header":      {20, 1.15, "", func() func(time.Time) bool { return tokenBucket(20, 20, 20, false) }},
		"token bucket that charges":    {20, 1.4, "1", func() func(time.Time) bool { return tokenBucket(20, 20, 20, true) }},
		"token bucket, used up":        {20, 1.5, "1", func() func(time.Time) bool { return tokenBucket(20, 20, 0, false) }},
		"small token bucket":           {20, 1.3, "1", func() func(time.Time) bool { return tokenBucket(20, 5, 5, false) }},
		"fixed window":                 {20, 1.3, "1", func() func(time.Time) bool { return fixedWindow(20, 0) }},
		"fixed window, used up":        {20, 1.5, "1", func() func(time.Time) bool { return fixedWindow(20, 20) }},
		"sliding window":               {20, 1.7, "1", func() func(time.Time) bool { return slidingWindow(20) }},
		"slow token bucket":            {5, 1.15, "1", func() func(time.Time) bool { return tokenBucket(5, 5, 5, false) }},
		"slow token bucket, no header": {5, 1.15, "", func() func(time.Time) bool { return tokenBucket(5, 5, 5, false) }},
		"slow fixed window":            {5, 1.3, "1", func() func(time.Time) bool { return fixedWindow(5, 0) }},
	} {
		for _, requests := range []int{240, 500, 2000} {
			for workers, latency := range map[int]func() time.Duration{10: constant(50 * time.Millisecond), 16: constant(100 * time.Millisecond), 50: between1And100ms} {
				t.Run(fmt.Sprintf("%s, %d requests, %d at once", name, requests, workers), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						server := &server{latency: latency, answer: limited(test.retryAfter, test.allow())}
						took := run(t, clientOf(server, Config{}), requests, workers)
						shortest := float64(requests) / test.perSecond
						t.Logf("%.2f times the shortest time, %.2f attempts per request", took.Seconds()/shortest, float64(len(server.came))/float64(requests))
						if took.Seconds() > test.atMost*shortest {
							t.Errorf("took %s, the shortest time is %.1f s", took, shortest)
						}
						// The client needs up to a hundred refusals to find the rate. A server whose limit is used up also refuses the first
						// attempt of each worker.
						if limit := 100 + workers + requests/8; server.refusals > limit {
							t.Errorf("%d refusals, want at most %d", server.refusals, limit)
						}
					})
				})
			}
		}
	}
}

// Refusals that are not a rate limit delay only the refused requests.
func TestRandomRefusals(t *testing.T) {
	t.Parallel()
	const latency = 50 * time.Millisecond
	for name, test := range map[string]struct {
		share      float64
		retryAfter string
		// atMost limits the time, as a multiple of the time without refusals. Then the last refused requests may wait.
		atMost float64
		then   time.Duration
	}{
		"1 %":               {0.01, "", 1.3, 0},
		"5 %":               {0.05, "", 2, 0},
		"10 %":              {0.1, "", 2, 4 * time.Second},
		"5 %, Retry-After":  {0.05, "1", 1.1, 3600 * time.Millisecond},
		"10 %, Retry-After": {0.1, "1", 1.1, 6 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The waits are random, and one request may be refused several times. So the limit is for the average.
			const seeds = 20
			var total time.Duration
			for seed := range uint64(seeds) {
				synctest.Test(t, func(t *testing.T) {
					server := &server{latency: constant(latency), answer: randomly(test.share, test.retryAfter, seed)}
					total += run(t, clientOf(server, Config{}), 500, 50)
				})
			}
			took, calm := total/seeds, 500/DefaultConcurrentRequests*latency
			t.Logf("%.2f times the time without refusals", took.Seconds()/calm.Seconds())
			if took.Seconds() > test.atMost*calm.Seconds()+test.then.Seconds() {
				t.Errorf("took %s, without refusals %s", took, calm)
			}
		})
	}
}

func TestRefusedRequestWaitsAlone(t *testing.T) {
	t.Parallel()
	inSevenSeconds := time.Date(2000, 1, 1, 0, 0, 7, 0, time.UTC).Format(http.TimeFormat) // The clock of a bubble starts at midnight.
	for name, test := range map[string]struct {
		status     int
		retryAfter string
		from, to   time.Duration
	}{
		"429, seconds":   {429, "7", 7 * time.Second, 8 * time.Second},
		"429, a date":    {429, inSevenSeconds, 7 * time.Second, 8 * time.Second},
		"429, no time":   {429, "0", 0, 100 * time.Millisecond},
		"429, no header": {429, "", firstWait429 / 2, firstWait429},
		"429, for hours": {429, "86400", longestRetryAfter, longestRetryAfter + 13*time.Second},
		"503, seconds":   {503, "7", 7 * time.Second, 8 * time.Second},
		"503, no header": {503, "", firstWait / 2, firstWait},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &server{answer: first(1, test.status, test.retryAfter)}
				client := clientOf(server, Config{MaxRetries: 1})
				start := time.Now()
				end := begin(t, client)
				if took := run(t, client, 30, 30); took != 0 {
					t.Errorf("other requests waited for %s", took)
				}
				end()
				if waited := server.came[31].Sub(start); waited < test.from || waited > test.to {
					t.Errorf("the next attempt started after %s, want %s to %s", waited, test.from, test.to)
				}
			})
		})
	}
}

// If the server refuses most attempts, all requests wait, and then start at a lower rate.
func TestAllRequestsWaitAfterManyRefusals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &server{latency: constant(50 * time.Millisecond), answer: always(200, "")}
		client := clientOf(server, Config{})
		run(t, client, 100, 16)
		ends := time.Now().Add(time.Second)
		server.came, server.answer = nil, limited("7", ends.Before)
		run(t, client, 100, 100)
		refused := server.refusals
		if refused > 40 {
			t.Errorf("%d attempts were refused, want at most 40", refused)
		}
		if waited := server.came[refused].Sub(server.came[0]); waited < 7*time.Second || waited > 8*time.Second {
			t.Errorf("the next attempt started after %s, want 7s to 8s", waited)
		}
		// The rate was about 130 attempts a second.
		if took := server.came[refused+99].Sub(server.came[refused]); took < 500*time.Millisecond || took > 2*time.Second {
			t.Errorf("the last attempt started %s later, want 0.5s to 2s", took)
		}
	})
}

// After the server's limit is lifted, the rate increases again.
func TestRateRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &server{latency: constant(50 * time.Millisecond), answer: limited("1", tokenBucket(20, 20, 20, false))}
		client := clientOf(server, Config{})
		run(t, client, 200, 10)
		server.answer = always(200, "")
		before := server.refusals
		if took := run(t, client, 1000, 10); took > 30*time.Second {
			t.Errorf("took %s, want at most 30s (50s at the former rate)", took)
		}
		if server.refusals != before {
			t.Error("the server refused an attempt")
		}
	})
}

// An outage in which the server refuses all attempts gets few requests, and does not lower the rate that the server accepted before.
func TestOutage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lasts, longest time.Duration
		retryAfter     string
		attempts       int
	}{
		"a second":               {time.Second, 4 * time.Second, "1", 60},
		"a minute":               {time.Minute, 65 * time.Second, "1", 300},
		"a minute, no header":    {time.Minute, 100 * time.Second, "", 120},
		"9 minutes":              {9 * time.Minute, 545 * time.Second, "1", 2500},
		"9 minutes, no header":   {9 * time.Minute, 10 * time.Minute, "", 200},
		"9 minutes, Retry-After": {9 * time.Minute, 10 * time.Minute, "60", 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &server{latency: constant(50 * time.Millisecond), answer: always(200, "")}
				client := clientOf(server, Config{})
				run(t, client, 100, 16)
				ends := time.Now().Add(test.lasts)
				server.answer = limited(test.retryAfter, ends.Before)
				took := run(t, client, 50, 50)
				if took > test.longest || server.refusals > test.attempts {
					t.Errorf("took %s with %d refusals, want at most %s and %d", took, server.refusals, test.longest, test.attempts)
				}
				if took := run(t, client, 100, 16); took > 2*time.Second {
					t.Errorf("100 requests after the outage took %s", took)
				}
			})
		})
	}
}

// By default, an apply continues after a maintenance page of a minute.
func TestMaintenance(t *testing.T) {
	t.Parallel()
	for _, retryAfter := range []string{"", "1", "30"} {
		t.Run(retryAfter, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ends := time.Now().Add(time.Minute)
				server := &server{latency: constant(50 * time.Millisecond), answer: func(now time.Time) reply {
					if now.Before(ends) {
						return reply{503, retryAfter}
					}
					return reply{200, ""}
				}}
				if took := run(t, clientOf(server, Config{MaxRetries: 4}), 50, 10); took > 2*time.Minute {
					t.Errorf("took %s", took)
				}
			})
		})
	}
}

// Late refusals of attempts that were running when the gate closed change neither the wait nor the rate.
func TestLateRefusals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(0, backoff)
		for range 100 {
			pass(t, g)
			g.accepted()
		}
		closings := 0
		for range 100 {
			if closedFor := refuse(t, g, 0, "3"); closedFor > 0 {
				closings++
			}
		}
		round, waited := pass(t, g)
		if closings != 1 || round != 1 || waited < 3*time.Second || waited > 4*time.Second {
			t.Errorf("%d closings, round %d after %s", closings, round, waited)
		}
		if limit := g.limiter.Limit(); limit < 50 || limit > 65 {
			t.Errorf("the rate is %.1f, want 60 %% of 100", limit)
		}
	})
}

// refuse reports a 429 of an attempt of a round to the gate.
func refuse(t *testing.T, g *gate, round int, retryAfter string) (closedFor time.Duration) {
	t.Helper()
	closedFor, err := g.refused(round, &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {retryAfter}}})
	if err != nil {
		t.Error(err)
	}
	return closedFor
}

// pass waits at the gate.
func pass(t *testing.T, g *gate) (round int, waited time.Duration) {
	t.Helper()
	start := time.Now()
	round, err := g.wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return round, time.Since(start)
}

// After the gate has closed, it closes with each refusal until the server accepts an attempt, for an increasing time.
func TestClosingsWithoutAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(0, backoff)
		for refuse(t, g, 0, "") == 0 {
		}
		for closings := 1; closings < 6; closings++ {
			round, _ := pass(t, g)
			longest := firstWait429 << closings
			if closedFor := refuse(t, g, round, ""); closedFor < longest/2 || closedFor > longest {
				t.Errorf("the gate closed for %s, want %s to %s", closedFor, longest/2, longest)
			}
		}
		round, _ := pass(t, g)
		g.accepted()
		if closedFor := refuse(t, g, round, ""); closedFor != 0 {
			t.Errorf("after an answer, one refusal closed the gate for %s", closedFor)
		}
	})
}

func TestRefusalsDoNotCountAsRetries(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		retryAfter string
		from, to   time.Duration
	}{
		"Retry-After": {"2", 30 * time.Second, 35 * time.Second},
		"no header":   {"", 2 * time.Minute, 5 * time.Minute}, // Waits grow up to longestWait.
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &server{answer: first(15, 429, test.retryAfter)}
				client := clientOf(server, Config{MaxRetries: 0})
				took := run(t, client, 1, 1)
				if len(server.came) != 16 || took < test.from || took > test.to {
					t.Errorf("%d attempts in %s, want 16 in %s to %s", len(server.came), took, test.from, test.to)
				}
				server.answer = first(1, 429, "")
				if took := run(t, client, 1, 1); took > firstWait429 {
					t.Errorf("after an answer, the first wait took %s", took)
				}
			})
		})
	}
}

// The client gives up only if the server answers no request for longestRefusal.
func TestManyRefusalsWithAnswersInBetween(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refuse := false
		server := &server{answer: func(time.Time) reply {
			if refuse = !refuse; refuse {
				return reply{429, "60"}
			}
			return reply{200, ""}
		}}
		if took := run(t, clientOf(server, Config{}), 15, 1); took < longestRefusal {
			t.Errorf("took %s, want more than %s: the test proves nothing", took, longestRefusal)
		}
	})
}

func TestRefusalsEndWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 95*time.Second)
		defer cancel()
		client := clientOf(&server{answer: always(429, "10")}, Config{MaxConcurrentRequests: 2})
		start := time.Now()
		var group sync.WaitGroup
		for range 5 {
			group.Go(func() {
				_, err := client.Do(ctx, anyRequest)
				if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 95*time.Second {
					t.Errorf("error = %v after %s, want %v after 95s", err, time.Since(start), context.DeadlineExceeded)
				}
			})
		}
		group.Wait()
		// The requests have released the turn and the slots.
		client.http = &server{answer: always(200, "")}
		run(t, client, 10, 10)

		client.http = &server{answer: always(429, "10")}
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := client.Do(ctx, anyRequest); err == nil || !strings.Contains(err.Error(), "rate limit") {
			t.Errorf("error = %v, want the text \"rate limit\"", err)
		}
	})
}

func TestClientGivesUpAfterLongestRefusal(t *testing.T) {
	t.Parallel()
	for name, retryAfter := range map[string]string{"a second": "1", "two minutes": "120", "no header": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &server{answer: always(429, retryAfter)}
				client := clientOf(server, Config{MaxRetries: 3})
				start := time.Now()
				var group sync.WaitGroup
				for range 40 {
					group.Go(func() {
						_, err := client.Do(t.Context(), anyRequest)
						failure, ok := errors.AsType[*udemy.Error](err)
						if !ok || !errors.Is(err, udemy.ErrRefused) || !strings.Contains(failure.Detail, "rate limit") {
							t.Errorf("error = %v", err)
						}
					})
				}
				group.Wait()
				if took := time.Since(start); took < longestRefusal || took > longestRefusal+longestRetryAfter+15*time.Second {
					t.Errorf("the requests failed after %s, want about %s", took, longestRefusal)
				}
				// A later request fails immediately. Requests succeed again once the server accepts them.
				start = time.Now()
				if _, err := client.Do(t.Context(), anyRequest); err == nil || time.Since(start) != 0 {
					t.Errorf("error = %v after %s", err, time.Since(start))
				}
				time.Sleep(longestRefusal)
				server.answer = always(200, "")
				run(t, client, 1, 1)
			})
		})
	}
}

func TestConcurrentRequests(t *testing.T) {
	t.Parallel()
	for limit, atOnce := range map[int]int{0: 16, 1: 1, 3: 3, 30: 30} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &server{latency: constant(time.Second), answer: always(200, "")}
				took := run(t, clientOf(server, Config{MaxConcurrentRequests: limit}), 60, 60)
				if want := time.Duration(math.Ceil(60/float64(atOnce))) * time.Second; took != want {
					t.Errorf("60 requests of a second took %s, want %s", took, want)
				}
			})
		})
	}
}

func TestWaitForRetryHoldsNoSlot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := clientOf(&server{answer: first(1, 500, "")}, Config{MaxConcurrentRequests: 1, MaxRetries: 1})
		defer begin(t, client)()
		if took := run(t, client, 1, 1); took != 0 {
			t.Errorf("another request waited for %s", took)
		}
	})
}

func TestRequestsPerSecond(t *testing.T) {
	t.Parallel()
	t.Run("evenly, retries included", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			server := &server{latency: constant(10 * time.Millisecond), answer: first(5, 500, "")}
			noWait := func(int, *http.Response) time.Duration { return 0 }
			client := clientOf(server, Config{RequestsPerSecond: 20, MaxRetries: 5, Backoff: noWait})
			run(t, client, 36, 36)
			time.Sleep(time.Minute) // Unused time does not accumulate.
			run(t, client, 36, 36)
			for i := range 35 + 5 {
				if gap := server.came[i+1].Sub(server.came[i]).Round(time.Millisecond); gap != 50*time.Millisecond {
					t.Errorf("attempt %d started %s after the previous one", i+1, gap)
				}
			}
			if took := server.came[76].Sub(server.came[41]); took < 34*50*time.Millisecond {
				t.Errorf("after a minute without requests, 36 attempts started within %s", took)
			}
		})
	})
	t.Run("after a refusal", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			server := &server{answer: first(1, 429, "1")}
			run(t, clientOf(server, Config{RequestsPerSecond: 0.1}), 3, 3)
			for i := range 3 {
				if gap := server.came[i+1].Sub(server.came[i]).Round(time.Millisecond); gap != 10*time.Second {
					t.Errorf("attempt %d started %s after the previous one", i+1, gap)
				}
			}
		})
	})
	t.Run("the server's limit is lower", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			server := &server{answer: limited("1", tokenBucket(20, 20, 20, false))}
			took := run(t, clientOf(server, Config{RequestsPerSecond: 40}), 500, 10)
			if took > 30*time.Second || server.refusals > 100 {
				t.Errorf("took %s with %d refusals", took, server.refusals)
			}
		})
	})
	t.Run("the server's limit is higher", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			server := &server{answer: limited("1", fixedWindow(20, 0))}
			took := run(t, clientOf(server, Config{RequestsPerSecond: 19}), 190, 10)
			if took > 10*time.Second || server.refusals > 0 {
				t.Errorf("took %s with %d refusals", took, server.refusals)
			}
		})
	})
	t.Run("no attempt before the deadline", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			server := &server{answer: always(200, "")}
			client := clientOf(server, Config{RequestsPerSecond: 1.0 / 3600})
			run(t, client, 1, 1)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_, err := client.Do(ctx, anyRequest)
			if !errors.Is(err, context.DeadlineExceeded) || len(server.came) != 1 {
				t.Errorf("error = %v after %d attempts", err, len(server.came))
			}
		})
	})
}

func TestLogOfARefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var output bytes.Buffer
		ctx := tflogtest.RootLogger(t.Context(), &output)
		client := clientOf(&server{answer: first(15, 429, "7")}, Config{}) // After 15 refusals, the share exceeds maxShare.
		if _, err := client.Do(ctx, anyRequest); err != nil {
			t.Fatal(err)
		}
		entries, err := tflogtest.MultilineJSONDecode(&output)
		if err != nil {
			t.Fatal(err)
		}
		entries = slices.DeleteFunc(entries, func(entry map[string]any) bool { return entry["@level"] == "trace" })
		if len(entries) != 17 {
			t.Fatalf("%d entries, want one per attempt and one for the wait: %v", len(entries), entries)
		}
		wait, ok := entries[15]["wait_ms"].(float64)
		if !ok || wait < 7000 || wait > 8000 || entries[15]["status"] != 429.0 || entries[15]["@level"] != "debug" {
			t.Errorf("entry = %v", entries[15])
		}
	})
}
