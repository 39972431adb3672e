// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-udemy is the plugin that Terraform starts, and a few subcommands for people.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command"
	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
)

// Set when a release is built: what it is, and the commit that it is made of.
var (
	version = "dev"
	commit  = ""
	date    = ""
)

func main() {
	if args := os.Args[1:]; command.Asked(args) {
		process := command.Process{Getenv: os.Getenv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
		os.Exit(command.Run(context.Background(), args, about(), process))
	}

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

// about is the version for people. Requests carry the version alone.
func about() string {
	if commit == "" {
		return version
	}
	return fmt.Sprintf("%s (commit %s of %s)", version, commit, date)
}
