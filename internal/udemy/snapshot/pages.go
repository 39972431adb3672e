// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// pagesAtOnce is how many pages are asked for at the same time, as many as Terraform's own default parallelism.
const pagesAtOnce = 10

// countPages tells from the first page how many there are.
func countPages[T any](first udemy.Page[T]) int {
	size := len(first.Items)
	if size == 0 || first.Total <= size {
		return 1
	}
	return (first.Total + size - 1) / size
}

// otherPages reads all pages but the first one, at the same time.
func otherPages[T any](ctx context.Context, fetch func(ctx context.Context, number, size int) (udemy.Page[T], error), first udemy.Page[T]) ([]T, error) {
	pages := make([][]T, countPages(first)-1)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(pagesAtOnce)
	for i := range pages {
		group.Go(func() error {
			page, err := fetch(ctx, i+2, len(first.Items))
			pages[i] = page.Items
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var items []T
	for _, page := range pages {
		items = append(items, page...)
	}
	return items, nil
}

// inFlight asks a question once, however many ask it at the same time. That one of them is cancelled does not disturb
// the others.
func inFlight[T any](ctx context.Context, flights *singleflight.Group, question string, ask func(context.Context) (T, error)) (T, error) {
	answers := flights.DoChan(question, func() (any, error) {
		return ask(context.WithoutCancel(ctx))
	})
	var none T
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case answer := <-answers:
		value, _ := answer.Val.(T)
		return value, answer.Err
	}
}
