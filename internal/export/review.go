// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package export

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/examples"
)

const nextStepsOfReview = `%s

Next steps, in that folder:

  1. Add a backend to main.tf, and the number of seats in your contract to review.tf.
  2. Set UDEMY_TOKEN, and run:

       terraform init
       terraform providers lock -platform=linux_amd64
       terraform plan     # must end with: %d to import, 0 to add, 0 to change, 0 to destroy

  3. Prepare the repository at GitHub. It must be private.
       https://registry.terraform.io/providers/udemy-iac/udemy/latest/docs/guides/reviewing-seats
  4. Commit all files, with .terraform.lock.hcl, and open a pull request. Its merge applies the import.
`

// exampleHeader precedes the files of all examples.
const exampleHeader = "# Copyright (c) terraform-provider-udemy contributors\n# SPDX-License-Identifier: MPL-2.0\n\n"

// reviewFiles returns the files for the review of pull requests. They are those of the example, so that the text exists once.
func reviewFiles() ([]file, error) {
	var files []file
	review := examples.Review()
	err := fs.WalkDir(review, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(review, name)
		files = append(files, file{name, readable, bytes.Replace(content, []byte(exampleHeader), nil, 1)})
		return err
	})
	return files, err
}

// foreign are the suffixes of files that belong to another configuration. Terraform would join it with the exported one.
var foreign = []string{".tf", ".tf.json", ".tofu", ".tofu.json", ".tfstate"}

// expectUnused returns an error if the folder has files of another configuration, or a file that the export would write. The
// folder need not exist. Anything else can stay: a fresh clone has .git, and often a README.
func expectUnused(dir string, review []file) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("reading the folder: %w", err)
	}
	for _, entry := range entries {
		if slices.ContainsFunc(foreign, func(suffix string) bool { return strings.HasSuffix(entry.Name(), suffix) }) {
			return fmt.Errorf("the folder %s contains %s, which belongs to another configuration. Use another folder", dir, entry.Name())
		}
	}
	for _, f := range append([]file{{name: "roster.csv"}, {name: "groups.csv"}}, review...) {
		if _, err := os.Lstat(filepath.Join(dir, f.name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the folder %s contains %s. An export overwrites nothing. Use another folder, or move the file", dir, f.name)
		}
	}
	return nil
}
