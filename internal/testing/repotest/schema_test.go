// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package house tests the rules of this house that no linter knows. The header of Go files and comments on what is
// exported are in .golangci.yml; `make check-generate` finds pages in docs/ that are out of step.
package repotest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
)

const root = "../../.."

// thing is something that the provider offers: the provider block, a resource, an action, ...
type thing struct {
	kind        string // folder in docs/ and examples/; empty for the provider block
	name        string
	description string
	attributes  []attribute
}

// attribute is an attribute of a schema, nested ones included, or a parameter of a function.
type attribute struct {
	path, name, description string
}

// offers asks the provider, over the protocol, for everything that it offers: a Terraform CLI shows only what it knows.
func offers(t *testing.T) []thing {
	t.Helper()
	server := providerserver.NewProtocol6(provider.New("test")())()
	said, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	things := []thing{{name: "provider", description: said.Provider.Block.Description, attributes: inBlock("", said.Provider.Block)}}
	for kind, schemas := range map[string]map[string]*tfprotov6.Schema{
		"resources":           said.ResourceSchemas,
		"data-sources":        said.DataSourceSchemas,
		"list-resources":      said.ListResourceSchemas,
		"ephemeral-resources": said.EphemeralResourceSchemas,
		"actions":             actionSchemas(said.ActionSchemas),
	} {
		for name, schema := range schemas {
			things = append(things, thing{kind, name, schema.Block.Description, inBlock("", schema.Block)})
		}
	}
	for name, function := range said.Functions {
		things = append(things, thing{"functions", name, function.Description, parameters(function)})
	}
	if len(said.StateStoreSchemas) > 0 {
		t.Error("the provider has state stores: add them to what is tested here")
	}
	slices.SortFunc(things, func(a, b thing) int { return strings.Compare(a.kind+a.name, b.kind+b.name) })
	return things
}

func actionSchemas(actions map[string]*tfprotov6.ActionSchema) map[string]*tfprotov6.Schema {
	schemas := map[string]*tfprotov6.Schema{}
	for name, action := range actions {
		schemas[name] = action.Schema
	}
	return schemas
}

func parameters(function *tfprotov6.Function) []attribute {
	var found []attribute
	for _, parameter := range append(function.Parameters, function.VariadicParameter) {
		if parameter != nil {
			found = append(found, attribute{parameter.Name, parameter.Name, parameter.Description})
		}
	}
	return found
}

func inBlock(path string, block *tfprotov6.SchemaBlock) []attribute {
	found := inAttributes(path, block.Attributes)
	for _, nested := range block.BlockTypes {
		found = append(found, attribute{path + nested.TypeName, nested.TypeName, nested.Block.Description})
		found = append(found, inBlock(path+nested.TypeName+".", nested.Block)...)
	}
	return found
}

func inAttributes(path string, attributes []*tfprotov6.SchemaAttribute) []attribute {
	var found []attribute
	for _, a := range attributes {
		found = append(found, attribute{path + a.Name, a.Name, a.Description})
		if a.NestedType != nil {
			found = append(found, inAttributes(path+a.Name+".", a.NestedType.Attributes)...)
		}
	}
	return found
}

// A reviewer reads descriptions, in the documentation and in the editor.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	for _, offered := range offers(t) {
		t.Run(offered.kind+" "+offered.name, func(t *testing.T) {
			t.Parallel()
			if offered.description == "" {
				t.Error("it has no description")
			}
			for _, a := range offered.attributes {
				if !strings.HasSuffix(a.description, ".") {
					t.Errorf("%s is not described in sentences: %q", a.path, a.description)
				}
			}
		})
	}
}

// The identity of a resource is in no generated page, but import blocks by identity need to know it.
func TestIdentityDescriptions(t *testing.T) {
	t.Parallel()
	server := providerserver.NewProtocol6(provider.New("test")())()
	said, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, identity := range said.IdentitySchemas {
		for _, a := range identity.IdentityAttributes {
			if a.Description == "" {
				t.Errorf("%s: %s of its identity has no description", name, a.Name)
			}
		}
	}
}

// Everything that is offered has its page, which names all attributes: also what an older CLI, and so a generator
// that asks it, leaves out.
func TestPages(t *testing.T) {
	t.Parallel()
	for _, offered := range offers(t) {
		t.Run(offered.kind+" "+offered.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(root, "docs", offered.kind, strings.TrimPrefix(offered.name, "udemy_")+".md")
			if offered.kind == "" {
				file = filepath.Join(root, "docs", "index.md")
			}
			page, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("`make generate` writes the page: %v", err)
			}
			for _, a := range offered.attributes {
				if !strings.Contains(string(page), fmt.Sprintf("`%s` (", a.name)) {
					t.Errorf("%s doesn't name %s", file, a.path)
				}
			}
		})
	}
}

// Everything that is offered has an example where the documentation generator looks for it. TestAccExamples validates
// all there are.
func TestExamples(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"":                    "provider.tf",
		"resources":           "resource.tf",
		"data-sources":        "data-source.tf",
		"list-resources":      "list-resource.tfquery.hcl",
		"ephemeral-resources": "ephemeral-resource.tf",
		"actions":             "action.tf",
		"functions":           "function.tf",
	}
	for _, offered := range offers(t) {
		file := filepath.Join(root, "examples", offered.kind, offered.name, files[offered.kind])
		if _, err := os.Stat(file); err != nil {
			t.Errorf("no example of %s %s: %v", offered.kind, offered.name, err)
		}
	}
}
