# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

package main

harmless := {
	"format_version": "1.0",
	"complete": true,
	"mails": {"invitations": 1, "reactivations": 0, "resent": 0},
	"learners": [{"kind": "new", "email": "Ada@Example.com", "new_admin": false}],
	"groups": [{"kind": "group_created", "name": "Engineering"}],
	"organizations": [{"available_after": 0}, {"available_after": null}],
}

with_value(name, value) := object.union(harmless, {name: value})

learner(kind, email, admin) := [{"kind": kind, "email": email, "new_admin": admin}]

test_harmless if count(deny) == 0 with input as harmless

test_empty if count(deny) == 1 with input as {}

test_incomplete if count(deny) == 1 with input as with_value("complete", false)

test_version if count(deny) == 1 with input as with_value("format_version", "2.0")

test_mails if {
	deny == {"51 people would get an e-mail, at most 50 are allowed."} with input as with_value("mails", {"invitations": 49, "reactivations": 1, "resent": 1})
}

test_deleted if count(deny) == 1 with input as with_value("learners", learner("deleted", "ada@example.com", false))

test_admin if count(deny) == 1 with input as with_value("learners", learner("changed", "ada@example.com", true))

test_domain if {
	deny == {"eve@example.org is not an address of the company."} with input as with_value("learners", learner("new", "eve@example.org", false))
}

test_address_without_domain if {
	count(deny) == 1 with input as with_value("learners", learner("new", "(known after apply)", false))
}

test_group if count(deny) == 1 with input as with_value("groups", [{"kind": "group_deleted", "name": "Engineering"}])

test_seats if {
	deny == {"3 more seats would be in use than were purchased."} with input as with_value("organizations", [{"available_after": -3}])
}
