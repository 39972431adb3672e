// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package directory implements the udemy.Directory that resources use, on top of either API. It answers from what was read
// earlier in the same run, reads pages if that takes fewer requests (package reader), sends membership changes in batches
// (package batcher), and records each change in the stores (package store).
package directory

import "github.com/udemy-iac/terraform-provider-udemy/internal/udemy"

var _ udemy.Directory = (*Directory)(nil)

// Directory lives as long as one run of Terraform. It is safe for concurrent use.
//
// The API is a named field, not an embedded one. Therefore, a new call in udemy.Calls does not compile until one of the parts
// implements it, and can record its changes in the stores.
type Directory struct {
	*users
	*groups
	*memberships

	api udemy.API
}

// New returns a Directory. It sends no request.
func New(api udemy.API) *Directory {
	m := newMemory(api)
	return &Directory{
		users:       &users{m},
		groups:      &groups{m},
		memberships: newMemberships(m),
		api:         api,
	}
}

// Capabilities returns the capabilities of the API.
func (d *Directory) Capabilities() udemy.Capabilities { return d.api.Capabilities() }
