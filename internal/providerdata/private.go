// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// PrivateState is the part of the framework's private state that resources use. The framework's own type is internal.
type PrivateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// The keys of private state.
const (
	// plannedKey holds the ID of the object that a plan keeps. Terraform plans a replacement twice: as a change, and then
	// as a new object with the private state of the first plan.
	plannedKey = "planned"
	// replacedKey holds the name of the object that a plan creates. The destroying half of a replacement gets the private
	// state of that plan. A plan that only destroys clears it.
	replacedKey = "creates"
	// createdKey holds the base URL of the API that created the object, if that API does not list objects.
	createdKey = "created_at"
)

// MarkPlanned records in private state that a plan keeps the object with an ID.
func MarkPlanned(ctx context.Context, private PrivateState, id string, diags *diag.Diagnostics) {
	setText(ctx, private, plannedKey, id, diags)
}

// PlannedBefore returns the ID that MarkPlanned recorded in the first plan of a replacement; empty for a new object.
func PlannedBefore(ctx context.Context, private PrivateState, diags *diag.Diagnostics) string {
	return text(ctx, private, plannedKey, diags)
}

// UnknownName is the name for MarkCreated if it is known only after apply. No learner or group has it.
const UnknownName = "\x00"

// MarkCreated records in private state the name of the object that a plan creates or adopts.
func MarkCreated(ctx context.Context, private PrivateState, name string, diags *diag.Diagnostics) {
	setText(ctx, private, replacedKey, name, diags)
}

// MarkDestroyed records in private state that a plan only destroys.
func MarkDestroyed(ctx context.Context, private PrivateState, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, replacedKey, nil)...)
}

// ReplacedBy returns the name that MarkCreated recorded if a destroy is half of a replacement. Otherwise it is empty.
func ReplacedBy(ctx context.Context, private PrivateState, diags *diag.Diagnostics) string {
	return text(ctx, private, replacedKey, diags)
}

func setText(ctx context.Context, private PrivateState, key, value string, diags *diag.Diagnostics) {
	encoded, err := json.Marshal(value)
	if err != nil {
		diags.AddError("Unable to write private state", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, key, encoded)...)
}

func text(ctx context.Context, private PrivateState, key string, diags *diag.Diagnostics) string {
	encoded, keyDiags := private.GetKey(ctx, key)
	diags.Append(keyDiags...)
	var value string
	if len(encoded) > 0 && json.Unmarshal(encoded, &value) != nil {
		return ""
	}
	return value
}
