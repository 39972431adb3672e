// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package listing

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/providerdata"
)

// List streams the objects of a directory as results of a list resource; what names them in diagnostics. An error is the
// last result. If the limit of the request cuts the list, the last result carries a warning.
func List[T any](req list.ListRequest, what string, objects iter.Seq2[T, error], result func(T) (list.ListResult, error)) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		var count int64
		// Terraform reads no further than the limit, so the last result waits for what comes next.
		var last *list.ListResult
		for object, err := range objects {
			if last != nil {
				warnCut(&last.Diagnostics, what, req.Limit, err)
				break
			}
			var listed list.ListResult
			if err == nil {
				listed, err = result(object)
			}
			if err != nil {
				listed = list.ListResult{}
				AddError(&listed.Diagnostics, what, err)
				push(listed)
				return
			}
			if count++; count == req.Limit {
				last = &listed
			} else if !push(listed) {
				return
			}
		}
		if last != nil {
			push(*last)
		}
	}
}

// warnCut warns that a list ends at its limit. If reading on failed, more objects may exist or not.
func warnCut(diags *diag.Diagnostics, what string, limit int64, err error) {
	more := "More of them exist."
	if err != nil {
		more = diagnostics.Explain(err.Error(), "More of them may exist.")
	}
	diags.AddWarning(fmt.Sprintf("The list of %s ends at the limit of %d", what, limit),
		more+" To list them all, set limit in the list block to a higher number, such as limit = 5000. Without limit, Terraform lists 100.")
}

// Listed returns the result for one object. The model is the one that an import of the object leaves in state, without
// what generated configuration is to leave out.
func Listed(ctx context.Context, req list.ListRequest, displayName string, model providerdata.Identified) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = displayName
	result.Diagnostics.Append(result.Identity.Set(ctx, model.Identity())...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
