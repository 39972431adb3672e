// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// If the column of groups is missing from a file once, no learner leaves a group, and the apply works.
func TestAccExamplesWithoutGroups(t *testing.T) {
	t.Parallel()
	cli := acceptance.NewCLI(t)
	tested := 0
	for _, example := range examples(t) {
		if filepath.Ext(example) != "" {
			continue
		}
		table := learnerTable(t, example)
		if table == nil {
			continue
		}
		tested++
		name, err := filepath.Rel(filepath.Join(root, "examples"), example)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.HasSuffix(example, filepath.Join("moving-to-a-roster", "after")) {
				acceptance.Needs(t, acceptance.Removed)
			}
			org := acceptance.Start(t, acceptance.UserManagement, simulator.Config{})
			table.addTo(org)
			before := memberships(org)
			if len(before) == 0 {
				t.Fatal("no learner is in a group")
			}
			dir := workspace(t, name)
			drop(t, dir, "udemyid") // The IDs are those of another organization.
			cli.For(org).Init(t, dir)
			cli.For(org).Run(t, dir, "apply", "-input=false", "-auto-approve", "-no-color")
			drop(t, dir, "groups")
			cli.For(org).Run(t, dir, "apply", "-input=false", "-auto-approve", "-no-color")
			if after := memberships(org); !maps.Equal(before, after) {
				t.Errorf("the memberships are %v, want %v", after, before)
			}
		})
	}
	if tested < 5 {
		t.Errorf("%d examples were tested, want at least 5", tested)
	}
}

// table is the content of a CSV file. The first row has the headers.
type table [][]string

func readTable(t *testing.T, file string) table {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// learnerTable returns the file of an example that has learners and their groups, or nil if it has none.
func learnerTable(t *testing.T, example string) table {
	t.Helper()
	for _, file := range csvFiles(t, example) {
		found := readTable(t, file)
		if found.column("email") >= 0 && found.column("groups") >= 0 {
			return found
		}
	}
	return nil
}

func csvFiles(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// column returns the index of a column, or -1.
func (rows table) column(name string) int {
	return slices.IndexFunc(rows[0], func(title string) bool { return fold(title) == name })
}

// fold is the spelling of a header in this test.
func fold(title string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(title))
}

// addTo adds the learners of the file to an organization. They are already in their groups.
func (rows table) addTo(org *acceptance.Organization) {
	ids := map[string]string{}
	for _, row := range rows[1:] {
		learner := simulator.Learner{Email: row[rows.column("email")]}
		if first, last := rows.column("firstname"), rows.column("lastname"); first >= 0 && last >= 0 {
			learner.FirstName, learner.LastName = row[first], row[last]
		}
		for name := range strings.SplitSeq(row[rows.column("groups")], ";") {
			if name == "" || name == "*" {
				continue
			}
			if ids[name] == "" {
				ids[name] = org.AddGroup(name).ID
			}
			learner.Groups = append(learner.Groups, ids[name])
		}
		org.Add(learner)
	}
}

// drop removes a column from all CSV files in a folder.
func drop(t *testing.T, dir, column string) {
	t.Helper()
	for _, file := range csvFiles(t, dir) {
		rows := readTable(t, file)
		index := rows.column(column)
		if index < 0 {
			continue
		}
		var text strings.Builder
		writer := csv.NewWriter(&text)
		for _, row := range rows {
			if err := writer.Write(slices.Delete(row, index, index+1)); err != nil {
				t.Fatal(err)
			}
		}
		writer.Flush()
		if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
