// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"cmp"
	"maps"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
)

// resend adds a change for each learner whose invitation an action sends again.
func (s *subject) resend(invocation *tfjson.ActionInvocation) {
	config := object{unknown: invocation.ConfigUnknown, sensitive: []any{invocation.ConfigSensitive}}
	config.values, _ = invocation.ConfigValues.(map[string]any)
	hidden := config.isSensitive("learners")
	add := func(learner, note string) {
		s.learner = learner
		if hidden {
			s.learner = sensitive
		}
		s.add(change{Kind: kindInvitationResent, Note: note}, 0)
	}

	labels, open := config.labels("learners")
	for _, id := range slices.Sorted(maps.Keys(labels)) {
		add(cmp.Or(s.directory.emails[id], labels[id]), "")
	}
	for _, label := range open {
		add(label, "ID known after apply")
	}
}
