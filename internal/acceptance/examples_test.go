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

	"github.com/udemy-iac/terraform-provider-udemy/internal/acceptance"
)

const root = "../.."

// Every example passes terraform validate, alone or beside the resource that it imports.
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
				cli.SkipBelow(t, "1.12.0", "import blocks know identities")
			}
			validate(t, cli, example)
		})
	}
}

// examples are the folders with configurations, and the import blocks beside them, which are files of their own.
func examples(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(filepath.Join(root, "examples"), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || filepath.Ext(path) != ".tf":
			return err
		case strings.HasPrefix(entry.Name(), "import-by-"):
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
		t.Fatalf("only %d examples found: %v", len(found), found)
	}
	return found
}

// validate copies an example, says where the provider comes from if the example doesn't, and validates it.
func validate(t *testing.T, cli *acceptance.CLI, example string) {
	t.Helper()
	dir := t.TempDir()
	source := example
	if strings.HasSuffix(example, ".tf") {
		source = filepath.Dir(example)
		copyFile(t, example, dir)
	}
	files, err := filepath.Glob(filepath.Join(source, "*"))
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.IsDir() || strings.HasPrefix(filepath.Base(file), "import-by-") {
			continue
		}
		all += copyFile(t, file, dir)
	}
	if !strings.Contains(all, "required_providers") {
		versions := "terraform {\n  required_providers {\n    udemy = {\n      source = \"udemy-iac/udemy\"\n    }\n  }\n}\n"
		if err := os.WriteFile(filepath.Join(dir, "versions.tf"), []byte(versions), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cli.Run(t, dir, "validate", "-no-color")
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
