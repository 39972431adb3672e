// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// The base64 form of token contains a character that URL-safe base64 encodes differently.
const token = "s3cr3t/t0ken+xy???"

// handlers answers the first request with the first handler, and so on. The last handler answers all further requests.
func handlers(all ...http.HandlerFunc) (http.HandlerFunc, *atomic.Int32) {
	var count atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		n := int(count.Add(1))
		all[min(n, len(all))-1](w, r)
	}, &count
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func answer(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = fmt.Fprint(w, body)
	}
}

// labeled answers with JSON and a media type.
func labeled(mediaType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		answer(200, "{}")(w, r)
	}
}

// hangUp reads the request and closes the connection without a response.
func hangUp(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	panic(http.ErrAbortHandler)
}

// breakOff sends a body that is shorter than its Content-Length.
func breakOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	_, _ = fmt.Fprint(w, `{"id": "1`)
}

func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// config returns the configuration of a client that does not wait between attempts.
func config(t *testing.T, address string) transport.Config {
	t.Helper()
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return transport.Config{
		BaseURL:     base,
		Credential:  transport.BasicToken(token),
		Accept:      "application/json",
		ContentType: "application/json",
		UserAgent:   "terraform-provider-udemy/test",
		MaxRetries:  2,
		Backoff:     func(int, *http.Response) time.Duration { return 0 },
	}
}

var (
	get  = transport.Request{Method: http.MethodGet, Route: "/users/"}
	post = transport.Request{Method: http.MethodPost, Route: "/users/", Body: map[string]string{"email": "ada@example.com"}}
)

func TestRequestOnTheWire(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		request    transport.Request
		credential transport.Credential
		wantURI    string
		wantBody   string
		want       map[string]string
	}{
		"without a body": {
			request:    transport.Request{Method: http.MethodGet, Route: "/users/", Query: url.Values{"email": {"ada+x@example.com"}}},
			credential: transport.BasicToken("abc"),
			wantURI:    "/api/users/?email=ada%2Bx%40example.com",
			want: map[string]string{
				"Authorization": "Basic YWJjOg==", "Accept": "application/json",
				"User-Agent": "terraform-provider-udemy/test", "Content-Type": "",
			},
		},
		"with a body": {
			request:    transport.Request{Method: http.MethodPatch, Route: "/users/{id}/", IDs: []string{"1"}, Body: map[string]string{"name": "R&D <1>"}},
			credential: transport.BearerToken("abc"),
			wantURI:    "/api/users/1/",
			wantBody:   `{"name":"R&D <1>"}`,
			want: map[string]string{
				"Authorization": "Bearer abc", "Accept": "application/json",
				"User-Agent": "terraform-provider-udemy/test", "Content-Type": "application/json", "Content-Length": "18",
			},
		},
		"blanks in a query": {
			request:    transport.Request{Method: http.MethodGet, Route: "/Users", Query: url.Values{"filter": {`userName eq "a+b c"`}}},
			credential: transport.BearerToken("abc"),
			wantURI:    "/api/Users?filter=userName%20eq%20%22a%2Bb%20c%22",
		},
		"hostile IDs": {
			request:    transport.Request{Method: http.MethodDelete, Route: "/groups/{group}/users/{user}/", IDs: []string{"g/x?y#z", "a b%2F"}},
			credential: transport.BasicToken("abc"),
			wantURI:    "/api/groups/g%2Fx%3Fy%23z/users/a%20b%252F/",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var uri, body string
			var header http.Header
			address := serve(t, func(w http.ResponseWriter, r *http.Request) {
				content, _ := io.ReadAll(r.Body)
				uri, header, body = r.RequestURI, r.Header, string(content)
				header.Set("Content-Length", fmt.Sprint(r.ContentLength))
				answer(200, "{}")(w, r)
			})
			cfg := config(t, address+"/api/")
			cfg.Credential = test.credential
			if _, err := transport.New(cfg).Do(t.Context(), test.request); err != nil {
				t.Fatal(err)
			}
			if uri != test.wantURI {
				t.Errorf("URI = %s, want %s", uri, test.wantURI)
			}
			if body != test.wantBody {
				t.Errorf("body = %q, want %q", body, test.wantBody)
			}
			for key, want := range test.want {
				if got := header.Get(key); got != want {
					t.Errorf("%s = %q, want %q", key, got, want)
				}
			}
			if _, ok := header["Content-Type"]; ok && test.wantBody == "" {
				t.Error("a request without a body has a Content-Type")
			}
		})
	}
}

