// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// email is an entry of the emails of a user. A learner has only one.
type email struct {
	value, kind string
	primary     bool
}

var emailFields = map[string]field[email]{
	"value":   {get: func(e *email) any { return e.value }},
	"type":    {get: func(e *email) any { return e.kind }},
	"primary": {get: func(e *email) any { return e.primary }},
}

// userFields are the attributes in filters for users.
var userFields = map[string]field[Learner]{
	"id":             {get: func(l *Learner) any { return l.ID }, exact: true},
	"username":       {get: func(l *Learner) any { return l.userName() }},
	"externalid":     {get: func(l *Learner) any { return l.ExternalID }, exact: true},
	"active":         {get: func(l *Learner) any { return l.Status != StatusDeactivated }},
	"emails":         {get: func(l *Learner) any { return l.Email }},
	"emails.value":   {get: func(l *Learner) any { return l.Email }},
	"emails.type":    {get: func(*Learner) any { return "work" }},
	"emails.primary": {get: func(*Learner) any { return true }},
}

// licenseFields are the attributes in filters for licenses. They are simple strings, so the attribute is
// "value" (RFC 7644 section 3.5.2).
var licenseFields = map[string]field[string]{
	"value": {get: func(name *string) any { return *name }, exact: true},
}

// userAttributes returns the attributes of a user with their sub-attributes, in lower case.
func (a *scim) userAttributes() map[string][]string {
	return map[string][]string{
		"id": nil, "meta": nil, "groups": nil,
		"username": nil, "externalid": nil, "active": nil, "title": nil, "locale": nil,
		"name":        {"givenname", "familyname", "formatted"},
		"emails":      {"value", "type", "primary", "display"},
		extensionName: append(a.licenseKeys(), poolKey),
	}
}

func (a *scim) listUsers(w http.ResponseWriter, r *http.Request) error {
	match, err := filter(a, r.URL.Query(), userURN, userFields)
	if err != nil {
		return err
	}
	offset, limit, err := a.page(r)
	if err != nil {
		return err
	}
	users, total := a.organization.scimUsers(match, offset, limit)
	writeSCIMList(a, w, r, users, offset, total, a.user)
	return nil
}

func (a *scim) readUser(w http.ResponseWriter, r *http.Request) error {
	user, err := a.organization.scimUser(r.PathValue("id"))
	if err != nil {
		return err
	}
	a.writeResource(w, r, http.StatusOK, a.user(r, user))
	return nil
}

func (a *scim) createUser(w http.ResponseWriter, r *http.Request) error {
	sent, err := readObject(r)
	if err != nil {
		return err
	}
	if err := checkSchemas(sent, userURN, extensionURN); err != nil {
		return err
	}
	created := Learner{Status: StatusActive}
	attributes := a.userAttributes()
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		// Read-only attributes are ignored (RFC 7644 section 3.3).
		if _, known := attributes[name]; known && (unassigned(sent[name]) || slices.Contains(readOnly, name)) {
			continue
		}
		if err := a.setUser(&created, "add", name, sent[name]); err != nil {
			return err
		}
	}
	if created.UserName == "" {
		return refuse(invalidValue, "userName is required.")
	}
	if created.Email == "" {
		if !isAddress(created.UserName) {
			return refuse(invalidValue, "emails is required if userName is not an e-mail address.")
		}
		created.Email = created.UserName
	}
	user, err := a.organization.createSCIMUser(created)
	if err != nil {
		return err
	}
	a.writeResource(w, r, http.StatusCreated, a.user(r, user))
	return nil
}

