# Copyright (c) terraform-provider-udemy contributors
# SPDX-License-Identifier: MPL-2.0

# What a plan may do. The input is the output of `seats -format json`. Each message of deny refuses the plan.
package main

# The number of invitations and reactivations, each of which sends an e-mail.
max_mails := 50

domains := {"example.com"}

has_domain(email) if split(lower(email), "@")[1] in domains

deny contains "The plan failed or is incomplete." if not input.complete

deny contains sprintf("The JSON has version %s, and this policy is for 1.", [input.format_version]) if {
	not startswith(input.format_version, "1.")
}

deny contains sprintf("%d people would get an e-mail, at most %d are allowed.", [mails, max_mails]) if {
	mails := sum([input.mails.invitations, input.mails.reactivations, input.mails.resent])
	mails > max_mails
}

deny contains sprintf("%s would be deleted with the learning history. Deactivate instead.", [learner.email]) if {
	some learner in input.learners
	learner.kind == "deleted"
}

deny contains sprintf("%s would become an administrator.", [learner.email]) if {
	some learner in input.learners
	learner.new_admin
}

deny contains sprintf("%s is not an address of the company.", [learner.email]) if {
	some learner in input.learners
	learner.kind == "new"
	not has_domain(learner.email)
}

deny contains sprintf("The group %s would be deleted.", [group.name]) if {
	some group in input.groups
	group.kind == "group_deleted"
}

deny contains sprintf("%d more seats would be in use than were purchased.", [0 - organization.available_after]) if {
	some organization in input.organizations
	organization.available_after < 0
}
