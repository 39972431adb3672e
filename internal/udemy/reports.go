// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package udemy

import (
	"context"
	"time"
)

// Activity is one row of the activity report. The report has no IDs: rows and learners are joined by e-mail address. Two rows
// with one address describe the same person.
type Activity struct {
	// Email is empty for a person whose data were erased. The number of such rows is all that is known about them.
	Email string
	// Role may be RoleGroupAdmin, which the other APIs do not return.
	Role Role
	// Deactivated is set if the person had no seat when Udemy made the report, which may be a day ago.
	Deactivated bool
	// Joined and LastVisit are days in UTC, or zero if the report has no value. Without a LastVisit, the person has never visited
	// the portal.
	Joined, LastVisit time.Time
	// Minutes is the time of watched videos.
	Minutes          float64
	CompletedCourses int
}

// Reports are the reports of an organization. They come from an API with a credential of its own.
type Reports interface {
	// Activity returns all rows of the activity report, in no order. It fetches the report once and keeps it for the run. A report
	// that is not complete is an ErrUnavailable: a learner without a row would look unused.
	Activity(ctx context.Context) ([]Activity, error)
}

// Day returns the start of the day in UTC to which a time belongs.
func Day(t time.Time) time.Time {
	return t.UTC().Truncate(24 * time.Hour)
}
