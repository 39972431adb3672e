// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"path"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Fault is a kind of fault of an API call.
type Fault string

// Faults before the call is executed: nothing has changed.
const (
	FaultError          Fault = "500"
	FaultUnavailable    Fault = "503"
	FaultTimeout        Fault = "524" // from a proxy in front of the API
	FaultTooMany        Fault = "429" // without Retry-After
	FaultTooManyForNow  Fault = "429-retry-after"
	FaultClosedBefore   Fault = "closed-before" // the connection is closed without a response
	FaultHTML           Fault = "html"          // 200 with a sign-in page
	FaultOtherHost      Fault = "redirect"
	FaultDuplicateItems Fault = "duplicates" // a page begins with the last item of the previous page
	FaultMovedItems     Fault = "moves"      // no page contains the first item of a page
)

// Faults after the call is executed: its change is stored, but the client gets no valid response. If the response has
// no body, or no ID for FaultIDTypes, the connection is closed instead.
const (
	FaultClosedAfter Fault = "closed-after"
	FaultTruncated   Fault = "truncated"    // half of the JSON in a complete response
	FaultWrongType   Fault = "wrong-type"   // JSON with the content type of HTML
	FaultIDTypes     Fault = "id-types"     // IDs change their type: strings become numbers, numbers become strings
	FaultSlowHeaders Fault = "slow-headers" // the response is delayed
	FaultSlowBody    Fault = "slow-body"    // the response pauses after half of the body
	FaultEndlessBody Fault = "endless-body" // blanks follow the response until the client disconnects
)

// Lies: the response is complete but false, and a retry doesn't help.
const (
	FaultOtherObject Fault = "other-object" // the call is executed, and the response describes another learner or group
	FaultNoEffect    Fault = "no-effect"    // 204 for a PATCH or a DELETE that is not executed
)

// Lies returns the Faults that a client can only detect. They occur only if Faults.Kinds lists them.
func Lies() []Fault {
	return []Fault{FaultOtherObject, FaultNoEffect}
}

// AllFaults returns every Fault except Lies.
func AllFaults() []Fault {
	return []Fault{
		FaultError, FaultUnavailable, FaultTooMany, FaultTooManyForNow, FaultClosedBefore, FaultHTML, FaultOtherHost,
		FaultDuplicateItems, FaultMovedItems, FaultTimeout,
		FaultClosedAfter, FaultTruncated, FaultWrongType, FaultIDTypes, FaultSlowHeaders, FaultSlowBody, FaultEndlessBody,
	}
}

// Faults configures the faults of a Simulator. The zero value has no faults.
//
// The fault of a call depends on the seed, the call (method, URL and body) and the number of equal calls before it. It
// does not depend on the order of different calls, so equal calls get equal faults in any order. Two runs of Terraform
// may still send different calls, because the IDs of learners and the batches of memberships depend on timing.
type Faults struct {
	Seed uint64
	// Rate is the share of calls with a fault, from 0 to 1.
	Rate float64
	// Kinds are the possible faults; AllFaults if empty. A fault that is listed twice is twice as likely.
	Kinds []Fault
	// Method and Path limit faults to matching calls; empty matches all. Path is a pattern of path.Match.
	Method, Path string
	// Slow is the delay of slow headers and slow bodies; DefaultSlow if zero.
	Slow time.Duration
}

// DefaultSlow is the default delay of slow responses.
const DefaultSlow = time.Second

// Validate checks the values of Faults.
func (f Faults) Validate() error {
	if !(f.Rate >= 0 && f.Rate <= 1) { // NaN fails both comparisons.
		return errors.New("the rate of faults must be a number from 0 to 1")
	}
	if f.Slow < 0 {
		return errors.New("the delay of slow responses must not be negative")
	}
	for _, kind := range f.Kinds {
		if known := slices.Concat(AllFaults(), Lies()); !slices.Contains(known, kind) {
			return fmt.Errorf("unknown fault %q; use one of %q", kind, known)
		}
	}
	_, err := path.Match(f.Path, "")
	return err
}