func TestInvalidIDs(t *testing.T) {
	t.Parallel()
	handler, count := handlers(status(http.StatusOK))
	client := transport.New(config(t, serve(t, handler)))
	for _, id := range []string{"", ".", "..", "a/../b", "%2e%2E"} {
		_, err := client.Do(t.Context(), transport.Request{Method: http.MethodDelete, Route: "/users/{id}/", IDs: []string{id}})
		if !errors.Is(err, udemy.ErrInvalid) {
			t.Errorf("ID %q: error = %v, want %v", id, err, udemy.ErrInvalid)
		}
	}
	if count.Load() != 0 {
		t.Error("the client sent a request")
	}
}

func TestRetry(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		first      http.HandlerFunc
		wantRetry  bool
		wantResent bool
	}{
		"200":                  {first: answer(200, "{}")},
		"301: permanent":       {first: status(301)},
		"302: temporary":       {first: status(302), wantRetry: true},
		"303: temporary":       {first: status(303), wantRetry: true},
		"307: temporary":       {first: status(307), wantRetry: true},
		"308: permanent":       {first: status(308)},
		"400":                  {first: status(400)},
		"401":                  {first: status(401)},
		"404":                  {first: status(404)},
		"402":                  {first: status(402)},
		"408":                  {first: status(408), wantRetry: true, wantResent: true},
		"409":                  {first: status(409)},
		"425: not carried out": {first: status(425), wantRetry: true},
		"501":                  {first: status(501)},
		"429: not carried out": {first: status(429), wantRetry: true},
		"500":                  {first: status(500), wantRetry: true, wantResent: true},
		"502":                  {first: status(502), wantRetry: true, wantResent: true},
		"503":                  {first: status(503), wantRetry: true, wantResent: true},
		"504":                  {first: status(504), wantRetry: true, wantResent: true},
		"524":                  {first: status(524), wantRetry: true, wantResent: true},
		"connection closed":    {first: hangUp, wantRetry: true, wantResent: true},
		"incomplete response":  {first: breakOff, wantRetry: true, wantResent: true},
		"text":                 {first: answer(200, "Done."), wantRetry: true, wantResent: true},
		"truncated JSON":       {first: answer(201, `{"id": "1`), wantRetry: true, wantResent: true},
		"web page":             {first: answer(200, "<!DOCTYPE html><title>Sign in</title>"), wantRetry: true, wantResent: true},
		"JSON labeled as HTML": {first: labeled("text/html; charset=utf-8"), wantRetry: true, wantResent: true},
		"JSON labeled as text": {first: labeled("text/plain")},
		"JSON labeled as SCIM": {first: labeled("application/scim+json")},
		"incomplete 500":       {first: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500); breakOff(w, r) }, wantRetry: true, wantResent: true},
	}
	for name, test := range tests {
		for _, request := range []transport.Request{get, post} {
			t.Run(request.Method+" "+name, func(t *testing.T) {
				t.Parallel()
				var last string
				handler, count := handlers(test.first, func(w http.ResponseWriter, r *http.Request) {
					body, _ := io.ReadAll(r.Body)
					last = string(body)
					w.WriteHeader(http.StatusConflict)
				})
				response, err := transport.New(config(t, serve(t, handler))).Do(t.Context(), request)
				if err != nil {
					t.Fatal(err)
				}
				if retried := count.Load() == 2; retried != test.wantRetry {
					t.Errorf("%d requests, want retry = %t", count.Load(), test.wantRetry)
				}
				if response.Resent != test.wantResent {
					t.Errorf("Resent = %t, want %t", response.Resent, test.wantResent)
				}
				if test.wantRetry && request.Body != nil && last != `{"email":"ada@example.com"}` {
					t.Errorf("the second attempt sent %q", last)
				}
			})
		}
	}
}

