// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package simulator is an in-memory Udemy Business organization that answers two APIs over HTTP, on
// the same learners and groups: user-management REST below /api-2.0 and SCIM 2.0 below /scim/v2.
// Acceptance tests serve it with httptest.NewServer; the program in cmd/udemy-simulator serves it for
// demonstrations, with a page at "/" that shows what it holds.
//
// It is written from the description of the APIs, RFC 7643 and RFC 7644 alone and shares no code with
// the client, so that a misreading on one side is not repeated on the other. Where it can choose, it
// is strict.
package simulator

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// What a Simulator uses when its Config sets nothing else.
const (
	DefaultOrganization = "5d1a2c3e-9b47-4f60-8a1d-7c2e4b9f0a11"
	DefaultToken        = "simulator-token"
)

// maxBody is the largest request body that is read. A call that adds 100 members is far below it.
const maxBody = 1 << 20

// Config says what a Simulator starts with and how it behaves. The zero value is an empty
// organization with the default UUID and token that follows the contract's plainest reading.
type Config struct {
	Organization string // UUID in the path of REST; DefaultOrganization when empty
	Token        string // the access token of both APIs; DefaultToken when empty
	Learners     int    // how many learners exist at the start; the same ones for the same number
	Variations   Variations

	// Latency is how long each API call takes at least.
	Latency time.Duration

	// RequestsPerSecond is how many API calls are let through; beyond it they are answered with 429 and
	// Retry-After. One second's worth may come at once. Zero is no limit.
	RequestsPerSecond float64

	// Faults is how API calls go wrong; see SetFaults.
	Faults Faults

	// Log receives one line per request, without credential and body. Nil is silent.
	Log *slog.Logger

	// Intercept is called for every API call, even an unauthorized one, after the latency and before
	// anything else. When it returns true it has answered and the call goes no further. It may run
	// concurrently.
	Intercept func(http.ResponseWriter, *http.Request) bool
}

// Variations are the ways in which a real org might differ from the contract's plainest reading.
type Variations struct {
	// REST and SCIM.

	FoldEmails    bool // e-mails (and user names) are stored and answered in lower case
	IgnoreFilters bool // email=, externalid= and name= of REST and filter= of SCIM are ignored
	PageSize      int  // the largest page served, when from 1 to 99

	// REST only.

	SparseAnswers bool // the answer to a created learner holds nothing but id and status
	WriteOnly     bool // only POST /users/ exists; every other call answers 404
	ReadStatus    int  // when not 0, the status (such as 404, 405, 501) that answers every GET
	NumericIDs    bool // learner ids are JSON numbers
	GroupObjects  bool // the groups of a learner are {"id": ..., "name": ...} objects
	AutoProvision bool // a created learner is active at once, without an invitation

	// SCIM only.

	PatchNoContent  bool // PATCH answers 204 without a body (RFC 7644 section 3.5.2 allows both)
	NoSCIMType      bool // errors have no scimType (RFC 7644 section 3.12: it is optional)
	NumericStatus   bool // the status in errors is a number, though RFC 7644 section 3.12 wants a string
	TextBooleans    bool // booleans in answers are the strings "true" and "false"
	LowerCaseNames  bool // attribute names and URNs in answers are in lower case (RFC 7643 section 2.1)
	NoListedMembers bool // GET /Groups leaves members out
	SameGroupNames  bool // several groups may have one name
	NoMembers       bool // no answer shows members; a client has to read the users' groups
	NoUserGroups    bool // no answer shows the groups of a user; at Udemy they are no user attribute
	RemoveNoTarget  bool // removing who is no member, by a filter, is 400 noTarget (RFC 7644 section 3.5.2.3)
	SCIMMadeOnly    bool // learners and groups that were not created through SCIM are invisible to it
	LicenseType     bool // the licences are called licenseType in answers and must be so in requests
	FewFilters      bool // filters on externalId and emails are 400 invalidFilter, so that a client has to page
}

// Simulator is one organization and the HTTP handler that serves it. It is safe for concurrent use.
type Simulator struct {
	config       Config
	organization *organization
	requests     *requestLog
	pace         atomic.Pointer[pace]
	faults       atomic.Pointer[dealer]
	rest         *rest
	scim         *scim
}

// New makes a Simulator.
func New(config Config) *Simulator {
	if config.Organization == "" {
		config.Organization = DefaultOrganization
	}
	if config.Token == "" {
		config.Token = DefaultToken
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	organization := newOrganization(config.Variations)
	organization.seed(config.Learners)
	s := &Simulator{
		config:       config,
		organization: organization,
		requests:     &requestLog{out: config.Log},
		rest:         newREST(config, organization),
		scim:         newSCIM(config, organization),
	}
	s.SetPace(config.Latency, config.RequestsPerSecond)
	s.SetFaults(config.Faults)
	return s
}

// ServeHTTP answers the page at "/" and SCIM below /scim/v2, and takes everything else as a call of
// REST, so that a client with a wrong base URL shows up in the request log.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/" {
		s.servePage(w, r)
		return
	}
	start := time.Now()
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	r.Body = io.NopCloser(bytes.NewReader(body))

	exchange := s.requests.begin(w, r, body, start)
	answered := false
	defer func() { exchange.end(answered) }()

	pace := s.pace.Load()
	if !pace.wait(r) {
		return // nobody is there to read an answer, and nothing has been done
	}
	switch {
	case err != nil:
		writeDetail(exchange, http.StatusBadRequest, "The request body could not be read.")
	case s.config.Intercept != nil && s.config.Intercept(exchange, r):
	case !pace.limiter.Allow():
		s.writeTooMany(exchange, r, pace.retryAfter())
	default:
		s.answerOrNot(exchange, r, body)
	}
	answered = true
}

// answer is what the API that is called says.
func (s *Simulator) answer(w http.ResponseWriter, r *http.Request) {
	if isSCIM(r) {
		s.scim.ServeHTTP(w, r)
		return
	}
	s.rest.ServeHTTP(w, r)
}

// isSCIM reports whether a call is one of SCIM.
func isSCIM(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path+"/", scimPath+"/")
}
