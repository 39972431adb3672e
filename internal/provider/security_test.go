// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The security guide lists tests as evidence. Each of them must exist.
func TestSecurityGuideNamesTests(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../templates/guides/security.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`").FindAllStringSubmatch(string(guide), -1)
	if len(named) < 15 {
		t.Errorf("the guide names only %d tests", len(named))
	}
	var code strings.Builder
	err = filepath.WalkDir("../../internal", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		content, err := os.ReadFile(path)
		code.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range named {
		if !strings.Contains(code.String(), "\nfunc "+test[1]+"(") {
			t.Errorf("there is no test %s", test[1])
		}
	}
}