// Observe receives the response of each attempt, also of those that are retried or unusable.
func TestObserve(t *testing.T) {
	t.Parallel()
	handler, _ := handlers(status(429), labeled("text/html"), labeled("application/json"))
	var statuses []int
	observed := config(t, serve(t, handler))
	observed.Observe = func(response *http.Response) { statuses = append(statuses, response.StatusCode) }
	if _, err := transport.New(observed).Do(t.Context(), get); err != nil {
		t.Fatal(err)
	}
	if want := []int{429, 200, 200}; !slices.Equal(statuses, want) {
		t.Errorf("observed %v, want %v", statuses, want)
	}
}

func TestResentIsRemembered(t *testing.T) {
	t.Parallel()
	handler, _ := handlers(status(500), status(429), status(409))
	response, err := transport.New(config(t, serve(t, handler))).Do(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	if !response.Resent {
		t.Error("Resent = false after a 500 and a 429, want true")
	}
}

func TestRetriesRunOut(t *testing.T) {
	t.Parallel()
	t.Run("with a response", func(t *testing.T) {
		t.Parallel()
		handler, count := handlers(status(429), answer(503, "down for maintenance"))
		response, err := transport.New(config(t, serve(t, handler))).Do(t.Context(), get)
		if err != nil {
			t.Fatal(err)
		}
		// The 429 does not count, and a 503 has twice the retries.
		if count.Load() != 6 || response.Status != 503 || string(response.Body) != "down for maintenance" {
			t.Errorf("%d requests, last response %d %q", count.Load(), response.Status, response.Body)
		}
	})
	t.Run("without a response", func(t *testing.T) {
		t.Parallel()
		handler, count := handlers(hangUp)
		_, err := transport.New(config(t, serve(t, handler))).Do(t.Context(), transport.Request{
			Method: http.MethodGet, Route: "/users/", Query: url.Values{"email": {"ada@example.com"}},
		})
		failure, ok := errors.AsType[*udemy.Error](err)
		if !ok || !errors.Is(err, udemy.ErrUnavailable) || failure.Call != "GET /users/" {
			t.Fatalf("error = %v", err)
		}
		if count.Load() != 3 || !strings.Contains(failure.Detail, "(3 attempts)") {
			t.Errorf("%d requests, error %v", count.Load(), err)
		}
		if strings.Contains(err.Error(), "ada") {
			t.Errorf("the error contains the query: %v", err)
		}
	})
	t.Run("connection refused", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(status(200))
		server.Close()
		var failures []int
		cfg := config(t, server.URL)
		cfg.Backoff = func(failure int, _ *http.Response) time.Duration { failures = append(failures, failure); return 0 }
		_, err := transport.New(cfg).Do(t.Context(), get)
		if !errors.Is(err, udemy.ErrUnreachable) || !slices.Equal(failures, []int{0, 1}) {
			t.Errorf("waits after failures %v, error = %v", failures, err)
		}
	})
	t.Run("connection refused after a lost response", func(t *testing.T) {
		t.Parallel()
		var server *httptest.Server
		server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = server.Listener.Close()
			hangUp(w, r)
		}))
		t.Cleanup(server.Close)
		_, err := transport.New(config(t, server.URL)).Do(t.Context(), post)
		if !errors.Is(err, udemy.ErrUnavailable) || errors.Is(err, udemy.ErrUnreachable) {
			t.Errorf("error = %v, want %v: the first attempt was sent", err, udemy.ErrUnavailable)
		}
	})
}

func TestCancellation(t *testing.T) {
	t.Parallel()
	t.Run("during an attempt", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		handler, count := handlers(func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
		cfg := config(t, serve(t, handler))
		cfg.Backoff = func(int, *http.Response) time.Duration { t.Error("the client waits for a retry"); return 0 }
		_, err := transport.New(cfg).Do(ctx, get)
		if !errors.Is(err, context.Canceled) || errors.Is(err, udemy.ErrUnavailable) {
			t.Errorf("error = %v, want %v", err, context.Canceled)
		}
		if count.Load() != 1 {
			t.Errorf("%d requests, want 1", count.Load())
		}
	})
	t.Run("between attempts", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		handler, count := handlers(status(429))
		cfg := config(t, serve(t, handler))
		cfg.Backoff = func(int, *http.Response) time.Duration { cancel(); return time.Hour }
		if _, err := transport.New(cfg).Do(ctx, get); !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v, want %v", err, context.Canceled)
		}
		if count.Load() != 1 {
			t.Errorf("%d requests, want 1", count.Load())
		}
	})
}

