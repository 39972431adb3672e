// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package udemy

import (
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"
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

// uuid is an ID whose letter case carries no meaning (RFC 9562, section 4).
var uuid = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// SameID reports whether two IDs belong to the same learner or group. Only UUIDs are compared without regard to case.
func SameID(a, b string) bool {
	return a == b || uuid.MatchString(a) && strings.EqualFold(a, b)
}

// SameText reports whether two texts are equal after Unicode normalization (NFC), which a server may apply to what it stores.
func SameText(a, b string) bool {
	return a == b || norm.NFC.String(a) == norm.NFC.String(b)
}

// SameEmail reports whether two addresses belong to the same learner: whether their keys are equal.
func SameEmail(a, b string) bool {
	return EmailKey(a) == EmailKey(b)
}

// EmailKey returns the same key for every spelling of an address. Spellings differ in the case of ASCII letters and in Unicode
// normalization. Case folding beyond ASCII would take ſam@example.com for sam@example.com, which may be another person.
func EmailKey(email string) string {
	email = norm.NFC.String(email)
	if !strings.ContainsFunc(email, isUpperASCII) {
		return email
	}
	key := []byte(email)
	for i, b := range key {
		if isUpperASCII(rune(b)) {
			key[i] += 'a' - 'A'
		}
	}
	return string(key)
}

func isUpperASCII(r rune) bool { return r >= 'A' && r <= 'Z' }

// IsEmail reports whether a text is an e-mail address and nothing around it, with no invisible characters.
func IsEmail(s string) bool {
	parsed, err := mail.ParseAddress(s)
	return err == nil && parsed.Address == s && InvisibleCharacter(s) == ""
}

// InvisibleCharacter describes the first invisible character of a text, such as "U+200B ZERO WIDTH SPACE at character 4": any
// blank but the ordinary one, a control or format character, or another that is not displayed. It is empty if there is none.
func InvisibleCharacter(s string) string {
	position := 0
	for _, r := range s {
		position++
		if r != ' ' && unicode.In(r, unicode.Z, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			return fmt.Sprintf("%U %s at character %d", r, runenames.Name(r), position)
		}
	}
	return ""
}
