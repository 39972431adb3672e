// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package udemy_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

func TestSameEmail(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"ada@example.com", "ada@example.com", true},
		{"ADA@Example.COM", "ada@example.com", true},
		{"ada@example.com", "eda@example.com", false},
		{"ada@example.com", "ada@example.com ", false},
		{"", "", true},
		{"a[z@example.com", "a{z@example.com", false}, // The characters differ by 32, like the two cases of a letter.
		// Case folding beyond ASCII would equate two people.
		{"\u017fam@example.com", "sam@example.com", false},
		{"\u017fam@example.com", "SAM@example.com", false},
		{"stra\u00dfe@example.com", "strasse@example.com", false},
		{"\u0130da@example.com", "ida@example.com", false},
		{"\u00c9va@example.com", "\u00e9va@example.com", false},
		{"\u0441ara@example.com", "cara@example.com", false}, // A Cyrillic letter.
		{"\uff41da@example.com", "ada@example.com", false},   // A full-width letter.
		// Unicode can encode one text in several ways.
		{"e\u0301va@example.com", "\u00e9va@example.com", true},
		{"E\u0301va@example.com", "\u00c9va@EXAMPLE.com", true},
		{"\u212aim@example.com", "kim@example.com", true}, // The Kelvin sign is canonically the letter K.
		// Invalid UTF-8 is compared byte by byte.
		{"\xff@example.com", "\xfe@example.com", false},
		{"\xffA@example.com", "\xffa@example.com", true},
	} {
		if got := udemy.SameEmail(test.a, test.b); got != test.want {
			t.Errorf("SameEmail(%+q, %+q) = %t, want %t", test.a, test.b, got, test.want)
		}
		if got := udemy.EmailKey(test.a) == udemy.EmailKey(test.b); got != test.want {
			t.Errorf("the keys of %+q and %+q are equal: %t, want %t", test.a, test.b, got, test.want)
		}
	}
}

// FuzzSameEmail compares the results with a plain implementation: after NFC, ASCII letters are equal in both cases, and all other
// bytes are compared exactly.
func FuzzSameEmail(f *testing.F) {
	for _, pair := range [][2]string{
		{"Ada@example.com", "ada@EXAMPLE.com"},
		{"\u017fam@example.com", "sam@example.com"},
		{"e\u0301@example.com", "\u00e9@example.com"},
		{"H\u0331@example.com", "h\u0331@example.com"},
		{"\u212a@example.com", "k@example.com"},
		{"\xff\xfe", "\xfe\xff"},
	} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		want := sameAfterNFC(a, b)
		if got := udemy.SameEmail(a, b); got != want {
			t.Errorf("SameEmail(%+q, %+q) = %t, want %t", a, b, got, want)
		}
		if got := udemy.EmailKey(a) == udemy.EmailKey(b); got != want {
			t.Errorf("the keys of %+q and %+q are equal: %t, want %t", a, b, got, want)
		}
		for _, email := range []string{a, b} {
			if !udemy.SameEmail(email, norm.NFD.String(email)) && utf8.ValidString(email) {
				t.Errorf("%+q and its decomposed form differ", email)
			}
		}
	})
}

func sameAfterNFC(a, b string) bool {
	isLetter := func(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
	return slices.EqualFunc(norm.NFC.Bytes([]byte(a)), norm.NFC.Bytes([]byte(b)), func(x, y byte) bool {
		return x == y || isLetter(x) && isLetter(y) && x|0x20 == y|0x20
	})
}

func TestSameID(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"u1", "u1", true},
		{"u1", "U1", false},
		{"u1", "u2", false},
		{"3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a", "3A1F6C1E-7F43-4F0A-9D5E-0D8F6F1C2B3A", true},
		{"3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a", "3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3b", false},
		{"3a1f6c1e-7f43-4f0a-9d5e-0d8f6f1c2b3a", "", false},
	} {
		if got := udemy.SameID(test.a, test.b); got != test.want {
			t.Errorf("SameID(%q, %q) = %t, want %t", test.a, test.b, got, test.want)
		}
	}
}

