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

// Fault is a way to misbehave.
type Fault string

// Faults that come before the work: nothing has been done.
const (
	FaultError          Fault = "500"
	FaultUnavailable    Fault = "503"
	FaultTooMany        Fault = "429" // without Retry-After
	FaultTooManyForNow  Fault = "429-retry-after"
	FaultClosedBefore   Fault = "closed-before" // the connection is closed instead of an answer
	FaultHTML           Fault = "html"          // 200 with a page to sign in
	FaultOtherHost      Fault = "redirect"
	FaultDuplicateItems Fault = "duplicates" // a page begins with the last item of the one before
	FaultMovedItems     Fault = "moves"      // what should be first on a page is on none
)

// Faults that come after the work: it has been done, and the client can't know. Where the answer holds nothing to
// spoil, such as one without a body, the connection is closed instead.
const (
	FaultClosedAfter Fault = "closed-after"
	FaultTruncated   Fault = "truncated"    // JSON that stops halfway, in a complete answer
	FaultWrongType   Fault = "wrong-type"   // JSON that is labelled as HTML
	FaultIDTypes     Fault = "id-types"     // ids that are strings become numbers, and the other way round
	FaultSlowHeaders Fault = "slow-headers" // the answer begins late
	FaultSlowBody    Fault = "slow-body"    // the answer stops halfway for a while
	FaultEndlessBody Fault = "endless-body" // blanks follow the answer until the client goes away
)

// Lies: the answer is whole and untrue, and asking again doesn't help.
const (
	FaultOtherObject Fault = "other-object" // the work is done, and the answer describes another learner or group
	FaultNoEffect    Fault = "no-effect"    // 204 for a PATCH or a DELETE, and nothing is done
)

// Lies returns the Faults that a client can only detect. No call meets them unless Faults.Kinds names them.
func Lies() []Fault {
	return []Fault{FaultOtherObject, FaultNoEffect}
}

// AllFaults returns every Fault but Lies.
func AllFaults() []Fault {
	return []Fault{
		FaultError, FaultUnavailable, FaultTooMany, FaultTooManyForNow, FaultClosedBefore, FaultHTML, FaultOtherHost,
		FaultDuplicateItems, FaultMovedItems,
		FaultClosedAfter, FaultTruncated, FaultWrongType, FaultIDTypes, FaultSlowHeaders, FaultSlowBody, FaultEndlessBody,
	}
}

// Faults says how a Simulator misbehaves. The zero value is no misbehaviour.
//
// What a call meets depends on the seed, on the call (method, address and body), and on how often it came before, but
// not on the order of different calls: the same calls meet the same faults, however they interleave. What one run of
// Terraform sends may still differ from another one's: the ids that learners get, and who joins a group together,
// are a matter of time.
type Faults struct {
	Seed uint64
	// Rate is the share of calls that meet a fault, from 0 to 1.
	Rate float64
	// Kinds are the faults to choose from; AllFaults when empty. One that is named twice is twice as likely.
	Kinds []Fault
	// Method and Path are which calls meet faults; all when empty. Path is a pattern of path.Match.
	Method, Path string
	// Slow is how long slow headers and slow bodies keep a client waiting; DefaultSlow when zero.
	Slow time.Duration
}

// DefaultSlow is how long slow answers take unless Faults says otherwise.
const DefaultSlow = time.Second

// Validate reports what is wrong with Faults.
func (f Faults) Validate() error {
	if !(f.Rate >= 0 && f.Rate <= 1) { // Not a number is neither.
		return errors.New("the rate of faults must be a number from 0 to 1")
	}
	if f.Slow < 0 {
		return errors.New("slow answers can't take less than no time")
	}
	for _, kind := range f.Kinds {
		if known := slices.Concat(AllFaults(), Lies()); !slices.Contains(known, kind) {
			return fmt.Errorf("there is no fault %q; there are %q", kind, known)
		}
	}
	_, err := path.Match(f.Path, "")
	return err
}

// SetFaults changes how the Simulator misbehaves, for the API calls that follow. It panics when the Faults are not
// valid.
func (s *Simulator) SetFaults(faults Faults) {
	check(faults.Validate())
	if faults.Slow == 0 {
		faults.Slow = DefaultSlow
	}
	s.faults.Store(&dealer{faults: faults, calls: map[[sha256.Size]byte]int{}, dealt: map[Fault]int{}})
}

// FaultCounts returns how many calls have met each fault since the last SetFaults.
func (s *Simulator) FaultCounts() map[Fault]int {
	d := s.faults.Load()
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.dealt)
}

// dealer decides which call meets which fault.
type dealer struct {
	faults Faults

	mu sync.Mutex
	// calls counts the equal ones.
	calls map[[sha256.Size]byte]int
	dealt map[Fault]int
}

