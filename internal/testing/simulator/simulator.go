// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package simulator is an in-memory Udemy Business organization with two HTTP APIs for the same
// learners and groups: the user-management REST API below /api-2.0 and SCIM 2.0 below /scim/v2. The
// activity report of the reporting API, with a credential of its own, is below /api-2.0 as well.
// Acceptance tests serve it with httptest.NewServer. The program in cmd/udemy-simulator serves it for
// demonstrations, with the web page of the package page.
//
// It follows only the description of the APIs, RFC 7643 and RFC 7644, and shares no code with the
// client, so that it does not repeat the client's mistakes. Where the contract leaves a choice, it is
// strict.
package simulator

import (
	"bytes"
	"cmp"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// The defaults of a Config.
const (
	DefaultOrganization = "5d1a2c3e-9b47-4f60-8a1d-7c2e4b9f0a11"
	DefaultToken        = "simulator-token"
)

// maxBody is the maximum size of a request body. A call that adds 100 members is far below it.
const maxBody = 1 << 20

// Config is the initial content and the behavior of a Simulator. The zero value is an empty
// organization with the default UUID and token that follows the plainest reading of the contract.
type Config struct {
	Organization string // UUID in the path of REST; DefaultOrganization if empty
	Token        string // the access token of both APIs; DefaultToken if empty
	Learners     int    // the number of learners at the start; equal numbers give equal learners
	Idle         int    // how many of these learners do not use their seat, according to the activity report
	Variations   Variations

	// Seats is the number of purchased seats; 0 for any number. If none is left, the APIs refuse to create and to reactivate a
	// learner. The learners of the start may take more.
	Seats int

	// LicensePools are the custom license pools of SCIM, by name, with their numbers of licenses.
	LicensePools map[string]int

	// The credential of the activity report; the defaults if empty.
	AccountID              int
	ClientID, ClientSecret string

	// Latency is the minimum duration of each API call.
	Latency time.Duration

	// RequestsPerSecond is the rate limit. API calls above it get status 429 with Retry-After. Bursts may
	// be as large as the limit of one second. Zero disables the limit.
	RequestsPerSecond float64

	// Faults are the faults of API calls; see SetFaults.
	Faults Faults

	// Log receives one line per request, without credentials and body. Nil disables the log.
	Log *slog.Logger

	// Intercept is called for every API call, even an unauthorized one, after the latency and before
	// all other processing. If it returns true, it has sent the response. It may run concurrently.
	Intercept func(http.ResponseWriter, *http.Request) bool
}

// Variations are the ways in which a real organization may differ from the plainest reading of the
// contract.
type Variations struct {
	// REST and SCIM.

	FoldEmails    bool // e-mail addresses and user names are stored and returned in lower case
	IgnoreFilters bool // email=, externalid= and name= of REST and filter= of SCIM are ignored
	PageSize      int  // the maximum page size, if from 1 to 99
	IgnorePages   bool // page= of REST and startIndex= of SCIM are ignored: every page is the first one
	TotalOfPage   bool // the total of a list is the number of objects on the page
	TotalError    int  // added to the total of every list: negative for a total that is too low

	EmptySearches bool          // a list with a filter is empty
	SameEmails    bool          // several learners may have the same e-mail address; the user name of SCIM is unique
	OpaqueIDs     bool          // IDs have 300 bytes, with blanks, "/", "%", "#", "?", quotes and letters outside ASCII
	LagReads      int           // a new learner or group is unknown to the next LagReads reads, and a changed one is read as before
	Lag           time.Duration // the same for a duration; a write to an unknown object is 404, one that names it is 400, and both count as reads

	// REST only.

	SparseAnswers bool // the response to a created learner contains only id and status
	WriteOnly     bool // only POST /users/ exists; every other call gets status 404
	ReadStatus    int  // if not 0, the status (such as 404, 405, 501) of every GET
	NumericIDs    bool // learner IDs are JSON numbers
	GroupObjects  bool // the groups of a learner are {"id": ..., "name": ...} objects
	AutoProvision bool // a created learner is active without an invitation
	NamesTyped    bool // an invitation keeps no name: the learner types both names when accepting

	// SCIM only.

	PatchNoContent  bool // PATCH gets status 204 without a body (RFC 7644 section 3.5.2 allows both)
	NoSCIMType      bool // errors have no scimType (optional in RFC 7644 section 3.12)
	NumericStatus   bool // the status in errors is a number (a string in RFC 7644 section 3.12)
	TextBooleans    bool // booleans in responses are the strings "true" and "false"
	LowerCaseNames  bool // attribute names and URNs in responses are in lower case (RFC 7643 section 2.1)
	NoListedMembers bool // GET /Groups omits members
	SameGroupNames  bool // several groups may have the same name
	NoMembers       bool // responses omit members; a client has to read the groups of users
	NoUserGroups    bool // responses omit the groups of a user, which Udemy does not list as a user attribute
	RemoveNoTarget  bool // removing a learner who is not a member, by a filter, is 400 noTarget (RFC 7644 section 3.5.2.3)
	SCIMMadeOnly    bool // SCIM shows only learners and groups that were created through SCIM
	LicenseType     bool // the attribute for licenses is licenseType in responses and requests
	FewFilters      bool // filters on externalId and emails are 400 invalidFilter, so that a client has to list all
	OmitEmpty       bool // responses omit empty lists, such as members, groups and licenses (RFC 7643 section 2.5)
	NoExcluding     bool // excludedAttributes is 400
	RequireVersion  bool // a change needs If-Match: 428 without it, 412 with another version (RFC 7644 section 3.14)
	UserNames       bool // the server chooses the user names, which are no addresses of the learners, like the UPN of Entra ID
	UntypedEmails   bool // a user has two emails without type and primary: an alias, and the e-mail address

	// The activity report.

	NoReports bool // the organization has no access to the reporting API
}

// total returns the total that a list claims.
func (v Variations) total(actual, onPage int) int {
	if v.TotalOfPage {
		return onPage
	}
	return max(actual+v.TotalError, 0)
}

// Config returns the configuration with its defaults.
func (s *Simulator) Config() Config { return s.config }

// Simulator is one organization and the HTTP handler that serves it. It is safe for concurrent use.
type Simulator struct {
	config       Config
	start        time.Time
	organization *organization
	requests     *requestLog
	pace         atomic.Pointer[pace]
	faults       atomic.Pointer[faultInjector]
	lag          lag
	switches     atomic.Uint64 // the number of changes of pace, faults, lag and seats
	rest         *rest
	scim         *scim
	report       *report
}

// New returns a Simulator.
func New(config Config) *Simulator {
	if config.Organization == "" {
		config.Organization = DefaultOrganization
	}
	if config.Token == "" {
		config.Token = DefaultToken
	}
	config.AccountID = cmp.Or(config.AccountID, DefaultAccountID)
	config.ClientID, config.ClientSecret = cmp.Or(config.ClientID, DefaultClientID), cmp.Or(config.ClientSecret, DefaultClientSecret)
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	organization := newOrganization(config)
	organization.content = seeded(config)
	organization.seats = config.Seats
	s := &Simulator{
		config:       config,
		start:        time.Now(),
		organization: organization,
		requests:     &requestLog{out: config.Log},
		rest:         newREST(config, organization),
		scim:         newSCIM(config, organization),
	}
	s.report = newReport(config, organization, s.rest)
	s.SetPace(config.Latency, config.RequestsPerSecond)
	s.SetFaults(config.Faults)
	s.SetLag(config.Variations.LagReads, config.Variations.Lag)
	return s
}

// ServeHTTP serves SCIM below /scim/v2, and the report. All other paths count as calls of REST, so
// that the request log contains the calls of a client with a wrong base URL.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	r.Body = io.NopCloser(bytes.NewReader(body))

	exchange := s.requests.begin(w, r, body, start)
	answered := false
	defer func() { exchange.end(answered) }()

	pace := s.pace.Load()
	if !pace.wait(r) {
		return // the client has disconnected, and nothing has changed
	}
	switch {
	case err != nil:
		writeDetail(exchange, http.StatusBadRequest, "The request body could not be read.")
	case s.config.Intercept != nil && s.config.Intercept(exchange, r):
	case !pace.limiter.Allow():
		s.writeTooMany(exchange, r, pace.retryAfter())
	default:
		s.answerWithFaults(exchange, r, body)
	}
	answered = true
}

// answer passes a call to its API.
func (s *Simulator) answer(w http.ResponseWriter, r *http.Request, body []byte) {
	if s.lag.active.Load() {
		s.answerLate(w, r, body)
		return
	}
	s.answerFrom(s.rest, s.scim, w, r)
}

func (s *Simulator) answerFrom(rest *rest, scim *scim, w http.ResponseWriter, r *http.Request) {
	switch {
	case isSCIM(r):
		scim.ServeHTTP(w, r)
	case isReport(r):
		s.report.ServeHTTP(w, r)
	default:
		rest.ServeHTTP(w, r)
	}
}

func isSCIM(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path+"/", scimPath+"/")
}
