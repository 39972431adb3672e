// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package export

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"text/template"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
	"github.com/udemy-iac/terraform-provider-udemy/internal/roster"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// file is one file of the configuration.
type file struct {
	name    string
	mode    fs.FileMode
	content []byte
}

// The CSV files contain personal data, so only their owner can read them.
const (
	ownerOnly fs.FileMode = 0o600
	readable  fs.FileMode = 0o644
)

//go:embed main.tf.tmpl
var mainText string

var mainTemplate = template.Must(template.New("main.tf").Parse(mainText))

// argument is a line of the provider block. The value is an HCL expression.
type argument struct {
	Name, Value string
}

// files returns the files of the configuration. main.tf comes last, so that an interrupted export has no effect.
func (c *configuration) files(environment provider.Environment) ([]file, error) {
	var learners, groups, main bytes.Buffer
	if err := roster.Write(&learners, c.learners); err != nil {
		return nil, err
	}
	if err := roster.WriteGroups(&groups, c.groups); err != nil {
		return nil, err
	}
	err := mainTemplate.Execute(&main, map[string]any{
		"Provider": arguments(environment), "Fields": c.fields(),
		"Invitations": c.api.Invitations, "Empty": len(c.learners) == 0,
	})
	if err != nil {
		return nil, err
	}
	return []file{
		{"roster.csv", ownerOnly, learners.Bytes()},
		{"groups.csv", ownerOnly, groups.Bytes()},
		{"main.tf", readable, hclwrite.Format(main.Bytes())},
	}, nil
}

// fields returns the fields of the profile that the configuration sets.
func (c *configuration) fields() []string {
	var names []string
	for _, field := range udemy.Profile {
		if c.api.Sets(field.Name) {
			names = append(names, field.Name)
		}
	}
	return names
}

func arguments(environment provider.Environment) []argument {
	var arguments []argument
	for _, a := range []argument{
		{"api", environment.API},
		{"subdomain", environment.Subdomain},
		{"organization_uuid", environment.OrganizationUUID},
		{"endpoint", environment.Endpoint},
	} {
		if a.Value != "" {
			a.Value = string(hclwrite.TokensForValue(cty.StringVal(a.Value)).Bytes())
			arguments = append(arguments, a)
		}
	}
	return arguments
}

// expectEmpty returns an error if the folder is not empty. The folder need not exist.
func expectEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("reading the folder: %w", err)
	case len(entries) > 0:
		return fmt.Errorf("the folder %s is not empty: it contains %s. An export overwrites nothing; use an empty or new folder", dir, entries[0].Name())
	default:
		return nil
	}
}

// write creates the files. It never overwrites a file, not even one that another process creates at the same time.
func write(dir string, files []file) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err = writeNew(root, f); err != nil {
			break
		}
	}
	return errors.Join(err, root.Close())
}

func writeNew(root *os.Root, f file) error {
	target, err := root.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, f.mode)
	if err != nil {
		return err
	}
	_, err = target.Write(f.content)
	return errors.Join(err, target.Close())
}
