// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package diagnostics turns the errors of a directory into diagnostics: what failed, the state of the object now, and the
// next step.
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

// AttributeError is a failure that belongs to one attribute.
type AttributeError struct {
	Attribute string
	Err       error
}

func (e *AttributeError) Error() string { return e.Err.Error() }

// Unwrap returns the failure itself.
func (e *AttributeError) Unwrap() error { return e.Err }

// AddError turns the error of a Directory into diagnostics. The summary is what failed and on which object, and outcome is
// the state of the object now. An AttributeError goes to its own attribute. An API's message about one of the given
// attributes goes to that attribute, and any other error to the whole resource.
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
			if message, ok := refused.Fields[attribute]; ok {
				diags.AddAttributeError(path.Root(attribute), summary,
					Explain(fmt.Sprintf("Udemy refused %s: %s", attribute, message), outcome, nextStep(err)))
				placed = true
			}
		}
	}
	if !placed {
		diags.AddError(summary, Explain(message(err), outcome, nextStep(err)))
	}
}

// AddErrorAt is AddError for a failure that belongs to one value.
func AddErrorAt(diags *diag.Diagnostics, at path.Path, summary, outcome string, err error) {
	diags.AddAttributeError(at, summary, Explain(message(err), outcome, nextStep(err)))
}

// AddWarningAt is AddErrorAt for a failure that must not taint the object.
func AddWarningAt(diags *diag.Diagnostics, at path.Path, summary, outcome string, err error) {
	diags.AddAttributeWarning(at, summary, Explain(message(err), outcome, nextStep(err)))
}

// message returns the text of an error. If the server can't be reached, the text begins with the server.
func message(err error) string {
	if failed, ok := unreachable(err); ok {
		return fmt.Sprintf("%s. The failed call is %s", failed.Detail, failed.Call)
	}
	return err.Error()
}

// unreachable reports whether the call that failed was not sent. Its cause does not count: a read after a change can fail because the
// server can't be reached any more.
func unreachable(err error) (*udemy.Error, bool) {
	failed, ok := errors.AsType[*udemy.Error](err)
	return failed, ok && errors.Is(failed.Kind, udemy.ErrUnreachable)
}

// Explain joins the non-empty parts of a detail into paragraphs. The first part becomes a sentence.
func Explain(what string, more ...string) string {
	parts := slices.DeleteFunc(append([]string{sentence(what)}, more...), func(part string) bool { return part == "" })
	return strings.Join(parts, "\n\n")
}

// nextStep returns what the user can do about a kind of error.
func nextStep(err error) string {
	var conflict *udemy.Error
	_, notSent := unreachable(err)
	switch {
	case errors.Is(err, context.Canceled):
		return "The run was interrupted. Apply again: an object that was created already is adopted."
	case errors.As(err, &conflict) && errors.Is(conflict, udemy.ErrConflict) && conflict.ExistingID != "":
		return fmt.Sprintf("The conflicting object has ID %s.", conflict.ExistingID)
	case errors.Is(err, udemy.ErrUnauthorized):
		return "The token is wrong, has been revoked, or has expired. Create a new token in Udemy, and set token in the provider block " +
			"or the environment variable UDEMY_TOKEN."
	case errors.Is(err, udemy.ErrForbidden):
		return "The token is valid, but Udemy does not allow this call. Check that the token belongs to the configured organization: compare subdomain " +
			"with the URL of Udemy's admin pages, or organization_uuid with the UUID that they show. Also check the permissions of the token, and whether " +
			"the organization's plan includes this API." + licenseHint(err)
	case errors.Is(err, udemy.ErrRefused):
		return "Udemy did not carry out the call." + licenseHint(err)
	case errors.Is(err, udemy.ErrInvalid) && mayNeedSeat(err):
		return strings.TrimSpace(licenseHint(err))
	case errors.Is(err, udemy.ErrIncomplete):
		return "Objects may be missing from the list, so it was not used. The API or a proxy may ignore which page is requested, or report a wrong total: check the " +
			"endpoint in the provider block and any proxy in the environment."
	case errors.Is(err, udemy.ErrNoMemberships):
		return "Terraform can't read memberships, because no response of the API contains one. If the organization has none yet, apply again once a learner is in " +
			"a group."
	case errors.Is(err, udemy.ErrNoCollection):
		return "Check the address: subdomain, organization_uuid and endpoint in the provider block, or UDEMY_SUBDOMAIN, UDEMY_ORGANIZATION_UUID and " +
			"UDEMY_ENDPOINT in the environment. If it is right, the organization's API has no such call. Nothing was changed, and no object was removed " +
			"from state."
	case errors.Is(err, udemy.ErrNotOffered):
		return "The organization's API has no such call. Nothing was changed, and no object was removed from state. Make the change on " +
			"Udemy's own pages. `terraform state rm` removes the object from state without a change at Udemy."
	case errors.Is(err, udemy.ErrMismatch):
		return "The run did nothing further with the object, and the ID in state is unchanged. A cache or a proxy between Terraform and Udemy may mix up " +
			"responses: check the endpoint in the provider block and any proxy in the environment. If the call was a change, check on Udemy's own pages " +
			"whether it was carried out before you apply again."
	case errors.Is(err, udemy.ErrNoEffect):
		return "No object was removed from state. Udemy may need more time, or may ignore the call. Check the learner or group on Udemy's own pages, then " +
			"apply again."
	case notSent:
		return "Check the network, the proxy in the environment (HTTPS_PROXY and NO_PROXY), and the address in the provider block. Then run the " +
			"command again."
	case errors.Is(err, udemy.ErrUnavailable) && onlyReads(err):
		return "The failed call only reads. Run the command again."
	case errors.Is(err, udemy.ErrUnavailable):
		return "Udemy may or may not have carried out the call. Apply again: an object that was created already is adopted."
	default:
		return ""
	}
}

// licenseHint is the next step after a refused change if the organization has no free license. Udemy documents that such a change is
// refused, but not the status.
func licenseHint(err error) string {
	if onlyReads(err) {
		return ""
	}
	return " If the message is about licenses or seats, none is free: deactivate a learner or get more licenses, then apply again."
}

// mayNeedSeat reports whether the failed call changes a learner, and the API blames no attribute for it.
func mayNeedSeat(err error) bool {
	failed, ok := errors.AsType[*udemy.Error](err)
	return ok && len(failed.Fields) == 0 && strings.Contains(strings.ToLower(failed.Call), " /users")
}

// onlyReads reports whether the failed call can't have changed anything.
func onlyReads(err error) bool {
	failed, ok := errors.AsType[*udemy.Error](err)
	return ok && strings.HasPrefix(failed.Call, "GET ")
}

// ImportHint returns the command and the block that import an existing object. The address of the resource is a
// placeholder, because Terraform does not pass it to a provider.
func ImportHint(resourceType, id string) string {
	return fmt.Sprintf(`To manage it with Terraform, import it at the address that this message names, for example:

  terraform import %[1]s.NAME %[2]s

or, in the configuration:

  import {
    to = %[1]s.NAME
    id = %[3]q
  }`, resourceType, shellQuote(id), id)
}

// shellQuote quotes a text that a shell would split or expand.
func shellQuote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || slices.Contains([]rune("-_.:/@+"), r)
	}
	if strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// sentence makes a text begin with a capital letter and end with one period.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + strings.TrimRight(s[size:], ".") + "."
}
