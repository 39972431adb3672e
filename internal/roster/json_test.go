// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// call calls roster_json over the plugin protocol. It returns the JSON, "(unknown)", or the argument and the text of the error.
func call(t *testing.T, csv string, objects ...tftypes.Value) string {
	t.Helper()
	arguments := []*tfprotov6.DynamicValue{dynamic(t, tftypes.String, tftypes.NewValue(tftypes.String, csv))}
	for _, object := range objects {
		arguments = append(arguments, dynamic(t, tftypes.DynamicPseudoType, object))
	}
	server := providerserver.NewProtocol6(provider.New("test")())()
	resp, err := server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: "roster_json", Arguments: arguments})
	switch {
	case err != nil:
		t.Fatal(err)
	case resp.Error != nil && resp.Error.FunctionArgument == nil:
		return resp.Error.Text
	case resp.Error != nil:
		return fmt.Sprintf("argument %d: %s", *resp.Error.FunctionArgument, resp.Error.Text)
	}
	result, err := resp.Result.Unmarshal(tftypes.String)
	if err != nil {
		t.Fatal(err)
	}
	if !result.IsKnown() {
		return "(unknown)"
	}
	var text string
	if err := result.As(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

func dynamic(t *testing.T, valueType tftypes.Type, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(valueType, value)
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

// object returns an object as Terraform passes it for an expression in braces.
func object(members map[string]tftypes.Value) tftypes.Value {
	attributes := map[string]tftypes.Type{}
	for name, member := range members {
		attributes[name] = member.Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: attributes}, members)
}

func text(value any) tftypes.Value {
	return tftypes.NewValue(tftypes.String, value)
}

func TestJSON(t *testing.T) {
	t.Parallel()
	const (
		csv    = "email,external_id\nGrace@Example.com,E-2\nada@example.com,E-1\n"
		byID   = `{"E-1":{"active":true,"email":"ada@example.com","external_id":"E-1"},"E-2":{"active":true,"email":"Grace@Example.com","external_id":"E-2"}}`
		byMail = `{"ada@example.com":{"active":true,"email":"ada@example.com","external_id":"E-1"},` +
			`"grace@example.com":{"active":true,"email":"Grace@Example.com","external_id":"E-2"}}`
	)
	texts := tftypes.List{ElementType: tftypes.String}
	for name, test := range map[string]struct {
		csv     string
		options []tftypes.Value
		want    string
	}{
		"no options":   {csv, nil, byMail},
		"another form": {"\ufeffExternal ID;E-mail;Role\r\nE-1;ada@example.com;\r\n\r\nE-2;Grace@Example.com;\r\n", nil, byMail},
		"all attributes": {
			"email,first_name,last_name,external_id,role,groups,license_types,license_pool,active,udemy_id,start date\n" +
				"ada@example.com,Ada,<L>,E-1,admin,B;A,Pro,Pool,no,u1,2020-01-01\n", nil,
			`{"ada@example.com":{"active":false,"email":"ada@example.com","external_id":"E-1","first_name":"Ada","groups":["A","B"],"last_name":"\u003cL\u003e",` +
				`"license_pool":"Pool","license_types":["Pro"],"role":"admin"}}`,
		},
		"in no group":      {"email,groups\nada@example.com,\n", nil, `{"ada@example.com":{"active":true,"email":"ada@example.com","groups":[]}}`},
		"unmanaged groups": {"email,groups\nada@example.com,*\n", nil, `{"ada@example.com":{"active":true,"email":"ada@example.com"}}`},
		"nobody":           {"email\n", []tftypes.Value{object(map[string]tftypes.Value{"min_rows": tftypes.NewValue(tftypes.Number, 0)})}, `{}`},
		"an empty object":  {csv, []tftypes.Value{object(nil)}, byMail},
		"a map":            {csv, []tftypes.Value{tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"key": text("external_id")})}, byID},
		"a null member": {csv, []tftypes.Value{object(map[string]tftypes.Value{
			"key": text("external_id"), "today": text(nil), "columns": tftypes.NewValue(tftypes.DynamicPseudoType, nil),
		})}, byID},
		"a list": {csv, []tftypes.Value{object(map[string]tftypes.Value{
			"ignore": tftypes.NewValue(texts, []tftypes.Value{text("external_id")}),
		})}, strings.NewReplacer(`,"external_id":"E-1"`, "", `,"external_id":"E-2"`, "").Replace(byMail)},
		"a tuple": {csv, []tftypes.Value{object(map[string]tftypes.Value{
			"ignore": tftypes.NewValue(tftypes.Tuple{ElementTypes: []tftypes.Type{tftypes.String, tftypes.Bool}}, []tftypes.Value{
				text("x"), tftypes.NewValue(tftypes.Bool, true),
			}),
		})}, "argument 1: ignore: not a list of headers"},
		"an unknown member": {csv, []tftypes.Value{object(map[string]tftypes.Value{"today": text(tftypes.UnknownValue)})}, "(unknown)"},
		"a mistake":         {"email\ngrace\n", nil, `argument 0: line 2, column email: "grace" is not`},
		"a wrong option":    {csv, []tftypes.Value{object(map[string]tftypes.Value{"keys": text("x")})}, `argument 1: unknown option "keys"; the options are`},
		"a text":            {csv, []tftypes.Value{text("external_id")}, "argument 1: the options are not an object"},
		"two objects":       {csv, []tftypes.Value{object(nil), object(nil)}, "argument 2: more than one object of options"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := call(t, test.csv, test.options...); got != test.want && (!strings.HasPrefix(test.want, "arg") || !strings.HasPrefix(got, test.want)) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// Terraform and OpenTofu pass the options as the provider expects them, also before they are known.
func TestAccJSON(t *testing.T) {
	t.Parallel()
	block := acceptance.Start(t, acceptance.SCIM, simulator.Config{}).Config("")
	config := func(options string) string {
		return block + fmt.Sprintf(`
resource "terraform_data" "today" {
  input = "2026-11-27"
}

locals {
  csv = "email,employee id,end date\nada@example.com,E-1,2026-11-12\ngrace@example.com,E-2,2026-11-13\n"
}

output "json" {
  value = provider::udemy::roster_json(local.csv, %s)
}

output "active" {
  value = [for l in provider::udemy::roster(local.csv, %s) : l.active]
}
`, options, options)
	}
	acceptance.Test(t,
		resource.TestStep{
			Config:      config(`{ ignore = ["*"], min_rows = 900, todays = plantimestamp() }`),
			ExpectError: regexp.MustCompile(`unknown\s+option\s+"todays"`),
		},
		resource.TestStep{
			Config:      config(`{ ignore = ["*"], min_rows = 900, today = plantimestamp() }`),
			ExpectError: regexp.MustCompile(`2\s+lines,\s+at\s+least\s+900\s+expected:\s+is\s+the\s+file\s+cut\s+off\?`),
		},
		resource.TestStep{
			Config: config(`{
				columns = { external_id = "employee id" }
				key = "external_id"
				ignore = []
				today = terraform_data.today.output
				grace_days = 14
				separator = null
			}`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("json", knownvalue.StringExact(`{"E-1":{"active":false,"email":"ada@example.com","external_id":"E-1"},`+
					`"E-2":{"active":true,"email":"grace@example.com","external_id":"E-2"}}`)),
				statecheck.ExpectKnownOutputValue("active", knownvalue.ListExact([]knownvalue.Check{knownvalue.Bool(false), knownvalue.Bool(true)})),
			},
		},
	)
}
