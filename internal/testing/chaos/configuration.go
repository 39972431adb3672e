// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// learner is a learner in the configuration.
type learner struct {
	key, email, firstName, lastName, group string
}

// learners generates n learners, distributed over groups.
func learners(n, groups int) []learner {
	all := make([]learner, 0, n)
	for i := range n {
		key := fmt.Sprintf("learner-%04d", i)
		all = append(all, learner{key, key + "@example.com", "Chaos", fmt.Sprintf("Learner %d", i), groupName(i % groups)})
	}
	return all
}

func groupName(i int) string { return fmt.Sprintf("Team %d", i) }

const providerBlock = `terraform {
  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}

provider "udemy" {
  request_timeout = %q
}
`

// A group and its learners. Each group has its own blocks, because the references within one block for all learners take
// Terraform longer than everything else.
const groupBlocks = `
resource "udemy_group" "team_%[1]d" {
  name = %[2]q
}

resource "udemy_user" "team_%[1]d" {
  for_each = {
%[3]s  }

  email      = "${each.key}@example.com"
  first_name = "Chaos"
  last_name  = each.value
}

resource "udemy_group_membership" "team_%[1]d" {
  for_each = udemy_user.team_%[1]d

  group_id = udemy_group.team_%[1]d.id
  user_id  = each.value.id
}
`

func writeConfiguration(dir string, all []learner, groups int, timeout time.Duration) error {
	var text strings.Builder
	fmt.Fprintf(&text, providerBlock, timeout)
	for i := range groups {
		lines := ""
		for _, l := range all {
			if l.group == groupName(i) {
				lines += fmt.Sprintf("    %q = %q\n", l.key, l.lastName)
			}
		}
		fmt.Fprintf(&text, groupBlocks, i, groupName(i), lines)
	}
	return os.WriteFile(filepath.Join(dir, "main.tf"), []byte(text.String()), 0o600)
}
