// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package paging_test

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
)

// numbered returns a page of new objects.
func numbered(number, size int) []string {
	items := make([]string, size)
	for i := range items {
		items[i] = strconv.Itoa(number*size + i)
	}
	return items
}

// A server whose pages never end does not keep a run busy forever. More learners than any organization has are read.
func TestEndlessPages(t *testing.T) {
	t.Parallel()
	const enough, tooMany = 500_000, 1_200_000
	for name, size := range map[string]int{"one object each": 1, "a hundred each": 100, "many each": 100_000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := 0
			var err error
			for _, err = range paging.Walk(itself, func(number, _ int) (udemy.Page[string], error) {
				return udemy.Page[string]{Items: numbered(number, size), Total: paging.Unknown}, nil
			}) {
				if read++; read > tooMany {
					break
				}
			}
			if !errors.Is(err, udemy.ErrUnavailable) || size > 1 && read < enough {
				t.Errorf("Walk read %d objects, error = %v", read, err)
			}

			listing, err := paging.Rest(t.Context(), itself, func(_ context.Context, number, _ int) (udemy.Page[string], error) {
				if number*size > 2*tooMany {
					return udemy.Page[string]{}, errors.New("too many pages")
				}
				return udemy.Page[string]{Items: numbered(number, size), Total: paging.Unknown}, nil
			}, udemy.Page[string]{Items: numbered(1, size), Total: paging.Unknown})
			if listing.Complete || !errors.Is(err, udemy.ErrUnavailable) || size > 1 && len(listing.Items) < enough {
				t.Errorf("Rest read %d objects, complete = %t, error = %v", len(listing.Items), listing.Complete, err)
			}
		})
	}
}
