// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-udemy is the plugin that Terraform starts.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
)

// version is set when a release is built.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run for a debugger, and print how Terraform reaches this process")
	flag.Parse()

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/udemy-iac/udemy",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
