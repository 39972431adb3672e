// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"encoding/base64"
	"os"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
)

// style resembles a comment on GitHub.
const style = `<!DOCTYPE html><meta charset="utf-8"><style>
body { margin: 24px 28px; color: #1f2328; background: #fff; font: 15px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h3 { font-size: 19px; margin: 0 0 14px; }
h4 { margin: 22px 0 8px; }
table { border-collapse: collapse; }
th, td { padding: 5px 12px; border: 1px solid #d1d9e0; }
tr:nth-child(even) td { background: #f6f8fa; }
code { padding: 2px 5px; border-radius: 6px; background: #818b981f; font: 13px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
sub { display: block; margin-top: 8px; color: #59636e; font-size: 12px; }
</style>`

// rendered returns the address of a page with the content of a Markdown file.
func rendered(file string) (string, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	page := bytes.NewBufferString(style)
	// The report has line breaks in cells.
	converter := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()))
	if err := converter.Convert(source, page); err != nil {
		return "", err
	}
	return "data:text/html;base64," + base64.StdEncoding.EncodeToString(page.Bytes()), nil
}