// deal returns the fault for a call, or none.
func (d *dealer) deal(r *http.Request, body []byte) Fault {
	kinds := d.kinds(r)
	if len(kinds) == 0 {
		return ""
	}
	call := sha256.Sum256(fmt.Appendf(nil, "%s %s\n%s", r.Method, r.URL.RequestURI(), body))
	d.mu.Lock()
	d.calls[call]++
	seed := sha256.Sum256(fmt.Appendf(nil, "%x %d %d", call, d.faults.Seed, d.calls[call]))
	d.mu.Unlock()
	random := rand.New(rand.NewChaCha8(seed))
	if random.Float64() >= d.faults.Rate {
		return ""
	}
	return kinds[random.IntN(len(kinds))]
}

// kinds are the faults that a call can meet.
func (d *dealer) kinds(r *http.Request) []Fault {
	matches, _ := path.Match(d.faults.Path, r.URL.Path) // Validate has looked at the pattern.
	if d.faults.Rate == 0 || d.faults.Method != "" && d.faults.Method != r.Method || d.faults.Path != "" && !matches {
		return nil
	}
	kinds := slices.Clone(d.faults.Kinds)
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

// isLaterPage reports whether a call asks for a page of a list other than the first.
func isLaterPage(r *http.Request) bool {
	number, _ := queryNumber(r.URL.Query(), "page", 1)
	start, _ := queryNumber(r.URL.Query(), "startIndex", 1)
	return r.Method == http.MethodGet && (number > 1 || start > 1)
}

func (d *dealer) count(fault Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dealt[fault]++
}

// answerOrNot answers a call as it should be, unless it meets a fault.
func (s *Simulator) answerOrNot(w http.ResponseWriter, r *http.Request, body []byte) {
	dealer := s.faults.Load()
	switch fault := dealer.deal(r, body); fault {
	case "":
		s.answer(w, r)
	case FaultClosedAfter, FaultTruncated, FaultWrongType, FaultIDTypes, FaultSlowHeaders, FaultSlowBody, FaultEndlessBody:
		var done recording
		s.answer(&done, r)
		done.spoil(w, r, dealer, fault)
	case FaultOtherObject:
		var done recording
		s.answer(&done, r)
		s.lieAboutAnother(w, r, &done)
		dealer.count(fault)
	default:
		dealer.count(fault)
		s.misbehave(w, r, fault)
	}
}

// misbehave deals the faults that come before the work.
func (s *Simulator) misbehave(w http.ResponseWriter, r *http.Request, fault Fault) {
	switch fault {
	case FaultError:
		s.refuse(w, r, http.StatusInternalServerError, "A server error occurred.")
	case FaultUnavailable:
		s.refuse(w, r, http.StatusServiceUnavailable, "Service temporarily unavailable, try again later.")
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
		s.answer(w, r.WithContext(context.WithValue(r.Context(), faultKey{}, fault)))
	default: // FaultClosedBefore
		panic(http.ErrAbortHandler)
	}
}

// faultKey is where a request's context holds a fault that concerns pages.
type faultKey struct{}

// misplace is the part of a list that is on a page, unless items turn up twice or move.
func misplace(r *http.Request, offset, limit int) (int, int) {
	switch r.Context().Value(faultKey{}) {
	case FaultDuplicateItems:
		return offset - 1, limit + 1
	case FaultMovedItems:
		return offset + 1, limit
	default:
		return offset, limit
	}
}

// recording is an answer that has not been sent.
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

// spoil sends the answer with a fault.
func (a *recording) spoil(w http.ResponseWriter, r *http.Request, dealer *dealer, fault Fault) {
	body := a.body.Bytes()
	if fault == FaultIDTypes {
		body = otherIDs(body)
	}
	if len(body) == 0 {
		fault = FaultClosedAfter
	}
	dealer.count(fault)
	slow := dealer.faults.Slow
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

// send sends the answer with another body. An error means that the client is gone; there is nobody left to tell.
func (a *recording) send(w http.ResponseWriter, body []byte) {
	maps.Copy(w.Header(), a.Header())
	w.WriteHeader(max(a.status, http.StatusOK))
	_, _ = w.Write(body)
}

// otherIDs turns the ids in an answer that are numbers into strings, and the other way round. It is nil when there are none.
func otherIDs(body []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var content any
	if err := decoder.Decode(&content); err != nil {
		return nil
	}
	if !turnIDs(content) {
		return nil
	}
	turned, err := json.Marshal(content)
	check(err)
	return turned
}

// turnIDs reports whether there was an id to turn.
func turnIDs(content any) (turned bool) {
	switch content := content.(type) {
	case []any:
		for _, item := range content {
			turned = turnIDs(item) || turned
		}
	case map[string]any:
		for name, item := range content {
			isID := name == "id" || name == "value" // "value" is where SCIM refers to a learner or a group
			switch id := item.(type) {
			case json.Number:
				if isID {
					content[name], turned = id.String(), true
				}
			case string:
				if n, err := strconv.ParseUint(id, 10, 63); err == nil && isID && strconv.FormatUint(n, 10) == id {
					content[name], turned = json.Number(id), true
				}
			default:
				turned = turnIDs(item) || turned
			}
		}
	}
	return turned
}
