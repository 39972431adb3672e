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

// Marks at the end of a page: the API marks it as the last page, or another one follows.
const (
	last = "$"
	more = "…"
)

// pageWith returns the page with a number and a total, from a list of objects with a mark.
func pageWith(pages []string, number, total int) udemy.Page[string] {
	objects := page(pages, number)
	got := udemy.Page[string]{Items: objects, Total: total, Call: "GET /things"}
	if n := len(objects); n > 0 {
		got.Last, got.More = objects[n-1] == last, objects[n-1] == more
		if got.Last || got.More {
			got.Items = objects[:n-1]
		}
	}
	return got
}

func TestWalk(t *testing.T) {
	t.Parallel()
	const short, ten = "incomplete list", "a b c d e f g h i j"
	for name, test := range map[string]struct {
		pages  []string
		totals []int // the last one counts for all further pages
		want   string
		reads  int
		err    string
	}{
		"empty":                             {nil, []int{0}, "", 1, ""},
		"one page":                          {[]string{"a b"}, []int{2}, "a b", 1, ""},
		"one large page":                    {[]string{ten}, []int{10}, ten, 2, ""},
		"one large page, the last":          {[]string{ten + " $"}, []int{10}, ten, 1, ""},
		"several pages":                     {[]string{"a b", "c d", "e"}, []int{5}, "a b c d e", 3, ""},
		"several pages, the last is full":   {[]string{ten, "k l m n o p q r s t"}, []int{20}, ten + " k l m n o p q r s t", 3, ""},
		"the pages say whether more follow": {[]string{"a b …", "c d …", "e f $"}, []int{6}, "a b c d e f", 3, ""},
		"no total":                          {[]string{"a b", "c"}, []int{paging.Unknown}, "a b c", 3, ""},
		"the total is too large":            {[]string{"a b", "c"}, []int{9}, "a b c", 3, ""},
		"the total is a limit":              {[]string{"a b", "c d", "e"}, []int{4}, "a b c d", 3, "contain 5 objects, but the API reports a total of 4"},
		"the total is too small":            {[]string{"a b", "c d", "e f"}, []int{3}, "a b c d", 3, "contain 6 objects, but the API reports a total of 3"},
		"the total is too small, one page":  {[]string{"a b"}, []int{1}, "a b", 2, ""},
		"the total is the first page":       {[]string{ten, "k l"}, []int{10}, ten, 2, "contain 12 objects, but the API reports a total of 10"},
		"the total is that of each page":    {[]string{ten, "k l"}, []int{10, 2}, ten, 2, "contain 12 objects, but the API reports a total of 2"},
		"more follow beyond the total":      {[]string{"a b …", "c d …", "e $"}, []int{2}, "a b", 1, "contain 2 objects, but the API reports a total of 2 and another page"},
		"more follow, no total":             {[]string{"a b …", "c $"}, []int{paging.Unknown, 0}, "a b c", 2, ""},
		"the last page has no total":        {[]string{"a b $"}, []int{0}, "a b", 1, ""},
		"an object moved":                   {[]string{"a b", "b c", "d"}, []int{4}, "a b c d", 3, ""},
		"an object moved to the last page":  {[]string{"a b", "b"}, []int{3}, "a b", 2, ""},
		"an object was added":               {[]string{ten, "k"}, []int{10, 11}, ten + " k", 2, ""},
		"every page is the first page":      {[]string{"a b", "a b", "a b"}, []int{5}, "a b", 2, "contain 2 objects, but the API reports a total of 5"},
		"the only page is repeated":         {[]string{ten, ten, ten}, []int{10}, ten, 2, ""},
		"a repeated page, no total":         {[]string{"a b", "a b", "a b"}, []int{paging.Unknown}, "a b", 2, ""},
		"a repeated page, more follow":      {[]string{"a b …", "a b …"}, []int{paging.Unknown}, "a b", 2, "contain 2 objects, but the API reports another page"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			reads, failure := 0, ""
			for id, err := range paging.Walk(itself, func(number, seen int) (udemy.Page[string], error) {
				if reads++; number != reads || seen != len(got) {
					t.Errorf("page %d after %d objects, want page %d after %d", number, seen, reads, len(got))
				}
				return pageWith(test.pages, number, test.totals[min(number, len(test.totals))-1]), nil
			}) {
				if err != nil {
					failure = err.Error()
					continue
				}
				got = append(got, id)
			}
			if !strings.HasPrefix(strings.Join(got, " "), test.want) || test.err == "" && len(got) != len(strings.Fields(test.want)) || reads != test.reads {
				t.Errorf("%v in %d reads, want %s in %d", got, reads, test.want, test.reads)
			}
			if (failure == "") != (test.err == "") || !strings.Contains(failure, test.err) || test.err != "" && !strings.HasPrefix(failure, "GET /things: "+short) {
				t.Errorf("error = %s, want %s", failure, test.err)
			}
		})
	}
}

