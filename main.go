// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-udemy is the plugin process that Terraform starts. It also has subcommands for interactive use.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/udemy-iac/terraform-provider-udemy/internal/command"
	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
)

// A release build sets these variables with -ldflags.
var (
	version = "dev"
	commit  = ""
	date    = ""
)

// gcPercent replaces the default of GOGC. It takes a sixth of the CPU time from the plan of a roster of 50,000 learners, whose memory
// stays below 600 MiB.
const gcPercent = 200

func main() {
	if args := os.Args[1:]; command.IsSubcommand(args, os.Getenv) {
		process := command.Process{Getenv: os.Getenv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
		os.Exit(command.Run(context.Background(), args, longVersion(), process))
	}

	isDebugged := flag.Bool("debug", false, "support a debugger, and print the environment variable that attaches Terraform to this process")
	flag.Parse()

	if !*isDebugged { // A process with a debugger writes its log to the terminal.
		if err := logging.Quiet(); err != nil {
			log.Fatal(err)
		}
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/udemy-iac/udemy",
		Debug:   *isDebugged,
	})
	if err != nil {
		log.Fatal(err)
	}
}

// longVersion returns the version with the commit and its date. The User-Agent contains the version only.
func longVersion() string {
	if commit == "" {
		return version
	}
	return fmt.Sprintf("%s (commit %s of %s)", version, commit, date)
}
