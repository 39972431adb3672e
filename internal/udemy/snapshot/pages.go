// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/grace"
)

// atOnce is how many requests that belong together are under way at a time, as many as Terraform's own parallelism.
const atOnce = 10

// fetcher reads one page, as udemy.API does.
type fetcher[T any] func(ctx context.Context, number, size int) (udemy.Page[T], error)

// countPages tells from the first page how many there are.
func countPages[T any](first udemy.Page[T]) int {
	size := len(first.Items)
	if size == 0 || first.Total <= size {
		return 1
	}
	return (first.Total-1)/size + 1
}

// otherPages reads all pages but the first one, several at a time, and returns what is on all of them, each object once.
// A page with nothing new is the end, whatever the total says. If one fails, the others are given up, and what came
// until then is returned with the error.
func otherPages[T any](ctx context.Context, fetch fetcher[T], id func(T) string, first udemy.Page[T]) ([]T, error) {
	var mu sync.Mutex
	var items []T
	seen, ended := map[string]bool{}, false
	add := func(page udemy.Page[T]) {
		mu.Lock()
		defer mu.Unlock()
		before := len(items)
		for _, item := range page.Items {
			if !seen[id(item)] {
				seen[id(item)] = true
				items = append(items, item)
			}
		}
		ended = ended || len(items) == before
	}
	hasEnded := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return ended
	}

	add(first)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for number := 2; number <= countPages(first) && ctx.Err() == nil && !hasEnded(); number++ {
		group.Go(func() error {
			page, err := fetch(ctx, number, len(first.Items))
			if err == nil {
				add(page)
			}
			return err
		})
	}
	err := group.Wait()
	return items, err
}

// inFlight asks a question once, however many ask it at the same time. That one of them is cancelled does not disturb
// the others at once: Terraform stops either all of them or none.
func inFlight[T any](ctx context.Context, flights *singleflight.Group, question string, ask func(context.Context) (T, error)) (T, error) {
	var none T
	if ctx.Err() != nil {
		return none, ctx.Err()
	}
	answers := flights.DoChan(question, func() (any, error) {
		lasting, cancel := grace.Context(ctx)
		defer cancel()
		return ask(lasting)
	})
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case answer := <-answers:
		value, _ := answer.Val.(T)
		return value, answer.Err
	}
}
