// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package examples has the files of examples that the command export writes.
package examples

import (
	"embed"
	"io/fs"
)

//go:embed pull-request-review/.github pull-request-review/.gitignore pull-request-review/review.tf
var files embed.FS

// Review returns what a repository needs for the review of seat changes in pull requests, besides its configuration.
func Review() fs.FS {
	review, err := fs.Sub(files, "pull-request-review")
	if err != nil {
		panic(err) // The path is a constant.
	}
	return review
}
