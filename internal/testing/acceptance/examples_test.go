// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
)

const root = "../../.."

// Every example passes terraform validate, either alone or with the resource that it imports.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	for _, example := range examples(t) {
		name, err := filepath.Rel(root, example)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.HasSuffix(example, "import-by-identity.tf") {
				acceptance.Needs(t, acceptance.ImportByIdentity)
			}
			if strings.HasSuffix(example, filepath.Join("moving-to-a-roster", "after")) {
				acceptance.Needs(t, acceptance.Removed)
			}
			validate(t, cli, example)
		})
	}
}

// queryFile is the suffix of files for terraform query.
const queryFile = ".tfquery.hcl"

// versions declares the source of the provider.
const versions = `
terraform {
  required_providers {
    udemy = {
      source = "udemy-iac/udemy"
    }
  }
}
`

// examples returns the folders with configurations, and the single files with import blocks and queries.
func examples(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(filepath.Join(root, "examples"), func(path string, entry fs.DirEntry, err error) error {
		isQuery := strings.HasSuffix(path, queryFile)
		switch {
		case err != nil || !isQuery && filepath.Ext(path) != ".tf":
			return err
		case isQuery || strings.HasPrefix(entry.Name(), "import-by-"):
			found = append(found, path)
		case !slices.Contains(found, filepath.Dir(path)):
			found = append(found, filepath.Dir(path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 10 {
		t.Fatalf("found %d examples, want at least 10: %v", len(found), found)
	}
	return found
}

// validate copies an example, declares the source of the provider if the example doesn't, and validates it.
func validate(t *testing.T, cli *acceptance.CLI, example string) {
	t.Helper()
	dir := t.TempDir()
	source := example
	arguments := []string{"validate", "-no-color"}
	switch {
	case strings.HasSuffix(example, queryFile):
		acceptance.Needs(t, acceptance.Query)
		source = filepath.Dir(example)
		arguments = append(arguments, "-query")
	case strings.HasSuffix(example, ".tf"):
		source = filepath.Dir(example)
		copyFile(t, example, dir)
	}
	files, err := filepath.Glob(filepath.Join(source, "*"))
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, file := range files {
		name := filepath.Base(file)
		// A backend needs an account, and not every build of the CLI has all backends.
		if info, err := os.Stat(file); err != nil || info.IsDir() || strings.HasPrefix(name, "import-by-") || name == "backend.tf" {
			continue
		}
		all += copyFile(t, file, dir)
	}
	if strings.Contains(all, "\naction ") {
		acceptance.Needs(t, acceptance.Actions)
	}
	if strings.Contains(all, "caller.") {
		acceptance.Needs(t, acceptance.ActionCaller)
	}
	if !strings.Contains(all, "required_providers") {
		if err := os.WriteFile(filepath.Join(dir, "versions.tf"), []byte(versions), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cli.Run(t, dir, "init", "-input=false", "-no-color")
	cli.Run(t, dir, arguments...)
}

func copyFile(t *testing.T, file, dir string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return string(content)
}
