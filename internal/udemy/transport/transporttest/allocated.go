// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transporttest

import "runtime"

// AllocatedMiB returns the memory that a function allocates, with what it frees again. Other tests must not run meanwhile.
func AllocatedMiB(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) >> 20
}
