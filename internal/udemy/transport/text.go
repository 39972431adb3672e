// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"net/http"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// maxText is the maximum number of characters of a response in a message.
const maxText = 300

// Shorten converts text from a server to one short line without control characters and markup.
func Shorten(text string) string {
	if strings.HasPrefix(http.DetectContentType([]byte(text)), "text/html") {
		return "an HTML page"
	}
	line := strings.Join(strings.Fields(udemy.Visible(text)), " ")
	if runes := []rune(line); len(runes) > maxText {
		return string(runes[:maxText-1]) + "…"
	}
	return line
}
