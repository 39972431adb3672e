// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"fmt"
	"maps"
	"runtime"
	"strings"
	"testing"
	"time"
)

// largePlan returns a plan like one that Terraform makes for udemy_user.all with for_each, in which each learner changes. A third of the
// learners is created, one is changed and one is destroyed. Each has two memberships of fifty groups.
func largePlan(learners int) string {
	var changes, prior, values []string
	add := func(address, action string, before, after, unknown attributes) {
		changes = append(changes, planned(address, action, before, after, "after_unknown", unknown, "before_sensitive", attributes{"group_ids": []bool{}}, "after_sensitive", attributes{}))
		if after != nil {
			values = append(values, state(address, after))
		}
		if before != nil {
			prior = append(prior, state(address, before))
		}
	}
	for i := range 50 {
		add(fmt.Sprintf(`udemy_group.all["Group %d"]`, i), "create", nil, attributes{"name": fmt.Sprint("Group ", i)}, unknownID())
	}
	for i := range learners {
		email := fmt.Sprintf("learner.with.a.name.%d@subsidiary.example.com", i)
		after := account(email, "first_name", fmt.Sprint("First ", i), "last_name", fmt.Sprint("Last ", i), "role", "learner", "external_id", fmt.Sprint("HR-", i),
			"license_types", []string{"Enterprise", "Pro"}, "license_pool", "default license pool", "adopt_existing", nil, "group_ids", nil)
		unknown := unknownID("status")
		before := maps.Clone(after)
		before["id"], before["first_name"] = fmt.Sprintf("3fa85f64-5717-4562-b3fc-%012d", i), "Before"
		address := fmt.Sprintf("udemy_user.all[%q]", email)
		switch i % 3 {
		case 0:
			add(address, "create", nil, after, unknown)
		case 1:
			add(address, "update", before, after, attributes{})
		case 2:
			add(address, "delete", before, nil, nil)
		}
		for _, group := range []int{i % 50, (i + 1) % 50} {
			key := fmt.Sprintf("%s/Group %d", email, group)
			membership := attributes{"user_id": before["id"]}
			switch i % 3 {
			case 0:
				add(fmt.Sprintf("udemy_group_membership.all[%q]", key), "create", nil, attributes{}, unknownID("group_id", "user_id"))
			case 1:
				add(fmt.Sprintf("udemy_group_membership.all[%q]", key), "create", nil, membership, unknownID("group_id"))
			}
		}
	}
	// A group whose members leave, while the IDs of new ones are unknown.
	old, open := attributes{}, attributes{}
	for i := range learners {
		old[fmt.Sprintf("old%d@example.com", i)] = fmt.Sprint("id-", i)
		open[fmt.Sprintf("new%d@example.com", i)] = true
	}
	add("udemy_group_members.large", "update", attributes{"group_id": "g1", "members": old}, attributes{"group_id": "g1", "members": attributes{}}, attributes{"members": open})

	join := func(list []string) string { return strings.Join(list, ",") }
	return `{"format_version": "1.2", "planned_values": {"root_module": {"resources": [` + join(values) + `]}}, "resource_changes": [` + join(changes) + `], "prior_state": {"values": {"root_module": {"resources": [` + join(prior) + `]}}}, ` +
		configured(map[string]attributes{
			"udemy_group.all": {}, "udemy_user.all": {},
			"udemy_group_membership.all": {"group_id": []string{"udemy_group.all", "each.value"}, "user_id": []string{"udemy_user.all", "each.value"}},
		}) + `"complete": true}`
}

// withLearners returns a plan that has also read learners with udemy_users.
func withLearners(plan string, learners int) string {
	users := make([]attributes, learners)
	for i := range users {
		users[i] = existing(fmt.Sprintf("9fa85f64-5717-4562-b3fc-%012d", i), fmt.Sprintf("colleague.with.a.name.%d@subsidiary.example.com", i),
			"first_name", fmt.Sprint("First ", i), "last_name", fmt.Sprint("Last ", i), "external_id", fmt.Sprint("Colleague ", i), "status", "active", "role", "learner",
			"license_types", []string{"Enterprise", "Pro"}, "license_pool", "default license pool", "group_ids", []string{fmt.Sprint("group-", i%50)})
	}
	resource := state("data.udemy_users.all", attributes{"users": users})
	return strings.Replace(plan, `"prior_state": {"values": {"root_module": {"resources": [`, `"prior_state": {"values": {"root_module": {"resources": [`+resource+",", 1)
}

// The time and the memory of a report on 5,000 learners are limited, and neither is quadratic.
func TestLargePlan(t *testing.T) {
	content := largePlan(5000)
	expectFast(t, content, 150<<20)
	r := expectFast(t, withLearners(content, 60_000), 350<<20)
	if want := (total{1667, 1667}); r.Totals[kindNew] != want {
		t.Errorf("new learners %v, want %v", r.Totals[kindNew], want)
	}
	if len(r.Groups) != 51 || r.Groups[1].Joining == 0 {
		t.Errorf("%d groups, the second is %+v", len(r.Groups), r.Groups[1])
	}
}

// expectFast returns the report on a plan. It fails the test if the report takes much time or memory.
func expectFast(t *testing.T, content string, maxMemory uint64) *report {
	t.Helper()
	stop := make(chan struct{})
	peak := peakMemory(stop)
	begin := time.Now()
	r := reportOn(t, content)
	took := time.Since(begin)
	close(stop)
	high := <-peak

	t.Logf("%d MB: %s, %d MB of memory", len(content)>>20, took, high>>20)
	// Two seconds on a free core. The race detector and the tests beside this one take most of the rest.
	if took > 30*time.Second {
		t.Errorf("the report took %s", took)
	}
	if high > maxMemory {
		t.Errorf("the report took %d MB", high>>20)
	}
	return r
}

// peakMemory returns the highest growth of the heap, including garbage, until stop is closed.
func peakMemory(stop <-chan struct{}) <-chan uint64 {
	result := make(chan uint64)
	var now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&now)
	begin, peak := now.HeapAlloc, uint64(0)
	go func() {
		for {
			select {
			case <-stop:
				result <- peak
				return
			case <-time.After(20 * time.Millisecond):
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapAlloc-min(begin, now.HeapAlloc))
			}
		}
	}()
	return result
}

func BenchmarkReport(b *testing.B) {
	content := largePlan(5000)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		reportOn(b, content)
	}
}
