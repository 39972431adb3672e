// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"strings"
)

// serviceProviderConfig responds with the supported features of SCIM (RFC 7643 section 5).
func (a *scim) serviceProviderConfig(w http.ResponseWriter, r *http.Request) error {
	unsupported := map[string]any{"supported": false}
	a.write(w, http.StatusOK, a.vary(map[string]any{
		"schemas":        []any{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"},
		"patch":          map[string]any{"supported": true},
		"bulk":           map[string]any{"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
		"filter":         map[string]any{"supported": true, "maxResults": a.largestPage()},
		"changePassword": unsupported,
		"sort":           unsupported,
		"etag":           map[string]any{"supported": a.config.Variations.RequireVersion},
		"authenticationSchemes": []any{map[string]any{
			"type": "oauthbearertoken", "name": "Bearer token", "description": "A token made in the settings.",
		}},
		"meta": map[string]any{
			"resourceType": "ServiceProviderConfig", "location": baseURL(r) + "/ServiceProviderConfig",
		},
	}))
	return nil
}

// resourceTypes returns the types of resources (RFC 7643 section 6).
func resourceTypes(r *http.Request) []map[string]any {
	kind := func(name, schema string) map[string]any {
		return map[string]any{
			"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"},
			"id":      name, "name": name, "endpoint": "/" + name + "s", "schema": schema,
			"meta": map[string]any{"resourceType": "ResourceType", "location": baseURL(r) + "/ResourceTypes/" + name},
		}
	}
	user := kind("User", userURN)
	user["schemaExtensions"] = []any{map[string]any{"schema": extensionURN, "required": false}}
	return []map[string]any{user, kind("Group", groupURN)}
}

func (a *scim) listResourceTypes(w http.ResponseWriter, r *http.Request) error {
	return a.writeAll(w, r, resourceTypes(r))
}

func (a *scim) readResourceType(w http.ResponseWriter, r *http.Request) error {
	return a.writeOne(w, r, resourceTypes(r))
}

func (a *scim) listSchemas(w http.ResponseWriter, r *http.Request) error {
	return a.writeAll(w, r, a.schemas(r))
}

func (a *scim) readSchema(w http.ResponseWriter, r *http.Request) error {
	return a.writeOne(w, r, a.schemas(r))
}

// writeAll responds with a list that does not support filters (RFC 7644 section 4).
func (a *scim) writeAll(w http.ResponseWriter, r *http.Request, descriptions []map[string]any) error {
	if r.URL.Query().Has("filter") {
		return &scimError{status: http.StatusForbidden, detail: "A filter is not allowed here."}
	}
	writeSCIMList(a, w, r, descriptions, 0, len(descriptions),
		func(_ *http.Request, description map[string]any) map[string]any { return description })
	return nil
}

func (a *scim) writeOne(w http.ResponseWriter, r *http.Request, descriptions []map[string]any) error {
	for _, description := range descriptions {
		if description["id"] == r.PathValue("id") {
			a.writeResource(w, r, http.StatusOK, description)
			return nil
		}
	}
	return errNotFound
}

// schemas returns the schemas of users and groups (RFC 7643 section 7).
func (a *scim) schemas(r *http.Request) []map[string]any {
	schema := func(urn, name string, attributes ...any) map[string]any {
		return map[string]any{
			"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:Schema"},
			"id":      urn, "name": name, "description": name, "attributes": attributes,
			"meta": map[string]any{"resourceType": "Schema", "location": baseURL(r) + "/Schemas/" + urn},
		}
	}
	externalID := attribute("externalId", "caseExact")
	group := schema(groupURN, "Group",
		attribute("displayName", "required unique"),
		externalID,
		complexAttribute("members", "many",
			attribute("value", "caseExact immutable"), attribute("display", "readOnly"),
			attribute("type", "immutable"), attribute("$ref", "reference caseExact immutable")),
	)
	user := schema(userURN, "User",
		attribute("userName", "required unique"),
		externalID,
		complexAttribute("name", "", attribute("givenName", ""), attribute("familyName", ""), attribute("formatted", "readOnly")),
		complexAttribute("emails", "many", attribute("value", ""), attribute("type", ""), attribute("primary", "boolean")),
		attribute("active", "boolean"),
		attribute("title", ""),
		attribute("locale", ""),
		complexAttribute("groups", "many readOnly",
			attribute("value", "caseExact readOnly"), attribute("display", "readOnly"),
			attribute("$ref", "reference caseExact readOnly")),
	)
	extension := schema(extensionURN, "Udemy user", attribute(a.licenseName(), "many caseExact"), attribute("licensePoolName", ""))
	return []map[string]any{user, group, extension}
}

// attribute describes an attribute. By default it is a case-insensitive string. The words in traits
// change that.
func attribute(name, traits string) map[string]any {
	words := map[string]bool{}
	for word := range strings.FieldsSeq(traits) {
		words[word] = true
	}
	described := map[string]any{
		"name": name, "description": name, "type": "string", "multiValued": words["many"], "required": words["required"],
		"caseExact": words["caseExact"], "mutability": "readWrite", "returned": "default", "uniqueness": "none",
	}
	for _, word := range []string{"boolean", "reference", "complex"} {
		if words[word] {
			described["type"] = word
		}
	}
	for _, word := range []string{"readOnly", "immutable"} {
		if words[word] {
			described["mutability"] = word
		}
	}
	if words["unique"] {
		described["uniqueness"] = "server"
	}
	return described
}

func complexAttribute(name, traits string, subAttributes ...any) map[string]any {
	described := attribute(name, traits+" complex")
	described["subAttributes"] = subAttributes
	return described
}
