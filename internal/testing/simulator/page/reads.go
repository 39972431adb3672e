// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package page

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

const (
	maxPage   = 200 // learners, groups or members
	shownLogs = 100 // requests, and mails
)

func (p *Page) routeReads(mux *http.ServeMux) {
	mux.HandleFunc("GET /_page/overview", p.overview)
	mux.HandleFunc("GET /_page/learners", p.learners)
	mux.HandleFunc("GET /_page/groups", p.groups)
	mux.HandleFunc("GET /_page/requests", p.requests)
	mux.HandleFunc("GET /_page/mails", p.mails)
}

// overview is what is not in a list.
type overview struct {
	Counts      counts       `json:"counts"`
	Switches    switches     `json:"switches"`
	Faults      []faultCount `json:"faults"` // that have occurred
	Connections []connection `json:"connections"`
}

type counts struct {
	Invited     int            `json:"invited"`
	Active      int            `json:"active"`
	Deactivated int            `json:"deactivated"`
	Groups      int            `json:"groups"`
	Seats       int            `json:"seats"` // 0 for any number
	Licenses    map[string]int `json:"licenses"`
	Pools       []pool         `json:"pools"`
}

type pool struct {
	Name string `json:"name"`
	Used int    `json:"used"`
	Size int    `json:"size"`
}

type faultCount struct {
	Kind  simulator.Fault `json:"kind"`
	Count int             `json:"count"`
}

func (p *Page) overview(w http.ResponseWriter, r *http.Request) {
	c := p.simulator.Counts()
	view := overview{
		Counts: counts{
			Invited: c.Invited, Active: c.Active, Deactivated: c.Deactivated, Groups: c.Groups, Seats: c.Seats, Licenses: c.Licenses, Pools: []pool{},
		},
		Switches:    p.switches(),
		Faults:      []faultCount{},
		Connections: connections(p.simulator.Config(), r.Host),
	}
	for _, q := range c.Pools {
		view.Counts.Pools = append(view.Counts.Pools, pool(q))
	}
	occurred := p.simulator.FaultCounts()
	for _, kind := range slices.Concat(simulator.AllFaults(), simulator.Lies()) {
		if n := occurred[kind]; n > 0 {
			view.Faults = append(view.Faults, faultCount{kind, n})
		}
	}
	write(w, view)
}

// list is a part of a list.
type list[T any] struct {
	Items  []T `json:"items"`
	Offset int `json:"offset"`
	Total  int `json:"total"`
}

type learner struct {
	ID         string   `json:"id"`
	Email      string   `json:"email"`
	FirstName  string   `json:"firstName"`
	LastName   string   `json:"lastName"`
	ExternalID string   `json:"externalId"`
	Role       string   `json:"role"`
	Status     string   `json:"status"`
	Groups     []string `json:"groups"` // names
	Licenses   []string `json:"licenses"`
	Pool       string   `json:"pool"`
	SCIM       bool     `json:"scim"`
	LastVisit  string   `json:"lastVisit"`
}

func (p *Page) learners(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	search := simulator.Search{Text: query.Get("text"), Status: query.Get("status"), GroupID: query.Get("group")}
	offset, limit := part(r)
	found, total := p.simulator.Search(search, offset, limit)
	rows := make([]learner, 0, len(found))
	for _, l := range found {
		rows = append(rows, p.learner(l))
	}
	write(w, list[learner]{rows, offset, total})
}

func (p *Page) learner(l simulator.Learner) learner {
	row := learner{
		ID: l.ID, Email: l.Email, FirstName: l.FirstName, LastName: l.LastName, ExternalID: l.ExternalID, Role: l.Role, Status: l.Status,
		Groups: []string{}, Licenses: l.Licenses, Pool: l.Pool, SCIM: l.SCIM,
	}
	for _, id := range l.Groups {
		if name, exists := p.simulator.GroupName(id); exists { // a concurrent call may have deleted it
			row.Groups = append(row.Groups, name)
		}
	}
	day, reported := l.LastVisit()
	switch {
	case !reported:
		row.LastVisit = "not in the report"
	case day == "":
		row.LastVisit = "never"
	default:
		row.LastVisit = day
	}
	return row
}

type group struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Members int    `json:"members"`
	SCIM    bool   `json:"scim"`
}

func (p *Page) groups(w http.ResponseWriter, r *http.Request) {
	offset, limit := part(r)
	found, total := p.simulator.SearchGroups(r.URL.Query().Get("text"), offset, limit)
	rows := make([]group, 0, len(found))
	for _, g := range found {
		rows = append(rows, group(g))
	}
	write(w, list[group]{rows, offset, total})
}

type request struct {
	Number       int     `json:"number"` // the first one has 1
	Time         string  `json:"time"`
	Method       string  `json:"method"`
	Path         string  `json:"path"`
	Body         string  `json:"body"`
	Status       int     `json:"status"`
	Milliseconds float64 `json:"milliseconds"`
}

func (p *Page) requests(w http.ResponseWriter, _ *http.Request) {
	latest, total := p.simulator.LatestRequests(shownLogs)
	rows := make([]request, 0, len(latest))
	for i, r := range slices.Backward(latest) {
		path := strings.TrimPrefix(r.Path, "/api-2.0/organizations/"+p.simulator.Config().Organization)
		if r.Query != "" {
			path += "?" + r.Query
		}
		rows = append(rows, request{
			Number: total - len(latest) + i + 1, Time: r.Time.Format(time.TimeOnly), Method: r.Method, Path: path, Body: r.Body, Status: r.Status,
			Milliseconds: float64(r.Duration.Microseconds()) / 1000,
		})
	}
	write(w, list[request]{rows, 0, total})
}

type mail struct {
	Number int                `json:"number"`
	Time   string             `json:"time"`
	To     string             `json:"to"`
	Kind   simulator.MailKind `json:"kind"`
	Cause  simulator.Cause    `json:"cause"`
}

func (p *Page) mails(w http.ResponseWriter, _ *http.Request) {
	latest, total := p.simulator.Mails(shownLogs)
	rows := make([]mail, 0, len(latest))
	for i, m := range slices.Backward(latest) {
		rows = append(rows, mail{
			Number: total - len(latest) + i + 1, Time: m.Time.Format(time.TimeOnly), To: m.To, Kind: m.Kind, Cause: m.Cause,
		})
	}
	write(w, list[mail]{rows, 0, total})
}

// part returns the requested part of a list.
func part(r *http.Request) (offset, limit int) {
	offset, _ = strconv.Atoi(r.URL.Query().Get("offset"))
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit < 1 {
		limit = maxPage
	}
	return max(offset, 0), min(limit, maxPage)
}

func write(w http.ResponseWriter, content any) {
	body, err := json.Marshal(content)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// After a write error the browser has disconnected.
	_, _ = w.Write(body)
}
