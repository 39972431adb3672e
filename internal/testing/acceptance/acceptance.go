// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package acceptance is what tests of the provider share: an organization of their own, on a simulator, and two
// ways to work on it: the real CLI (Organization.Test), and the plugin protocol in process (Organization.Protocol), which
// shows warnings and provokes what no configuration can.
package acceptance

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// API is one of the two ways to an organization.
type API string

// The APIs, as the provider block calls them.
const (
	UserManagement API = "user_management"
	SCIM           API = "scim"
)

// Organization is an organization that one test has for itself.
type Organization struct {
	*simulator.Simulator

	// API is what the provider speaks to it.
	API API
	// Endpoint is the base URL of the API.
	Endpoint string

	url string
}

// OnEachAPI runs a scenario on both APIs.
func OnEachAPI(t *testing.T, scenario func(*testing.T, API)) {
	t.Helper()
	for _, api := range []API{UserManagement, SCIM} {
		t.Run(string(api), func(t *testing.T) {
			t.Parallel()
			scenario(t, api)
		})
	}
}

// Start starts a simulator on a free loopback port. It stops when the test ends.
func Start(t *testing.T, api API, config simulator.Config) *Organization {
	t.Helper()
	sim := simulator.New(config)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	path := "/api-2.0"
	if api == SCIM {
		path = "/scim/v2"
	}
	return &Organization{Simulator: sim, API: api, Endpoint: server.URL + path, url: server.URL}
}

// block is what a provider block has to say to reach the org.
func (org *Organization) block() Values {
	values := Values{"token": simulator.DefaultToken, "endpoint": org.Endpoint}
	if org.API == SCIM {
		values["subdomain"] = "example"
	} else {
		values["organization_uuid"] = simulator.DefaultOrganization
	}
	return values
}

// Config puts a provider block that reaches the org before a configuration.
func (org *Organization) Config(body string) string {
	return org.ConfigWith("", body)
}

// ConfigWith is Config with further arguments in the provider block.
func (org *Organization) ConfigWith(arguments, body string) string {
	block := ""
	for name, value := range org.block() {
		block += fmt.Sprintf("  %s = %q\n", name, value)
	}
	return fmt.Sprintf("provider \"udemy\" {\n%s  %s\n}\n%s", block, arguments, body)
}

// Test runs steps with the real CLI, and leaves each step's plan empty unless the step says otherwise. It is
// skipped without TF_ACC, as all acceptance tests are.
func Test(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: Factories(), Steps: steps})
}

// Factories serves the provider to the CLI.
func Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"udemy": func() (tfprotov6.ProviderServer, error) { // A new provider for each command, as for each process.
			return providerserver.NewProtocol6WithError(provider.New("test")())()
		},
	}
}

// NeedsCLI skips a test that starts the CLI itself, unless acceptance tests are asked for.
func NeedsCLI(t *testing.T) {
	t.Helper()
	if os.Getenv(resource.EnvTfAcc) == "" {
		t.Skipf("acceptance tests run with %s=1, as `make test` sets it", resource.EnvTfAcc)
	}
}

// Writes returns the requests that could change something since the last ResetRequests, each as method, path below
// the organization or the SCIM base, and body.
func (org *Organization) Writes() []string {
	writes := []string{}
	for _, request := range org.Requests() {
		if request.Method == http.MethodGet {
			continue
		}
		path := strings.TrimPrefix(strings.TrimPrefix(request.Path, "/api-2.0/organizations/"+simulator.DefaultOrganization), "/scim/v2")
		writes = append(writes, strings.TrimSpace(strings.Join([]string{request.Method, path, request.Body}, " ")))
	}
	return writes
}

// ExpectWrites fails the test unless exactly these requests, as Writes shows them, were sent.
func (org *Organization) ExpectWrites(t *testing.T, want ...string) {
	t.Helper()
	if got := org.Writes(); !slices.Equal(got, want) {
		t.Errorf("unexpected requests:\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// Answer is an Intercept that answers a method on paths with a suffix, once for each of the answers, which are a
// status and a body. Everything else is let through.
func Answer(method, pathSuffix string, answers ...string) func(http.ResponseWriter, *http.Request) bool {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if r.Method != method || !strings.HasSuffix(r.URL.Path, pathSuffix) || len(answers) == 0 {
			return false
		}
		code, body, _ := strings.Cut(answers[0], " ")
		answers = answers[1:]
		status, err := strconv.Atoi(code)
		if err != nil {
			panic(err)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return true
	}
}

// AtUdemy is a check of what the org holds after a step, beside those of the state.
func AtUdemy(check func() error) statecheck.StateCheck {
	return organizationCheck(check)
}

type organizationCheck func() error

// CheckState implements statecheck.StateCheck.
func (check organizationCheck) CheckState(_ context.Context, _ statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resp.Error = check()
}
