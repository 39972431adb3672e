// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command provider-schemas prints the provider's schemas for the documentation generator, in the format of `terraform
// providers schema -json`. It does not run a CLI, because a CLI omits the schema kinds that it does not support, and the
// documentation would depend on its version.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
)

func main() {
	address := "registry.terraform.io/udemy-iac/udemy"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	schema, err := providerSchema(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	err = json.NewEncoder(os.Stdout).Encode(tfjson.ProviderSchemas{
		FormatVersion: "1.0",
		Schemas:       map[string]*tfjson.ProviderSchema{address: schema},
	})
	if err != nil {
		log.Fatal(err)
	}
}

// providerSchema reads the schemas over the plugin protocol.
func providerSchema(ctx context.Context) (*tfjson.ProviderSchema, error) {
	server := providerserver.NewProtocol6(provider.New("dev")())()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, fmt.Errorf("reading the schemas: %w", err)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, fmt.Errorf("reading the identity schemas: %w", err)
	}

	schema := &tfjson.ProviderSchema{
		ActionSchemas:           map[string]*tfjson.ActionSchema{},
		Functions:               map[string]*tfjson.FunctionSignature{},
		ResourceIdentitySchemas: map[string]*tfjson.IdentitySchema{},
	}
	if schema.ConfigSchema, err = convert(schemas.Provider); err != nil {
		return nil, err
	}
	if schema.ResourceSchemas, err = convertAll(schemas.ResourceSchemas); err != nil {
		return nil, err
	}
	if schema.DataSourceSchemas, err = convertAll(schemas.DataSourceSchemas); err != nil {
		return nil, err
	}
	if schema.ListResourceSchemas, err = convertAll(schemas.ListResourceSchemas); err != nil {
		return nil, err
	}
	for name, action := range schemas.ActionSchemas {
		converted, err := convert(action.Schema)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		schema.ActionSchemas[name] = &tfjson.ActionSchema{Block: converted.Block}
	}
	for name, function := range schemas.Functions {
		if schema.Functions[name], err = convertFunction(function); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	for name, identity := range identities.IdentitySchemas {
		if schema.ResourceIdentitySchemas[name], err = convertIdentity(identity); err != nil {
			return nil, fmt.Errorf("the identity of %s: %w", name, err)
		}
	}
	return schema, nil
}

func convertAll(schemas map[string]*tfprotov6.Schema) (map[string]*tfjson.Schema, error) {
	converted := map[string]*tfjson.Schema{}
	for name, schema := range schemas {
		var err error
		if converted[name], err = convert(schema); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return converted, nil
}

// convert converts attributes only: the provider has no nested blocks.
func convert(schema *tfprotov6.Schema) (*tfjson.Schema, error) {
	if len(schema.Block.BlockTypes) > 0 {
		return nil, fmt.Errorf("nested blocks are not supported")
	}
	attributes, err := convertAttributes(schema.Block.Attributes)
	if err != nil {
		return nil, err
	}
	return &tfjson.Schema{
		Version: uint64(max(schema.Version, 0)),
		Block: &tfjson.SchemaBlock{
			Attributes:      attributes,
			Description:     schema.Block.Description,
			DescriptionKind: tfjson.SchemaDescriptionKindMarkdown,
			Deprecated:      schema.Block.Deprecated,
		},
	}, nil
}

func convertAttributes(attributes []*tfprotov6.SchemaAttribute) (map[string]*tfjson.SchemaAttribute, error) {
	converted := map[string]*tfjson.SchemaAttribute{}
	for _, attribute := range attributes {
		to := &tfjson.SchemaAttribute{
			Description:     attribute.Description,
			DescriptionKind: tfjson.SchemaDescriptionKindMarkdown,
			Deprecated:      attribute.Deprecated,
			Required:        attribute.Required,
			Optional:        attribute.Optional,
			Computed:        attribute.Computed,
			Sensitive:       attribute.Sensitive,
			WriteOnly:       attribute.WriteOnly,
		}
		var err error
		if attribute.NestedType == nil {
			to.AttributeType, err = convertType(attribute.Type)
		} else {
			to.AttributeNestedType, err = convertNested(attribute.NestedType)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", attribute.Name, err)
		}
		converted[attribute.Name] = to
	}
	return converted, nil
}

var nestingModes = map[tfprotov6.SchemaObjectNestingMode]tfjson.SchemaNestingMode{
	tfprotov6.SchemaObjectNestingModeSingle: tfjson.SchemaNestingModeSingle,
	tfprotov6.SchemaObjectNestingModeList:   tfjson.SchemaNestingModeList,
	tfprotov6.SchemaObjectNestingModeSet:    tfjson.SchemaNestingModeSet,
	tfprotov6.SchemaObjectNestingModeMap:    tfjson.SchemaNestingModeMap,
}

func convertNested(object *tfprotov6.SchemaObject) (*tfjson.SchemaNestedAttributeType, error) {
	attributes, err := convertAttributes(object.Attributes)
	return &tfjson.SchemaNestedAttributeType{Attributes: attributes, NestingMode: nestingModes[object.Nesting]}, err
}

func convertFunction(function *tfprotov6.Function) (*tfjson.FunctionSignature, error) {
	returns, err := convertType(function.Return.Type)
	if err != nil {
		return nil, err
	}
	converted := &tfjson.FunctionSignature{
		Description:        function.Description,
		Summary:            function.Summary,
		DeprecationMessage: function.DeprecationMessage,
		ReturnType:         returns,
	}
	for _, parameter := range function.Parameters {
		to, err := convertParameter(parameter)
		if err != nil {
			return nil, err
		}
		converted.Parameters = append(converted.Parameters, to)
	}
	if function.VariadicParameter != nil {
		converted.VariadicParameter, err = convertParameter(function.VariadicParameter)
	}
	return converted, err
}

func convertParameter(parameter *tfprotov6.FunctionParameter) (*tfjson.FunctionParameter, error) {
	parameterType, err := convertType(parameter.Type)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", parameter.Name, err)
	}
	return &tfjson.FunctionParameter{
		Name: parameter.Name, Description: parameter.Description, IsNullable: parameter.AllowNullValue, Type: parameterType,
	}, nil
}

func convertIdentity(schema *tfprotov6.ResourceIdentitySchema) (*tfjson.IdentitySchema, error) {
	converted := &tfjson.IdentitySchema{Version: uint64(max(schema.Version, 0)), Attributes: map[string]*tfjson.IdentityAttribute{}}
	for _, attribute := range schema.IdentityAttributes {
		attributeType, err := convertType(attribute.Type)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", attribute.Name, err)
		}
		converted.Attributes[attribute.Name] = &tfjson.IdentityAttribute{
			IdentityType:      attributeType,
			Description:       attribute.Description,
			RequiredForImport: attribute.RequiredForImport,
			OptionalForImport: attribute.OptionalForImport,
		}
	}
	return converted, nil
}

// convertType converts by way of JSON: both libraries encode types in the same way.
func convertType(from tftypes.Type) (cty.Type, error) {
	var to cty.Type
	text, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(text, &to)
	}
	return to, err
}
