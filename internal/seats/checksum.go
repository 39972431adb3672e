// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
)

// unchanged is the checksum of a plan that changes nothing.
const unchanged = "none"

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

// printChecksum prints the checksum of a plan. A plan that failed or does not pass a gate has none, so that it can't be approved.
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

// checksum returns a checksum of all that a plan changes: in Terraform's terms, of any provider, and at Udemy, where the same change can
// adopt or invite a learner. Two plans with the same checksum change the same.
func checksum(plan []byte, r *report) (string, error) {
	var content struct {
		Resources []json.RawMessage `json:"resource_changes"`
		Actions   []any             `json:"action_invocations"`
		Deferred  []any             `json:"deferred_changes"`
	}
	if err := decodeExactly(plan, &content); err != nil {
		return "", &notAPlanError{err}
	}
	digest := sha256.New()
	encoder := json.NewEncoder(digest)
	if err := encoder.Encode([]any{content.Actions, content.Deferred, r.Groups, r.Learners}); err != nil {
		return "", err
	}
	empty := len(content.Actions)+len(content.Deferred)+len(r.Groups)+len(r.Learners) == 0
	for _, raw := range content.Resources { // One at a time: decoded, all of them would take ten times the memory.
		var resource changedResource
		if err := decodeExactly(raw, &resource); err != nil {
			return "", &notAPlanError{err}
		}
		if resource.changes() {
			empty = false
			if err := encoder.Encode(resource); err != nil {
				return "", err
			}
		}
	}
	if empty {
		return unchanged, nil
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}

// decodeExactly decodes JSON without rounding large numbers.
func decodeExactly(content []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	return decoder.Decode(into)
}
