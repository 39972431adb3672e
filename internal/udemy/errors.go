// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package udemy

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The kinds of an Error, to be asked for with errors.Is.
var (
	// ErrNotFound: there is no such learner or group.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the e-mail address or name is taken, or a search had more than one answer.
	ErrConflict = errors.New("conflict")
	// ErrInvalid: the API refused a value; Error.Fields tells which, if the API did. An id that can't be one is invalid too.
	ErrInvalid = errors.New("refused as invalid")
	// ErrUnauthorized: the token is wrong or has expired.
	ErrUnauthorized = errors.New("not authorized")
	// ErrForbidden: the token is right, but the plan or its permissions don't allow the call.
	ErrForbidden = errors.New("not allowed")
	// ErrNotOffered: the API has no such call.
	ErrNotOffered = errors.New("not offered by the API")
	// ErrUnavailable: no usable answer came, after all retries. What was asked may have been done.
	ErrUnavailable = errors.New("no usable answer")
	// ErrMismatch: the answer describes another learner or group than the request. See Mismatch.
	ErrMismatch = errors.New("mismatched answer")
	// ErrNoEffect: the API accepted a call that frees a seat or deletes a group, and nothing changed. See NoEffect.
	ErrNoEffect = errors.New("accepted without effect")
)

// Error is the failure of a call: a refusal, no answer, or an answer that contradicts the request.
type Error struct {
	// Kind is one of the Err variables of this package.
	Kind error
	// Call is the request that failed, without IDs, such as "PATCH /users/{id}/".
	Call string
	// Detail is what the API said, shortened and free of credentials; it may be empty.
	Detail string
	// Fields holds what the API said about single attributes, by the Field constants.
	Fields map[string]string
	// ExistingID is, of an ErrConflict, the id of the learner or group that is in the way, if the API told.
	ExistingID string
	// Resent says, of an ErrConflict, that the request had been sent before and its answer was lost: what
	// is in the way may be what this very request made.
	Resent bool
	// Cause is the failure below, if there is one.
	Cause error
}

// Error says which call failed, why, and what the API said.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Call, e.Kind)
	if e.Detail != "" {
		fmt.Fprintf(&b, ": %s", e.Detail)
	}
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		fmt.Fprintf(&b, ": %s: %s", field, e.Fields[field])
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %s", e.Cause)
	}
	return b.String()
}

// Mismatch is the error of an answer that describes another learner or group than its request. Both are named in words, such
// as "learner 8f14e45f". Nothing in such an answer may be used: it may come from a cache or a proxy that mixes up answers.
func Mismatch(call, asked, given string) *Error {
	return &Error{Kind: ErrMismatch, Call: call, Detail: fmt.Sprintf("the request is about %s, but the answer describes %s", asked, given)}
}

// NoEffect is the error of a call that an API accepted and did not carry out. What is still true is said in words, such as
// "learner 8f14e45f still has status active".
func NoEffect(call, still string) *Error {
	return &Error{Kind: ErrNoEffect, Call: call, Detail: "the API answered with a success, but " + still}
}

// Unwrap gives errors.Is the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

// MembersError is a change of a group's members that failed for some, by their ids. It succeeded for all others.
type MembersError map[string]error

// Error names each learner.
func (e MembersError) Error() string {
	parts := make([]string, 0, len(e))
	for _, id := range slices.Sorted(maps.Keys(e)) {
		parts = append(parts, fmt.Sprintf("learner %s: %s", id, e[id]))
	}
	return strings.Join(parts, "; ")
}

// Unwrap gives errors.Is and errors.As the failures.
func (e MembersError) Unwrap() []error {
	return slices.Collect(maps.Values(e))
}

// IgnoreNotOffered returns nil for an ErrNotOffered.
func IgnoreNotOffered(err error) error {
	if errors.Is(err, ErrNotOffered) {
		return nil
	}
	return err
}

// IgnoreNotFound makes a success of an ErrNotFound: what is to be gone is gone already.
func IgnoreNotFound(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
