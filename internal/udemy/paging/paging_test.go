// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package paging_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
)

func itself(id string) string { return id }

// page returns the page with a number, or an empty page after the last one. A page is written as a list of its objects.
func page(pages []string, number int) []string {
	if number > len(pages) {
		return []string{}
	}
	return strings.Fields(pages[number-1])
}

func TestWalk(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pages []string
		total int
		want  string
		reads int
	}{
		"empty":                        {nil, 0, "", 1},
		"one page":                     {[]string{"a b"}, 2, "a b", 1},
		"several pages":                {[]string{"a b", "c d", "e"}, 5, "a b c d e", 3},
		"no total":                     {[]string{"a b", "c"}, paging.Unknown, "a b c", 3},
		"the total is too small":       {[]string{"a b", "c"}, 1, "a b", 1},
		"the total is too large":       {[]string{"a b", "c"}, 9, "a b c", 3},
		"an object moved":              {[]string{"a b", "b c", "d"}, 4, "a b c d", 3},
		"every page is the first page": {[]string{"a b", "a b", "a b"}, paging.Unknown, "a b", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			reads := 0
			for id, err := range paging.Walk(itself, func(number, seen int) ([]string, int, error) {
				if reads++; number != reads || seen != len(got) {
					t.Errorf("page %d after %d objects, want page %d after %d", number, seen, reads, len(got))
				}
				return page(test.pages, number), test.total, nil
			}) {
				if err != nil {
					t.Error(err)
				}
				got = append(got, id)
			}
			if strings.Join(got, " ") != test.want || reads != test.reads {
				t.Errorf("%v in %d reads, want %s in %d", got, reads, test.want, test.reads)
			}
		})
	}
}

func TestWalk_ends(t *testing.T) {
	t.Parallel()
	refusal := errors.New("refused")
	reads := 0
	walk := paging.Walk(itself, func(number, _ int) ([]string, int, error) {
		if reads++; number == 2 {
			return nil, 0, refusal
		}
		return []string{"a", "b"}, 9, nil
	})
	var got []string
	for id, err := range walk {
		if got = append(got, id); len(got) == 3 && !errors.Is(err, refusal) {
			t.Errorf("error = %v, want %v", err, refusal)
		}
	}
	if !slices.Equal(got, []string{"a", "b", ""}) || reads != 2 {
		t.Errorf("%v in %d reads", got, reads)
	}
	for _, err := range walk {
		if err != nil {
			t.Error(err)
		}
		break
	}
	if reads != 3 {
		t.Errorf("%d reads after a walk that stops early, want 3", reads)
	}
}

func TestRest(t *testing.T) {
	t.Parallel()
	refusal := errors.New("refused")
	for name, test := range map[string]struct {
		pages    []string
		totals   []int // the last one counts for all further pages
		refused  int   // a page
		want     string
		complete bool
		reads    int
	}{
		"empty":                    {nil, []int{0}, 0, "", true, 0},
		"one page":                 {[]string{"a b"}, []int{2}, 0, "a b", true, 0},
		"several pages":            {[]string{"a b", "c d", "e"}, []int{5}, 0, "a b c d e", true, 2},
		"no total but the first":   {[]string{"a b", "c"}, []int{3, 0}, 0, "a b c", true, 1},
		"the total is too small":   {[]string{"a b", "c"}, []int{2}, 0, "a b", true, 0},
		"the total is too large":   {[]string{"a b", "c"}, []int{4}, 0, "a b c", false, 1},
		"an object moved":          {[]string{"a b", "b c"}, []int{4}, 0, "a b c", false, 1},
		"the total changed":        {[]string{"a b", "c d"}, []int{4, 3}, 0, "a b c d", false, 1},
		"a page is refused":        {[]string{"a b", "c d"}, []int{4}, 2, "a b", false, 1},
		"the total is negative":    {[]string{"a b"}, []int{-1}, 0, "a b", false, 0},
		"a page repeats the first": {[]string{"a b", "a b"}, []int{4}, 0, "a b", false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var reads atomic.Int64
			total := func(number int) int { return test.totals[min(number, len(test.totals))-1] }
			first := udemy.Page[string]{Items: page(test.pages, 1), Total: total(1)}
			got, complete, err := paging.Rest(t.Context(), itself, func(_ context.Context, number, size int) (udemy.Page[string], error) {
				reads.Add(1)
				if size != len(first.Items) {
					t.Errorf("size = %d", size)
				}
				if number == test.refused {
					return udemy.Page[string]{}, refusal
				}
				return udemy.Page[string]{Items: page(test.pages, number), Total: total(number)}, nil
			}, first)
			slices.Sort(got)
			if strings.Join(got, " ") != test.want || complete != test.complete || (err != nil) != (test.refused > 0) {
				t.Errorf("got %v, %t, %v, want %s, %t", got, complete, err, test.want, test.complete)
			}
			if int(reads.Load()) != test.reads {
				t.Errorf("%d reads, want %d", reads.Load(), test.reads)
			}
		})
	}
}

// If a server repeats its first page, Rest does not read as many pages as an excessive total requires.
func TestRest_excessiveTotal(t *testing.T) {
	t.Parallel()
	var reads atomic.Int64
	first := udemy.Page[string]{Items: []string{"a"}, Total: paging.Unknown}
	_, complete, err := paging.Rest(t.Context(), itself, func(context.Context, int, int) (udemy.Page[string], error) {
		reads.Add(1)
		return first, nil
	}, first)
	if complete || err != nil || reads.Load() > 2*udemy.MaxParallelRequests {
		t.Errorf("%d reads, %t, %v", reads.Load(), complete, err)
	}
}
