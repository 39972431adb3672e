// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package diagnostics turns the errors of a directory into diagnostics that say what failed, what holds now, and what
// to do next.
package diagnostics

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// AttributeError is a failure that is one attribute's business.
type AttributeError struct {
	Attribute string
	Err       error
}

// Error implements error.
func (e *AttributeError) Error() string { return e.Err.Error() }

// Unwrap gives errors.Is and errors.As the failure itself.
func (e *AttributeError) Unwrap() error { return e.Err }

// AddError turns a Directory's error into diagnostics. The summary says what failed and on which learner,
// group or membership; outcome says what holds for it now. What the API said about single attributes
// goes to those in attributes, an AttributeError to its own, everything else to the whole resource.
func AddError(diags *diag.Diagnostics, summary, outcome string, err error, attributes ...string) {
	var own *AttributeError
	if errors.As(err, &own) {
		AddErrorAt(diags, path.Root(own.Attribute), summary, outcome, err)
		return
	}

	placed := false
	var refused *udemy.Error
	if errors.As(err, &refused) {
		for _, attribute := range attributes {
			if said, ok := refused.Fields[attribute]; ok {
				diags.AddAttributeError(path.Root(attribute), summary,
					Explain(fmt.Sprintf("Udemy refused %s: %s", attribute, said), outcome, nextStep(err)))
				placed = true
			}
		}
	}
	if !placed {
		diags.AddError(summary, Explain(err.Error(), outcome, nextStep(err)))
	}
}

// AddErrorAt is AddError for a failure that is one value's business.
func AddErrorAt(diags *diag.Diagnostics, at path.Path, summary, outcome string, err error) {
	diags.AddAttributeError(at, summary, Explain(err.Error(), outcome, nextStep(err)))
}

// Explain joins the non-empty parts of a detail into paragraphs. The first part becomes a sentence.
func Explain(what string, more ...string) string {
	parts := slices.DeleteFunc(append([]string{sentence(what)}, more...), func(part string) bool { return part == "" })
	return strings.Join(parts, "\n\n")
}

// nextStep says what a person can do about a kind of error.
func nextStep(err error) string {
	var conflict *udemy.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "Terraform was told to stop. Apply again: what was done already is found and taken over."
	case errors.As(err, &conflict) && errors.Is(conflict, udemy.ErrConflict) && conflict.ExistingID != "":
		return fmt.Sprintf("In the way is what Udemy knows by the id %s.", conflict.ExistingID)
	case errors.Is(err, udemy.ErrUnauthorized):
		return "The token is wrong, has been revoked, or has expired. Make a new one in Udemy and set token in the provider block, " +
			"or the environment variable UDEMY_TOKEN."
	case errors.Is(err, udemy.ErrForbidden):
		return "The token is valid, but Udemy does not allow this call. Check what the token may do, and whether the " +
			"organization's plan includes this API."
	case errors.Is(err, udemy.ErrNotOffered):
		return "This organization's API has no such call, and nothing was changed or forgotten. Make the change on Udemy's own pages; " +
			"`terraform state rm` takes the object out of Terraform without touching it."
	case errors.Is(err, udemy.ErrMismatch):
		return "Nothing further was done, and the ID in state is unchanged. A cache or a proxy between Terraform and Udemy may mix up answers: check the " +
			"endpoint in the provider block and any proxy in the environment. If the call was a change, check on Udemy's own pages whether it was " +
			"carried out before you apply again."
	case errors.Is(err, udemy.ErrNoEffect):
		return "Nothing was forgotten. Udemy may need more time, or may ignore the call: check the learner or group on Udemy's own pages, then apply again."
	case errors.Is(err, udemy.ErrUnavailable):
		return "Whether Udemy carried the call out is not known. Apply again: what was done already is found and taken over."
	default:
		return ""
	}
}

// ImportHint shows both ways to bring an existing object under Terraform, ready to paste but for the address,
// which a provider is not told.
func ImportHint(resourceType, id string) string {
	return fmt.Sprintf(`To manage it with Terraform, import it at the address that this message names, for example:

  terraform import %[1]s.NAME %[2]s

or, in the configuration:

  import {
    to = %[1]s.NAME
    id = %[3]q
  }`, resourceType, shellQuote(id), id)
}

// shellQuote quotes what a shell would take apart.
func shellQuote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || slices.Contains([]rune("-_.:/@+"), r)
	}
	if strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// sentence begins with a capital and ends with one period, whatever the error and the API's words look like.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + strings.TrimRight(s[size:], ".") + "."
}
