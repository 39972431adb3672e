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

// server answers in memory, so that it runs on the virtual time of a synctest bubble.
type server struct {
	// latency is how long an attempt takes, both ways together; nil is no time.
	latency func() time.Duration
	// answer is called for one attempt at a time.
	answer func(now time.Time) reply

	mu sync.Mutex
	// came is when each attempt came; refusals counts the 429s.
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

// reply is an answer: its status, and its Retry-After, which may be empty.
type reply struct {
	status     int
	retryAfter string
}

// always gives every attempt the same answer.
func always(status int, retryAfter string) func(time.Time) reply {
	return func(time.Time) reply { return reply{status, retryAfter} }
}

// first gives that answer to the first so many attempts, and a 200 to all the rest.
func first(attempts, status int, retryAfter string) func(time.Time) reply {
	return func(time.Time) reply {
		if attempts--; attempts < 0 {
			return reply{200, ""}
		}
		return reply{status, retryAfter}
	}
}

// limited refuses what is not allowed, and asks to wait for a second.
func limited(allow func(now time.Time) bool) func(time.Time) reply {
	return func(now time.Time) reply {
		if allow(now) {
			return reply{200, ""}
		}
		return reply{429, "1"}
	}
}

// tokenBucket allows as many attempts as it holds tokens, and its size is the largest burst. If it charges, refused
// attempts take tokens as well.
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

// fixedWindow allows so many attempts in each window of a second; used of them came before the client's first one.
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

// slidingWindow allows so many attempts in any second. Refused ones count.
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

// run sends so many requests, up to workers of them at once. All of them have to succeed.
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

// begin starts one request and returns when it waits, for its answer or for another attempt. The test has to call end.
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

// The client finds out by itself what a server accepts. It takes little longer than with the server's limit for a
// pace, and is refused little more often than it has to be to find out.
func TestServersWithALimit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		perSecond float64
		// atMost is how many times the shortest possible time it may take.
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
						// All that run at once are refused at first; later it is one or two every few seconds.
						if most := 2*workers + int(took.Seconds()); server.refusals > most {
							t.Errorf("%d refusals, want at most %d", server.refusals, most)
						}
					})
				})
			}
		}
	}
}

func TestAllWaitWhenOneIsToldTo(t *testing.T) {
	t.Parallel()
	inSevenSeconds := time.Date(2000, 1, 1, 0, 0, 7, 0, time.UTC).Format(http.TimeFormat) // A bubble begins at midnight.
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
					t.Errorf("the next attempt came after %s, want from %s to %s", waited, test.from, test.to)
				}
				// Gently: first at about the pace that nobody was refused at, and faster when all goes well.
				if next := server.came[2].Sub(server.came[1]); next < 50*time.Millisecond {
					t.Errorf("another came %s later", next)
				}
				if all := server.came[30].Sub(server.came[1]); all > 2*time.Second {
					t.Errorf("the last one came %s later", all)
				}
			})
		})
	}
}

func TestA503WithoutRetryAfterConcernsOneRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &server{answer: first(1, 503, "")}
		client := clientOf(server, Config{MaxRetries: 1})
		defer begin(t, client)()
		if took := run(t, client, 10, 10); took != 0 {
			t.Errorf("others waited for %s", took)
		}
	})
}

// What was learned from a few refusals doesn't slow the client down for long.
func TestPaceRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &server{latency: constant(50 * time.Millisecond), answer: limited(tokenBucket(20, 20, 20, false))}
		client := clientOf(server, Config{})
		run(t, client, 200, 10)
		server.answer = always(200, "")
		before := server.refusals
		if took := run(t, client, 1000, 10); took > 25*time.Second {
			t.Errorf("took %s, which is close to the former pace's 50s", took)
		}
		if server.refusals != before {
			t.Error("there was a refusal")
		}
	})
}

// A server that is closed to everyone for a time says nothing about the pace.
func TestPaceSurvivesAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &server{answer: limited(tokenBucket(20, 20, 20, false))}
		client := clientOf(server, Config{})
		run(t, client, 100, 10)
		server.answer = first(30, 429, "1")
		run(t, client, 1, 1)
		server.answer = always(200, "")
		if took := run(t, client, 100, 10); took > 6*time.Second {
			t.Errorf("took %s, want the former pace's 5s", took)
		}
	})
}

// gateAtPace20 has learned from 20 answers and a refusal, and opens in a second.
func gateAtPace20(t *testing.T) *gate {
	t.Helper()
	g := newGate(0, backoff)
	for range 20 {
		pass(t, g)
		g.answered()
	}
	refuse(g, 0, "1")
	return g
}

