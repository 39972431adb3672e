// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"golang.org/x/sync/errgroup"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// forEach calls a function for each item, several at the same time, and returns the results in the order of the items.
func forEach[T, R any](items []T, call func(T) (R, error)) ([]R, error) {
	results := make([]R, len(items))
	var group errgroup.Group
	group.SetLimit(udemy.MaxParallelRequests)
	for i, item := range items {
		group.Go(func() (err error) {
			results[i], err = call(item)
			return err
		})
	}
	return results, group.Wait()
}
