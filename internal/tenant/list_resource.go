// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package tenant

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
)

// List streams what a Directory lists, as what names it, as the results of a list resource. It stops asking for more at
// the limit; an error is the last result.
func List[T any](req list.ListRequest, what string, objects iter.Seq2[T, error], result func(T) (list.ListResult, error)) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		var count int64
		for object, err := range objects {
			var listed list.ListResult
			if err == nil {
				listed, err = result(object)
			}
			if err != nil {
				listed = list.ListResult{}
				AddListError(&listed.Diagnostics, what, err)
			}
			count++
			if !push(listed) || err != nil || count == req.Limit {
				return
			}
		}
	}
}

// Listed is Save for a list resource: identity and model are those that an import of the object leaves in state.
func Listed(ctx context.Context, req list.ListRequest, displayName string, model, id any) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = displayName
	result.Diagnostics.Append(result.Identity.Set(ctx, id)...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
