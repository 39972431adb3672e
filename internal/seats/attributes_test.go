// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// unreported are the fields of a learner whose change is not in the report, with the reason.
var unreported = map[string]string{udemy.FieldExternalID: "no seat, no right and no e-mail depends on it"}

// A change of any other field is in the report.
func TestReport_allFields(t *testing.T) {
	t.Parallel()
	for _, field := range udemy.Profile {
		before, after := account("ada@example.com"), account("ada@example.com")
		before[field.Name], after[field.Name] = "before@example.com", "after@example.com"
		if field.List != nil {
			before[field.Name], after[field.Name] = []string{"before"}, []string{"after"}
		}
		_, isUnreported := unreported[field.Name]
		r := reportOn(t, planOf(planned("udemy_user.x", "update", before, after)))
		if isReported := len(r.Learners) > 0; isReported == isUnreported {
			t.Errorf("a change of %s is in the report: %t; compare it in profile, or add it to unreported with the reason", field.Name, isReported)
		}
	}
}

// A user holds every attribute of the result of udemy_users, which udemy_user has as well.
func TestUser_allAttributes(t *testing.T) {
	t.Parallel()
	settings := []string{"on_destroy", "adopt_existing"}
	values := map[string]any{}
	for _, attribute := range acceptance.Start(t, acceptance.SCIM, simulator.Config{}).Protocol(t, nil).Attributes("udemy_user") {
		switch {
		case slices.Contains(settings, attribute.Name):
		case attribute.Type.Is(tftypes.String):
			values[attribute.Name] = attribute.Name
		case attribute.Type.Is(tftypes.Bool):
			values[attribute.Name] = false
		default:
			values[attribute.Name] = []any{attribute.Name}
		}
	}
	var u user
	if err := json.Unmarshal([]byte(encode(values)), &u); err != nil {
		t.Fatal(err)
	}
	got := u.object().values
	for name, want := range values {
		if encode(got[name]) != encode(want) {
			t.Errorf("user has %v for %s, want %v", got[name], name, want)
		}
	}
}