// State must record the result of a change. After a cancellation, the client waits for the response of a running change for a
// limited time, and does not retry it.
func TestCanceledChange(t *testing.T) {
	t.Parallel()
	change := transport.Request{Method: http.MethodPost, Route: "/users/", Body: 1}
	t.Run("answered", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		address := serve(t, func(w http.ResponseWriter, _ *http.Request) { cancel(); _, _ = io.WriteString(w, `{"id": "u1"}`) })
		response, err := transport.New(config(t, address)).Do(ctx, change)
		if err != nil || string(response.Body) != `{"id": "u1"}` {
			t.Errorf("response = %+v, error = %v", response, err)
		}
	})
	t.Run("failed", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		handler, count := handlers(func(w http.ResponseWriter, _ *http.Request) { cancel(); w.WriteHeader(500) })
		_, err := transport.New(config(t, serve(t, handler))).Do(ctx, change)
		if !errors.Is(err, context.Canceled) || count.Load() != 1 {
			t.Errorf("error = %v after %d requests", err, count.Load())
		}
	})
	t.Run("never answered", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		handler, count := handlers(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // The server detects a disconnect only after it has read the body.
			cancel()
			<-r.Context().Done()
		})
		cfg := config(t, serve(t, handler))
		cfg.RequestTimeout = time.Hour
		if _, err := transport.New(cfg).Do(ctx, change); !errors.Is(err, context.Canceled) || count.Load() != 1 {
			t.Errorf("error = %v after %d requests", err, count.Load())
		}
	})
	t.Run("not sent", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		handler, count := handlers(status(200))
		if _, err := transport.New(config(t, serve(t, handler))).Do(ctx, change); !errors.Is(err, context.Canceled) || count.Load() != 0 {
			t.Errorf("error = %v after %d requests", err, count.Load())
		}
	})
}

func TestNotRetriedWhenItCannotHelp(t *testing.T) {
	t.Parallel()
	secure := httptest.NewUnstartedServer(status(200))
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	plain := serve(t, status(200))
	tests := map[string]string{
		"untrusted certificate": secure.URL,
		"server without TLS":    "https" + strings.TrimPrefix(plain, "http"),
	}
	for name, address := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := config(t, address)
			cfg.Backoff = func(int, *http.Response) time.Duration { t.Error("the client retries the request"); return 0 }
			if _, err := transport.New(cfg).Do(t.Context(), get); !errors.Is(err, udemy.ErrUnreachable) {
				t.Errorf("error = %v, want %v", err, udemy.ErrUnreachable)
			}
		})
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	for _, code := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			elsewhere, visits := handlers(status(200))
			target := serve(t, elsewhere)
			address := serve(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, strings.Replace(target, "//", "//user:secret@", 1)+"/sign-in/"+url.PathEscape(token)+"?ticket=secret#secret", code)
			})
			response, err := transport.New(config(t, address)).Do(t.Context(), post)
			if err != nil {
				t.Fatal(err)
			}
			if response.Status != code || visits.Load() != 0 {
				t.Errorf("status %d, %d requests to the other host", response.Status, visits.Load())
			}
			text := response.Text()
			if !strings.Contains(text, "redirect to "+target+"/sign-in/") {
				t.Errorf("the text does not contain the target: %q", text)
			}
			if strings.Contains(text, "secret") || strings.Contains(text, token) || strings.Contains(text, url.PathEscape(token)) {
				t.Errorf("text = %q", text)
			}
		})
	}
}