func TestIsID(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]bool{
		"8f14e45f": true, "a b": true, "a/b": true, "50%": true, "%2F": true, "#?&=+;:@[]": true, `"'\`: true, "é漢": true, "..a": true, "a..": true,
		strings.Repeat("x", 300): true,
		"":                       false, ".": false, "..": false, "a/..": false, "../a": false, "a/./b": false, "%2e%2E": false, "a%2f..": false,
		" a": false, "a ": false, "a\n": false, "a\x00b": false, "a\xff": false, "a\u202eb": false, `..\a`: false,
		strings.Repeat("x", 1001): false,
	} {
		if got := udemy.IsID(id); got != want {
			t.Errorf("IsID(%q) = %t", id, got)
		}
	}
}

func TestFindGroup(t *testing.T) {
	t.Parallel()
	for names, want := range map[string]string{ // the IDs are the positions
		"Engineering, Sales":                         "0",
		"engineering, Sales":                         "0",
		"engineering, Engineering, ENGINEERING":      "1",
		"ENGINEERING, engineering":                   `groups 0, "ENGINEERING", and 1, "engineering"`,
		"Engineering, engineering, Engineering":      "groups 0 and 2",
		"Engineer\u0131ng, Engineerings, ingenieurs": "none",
	} {
		groups := func(yield func(udemy.Group, error) bool) {
			for i, name := range strings.Split(names, ", ") {
				if !yield(udemy.Group{ID: fmt.Sprint(i), Name: name}, nil) {
					return
				}
			}
		}
		got, err := udemy.FindGroup("Engineering", "GET /groups/", groups)
		switch {
		case len(want) == 1 && (err != nil || got.ID != want):
			t.Errorf("%s: got %+v, %v, want %s", names, got, err, want)
		case want == "none" && !errors.Is(err, udemy.ErrNotFound):
			t.Errorf("%s: got %+v, %v", names, got, err)
		case strings.HasPrefix(want, "groups") && (!errors.Is(err, udemy.ErrConflict) || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got %+v, %v", names, got, err)
		}
	}
	for name, same := range map[string]bool{"Caf\u00e9": true, "CAFE\u0301": true, "cafe": false, " Cafe\u0301": false, "Ca\ufb00é": false} {
		if got := udemy.SameGroupName("Cafe\u0301", name); got != same {
			t.Errorf("SameGroupName(%+q) = %t", name, got)
		}
	}
}

func TestInvisibleCharacter(t *testing.T) {
	t.Parallel()
	for character, want := range map[string]string{
		"\n":         "U+000A <control>",
		"\x7f":       "U+007F <control>",
		"\u00a0":     "U+00A0 NO-BREAK SPACE",
		"\u00ad":     "U+00AD SOFT HYPHEN",
		"\u034f":     "U+034F COMBINING GRAPHEME JOINER",
		"\u200b":     "U+200B ZERO WIDTH SPACE",
		"\u200d":     "U+200D ZERO WIDTH JOINER",
		"\u2028":     "U+2028 LINE SEPARATOR",
		"\u202e":     "U+202E RIGHT-TO-LEFT OVERRIDE",
		"\u2060":     "U+2060 WORD JOINER",
		"\u3000":     "U+3000 IDEOGRAPHIC SPACE",
		"\u3164":     "U+3164 HANGUL FILLER",
		"\ufe0f":     "U+FE0F VARIATION SELECTOR-16",
		"\ufeff":     "U+FEFF ZERO WIDTH NO-BREAK SPACE",
		"\U000e0041": "U+E0041 TAG LATIN CAPITAL LETTER A",
	} {
		// The position counts characters, not bytes.
		email := "éda" + character + "@example.com"
		if got := udemy.InvisibleCharacter(email); got != want+" at character 4" {
			t.Errorf("%+q: got %q, want %q at character 4", email, got, want)
		}
		if udemy.IsEmail(email) || udemy.IsEmail(character+"ada@example.com") {
			t.Errorf("IsEmail accepts %+q", email)
		}
	}
	for _, email := range []string{"ada@example.com", "ada+x'y@example.com", "josé@example.com", "e\u0301va@example.com", "学@example.com"} {
		if got := udemy.InvisibleCharacter(email); got != "" || !udemy.IsEmail(email) {
			t.Errorf("%q: InvisibleCharacter = %q, IsEmail = %t", email, got, udemy.IsEmail(email))
		}
	}
	for _, malformed := range []string{"ada @example.com", " ada@example.com", "\xff@example.com"} {
		if got := udemy.InvisibleCharacter(malformed); got != "" || udemy.IsEmail(malformed) {
			t.Errorf("%q: InvisibleCharacter = %q, IsEmail = %t", malformed, got, udemy.IsEmail(malformed))
		}
	}
}

func TestVisible(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Zoë O'Neill-Šarić 学 👩‍🎓":     "Zoë O'Neill-Šarić 学 👩🎓",
		"a\r\nError:\tb\u2028c":       "a  Error: b c",
		"a\x1b[31mb\x00c\u0085d":      "a[31mbc d",
		"a\u202eb\u2066c\ufeffd\xffe": "abcde",
	} {
		if got := udemy.Visible(text); got != want {
			t.Errorf("%+q: %+q, want %+q", text, got, want)
		}
	}
}

func TestMessagesAreVisible(t *testing.T) {
	t.Parallel()
	const hostile = "odd\nError: forged\x1b[31m\u202e"
	for name, text := range map[string]string{
		"mismatch":    udemy.Mismatch("GET /users/{id}/", "learner u1", "learner "+hostile).Error(),
		"no effect":   udemy.NoEffect("DELETE /users/{id}/", "learner u1 still has status "+hostile).Error(),
		"everything":  (&udemy.Error{Kind: udemy.ErrInvalid, Call: "POST /users/", Detail: hostile, Fields: map[string]string{"email": hostile}, Cause: errors.New(hostile)}).Error(),
		"of learners": udemy.MembersError{"u1": &udemy.Error{Kind: udemy.ErrInvalid, Call: "POST /users/", Detail: hostile}}.Error(),
		"a status":    fmt.Sprint(udemy.Status(hostile)),
		"a role":      fmt.Sprint(udemy.Role(hostile)),
	} {
		if strings.ContainsAny(text, "\n\x1b\u202e") || !strings.Contains(text, "odd Error: forged") {
			t.Errorf("%s: %+q", name, text)
		}
	}
}
