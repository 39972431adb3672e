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

// organization says how the simulator's organization differs from the configuration.
func (t *trial) organization() (problem string) {
	groups := map[string]simulator.Group{}
	for _, group := range t.sim.Groups() {
		if _, twice := groups[group.Name]; twice {
			return fmt.Sprintf("there are two groups %q", group.Name)
		}
		groups[group.Name] = group
	}
	if len(groups) != t.groups {
		return fmt.Sprintf("there are %d groups", len(groups))
	}
	if there := len(t.sim.Learners()); there != len(t.wanted) {
		return fmt.Sprintf("there are %d learners", there)
	}
	for _, want := range t.wanted {
		got, ok := t.sim.Learner(want.email)
		switch {
		case !ok:
			return want.email + " is not there"
		case got.FirstName != want.firstName || got.LastName != want.lastName || got.Status == simulator.StatusDeactivated:
			return fmt.Sprintf("%s is %+v", want.email, got)
		case !slices.Equal(got.Groups, []string{groups[want.group].ID}):
			return fmt.Sprintf("%s is in the groups %q instead of %q", want.email, got.Groups, groups[want.group].ID)
		}
	}
	return ""
}

// resource is one in the state, as the CLI shows it.
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

// state says how the ids in state differ from the organization's.
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
	// A warning that a provider is overridden may stand before the JSON.
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
			return "only in state is " + got[i], nil
		case i >= len(got) || got[i] != want[i]:
			return "not in state is " + want[i], nil
		}
	}
	return "", nil
}

func line(parts ...string) string { return strings.TrimRight(strings.Join(parts, " "), " ") }
