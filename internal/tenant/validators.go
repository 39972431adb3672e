// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package tenant

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// plainText starts and ends with something visible and holds neither control characters nor those that change
// the direction of what follows (Unicode UAX #9), which make a name look like another. Joiners are allowed:
// names in some scripts need them.
var plainText = regexp.MustCompile(`^[^\p{Cc}\p{Z}\x{202A}-\x{202E}\x{2066}-\x{2069}]` +
	`([^\p{Cc}\x{2028}\x{2029}\x{202A}-\x{202E}\x{2066}-\x{2069}]*[^\p{Cc}\p{Z}\x{202A}-\x{202E}\x{2066}-\x{2069}])?$`)

// PlainText accepts names and keys that a server keeps as they are. Blanks at the ends, which many
// servers trim without a word, and control characters would come back as a difference at every plan.
func PlainText() validator.String {
	return stringvalidator.RegexMatches(plainText, "must not be empty, start or end with a blank, or hold control characters")
}