// BeforeResend runs before each retry that may repeat a change, and Do returns its error.
func TestBeforeResend(t *testing.T) {
	t.Parallel()
	found := errors.New("found")
	for name, test := range map[string]struct {
		answers  []http.HandlerFunc
		looks    []error
		want     error
		requests int32
	}{
		"answered":          {[]http.HandlerFunc{status(201)}, nil, nil, 1},
		"not carried out":   {[]http.HandlerFunc{status(429), status(201)}, nil, nil, 2},
		"found":             {[]http.HandlerFunc{hangUp, status(201)}, []error{found}, found, 1},
		"not found":         {[]http.HandlerFunc{hangUp, status(201)}, []error{nil}, nil, 2},
		"found later":       {[]http.HandlerFunc{status(500), status(429), status(201)}, []error{nil, found}, found, 2},
		"retries exhausted": {[]http.HandlerFunc{hangUp}, []error{nil, nil}, udemy.ErrUnavailable, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handler, count := handlers(test.answers...)
			looks := 0
			request := post
			request.BeforeResend = func(context.Context) error { looks++; return test.looks[looks-1] }
			_, err := transport.New(config(t, serve(t, handler))).Do(t.Context(), request)
			if !errors.Is(err, test.want) || count.Load() != test.requests || looks != len(test.looks) {
				t.Errorf("%d requests, %d calls of BeforeResend, error %v", count.Load(), looks, err)
			}
		})
	}
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		size     int
		want     error
		requests int32
	}{
		"at the limit":    {16 << 20, nil, 1},
		"above the limit": {16<<20 + 1, udemy.ErrUnavailable, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handler, count := handlers(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.Repeat([]byte("1"), test.size)) })
			if _, err := transport.New(config(t, serve(t, handler))).Do(t.Context(), get); !errors.Is(err, test.want) {
				t.Errorf("error = %v, want %v", err, test.want)
			}
			if count.Load() != test.requests {
				t.Errorf("%d requests, want %d", count.Load(), test.requests)
			}
		})
	}
}

// escaped returns a text with each character as a JSON escape.
func escaped(text string) string {
	var escapes strings.Builder
	for _, r := range text {
		fmt.Fprintf(&escapes, `\u%04x`, r)
	}
	return escapes.String()
}

// Redaction does not change the meaning of other escapes.
func TestOtherEscapesStay(t *testing.T) {
	t.Parallel()
	const body = `{"detail":"C:\\\\u0041 says \u0022no\u0022 to \u00e9 and \n"}`
	response, err := transport.New(config(t, serve(t, answer(http.StatusBadRequest, body)))).Do(t.Context(), get)
	if err != nil {
		t.Fatal(err)
	}
	var got, want map[string]string
	if err := errors.Join(json.Unmarshal(response.Body, &got), json.Unmarshal([]byte(body), &want)); err != nil {
		t.Fatalf("%s: %v", response.Body, err)
	}
	if got["detail"] != want["detail"] {
		t.Errorf("got %q, want %q", got["detail"], want["detail"])
	}
}

func TestCredentialIsTakenOut(t *testing.T) {
	t.Parallel()
	encoded := base64.StdEncoding.EncodeToString([]byte(token + ":"))
	forms := map[string]string{
		"plain":               token,
		"header":              "Basic " + encoded,
		"base64":              encoded,
		"base64 of the token": base64.StdEncoding.EncodeToString([]byte(token)),
		"base64 unpadded":     base64.RawStdEncoding.EncodeToString([]byte(token)),
		"base64 for URLs":     base64.URLEncoding.EncodeToString([]byte(token + ":")),
		"slashes escaped":     strings.ReplaceAll(token, "/", `\/`),
		"as a query":          url.QueryEscape(token),
		"hexadecimal":         hex.EncodeToString([]byte(token)),
		"HEXADECIMAL":         strings.ToUpper(hex.EncodeToString([]byte(token))),
		"base64 of it all":    base64.StdEncoding.EncodeToString([]byte("Basic " + encoded)),
		"escaped":             escaped(token),
		"partly escaped":      token[:4] + escaped(token[4:]),
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const format = `{"detail":"you sent %s to us"}`
			address := serve(t, answer(http.StatusBadRequest, fmt.Sprintf(format, form)))
			response, err := transport.New(config(t, address)).Do(t.Context(), get)
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf(format, "[redacted]"); string(response.Body) != want {
				t.Errorf("body = %s, want %s", response.Body, want)
			}
		})
	}
	t.Run("connection error", func(t *testing.T) {
		t.Parallel()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for {
				connection, err := listener.Accept()
				if err != nil {
					return
				}
				_, _ = connection.Read(make([]byte, 4096))
				_, _ = fmt.Fprintf(connection, "HTTP/1.1 echo:%s,%s no\r\n\r\n", encoded, token)
				_ = connection.Close()
			}
		}()
		_, err = transport.New(config(t, "http://"+listener.Addr().String())).Do(t.Context(), get)
		if err == nil || !strings.Contains(err.Error(), "echo") {
			t.Fatalf("error = %v, want the text of the server: without it, the test proves nothing", err)
		}
		if strings.Contains(err.Error(), token) || strings.Contains(err.Error(), encoded) {
			t.Errorf("error = %v", err)
		}
	})
	t.Run("success status", func(t *testing.T) {
		t.Parallel()
		_, err := transport.New(config(t, serve(t, answer(200, fmt.Sprintf("%q", token))))).Do(t.Context(), get)
		if !errors.Is(err, udemy.ErrUnavailable) || strings.Contains(err.Error(), token) {
			t.Errorf("error = %v, want %v: the token could reach state", err, udemy.ErrUnavailable)
		}
	})
	t.Run("no token", func(t *testing.T) {
		t.Parallel()
		cfg := config(t, serve(t, answer(400, "abc")))
		cfg.Credential = transport.BasicToken("")
		response, err := transport.New(cfg).Do(t.Context(), get)
		if err != nil || string(response.Body) != "abc" {
			t.Errorf("body = %s, error = %v", response.Body, err)
		}
	})
}

