// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// organization returns the first difference between the simulator's organization and the configuration.
func (t *trial) organization() (problem string) {
	groups := map[string]simulator.Group{}
	for _, group := range t.sim.Groups() {
		if _, exists := groups[group.Name]; exists {
			return fmt.Sprintf("there are two groups %q", group.Name)
		}
		groups[group.Name] = group
	}
	if len(groups) != t.groups {
		return fmt.Sprintf("there are %d groups", len(groups))
	}
	if n := len(t.sim.Learners()); n != len(t.wanted) {
		return fmt.Sprintf("there are %d learners", n)
	}
	for _, want := range t.wanted {
		got, ok := t.sim.Learner(want.email)
		switch {
		case !ok:
			return want.email + " does not exist"
		case got.FirstName != want.firstName || got.LastName != want.lastName || got.Status == simulator.StatusDeactivated:
			return fmt.Sprintf("%s is %+v", want.email, got)
		case !slices.Equal(got.Groups, []string{groups[want.group].ID}):
			return fmt.Sprintf("%s is in the groups %q instead of %q", want.email, got.Groups, groups[want.group].ID)
		}
	}
	return ""
}

// resource is a resource in the output of the CLI's show command.
type resource struct {
	Type   string
	Values struct {
		ID      string
		Email   string
		Name    string
		GroupID string `json:"group_id"`
		UserID  string `json:"user_id"`
	}
}

// state returns the first difference between the IDs in state and those of the organization.
func (t *trial) state(ctx context.Context) (problem string, err error) {
	output, code, err := t.cli.Run(ctx, t.dir, t.env, "show", "-json")
	if err != nil {
		return "", err
	}
	var shown struct {
		Values struct {
			Root struct{ Resources []resource } `json:"root_module"`
		}
	}
	// The output may begin with a warning about an overridden provider.
	if err := json.Unmarshal([]byte(output[max(0, strings.Index(output, "{")):]), &shown); err != nil || code != 0 {
		return "", fmt.Errorf("show: exit code %d: %w\n%s", code, err, end(output))
	}
	var got, want []string
	for _, r := range shown.Values.Root.Resources {
		got = append(got, line(r.Type, r.Values.ID, r.Values.Email+r.Values.Name, r.Values.GroupID, r.Values.UserID))
	}
	for _, group := range t.sim.Groups() {
		want = append(want, line("udemy_group", group.ID, group.Name, "", ""))
	}
	for _, l := range t.sim.Learners() {
		want = append(want, line("udemy_user", l.ID, l.Email, "", ""))
		for _, group := range l.Groups {
			want = append(want, line("udemy_group_membership", group+"/"+l.ID, "", group, l.ID))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(want) || i < len(got) && got[i] < want[i]:
			return "only state contains " + got[i], nil
		case i >= len(got) || got[i] != want[i]:
			return "state lacks " + want[i], nil
		}
	}
	return "", nil
}

func line(parts ...string) string { return strings.TrimRight(strings.Join(parts, " "), " ") }
