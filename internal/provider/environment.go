// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// Environment is the organization that the environment variables identify. Subcommands use it in place of a provider block.
type Environment struct {
	Directory udemy.Directory
	// Transport configures an HTTP client of the API, for requests that the Directory does not send.
	Transport transport.Config
	// The attributes of a provider block for the same organization, without the token. Empty attributes are not needed.
	API, Subdomain, OrganizationUUID, Endpoint string
	// Reporting is the activity report of the organization.
	Reporting Reporting
}

// Reporting is the activity report, according to the environment variables.
type Reporting struct {
	// Configured is set if the environment has a part of the credential.
	Configured bool
	// Problems are the names of the variables that are missing or malformed.
	Problems []string
	// Transport configures an HTTP client. It is usable only without Problems.
	Transport transport.Config
}

// FromEnvironment reads the environment variables. The error joins one error for each missing or malformed variable.
func FromEnvironment(getenv func(string) string, userAgent string) (Environment, error) {
	var diags diag.Diagnostics
	settings := model{}.resolve(getenv, &diags)
	if diags.HasError() {
		var errs []error
		for _, d := range diags.Errors() {
			errs = append(errs, fmt.Errorf("%s: %s", d.Summary(), d.Detail()))
		}
		return Environment{}, errors.Join(errs...)
	}
	environment := Environment{
		Directory: settings.directory(userAgent), Transport: settings.apiTransport(userAgent), API: settings.api, Endpoint: getenv(envEndpoint),
	}
	if settings.api == apiSCIM {
		environment.Subdomain = getenv(envSubdomain)
	} else {
		environment.OrganizationUUID = getenv(envOrganizationUUID)
	}
	r := model{}.reporting(reportingModel{}, getenv)
	config := r.transport(settings, userAgent)
	environment.Reporting = Reporting{
		Configured: getenv(envAccountID) != "" || getenv(envClientID) != "" || getenv(envClientSecret) != "", Problems: r.variables, Transport: config,
	}
	return environment, nil
}
