// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// configuration is the part of a plan that names the provider configurations and has the references of expressions.
type configuration struct {
	Providers map[string]struct {
		Expressions map[string]expression `json:"expressions"`
	} `json:"provider_config"`
	RootModule configModule `json:"root_module"`

	blocks     map[string]block // by address without keys
	hasUnknown bool             // The plan has values that are known only after apply, besides those of learners and groups.
	// organizations has the name of the organization of each provider configuration.
	organizations map[string]string
}

type configModule struct {
	Resources []configBlock `json:"resources"`
	Actions   []configBlock `json:"actions"`
	Outputs   map[string]struct {
		Expression expression `json:"expression"`
	} `json:"outputs"`
	Calls map[string]struct {
		Expressions map[string]expression `json:"expressions"`
		Module      *configModule         `json:"module"`
	} `json:"module_calls"`
}

// configBlock is a resource, data source or action.
type configBlock struct {
	Address     string                `json:"address"`
	Provider    string                `json:"provider_config_key"`
	Expressions map[string]expression `json:"expressions"`
	ForEach     expression            `json:"for_each_expression"`
}

// expression is the value of an attribute. Nested blocks, which the provider doesn't have, are left out.
type expression struct {
	References []string `json:"references"`
	Constant   any      `json:"constant_value"`
}

func (e *expression) UnmarshalJSON(content []byte) error {
	type attribute expression
	if content[0] != '{' {
		return nil
	}
	_ = json.Unmarshal(content, (*attribute)(e)) // A nested block may have attributes of these names.
	return nil
}

// scope is a module in which expressions are evaluated.
type scope struct {
	path   string // "module.team." or ""
	module *configModule
	inputs map[string]expression
	parent *scope
}

// block is a configBlock with the module that contains it.
type block struct {
	*configBlock
	scope *scope
}

// resourceType returns the type of a resource, data source or action.
func (b *configBlock) resourceType() string {
	parts := strings.SplitN(b.Address, ".", 3)
	if len(parts) == 3 { // data.TYPE.NAME or action.TYPE.NAME
		return parts[1]
	}
	return parts[0]
}

// providerName returns the name of a provider configuration in the report.
func providerName(configKey string) string {
	if strings.ContainsAny(configKey, ".:") {
		return configKey
	}
	return ""
}

// usesSCIM reports whether the provider configuration of a resource has api = "scim", or only a subdomain, which selects SCIM as well.
// Over SCIM, Udemy sends no invitations.
func (c *configuration) usesSCIM(address string) bool {
	configKey := "udemy"
	if b, found := c.blocks[withoutKeys(address)]; found {
		configKey = b.Provider
	}
	expressions := c.Providers[configKey].Expressions
	api, hasAPI := expressions["api"]
	_, hasSubdomain := expressions["subdomain"]
	_, hasUUID := expressions["organization_uuid"]
	return api.Constant == "scim" || !hasAPI && hasSubdomain && !hasUUID
}

// index fills the maps of blocks and organizations.
func (c *configuration) index() {
	c.blocks = map[string]block{}
	c.indexModule(&scope{module: &c.RootModule})
	c.indexOrganizations()
}

// indexOrganizations names an organization after the first of the provider configurations that have the same constant UUID or subdomain.
func (c *configuration) indexOrganizations() {
	c.organizations = map[string]string{}
	names := map[[2]string]string{} // by attribute and value
	for _, configKey := range slices.Sorted(maps.Keys(c.Providers)) {
		if localName, _, _ := strings.Cut(configKey[strings.LastIndex(configKey, ":")+1:], "."); localName != "udemy" {
			continue
		}
		name := providerName(configKey)
		var identities [][2]string
		for _, attribute := range []string{"organization_uuid", "subdomain"} {
			value, _ := c.Providers[configKey].Expressions[attribute].Constant.(string)
			identity := [2]string{attribute, strings.ToLower(value)}
			if value == "" {
				continue
			}
			identities = append(identities, identity)
			if first, found := names[identity]; found {
				name = first
			}
		}
		for _, identity := range identities {
			names[identity] = name
		}
		c.organizations[configKey] = name
	}
}

// organization returns the name of the organization of a provider configuration.
func (c *configuration) organization(configKey string) string {
	if name, found := c.organizations[configKey]; found {
		return name
	}
	return providerName(configKey)
}

