// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package repotest_test

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// files returns the files of the repository with one of the suffixes, without generated folders.
func files(t *testing.T, suffixes ...string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains([]string{".git", ".cache", ".terraform", "bin", "dist"}, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(path, suffix) }) {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatalf("no files have the suffixes %v", suffixes)
	}
	return found
}

// Every file begins with the copyright and the license. The linter (goheader) checks Go files.
func TestHeaders(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, ".sh", ".tf", ".hcl", ".yml", "GNUmakefile", "/.ci/run", ".js", ".css", ".html") {
		header := "# Copyright (c) terraform-provider-udemy contributors\n# SPDX-License-Identifier: MPL-2.0\n"
		switch filepath.Ext(file) {
		case ".js":
			header = strings.ReplaceAll(header, "# ", "// ")
		case ".css":
			header = strings.NewReplacer("# ", "/* ", "\n", " */\n").Replace(header)
		case ".html":
			header = "<!DOCTYPE html>\n" + strings.NewReplacer("# ", "<!-- ", "\n", " -->\n").Replace(header)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(content)
		if strings.HasPrefix(text, "#!") {
			_, text, _ = strings.Cut(text, "\n")
		}
		if !strings.HasPrefix(text, header) {
			t.Errorf("%s doesn't begin with\n%s", file, header)
		}
	}
}

// All modules have the same toolchain line, so that the release is built with the tested version of Go.
func TestToolchains(t *testing.T) {
	t.Parallel()
	line := regexp.MustCompile(`(?m)^toolchain go.+$`)
	want := ""
	for _, file := range files(t, "go.mod") {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := line.FindString(string(content))
		want = cmp.Or(want, got)
		if got == "" || got != want {
			t.Errorf("%s has the toolchain line %q, want %q", file, got, want)
		}
	}
}

// Every skip has a reason, which `make test-compat` prints.
func TestSkipsHaveReasons(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, "_test.go", filepath.Join("acceptance", "acceptance.go"), filepath.Join("acceptance", "feature.go")) {
		positions := token.NewFileSet()
		parsed, err := parser.ParseFile(positions, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			function, ok := call.Fun.(*ast.SelectorExpr)
			if ok && (function.Sel.Name == "SkipNow" || function.Sel.Name == "Skip" && len(call.Args) == 0) {
				t.Errorf("%s skips a test without a reason", positions.Position(call.Pos()))
			}
			return true
		})
	}
}
