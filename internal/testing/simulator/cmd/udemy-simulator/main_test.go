// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestRun(t *testing.T) {
	t.Parallel()
	for listen, warned := range map[string]bool{"127.0.0.1:0": false, "0.0.0.0:0": true} {
		t.Run(listen, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			output, stdout := io.Pipe()
			var stderr bytes.Buffer // read after run has returned
			ended := make(chan error, 1)
			go func() {
				err := run(ctx, []string{
					"-listen", listen, "-learners", "7", "-token", "secret-token", "-latency", "5ms", "-rate", "0.001",
				}, stdout, &stderr)
				ended <- errors.Join(err, stdout.Close())
			}()
			lines := bufio.NewReader(output)
			line, err := lines.ReadString('\n')
			if err != nil || !regexp.MustCompile(`^http://127\.0\.0\.1:\d+/api-2\.0\n$`).MatchString(line) {
				t.Fatalf("first line %q, %v", line, err)
			}
			if second, err := lines.ReadString('\n'); err != nil || second != strings.Replace(line, "/api-2.0", "/scim/v2", 1) {
				t.Errorf("second line %q, %v", second, err)
			}
			url := strings.TrimSpace(line) + "/organizations/" + simulator.DefaultOrganization + "/users/"
			get := func() (int, string) {
				t.Helper()
				request, err := http.NewRequestWithContext(ctx, "GET", url, nil)
				if err != nil {
					t.Fatal(err)
				}
				request.SetBasicAuth("secret-token", "")
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				defer response.Body.Close()
				body, err := io.ReadAll(response.Body)
				if err != nil {
					t.Fatal(err)
				}
				return response.StatusCode, string(body)
			}
			begin := time.Now()
			if status, body := get(); status != 200 || !strings.Contains(body, `"count":7`) {
				t.Errorf("status %d: %s", status, body)
			}
			if took := time.Since(begin); took < 5*time.Millisecond {
				t.Errorf("answered after %s, which is less than the latency", took)
			}
			if status, body := get(); status != 429 {
				t.Errorf("status %d beyond the rate: %s", status, body)
			}

			cancel()
			if rest, err := io.ReadAll(lines); err != nil || len(rest) > 0 {
				t.Errorf("more on standard output: %q, %v", rest, err)
			}
			if err := <-ended; err != nil {
				t.Errorf("stopping: %v", err)
			}
			log := stderr.String()
			if !strings.Contains(log, "method=GET") || !strings.Contains(log, "status=200") || strings.Contains(log, "secret-token") {
				t.Errorf("log:\n%s", log)
			}
			if strings.Contains(log, "level=WARN") != warned {
				t.Errorf("warned %t, want %t:\n%s", !warned, warned, log)
			}
		})
	}
}

// A page that is open does not delay the end.
func TestRun_watched(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	output, stdout := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"-listen", "127.0.0.1:0"}, stdout, io.Discard) }()
	lines := bufio.NewScanner(output)
	for range 2 {
		lines.Scan() // The second line is the endpoint of SCIM.
	}
	request, err := http.NewRequestWithContext(t.Context(), "GET", strings.Replace(lines.Text(), "/scim/v2", "/_page/events", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if events := bufio.NewScanner(response.Body); !events.Scan() || !strings.HasPrefix(events.Text(), "data: ") {
		t.Errorf("status %d, %q", response.StatusCode, events.Text())
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Each -pool is a license pool. Without one, SCIM returns no pools.
func TestRun_pools(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	output, stdout := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-listen", "127.0.0.1:0", "-learners", "1", "-pool", "Research=2", "-pool", "Sales=1"}, stdout, io.Discard)
	}()
	lines := bufio.NewScanner(output)
	for range 2 {
		lines.Scan() // The second line is the endpoint of SCIM.
	}
	request, err := http.NewRequestWithContext(ctx, "GET", lines.Text()+"/Users", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+simulator.DefaultToken)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil || !strings.Contains(string(body), `"licensePoolName":"default license pool"`) {
		t.Errorf("%s, %v", body, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestRunRefusals(t *testing.T) {
	t.Parallel()
	taken := httptest.NewServer(http.NotFoundHandler())
	defer taken.Close()
	for want, args := range map[string][]string{
		"argument":       {"serve"},
		"-token":         {"-token", ""},
		"-organization":  {"-organization", "a/b"},
		"-learners":      {"-learners", "-1"},
		"-seats":         {"-seats", "-1"},
		"-latency":       {"-latency", "-1s"},
		"Research=20":    {"-pool", "Research"},
		"a number of li": {"-pool", "Research=-1"},
		"-rate":          {"-rate", "-1"},
		"a number":       {"-rate", "NaN"},
		"of faults":      {"-faults", "2"},
		"unknown fault":  {"-fault-kinds", "500,cold"},
		"not defined":    {"-color", "red"},
		"already in use": {"-listen", taken.Listener.Addr().String()},
	} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want one with %q", args, err, want)
		}
	}
}
