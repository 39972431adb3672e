// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package page

import (
	"bytes"
	"strings"
	"text/template"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// connection is how the provider connects to the simulator over one API. The configuration has no credential.
type connection struct {
	API           string `json:"api"`
	Configuration string `json:"configuration"`
	Environment   string `json:"environment"`
}

var configurationTemplate = template.Must(template.New("").Parse(`provider "udemy" {
{{- if .SCIM}}
  api       = "scim"
  subdomain = "example"
  endpoint  = "{{.Base}}/scim/v2"
{{- else}}
  organization_uuid = "{{.Organization}}"
  endpoint          = "{{.Base}}/api-2.0"
{{- end}}

  # Only for udemy_activity, and for udemy_seats with idle_days.
  reporting = {
    account_id = {{.AccountID}}
    endpoint   = "{{.Base}}/api-2.0"
  }
}

terraform {
  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}
`))

// The commands of the provider, such as export and doctor, read the whole connection from the environment.
var environmentTemplate = template.Must(template.New("").Parse(`export UDEMY_TOKEN={{.Token}}
{{- if .SCIM}}
export UDEMY_API=scim
export UDEMY_SUBDOMAIN=example
export UDEMY_ENDPOINT={{.Base}}/scim/v2
{{- else}}
export UDEMY_ORGANIZATION_UUID={{.Organization}}
export UDEMY_ENDPOINT={{.Base}}/api-2.0
{{- end}}
export UDEMY_ACCOUNT_ID={{.AccountID}}
export UDEMY_CLIENT_ID={{.ClientID}}
export UDEMY_CLIENT_SECRET={{.ClientSecret}}
export UDEMY_REPORTING_ENDPOINT={{.Base}}/api-2.0
`))

type connectionData struct {
	simulator.Config

	Base string
	SCIM bool
}

// connections returns the connections over both APIs. A credential that is not a default may be a real one, so it is not shown.
func connections(config simulator.Config, host string) []connection {
	if config.Token != simulator.DefaultToken {
		config.Token = "'the value of -token'"
	}
	if config.ClientSecret != simulator.DefaultClientSecret {
		config.ClientSecret = "'the client secret'"
	}
	config.ClientID = quoted(config.ClientID)
	var both []connection
	for _, scim := range []bool{false, true} {
		data := connectionData{Config: config, Base: "http://" + host, SCIM: scim}
		api := "user_management"
		if scim {
			api = "scim"
		}
		both = append(both, connection{API: api, Configuration: fill(configurationTemplate, data), Environment: fill(environmentTemplate, data)})
	}
	return both
}

func fill(t *template.Template, data connectionData) string {
	var text bytes.Buffer
	if err := t.Execute(&text, data); err != nil {
		panic(err) // The templates are constant, and the data are texts and numbers.
	}
	return text.String()
}

// quoted quotes a text for a shell, if it needs that.
func quoted(text string) string {
	if strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
