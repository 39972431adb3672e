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

// Credential is how a Client proves who it is. Printing or logging one never shows the token.
type Credential struct {
	// A pointer, because fmt prints what a nested pointer points to only as an address. It matters where a
	// Credential sits in an unexported member, for which fmt can't call String.
	secret *secret
}

type secret struct {
	token, header string
}

// BasicToken sends the token as the user name of Basic authentication, with an empty password (RFC 7617, section 2).
func BasicToken(token string) Credential {
	return Credential{&secret{token, "Basic " + base64.StdEncoding.EncodeToString([]byte(token+":"))}}
}

// BearerToken sends the token as it is (RFC 6750, section 2.1).
func BearerToken(token string) Credential {
	return Credential{&secret{token, "Bearer " + token}}
}

// String hides the token.
func (Credential) String() string { return redacted }

// GoString hides the token from %#v.
func (Credential) GoString() string { return redacted }

// LogValue hides the token from slog.
func (Credential) LogValue() slog.Value { return slog.StringValue(redacted) }

// header is the value of the Authorization header.
func (c Credential) header() string {
	if c.secret == nil {
		return ""
	}
	return c.secret.header
}

// replacer hides every form in which the credential could come back: a proxy's error page, say, that
// shows the request's headers.
func (c Credential) replacer() *strings.Replacer {
	if c.secret == nil || c.secret.token == "" {
		return strings.NewReplacer()
	}
	token := c.secret.token
	forms := []string{c.secret.header, token}
	for _, plain := range []string{token + ":", token, c.secret.header} {
		inHex := hex.EncodeToString([]byte(plain))
		forms = append(forms, inHex, strings.ToUpper(inHex))
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			padded := encoding.EncodeToString([]byte(plain))
			forms = append(forms, padded, strings.TrimRight(padded, "="))
		}
	}
	for _, form := range slices.Clone(forms) {
		quoted, _ := json.Marshal(form) // A string can always be encoded.
		inJSON := strings.Trim(string(quoted), `"`)
		forms = append(forms, inJSON, strings.ReplaceAll(inJSON, "/", `\/`), url.QueryEscape(form), url.PathEscape(form))
	}
	// At one place in a text the longest form wins, so that no part of it is left standing.
	slices.SortStableFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })

	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, redacted)
	}
	return strings.NewReplacer(pairs...)
}

// redact takes the credential out of a text. JSON may spell any character by its number, so those are written out first.
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

// escapedASCII is a visible character by its number. An escaped backslash is matched too, because it begins no number.
var escapedASCII = regexp.MustCompile(`\\\\|\\u00[2-7][0-9a-fA-F]`)
