// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package listing

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
)

// List streams the objects of a directory as results of a list resource; what names them in errors. It stops at the
// limit of the request. An error is the last result.
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
				AddError(&listed.Diagnostics, what, err)
			}
			count++
			if !push(listed) || err != nil || count == req.Limit {
				return
			}
		}
	}
}

// Listed returns the result for one object. The model is the one that an import of the object leaves in state.
func Listed(ctx context.Context, req list.ListRequest, displayName string, model providerdata.Identified) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = displayName
	result.Diagnostics.Append(result.Identity.Set(ctx, model.Identity())...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
