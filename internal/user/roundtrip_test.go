// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// settings are the attributes of udemy_user that are not stored at Udemy.
var settings = []string{"on_destroy", "adopt_existing"}

// unsupported are the attributes that an API lacks, with the reason. An attribute that is missing in a wire.go and not here is a mistake.
var unsupported = map[acceptance.API]map[string]string{
	acceptance.UserManagement: {
		"license_types": "the documented call has no member for licenses",
		"license_pool":  "the documented call has no member for license pools",
	},
	acceptance.SCIM: {"role": "Udemy's SCIM has no roles"},
}

// Every configurable attribute is sent to Udemy and read back: on create, on update and after import, on each API that
// supports it. The attributes come from the schema, so the test fails for an attribute that is declared and not sent.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	stored := map[string]bool{}
	for _, api := range []acceptance.API{acceptance.UserManagement, acceptance.SCIM} {
		org := acceptance.Start(t, api, simulator.Config{LicensePools: map[string]int{"Research": 1, "Sales": 1}})
		org.Add(simulator.Learner{Email: "admin@example.com", Role: "admin", Status: "active"}) // Then ada is not the last administrator.
		protocol := org.Protocol(t, nil)
		old, current := org.AddGroup("Old"), org.AddGroup("New")
		samples := map[string][2]any{
			"email":         {"ada@example.com", "grace@example.com"},
			"role":          {"admin", "learner"},
			"group_ids":     {[]string{old.ID}, []string{current.ID}},
			"license_types": {[]string{simulator.LicensePro}, []string{simulator.LicenseEnterprise}},
			"license_pool":  {"Research", "Sales"},
			"active":        {true, false},
		}
		var configs [2]acceptance.Values
		for i := range configs {
			configs[i] = acceptance.Values{}
			for _, attribute := range protocol.Attributes(udemyUser) {
				if !slices.Contains(settings, attribute.Name) {
					configs[i][attribute.Name] = sample(t, samples, attribute, i)
				}
			}
		}
		for name := range configs[0] { // The plan rejects an attribute that the API does not support.
			isRefused := refused(protocol, name, configs[0])
			switch reason, isUnsupported := unsupported[api][name]; {
			case isRefused && !isUnsupported:
				t.Errorf("%s: the plan refuses %s: add it to wire.go, or to unsupported with the reason", api, name)
			case isUnsupported && !isRefused:
				t.Errorf("%s: the plan accepts %s, which is in unsupported: %s", api, name, reason)
			}
			if isRefused {
				delete(configs[0], name)
				delete(configs[1], name)
				continue
			}
			stored[name] = true
		}

		org.ResetRequests()
		created, diags := protocol.Create(udemyUser, configs[0])
		diags.ExpectNoErrors(t)
		for _, write := range org.Writes() { // A second request would set what the first has left out.
			if strings.HasPrefix(strings.ToLower(write), "patch /users/") {
				t.Errorf("%s: the creation takes another request: %s", api, write)
			}
		}
		expectStored(t, org, created, configs[0])
		updated, diags := protocol.Update(created, configs[1])
		diags.ExpectNoErrors(t)
		expectStored(t, org, updated, configs[1])
		imported, diags := org.Protocol(t, nil).Import(udemyUser, updated.Values["id"].(string))
		diags.ExpectNoErrors(t)
		expectStored(t, org, imported, configs[1])
	}
	for _, attribute := range acceptance.Start(t, acceptance.SCIM, simulator.Config{}).Protocol(t, nil).Attributes(udemyUser) {
		if !stored[attribute.Name] && !slices.Contains(settings, attribute.Name) {
			t.Errorf("no API stores %s", attribute.Name)
		}
	}
}

// sample returns one of two values of an attribute.
func sample(t *testing.T, samples map[string][2]any, attribute *tfprotov6.SchemaAttribute, i int) any {
	t.Helper()
	if values, ok := samples[attribute.Name]; ok {
		return values[i]
	}
	if !attribute.Type.Is(tftypes.String) {
		t.Fatalf("add sample values of %s to this test", attribute.Name)
	}
	return fmt.Sprintf("%s %d", attribute.Name, i)
}

// refused reports whether a plan rejects an attribute on the API.
func refused(protocol *acceptance.Protocol, name string, config acceptance.Values) bool {
	path := tftypes.NewAttributePath().WithAttributeName(name)
	return slices.ContainsFunc(protocol.Plan(nil, udemyUser, config).Diagnostics, func(d *tfprotov6.Diagnostic) bool {
		return d.Severity == tfprotov6.DiagnosticSeverityError && d.Attribute.Equal(path)
	})
}

// expectStored compares a configuration with the learner at Udemy, in state, and as a new run reads it.
func expectStored(t *testing.T, org *acceptance.Organization, object *acceptance.Object, config acceptance.Values) {
	t.Helper()
	read, diags := org.Protocol(t, nil).Read(object)
	diags.ExpectNoErrors(t)
	learner, _ := org.Learner(config["email"].(string))
	stored := strings.Replace(fmt.Sprintf("%+v", learner), "Status:deactivated", "active:false", 1)
	for name, want := range config {
		if got := object.Values[name]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s in state is %v, want %v", org.API, name, got, want)
		}
		if got := read.Values[name]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s is read as %v, want %v", org.API, name, got, want)
		}
		text := fmt.Sprint(want)
		if name == "active" {
			text = fmt.Sprintf("active:%v", want)
			if want == true {
				continue // The status of a new learner depends on the API.
			}
		}
		if !strings.Contains(stored, text) {
			t.Errorf("%s: %s is not at Udemy: want %v in %s", org.API, name, want, stored)
		}
	}
}
