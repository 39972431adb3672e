// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"strings"
)

// groups is the number of groups in the measured organizations.
const groups = 10

// scenario is a configuration for both providers, so that Terraform does the same work for each.
type scenario struct {
	body string // main.tf with the placeholder PROVIDER
	data any    // data.json, or data.csv if it is csvText, which body reads
}

// csvText is the content of data.csv.
type csvText string

// mainTF returns main.tf for a provider.
func (s scenario) mainTF(provider string) string {
	return strings.ReplaceAll(s.body, "PROVIDER", provider)
}

const providerBlock = `terraform {
  required_providers {
    PROVIDER = {
      source = "udemy-iac/PROVIDER"
    }
  }
}

provider "PROVIDER" {}
`

const header = providerBlock + `
locals {
  data = jsondecode(file("${path.module}/data.json"))
}
`

const users = `
resource "PROVIDER_user" "learner" {
  for_each = local.data

  email      = each.value.email
  first_name = each.value.first_name
  last_name  = each.value.last_name
}
`

// This is the slowest way to write memberships: Terraform's own time for the references grows faster than the number of
// resources.
const memberships = `
resource "PROVIDER_group" "team" {
  for_each = toset([for learner in local.data : learner.group])

  name = each.key
}

resource "PROVIDER_group_membership" "learner" {
  for_each = local.data

  group_id = PROVIDER_group.team[each.value.group].id
  user_id  = PROVIDER_user.learner[each.key].id
}
`

const members = `
resource "PROVIDER_group_members" "all" {
  group_id = local.data.group_id
  members  = local.data.members
}
`

const activity = `
data "PROVIDER_activity" "all" {
  idle_days = 90
}

output "counts" {
  value = data.PROVIDER_activity.all.counts
}
`

// learner is a learner in data.json.
type learner struct {
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Group     string `json:"group"`
}

// learners generates n learners by key, distributed over groups.
func learners(n, groups int) map[string]learner {
	all := map[string]learner{}
	for i := range n {
		key := fmt.Sprintf("bench-%05d", i)
		all[key] = learner{
			Email:     key + "@example.org", // the simulator's own learners have another domain
			FirstName: "Bench",
			LastName:  fmt.Sprintf("Learner %d", i),
			Group:     fmt.Sprintf("Bench %d", i%groups),
		}
	}
	return all
}

// withOneChange returns the learners with one changed name.
func withOneChange(all map[string]learner) map[string]learner {
	changed := map[string]learner{}
	for key, l := range all {
		if key == "bench-00000" {
			l.LastName = "Changed"
		}
		changed[key] = l
	}
	return changed
}

// usersOnly returns a scenario with n learners without memberships.
func usersOnly(n int) scenario {
	return scenario{body: header + users, data: learners(n, groups)}
}

// usersInGroups returns a scenario with n learners and one membership for each.
func usersInGroups(n, groups int) scenario {
	return scenario{body: header + users + memberships, data: learners(n, groups)}
}

// groupMembers returns a scenario with one resource that manages the members of a group, learner IDs by key.
func groupMembers(groupID string, ids map[string]string) scenario {
	return scenario{body: header + members, data: map[string]any{"group_id": groupID, "members": ids}}
}
