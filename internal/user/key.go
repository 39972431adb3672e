// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"context"
	"errors"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const importForms = "Import a learner by Udemy ID (8f14e45f or id:8f14e45f), by e-mail address (ada@example.com or email:ada@example.com), " +
	"or by external ID (external_id:E-1001)."

// userKey is an attribute that identifies a learner, with its value.
type userKey struct {
	attribute string
	value     string
}

// parseUserKey returns the key in an import ID. The prefix "id:" is for an ID that is an address or begins with a prefix itself.
func parseUserKey(id string) userKey {
	key := userKey{attribute: "id", value: id}
	if value, ok := strings.CutPrefix(id, "external_id:"); ok {
		key = userKey{attribute: "external_id", value: value}
	} else if value, ok := strings.CutPrefix(id, "email:"); ok {
		key = userKey{attribute: "email", value: value}
	} else if value, ok := strings.CutPrefix(id, "id:"); ok {
		key.value = value
	} else if udemy.IsEmail(id) {
		key.attribute = "email"
	}
	return key
}

// isWellFormed reports whether a learner can have this key.
func (k userKey) isWellFormed() bool {
	switch k.attribute {
	case "id":
		return udemy.IsID(k.value)
	case "email":
		return udemy.IsEmail(k.value)
	default:
		return k.value != ""
	}
}

// lookup returns the learner with a key.
func (k userKey) lookup(ctx context.Context, directory udemy.Directory) (udemy.User, error) {
	switch k.attribute {
	case "email":
		return directory.UserByEmail(ctx, k.value)
	case "external_id":
		return directory.UserByExternalID(ctx, k.value)
	default:
		return directory.User(ctx, k.value)
	}
}

// withGroups adds the groups that a response left out. They stay nil if the API does not return them.
func withGroups(ctx context.Context, directory udemy.Directory, user udemy.User) (udemy.User, error) {
	if user.GroupIDs != nil {
		return user, nil
	}
	groups, err := directory.UserGroups(ctx, user.ID)
	if err != nil && !errors.Is(err, udemy.ErrNotOffered) {
		return user, err
	}
	user.GroupIDs = groups
	return user, nil
}
