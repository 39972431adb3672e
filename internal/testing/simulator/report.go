// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"crypto/subtle"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The defaults of the reporting API in a Config.
const (
	DefaultAccountID    = 123456
	DefaultClientID     = "simulator-client"
	DefaultClientSecret = "simulator-secret"
)

const (
	reportPath = "/analytics/user-activity"
	erased     = "Anonymized User" // in place of an address, for every erased person
	otherHost  = "reports.example.com"
)

// Activity is what the activity report contains about a learner.
type Activity struct {
	Joined    string // a day or a timestamp; null if empty
	LastVisit string // likewise
	Minutes   float64
	Completed int
	Absent    bool // not in the report, like a learner who has never activated the license
}

// report is the activity report of an organization. It contains all learners except invited ones, and two erased people. It has
// neither IDs nor groups, and the kinds of its values differ from row to row: see row.
type report struct {
	config       Config
	organization *organization
	rest         *rest // for pages
}

func newReport(config Config, organization *organization, rest *rest) *report {
	return &report{config: config, organization: organization, rest: rest}
}

// isReport reports whether a call is one of the reporting API, of any account.
func isReport(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, basePath+"/") && strings.HasSuffix(path.Clean(r.URL.Path), reportPath)
}

func (a *report) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, secret, ok := r.BasicAuth()
	authorized := ok && subtle.ConstantTimeCompare([]byte(id+":"+secret), []byte(a.config.ClientID+":"+a.config.ClientSecret)) == 1
	switch {
	case !authorized:
		w.Header().Set("WWW-Authenticate", `Basic realm="Udemy Business"`)
		writeDetail(w, http.StatusUnauthorized, "Invalid client.")
	case a.config.Variations.NoReports, r.URL.Path != basePath+"/organizations/"+strconv.Itoa(a.config.AccountID)+reportPath+"/":
		writeDetail(w, http.StatusForbidden, "You do not have permission to perform this action.")
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", "GET")
		writeDetail(w, http.StatusMethodNotAllowed, "Method not allowed.")
	case !accepts(r.Header.Values("Accept"), "application/json"):
		writeDetail(w, http.StatusNotAcceptable, "Could not satisfy the request Accept header.")
	default:
		people := a.people(r.URL.Query().Get("user_email"))
		// The links to other pages lead to another host, as behind a proxy. A client must not follow them with its credential.
		r = r.Clone(r.Context())
		r.Host = otherHost
		writePage(a.rest, w, r, row, func(offset, limit int) ([]reported, int, error) {
			return window(people, offset, limit), len(people), nil
		})
	}
}

// reported is a learner in the report, at the nth row.
type reported struct {
	Learner

	n int
}

// people returns the learners of all rows, or those with an address in any case.
func (a *report) people(email string) []reported {
	nobody := Learner{Email: erased, Role: RoleLearner, Status: StatusDeactivated, Activity: &Activity{}}
	daily := daily()

	var people []reported
	for _, l := range slices.Concat([]Learner{nobody}, a.organization.reported(), []Learner{nobody}) {
		if l.Activity == nil {
			l.Activity = daily
		}
		if email == "" || strings.EqualFold(l.Email, email) {
			people = append(people, reported{l, len(people)})
		}
	}
	return people
}

// daily is the activity of a learner who visits every day.
func daily() *Activity {
	today := time.Now().UTC()
	return &Activity{Joined: today.AddDate(-1, 0, 0).Format(time.DateOnly), LastVisit: today.Format(time.DateOnly), Minutes: 12.5, Completed: 1}
}

// LastVisit returns the last visit in the activity report, which is empty for a learner who has never visited, and whether the
// learner is in the report.
func (l *Learner) LastVisit() (day string, reported bool) {
	switch {
	case l.Status == StatusInvited || l.Activity != nil && l.Activity.Absent:
		return "", false
	case l.Activity == nil:
		return daily().LastVisit, true
	default:
		return l.Activity.LastVisit, true
	}
}

// reported returns the learners who are in the report.
func (o *organization) reported() []Learner {
	o.mu.Lock()
	defer o.mu.Unlock()
	var learners []Learner
	for _, l := range o.learners {
		if _, reported := l.LastVisit(); reported {
			learners = append(learners, *l) // without groups, which are not in the report
		}
	}
	return learners
}

// row returns a row of the report. Equal values have different kinds in different rows: null or an empty string, a day or a
// timestamp, a number or a string. Every third address is in upper case.
func row(l reported) map[string]any {
	alternate := func(kinds ...any) any { return kinds[l.n%len(kinds)] }
	email := l.Email
	if email != erased && l.n%3 == 2 {
		email = strings.ToUpper(email)
	}
	role := l.Role
	if role == RoleLearner {
		role = "student"
	}
	var externalID any
	if l.ExternalID != "" {
		externalID = l.ExternalID
		if number, err := strconv.ParseInt(l.ExternalID, 10, 64); err == nil {
			externalID = number
		}
	}
	var joined any
	if l.Activity.Joined != "" {
		joined = l.Activity.Joined
		if _, err := time.Parse(time.DateOnly, l.Activity.Joined); err == nil {
			joined = alternate(l.Activity.Joined, l.Activity.Joined+"T08:30:00Z", l.Activity.Joined+"T08:30:00.123456")
		}
	}
	visited := alternate(nil, "")
	if l.Activity.LastVisit != "" {
		visited = l.Activity.LastVisit
	}
	minutes := strconv.FormatFloat(l.Activity.Minutes, 'f', 2, 64)
	return map[string]any{
		"user_name": l.FirstName, "user_surname": l.LastName, "user_email": email, "user_role": role,
		"user_joined_date": joined, "user_external_id": externalID, "user_is_deactivated": l.Status == StatusDeactivated,
		"num_new_enrolled_courses": alternate(0, nil), "num_new_assigned_courses": alternate(0, nil), "num_new_started_courses": alternate(0, nil),
		"num_completed_courses":      alternate(l.Activity.Completed, strconv.Itoa(l.Activity.Completed)),
		"num_completed_lectures":     alternate(nil, 3),
		"num_completed_quizzes":      alternate(nil, 1),
		"num_video_consumed_minutes": alternate(l.Activity.Minutes, minutes),
		"num_web_visited_days":       alternate(4, 4.0, 2.5),
		"last_date_visit":            visited,
	}
}

// seedIdle makes the first n active learners idle, in all ways that the report can show.
func (o *organization) seedIdle(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	ways := []Activity{
		{Joined: "2024-02-01", LastVisit: "2025-03-14", Minutes: 90, Completed: 2},
		{Joined: "2023-06-12", LastVisit: "2024-11-30", Minutes: 7.5},
		{Joined: "2024-09-02"},
		{Absent: true},
	}
	made := 0
	for _, l := range o.learners {
		if made == n {
			return
		}
		if l.Status == StatusActive && l.Role == RoleLearner {
			l.Activity = &ways[made%len(ways)]
			made++
		}
	}
}
