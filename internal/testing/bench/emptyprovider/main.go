// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command emptyprovider is a Terraform provider that does nothing: its resources have the shapes of this
// project's and store what they are given. The bench runs it to learn how long Terraform itself takes.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return emptyProvider{} },
		providerserver.ServeOpts{Address: "registry.terraform.io/udemy-iac/empty"})
	if err != nil {
		log.Fatal(err)
	}
}

type emptyProvider struct{}

// Metadata implements provider.Provider.
func (emptyProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "empty"
}

// Schema implements provider.Provider.
func (emptyProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

// Configure implements provider.Provider.
func (emptyProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

// Resources implements provider.Provider.
func (emptyProvider) Resources(context.Context) []func() resource.Resource {
	var resources []func() resource.Resource
	for name, shape := range shapes {
		resources = append(resources, func() resource.Resource { return stored{name: name, shape: shape} })
	}
	return resources
}

// DataSources implements provider.Provider.
func (emptyProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
