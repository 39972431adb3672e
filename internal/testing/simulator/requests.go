// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

const (
	keptRequests = 50_000  // stored requests; older ones are only counted
	keptBody     = 8 << 10 // stored bytes of a body; a call with 100 members is smaller
)

// Request is an API call that the Simulator received.
type Request struct {
	Method   string
	Path     string // as sent, with its escapes
	Query    string // as sent, without the "?"
	Body     string // the first 8 KiB
	Status   int    // of the response; 0 before the response, or if the connection was closed without one
	Time     time.Time
	Duration time.Duration // until the response began
}

// requestLog stores the latest requests in order of arrival.
type requestLog struct {
	out *slog.Logger

	mu      sync.Mutex
	entries []*Request
	total   int
	ended   uint64 // responses, and connections closed without one
}

// begin records a request. The handler must write its response to the exchange.
func (l *requestLog) begin(w http.ResponseWriter, r *http.Request, body []byte, start time.Time) *exchange {
	entry := &Request{
		Method: r.Method,
		Path:   r.URL.EscapedPath(),
		Query:  r.URL.RawQuery,
		Body:   string(body[:min(len(body), keptBody)]),
		Time:   start,
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total++
	l.entries = append(l.entries, entry)
	if len(l.entries) > keptRequests {
		l.entries[0] = nil
		l.entries = l.entries[1:]
	}
	return &exchange{ResponseWriter: w, log: l, entry: entry}
}

func (l *requestLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.total = nil, 0
	l.ended++ // the log has changed
}

// revision returns a number that differs after every change of the log.
func (l *requestLog) revision() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended
}

// latest returns up to limit of the latest requests, oldest first, and the total number.
func (l *requestLog) latest(limit int) ([]Request, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries := l.entries[max(0, len(l.entries)-limit):]
	requests := make([]Request, 0, len(entries))
	for _, entry := range entries {
		requests = append(requests, *entry)
	}
	return requests, l.total
}

// exchange is the ResponseWriter of one request. It records the status before the first byte of the
// response is sent, so that the log contains the request when the client has the response.
type exchange struct {
	http.ResponseWriter
	log   *requestLog
	entry *Request
	noted bool
}

func (e *exchange) WriteHeader(status int) {
	if status >= 200 { // lower ones are interim responses
		e.note(status)
	}
	e.ResponseWriter.WriteHeader(status)
}

func (e *exchange) Write(b []byte) (int, error) {
	e.note(http.StatusOK)
	return e.ResponseWriter.Write(b)
}

// Unwrap gives http.ResponseController access to the connection.
func (e *exchange) Unwrap() http.ResponseWriter { return e.ResponseWriter }

// end records the status of a handler that wrote nothing: net/http sends 200 for it, or closes the
// connection if it panicked.
func (e *exchange) end(returned bool) {
	if returned {
		e.note(http.StatusOK)
	} else {
		e.note(0)
	}
}

// note records the first status and writes the log line. Further calls have no effect.
func (e *exchange) note(status int) {
	if e.noted {
		return
	}
	e.noted = true
	e.log.mu.Lock()
	e.log.ended++
	e.entry.Status = status
	e.entry.Duration = time.Since(e.entry.Time)
	entry := *e.entry
	e.log.mu.Unlock()
	e.log.out.LogAttrs(context.Background(), slog.LevelInfo, "request",
		slog.String("method", entry.Method), slog.String("path", entry.Path),
		slog.Int("status", entry.Status), slog.Duration("duration", entry.Duration.Round(time.Microsecond)))
}
