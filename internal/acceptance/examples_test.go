// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/udemy-iac/terraform-provider-udemy/internal/acceptance"
)

const root = "../.."

// Every example passes terraform validate, alone or beside the resource that it imports.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	acceptance.NeedsCLI(t)
	cli := newCLI(t)
	for _, example := range examples(t) {
		name, err := filepath.Rel(root, example)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.HasSuffix(example, "import-by-identity.tf") {
				cli.skipBelow(t, "1.12.0", "import blocks know identities")
			}
			cli.validate(t, example)
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

// cli is the Terraform or OpenTofu program, and a provider built for it.
type cli struct {
	program string
	version *version.Version
	env     []string
}

func newCLI(t *testing.T) *cli {
	t.Helper()
	program := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if program == "" {
		var err error
		if program, err = exec.LookPath("terraform"); err != nil {
			t.Fatal(err)
		}
	}
	home := t.TempDir()
	binary := "terraform-provider-udemy"
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	run(t, root, os.Environ(), "go", "build", "-buildvcs=false", "-o", filepath.Join(home, binary), ".")
	config := filepath.Join(home, "terraformrc")
	overrides := ""
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		overrides += fmt.Sprintf("    %q = %q\n", host+"/udemy-iac/udemy", home)
	}
	content := "provider_installation {\n  dev_overrides {\n" + overrides + "  }\n}\n"
	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &cli{program: program, env: append(os.Environ(), "TF_CLI_CONFIG_FILE="+config, "CHECKPOINT_DISABLE=1")}

	var said struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(run(t, home, c.env, program, "version", "-json")), &said); err != nil {
		t.Fatal(err)
	}
	var err error
	if c.version, err = version.NewVersion(said.Version); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *cli) skipBelow(t *testing.T, minimum, reason string) {
	t.Helper()
	if c.version.LessThan(version.Must(version.NewVersion(minimum))) {
		t.Skipf("%s from version %s on; this is %s", reason, minimum, c.version)
	}
}

// validate copies an example, says where the provider comes from if the example doesn't, and validates it.
func (c *cli) validate(t *testing.T, example string) {
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
	run(t, dir, c.env, c.program, "validate", "-no-color")
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

func run(t *testing.T, dir string, env []string, program string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(context.WithoutCancel(t.Context()), program, arguments...)
	command.Dir, command.Env = dir, env
	output, err := command.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("%s %s: %s\n%s%s", program, strings.Join(arguments, " "), err, output, exit.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(output)
}
