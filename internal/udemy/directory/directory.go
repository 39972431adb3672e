// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package directory is the udemy.Directory that resources use, in front of either API. It answers from what was read earlier
// in the same run, reads pages where that takes fewer requests (package reader), sends membership changes together (package
// batcher), and records every change it makes in the stores (package store).
package directory

import "github.com/udemy-iac/terraform-provider-udemy/internal/udemy"

var _ udemy.Directory = (*Directory)(nil)

// Directory lives as long as one run of Terraform. It is safe for concurrent use.
//
// The API is a named field and not embedded. So a new call in udemy.Calls does not compile until one of the parts implements
// it and records in the stores what it changes.
type Directory struct {
	*users
	*groups
	*memberships

	api udemy.API
}

// New makes a Directory. It sends no request.
func New(api udemy.API) *Directory {
	m := newMemory(api)
	return &Directory{
		users:       &users{m},
		groups:      &groups{m},
		memberships: newMemberships(m),
		api:         api,
	}
}

// Capabilities are those of the API.
func (d *Directory) Capabilities() udemy.Capabilities { return d.api.Capabilities() }