func TestCredentialDoesNotPrint(t *testing.T) {
	t.Parallel()
	for _, credential := range []transport.Credential{transport.BasicToken(token), transport.BearerToken(token)} {
		cfg := config(t, "https://example.com")
		cfg.Credential = credential
		client := transport.New(cfg)
		hidden := struct{ credential transport.Credential }{credential}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "credential", credential, "config", cfg)
		for _, text := range []string{
			log.String(),
			fmt.Sprintf("%v %+v %#v %s %q", credential, credential, credential, credential, credential),
			fmt.Sprintf("%v %+v %#v", cfg, cfg, cfg),
			fmt.Sprintf("%v %+v %#v", hidden, hidden, hidden),
			fmt.Sprintf("%v %+v", client, client),
		} {
			if strings.Contains(text, token) || strings.Contains(text, base64.StdEncoding.EncodeToString([]byte(token))[:8]) {
				t.Errorf("printed: %s", text)
			}
		}
	}
}

// DEBUG entries contain no personal data. TRACE entries contain queries and bodies. No entry contains the credential.
func TestLog(t *testing.T) {
	t.Parallel()
	inBasic := base64.StdEncoding.EncodeToString([]byte(token + ":"))
	handler, _ := handlers(status(429), func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "r-7 "+token)
		_, _ = fmt.Fprintf(w, `{"firstname": "Ada", "echo": %q}`, r.Header.Get("Authorization"))
	})
	var output bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &output)
	_, err := transport.New(config(t, serve(t, handler))).Do(ctx, transport.Request{
		Method: http.MethodPost, Route: "/users/{id}/", IDs: []string{"u1"}, Query: url.Values{"email": {"ada@example.com"}},
		Body: map[string]string{"lastname": "Lovelace"},
	})
	if !errors.Is(err, udemy.ErrUnavailable) {
		t.Fatalf("error = %v, want %v: the response contains the token", err, udemy.ErrUnavailable)
	}
	for _, secret := range []string{token, inBasic} {
		if strings.Contains(output.String(), secret) {
			t.Errorf("the log contains %q: %s", secret, output.String())
		}
	}
	entries, err := tflogtest.MultilineJSONDecode(&output)
	if err != nil {
		t.Fatal(err)
	}
	var debug, trace []map[string]any
	for _, entry := range entries {
		if entry["@level"] == "trace" {
			trace = append(trace, entry)
			continue
		}
		debug = append(debug, entry)
		for _, personal := range []string{"ada", "Ada", "Lovelace"} {
			if strings.Contains(fmt.Sprint(entry), personal) {
				t.Errorf("a DEBUG entry contains %q: %v", personal, entry)
			}
		}
	}
	if len(debug) != 2 || len(trace) != 2 {
		t.Fatalf("%d DEBUG and %d TRACE entries, want one of each per attempt", len(debug), len(trace))
	}
	for i, wantStatus := range []float64{429, 200} {
		entry := debug[i]
		if entry["method"] != "POST" || entry["path"] != "/users/u1/" || entry["status"] != wantStatus || entry["attempt"] != float64(i+1) {
			t.Errorf("entry %d = %v", i, entry)
		}
		if _, ok := entry["duration_ms"].(float64); !ok || entry["request_id"] == "" || entry["request_id"] != trace[i]["request_id"] {
			t.Errorf("entry %d has no duration or no request ID: %v", i, entry)
		}
		if sent := fmt.Sprint(trace[i]["query"], trace[i]["sent"]); sent != `email=ada%40example.com{"lastname":"Lovelace"}` {
			t.Errorf("entry %d has the query and body %s", i, sent)
		}
	}
	if received := fmt.Sprint(trace[1]["received"]); !strings.Contains(received, "Ada") {
		t.Errorf("received = %s", received)
	}
	if id := fmt.Sprint(debug[1]["server_request_id"]); !strings.HasPrefix(id, "r-7") {
		t.Errorf("server_request_id = %q, want the prefix r-7", id)
	}
}

