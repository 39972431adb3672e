// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package membership_test

import (
	"net/url"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// Udemy may issue any text as an ID. Blanks, slashes, percent signs and letters outside ASCII pass through every step.
func TestOpaqueIDs(t *testing.T) {
	t.Parallel()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		org := acceptance.Start(t, api, simulator.Config{Variations: simulator.Variations{OpaqueIDs: true}})
		protocol := org.Protocol(t, nil)
		ada := acceptance.Values{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}
		user, diags := protocol.Create("udemy_user", ada)
		diags.ExpectNone(t)
		group, diags := protocol.Create("udemy_group", acceptance.Values{"name": "Mathematics"})
		diags.ExpectNone(t)
		userID, _ := user.Values["id"].(string)
		groupID, _ := group.Values["id"].(string)
		if len(userID) != 300 || len(groupID) != 300 {
			t.Fatalf("the IDs are %q and %q", userID, groupID)
		}

		config := acceptance.Values{"group_id": groupID, "user_id": userID}
		protocol.Validate("udemy_group_membership", config).ExpectNone(t)
		membership, diags := protocol.Create("udemy_group_membership", config)
		diags.ExpectNone(t)
		id := url.PathEscape(groupID) + "/" + url.PathEscape(userID)
		membership.Expect(t, acceptance.Values{"id": id, "group_id": groupID, "user_id": userID})

		protocol = org.Protocol(t, nil)
		for _, object := range []*acceptance.Object{user, group, membership} {
			read, readDiags := protocol.Read(object)
			readDiags.ExpectNone(t)
			read.Expect(t, object.Values)
		}
		imported, diags := protocol.Import("udemy_group_membership", id)
		diags.ExpectNone(t)
		imported.Expect(t, membership.Values)
		imported, diags = protocol.ImportByIdentity("udemy_group_membership", config)
		diags.ExpectNone(t)
		imported.Expect(t, membership.Values)
		for resourceType, id := range map[string]string{"udemy_user": userID, "udemy_group": groupID} {
			for _, form := range []string{id, "id:" + id} {
				imported, diags = protocol.Import(resourceType, form)
				diags.ExpectNone(t)
				imported.Expect(t, acceptance.Values{"id": id})
			}
		}
		imported, diags = protocol.Import("udemy_group_members", "id:"+groupID)
		diags.ExpectNone(t)
		imported.Expect(t, acceptance.Values{"group_id": groupID})

		// Each of these fields takes IDs as well.
		config = acceptance.Values{"email": "ada@example.com", "first_name": "Augusta", "last_name": "Lovelace", "group_ids": []string{groupID}}
		user, diags = protocol.Update(user, config)
		diags.ExpectNone(t)
		user.Expect(t, acceptance.Values{"group_ids": []string{groupID}})
		for _, data := range []string{"udemy_user", "udemy_group"} {
			id := userID
			if data == "udemy_group" {
				id = groupID
			}
			_, diags = protocol.ReadData(data, acceptance.Values{"id": id})
			diags.ExpectNone(t)
		}

		for _, object := range []*acceptance.Object{membership, user, group} {
			_, diags = org.Protocol(t, nil).Destroy(object)
			diags.ExpectNone(t)
		}
		if groups := org.Groups(); len(groups) != 0 {
			t.Errorf("the groups are %+v", groups)
		}
	})
}

// A malformed ID of a membership is not taken for another one.
func TestImport_escapes(t *testing.T) {
	t.Parallel()
	org := acceptance.Start(t, acceptance.SCIM, simulator.Config{Learners: 1})
	for _, id := range []string{"g/1/u", "g%/u", "g/%zz", "%2E%2E/u", "g/..", "g/", "/u", "a%2F../u"} {
		_, diags := org.Protocol(t, nil).Import("udemy_group_membership", id)
		diags.ExpectError(t, "", "Malformed import ID", "%2F")
	}
}
