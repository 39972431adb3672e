// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// roundTrips is a RoundTripper that answers attempts in order.
type roundTrips []func(*http.Request) (*http.Response, error)

func (r *roundTrips) RoundTrip(request *http.Request) (*http.Response, error) {
	next := (*r)[0]
	*r = (*r)[1:]
	return next(request)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestRetry covers the other cases of Resent over real connections. A port that refuses only the first connection needs a
// RoundTripper of its own.
func TestResentAfterFailedDial(t *testing.T) {
	t.Parallel()
	client := New(Config{
		BaseURL:    &url.URL{Scheme: "https", Host: "example.com"},
		MaxRetries: 1,
		Backoff:    func(int, *http.Response) time.Duration { return 0 },
	})
	client.http = &roundTrips{
		func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
		},
		func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusConflict, Body: http.NoBody}, nil
		},
	}
	response, err := client.Do(t.Context(), Request{Method: http.MethodPost, Route: "/users/"})
	if err != nil {
		t.Fatal(err)
	}
	if response.Resent {
		t.Error("Resent = true, but no attempt had reached the server")
	}
}

func TestAttemptTimesOut(t *testing.T) {
	t.Parallel()
	client := New(Config{
		BaseURL:        &url.URL{Scheme: "https", Host: "example.com"},
		MaxRetries:     1,
		RequestTimeout: time.Millisecond,
		Backoff:        func(int, *http.Response) time.Duration { return 0 },
	})
	// The first attempt gets no response. The second one gets a response whose body does not end.
	client.http = &roundTrips{
		func(request *http.Request) (*http.Response, error) {
			<-request.Context().Done()
			return nil, request.Context().Err()
		},
		func(request *http.Request) (*http.Response, error) {
			body := readerFunc(func([]byte) (int, error) {
				<-request.Context().Done()
				return 0, request.Context().Err()
			})
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(body)}, nil
		},
	}
	_, err := client.Do(t.Context(), Request{Method: http.MethodPost, Route: "/users/"})
	if !errors.Is(err, udemy.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want %v and not the caller's deadline", err, udemy.ErrUnavailable)
	}
	if want := "no complete response within 1ms (2 attempts)"; !strings.Contains(err.Error(), want) {
		t.Errorf("error = %v, want %s", err, want)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"0":                             0,
		"7":                             7 * time.Second,
		"120":                           2 * time.Minute,
		"121":                           2 * time.Minute,
		"4000000000":                    2 * time.Minute,
		"Fri, 02 Jan 2026 03:04:35 GMT": 30 * time.Second,
		"Fri, 02 Jan 2026 03:04:00 GMT": 0,
		"Fri, 02 Jan 2099 03:04:00 GMT": 2 * time.Minute,
	} {
		if got, ok := retryAfter(http.Header{"Retry-After": {header}}, now); !ok || got != want {
			t.Errorf("%q: %v, %t; want %v", header, got, ok, want)
		}
	}
	for _, header := range []string{"", "-1", "soon", "1.5", "99999999999999999999"} {
		if got, ok := retryAfter(http.Header{"Retry-After": {header}}, now); ok {
			t.Errorf("%q: %v, want no result", header, got)
		}
	}
	ahead := http.Header{"Retry-After": {"Fri, 02 Jan 2026 04:00:09 GMT"}, "Date": {"Fri, 02 Jan 2026 04:00:00 GMT"}}
	if got, ok := retryAfter(ahead, now); !ok || got != 9*time.Second {
		t.Errorf("date of a server whose clock is ahead: %v, %t; want 9s", got, ok)
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		failure    int
		status     int // 0 without a response
		retryAfter string
		from, to   time.Duration
	}{
		"no response":           {0, 0, "", 500 * time.Millisecond, time.Second},
		"no header":             {0, 500, "", 500 * time.Millisecond, time.Second},
		"third retry":           {3, 500, "", 4 * time.Second, 8 * time.Second},
		"longest wait":          {5, 0, "", 15 * time.Second, 30 * time.Second},
		"many failures":         {1000, 0, "", 15 * time.Second, 30 * time.Second},
		"503, Retry-After":      {0, 503, "7", 7 * time.Second, 8 * time.Second},
		"late 503, Retry-After": {4, 503, "7", 8 * time.Second, 16 * time.Second},
		"429":                   {0, 429, "", 100 * time.Millisecond, 200 * time.Millisecond},
		"many 429":              {1000, 429, "", 15 * time.Second, 30 * time.Second},
		"late 429, Retry-After": {4, 429, "7", 7 * time.Second, 8 * time.Second},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var response *http.Response
			if test.status > 0 {
				response = &http.Response{StatusCode: test.status, Header: http.Header{"Retry-After": {test.retryAfter}}}
			}
			seen := map[time.Duration]bool{}
			for range 100 {
				wait := backoff(test.failure, response)
				seen[wait] = true
				if wait < test.from || wait >= test.to {
					t.Fatalf("wait = %v, want from %v to %v", wait, test.from, test.to)
				}
			}
			if len(seen) == 1 {
				t.Error("the wait is not random")
			}
		})
	}
}

func TestClientDefaults(t *testing.T) {
	t.Parallel()
	client := New(Config{})
	pool, ok := client.http.(*http.Transport)
	if !ok {
		t.Fatalf("the round tripper is a %T", client.http)
	}
	if pool.MaxIdleConnsPerHost < 10 || pool.Proxy == nil || pool == http.DefaultTransport {
		t.Errorf("%d idle connections, proxy: %t, own pool: %t", pool.MaxIdleConnsPerHost, pool.Proxy != nil, pool != http.DefaultTransport)
	}
	if client.config.RequestTimeout <= 0 || client.config.Backoff == nil {
		t.Error("no default for RequestTimeout or Backoff")
	}
}
