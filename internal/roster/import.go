// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/diagnostics"
	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const importForms = "Import all learners (all), the learners with a seat (active), or the members of a group by its name (group:Engineering)."

// groupPrefix begins an import ID with the name of a group.
const groupPrefix = "group:"

// importedKey is the key in private state that has the process of an import. Terraform imports and plans in one process.
const importedKey = "imported_by"

// process identifies this process.
var process = strconv.Quote(rand.Text()) // Private state is JSON.

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
	listsGroups := !errors.Is(err, udemy.ErrNotOffered)
	if !listsGroups && !ofGroup { // The API may list learners only.
		at, err = r.load(ctx, nil, false)
	}
	if err != nil {
		diagnostics.AddError(&resp.Diagnostics, "Unable to import the roster", importForms, err)
		return
	}
	isWanted := func(user udemy.User) bool { return req.ID == "all" || user.Status.Seated() }
	if ofGroup {
		group, found := at.groupNamed(name)
		if ambiguous := at.ambiguous(name); ambiguous != "" {
			resp.Diagnostics.AddError(fmt.Sprintf("The group name %q is ambiguous", name), ambiguous+".")
			return
		}
		if !found {
			resp.Diagnostics.AddError(fmt.Sprintf("The group %q does not exist", name), nearest(at, name)+importForms)
			return
		}
		isWanted = func(user udemy.User) bool {
			ids, _ := at.groupsOf(user)
			return slices.Contains(ids, group.ID)
		}
	}
	selected := r.selection(at, listsGroups)
	if len(selected.Omitted) > 0 {
		slices.Sort(selected.Omitted)
		resp.Diagnostics.AddWarning("The roster leaves out learners or groups",
			"They are neither managed nor changed. Correct them at Udemy and import again, or leave them unchanged:\n"+firstOf(selected.Omitted))
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte(process))...)
	learners, ids := imported(selected, at, isWanted)
	resp.Diagnostics.Append(resp.State.Set(ctx, rosterModel{
		ID:            types.StringValue(r.Organization),
		Learners:      types.StringValue(learners.text()),
		MissingGroups: types.StringValue(missingGroupsFail),
		OnRemoval:     types.StringValue(onRemovalDeactivate),
		Unlisted:      types.StringValue(unlistedIgnore),
		MaxRemovals:   types.StringValue(defaultMaxRemovals),
		IDs:           types.StringValue(encode(ids)),
		LastChange:    types.StringValue(fmt.Sprintf("Imported %s.", plural.Count(len(ids), "learner"))),
		Failed:        types.StringValue(noFailures),
	})...)
}

func nearest(at *organization, name string) string {
	if hint := at.nearestNames(name); hint != "" {
		return "T" + strings.TrimPrefix(hint, "t") + ". "
	}
	return ""
}

// selection selects the learners that a roster can hold. Any other learner would make its document invalid.
func (r *rosterResource) selection(at *organization, withGroups bool) *Selection {
	users := make([]udemy.User, 0, len(at.users))
	for _, user := range at.users {
		if ids, isKnown := at.groupsOf(user); isKnown {
			user.GroupIDs = append([]string{}, ids...)
		}
		users = append(users, user)
	}
	var groups []udemy.Group
	if withGroups {
		groups = slices.AppendSeq([]udemy.Group{}, maps.Values(at.groups))
	}
	return Select(users, groups, r.Directory.Capabilities())
}

// imported returns a document of existing learners, with their IDs.
func imported(selected *Selection, at *organization, isWanted func(udemy.User) bool) (*document, map[string]string) {
	var lines []line
	ids := map[string]string{}
	for _, learner := range selected.Learners {
		if !isWanted(at.users[learner.ID]) {
			continue
		}
		key := udemy.EmailKey(learner.Email)
		lines = append(lines, newLine(key, learner))
		ids[key] = learner.ID
	}
	return newDocument(lines), ids
}

// guardImport adds an error if the plan of an import removes learners who have no line. Importing a list that is not complete must not
// cost a seat.
func (p *planner) guardImport(d *difference) {
	var removed []string
	for _, s := range d.steps {
		if s.line == nil && !s.unlisted {
			removed = append(removed, s.user.Email)
		}
	}
	if p.isImported && len(removed) > 0 {
		p.diags.AddAttributeError(atLearners, fmt.Sprintf("The import would remove %s", plural.Count(len(removed), "learner")),
			fmt.Sprintf("The import reads learners who have no line: %s. Nothing was changed. Add their lines; the command export -roster writes the lines of all learners. "+
				"If the roster is for some of the learners only, remove the import block: creating the roster adopts the learners who have a line.", enumerate(removed)))
	}
}
