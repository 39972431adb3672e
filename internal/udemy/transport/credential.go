// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const redacted = "[redacted]"

// Credential authenticates a Client. Printing or logging a Credential never shows the token.
type Credential struct {
	// secret is a pointer because fmt prints a nested pointer as an address. fmt can't call String on a Credential in an
	// unexported field.
	secret *secret
}

type secret struct {
	token, header string
	// pair is the user name and the password of Basic authentication, before their encoding.
	pair string
}

// BasicToken returns a Credential that sends the token as the user name of Basic authentication, with an empty password
// (RFC 7617 section 2).
func BasicToken(token string) Credential {
	pair := token + ":"
	return Credential{&secret{token, "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)), pair}}
}

// BasicAuth returns a Credential for Basic authentication with a user name, which is not secret, and a password (RFC 7617
// section 2).
func BasicAuth(user, password string) Credential {
	pair := user + ":" + password
	return Credential{&secret{password, "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)), pair}}
}

// BearerToken returns a Credential that sends the token unencoded (RFC 6750 section 2.1).
func BearerToken(token string) Credential {
	return Credential{&secret{token, "Bearer " + token, token + ":"}}
}

// String hides the token.
func (Credential) String() string { return redacted }

// GoString hides the token from %#v.
func (Credential) GoString() string { return redacted }

// LogValue hides the token from slog.
func (Credential) LogValue() slog.Value { return slog.StringValue(redacted) }

// header returns the value of the Authorization header.
func (c Credential) header() string {
	if c.secret == nil {
		return ""
	}
	return c.secret.header
}

// replacer redacts all encodings of the credential that a response can contain. For example, the error page of a proxy can
// show the headers of the request.
func (c Credential) replacer() *strings.Replacer {
	if c.secret == nil || c.secret.token == "" {
		return strings.NewReplacer()
	}
	token := c.secret.token
	forms := []string{c.secret.header, token}
	for _, plain := range []string{c.secret.pair, token, c.secret.header} {
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
		pairs = append(pairs, form, redacted)
	}
	return strings.NewReplacer(pairs...)
}

// redact removes the credential from a text. JSON can escape any character, so it decodes escapes of visible characters
// first.
func (c *Client) redact(text string) string {
	return c.secrets.Replace(escapedASCII.ReplaceAllStringFunc(text, func(escape string) string {
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
}

// escapedASCII matches the JSON escape of a visible ASCII character. It also matches an escaped backslash, so that the
// backslash does not count as the start of an escape.
var escapedASCII = regexp.MustCompile(`\\\\|\\u00[2-7][0-9a-fA-F]`)
