// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// The password is redacted alone and together with the user name. The user name alone is not secret.
func TestBasicAuth(t *testing.T) {
	t.Parallel()
	const user, password = "client-1", "s3cret/+value"
	pair := user + ":" + password
	forms := []string{
		password, base64.StdEncoding.EncodeToString([]byte(password)), base64.StdEncoding.EncodeToString([]byte(pair)),
		base64.RawURLEncoding.EncodeToString([]byte(pair)), hex.EncodeToString([]byte(pair)), "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)),
	}
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		gotUser, gotPassword, _ := r.BasicAuth()
		if gotUser != user || gotPassword != password {
			t.Errorf("user %q and password %q", gotUser, gotPassword)
		}
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, "%s: %s", user, strings.Join(forms, " "))
	})
	cfg := config(t, address)
	cfg.Credential = transport.BasicAuth(user, password)
	response, err := transport.New(cfg).Do(t.Context(), get)
	if err != nil {
		t.Fatal(err)
	}
	want := user + ":" + strings.Repeat(" [redacted]", len(forms))
	if string(response.Body) != want {
		t.Errorf("body = %s, want %s", response.Body, want)
	}
	if text := fmt.Sprintf("%v %+v %#v", cfg.Credential, cfg, cfg); strings.Contains(text, password) {
		t.Errorf("the password is printed: %s", text)
	}
}
