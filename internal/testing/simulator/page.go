// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	shownRows     = 200 // learners, and groups
	shownRequests = 50
)

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Parse(pageSource))

// pageData is the data of page.html.
type pageData struct {
	overview
	Endpoint, SCIMEndpoint string
	Organization, Token    string
	// Of the activity report.
	AccountID              int
	ClientID, ClientSecret string
	Seats                  int          // a pending invitation uses a seat, a deactivated learner does not
	Requests               []requestRow // the newest first
	RequestTotal           int
}

type requestRow struct {
	Time, Method, Target string
	Status               string
	Class                int // of the status, such as 4 for 404
	Milliseconds         string
}

// row formats a request for the table of requests.
func (s *Simulator) row(r Request) requestRow {
	row := requestRow{
		Time:         r.Time.Format(time.TimeOnly),
		Method:       r.Method,
		Target:       strings.TrimPrefix(r.Path, basePath+"/organizations/"+s.config.Organization),
		Status:       strconv.Itoa(r.Status),
		Class:        r.Status / 100,
		Milliseconds: fmt.Sprintf("%.1f", r.Duration.Seconds()*1000),
	}
	if r.Query != "" {
		row.Target += "?" + r.Query
	}
	if r.Status == 0 {
		row.Status = "none"
	}
	return row
}

// servePage serves the page that shows the organization.
func (s *Simulator) servePage(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	data := pageData{
		overview:     s.organization.overview(shownRows),
		Endpoint:     scheme(r) + "://" + r.Host + basePath,
		SCIMEndpoint: baseURL(r),
		Organization: s.config.Organization,
		Token:        "the value of -token",
		AccountID:    s.config.AccountID,
		ClientID:     s.config.ClientID,
		ClientSecret: "the configured secret",
	}
	if s.config.ClientSecret == DefaultClientSecret {
		data.ClientSecret = DefaultClientSecret
	}
	if s.config.Token == DefaultToken {
		data.Token = DefaultToken // any other token may be a secret
	}
	data.Seats = data.Active + data.Invited
	requests, total := s.requests.latest(shownRequests)
	data.RequestTotal = total
	for _, request := range slices.Backward(requests) {
		data.Requests = append(data.Requests, s.row(request))
	}

	var page bytes.Buffer
	if err := pageTemplate.Execute(&page, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:")
	// After a write error the browser has disconnected.
	_, _ = w.Write(page.Bytes())
}
