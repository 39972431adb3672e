// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package acceptance is the shared support of the provider's tests. Each test has its own organization on a simulator,
// and works on it with the real CLI (Test, CLI) or over the plugin protocol in process (Organization.Protocol). The
// protocol shows warnings and reaches states that no configuration reaches.
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

// API is one of the two APIs of an organization.
type API string

// The values of the provider's api attribute.
const (
	UserManagement API = "user_management"
	SCIM           API = "scim"
)

// Organization is the organization of one test.
type Organization struct {
	*simulator.Simulator

	// API is the API that the provider uses.
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

// Start starts a simulator on a free loopback port and stops it when the test ends.
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

// block returns the arguments of a provider block for the organization.
func (org *Organization) block() Values {
	values := Values{"token": simulator.DefaultToken, "endpoint": org.Endpoint}
	if org.API == SCIM {
		values["subdomain"] = "example"
	} else {
		values["organization_uuid"] = simulator.DefaultOrganization
	}
	return values
}

// Reporting returns the attribute reporting of a provider block for the organization.
func (org *Organization) Reporting() Values {
	return Values{
		"account_id": simulator.DefaultAccountID, "client_id": simulator.DefaultClientID, "client_secret": simulator.DefaultClientSecret,
		"endpoint": org.url + "/api-2.0",
	}
}

// Config prepends the provider block for the organization to a configuration.
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

// Test runs steps with the real CLI. After each step the plan must be empty, unless the step expects changes. The test
// is skipped without TF_ACC.
func Test(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: Factories(), Steps: steps})
}

// Factories serves the provider to the CLI.
func Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"udemy": func() (tfprotov6.ProviderServer, error) { // Each command gets a new provider, like each process.
			return providerserver.NewProtocol6WithError(provider.New("test")())()
		},
	}
}

// NeedsCLI skips a test that starts the CLI itself, unless TF_ACC is set.
func NeedsCLI(t *testing.T) {
	t.Helper()
	if os.Getenv(resource.EnvTfAcc) == "" {
		t.Skipf("acceptance tests run with %s=1, as `make test` sets it", resource.EnvTfAcc)
	}
}

// Writes returns the requests since the last ResetRequests whose method is not GET. Each one is formatted as method,
// path below the organization or the SCIM base, and body.
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

// ExpectWrites fails the test unless exactly these requests were sent, in the format of Writes.
func (org *Organization) ExpectWrites(t *testing.T, want ...string) {
	t.Helper()
	if got := org.Writes(); !slices.Equal(got, want) {
		t.Errorf("unexpected requests:\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// Answer is an Intercept that answers requests with this method and path suffix, once per answer. An answer is a status
// and a body. All other requests pass through.
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

// AtUdemy is a check of the organization itself after a step, next to the checks of the state.
func AtUdemy(check func() error) statecheck.StateCheck {
	return organizationCheck(check)
}

type organizationCheck func() error

func (check organizationCheck) CheckState(_ context.Context, _ statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resp.Error = check()
}
