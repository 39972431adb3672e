// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"maps"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
)

// resend adds the learners whose invitation an action sends again.
func (a *analysis) resend(invocation *tfjson.ActionInvocation) {
	config := object{unknown: invocation.ConfigUnknown, sensitive: []any{invocation.ConfigSensitive}}
	config.values, _ = invocation.ConfigValues.(map[string]any)
	s := &subject{analysis: a, org: a.orgOf(invocation.Address, object{}), address: invocation.Address}
	resent := func(p *person) {
		p.Resent = true
		p.at(s.address)
	}
	labels, open := config.labels("learners")
	if config.isSensitive("learners") {
		for range len(labels) + len(open) {
			resent(s.anonymous(sensitive))
		}
		return
	}
	for _, id := range slices.Sorted(maps.Keys(labels)) {
		resent(s.learnerWithID(id, labels[id]))
	}
	for _, label := range open {
		resent(s.learnerLabeled(label))
	}
}
