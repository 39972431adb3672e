// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package runs has tests of whole runs of the real CLI: what a run refuses, and what learners, groups and memberships are
// afterwards.
package runs
