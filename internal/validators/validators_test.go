// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package validators_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/validators"
)

func TestEmail(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]string{
		"ada@example.com":        "",
		"josé@example.com":       "",
		"ada":                    `"ada" is not a bare e-mail address, such as ada@example.com.`,
		"Ada <ada@example.com>":  `"Ada <ada@example.com>" is not a bare e-mail address, such as ada@example.com.`,
		"ada\u00a0@example.com":  `"ada\u00a0@example.com" is not a bare e-mail address, such as ada@example.com. It contains an invisible character: U+00A0 NO-BREAK SPACE at character 4.`,
		"ada@exam\u200bple.com":  "U+200B ZERO WIDTH SPACE at character 9",
		"ada@exam\u200dple.com":  "U+200D ZERO WIDTH JOINER at character 9",
		"\ufeffada@example.com":  "U+FEFF ZERO WIDTH NO-BREAK SPACE at character 1",
		"ada@exam\u00adple.com":  "U+00AD SOFT HYPHEN at character 9",
		"\u202emoc@example.com":  "U+202E RIGHT-TO-LEFT OVERRIDE at character 1",
		"ada@example.com\u2028":  "U+2028 LINE SEPARATOR at character 16",
		"ada@example.com\x00":    "U+0000 <control> at character 16",
		"ada\ufe0f@example.com":  "U+FE0F VARIATION SELECTOR-16 at character 4",
		"\"ada l\"@example.com":  `"\"ada l\"@example.com" is not a bare e-mail address, such as ada@example.com.`,
		"ada@example.com,b@x.io": `"ada@example.com,b@x.io" is not a bare e-mail address, such as ada@example.com.`,
	} {
		req := validator.StringRequest{Path: path.Root("email"), ConfigValue: types.StringValue(email)}
		var resp validator.StringResponse
		validators.Email().ValidateString(t.Context(), req, &resp)
		diags := resp.Diagnostics
		switch {
		case want == "" && len(diags) > 0:
			t.Errorf("%+q: %v", email, diags)
		case want != "" && (len(diags) != 1 || diags[0].Summary() != "Malformed e-mail address" || !strings.Contains(diags[0].Detail(), want)):
			t.Errorf("%+q: got %v, want %s", email, diags, want)
		}
		if strings.HasPrefix(want, `"`) && len(diags) == 1 && diags[0].Detail() != want {
			t.Errorf("%+q: got %q, want %q", email, diags[0].Detail(), want)
		}
	}
}
