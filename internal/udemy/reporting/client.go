// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package reporting implements udemy.Reports over Udemy's reporting API. Udemy documents that the API exists. The route, the
// members of a row and the way the pages are numbered come from public clients of third parties.
//
// A learner without a row looks unused, so the client returns a report only if it is complete. It accepts the kinds of values
// that were seen in rows, such as numbers in strings, and returns an error for any other.
package reporting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/paging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// MediaType is the media type of responses.
const MediaType = "application/json"

// ActivityRoute is the path of the activity report, below BaseURL.
const ActivityRoute = "/analytics/user-activity/"

const (
	pageSize = 100
	// maxReads is how often the report is read if rows move between its pages.
	maxReads = 3
)

var _ udemy.Reports = (*Client)(nil)

// Client implements udemy.Reports for one organization. It is safe for concurrent use.
type Client struct {
	client *transport.Client

	mu sync.Mutex
	// activity is the report, once it has been read.
	activity []udemy.Activity
}

// New returns a Client. The base URL of the transport client comes from BaseURL.
func New(client *transport.Client) *Client {
	return &Client{client: client}
}

// Endpoint returns the address of the API for the organization at {subdomain}.udemy.com.
func Endpoint(subdomain string) string {
	return "https://" + subdomain + ".udemy.com/api-2.0"
}

// BaseURL returns the address of an organization below an endpoint. The account ID is a number, and not the UUID that the
// user-management API uses.
func BaseURL(endpoint *url.URL, accountID int64) *url.URL {
	return endpoint.JoinPath("organizations", strconv.FormatInt(accountID, 10))
}

// Activity returns the report. A failed read is not kept, so the next call reads again.
func (c *Client) Activity(ctx context.Context) ([]udemy.Activity, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.activity == nil {
		rows, err := c.read(ctx)
		if err != nil {
			return nil, err
		}
		c.activity = rows
	}
	return c.activity, nil
}

// read reads all pages, and reads them again if rows have moved from one page to another in the meantime.
func (c *Client) read(ctx context.Context) ([]udemy.Activity, error) {
	for attempt := 1; ; attempt++ {
		first, err := c.page(ctx, 1)
		if err != nil {
			return nil, err
		}
		all, err := paging.Rest(ctx, row.id, func(ctx context.Context, number, _ int) (udemy.Page[row], error) {
			return c.page(ctx, number)
		}, first)
		if err == nil && all.Complete {
			return activities(all.Items)
		}
		if err == nil {
			err = paging.Incomplete(first, len(all.Items))
		}
		if !errors.Is(err, udemy.ErrIncomplete) || attempt == maxReads {
			return nil, err
		}
	}
}

// row is one row of the report, with its position. Page numbers start at 1.
type row struct {
	answer

	page, index int
	// raw is the row as the API returned it.
	raw string
}

// id identifies a row. Equal rows are one row that moved to a page read later. This does not hold for erased people, whose rows
// have no address and may all be equal, so their positions identify them.
func (r row) id() string {
	if r.activity().Email == "" {
		return fmt.Sprintf("%d/%d", r.page, r.index)
	}
	return r.raw
}

// activities converts all rows of a report. If no row has an address or the member for the last visit, the report has another
// form than the known one, and all learners would look unused.
func activities(rows []row) ([]udemy.Activity, error) {
	result := make([]udemy.Activity, 0, len(rows))
	hasEmails, hasVisits := false, false
	for _, r := range rows {
		hasEmails, hasVisits = hasEmails || r.Email.present, hasVisits || r.LastVisit.present
		result = append(result, r.activity())
	}
	if len(rows) > 0 && !(hasEmails && hasVisits) {
		return nil, unusable("no row of the report has the members user_email and last_date_visit")
	}
	return result, nil
}

// page reads one page of the report. Addresses of pages in a response are never followed.
func (c *Client) page(ctx context.Context, number int) (udemy.Page[row], error) {
	request := transport.Request{
		Method: http.MethodGet, Route: ActivityRoute,
		Query: url.Values{"page": {strconv.Itoa(number)}, "page_size": {strconv.Itoa(pageSize)}},
	}
	response, err := c.client.Do(ctx, request)
	if err != nil {
		return udemy.Page[row]{}, err
	}
	if number > 1 && response.NotFound() {
		return udemy.Page[row]{}, nil // The report has become shorter. It is not complete.
	}
	if !response.OK() {
		return udemy.Page[row]{}, &udemy.Error{Kind: transport.Kind(response.Status), Call: request.Call(), Detail: response.Text()}
	}
	body, err := transport.Decode[pageAnswer](request, response)
	switch {
	case err != nil:
		return udemy.Page[row]{}, err
	case body.Results == nil:
		return udemy.Page[row]{}, transport.Unusable(request, response, errors.New("the response has no results"))
	case body.Count == nil && number == 1:
		return udemy.Page[row]{}, transport.Unusable(request, response, errors.New("the response has no count"))
	}
	isLast := body.Next == nil || body.Next == ""
	page := udemy.Page[row]{Items: make([]row, 0, len(*body.Results)), Last: isLast, More: !isLast, Call: request.Call()}
	if body.Count != nil {
		page.Total = int(*body.Count)
	}
	for i, raw := range *body.Results {
		r := row{page: number, index: i, raw: string(raw)}
		if err := json.Unmarshal(raw, &r.answer); err != nil {
			return udemy.Page[row]{}, transport.Unusable(request, response, fmt.Errorf("row %d of page %d: %w", i+1, number, err))
		}
		page.Items = append(page.Items, r)
	}
	return page, nil
}

func unusable(detail string) *udemy.Error {
	return &udemy.Error{Kind: udemy.ErrUnavailable, Call: http.MethodGet + " " + ActivityRoute, Detail: detail}
}
