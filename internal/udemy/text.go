// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package udemy

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"
)

// PlainText matches names and keys that a server stores unchanged. They start and end with a visible character. They contain
// neither control characters nor characters that change the text direction (Unicode UAX #9), which make one name look like
// another. Joiners are allowed: names in some scripts need them.
var PlainText = regexp.MustCompile(`^[^\p{Cc}\p{Z}\x{202A}-\x{202E}\x{2066}-\x{2069}]` +
	`([^\p{Cc}\x{2028}\x{2029}\x{202A}-\x{202E}\x{2066}-\x{2069}]*[^\p{Cc}\p{Z}\x{202A}-\x{202E}\x{2066}-\x{2069}])?$`)

// Visible returns a text in one line, without characters that are not displayed or that change the text direction. Messages show texts
// from a server like this.
func Visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}

// IsDisruptive reports whether a text has a control character, a line break or a change of the text direction. No ID has any.
func IsDisruptive(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
	})
}

// maxID is the longest ID in characters. An ID is part of a URL, whose length servers limit.
const maxID = 1000

// IsID reports whether a text can be the ID of a learner or a group. IDs are opaque (RFC 7643 section 3.1) and are escaped in the path
// of a request. Any other text, such as one with a line break, is a copy mistake.
func IsID(s string) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxID && PlainText.MatchString(s) && !HasDotSegment(s)
}

// HasDotSegment reports whether an ID has "." or ".." between slashes or backslashes. In a path it leads to another resource, even
// escaped: some servers and proxies decode an escaped slash or dot first.
func HasDotSegment(id string) bool {
	decoded, err := url.PathUnescape(id)
	if err != nil {
		decoded = id
	}
	for segment := range strings.FieldsFuncSeq(id+"/"+decoded, func(r rune) bool { return r == '/' || r == '\\' }) {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// uuid matches an ID whose letter case has no meaning (RFC 9562, section 4).
var uuid = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// SameID reports whether two IDs belong to the same learner or group. Letter case is ignored only in UUIDs.
func SameID(a, b string) bool {
	return a == b || uuid.MatchString(a) && strings.EqualFold(a, b)
}

// SameText reports whether two texts are equal after Unicode normalization (NFC), which a server may apply to what it stores.
func SameText(a, b string) bool {
	return a == b || NormalText(a) == NormalText(b)
}

// NormalText returns the same text for all texts that SameText equates.
func NormalText(s string) string {
	return norm.NFC.String(s)
}

// SameEmail reports whether two addresses belong to the same learner, that is, whether their keys are equal.
func SameEmail(a, b string) bool {
	return EmailKey(a) == EmailKey(b)
}

// EmailKey returns the same key for every spelling of an address. Spellings differ in the case of ASCII letters and in Unicode
// normalization. Case folding beyond ASCII would equate ſam@example.com with sam@example.com, which may be another person.
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

// IsEmail reports whether a text consists of one e-mail address without invisible characters.
func IsEmail(s string) bool {
	parsed, err := mail.ParseAddress(s)
	return err == nil && parsed.Address == s && InvisibleCharacter(s) == ""
}

// InvisibleCharacter describes the first invisible character of a text, such as "U+200B ZERO WIDTH SPACE at character 4". Any
// space except U+0020 is invisible, and so is a control character, a format character, or any other that is not displayed. If
// the text has none, the description is empty.
func InvisibleCharacter(s string) string {
	at := strings.IndexFunc(s, func(r rune) bool {
		isVisibleASCII := ' ' <= r && r <= '~' // Most characters are. The tables of unicode take ten times as long.
		return !isVisibleASCII && unicode.In(r, unicode.Z, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
	})
	if at < 0 {
		return ""
	}
	return DescribeCharacter(s, at)
}

// DescribeCharacter describes the character at an index of a text, as InvisibleCharacter does.
func DescribeCharacter(s string, at int) string {
	r, _ := utf8.DecodeRuneInString(s[at:])
	return fmt.Sprintf("%U %s at character %d", r, runenames.Name(r), utf8.RuneCountInString(s[:at])+1)
}
