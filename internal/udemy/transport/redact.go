// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"cmp"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const (
	redacted = "[redacted]"
	withheld = "[redacted: the response contains the token]"

	// shortestForm is the length from which a form of the credential is replaced wherever it appears, and shortestSecret the number of
	// letters and digits from which a token is looked for in unusual forms. Shorter ones would appear in other words.
	shortestForm   = 8
	shortestSecret = 12
	// decodings is how often escapes in a text are decoded: once, and again for an escaped escape.
	decodings = 3
)

// secrets finds a credential in a text from a server. An error page can show the headers of the request, in any encoding.
type secrets struct {
	// common replaces the usual forms of the credential, so that the rest of a message stays readable.
	common *strings.Replacer
	// word matches a token below shortestForm, as a word of its own.
	word    *regexp.Regexp
	needles needles
}

// needles are the forms of the token as reduce returns them.
type needles struct {
	forms []string
	// pieces are all parts of the forms with the length size, which is half of the shortest form. If a text contains a form, one of the
	// pieces is at a multiple of step. Looking for them takes much less time than looking for each form.
	pieces     map[string]bool
	size, step int
}

func (c Credential) secrets() *secrets {
	if c.secret == nil || c.secret.token == "" {
		return &secrets{common: strings.NewReplacer()}
	}
	s := &secrets{common: strings.NewReplacer(c.secret.commonForms()...)}
	if len(c.secret.token) < shortestForm {
		s.word = regexp.MustCompile(`(^|[^0-9A-Za-z])` + regexp.QuoteMeta(c.secret.token) + `($|[^0-9A-Za-z])`)
	}
	if len(reduce(c.secret.token)) >= shortestSecret {
		s.needles = newNeedles(c.secret.token)
	}
	return s
}

// commonForms returns each usual form of a credential, followed by its replacement.
func (c *secret) commonForms() []string {
	forms := []string{c.header, c.token}
	for _, plain := range []string{c.pair, c.token, c.header} {
		inHex := hex.EncodeToString([]byte(plain))
		forms = append(forms, inHex, strings.ToUpper(inHex))
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			padded := encoding.EncodeToString([]byte(plain))
			forms = append(forms, padded, strings.TrimRight(padded, "="))
		}
	}
	for _, form := range slices.Clone(forms) {
		quoted, _ := json.Marshal(form) // Encoding a string never fails.
		inJSON := strings.Trim(string(quoted), `"`)
		forms = append(forms, inJSON, strings.ReplaceAll(inJSON, "/", `\/`), url.QueryEscape(form), url.PathEscape(form))
	}
	// The longest form comes first, so that a replacement leaves no part of the credential.
	slices.SortStableFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })

	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		if len(form) >= shortestForm {
			pairs = append(pairs, form, redacted)
		}
	}
	return pairs
}

