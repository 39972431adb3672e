// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership_test

import (
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// A run creates a group, a learner and memberships although each of them is unknown to other calls for some time.
func TestLateReads(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Variations: simulator.Variations{
			Lag: 300 * time.Millisecond, PatchNoContent: true, SparseAnswers: true,
		}})
		protocol := org.Protocol(t, nil)
		apply := func(prior *acceptance.Object, resourceType string, config acceptance.Values) *acceptance.Object { // in one run
			t.Helper()
			object, diags := protocol.Apply(protocol.PlanToo(prior, resourceType, config))
			diags.ExpectNone(t)
			return object
		}
		create := func(resourceType string, config acceptance.Values) *acceptance.Object {
			t.Helper()
			return apply(nil, resourceType, config)
		}
		first := create("udemy_group", acceptance.Values{"name": "First"})
		second := create("udemy_group", acceptance.Values{"name": "Second"})
		ada := create("udemy_user", acceptance.Values{
			"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace", "group_ids": []string{first.Values["id"].(string)},
		})
		bob := create("udemy_user", acceptance.Values{"email": "bob@example.com", "first_name": "Bob", "last_name": "Other"})
		create("udemy_group_membership", acceptance.Values{"group_id": second.Values["id"], "user_id": bob.Values["id"]})

		third := create("udemy_group", acceptance.Values{"name": "Third"})
		create("udemy_group_members", acceptance.Values{
			"group_id": third.Values["id"], "members": map[string]string{"bob": bob.Values["id"].(string)},
		})
		renamed := apply(first, "udemy_group", acceptance.Values{"name": "1st"})
		renamed.Expect(t, acceptance.Values{"name": "1st"})
		bob = apply(bob, "udemy_user", acceptance.Values{"email": "bob@example.com", "first_name": "Rob", "last_name": "Other"})
		bob.Expect(t, acceptance.Values{"first_name": "Rob"})

		for _, group := range org.Groups() {
			if len(group.Members) != 1 {
				t.Errorf("group %q has the members %v", group.Name, group.Members)
			}
		}
		org.SetLag(0, 0) // as if the time had passed
		for _, object := range []*acceptance.Object{ada, bob, renamed} {
			read, diags := org.Protocol(t, nil).Read(object)
			diags.ExpectNone(t)
			read.Expect(t, acceptance.Values{"id": object.Values["id"]})
		}
	})
}
