// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const importForms = "Import all learners (all), the learners with a seat (active), or the members of a group by its name (group:Engineering)."

// groupPrefix begins an import ID with the name of a group.
const groupPrefix = "group:"

// ImportState reads the learners. The keys are the e-mail addresses in lower case, as the function roster has them.
func (r *rosterResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	name, ofGroup := strings.CutPrefix(req.ID, groupPrefix)
	if ofGroup && name == "" || !ofGroup && req.ID != "all" && req.ID != "active" {
		resp.Diagnostics.AddError(fmt.Sprintf("Malformed import ID %q", req.ID), importForms)
	}
	if !r.Usable(&resp.Diagnostics) {
		return
	}
	at, err := r.load(ctx, nil, true)
	if err != nil {
		diagnostics.AddError(&resp.Diagnostics, "Unable to import the roster", importForms, err)
		return
	}
	isWanted := func(user udemy.User) bool { return req.ID == "all" || user.Status.Seated() }
	if ofGroup {
		group, found := at.groupNamed(name)
		if !found {
			resp.Diagnostics.AddError(fmt.Sprintf("The group %q does not exist", name), nearest(at, name)+importForms)
			return
		}
		isWanted = func(user udemy.User) bool {
			ids, _ := at.groupsOf(user)
			return slices.Contains(ids, group.ID)
		}
	}
	learners, ids := imported(at, isWanted)
	resp.Diagnostics.Append(resp.State.Set(ctx, rosterModel{
		ID:            types.StringValue(r.Organization),
		Learners:      types.StringValue(learners.text()),
		MissingGroups: types.StringValue(missingGroupsFail),
		OnRemoval:     types.StringValue(onRemovalDeactivate),
		Unlisted:      types.StringValue(unlistedIgnore),
		MaxRemovals:   types.StringValue(defaultMaxRemovals),
		IDs:           types.StringValue(encode(ids)),
		LastChange:    types.StringValue(fmt.Sprintf("Imported %s.", count(len(ids), "learner"))),
		Failed:        types.StringValue(noFailures),
	})...)
}

func nearest(at *organization, name string) string {
	if near := at.nearestGroups(name); len(near) > 0 {
		return fmt.Sprintf("The nearest names are %s. ", strings.Join(near, ", "))
	}
	return ""
}

// imported returns a document of existing learners, with their IDs. A role that can't be assigned is left out.
func imported(at *organization, isWanted func(udemy.User) bool) (*document, map[string]string) {
	var lines []line
	ids := map[string]string{}
	for id, user := range at.users {
		if !isWanted(user) {
			continue
		}
		learner := Learner{User: user, Active: user.Status.Seated()}
		if names, isKnown := at.groupNames(user, nil); isKnown {
			learner.Groups = names
		}
		if user.Role != udemy.RoleLearner && user.Role != udemy.RoleAdmin {
			learner.Role = ""
		}
		slices.Sort(learner.LicenseTypes)
		key := udemy.EmailKey(user.Email)
		lines = append(lines, newLine(key, learner))
		ids[key] = id
	}
	return newDocument(lines), ids
}