// SetFaults changes the faults of the following API calls. It panics if the Faults are not valid.
func (s *Simulator) SetFaults(faults Faults) {
	check(faults.Validate())
	if faults.Slow == 0 {
		faults.Slow = DefaultSlow
	}
	s.faults.Store(&faultInjector{faults: faults, calls: map[[sha256.Size]byte]int{}, counts: map[Fault]int{}})
	s.switches.Add(1)
}

// Faults returns the value of SetFaults.
func (s *Simulator) Faults() Faults { return s.faults.Load().faults }

// FaultCounts returns the number of calls with each fault since the last SetFaults.
func (s *Simulator) FaultCounts() map[Fault]int {
	i := s.faults.Load()
	i.mu.Lock()
	defer i.mu.Unlock()
	return maps.Clone(i.counts)
}

// faultInjector chooses the fault of each call.
type faultInjector struct {
	faults Faults

	mu sync.Mutex
	// calls counts equal calls.
	calls  map[[sha256.Size]byte]int
	counts map[Fault]int
}

// choose returns the fault of a call, or an empty string.
func (i *faultInjector) choose(r *http.Request, body []byte) Fault {
	kinds := i.kinds(r)
	if len(kinds) == 0 {
		return ""
	}
	call := sha256.Sum256(fmt.Appendf(nil, "%s %s\n%s", r.Method, r.URL.RequestURI(), body))
	i.mu.Lock()
	i.calls[call]++
	seed := sha256.Sum256(fmt.Appendf(nil, "%x %d %d", call, i.faults.Seed, i.calls[call]))
	i.mu.Unlock()
	random := rand.New(rand.NewChaCha8(seed))
	if random.Float64() >= i.faults.Rate {
		return ""
	}
	return kinds[random.IntN(len(kinds))]
}

// kinds returns the possible faults of a call.
func (i *faultInjector) kinds(r *http.Request) []Fault {
	matches, _ := path.Match(i.faults.Path, r.URL.Path) // Validate has checked the pattern.
	if i.faults.Rate == 0 || i.faults.Method != "" && i.faults.Method != r.Method || i.faults.Path != "" && !matches {
		return nil
	}
	kinds := slices.Clone(i.faults.Kinds)
	if len(kinds) == 0 {
		kinds = AllFaults()
	}
	return slices.DeleteFunc(kinds, func(kind Fault) bool {
		switch kind {
		case FaultDuplicateItems, FaultMovedItems:
			return !isLaterPage(r)
		case FaultNoEffect:
			return r.Method != http.MethodPatch && r.Method != http.MethodDelete
		case FaultOtherObject:
			return !isAboutOne(r)
		default:
			return false
		}
	})
}

// isLaterPage reports whether a call requests a page of a list after the first one.
func isLaterPage(r *http.Request) bool {
	number, _ := queryNumber(r.URL.Query(), "page", 1)
	start, _ := queryNumber(r.URL.Query(), "startIndex", 1)
	return r.Method == http.MethodGet && (number > 1 || start > 1)
}

func (i *faultInjector) count(fault Fault) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.counts[fault]++
}

// answerWithFaults responds to a call, possibly with a fault.
func (s *Simulator) answerWithFaults(w http.ResponseWriter, r *http.Request, body []byte) {
	injector := s.faults.Load()
	switch fault := injector.choose(r, body); fault {
	case "":
		s.answer(w, r, body)
	case FaultClosedAfter, FaultTruncated, FaultWrongType, FaultIDTypes, FaultSlowHeaders, FaultSlowBody, FaultEndlessBody:
		var done recording
		s.answer(&done, r, body)
		done.sendWithFault(w, r, injector, fault)
	case FaultOtherObject:
		var done recording
		s.answer(&done, r, body)
		s.lieAboutAnother(w, r, &done)
		injector.count(fault)
	default:
		injector.count(fault)
		s.failBefore(w, r, body, fault)
	}
}