func (c *configuration) indexModule(s *scope) {
	for _, blocks := range [][]configBlock{s.module.Resources, s.module.Actions} {
		for i := range blocks {
			c.blocks[s.path+blocks[i].Address] = block{&blocks[i], s}
		}
	}
	for name, call := range s.module.Calls {
		if call.Module != nil {
			c.indexModule(s.child(name))
		}
	}
}

func (s *scope) child(name string) *scope {
	call := s.module.Calls[name]
	return &scope{path: s.path + "module." + name + ".", module: call.Module, inputs: call.Expressions, parent: s}
}

// keyPattern matches a key of count or for_each.
var keyPattern = regexp.MustCompile(`\[(?:"(?:[^"\\]|\\.)*"|\d+)\]`)

// withoutKeys returns an address without the keys of count and for_each.
func withoutKeys(address string) string {
	if !strings.Contains(address, "[") {
		return address
	}
	return keyPattern.ReplaceAllString(address, "")
}

// reference is a resource or data source to which an expression refers.
type reference struct {
	scope    *scope
	resource string // the address in the module, without a key
	key      string
	hasKey   bool
}

// walk visits the references of an expression, through the variables and outputs of modules. whole is false for an attribute of such a
// variable or output. What a plan does not contain, such as the value of a local, is visited as it is.
func (s *scope) walk(e expression, visit func(s *scope, text string, parts []string, whole bool)) {
	followed := map[string]bool{} // The plan of another program could have a cycle.
	var walk func(s *scope, e expression, whole bool)
	walk = func(s *scope, e expression, whole bool) {
		previous := ""
		for _, text := range e.References {
			// Terraform lists a[0].id as a[0].id, a[0], a. The last two add nothing.
			if rest, isPart := strings.CutPrefix(previous, text); isPart && (rest == "" || rest[0] == '.' || rest[0] == '[') {
				continue
			}
			previous = text
			parts := strings.Split(withoutKeys(text), ".")
			step := s.path + text
			switch next, value, isWhole := s.follow(parts); {
			case parts[0] != "var" && parts[0] != "module":
				visit(s, text, parts, whole)
			case next != nil && !followed[step]:
				followed[step] = true
				walk(next, value, whole && isWhole)
			}
		}
	}
	walk(s, e, true)
}

// follow returns the expression of a variable or an output, and the module that it is in. isWhole is false for an attribute of its value. The
// module is nil for a variable of the root module.
func (s *scope) follow(parts []string) (next *scope, value expression, isWhole bool) {
	switch {
	case parts[0] == "var" && len(parts) > 1 && s.parent != nil:
		return s.parent, s.inputs[parts[1]], len(parts) == 2
	case parts[0] == "module" && len(parts) > 2 && s.module.Calls[parts[1]].Module != nil:
		return s.child(parts[1]), s.module.Calls[parts[1]].Module.Outputs[parts[2]].Expression, len(parts) == 3
	default:
		return nil, expression{}, false
	}
}

// references returns the resources and data sources of one type to which an expression refers. The configuration of a plan does not
// contain local values, so the result is not complete if a reference is one.
func (s *scope) references(e expression, resourceType string) (found []reference, complete bool) {
	complete = true
	s.walk(e, func(s *scope, text string, parts []string, _ bool) {
		switch {
		case parts[0] == "local":
			complete = false
		case parts[0] == resourceType && len(parts) > 1, parts[0] == "data" && len(parts) > 2 && parts[1] == resourceType:
			found = append(found, newReference(s, text))
		}
	})
	return found, complete
}

// refersToResource reports whether the value of an expression is that of a resource or data source. maybe is the result for a value that
// can be: a local, or an attribute of an object, such as each.value.role.
func (s *scope) refersToResource(e expression, maybe bool) bool {
	found := false
	s.walk(e, func(_ *scope, _ string, parts []string, whole bool) {
		switch parts[0] {
		case "count", "path", "terraform":
		case "local", "each":
			found = found || maybe
		default:
			found = found || whole || maybe
		}
	})
	return found
}

// newReference parses a reference such as udemy_group.all["Sales"].id.
func newReference(s *scope, text string) reference {
	parts := strings.SplitN(withoutKeys(text), ".", 4)
	r := reference{scope: s, resource: parts[0] + "." + parts[1]}
	if parts[0] == "data" {
		r.resource += "." + parts[2]
	}
	if at := keyPattern.FindStringIndex(text); at != nil && at[0] == len(r.resource) {
		r.key, r.hasKey = parseKey(text[at[0]:at[1]]), true
	}
	return r
}