func TestKind(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]error{
		301: udemy.ErrRefused, 307: udemy.ErrRefused, 308: udemy.ErrRefused, 303: udemy.ErrUnavailable, 304: udemy.ErrUnavailable,
		302: udemy.ErrUnavailable, 400: udemy.ErrInvalid, 401: udemy.ErrUnauthorized, 403: udemy.ErrForbidden,
		404: udemy.ErrNotFound, 405: udemy.ErrNotOffered, 409: udemy.ErrConflict, 418: udemy.ErrRefused,
		402: udemy.ErrRefused, 406: udemy.ErrRefused, 408: udemy.ErrUnavailable, 410: udemy.ErrNotFound, 412: udemy.ErrRefused,
		413: udemy.ErrRefused, 415: udemy.ErrRefused, 423: udemy.ErrRefused, 425: udemy.ErrRefused, 428: udemy.ErrRefused,
		422: udemy.ErrInvalid, 429: udemy.ErrRefused, 451: udemy.ErrRefused, 499: udemy.ErrRefused, 500: udemy.ErrUnavailable, 501: udemy.ErrNotOffered,
	} {
		if got := transport.Kind(code); !errors.Is(got, want) {
			t.Errorf("Kind(%d) = %v, want %v", code, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"empty":      {"", ""},
		"one line":   {" a\r\n\tb  c ", "a b c"},
		"controls":   {"a\x1b[31mb\x00\u202ec", "a[31mbc"},
		"not UTF-8":  {"a\xffb", "ab"},
		"HTML":       {"\n <!DOCTYPE html><html><body>oops", "an HTML page"},
		"fragment":   {"<h1>Bad gateway</h1>", "an HTML page"},
		"at the end": {strings.Repeat("é", 300), strings.Repeat("é", 300)},
		"too long":   {strings.Repeat("é", 301), strings.Repeat("é", 299) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := transport.Shorten(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestParseBaseURL(t *testing.T) {
	t.Parallel()
	for address, valid := range map[string]bool{
		"https://acme.udemy.com/scim/v2": true,
		"http://127.0.0.1:8080/api":      true,
		"http://[::1]:8080":              true,
		"http://localhost:8080":          true,
		"http://acme.udemy.com":          false,
		"http://localhost.example.com":   false,
		"ftp://acme.udemy.com":           false,
		"acme.udemy.com":                 false,
		"":                               false,
		"https://":                       false,
		"https://:443":                   false,
		"https://user:pw@example.com":    false,
		"https://example.com/?a=b":       false,
		"https://example.com/?":          false,
		"https://example.com/#x":         false,
		"https://user:s3cret@exa mple":   false,
	} {
		parsed, err := transport.ParseBaseURL(address)
		if (err == nil) != valid {
			t.Errorf("%q: error = %v, want valid = %t", address, err, valid)
		}
		if err == nil && parsed.String() != address {
			t.Errorf("%q became %q", address, parsed)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: the error contains the password: %v", address, err)
		}
	}
}
