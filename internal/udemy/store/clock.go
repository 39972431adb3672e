// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package store

import "math"

// Version counts the changes to a store. A read takes the version before it sends its request.
type Version int

// latest is a version after every change.
const latest Version = math.MaxInt

// clock counts changes.
type clock struct {
	now Version
	// changed is the version at which each object last changed.
	changed map[string]Version
	// forgotten is the version at which any object was last forgotten, and cleared the one at which all were.
	forgotten, cleared Version
}

// unchanged reports whether an object has not changed since a version.
func (c *clock) unchanged(since Version, id string) bool {
	return since >= max(c.changed[id], c.cleared)
}

func (c *clock) change(id string) {
	c.now++
	c.changed[id] = c.now
}

func (c *clock) forget(id string) {
	c.change(id)
	c.forgotten = c.now
}

func (c *clock) clear() {
	c.now++
	c.forgotten, c.cleared = c.now, c.now
}
