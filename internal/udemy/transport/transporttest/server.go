// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package transporttest provides a test server for the clients of the APIs. It serves the routes of a test and records the
// requests.
package transporttest

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Routes maps patterns of http.ServeMux to handlers. The server answers all other requests with 404.
type Routes map[string]http.HandlerFunc

// With returns the routes with more routes added.
func (r Routes) With(more Routes) Routes {
	all := maps.Clone(r)
	maps.Copy(all, more)
	return all
}

// Server records its requests in order. Read the fields only after all requests are answered.
type Server struct {
	// URL is the address of the server, without the base path.
	URL string
	// Requests contains the name of each request; see Serve.
	Requests []string
	Bodies   []string
	Headers  []http.Header

	mu sync.Mutex
}

// Serve starts a server with routes below a base path. It stops at the end of the test. The function name returns the entry of
// a request in Requests.
func Serve(t *testing.T, base string, routes Routes, name func(*http.Request) string) *Server {
	t.Helper()
	s := &Server{}
	mux := http.NewServeMux()
	// Without this route, the mux would answer other methods of a route with 405.
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<html>no such page</html>")
	})
	for route, handler := range routes {
		method, path, _ := strings.Cut(route, " ")
		mux.HandleFunc(method+" "+base+path, handler)
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.Requests = append(s.Requests, name(r))
		s.Bodies = append(s.Bodies, string(body))
		s.Headers = append(s.Headers, r.Header)
		s.mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	s.URL = web.URL
	return s
}

// WantRequests fails the test unless the server has received exactly these requests.
func (s *Server) WantRequests(t *testing.T, want ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.Requests, want) {
		t.Errorf("requests:\n%s\nwant:\n%s", strings.Join(s.Requests, "\n"), strings.Join(want, "\n"))
	}
}

// InOrder returns a handler that answers the first request with the first handler, and so on.
func InOrder(handlers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		if len(handlers) == 0 {
			mu.Unlock()
			http.Error(w, "a request after the last handler", http.StatusTeapot)
			return
		}
		handler := handlers[0]
		handlers = handlers[1:]
		mu.Unlock()
		handler(w, r)
	}
}

// IsKind reports whether err is of a kind, or nil if the kind is nil.
func IsKind(err, kind error) bool {
	return kind == nil && err == nil || kind != nil && errors.Is(err, kind)
}

// WantError checks the kind and the call of an error.
func WantError(t *testing.T, err, kind error, call string) {
	t.Helper()
	_ = WantFailure(t, err, kind, call)
}

// WantFailure checks the kind and the call of an error and returns it for more checks.
func WantFailure(t *testing.T, err, kind error, call string) *udemy.Error {
	t.Helper()
	failure, ok := errors.AsType[*udemy.Error](err)
	if !ok {
		t.Fatalf("error = %v, want a *udemy.Error: %v", err, kind)
	}
	if !errors.Is(err, kind) || failure.Call != call {
		t.Errorf("error = %v, want %s: %v", err, call, kind)
	}
	return failure
}
