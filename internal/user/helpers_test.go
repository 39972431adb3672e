// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"fmt"
	"maps"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
)

const udemyUser = "udemy_user"

// ada returns a configuration of the required attributes and more.
func ada(more acceptance.Values) acceptance.Values {
	config := acceptance.Values{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}
	maps.Copy(config, more)
	return config
}

// replace replaces placeholders, which are followed by their values, in a template.
func replace(template string, pairs ...any) string {
	words := make([]string, len(pairs))
	for i, word := range pairs {
		words[i] = fmt.Sprint(word)
	}
	return strings.NewReplacer(words...).Replace(template)
}
