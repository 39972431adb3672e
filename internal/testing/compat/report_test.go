// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"
	"testing"
)

// testEvents has the events of a package with a test of each kind, of one that doesn't compile, of one without tests, and of one
// that runs out of time.
const testEvents = `
{"Action":"run","Package":"p","Test":"TestAccPass"}
{"Action":"output","Package":"p","Test":"TestAccPass","Output":"=== RUN   TestAccPass\n"}
{"Action":"pass","Package":"p","Test":"TestAccPass"}
{"Action":"run","Package":"p","Test":"TestAccEach"}
{"Action":"run","Package":"p","Test":"TestAccEach/scim"}
{"Action":"run","Package":"p","Test":"TestAccEach/rest"}
{"Action":"pass","Package":"p","Test":"TestAccEach/scim"}
{"Action":"output","Package":"p","Test":"TestAccEach/rest","Output":"    acc_test.go:7: got 1, want 2\n"}
{"Action":"fail","Package":"p","Test":"TestAccEach/rest"}
{"Action":"fail","Package":"p","Test":"TestAccEach"}
{"Action":"run","Package":"p","Test":"TestAccQuery"}
{"Action":"output","Package":"p","Test":"TestAccQuery","Output":"=== RUN   TestAccQuery\n"}
{"Action":"output","Package":"p","Test":"TestAccQuery","Output":"    acc_test.go:9: queries from version 1.14.0 on\n"}
{"Action":"output","Package":"p","Test":"TestAccQuery","Output":"--- SKIP: TestAccQuery (0.00s)\n"}
{"Action":"skip","Package":"p","Test":"TestAccQuery"}
{"Action":"fail","Package":"p"}
{"ImportPath":"q","Action":"build-fail"}
{"Action":"fail","Package":"q"}
{"Action":"skip","Package":"r"}
{"Action":"run","Package":"s","Test":"TestAccEndless"}
{"Action":"output","Package":"s","Test":"TestAccEndless","Output":"panic: test timed out after 30m0s\n"}
{"Action":"output","Package":"s","Output":"FAIL\ts\t1800.0s\n"}
{"Action":"fail","Package":"s"}
`

func TestRead(t *testing.T) {
	t.Parallel()
	r, err := read(strings.NewReader(testEvents))
	if err != nil {
		t.Fatal(err)
	}
	if r.passed != 2 {
		t.Errorf("%d tests passed, want TestAccPass and TestAccEach/scim", r.passed)
	}
	if len(r.failed) != 3 || !strings.Contains(r.failed[0], "got 1, want 2") || !strings.HasPrefix(r.failed[1], "q.") ||
		!strings.Contains(r.failed[2], "timed out") {
		t.Errorf("failed is %q, want TestAccEach/rest with its output, package q, and package s with its timeout", r.failed)
	}
	if got := r.reasons(); len(got) != 1 || got[0] != "queries from version 1.14.0 on" || r.skipped() != 1 {
		t.Errorf("skipped is %v", r.skips)
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	got := show([]report{
		{cli: "Terraform v1.14.0", passed: 12, failed: []string{"p.TestAccEach/rest\ngot 1, want 2"}},
		{cli: "OpenTofu v1.11.0", passed: 9, skips: map[string]int{"no list resources": 2, "no actions": 1}},
	})
	const want = `CLI                passed  failed  skipped  why skipped
Terraform v1.14.0  12      1       0        -
OpenTofu v1.11.0   9       0       3        2 × no list resources
                                            1 × no actions

--- Terraform v1.14.0: p.TestAccEach/rest
got 1, want 2
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
