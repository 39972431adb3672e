// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// Many windows, calls of the APIs, changes of switches and resets at the same time. Run it with the race detector. All streams end
// with the page.
func TestManyWatchers(t *testing.T) {
	t.Parallel()
	f := start(t, simulator.Config{Learners: 50, Seats: 60})
	server := httptest.NewServer(f.page)
	defer server.Close()
	var watchers sync.WaitGroup
	for range 100 {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/_page/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		events := bufio.NewScanner(response.Body)
		if !events.Scan() || !strings.HasPrefix(events.Text(), "data: ") {
			t.Fatalf("status %d, %q", response.StatusCode, events.Text())
		}
		watchers.Go(func() {
			defer response.Body.Close()
			if _, err := io.Copy(io.Discard, response.Body); err != nil {
				t.Error(err)
			}
		})
	}
	var busy sync.WaitGroup
	for worker := range 4 {
		busy.Go(func() {
			for i := range 25 {
				f.act(204, "learners", fmt.Sprintf(`{"email":"w%d-%d@example.com"}`, worker, i))
				f.act(204, "switches", fmt.Sprintf(`{"lag":%d,"share":%d}`, i%2, i))
				f.call("GET", "/_page/overview", "")
				f.call("GET", "/_page/learners?text=w", "")
				f.call("GET", "/_page/requests", "")
				f.call("GET", "/scim/v2/Users", "")
				if i%10 == 9 {
					f.act(204, "reset", "{}")
				}
			}
		})
	}
	busy.Wait()
	f.page.Close()
	watchers.Wait()
}
