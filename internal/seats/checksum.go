// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
)

// unchanged is the checksum of a plan that changes nothing.
const unchanged = "none"

// effect is all that a plan changes: in Terraform's terms, of any provider, and at Udemy, where the same change can adopt or invite a
// learner. What the plan only reads is left out.
type effect struct {
	Resources []changedResource
	Actions   []any
	Deferred  []any
	Groups    []group
	Learners  []learner
}

type changedResource struct {
	Address         string         `json:"address"`
	PreviousAddress string         `json:"previous_address"`
	Deposed         string         `json:"deposed"`
	Change          map[string]any `json:"change"`
}

// changes reports whether the plan does anything with the resource. Importing and moving one are no-ops to Terraform.
func (c *changedResource) changes() bool {
	actions, _ := c.Change["actions"].([]any)
	noOp := len(actions) == 1 && actions[0] == "no-op"
	return !noOp || c.Change["importing"] != nil || c.PreviousAddress != ""
}

// printChecksum prints the checksum of a plan. A plan that failed or does not pass a gate has none, so that nobody can approve it.
func printChecksum(plan []byte, r *report, out io.Writer) error {
	if err := r.failure(); err != nil {
		return err
	}
	sum, err := checksum(plan, r)
	if err == nil {
		_, err = fmt.Fprintln(out, sum)
	}
	return err
}

// checksum returns a checksum of all that a plan changes. Two plans with the same checksum change the same.
func checksum(plan []byte, r *report) (string, error) {
	var content struct {
		Resources []changedResource `json:"resource_changes"`
		Actions   []any             `json:"action_invocations"`
		Deferred  []any             `json:"deferred_changes"`
	}
	decoder := json.NewDecoder(bytes.NewReader(plan))
	decoder.UseNumber() // A large number would be rounded.
	if err := decoder.Decode(&content); err != nil {
		return "", &notAPlanError{err}
	}
	all := effect{Actions: content.Actions, Deferred: content.Deferred, Groups: r.Groups, Learners: r.Learners}
	for _, resource := range content.Resources {
		if resource.changes() {
			all.Resources = append(all.Resources, resource)
		}
	}
	if len(all.Resources)+len(all.Actions)+len(all.Deferred)+len(all.Groups)+len(all.Learners) == 0 {
		return unchanged, nil
	}
	encoded, err := json.Marshal(all)
	return fmt.Sprintf("%x", sha256.Sum256(encoded)), err
}
