// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"bytes"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// An apply logs its progress at INFO every few seconds, and no longer after it has ended.
func TestLogProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var output bytes.Buffer
		e := &execution{failures: map[*step]error{}}
		e.steps = make([]*step, 30)
		stop := e.logProgress(tflogtest.RootLogger(t.Context(), &output))
		for i := range 3 {
			time.Sleep(progressInterval)
			synctest.Wait()
			e.ended.Add(10)
			e.mu.Lock()
			e.failures[&step{}] = fmt.Errorf("failure %d", i)
			e.mu.Unlock()
		}
		stop()
		time.Sleep(10 * progressInterval)
		entries, err := tflogtest.MultilineJSONDecode(&output)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, entry := range entries {
			got += fmt.Sprintln(entry["@level"], entry["@message"], entry["done"], entry["of"], entry["failed"])
		}
		if want := "info Applying a roster 0 30 0\ninfo Applying a roster 10 30 1\ninfo Applying a roster 20 30 2\n"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
	if progressInterval > 10*time.Second {
		t.Errorf("the interval is %s, want a few seconds", progressInterval)
	}
}
