// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package udemy

// Group is a named set of learners.
type Group struct {
	// ID is opaque, issued by Udemy, and stays the same when the group is renamed.
	ID   string
	Name string
}
