// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"strings"
)

// groups is how many groups an organization's learners are spread over.
const groups = 10

// scenario is a configuration for both providers, so that Terraform has the same to do with each.
type scenario struct {
	body string // main.tf, in which PROVIDER stands for the provider's name
	data any    // data.json, which body reads
}

// mainTF is the configuration for a provider.
func (s scenario) mainTF(provider string) string {
	return strings.ReplaceAll(s.body, "PROVIDER", provider)
}

const header = `terraform {
  required_providers {
    PROVIDER = {
      source = "udemy-iac/PROVIDER"
    }
  }
}

provider "PROVIDER" {}

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

// This is the dearest way to write memberships: with the size of the organization, the references cost
// Terraform itself more than in proportion.
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

// learner is a line of data.json.
type learner struct {
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Group     string `json:"group"`
}

// learners makes up n learners by a key, spread over groups.
func learners(n, groups int) map[string]learner {
	all := map[string]learner{}
	for i := range n {
		key := fmt.Sprintf("bench-%05d", i)
		all[key] = learner{
			Email:     key + "@example.org", // not the domain of the simulator's own learners
			FirstName: "Bench",
			LastName:  fmt.Sprintf("Learner %d", i),
			Group:     fmt.Sprintf("Bench %d", i%groups),
		}
	}
	return all
}

// withOneChange gives one of the learners another name.
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

// usersOnly is n learners without memberships.
func usersOnly(n int) scenario {
	return scenario{body: header + users, data: learners(n, groups)}
}

// usersInGroups is n learners with a membership each.
func usersInGroups(n, groups int) scenario {
	return scenario{body: header + users + memberships, data: learners(n, groups)}
}

// groupMembers is one resource that holds the members of a group, learner ids by a label.
func groupMembers(groupID string, ids map[string]string) scenario {
	return scenario{body: header + members, data: map[string]any{"group_id": groupID, "members": ids}}
}