func (a *scim) patchUser(w http.ResponseWriter, r *http.Request) error {
	operations, err := readOperations(r, userURN, a.userAttributes())
	if err != nil {
		return err
	}
	user, err := a.organization.editSCIMUser(r.PathValue("id"), a.matches(r), func(l *Learner) error {
		// In SCIM the user name is a separate attribute. A change of the e-mail address does not change it.
		l.UserName = l.userName()
		for _, o := range operations {
			if err := a.applyToUser(l, o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	a.writePatched(w, r, a.user(r, user))
	return nil
}

// applyToUser applies one operation of a PATCH.
func (a *scim) applyToUser(l *Learner, o operation) error {
	if o.path == nil {
		object, _ := o.value.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if err := a.setUser(l, o.op, name, object[name]); err != nil {
				return err
			}
		}
		return nil
	}
	switch path := o.path; {
	case path.attribute == "emails" && (path.filter != nil || path.sub != ""):
		return a.changeEmail(l, o)
	case path.attribute == extensionName && path.sub == poolKey && path.filter == nil:
		return a.setPool(l, o.op, o.value)
	case path.attribute == extensionName && path.sub != "" && path.filter != nil:
		return a.removeLicenses(l, o)
	case path.filter != nil:
		return refuse(invalidPath, "%s takes no filter.", path.attribute)
	case path.attribute == extensionName && path.sub != "":
		return a.setLicenses(l, o.op, o.value)
	default:
		content := o.value
		if o.op == "remove" {
			content = nil
		}
		if path.sub != "" {
			content = map[string]any{path.sub: content}
		}
		return a.setUser(l, o.op, path.attribute, content)
	}
}

// setUser writes an attribute of a user. Only multi-valued attributes depend on the operation. Null
// removes an attribute (RFC 7643 section 2.5).
func (a *scim) setUser(l *Learner, operation, name string, content any) error {
	var err error
	switch name {
	case "schemas":
		return checkSchemas(map[string]any{"schemas": content}, userURN, extensionURN)
	case "username":
		l.UserName, err = requiredText(name, content)
	case "emails":
		l.Email, err = readEmails(content)
	case "externalid":
		l.ExternalID, err = text(name, content)
	case "title":
		l.Title, err = text(name, content)
	case "locale":
		l.Locale, err = text(name, content)
	case "name":
		err = setName(l, content)
	case "active":
		var active bool
		if active, err = boolean(name, content); err != nil {
			return err
		}
		// In SCIM, an invited learner is active.
		if !active {
			l.Status = StatusDeactivated
		} else if l.Status == StatusDeactivated {
			l.Status = StatusActive
		}
	case extensionName:
		err = a.setExtension(l, operation, content)
	case "id", "meta", "groups":
		err = refuse(mutability, "%s is read-only.", name)
	case "roles":
		err = refuse(invalidSyntax, "Roles cannot be managed through SCIM.")
	default:
		err = refuse(invalidSyntax, "Unknown attribute %q.", name)
	}
	return err
}

// setName writes the given parts of a name. Null removes all parts.
func setName(l *Learner, content any) error {
	if content == nil {
		l.FirstName, l.LastName = "", ""
		return nil
	}
	parts, ok := content.(map[string]any)
	if !ok {
		return refuse(invalidValue, "name must be an object.")
	}
	for _, part := range slices.Sorted(maps.Keys(parts)) {
		s, err := text("name."+part, parts[part])
		if err != nil {
			return err
		}
		switch part {
		case "givenname":
			l.FirstName = s
		case "familyname":
			l.LastName = s
		case "formatted": // computed from the other parts
		default:
			return refuse(invalidSyntax, "Unknown attribute %q.", "name."+part)
		}
	}
	return nil
}

// readEmails returns the e-mail address that the organization stores: the primary work address, or else
// the first work address.
func readEmails(content any) (string, error) {
	if unassigned(content) {
		return "", refuse(mutability, "emails is required and cannot be removed.")
	}
	listed, ok := content.([]any)
	if !ok {
		return "", refuse(invalidValue, "emails must be a list.")
	}
	var work []email
	primaries := 0
	for _, item := range listed {
		e, err := readEmail(item)
		if err != nil {
			return "", err
		}
		if e.primary {
			primaries++
		}
		if e.kind == "" || strings.EqualFold(e.kind, "work") {
			work = append(work, e)
		}
	}
	switch {
	case primaries > 1: // RFC 7643 section 2.4
		return "", refuse(invalidValue, "Only one e-mail can be the primary one.")
	case len(work) == 0:
		return "", refuse(invalidValue, "An e-mail of the type work is required.")
	}
	chosen := max(slices.IndexFunc(work, func(e email) bool { return e.primary }), 0)
	return work[chosen].value, nil
}

func readEmail(content any) (email, error) {
	object, ok := content.(map[string]any)
	if !ok {
		return email{}, refuse(invalidValue, "Each of the emails must be an object.")
	}
	if err := onlyNames(object, "value", "type", "primary", "display"); err != nil {
		return email{}, err
	}
	var e email
	var err error
	if e.value, err = text("emails.value", object["value"]); err != nil {
		return email{}, err
	}
	if !isAddress(e.value) {
		return email{}, refuse(invalidValue, "%q is not a valid e-mail address.", e.value)
	}
	if e.kind, err = text("emails.type", object["type"]); err != nil {
		return email{}, err
	}
	if _, err = text("emails.display", object["display"]); err != nil {
		return email{}, err
	}
	if object["primary"] != nil {
		e.primary, err = boolean("emails.primary", object["primary"])
	}
	return e, err
}

// changeEmail applies an operation on emails[filter], emails[filter].sub or emails.sub.
func (a *scim) changeEmail(l *Learner, o operation) error {
	if o.path.filter != nil {
		match, err := compile(o.path.filter, emailFields)
		if err != nil {
			return err
		}
		stored := email{value: l.Email, kind: "work", primary: true}
		if a.config.Variations.UntypedEmails {
			stored.kind, stored.primary = "", false
		}
		if !match(&stored) { // RFC 7644 section 3.5.2.3
			return refuse(noTarget, "No e-mail matches the filter.")
		}
	}
	changed := map[string]any{"value": l.Email, "type": "work", "primary": true}
	object, ok := o.value.(map[string]any)
	switch {
	case o.op == "remove":
		return refuse(mutability, "emails is required and cannot be removed.")
	case o.path.sub != "":
		changed[o.path.sub] = o.value
	case ok:
		maps.Copy(changed, object)
	default:
		return refuse(invalidValue, "An e-mail must be an object.")
	}
	return a.setUser(l, o.op, "emails", []any{changed})
}

// licenseKeys returns the accepted names of the attribute for licenses, in lower case. Udemy's
// documentation uses both.
func (a *scim) licenseKeys() []string {
	if a.config.Variations.LicenseType {
		return []string{"licensetype"}
	}
	return []string{"licensetypes", "licensetype"}
}

// licenseName returns the name of the attribute for licenses in responses.
func (a *scim) licenseName() string {
	if a.config.Variations.LicenseType {
		return "licenseType"
	}
	return "licenseTypes"
}

// setExtension writes the attributes of Udemy's schema.
func (a *scim) setExtension(l *Learner, operation string, content any) error {
	if content == nil {
		return nil
	}
	object, ok := content.(map[string]any)
	if !ok {
		return refuse(invalidValue, "%s must be an object.", extensionURN)
	}
	if err := onlyNames(object, append(a.licenseKeys(), poolKey)...); err != nil {
		return err
	}
	if object["licensetypes"] != nil && object["licensetype"] != nil {
		return refuse(invalidSyntax, "licenseTypes and licenseType are the same.")
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		set := a.setLicenses
		if name == poolKey {
			set = a.setPool
		}
		if err := set(l, operation, object[name]); err != nil {
			return err
		}
	}
	return nil
}

// poolKey is the attribute for the license pool, in lower case.
const poolKey = "licensepoolname"

// setPool moves a learner to a license pool. A learner always has a pool, so the attribute can't be removed.
func (a *scim) setPool(l *Learner, operation string, content any) error {
	if operation == "remove" || unassigned(content) {
		return nil
	}
	name, err := text("licensePoolName", content)
	l.Pool = a.organization.poolNamed(name)
	return err
}

// setLicenses writes the licenses. It ignores a change that removes the last license, like Udemy does.
func (a *scim) setLicenses(l *Learner, operation string, content any) error {
	var named []string
	if content != nil {
		listed, ok := content.([]any)
		if !ok {
			return refuse(invalidValue, "The licenses must be a list of strings.")
		}
		for _, item := range listed {
			name, _ := item.(string)
			if name != LicenseEnterprise && name != LicensePro {
				return refuse(invalidValue, "Unknown license %v.", item)
			}
			named = append(named, name)
		}
	}
	var licenses []string
	switch {
	case operation == "remove" && content == nil:
	case operation == "remove":
		licenses = slices.DeleteFunc(slices.Clone(l.Licenses), func(name string) bool { return slices.Contains(named, name) })
	default:
		if operation == "add" {
			licenses = slices.Clone(l.Licenses)
		}
		for _, name := range named {
			if !slices.Contains(licenses, name) {
				licenses = append(licenses, name)
			}
		}
	}
	if len(licenses) > 0 {
		l.Licenses = licenses
	}
	return nil
}

// removeLicenses removes the licenses that match a filter.
func (a *scim) removeLicenses(l *Learner, o operation) error {
	match, err := compile(o.path.filter, licenseFields)
	if err != nil {
		return err
	}
	if o.op != "remove" {
		return refuse(invalidPath, "A filter on the licenses can only remove some.")
	}
	selected := []any{}
	for _, name := range l.Licenses {
		if match(&name) {
			selected = append(selected, name)
		}
	}
	return a.setLicenses(l, "remove", selected)
}

// emails returns the e-mail addresses of a learner.
func (a *scim) emails(address string) []any {
	if a.config.Variations.UntypedEmails {
		return []any{map[string]any{"value": "alias." + address}, map[string]any{"value": address}}
	}
	return []any{map[string]any{"value": address, "type": "work", "primary": true}}
}

// user returns the resource of a learner (RFC 7643 section 4.1).
func (a *scim) user(r *http.Request, u scimUser) map[string]any {
	licenses := make([]any, 0, len(u.Licenses))
	for _, name := range u.Licenses {
		licenses = append(licenses, name)
	}
	extension := map[string]any{a.licenseName(): licenses}
	if len(a.config.LicensePools) > 0 {
		extension["licensePoolName"] = cmp.Or(u.Pool, DefaultLicensePool)
	}
	resource := map[string]any{
		"schemas":    []any{userURN, extensionURN},
		"id":         u.ID,
		"userName":   u.userName(),
		"emails":     a.emails(u.Email),
		"active":     u.Status != StatusDeactivated,
		extensionURN: extension,
		"meta":       a.meta(r, "User", u.ID, u.times),
	}
	if !a.config.Variations.NoUserGroups {
		resource["groups"] = references(r, "Group", u.groups)
	}
	name := map[string]any{}
	// Unset attributes are omitted (RFC 7643 section 2.5).
	for _, optional := range []struct {
		object        map[string]any
		name, content string
	}{
		{resource, "externalId", u.ExternalID},
		{resource, "title", u.Title},
		{resource, "locale", u.Locale},
		{name, "givenName", u.FirstName},
		{name, "familyName", u.LastName},
		{name, "formatted", strings.TrimSpace(u.FirstName + " " + u.LastName)},
	} {
		if optional.content != "" {
			optional.object[optional.name] = optional.content
		}
	}
	if len(name) > 0 {
		resource["name"] = name
	}
	return resource
}
