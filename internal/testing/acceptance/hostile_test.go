// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// hostile are texts that change a path, a query or a filter if they are inserted unescaped. Validation rejects some of
// them as an ID, and some as a stored text.
var hostile = map[string]struct {
	text                       string
	isInvalidID, isInvalidText bool
}{
	"another resource":         {"../groups/x", true, false},
	"dots":                     {"..", true, false},
	"a dot":                    {".", true, false},
	"escaped dots":             {"%2e%2e", true, false},
	"an escaped slash":         {"u1%2F..%2F", true, false},
	"a query":                  {"u1?page=2&x=#y", false, false},
	"a backslash":              {`..\groups`, true, false},
	"a filter":                 {`x" or userName sw "`, false, false},
	"a closing bracket":        {`x"]`, false, false},
	"a backslash at the end":   {`x\`, false, false},
	"a line break":             {"x\r\nX-Header: y", true, true},
	"NUL":                      {"x\x00y", true, true},
	"right to left":            {"x\u202ey", true, true},
	"long":                     {strings.Repeat("x", 10_000), true, false},
	"emoji":                    {"🎓👩🏽‍🔬", false, false},
	"an ideograph":             {"学", false, false},
	"a slash":                  {"u1/x y", false, false},
	"a percent sign":           {"100%", false, false},
	"a quotation mark at ends": {`"x"`, false, false},
}

// input passes a text to the provider and returns the diagnostics.
type input func(p *acceptance.Protocol, text string) acceptance.Diagnostics

// create validates a resource, and creates it if it is valid and the plan has no error.
func create(resourceType string, config func(text string) acceptance.Values) input {
	return func(p *acceptance.Protocol, text string) acceptance.Diagnostics {
		if diags := p.Validate(resourceType, config(text)); len(diags) > 0 {
			return diags
		}
		plan := p.Plan(nil, resourceType, config(text))
		if len(plan.Diagnostics) > 0 {
			return plan.Diagnostics
		}
		_, diags := p.Apply(plan)
		return diags
	}
}

func read(dataType, attribute string) input {
	return func(p *acceptance.Protocol, text string) acceptance.Diagnostics {
		_, diags := p.ReadData(dataType, acceptance.Values{attribute: text})
		return diags
	}
}

func importBy(resourceType, format string) input {
	return func(p *acceptance.Protocol, text string) acceptance.Diagnostics {
		_, diags := p.Import(resourceType, fmt.Sprintf(format, text))
		return diags
	}
}

func importEscaped(resourceType, format string) input {
	return func(p *acceptance.Protocol, text string) acceptance.Diagnostics {
		_, diags := p.Import(resourceType, fmt.Sprintf(format, url.PathEscape(text)))
		return diags
	}
}

func importByIdentity(resourceType string, identity func(text string) acceptance.Values) input {
	return func(p *acceptance.Protocol, text string) acceptance.Diagnostics {
		_, diags := p.ImportByIdentity(resourceType, identity(text))
		return diags
	}
}

func listBy(resourceType string) input {
	return func(p *acceptance.Protocol, text string) acceptance.Diagnostics {
		_, diags := p.List(resourceType, acceptance.Values{"group_id": text}, true, 10)
		return diags
	}
}

// learner returns the configuration of a udemy_user whose attribute depends on the text.
func learner(attribute string, value func(text string) any) func(string) acceptance.Values {
	return func(text string) acceptance.Values {
		config := acceptance.Values{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}
		config[attribute] = value(text)
		return config
	}
}

func asString(text string) any { return text }
func asSet(text string) any    { return []string{text} }

// The inputs in which the text is an ID.
var idInputs = map[string]input{
	"udemy_user group_ids": create("udemy_user", learner("group_ids", asSet)),
	"udemy_group_membership group_id": create("udemy_group_membership", func(text string) acceptance.Values {
		return acceptance.Values{"group_id": text, "user_id": "u1"}
	}),
	"udemy_group_membership user_id": create("udemy_group_membership", func(text string) acceptance.Values {
		return acceptance.Values{"group_id": "g1", "user_id": text}
	}),
	"udemy_group_members group_id": create("udemy_group_members", func(text string) acceptance.Values {
		return acceptance.Values{"group_id": text, "members": map[string]string{"bob": "u1"}}
	}),
	"udemy_group_members members": create("udemy_group_members", func(text string) acceptance.Values {
		return acceptance.Values{"group_id": "g1", "members": map[string]string{"bob": text}}
	}),
	"data udemy_user id":                   read("udemy_user", "id"),
	"data udemy_users group_id":            read("udemy_users", "group_id"),
	"data udemy_group id":                  read("udemy_group", "id"),
	"import udemy_user":                    importBy("udemy_user", "%s"),
	"import udemy_group":                   importBy("udemy_group", "%s"),
	"import udemy_group_membership, group": importEscaped("udemy_group_membership", "%s/u1"),
	"import udemy_group_membership, user":  importEscaped("udemy_group_membership", "g1/%s"),
	"import udemy_group_members":           importBy("udemy_group_members", "%s"),
	"identity of udemy_user": importByIdentity("udemy_user", func(text string) acceptance.Values {
		return acceptance.Values{"id": text}
	}),
	"identity of udemy_group": importByIdentity("udemy_group", func(text string) acceptance.Values {
		return acceptance.Values{"id": text}
	}),
	"identity of udemy_group_membership": importByIdentity("udemy_group_membership", func(text string) acceptance.Values {
		return acceptance.Values{"group_id": "g1", "user_id": text}
	}),
	"identity of udemy_group_members": importByIdentity("udemy_group_members", func(text string) acceptance.Values {
		return acceptance.Values{"group_id": text}
	}),
	"list udemy_user":             listBy("udemy_user"),
	"list udemy_group_membership": listBy("udemy_group_membership"),
	"list udemy_group_members":    listBy("udemy_group_members"),
	"action udemy_resend_invitation": func(p *acceptance.Protocol, text string) acceptance.Diagnostics {
		_, diags := p.Invoke("udemy_resend_invitation", acceptance.Values{"learners": map[string]string{"ada": text}})
		return diags
	},
}

// The inputs that Udemy stores.
var storedInputs = map[string]input{
	"udemy_user first_name":  create("udemy_user", learner("first_name", asString)),
	"udemy_user last_name":   create("udemy_user", learner("last_name", asString)),
	"udemy_user external_id": create("udemy_user", learner("external_id", asString)),
	"udemy_group name":       create("udemy_group", func(text string) acceptance.Values { return acceptance.Values{"name": text} }),
}

// The inputs that are search terms.
var searchInputs = map[string]input{
	"data udemy_user external_id":        read("udemy_user", "external_id"),
	"data udemy_group name":              read("udemy_group", "name"),
	"import udemy_user by external id":   importBy("udemy_user", "external_id:%s"),
	"import udemy_group by name":         importBy("udemy_group", "name:%s"),
	"import udemy_group_members by name": importBy("udemy_group_members", "name:%s"),
}

// The inputs in which the text is part of an e-mail address. Some of the addresses are valid.
var emailInputs = map[string]input{
	"udemy_user email": create("udemy_user", learner("email", func(text string) any { return text + "@example.com" })),
	"data udemy_user email": func(p *acceptance.Protocol, text string) acceptance.Diagnostics {
		return read("udemy_user", "email")(p, text+"@example.com")
	},
	"import udemy_user by e-mail": importBy("udemy_user", "email:%s@example.com"),
}

func startForHostile(t *testing.T, api acceptance.API) *acceptance.Organization {
	t.Helper()
	org := acceptance.Start(t, api, simulator.Config{})
	org.Add(simulator.Learner{ID: "u1", Email: "bob@example.com", FirstName: "Bob", LastName: "Other", SCIM: true})
	org.AddGroup("Mathematics", "u1")
	return org
}

func onEachHostileText(t *testing.T, inputs map[string]input, check func(t *testing.T, org *acceptance.Organization, send input, name string)) {
	t.Helper()
	acceptance.OnEachAPI(t, func(t *testing.T, api acceptance.API) {
		t.Helper()
		for attribute, send := range inputs {
			t.Run(attribute, func(t *testing.T) {
				t.Parallel()
				for name := range hostile {
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						check(t, startForHostile(t, api), send, name)
					})
				}
			})
		}
	})
}

// An invalid ID is rejected before a request is sent. A valid ID reaches Udemy unchanged.
func TestHostileIDs(t *testing.T) {
	t.Parallel()
	onEachHostileText(t, idInputs, func(t *testing.T, org *acceptance.Organization, send input, name string) {
		t.Helper()
		diags := send(org.Protocol(t, nil), hostile[name].text)
		if hostile[name].isInvalidID {
			if len(diags) != 1 || !strings.Contains(diags.String(), "Malformed") || org.RequestCount() != 0 {
				t.Errorf("after %d requests the diagnostics are:\n%s", org.RequestCount(), diags)
			}
			return
		}
		expectOnly(t, org, hostile[name].text)
	})
}

// A stored text is rejected before a request is sent, or stored unchanged.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	onEachHostileText(t, storedInputs, func(t *testing.T, org *acceptance.Organization, send input, name string) {
		t.Helper()
		text := hostile[name].text
		diags := send(org.Protocol(t, nil), text)
		if hostile[name].isInvalidText {
			if len(diags) != 1 || !strings.Contains(diags.String(), "control characters") || org.RequestCount() != 0 {
				t.Errorf("after %d requests the diagnostics are:\n%s", org.RequestCount(), diags)
			}
			return
		}
		diags.ExpectNone(t)
		expectOnly(t, org, text)
		stored := []string{}
		for _, l := range org.Learners() {
			stored = append(stored, l.FirstName, l.LastName, l.ExternalID)
		}
		for _, g := range org.Groups() {
			stored = append(stored, g.Name)
		}
		if !slices.Contains(stored, text) {
			t.Errorf("Udemy stores %q, want %q among them", stored, text)
		}
	})
}

// A search term is sent unchanged and matches no other object.
func TestHostileSearches(t *testing.T) {
	t.Parallel()
	onEachHostileText(t, searchInputs, func(t *testing.T, org *acceptance.Organization, send input, name string) {
		t.Helper()
		diags := send(org.Protocol(t, nil), hostile[name].text)
		if len(diags) != 1 || !strings.Contains(diags.String(), "not found") {
			t.Errorf("diagnostics:\n%s", diags)
		}
		expectOnly(t, org, hostile[name].text)
	})
}

func TestHostileEmails(t *testing.T) {
	t.Parallel()
	onEachHostileText(t, emailInputs, func(t *testing.T, org *acceptance.Organization, send input, name string) {
		t.Helper()
		diags := send(org.Protocol(t, nil), hostile[name].text)
		if strings.Contains(diags.String(), "Malformed") && org.RequestCount() != 0 {
			t.Errorf("%d requests were sent before the error:\n%s", org.RequestCount(), diags)
		}
		expectOnly(t, org, hostile[name].text+"@example.com")
	})
}

// The paths that requests may have below the organization or the SCIM base. Each ID is one segment.
var paths = regexp.MustCompile(`^(?:/api-2\.0/organizations/` + simulator.DefaultOrganization +
	`/(?:users/(?:([^/]+)/(?:resend-invite/)?)?|groups/(?:([^/]+)/(?:users/(?:([^/]+)/)?)?)?)|/scim/v2/(?:Users|Groups)(?:/([^/]+))?)$`)

// expectOnly fails the test if an ID in a path or a value in a query is neither the text nor part of the organization.
func expectOnly(t *testing.T, org *acceptance.Organization, text string) {
	t.Helper()
	known := []string{text, "u1", "g1", "bob@example.com", "ada@example.com", "Mathematics"}
	for _, l := range org.Learners() {
		known = append(known, l.ID)
	}
	for _, g := range org.Groups() {
		known = append(known, g.ID)
	}
	for _, request := range org.Requests() {
		got, err := valuesIn(request)
		if err != nil {
			t.Errorf("%s %s?%s: %v", request.Method, request.Path, request.Query, err)
		}
		for _, value := range got {
			if !slices.Contains(known, value) {
				t.Errorf("%s %s?%s contains %q", request.Method, request.Path, request.Query, value)
			}
		}
	}
}

// valuesIn returns the IDs in a path and the search terms in a query.
func valuesIn(request simulator.Request) ([]string, error) {
	segments := paths.FindStringSubmatch(request.Path)
	if segments == nil {
		return nil, fmt.Errorf("unexpected path")
	}
	var values []string
	for _, segment := range segments[1:] {
		id, err := url.PathUnescape(segment)
		if err != nil {
			return nil, err
		}
		if segment != "" {
			values = append(values, id)
		}
	}
	query, err := url.ParseQuery(request.Query)
	if err != nil {
		return nil, err
	}
	for name, all := range query {
		switch name {
		case "page", "page_size", "startIndex", "count", "excludedAttributes", "attributes":
		case "email", "externalid", "name":
			values = append(values, all...)
		case "filter":
			_, literal, _ := strings.Cut(all[0], " eq ")
			var value string
			if err := json.Unmarshal([]byte(literal), &value); err != nil {
				return nil, fmt.Errorf("unexpected filter %s: %w", all[0], err)
			}
			values = append(values, value)
		default:
			return nil, fmt.Errorf("unexpected parameter %q", name)
		}
	}
	return values, nil
}

// FuzzImport checks that requests have only the expected paths and contain only parts of the import ID.
func FuzzImport(f *testing.F) {
	resources := []string{"udemy_user", "udemy_group", "udemy_group_membership", "udemy_group_members"}
	for i := range resources {
		for _, prefix := range []string{"", "email:", "external_id:", "name:", "g1/"} {
			f.Add(byte(i), prefix+"x", false)
			f.Add(byte(i), prefix+`../"\`, true)
		}
	}
	f.Fuzz(func(t *testing.T, which byte, id string, overSCIM bool) {
		api := acceptance.UserManagement
		if overSCIM {
			api = acceptance.SCIM
		}
		org := startForHostile(t, api)
		id = strings.ToValidUTF8(id, "") // Strings in Terraform are valid UTF-8.
		_, _ = org.Protocol(t, nil).Import(resources[int(which)%len(resources)], id)
		for _, request := range org.Requests() {
			values, err := valuesIn(request)
			if err != nil {
				t.Errorf("%s %s?%s: %v", request.Method, request.Path, request.Query, err)
			}
			for _, value := range values {
				unescaped, _ := url.PathUnescape(id) // The parts of a membership's ID are escaped.
				if !strings.Contains(id, value) && !strings.Contains(unescaped, value) && value != "u1" && value != org.Groups()[0].ID {
					t.Errorf("%s %s?%s contains %q, which is not part of %q", request.Method, request.Path, request.Query, value, id)
				}
			}
		}
	})
}
