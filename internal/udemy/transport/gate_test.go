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

// limited answers attempts that are not allowed with 429 and a Retry-After of one second.
func limited(allow func(now time.Time) bool) func(time.Time) reply {
	return func(now time.Time) reply {
		if allow(now) {
			return reply{200, ""}
		}
		return reply{429, "1"}
	}
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

// The client adapts to an unknown limit of the server. It takes only a little longer than the shortest possible time, and gets
// few refusals.
func TestServersWithALimit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		perSecond float64
		// atMost limits the time, as a multiple of the shortest possible time.
		atMost float64
		allow  func() func(time.Time) bool
	}{
		"token bucket":              {20, 1.5, func() func(time.Time) bool { return tokenBucket(20, 20, 20, false) }},
		"token bucket that charges": {20, 1.5, func() func(time.Time) bool { return tokenBucket(20, 20, 20, true) }},
		"token bucket, used up":     {20, 2, func() func(time.Time) bool { return tokenBucket(20, 20, 0, false) }},
		"small token bucket":        {20, 2, func() func(time.Time) bool { return tokenBucket(20, 5, 5, false) }},
		"fixed window":              {20, 1.5, func() func(time.Time) bool { return fixedWindow(20, 0) }},
		"fixed window, used up":     {20, 2.75, func() func(time.Time) bool { return fixedWindow(20, 20) }},
		"sliding window":            {20, 1.5, func() func(time.Time) bool { return slidingWindow(20) }},
		"slow token bucket":         {5, 1.5, func() func(time.Time) bool { return tokenBucket(5, 5, 5, false) }},
		"slow fixed window":         {5, 1.75, func() func(time.Time) bool { return fixedWindow(5, 0) }},
	} {
		for _, requests := range []int{40, 60, 500, 2000} {
			for workers, latency := range map[int]func() time.Duration{10: constant(time.Millisecond), 16: constant(100 * time.Millisecond), 20: between1And100ms} {
				t.Run(fmt.Sprintf("%s, %d requests, %d at once", name, requests, workers), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						server := &server{latency: latency, answer: limited(test.allow())}
						took := run(t, clientOf(server, Config{}), requests, workers)
						shortest := float64(requests) / test.perSecond
						t.Logf("%.2f times the shortest time, %d refusals", took.Seconds()/shortest, server.refusals)
						if took.Seconds() > test.atMost*shortest {
							t.Errorf("took %s, the shortest time is %.1f s", took, shortest)
						}
						// At first, all concurrent attempts are refused. Later, one or two attempts every few seconds are.
						if limit := 2*workers + int(took.Seconds()); server.refusals > limit {
							t.Errorf("%d refusals, want at most %d", server.refusals, limit)
						}
					})
				})
			}
		}
	}
}

func TestAllRequestsWaitAfterRefusal(t *testing.T) {
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
		"429, no header": {429, "", firstWait / 2, firstWait},
		"429, for hours": {429, "86400", longestRetryAfter, longestRetryAfter + 13*time.Second},
		"503, seconds":   {503, "7", 7 * time.Second, 8 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &server{answer: first(1, test.status, test.retryAfter)}
				client := clientOf(server, Config{MaxRetries: 1})
				start := time.Now()
				end := begin(t, client)
				run(t, client, 30, 30)
				end()
				if waited := server.came[1].Sub(start); waited < test.from || waited > test.to {
					t.Errorf("the next attempt started after %s, want %s to %s", waited, test.from, test.to)
				}
				// The rate starts at about the accepted rate and increases without refusals.
				if next := server.came[2].Sub(server.came[1]); next < 50*time.Millisecond {
					t.Errorf("the second attempt started %s later, want at least 50ms", next)
				}
				if all := server.came[30].Sub(server.came[1]); all > 2*time.Second {
					t.Errorf("the last attempt started %s later, want at most 2s", all)
				}
			})
		})
	}
}

func Test503WithoutRetryAfterDelaysOneRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &server{answer: first(1, 503, "")}
		client := clientOf(server, Config{MaxRetries: 1})
		defer begin(t, client)()
		if took := run(t, client, 10, 10); took != 0 {
			t.Errorf("other requests waited for %s", took)
		}
	})
}

// After the server's limit is lifted, the rate increases again.
func TestRateRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &server{latency: constant(50 * time.Millisecond), answer: limited(tokenBucket(20, 20, 20, false))}
		client := clientOf(server, Config{})
		run(t, client, 200, 10)
		server.answer = always(200, "")
		before := server.refusals
		if took := run(t, client, 1000, 10); took > 25*time.Second {
			t.Errorf("took %s, want at most 25s (50s at the former rate)", took)
		}
		if server.refusals != before {
			t.Error("the server refused an attempt")
		}
	})
}

