// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// shape has the attributes of the resource of the same name in this project's provider.
type shape map[string]schema.Attribute

var shapes = map[string]shape{
	"user": {
		"id":             computedString,
		"email":          requiredString,
		"first_name":     optionalString,
		"last_name":      optionalString,
		"external_id":    optionalString,
		"role":           optionalString,
		"group_ids":      optionalSet,
		"license_types":  optionalSet,
		"license_pool":   optionalString,
		"active":         schema.BoolAttribute{Optional: true},
		"status":         computedString,
		"on_destroy":     optionalString,
		"adopt_existing": schema.BoolAttribute{Optional: true},
	},
	"group": {
		"id":         computedString,
		"name":       requiredString,
		"on_destroy": optionalString,
	},
	"group_membership": {
		"id":       computedString,
		"group_id": requiredString,
		"user_id":  requiredString,
	},
	"group_members": {
		"id":       computedString,
		"group_id": requiredString,
		"members":  schema.MapAttribute{ElementType: types.StringType, Required: true},
	},
	"roster": {
		"id":             computedString,
		"learners":       requiredString,
		"missing_groups": optionalString,
		"on_removal":     optionalString,
		"unlisted":       optionalString,
		"max_removals":   optionalString,
		"adopt_existing": schema.BoolAttribute{Optional: true},
		"ids":            computedString,
		"last_change":    computedString,
		"failed":         computedString,
	},
}

// The attributes of shapes. Computed values stay as they are in state.
var (
	requiredString = schema.StringAttribute{Required: true}
	computedString = schema.StringAttribute{Computed: true, PlanModifiers: keepString}
	optionalString = schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: keepString}
	optionalSet    = schema.SetAttribute{
		ElementType: types.StringType, Optional: true, Computed: true,
		PlanModifiers: []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
	}
	keepString = []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
)

// stored is a resource that exists only in state.
type stored struct {
	name  string
	shape shape
}

func (r stored) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.name
}

func (r stored) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: r.shape}
}

func (r stored) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	if err := store(req.Plan, &resp.State); err != nil {
		resp.Diagnostics.AddError("The plan cannot be stored", err.Error())
	}
	if r.name == "roster" {
		resp.Diagnostics.Append(storeIDs(ctx, &resp.State)...)
	}
}

// storeIDs gives a roster as many IDs as learners, because Terraform's time depends on the size of state.
func storeIDs(ctx context.Context, state *tfsdk.State) diag.Diagnostics {
	var text string
	diags := state.GetAttribute(ctx, path.Root("learners"), &text)
	var records map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &records); err != nil {
		diags.AddError("The learners are not JSON", err.Error())
		return diags
	}
	ids := make(map[string]string, len(records))
	for key := range records {
		ids[key] = fmt.Sprint(len(ids))
	}
	encoded, err := json.Marshal(ids)
	if err != nil {
		diags.AddError("The IDs cannot be encoded", err.Error())
	}
	diags.Append(state.SetAttribute(ctx, path.Root("ids"), string(encoded))...)
	return diags
}

func (r stored) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (r stored) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	if err := store(req.Plan, &resp.State); err != nil {
		resp.Diagnostics.AddError("The plan cannot be stored", err.Error())
	}
}

func (r stored) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// store writes the plan to state. Unknown strings, such as IDs, get a value derived from the plan. Other unknown values
// become empty.
func store(plan tfsdk.Plan, state *tfsdk.State) error {
	id := fmt.Sprintf("%x", sha256.Sum256([]byte(plan.Raw.String())))[:8]
	var err error
	state.Raw, err = tftypes.Transform(plan.Raw, func(_ *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		switch {
		case value.IsKnown():
			return value, nil
		case value.Type().Is(tftypes.String):
			return tftypes.NewValue(tftypes.String, id), nil
		default:
			return tftypes.NewValue(value.Type(), []tftypes.Value{}), nil
		}
	})
	return err
}