func TestWalk_ends(t *testing.T) {
	t.Parallel()
	refusal := errors.New("refused")
	reads := 0
	walk := paging.Walk(itself, func(number, _ int) (udemy.Page[string], error) {
		if reads++; number == 2 {
			return udemy.Page[string]{}, refusal
		}
		return udemy.Page[string]{Items: []string{"a", "b"}, Total: 9}, nil
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
		next     int
		err      error
	}{
		"empty":                            {nil, []int{0}, 0, "", true, 0, 0, nil},
		"one page":                         {[]string{"a b"}, []int{2}, 0, "a b", true, 0, 0, nil},
		"one large page":                   {[]string{"a b c d e f g h i j"}, []int{10}, 0, "a b c d e f g h i j", true, 0, 2, nil},
		"one large page, the last":         {[]string{"a b c d e f g h i j $"}, []int{10}, 0, "a b c d e f g h i j", true, 0, 0, nil},
		"several pages":                    {[]string{"a b", "c d", "e"}, []int{5}, 0, "a b c d e", true, 2, 0, nil},
		"the last page is full":            {[]string{"a b", "c d"}, []int{4}, 0, "a b c d", true, 1, 3, nil},
		"the last page is full and marked": {[]string{"a b …", "c d $"}, []int{4}, 0, "a b c d", true, 1, 0, nil},
		"no total but the first":           {[]string{"a b", "c"}, []int{3, 0}, 0, "a b c", true, 1, 0, nil},
		"the total is too small":           {[]string{"a b", "c d", "e"}, []int{3}, 0, "a b c d", false, 1, 3, nil},
		"more follow beyond the total":     {[]string{"a b …", "c $"}, []int{2}, 0, "a b", false, 0, 0, udemy.ErrIncomplete},
		"the total is too large":           {[]string{"a b", "c"}, []int{4}, 0, "a b c", false, 1, 0, nil},
		"the last pages are empty":         {[]string{"a b", "c"}, []int{7}, 0, "a b c", false, 3, 0, nil},
		"an object moved":                  {[]string{"a b", "b c"}, []int{4}, 0, "a b c", false, 1, 3, nil},
		"the total changed":                {[]string{"a b", "c d"}, []int{4, 5}, 0, "a b c d", false, 1, 3, nil},
		"a page is refused":                {[]string{"a b", "c d"}, []int{4}, 2, "a b", false, 1, 0, refusal},
		"the total is negative":            {[]string{"a b"}, []int{-1}, 0, "a b", false, 0, 2, nil},
		"a page repeats the first":         {[]string{"a b", "a b"}, []int{4}, 0, "a b", false, 1, 0, udemy.ErrIncomplete},
		"a short page in the middle":       {[]string{"a b", "c", "e f"}, []int{6}, 0, "a b c e f", false, 2, 0, udemy.ErrIncomplete},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var reads atomic.Int64
			total := func(number int) int { return test.totals[min(number, len(test.totals))-1] }
			first := pageWith(test.pages, 1, total(1))
			got, err := paging.Rest(t.Context(), itself, func(_ context.Context, number, size int) (udemy.Page[string], error) {
				reads.Add(1)
				if size != len(first.Items) {
					t.Errorf("size = %d", size)
				}
				if number == test.refused {
					return udemy.Page[string]{}, refusal
				}
				return pageWith(test.pages, number, total(number)), nil
			}, first)
			slices.Sort(got.Items)
			if strings.Join(got.Items, " ") != test.want || got.Complete != test.complete || got.Next != test.next || !errors.Is(err, test.err) {
				t.Errorf("got %+v, %v, want %s, %t, next %d", got, err, test.want, test.complete, test.next)
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
	listing, err := paging.Rest(t.Context(), itself, func(context.Context, int, int) (udemy.Page[string], error) {
		reads.Add(1)
		return first, nil
	}, first)
	if listing.Complete || err != nil || reads.Load() > 2*udemy.MaxParallelRequests {
		t.Errorf("%d reads, %+v, %v", reads.Load(), listing, err)
	}
}
