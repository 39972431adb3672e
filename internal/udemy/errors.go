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

// The kinds of an Error. Check for them with errors.Is.
var (
	// ErrNotFound: the learner or group does not exist.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the e-mail address or name is taken, or a search has more than one result.
	ErrConflict = errors.New("conflict")
	// ErrInvalid: the API refused a value. Error.Fields names the attribute if the API does. A malformed ID is also invalid.
	ErrInvalid = errors.New("refused as invalid")
	// ErrRefused: the API or a proxy refused the request with a 4xx status that has no kind of its own, such as 402 or 423, or with a
	// redirect that is not followed. It was not carried out.
	ErrRefused = errors.New("refused")
	// ErrUnauthorized: the token is wrong or has expired.
	ErrUnauthorized = errors.New("not authorized")
	// ErrForbidden: the token is valid, but its permissions or the organization's plan do not allow the call.
	ErrForbidden = errors.New("not allowed")
	// ErrNotOffered: the API does not have the call.
	ErrNotOffered = errors.New("not offered by the API")
	// ErrUnavailable: no usable response arrived after all retries. The request may have been carried out.
	ErrUnavailable = errors.New("no usable response")
	// ErrUnreachable: no attempt got a connection, for example because of DNS, a proxy, TLS or a closed port. Nothing was sent, so
	// nothing was carried out. It is not an ErrUnavailable, which leaves open whether the request was carried out.
	ErrUnreachable = errors.New("server unreachable")
	// ErrMismatch: the response describes another learner or group than the request. See Mismatch.
	ErrMismatch = errors.New("mismatched response")
	// ErrNoCollection: the list of learners or groups is itself a 404, and no response of the run has shown that the base URL is right.
	// Either the base URL is wrong, or the API lacks the list. It is also an ErrNotOffered.
	ErrNoCollection = fmt.Errorf("nothing at this address, or %w", ErrNotOffered)
	// ErrWrongAddress is an ErrNoCollection of an API that must have the list. Only the base URL can be wrong.
	ErrWrongAddress = error(wrongAddressError{})
	// ErrNoEffect: the API accepted a call that frees a seat or deletes an object, but nothing changed. See NoEffect.
	ErrNoEffect = errors.New("accepted without effect")
	// ErrIncomplete: the pages of a list contradict the total that the API reports. An object that is on none of them may exist.
	ErrIncomplete = errors.New("incomplete list")
)

// ErrNoMemberships is the cause of an ErrNotOffered: either the API hides memberships, or the organization has none yet. After a
// learner has joined a group, the same call shows which.
var ErrNoMemberships = errors.New("no response has contained a membership yet")

// wrongAddressError has a text of its own, because that of ErrNoCollection leaves open what is wrong.
type wrongAddressError struct{}

func (wrongAddressError) Error() string { return "nothing at this address" }

func (wrongAddressError) Unwrap() error { return ErrNoCollection }

// Error is the failure of a call: a refusal, no usable response, or a response that contradicts the request.
type Error struct {
	// Kind is one of the Err variables of this package.
	Kind error
	// Call is the request that failed, without IDs, such as "PATCH /users/{id}/".
	Call string
	// Detail is the message of the API, shortened and without credentials. It may be empty.
	Detail string
	// Fields holds the messages of the API about single attributes, by the Field constants.
	Fields map[string]string
	// ExistingID belongs to an ErrConflict. It is the ID of the conflicting learner or group, if the API returns it.
	ExistingID string
	// Resent belongs to an ErrConflict. It is set if an earlier attempt of the request was sent and its response was lost:
	// that attempt may have created the conflicting object.
	Resent bool
	// Cause is the underlying error, if there is one.
	Cause error
}

// Error returns one line with the call, the kind, the messages of the API, and the cause, as Visible shows them.
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
	return Visible(b.String())
}

// Mismatch returns the error for a response that describes another object than the request. Both objects are given with their
// type, such as "learner 8f14e45f". No part of such a response may be used: a cache or a proxy may have mixed up responses.
func Mismatch(call, requested, returned string) *Error {
	return &Error{Kind: ErrMismatch, Call: call, Detail: fmt.Sprintf("the request is for %s, but the response describes %s", requested, returned)}
}

// NoEffect returns the error for a call that an API accepted and did not carry out. state is the object as it is now, such as
// "learner 8f14e45f still has status active".
func NoEffect(call, state string) *Error {
	return &Error{Kind: ErrNoEffect, Call: call, Detail: "the API reported success, but " + state}
}

// Unwrap returns the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

// MembersError holds the error for each learner, by ID, for whom a change of a group's members failed. The change succeeded for
// all other learners.
type MembersError map[string]error

// Error returns one line with the ID and the error of each learner.
func (e MembersError) Error() string {
	parts := make([]string, 0, len(e))
	for _, id := range slices.Sorted(maps.Keys(e)) {
		parts = append(parts, fmt.Sprintf("learner %s: %s", id, e[id]))
	}
	return strings.Join(parts, "; ")
}

// Unwrap returns the errors of all learners.
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

// IgnoreNotFound returns nil for an ErrNotFound. An object that does not exist need not be deleted.
func IgnoreNotFound(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