// redact removes the credential from a text. If the text contains it in an unusual form, redact withholds the text.
func (s *secrets) redact(text string) string {
	// JSON can escape any character, so escapes of visible characters are decoded first.
	text = s.common.Replace(escapedASCII.ReplaceAllStringFunc(text, func(escape string) string {
		code, err := strconv.ParseUint(strings.TrimPrefix(escape, `\u`), 16, 8)
		switch {
		case err != nil:
			return escape
		case code == '"' || code == '\\':
			return `\` + string(rune(code))
		default:
			return string(rune(code))
		}
	}))
	if s.word != nil {
		for range 2 { // Two matches can't share the character between them.
			text = s.word.ReplaceAllString(text, "${1}"+redacted+"${2}")
		}
	}
	if s.isIn(text) {
		return withheld
	}
	return text
}

// isIn reports whether a text contains the credential, as it is or as a message shows it.
func (s *secrets) isIn(text string) bool {
	for _, shown := range []string{text, udemy.Visible(text)} {
		if s.common.Replace(shown) != shown || s.word != nil && s.word.MatchString(shown) {
			return true
		}
	}
	return s.echoedIn(text)
}

// escapedASCII matches the JSON escape of a visible ASCII character. It also matches an escaped backslash, so that the
// backslash does not count as the start of an escape.
var escapedASCII = regexp.MustCompile(`\\\\|\\u00[2-7][0-9a-fA-F]`)

// excerpt redacts a text and returns at most a number of bytes. If the text is longer, the cut could go through the credential: then
// the text is withheld if the credential is in twice that length.
func (s *secrets) excerpt(text []byte, limit int) string {
	if len(text) <= limit {
		return s.redact(string(text))
	}
	doubled := string(text[:min(len(text), 2*limit)])
	if s.isIn(doubled) {
		return withheld
	}
	return doubled[:limit]
}

// echoedIn reports whether a text contains the token in any form.
func (s *secrets) echoedIn(text string) bool {
	if len(s.needles.forms) == 0 {
		return false
	}
	for range decodings {
		// The last three are not decoded for good: each can also be part of what precedes a token.
		if s.foundIn(text, markup.replaceIn(text), prefixes.Replace(text), quotedPrintable.replaceIn(text)) {
			return true
		}
		decoded := html.UnescapeString(escapes.replaceIn(text))
		if decoded == text {
			return false
		}
		text = decoded
	}
	return s.foundIn(text)
}

// foundIn reports whether a text or one of its variants contains the token.
func (s *secrets) foundIn(text string, variants ...string) bool {
	if s.needles.areIn(reduce(text)) {
		return true
	}
	return slices.ContainsFunc(variants, func(variant string) bool { return variant != text && s.foundIn(variant) })
}

// reduce returns the letters and digits of a text in lower case. Invisible characters, separators, line breaks and the difference
// between the alphabets of base64 disappear. Full-width and accented letters become plain ones.
func reduce(text string) string {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			text = norm.NFKD.String(text)
			break
		}
	}
	var reduced strings.Builder
	reduced.Grow(len(text))
	for i := range len(text) {
		switch b := text[i]; {
		case b >= 'a' && b <= 'z' || b >= '0' && b <= '9':
			reduced.WriteByte(b)
		case b >= 'A' && b <= 'Z':
			reduced.WriteByte(b + 'a' - 'A')
		}
	}
	return reduced.String()
}

// notation is a way to write a character, or something that is not displayed.
type notation struct {
	// first are the characters with which pattern begins. Looking for them is much faster than the pattern.
	first   string
	pattern *regexp.Regexp
	decode  func(string) string
}

var (
	// escapes are those of JSON, programming languages and URLs.
	escapes = notation{`\%`, regexp.MustCompile(`(?i)^(?:\\u\{[0-9a-f]{1,6}\}|[\\%]u[0-9a-f]{4}|(?:\\x|%)[0-9a-f]{2}|\\[0-7]{3}|\\.)`), decodeEscape}
	// markup has tags, of which CDATA is not displayed but its content is, and terminal sequences: colors, titles and character sets.
	markup = notation{"<\x1b", regexp.MustCompile(
		`^(?:<!\[CDATA\[|<[^<>]*>|\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]))`), remove}
	// prefixes are those of a hexadecimal number.
	prefixes        = strings.NewReplacer("0x", "", "0X", "", "U+00", "", "u+00", "")
	quotedPrintable = notation{"=", regexp.MustCompile(`(?i)^=[0-9a-f]{2}`), decodeEscape}
)

func (n notation) replaceIn(text string) string {
	if !strings.ContainsAny(text, n.first) {
		return text
	}
	var replaced strings.Builder
	replaced.Grow(len(text))
	for {
		at := strings.IndexAny(text, n.first)
		if at < 0 {
			break
		}
		found := n.pattern.FindString(text[at:])
		replaced.WriteString(text[:at])
		if found == "" {
			replaced.WriteByte(text[at])
			text = text[at+1:]
			continue
		}
		replaced.WriteString(n.decode(found))
		text = text[at+len(found):]
	}
	replaced.WriteString(text)
	return replaced.String()
}

func remove(string) string { return "" }

// decodeEscape returns the character of an escape, or nothing for a control character such as \n.
func decodeEscape(escape string) string {
	if len(escape) == 2 {
		if strings.ContainsAny(escape[1:], "abefnrtv") {
			return ""
		}
		return escape[1:]
	}
	digits, base := strings.Trim(escape, `\%=uUxX{}`), 16
	if isOctal := len(digits) == 3 && len(escape) == 4; isOctal {
		base = 8
	}
	code, err := strconv.ParseUint(digits, base, 32)
	switch {
	case err != nil:
		return escape
	case code >= utf8.RuneSelf && len(digits) < 4 && escape[len(escape)-1] != '}': // One byte of a character in UTF-8.
		return string([]byte{byte(code)})
	}
	return string(rune(code))
}

// areIn reports whether a reduced text contains one of the forms.
func (n needles) areIn(reduced string) bool {
	for at := 0; at+n.size <= len(reduced); at += n.step {
		if n.pieces[reduced[at:at+n.size]] {
			return slices.ContainsFunc(n.forms, func(form string) bool { return strings.Contains(reduced, form) })
		}
	}
	return false
}

func newNeedles(token string) needles {
	n := needles{forms: forms(token), pieces: map[string]bool{}}
	shortest := len(slices.MinFunc(n.forms, func(a, b string) int { return cmp.Compare(len(a), len(b)) }))
	n.size = (shortest + 1) / 2
	n.step = shortest - n.size + 1
	for _, form := range n.forms {
		for at := range len(form) - n.size + 1 {
			n.pieces[form[at:at+n.size]] = true
		}
	}
	return n
}

// forms returns the reduced forms of a token: as it is, and in each encoding, also in the middle of a longer encoded text.
func forms(token string) []string {
	le, be := utf16(token)
	forms := []string{token}
	for _, plain := range []string{token, le, be} {
		forms = append(forms, hex.EncodeToString([]byte(plain)))
		forms = append(forms, inBase64(plain)...)
	}
	for _, encoded := range inBase64(token) { // A header that is encoded once more.
		forms = append(forms, inBase64(encoded)...)
	}
	for offset := range 5 {
		forms = append(forms, within(base32.StdEncoding.EncodeToString, token, offset, 5), within(base32.HexEncoding.EncodeToString, token, offset, 5))
	}
	for _, format := range []string{"%d", "%o", "%03o", "%08b"} {
		var numbers strings.Builder
		for _, b := range []byte(token) {
			fmt.Fprintf(&numbers, format, b)
		}
		forms = append(forms, numbers.String())
	}
	reversed := []byte(token)
	slices.Reverse(reversed)
	forms = append(forms, string(reversed))
	for i, form := range forms {
		forms[i] = reduce(form)
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

func inBase64(plain string) []string {
	var forms []string
	for offset := range 3 {
		forms = append(forms, within(base64.StdEncoding.EncodeToString, plain, offset, 6))
	}
	return forms
}

// within encodes a text that begins a number of bytes after the start of a longer text. The result has only the characters that depend
// on nothing else. Each stands for a number of bits.
func within(encode func([]byte) string, plain string, offset, bits int) string {
	encoded := encode(append(make([]byte, offset), plain...))
	return encoded[(8*offset+bits-1)/bits : 8*(offset+len(plain))/bits]
}

func utf16(text string) (littleEndian, bigEndian string) {
	for i := range len(text) {
		littleEndian += text[i:i+1] + "\x00"
		bigEndian += "\x00" + text[i:i+1]
	}
	return littleEndian, bigEndian
}
