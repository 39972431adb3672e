// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package transporttest is a server for the tests of both APIs' clients: it offers what a test gives it, and keeps what it
// was sent.
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

// Routes are what a server offers, as http.ServeMux takes them. Everything else is a 404, as with any web server.
type Routes map[string]http.HandlerFunc

// With adds routes to others.
func (r Routes) With(more Routes) Routes {
	all := maps.Clone(r)
	maps.Copy(all, more)
	return all
}

// Server keeps the requests that it was sent, in order. Read it when all of them are answered.
type Server struct {
	// URL is the address of the server, without the base path.
	URL string
	// Requests are methods, paths below the base and queries, as the Serve that made the server spells them.
	Requests []string
	Bodies   []string
	Headers  []http.Header

	mu sync.Mutex
}

// Serve offers routes below a base path until the test ends. The name of a request is what Requests keeps of it.
func Serve(t *testing.T, base string, offered Routes, name func(*http.Request) string) *Server {
	t.Helper()
	s := &Server{}
	mux := http.NewServeMux()
	// All other routes than a test's own; a mux by itself would answer another method with 405.
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<html>no such page</html>")
	})
	for route, handler := range offered {
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

// WantRequests fails the test unless exactly these requests were sent.
func (s *Server) WantRequests(t *testing.T, want ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.Requests, want) {
		t.Errorf("requests:\n%s\nwant:\n%s", strings.Join(s.Requests, "\n"), strings.Join(want, "\n"))
	}
}

// InOrder answers the first request with the first handler, and so on.
func InOrder(handlers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		handler := handlers[0]
		handlers = handlers[1:]
		mu.Unlock()
		handler(w, r)
	}
}

// IsKind is errors.Is, and for nil that there is no error.
func IsKind(err, kind error) bool {
	return kind == nil && err == nil || kind != nil && errors.Is(err, kind)
}

// WantError checks the kind and the call of an error.
func WantError(t *testing.T, err, kind error, call string) {
	t.Helper()
	_ = WantFailure(t, err, kind, call)
}

// WantFailure is WantError for a test that has more to check.
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
