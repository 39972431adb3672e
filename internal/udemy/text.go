// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package udemy

import (
	"net/mail"
	"regexp"
)

// PlainText is what names and keys look like that a server keeps as they are: they start and end with something visible
// and hold neither control characters nor those that change the direction of what follows (Unicode UAX #9), which make
// a name look like another. Joiners are allowed: names in some scripts need them.
var PlainText = regexp.MustCompile(`^[^\p{Cc}\p{Z}\x{202A}-\x{202E}\x{2066}-\x{2069}]` +
	`([^\p{Cc}\x{2028}\x{2029}\x{202A}-\x{202E}\x{2066}-\x{2069}]*[^\p{Cc}\p{Z}\x{202A}-\x{202E}\x{2066}-\x{2069}])?$`)

// id is what an id may look like that goes into the path of a request. Ids are opaque, and escaped on their way; but not every
// proxy leaves an escaped slash alone, and no id is worth finding out.
var id = regexp.MustCompile(`^[^\p{C}\p{Z}/\\?#%]{1,255}$`)

// IsID reports whether a text can be the id of a learner or a group.
func IsID(s string) bool {
	return id.MatchString(s) && s != "." && s != ".."
}

// IsEmail reports whether a text is an e-mail address and nothing around it.
func IsEmail(s string) bool {
	parsed, err := mail.ParseAddress(s)
	return err == nil && parsed.Address == s
}
