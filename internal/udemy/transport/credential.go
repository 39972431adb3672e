// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"encoding/base64"
	"log/slog"
)

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
