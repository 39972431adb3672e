// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package reader

import (
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/store"
)

// maxReadings is how often the pages are read at most if they do not add up to the total. Something outside this process may
// have moved objects between them; but a total that is always wrong must not make the reader read forever.
const maxReadings = 3

// progress is how far reading a collection has come.
type progress[T any] struct {
	// singles counts the objects that were requested one by one, from the start of the request.
	singles int
	listing Listing
	// reason is the error of the page that could not be read, or of pages that contradict their total.
	reason error
	// first is the first page, if only that one has been read.
	first *udemy.Page[T]
	// since is the version of the store at which the first page was last read.
	since store.Version
	// readings counts how often all pages have been read.
	readings int
	// next is the page after the last one if it has to be read to confirm the total, and 0 otherwise. size is the number of objects
	// on the first page, and seen the number on all pages.
	next, size, seen int
}

// Listing is the result of reading the pages.
type Listing int

const (
	unread Listing = iota
	// Listed means that all pages have been read.
	Listed
	// Hidden means that the API does not return the objects of the collection.
	Hidden
	// refused means that a page could not be read.
	refused
	// contradictory means that the pages contradict their total. Objects that are on none of them are requested one by one.
	contradictory
)

// step is what to do next for a query.
type step int

const (
	requestOne step = iota
	readFirstPage
	readAllPages
)

// at adjusts the progress to the version of the store. The API may have left out the objects because there were none, so
// after a change the reader tries again.
func (p *progress[T]) at(version store.Version) *progress[T] {
	if p.listing == Hidden && p.since != version {
		p.listing = unread
	}
	return p
}

// due returns the pages to read before anything else. The first query of all needs none.
func (p *progress[T]) due() step {
	switch {
	case p.listing != unread:
		return requestOne
	case p.first == nil && p.singles > 0:
		return readFirstPage
	case p.first != nil && p.singles >= paging.Count(*p.first):
		return readAllPages
	default:
		return requestOne
	}
}

// leavesOpen reports whether all pages have been read that the total requires, but more may follow.
func (p progress[T]) leavesOpen() bool { return p.next > 0 }

// isDone reports whether reading further pages or the same pages again would not help to get all objects.
func (p *progress[T]) isDone(coverage store.Coverage) bool {
	switch coverage {
	case store.Complete:
		return p.next == 0
	case store.Listed:
		return p.next == 0 && p.readings >= maxReadings
	default:
		return p.listing == Hidden
	}
}
