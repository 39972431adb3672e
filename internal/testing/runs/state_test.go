// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package runs_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// stateIDs returns the IDs in state by the address of the resource, with "tainted" after it if it is.
func stateIDs(t *testing.T, dir string) map[string]string {
	t.Helper()
	ids := map[string]string{}
	raw, err := os.ReadFile(filepath.Join(dir, "terraform.tfstate"))
	if os.IsNotExist(err) {
		return ids
	}
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Resources []struct {
			Mode, Module, Type, Name string
			Instances                []struct {
				IndexKey   any `json:"index_key"`
				Status     string
				Deposed    string
				Attributes struct {
					ID string
				}
			}
		}
	}
	if err := json.Unmarshal(raw, &state); err != nil {
		t.Fatal(err)
	}
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			address := resource.Module + resource.Type + "." + resource.Name
			if instance.IndexKey != nil {
				address += fmt.Sprintf("[%v]", instance.IndexKey)
			}
			ids[address+instance.Deposed] = instance.Attributes.ID + instance.Status
		}
	}
	return ids
}
