// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package page is the web page of a simulator: an administrator's view of the organization, beside what its APIs receive. The page
// searches and changes learners and groups, and switches faults and limits. It loads JSON from below /_page/, which is not part of
// the APIs: it needs no token, is not in the log of requests, and answers only on this machine.
package page

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"
	"sync"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

//go:embed static
var static embed.FS

// Page serves a simulator with its page.
type Page struct {
	simulator *simulator.Simulator
	handler   http.Handler // of the page
	closed    chan struct{}
	close     func()
}

// New returns the Page of a simulator, at "/".
func New(s *simulator.Simulator) *Page {
	p := &Page{simulator: s, closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })

	mux := http.NewServeMux()
	files, err := fs.Sub(static, "static")
	if err != nil {
		panic(err) // The folder is embedded.
	}
	mux.Handle("GET /{$}", http.FileServerFS(files))
	mux.Handle("GET /_page/static/", http.StripPrefix("/_page/static/", http.FileServerFS(files)))
	mux.HandleFunc("GET /_page/events", p.events)
	p.routeReads(mux)
	p.routeActions(mux)
	p.handler = local(withPolicy(http.NewCrossOriginProtection().Handler(mux)))
	return p
}

// ServeHTTP serves the page, and passes all other requests to the simulator.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/" || strings.HasPrefix(r.URL.Path, "/_page/") {
		p.handler.ServeHTTP(w, r)
		return
	}
	p.simulator.ServeHTTP(w, r)
}

// Close ends the event streams, which would otherwise delay the shutdown of a server.
func (p *Page) Close() { p.close() }
