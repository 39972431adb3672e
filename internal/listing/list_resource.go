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
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// List streams the objects of a directory as results of a list resource. Diagnostics name the objects with what. An
// error is the last result. If the limit of the request ends the list early, the last result has a warning.
func List[T any](req list.ListRequest, what string, objects iter.Seq2[T, error], result func(T) (list.ListResult, error)) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		var count int64
		// Terraform stops reading at the limit, so the last result is held back until the next object is read.
		var last *list.ListResult
		for object, err := range objects {
			if last != nil {
				warnLimit(&last.Diagnostics, what, req.Limit, err)
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

// warnLimit warns that a list ends at its limit. If reading the next object failed, more objects may or may not exist.
func warnLimit(diags *diag.Diagnostics, what string, limit int64, err error) {
	more := "More of them exist."
	if err != nil {
		more = diagnostics.Explain(err.Error(), "More of them may exist.")
	}
	diags.AddWarning(fmt.Sprintf("The list of %s ends at the limit of %d", what, limit),
		more+" To list them all, set limit in the list block to a higher number, such as limit = 5000. Without limit, Terraform lists 100.")
}

// Listed returns the result for one object. The model is the state after an import of the object, without the values that
// generated configuration leaves out.
func Listed(ctx context.Context, req list.ListRequest, displayName string, model providerdata.Identified) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = udemy.Visible(displayName)
	result.Diagnostics.Append(result.Identity.Set(ctx, model.Identity())...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