// failBefore responds with a fault before the call is executed.
func (s *Simulator) failBefore(w http.ResponseWriter, r *http.Request, body []byte, fault Fault) {
	switch fault {
	case FaultError:
		s.refuse(w, r, http.StatusInternalServerError, "A server error occurred.")
	case FaultUnavailable:
		s.refuse(w, r, http.StatusServiceUnavailable, "Service temporarily unavailable, try again later.")
	case FaultTimeout:
		w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
		w.WriteHeader(524)
		_, _ = w.Write([]byte("error code: 524\n"))
	case FaultTooMany:
		s.refuse(w, r, http.StatusTooManyRequests, "Request was throttled.")
	case FaultTooManyForNow:
		s.writeTooMany(w, r, 1)
	case FaultHTML:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!DOCTYPE html><html><title>Sign in</title><form><input name=password></form></html>\n"))
	case FaultOtherHost:
		w.Header().Set("Location", "https://sign-in.example.com/start?next=back")
		w.WriteHeader(http.StatusFound)
	case FaultNoEffect:
		w.WriteHeader(http.StatusNoContent)
	case FaultDuplicateItems, FaultMovedItems:
		s.answer(w, r.WithContext(context.WithValue(r.Context(), faultKey{}, fault)), body)
	default: // FaultClosedBefore
		panic(http.ErrAbortHandler)
	}
}

// faultKey is the context key for a fault of pages.
type faultKey struct{}

// shiftPage shifts the offset and limit of a page according to the fault of the call.
func shiftPage(r *http.Request, offset, limit int) (int, int) {
	switch r.Context().Value(faultKey{}) {
	case FaultDuplicateItems:
		return offset - 1, limit + 1
	case FaultMovedItems:
		return offset + 1, limit
	default:
		return offset, limit
	}
}

// recording is a response that has not been sent.
type recording struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *recording) Header() http.Header {
	if a.header == nil {
		a.header = http.Header{}
	}
	return a.header
}

func (a *recording) WriteHeader(status int) { a.status = status }

func (a *recording) Write(b []byte) (int, error) { return a.body.Write(b) }

// sendWithFault sends the response with a fault.
func (a *recording) sendWithFault(w http.ResponseWriter, r *http.Request, injector *faultInjector, fault Fault) {
	body := a.body.Bytes()
	if fault == FaultIDTypes {
		body = convertedIDs(body)
	}
	if len(body) == 0 {
		fault = FaultClosedAfter
	}
	injector.count(fault)
	slow := injector.faults.Slow
	switch fault {
	case FaultClosedAfter:
		panic(http.ErrAbortHandler)
	case FaultTruncated:
		a.send(w, body[:len(body)/2])
	case FaultWrongType:
		a.Header().Set("Content-Type", "text/html; charset=utf-8")
		a.send(w, body)
	case FaultSlowHeaders:
		pause(r.Context(), slow)
		a.send(w, body)
	case FaultSlowBody:
		a.send(w, body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		pause(r.Context(), slow)
		_, _ = w.Write(body[len(body)/2:])
	case FaultEndlessBody:
		a.send(w, body)
		blanks := bytes.Repeat([]byte(" "), 64<<10)
		for err := error(nil); err == nil && r.Context().Err() == nil; {
			_, err = w.Write(blanks)
		}
	default: // FaultIDTypes
		a.send(w, body)
	}
}

// send sends the response with another body. It ignores write errors: the client has disconnected.
func (a *recording) send(w http.ResponseWriter, body []byte) {
	maps.Copy(w.Header(), a.Header())
	w.WriteHeader(max(a.status, http.StatusOK))
	_, _ = w.Write(body)
}

// convertedIDs changes the type of numeric IDs in a response between number and string. It returns nil if there are none.
func convertedIDs(body []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var content any
	if err := decoder.Decode(&content); err != nil {
		return nil
	}
	if !convertIDs(content) {
		return nil
	}
	converted, err := json.Marshal(content)
	check(err)
	return converted
}

// convertIDs changes the type of numeric IDs, and reports whether there are any.
func convertIDs(content any) (converted bool) {
	switch content := content.(type) {
	case []any:
		for _, item := range content {
			converted = convertIDs(item) || converted
		}
	case map[string]any:
		for name, item := range content {
			isID := name == "id" || name == "value" // SCIM references learners and groups by "value"
			switch id := item.(type) {
			case json.Number:
				if isID {
					content[name], converted = id.String(), true
				}
			case string:
				if n, err := strconv.ParseUint(id, 10, 63); err == nil && isID && strconv.FormatUint(n, 10) == id {
					content[name], converted = json.Number(id), true
				}
			default:
				converted = convertIDs(item) || converted
			}
		}
	}
	return converted
}