// An outage in which the server refuses all attempts does not change the rate.
func TestRateSurvivesAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &server{answer: limited(tokenBucket(20, 20, 20, false))}
		client := clientOf(server, Config{})
		run(t, client, 100, 10)
		server.answer = first(30, 429, "1")
		run(t, client, 1, 1)
		server.answer = always(200, "")
		if took := run(t, client, 100, 10); took > 6*time.Second {
			t.Errorf("took %s, want the former rate's 5s", took)
		}
	})
}

// gateAtRate20 returns a gate after 20 answers and a refusal. It opens after a second.
func gateAtRate20(t *testing.T) *gate {
	t.Helper()
	g := newGate(0, backoff)
	for range 20 {
		pass(t, g)
		g.answered()
	}
	refuse(g, 0, "1")
	return g
}

// refuse reports a 429 of an attempt of a round to the gate.
func refuse(g *gate, round int, retryAfter string) (closedFor time.Duration) {
	return g.refused(round, &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {retryAfter}}})
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

// Refusals of attempts that were running when the gate closed change neither the wait nor the rate.
func TestLateRefusals(t *testing.T) {
	t.Parallel()
	t.Run("while the gate is closed", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			g := newGate(0, backoff)
			first := refuse(g, 0, "")
			for range 20 {
				if again := refuse(g, 0, ""); first == 0 || again != 0 {
					t.Errorf("the gate closed for %s, and again for %s", first, again)
				}
			}
			if _, waited := pass(t, g); waited > firstWait {
				t.Errorf("waited for %s, want at most %s", waited, firstWait)
			}
		})
	})
	t.Run("after the gate has opened", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			g := gateAtRate20(t)
			round, _ := pass(t, g)
			g.answered()
			refuse(g, round-1, "5")
			if _, waited := pass(t, g); waited < 5*time.Second {
				t.Errorf("the next attempt waited for %s", waited)
			}
			if rate := g.rate(time.Now()); rate < 15 {
				t.Errorf("the rate fell to %.1f", rate)
			}
		})
	})
}

// Without a Retry-After, the wait grows only with consecutive refusals.
func TestWaitGrowsOnlyWithoutAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := gateAtRate20(t)
		for _, longest := range []time.Duration{firstWait, 2 * firstWait, 4 * firstWait} {
			round, _ := pass(t, g)
			if closedFor := refuse(g, round, ""); closedFor < longest/2 || closedFor > longest {
				t.Errorf("the gate closed for %s, want %s to %s", closedFor, longest/2, longest)
			}
		}
	})
}

// A single round with few answers can be an exception, so each round at most halves the rate.
func TestRateFallsStepByStep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := gateAtRate20(t)
		round, _ := pass(t, g)
		for range 10 {
			before := g.rate(time.Now())
			g.answered()
			refuse(g, round, "1")
			round, _ = pass(t, g)
			if rate := g.rate(time.Now()); rate >= before && before > minRate || rate < max(before/2, minRate) {
				t.Errorf("the rate changed from %.1f to %.1f", before, rate)
			}
		}
		if rate := g.rate(time.Now()); rate > 2 {
			t.Errorf("the rate is %.1f, want at most 2", rate)
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
		"no header":   {"", 2 * time.Minute, 6 * time.Minute}, // Waits grow up to longestWait.
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
				if took := run(t, client, 1, 1); took > 2*firstWait {
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
				if took := time.Since(start); took < longestRefusal-longestRetryAfter-15*time.Second || took > longestRefusal {
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
				if gap := server.came[i+1].Sub(server.came[i]); gap != 50*time.Millisecond {
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
				if gap := server.came[i+1].Sub(server.came[i]); gap != 10*time.Second {
					t.Errorf("attempt %d started %s after the previous one", i+1, gap)
				}
			}
		})
	})
	t.Run("the server's limit is lower", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			server := &server{answer: limited(tokenBucket(20, 20, 20, false))}
			took := run(t, clientOf(server, Config{RequestsPerSecond: 40}), 500, 10)
			if took > 30*time.Second || server.refusals > 30 {
				t.Errorf("took %s with %d refusals", took, server.refusals)
			}
		})
	})
	t.Run("the server's limit is higher", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			server := &server{answer: limited(fixedWindow(20, 0))}
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
		client := clientOf(&server{answer: first(1, 429, "7")}, Config{})
		if _, err := client.Do(ctx, anyRequest); err != nil {
			t.Fatal(err)
		}
		entries, err := tflogtest.MultilineJSONDecode(&output)
		if err != nil {
			t.Fatal(err)
		}
		entries = slices.DeleteFunc(entries, func(entry map[string]any) bool { return entry["@level"] == "trace" })
		if len(entries) != 3 {
			t.Fatalf("%d entries, want one per attempt and one for the wait: %v", len(entries), entries)
		}
		wait, ok := entries[1]["wait_ms"].(float64)
		if !ok || wait < 7000 || wait > 8000 || entries[1]["status"] != 429.0 || entries[1]["@level"] != "debug" {
			t.Errorf("entry = %v", entries[1])
		}
	})
}
