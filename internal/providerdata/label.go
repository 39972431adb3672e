// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"context"
	"fmt"
)

// UserLabel returns the e-mail address and the ID of a learner for a message. If the learner can't be read, it returns the
// ID alone.
func (d *Data) UserLabel(ctx context.Context, id string) string {
	if d.Ready() {
		if user, err := d.Directory.User(ctx, id); err == nil {
			return label(user.Email, id)
		}
	}
	return id
}

// GroupLabel returns the name and the ID of a group for a message. If the group can't be read, it returns the ID alone.
func (d *Data) GroupLabel(ctx context.Context, id string) string {
	if d.Ready() {
		if group, err := d.Directory.Group(ctx, id); err == nil {
			return label(group.Name, id)
		}
	}
	return id
}

func label(name, id string) string {
	return fmt.Sprintf("%q (%s)", name, id)
}
