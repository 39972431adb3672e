// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package export

import (
	"bytes"
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
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

//go:embed *.tmpl
var templateFiles embed.FS

var templates = template.Must(template.ParseFS(templateFiles, "*.tmpl"))

// configuration is what an export writes.
type configuration struct {
	*roster.Selection

	api udemy.Capabilities
	// asRoster selects one udemy_roster instead of a udemy_user for each learner and a udemy_group for each group.
	asRoster bool
}

// objects returns the number of objects that the configuration imports.
func (c *configuration) objects() int {
	if c.asRoster {
		return 1
	}
	return len(c.Learners) + len(c.Groups)
}

// report lists what Terraform does not manage, one item per line.
func (c *configuration) report() string {
	var b strings.Builder
	list := func(heading string, lines []string) {
		if len(lines) > 0 {
			b.WriteString(heading + "\n  " + strings.Join(lines, "\n  ") + "\n")
		}
	}
	list("Omitted, neither managed nor changed. Correct them at Udemy and export again, or leave them unchanged:", c.Omitted)
	list("Not managed, left unchanged:", c.Unmanaged)
	return b.String()
}

// argument is a line of the provider block. The value is an HCL expression.
type argument struct {
	Name, Value string
}

// files returns the files of the configuration. main.tf comes last, so that an interrupted export has no effect.
func (c *configuration) files(environment provider.Environment) ([]file, error) {
	var learners, groups, main bytes.Buffer
	if err := roster.Write(&learners, c.Learners); err != nil {
		return nil, err
	}
	if err := roster.WriteGroups(&groups, c.Groups); err != nil {
		return nil, err
	}
	name := "main.tf.tmpl"
	if c.asRoster {
		name = "roster.tf.tmpl"
	}
	err := templates.ExecuteTemplate(&main, name, map[string]any{
		"Provider": arguments(environment), "Fields": c.fields(),
		"Invitations": c.api.Invitations, "Empty": len(c.Learners) == 0,
	})
	if err != nil {
		return nil, err
	}
	files := []file{{"roster.csv", ownerOnly, learners.Bytes()}}
	if !c.asRoster {
		files = append(files, file{"groups.csv", ownerOnly, groups.Bytes()})
	}
	return append(files, file{"main.tf", readable, hclwrite.Format(main.Bytes())}), nil
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
	if err := root.MkdirAll(path.Dir(f.name), 0o755); err != nil {
		return err
	}
	target, err := root.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, f.mode)
	if err != nil {
		return err
	}
	_, err = target.Write(f.content)
	return errors.Join(err, target.Close())
}
