// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package udemy

// Group is a named set of learners.
type Group struct {
	// ID is opaque and issued by Udemy. It does not change when the group is renamed.
	ID   string
	Name string
}
