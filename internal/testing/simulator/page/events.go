// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package page

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	pollInterval = 200 * time.Millisecond
	keepAlive    = 15 * time.Second
)

// events sends the Revision of the simulator after each change, as server-sent events. It compares revisions a few times a second,
// so a simulator without watchers does no work for them, and many changes are one event.
func (p *Page) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	stream := http.NewResponseController(w)
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	sent, sentAt := p.simulator.Revision(), time.Time{}
	for {
		now := p.simulator.Revision()
		if now != sent || time.Since(sentAt) > keepAlive {
			event, err := json.Marshal(now)
			if err != nil {
				return
			}
			// A server's write timeout is for a whole response, and a stream has no end. Not every server has one.
			_ = stream.SetWriteDeadline(time.Now().Add(keepAlive))
			if _, err := fmt.Fprintf(w, "data: %s\n\n", event); err != nil {
				return
			}
			if err := stream.Flush(); err != nil {
				return
			}
			sent, sentAt = now, time.Now()
		}
		select {
		case <-ticker.C:
		case <-r.Context().Done():
			return
		case <-p.closed:
			return
		}
	}
}
