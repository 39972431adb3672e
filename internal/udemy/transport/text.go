// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"net/http"
	"strings"
	"unicode"
)

// maxText is how many characters of an answer a person is shown.
const maxText = 300

// Shorten makes one readable line of what a server said: no line breaks, no control characters, no markup,
// and an end.
func Shorten(text string) string {
	if strings.HasPrefix(http.DetectContentType([]byte(text)), "text/html") {
		return "an HTML page"
	}
	line := strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	line = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) { // Among them those that turn the direction of writing.
			return -1
		}
		return r
	}, line)
	if runes := []rune(line); len(runes) > maxText {
		return string(runes[:maxText-1]) + "…"
	}
	return line
}