// refuse tells the gate of a 429 that an attempt of that round got.
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

// Attempts that were under way when the gate closed don't make matters worse.
func TestLateRefusals(t *testing.T) {
	t.Parallel()
	t.Run("while the gate is closed", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			g := newGate(0, backoff)
			first := refuse(g, 0, "")
			for range 20 {
				if news := refuse(g, 0, ""); first == 0 || news != 0 {
					t.Errorf("the gate closed for %s, and again for %s", first, news)
				}
			}
			if _, waited := pass(t, g); waited > firstWait {
				t.Errorf("the wait has grown to %s", waited)
			}
		})
	})
	t.Run("after the gate has opened", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			g := gateAtPace20(t)
			round, _ := pass(t, g)
			g.answered()
			refuse(g, round-1, "5")
			if _, waited := pass(t, g); waited < 5*time.Second {
				t.Errorf("the next attempt waited for %s", waited)
			}
			if pace := g.pace(time.Now()); pace < 15 {
				t.Errorf("the pace fell to %.1f", pace)
			}
		})
	})
}

// Without a Retry-After, only refusals in a row make the wait grow.
func TestWaitGrowsOnlyWithoutAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := gateAtPace20(t)
		for _, longest := range []time.Duration{firstWait, 2 * firstWait, 4 * firstWait} {
			round, _ := pass(t, g)
			if closedFor := refuse(g, round, ""); closedFor < longest/2 || closedFor > longest {
				t.Errorf("the gate closed for %s, want %s to %s", closedFor, longest/2, longest)
			}
		}
	})
}

// A round with few answers may be an accident, but many of them are not.
func TestPaceFallsStepByStep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := gateAtPace20(t)
		round, _ := pass(t, g)
		for range 10 {
			before := g.pace(time.Now())
			g.answered()
			refuse(g, round, "1")
			round, _ = pass(t, g)
			if pace := g.pace(time.Now()); pace >= before && before > minPace || pace < max(before/2, minPace) {
				t.Errorf("the pace went from %.1f to %.1f", before, pace)
			}
		}
		if pace := g.pace(time.Now()); pace > 2 {
			t.Errorf("the pace is still %.1f", pace)
		}
	})
}

func TestRefusalsAreNoRetries(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		retryAfter string
		from, to   time.Duration
	}{
		"Retry-After": {"2", 30 * time.Second, 35 * time.Second},
		"no header":   {"", 2 * time.Minute, 6 * time.Minute}, // Ever longer waits, up to longestWait.
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

// What counts is that nothing gets through, not that there are refusals.
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
			t.Errorf("took %s, which tests nothing", took)
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
		// The turn and the slots have been given back.
		client.http = &server{answer: always(200, "")}
		run(t, client, 10, 10)

		client.http = &server{answer: always(429, "10")}
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := client.Do(ctx, anyRequest); err == nil || !strings.Contains(err.Error(), "rate limit") {
			t.Errorf("error = %v, want it to say what the time was spent on", err)
		}
	})
}

func TestRefusalsHaveAnEnd(t *testing.T) {
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
						if !ok || !errors.Is(err, udemy.ErrUnavailable) || !strings.Contains(failure.Detail, "rate limit") {
							t.Errorf("error = %v", err)
						}
					})
				}
				group.Wait()
				if took := time.Since(start); took < longestRefusal-longestRetryAfter-15*time.Second || took > longestRefusal {
					t.Errorf("it took %s", took)
				}
				// Who comes later need not wait as long to hear the same, and is heard when the server is back.
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

func TestAWaitForARetryTakesNoSlot(t *testing.T) {
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
			time.Sleep(time.Minute) // Time without requests is not made up for.
			run(t, client, 36, 36)
			for i := range 35 + 5 {
				if gap := server.came[i+1].Sub(server.came[i]); gap != 50*time.Millisecond {
					t.Errorf("attempt %d came %s after the one before", i+1, gap)
				}
			}
			if took := server.came[76].Sub(server.came[41]); took < 34*50*time.Millisecond {
				t.Errorf("after a minute without requests, 36 came within %s", took)
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
					t.Errorf("attempt %d came %s after the one before", i+1, gap)
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
			t.Fatalf("%d entries, want one for each attempt and one for the wait: %v", len(entries), entries)
		}
		wait, ok := entries[1]["wait_ms"].(float64)
		if !ok || wait < 7000 || wait > 8000 || entries[1]["status"] != 429.0 || entries[1]["@level"] != "debug" {
			t.Errorf("entry = %v", entries[1])
		}
	})
}
