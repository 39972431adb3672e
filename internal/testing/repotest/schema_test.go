// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package repotest checks the repository's rules that have no linter. The linter checks the headers of Go files and the
// comments of exported names. `make check-generate` finds outdated pages in docs/.
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
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
)

const root = "../../.."

// entry is a part of the provider that has its own page: the provider block, a resource, an action, ...
type entry struct {
	kind        string // folder in docs/ and examples/; empty for the provider block
	name        string
	description string
	attributes  []attribute
}

// attribute is an attribute of a schema, possibly nested, or a parameter of a function.
type attribute struct {
	path, name, description string
}

// entries reads the provider's schema over the plugin protocol. `terraform providers schema` omits the parts that the CLI
// does not support.
func entries(t *testing.T) []entry {
	t.Helper()
	server := providerserver.NewProtocol6(provider.New("test")())()
	resp, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	all := []entry{{name: "provider", description: resp.Provider.Block.Description, attributes: inBlock("", resp.Provider.Block)}}
	for kind, schemas := range map[string]map[string]*tfprotov6.Schema{
		"resources":           resp.ResourceSchemas,
		"data-sources":        resp.DataSourceSchemas,
		"list-resources":      resp.ListResourceSchemas,
		"ephemeral-resources": resp.EphemeralResourceSchemas,
		"actions":             actionSchemas(resp.ActionSchemas),
	} {
		for name, schema := range schemas {
			all = append(all, entry{kind, name, schema.Block.Description, inBlock("", schema.Block)})
		}
	}
	for name, function := range resp.Functions {
		all = append(all, entry{"functions", name, function.Description, parameters(function)})
	}
	if len(resp.StateStoreSchemas) > 0 {
		t.Error("the provider has state stores: add them to this function")
	}
	slices.SortFunc(all, func(a, b entry) int { return strings.Compare(a.kind+a.name, b.kind+b.name) })
	return all
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

// The documentation and editors show the descriptions.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	for _, e := range entries(t) {
		t.Run(e.kind+" "+e.name, func(t *testing.T) {
			t.Parallel()
			if e.description == "" {
				t.Error("the description is empty")
			}
			for _, a := range e.attributes {
				if !strings.HasSuffix(a.description, ".") {
					t.Errorf("the description of %s does not end with a period: %q", a.path, a.description)
				}
			}
		})
	}
}

// The generated pages omit the identity of a resource. Users of import blocks by identity need its descriptions.
func TestIdentityDescriptions(t *testing.T) {
	t.Parallel()
	server := providerserver.NewProtocol6(provider.New("test")())()
	resp, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, identity := range resp.IdentitySchemas {
		for _, a := range identity.IdentityAttributes {
			if a.Description == "" {
				t.Errorf("%s: identity attribute %s has no description", name, a.Name)
			}
		}
	}
}

// Every entry has a page with all attributes, even if the CLI that generates the pages does not support it.
func TestPages(t *testing.T) {
	t.Parallel()
	for _, e := range entries(t) {
		t.Run(e.kind+" "+e.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(root, "docs", e.kind, strings.TrimPrefix(e.name, "udemy_")+".md")
			if e.kind == "" {
				file = filepath.Join(root, "docs", "index.md")
			}
			page, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("the page is missing, run `make generate`: %v", err)
			}
			for _, a := range e.attributes {
				if !strings.Contains(string(page), fmt.Sprintf("`%s` (", a.name)) {
					t.Errorf("%s doesn't contain the attribute %s", file, a.path)
				}
			}
		})
	}
}

// The functions that return objects describe each attribute: a column of the file.
func TestColumns(t *testing.T) {
	t.Parallel()
	server := providerserver.NewProtocol6(provider.New("test")())()
	resp, err := server.GetFunctions(t.Context(), &tfprotov6.GetFunctionsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, function := range resp.Functions {
		result, ok := function.Return.Type.(tftypes.Map)
		if !ok {
			continue
		}
		for column := range result.ElementType.(tftypes.Object).AttributeTypes {
			if !strings.Contains(function.Description, "`"+column+"`") {
				t.Errorf("the description of the function %s does not contain the column %s", name, column)
			}
		}
	}
}

// Every entry has an example in the folder of the documentation generator. TestAccExamples validates all examples.
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
	for _, e := range entries(t) {
		file := filepath.Join(root, "examples", e.kind, e.name, files[e.kind])
		if _, err := os.Stat(file); err != nil {
			t.Errorf("the example of %s %s is missing: %v", e.kind, e.name, err)
		}
	}
}
