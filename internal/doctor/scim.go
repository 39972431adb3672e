// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/plural"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/scim"
)

// licenseSchema is the URN of Udemy's extension of a user.
const licenseSchema = "urn:ietf:params:scim:schemas:extension:udemy:2.0:User"

// scimAPI has the checks of SCIM.
type scimAPI struct {
	*evidence
	users, groups, groupsWithMembers listing
	user                             answer   // one learner
	schemas                          []object // nil if the API does not describe them
	// usersHaveGroups and usersHaveEmptyGroups are true if a learner on the page has the attribute "groups", with and without groups.
	usersHaveGroups, usersHaveEmptyGroups bool
	// hasPages is true if startIndex and count select a page.
	hasPages bool
}

func newSCIM(e *evidence) api {
	s := &scimAPI{evidence: e}
	userName := nameFilter{s, "/Users", "userName", &s.users, learnerWords, "two learners"}
	displayName := nameFilter{s, "/Groups", "displayName", &s.groups, groupWords, "two groups"}
	return api{
		list:  s.list,
		first: []check{{"Learners", "list", s.checkList}},
		others: []check{
			{"Learners", "page of 100", func(context.Context) row { return s.users.pageSize(documented) }},
			{"Learners", "startIndex and count", s.checkStartIndex},
			{"Learners", "total", s.checkTotal},
			{"Learners", "attributes", s.checkAttributes},
			{"Learners", "spelling", s.checkSpelling},
			{"Learners", "userName", s.checkUserName},
			{"Learners", "groups", s.checkUserGroups},
			{"Learners", "read one", s.checkRead},
			{"Learners", "ETag", s.checkETag},
			{"Learners", "absent one", s.checkAbsent},
			{"Learners", "filter userName", userName.check},
			{"Learners", "filter userName, case", userName.checkCase},
			{"Learners", "filter emails.value", s.checkEmailFilter},
			{"Learners", "filter externalId", s.checkExternalIDFilter},
			{"Learners", "malformed filter", s.checkMalformedFilter},
			{"Groups", "list", s.checkGroups},
			{"Groups", "members in lists", s.checkListedMembers},
			{"Groups", "members", s.checkMembers},
			{"Groups", "empty lists", s.checkEmptyLists},
			{"Groups", "filter displayName", displayName.check},
			{"Groups", "filter displayName, case", displayName.checkCase},
			{"Discovery", "ServiceProviderConfig", s.checkConfig},
			{"Discovery", "Schemas", s.checkSchemas},
			{"Discovery", "license attribute", s.checkLicenses},
			{"Discovery", "license pool", s.checkPool},
			{"Changes", "create, change, remove", func(context.Context) row {
				return row{Verdict: notChecked, Note: "only reads; Udemy documents these changes, but not their exact form"}
			}},
		},
	}
}

func (s *scimAPI) page(ctx context.Context, route string, query url.Values) listing {
	a := s.probe.get(ctx, route, query)
	l := listing{answer: a, total: -1}
	if a.isOK() {
		l.total = a.body.number("totalResults")
		l.items, l.isList = a.body.objects("Resources")
		l.isList = l.isList || l.total >= 0 // An empty list may have no Resources.
	}
	return l
}

func window(startIndex, count int) url.Values {
	return url.Values{"startIndex": {strconv.Itoa(startIndex)}, "count": {strconv.Itoa(count)}}
}

func (s *scimAPI) list(ctx context.Context) bool {
	s.users = s.page(ctx, "/Users", window(1, 100))
	s.first, s.connection = s.users.answer, s.probe.connection
	for _, user := range s.users.items {
		refs, isList := user.objects("groups")
		s.usersHaveGroups = s.usersHaveGroups || len(refs) > 0
		s.usersHaveEmptyGroups = s.usersHaveEmptyGroups || isList && len(refs) == 0
	}
	return s.users.isList
}

func (s *scimAPI) checkList(context.Context) row {
	switch a := s.users.answer; {
	case !s.answered():
		return without("a response of the API")
	case a.isAbsent():
		return row{
			Result: a.text(), Verdict: problem,
			next: "Check UDEMY_SUBDOMAIN and UDEMY_ENDPOINT. If both are right, set up SCIM under Manage › Settings › Provisioning (SCIM): this address has no SCIM API.",
		}
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return without("a valid credential")
	case !a.isOK():
		return row{Result: a.text(), Verdict: problem, next: "Open an issue with this report: the provider can't read the list of learners."}
	case !s.users.isList:
		return row{Result: "no list in the response", Verdict: problem, next: "Check UDEMY_ENDPOINT: another service answers."}
	case len(s.users.items) == 0:
		return row{Result: "readable, without learners", Verdict: documented, Note: "SCIM shows only learners that were created through SCIM"}
	case s.users.total < 0:
		return row{Result: "readable, without totalResults", Verdict: missing, Note: "the provider reads the pages one after the other"}
	default:
		return row{Result: "readable", Verdict: documented}
	}
}

func (s *scimAPI) checkConfig(ctx context.Context) row {
	a := s.probe.get(ctx, "/ServiceProviderConfig", nil)
	if !a.isOK() {
		return row{Result: a.text(), Verdict: missing, Note: "the provider does not need it"}
	}
	var supported, unsupported []string
	for _, feature := range []string{"patch", "filter", "etag", "sort", "bulk"} {
		if a.body.object(feature).isTrue("supported") {
			supported = append(supported, feature)
		} else {
			unsupported = append(unsupported, feature)
		}
	}
	found := row{Result: "supported: " + strings.Join(supported, ", "), Verdict: documented}
	if limit := a.body.object("filter").number("maxResults"); limit > 0 {
		found.Result += fmt.Sprintf("; pages of up to %d", limit)
	}
	if slices.Contains(unsupported, "patch") {
		found.Result, found.Verdict = "without patch", problem
		found.next = "Ask Udemy's support about PATCH: the API does not list PATCH as supported, and the provider makes all changes with PATCH."
	}
	return found
}

func (s *scimAPI) checkSchemas(ctx context.Context) row {
	a := s.probe.get(ctx, "/Schemas", nil)
	list, isList := a.body.objects("Resources")
	switch {
	case !a.isOK():
		return row{Result: a.text(), Verdict: missing, Note: "the provider does not need it"}
	case !isList:
		return row{Result: "no list in the response", Verdict: missing, Note: "the provider does not need it"}
	}
	s.schemas = list
	if !slices.ContainsFunc(list, func(schema object) bool { return strings.EqualFold(schema.text("id"), licenseSchema) }) {
		return row{Result: "without Udemy's extension", Verdict: missing, Note: "it has the licenses"}
	}
	return row{Result: "with Udemy's extension", Verdict: documented}
}

func (s *scimAPI) checkStartIndex(ctx context.Context) row {
	if len(s.users.items) < 2 {
		return without("two learners")
	}
	second := s.page(ctx, "/Users", window(2, 1))
	lack := missing
	if s.users.hasMore() {
		lack = problem
	}
	const next = "Open an issue with this report: the provider can read only the first page of learners."
	switch {
	case !second.isList || len(second.items) == 0:
		return row{Result: second.answer.text(), Verdict: lack, Note: "no learner at startIndex=2", next: next}
	case second.items[0].text("id") == s.users.items[0].text("id"):
		return row{Result: "startIndex ignored", Verdict: lack, Note: "each page is the first one", next: next}
	case len(second.items) > 1:
		return row{Result: "startIndex obeyed, count ignored", Verdict: missing, Note: "the provider adapts"}
	case second.total != s.users.total:
		s.hasPages = true
		return row{
			Result: "totalResults differs between pages", Verdict: lack, Note: "unless the organization changed meanwhile",
			next: "Run the command again. If the total differs again, open an issue with this report.",
		}
	default:
		s.hasPages = true
		return row{Result: "obeyed", Verdict: documented}
	}
}

// checkTotal requests the last learner according to the total, and one more.
func (s *scimAPI) checkTotal(ctx context.Context) row {
	if !s.hasPages || s.users.total < 1 {
		return without("startIndex, count and totalResults")
	}
	last := s.page(ctx, "/Users", window(s.users.total, 2))
	switch {
	case !last.isList:
		return row{Result: last.answer.text(), Verdict: missing, Note: "for the last page"}
	case len(last.items) > 1:
		return row{
			Result: "too low", Verdict: problem, Note: "a learner follows after totalResults",
			next: "Open an issue with this report: learners may be missing from the pages that the provider reads.",
		}
	case len(last.items) == 0:
		return row{Result: "too high", Verdict: missing, Note: "there are fewer learners than totalResults"}
	default:
		return row{Result: "right", Verdict: documented}
	}
}

// hasAttribute reports whether a learner on the page has a value.
func (s *scimAPI) hasAttribute(names ...string) bool {
	return slices.ContainsFunc(s.users.items, func(user object) bool {
		for _, name := range names[:len(names)-1] {
			user = user.object(name)
		}
		return user.has(names[len(names)-1])
	})
}

func (s *scimAPI) checkAttributes(context.Context) row {
	if len(s.users.items) == 0 {
		return without("a learner")
	}
	paths := []string{"id", "userName", "emails", "name.givenName", "name.familyName", "active", "externalId", "title", "locale"}
	var absent []string
	for _, path := range paths {
		if !s.hasAttribute(strings.Split(path, ".")...) {
			absent = append(absent, path)
		}
	}
	switch {
	case slices.Contains(absent, "id") || slices.Contains(absent, "userName") && slices.Contains(absent, "emails"):
		return row{
			Result: "without " + strings.Join(absent, ", "), Verdict: problem,
			next: "Open an issue with this report: the provider needs the ID and the address of a learner.",
		}
	case len(absent) > 0:
		return row{Result: "all but " + strings.Join(absent, ", "), Verdict: documented, Note: "no learner on the page has these"}
	default:
		return row{Result: "all " + strconv.Itoa(len(paths)), Verdict: documented}
	}
}

// checkSpelling looks at what the RFCs leave open or servers get wrong.
func (s *scimAPI) checkSpelling(context.Context) row {
	if len(s.users.items) == 0 {
		return without("a learner")
	}
	names, booleans := "names as in the RFC", "booleans as JSON"
	user := s.users.items[0]
	if _, isExact := user["userName"]; !isExact && user.has("userName") {
		names = "names in another letter case"
	}
	if _, isText := user.get("active").(string); isText {
		booleans = "booleans as strings"
	}
	return row{Result: names + ", " + booleans, Verdict: documented, Note: "the provider reads both"}
}

func (s *scimAPI) checkUserName(context.Context) row {
	if len(s.users.items) == 0 {
		return without("a learner")
	}
	isAddress := func(user object) bool {
		emails, _ := user.objects("emails")
		return len(emails) == 0 || slices.ContainsFunc(emails, func(email object) bool {
			return strings.EqualFold(email.text("value"), user.text("userName"))
		})
	}
	if slices.ContainsFunc(s.users.items, func(user object) bool { return !isAddress(user) }) {
		return row{Result: "is not always an address", Verdict: notOffered, Note: "the provider searches in both"}
	}
	return row{Result: "is an address of the learner", Verdict: confirmed}
}

func (s *scimAPI) checkLicenses(context.Context) row {
	if len(s.users.items) == 0 && s.schemas == nil {
		return without("a learner or Schemas")
	}
	var seen []string
	for _, name := range []scim.LicenseKey{scim.LicenseTypes, scim.LicenseType} {
		var where []string
		if s.hasAttribute(licenseSchema, string(name)) {
			where = append(where, "responses")
		}
		if s.describes(string(name)) {
			where = append(where, "Schemas")
		}
		if len(where) > 0 {
			seen = append(seen, fmt.Sprintf("%s in %s", name, strings.Join(where, " and ")))
		}
	}
	found := row{Result: strings.Join(seen, ", "), Verdict: documented}
	switch {
	case len(seen) == 0:
		return row{Result: "not returned", Verdict: missing, Note: "license_types can't be read"}
	case len(seen) == 1 && strings.HasPrefix(seen[0], string(scim.LicenseType)+" "):
		found.settings = map[string]string{"license_attribute": string(scim.LicenseType)}
	}
	return found
}

// describes reports whether the schema of Udemy's extension has an attribute.
func (s *scimAPI) describes(attribute string) bool {
	return slices.ContainsFunc(s.schemas, func(schema object) bool {
		attributes, _ := schema.objects("attributes")
		return strings.EqualFold(schema.text("id"), licenseSchema) &&
			slices.ContainsFunc(attributes, func(a object) bool { return strings.EqualFold(a.text("name"), attribute) })
	})
}

func (s *scimAPI) checkPool(context.Context) row {
	const name = "licensePoolName"
	switch {
	case s.hasAttribute(licenseSchema, name):
		return row{Result: name + " in responses", Verdict: confirmed}
	case s.describes(name):
		return row{Result: name + " in Schemas only", Verdict: confirmed}
	case len(s.users.items) == 0:
		return without("a learner")
	default:
		return row{Result: "not returned", Verdict: notOffered, Note: "the organization may have no license pools"}
	}
}

func (s *scimAPI) checkUserGroups(context.Context) row {
	switch {
	case s.usersHaveGroups:
		return row{Result: "returned", Verdict: confirmed}
	case s.usersHaveEmptyGroups:
		return row{Result: "returned, all empty", Verdict: confirmed}
	case len(s.users.items) == 0:
		return without("a learner")
	default:
		return row{Result: "not returned", Verdict: notOffered, Note: "the provider reads the members of groups instead"}
	}
}

func (s *scimAPI) checkRead(ctx context.Context) row {
	id := s.users.sample(func(user object) string { return user.text("id") })
	if id == "" {
		return without("a learner")
	}
	s.user = s.probe.get(ctx, "/Users/{id}", nil, id)
	return sameLearner(s.user, id, documented, missing)
}

func (s *scimAPI) checkETag(context.Context) row {
	var seen []string
	if s.user.header.Get("ETag") != "" {
		seen = append(seen, "header")
	}
	if s.user.body.object("meta").has("version") {
		seen = append(seen, "meta.version")
	}
	switch {
	case !s.user.isOK():
		return without("a learner")
	case len(seen) == 0:
		return row{Result: "none", Verdict: documented, Note: "optional"}
	case len(seen) == 1 && seen[0] == "header":
		return row{Result: "header", Verdict: documented, Note: "without meta.version, it may come from the web server"}
	default:
		return row{Result: strings.Join(seen, " and "), Verdict: documented, Note: "a change may require the version"}
	}
}

func (s *scimAPI) checkAbsent(ctx context.Context) row {
	return absentObject(s.probe.get(ctx, "/Users/{id}", nil, unlikelyID), documented)
}

// filter requests the learners or groups that have a value.
func (s *scimAPI) filter(ctx context.Context, route, attribute, value string, matches func(object) bool) (filtered, answer) {
	query := window(1, 2)
	// RFC 7644 section 3.4.2.2 wants JSON. Some servers don't decode the escapes of "&" and "<", which JSON does not need.
	var quoted strings.Builder
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // A string can always be encoded.
	query.Set("filter", attribute+" eq "+strings.TrimSpace(quoted.String()))
	found := s.page(ctx, route, query)
	return judge(found, matches), found.answer
}

// In a conflict, SCIM does not return the ID of the existing learner or group, so the provider has to find it.
var (
	learnerWords = filterWords{
		holds: documented, lacks: missing,
		refused: consequence{note: instead},
		nothing: consequence{note: "the provider also reads all pages"}, caseMatters: "the provider also reads all pages",
	}
	groupWords = filterWords{
		holds: documented, lacks: missing,
		refused:     consequence{note: instead},
		nothing:     consequence{next: "Open an issue with this report: the provider would not find existing groups."},
		caseMatters: "a group is found only by its name in the same letter case",
	}
)

// nameFilter is the filter on the attribute by which the provider finds a learner or a group.
type nameFilter struct {
	*scimAPI

	route, attribute string
	first            *listing
	words            filterWords
	needs            string // what the organization needs to have for the check
}

func (f nameFilter) name() string {
	return f.first.sample(func(item object) string { return item.text(f.attribute) })
}

func (f nameFilter) check(ctx context.Context) row {
	return f.find(ctx, f.name(), f.words.row)
}

func (f nameFilter) checkCase(ctx context.Context) row {
	return f.find(ctx, otherCase(f.name()), f.words.anyCase)
}

func (f nameFilter) find(ctx context.Context, name string, describe func(filtered, answer) row) row {
	if len(f.first.items) < 2 || name == "" {
		return without(f.needs)
	}
	return describe(f.filter(ctx, f.route, f.attribute, name, hasText(f.attribute, name)))
}

func hasText(name, value string) func(object) bool {
	return func(item object) bool { return strings.EqualFold(item.text(name), value) }
}

func (s *scimAPI) checkEmailFilter(ctx context.Context) row {
	email := s.users.sample(func(user object) string {
		emails, _ := user.objects("emails")
		for _, one := range emails {
			return one.text("value")
		}
		return ""
	})
	if len(s.users.items) < 2 || email == "" {
		return without("two learners with addresses")
	}
	return learnerWords.row(s.filter(ctx, "/Users", "emails.value", email, func(user object) bool {
		emails, _ := user.objects("emails")
		return slices.ContainsFunc(emails, hasText("value", email))
	}))
}

func (s *scimAPI) checkExternalIDFilter(ctx context.Context) row {
	externalID := s.users.sample(func(user object) string { return user.text("externalId") })
	if len(s.users.items) < 2 || externalID == "" {
		return without("two learners, one of them with an externalId")
	}
	words := learnerWords
	words.nothing = consequence{note: "learners can't be imported by external ID"}
	return words.row(s.filter(ctx, "/Users", "externalId", externalID, func(user object) bool { return user.text("externalId") == externalID }))
}

// checkMalformedFilter provokes an error, to see its form.
func (s *scimAPI) checkMalformedFilter(ctx context.Context) row {
	query := window(1, 2)
	query.Set("filter", "userName eq")
	a := s.probe.get(ctx, "/Users", query)
	switch scimType := a.body.text("scimType"); {
	case a.isOK():
		return row{Result: a.text() + ", no error", Verdict: missing, Note: "filters may be ignored"}
	case a.failure != "":
		return row{Result: a.text(), Verdict: missing, Note: "no usable response"}
	case scimType == "":
		return row{Result: a.text() + " without scimType", Verdict: documented, Note: "optional"}
	case strings.EqualFold(scimType, "invalidFilter"):
		return row{Result: a.text() + " with scimType invalidFilter", Verdict: documented}
	default:
		return row{Result: a.text() + " with another scimType", Verdict: missing, Note: "the provider looks at the status"}
	}
}

func (s *scimAPI) checkGroups(ctx context.Context) row {
	query := window(1, 100)
	query.Set("excludedAttributes", "members")
	s.groups = s.page(ctx, "/Groups", query)
	status := s.groups.answer.status
	isRefused := status >= 400 && status < 500 && !s.groups.answer.isAbsent()
	if isRefused {
		s.groups = s.page(ctx, "/Groups", window(1, 100))
	}
	hasMembers := slices.ContainsFunc(s.groups.items, func(group object) bool { return group.has("members") })
	switch a := s.groups.answer; {
	case a.isAbsent():
		return row{Result: a.text(), Verdict: missing, Note: "groups and memberships can't be managed"}
	case !a.isOK():
		return row{Result: a.text(), Verdict: problem, next: "Run the command again: the list of groups could not be read."}
	case !s.groups.isList:
		return row{Result: "no list in the response", Verdict: problem, next: "Open an issue with this report: the provider can't read the list of groups."}
	case len(s.groups.items) == 0:
		return row{Result: "readable, without groups", Verdict: documented, Note: "SCIM shows only groups that were created through SCIM"}
	case s.groups.items[0].text("id") == "" || !s.groups.items[0].has("displayName"):
		return row{
			Result: "without id or displayName", Verdict: problem,
			next: "Open an issue with this report: the provider needs the ID and the name of a group.",
		}
	case isRefused:
		return row{Result: "readable; excludedAttributes refused", Verdict: missing, Note: "lists of groups are large"}
	case hasMembers:
		return row{Result: "readable; excludedAttributes ignored", Verdict: missing, Note: "lists of groups are large"}
	default:
		return row{Result: "readable, without members on request", Verdict: documented}
	}
}

func (s *scimAPI) checkListedMembers(ctx context.Context) row {
	if len(s.groups.items) == 0 {
		return without("a group")
	}
	s.groupsWithMembers = s.page(ctx, "/Groups", window(1, 2))
	switch {
	case !s.groupsWithMembers.isList:
		return row{Result: s.groupsWithMembers.answer.text(), Verdict: missing, Note: "the provider does not need them"}
	case slices.ContainsFunc(s.groupsWithMembers.items, func(group object) bool { return group.has("members") }):
		return row{Result: "returned", Verdict: documented}
	default:
		return row{Result: "not returned", Verdict: missing, Note: "the provider does not need them"}
	}
}

// usedGroup returns the ID of a group and of one of its members, or nothing if no response has shown one.
func (s *scimAPI) usedGroup() (group, member string) {
	for _, user := range s.users.items {
		refs, _ := user.objects("groups")
		for _, ref := range refs {
			return ref.text("value"), user.text("id")
		}
	}
	for _, listed := range s.groupsWithMembers.items {
		if members, _ := listed.objects("members"); len(members) > 0 {
			return listed.text("id"), members[0].text("value")
		}
	}
	return "", ""
}

// checkMembers reads a group that has a member. If none is known, it reads up to three groups, because one may be empty.
func (s *scimAPI) checkMembers(ctx context.Context) row {
	id, member := s.usedGroup()
	ids := []string{id}
	if all := s.groups.items; id == "" && len(all) > 0 {
		ids = slices.Compact([]string{all[0].text("id"), all[len(all)/2].text("id"), all[len(all)-1].text("id")})
	}
	if !s.groups.isList || ids[0] == "" {
		return without("a group")
	}
	for _, id := range ids {
		a := s.probe.get(ctx, "/Groups/{id}", nil, id)
		if !a.isOK() || a.body.text("id") != id {
			return sameGroup(a, id, documented, missing)
		}
		members, isList := a.body.objects("members")
		isMember := func(ref object) bool { return ref.text("value") == member }
		switch {
		case isList && member != "" && !slices.ContainsFunc(members, isMember):
			return row{
				Result: "a member is missing", Verdict: problem, Note: "the group of a learner does not list the learner",
				next: "Open an issue with this report: the API contradicts itself about the members of a group.",
			}
		case isList:
			return row{Result: "returned", Verdict: documented}
		}
	}
	if s.usersHaveGroups || s.usersHaveEmptyGroups {
		return row{Result: "not returned", Verdict: missing, Note: "the provider reads the groups of all learners instead"}
	}
	return row{
		Result: "not returned, in " + plural.Count(len(ids), "group"), Verdict: missing, Note: "unless these are empty, memberships can't be managed",
	}
}

// checkEmptyLists looks at learners, because every one of them has the attribute "groups" if the API returns it at all.
func (s *scimAPI) checkEmptyLists(context.Context) row {
	isLeftOut := slices.ContainsFunc(s.users.items, func(user object) bool { return !user.has("groups") })
	switch {
	case s.usersHaveEmptyGroups:
		return row{Result: "returned as []", Verdict: documented}
	case s.usersHaveGroups && isLeftOut:
		return row{Result: "left out", Verdict: documented, Note: "an absent list is an empty one (RFC 7643 section 2.5)"}
	default:
		return without("learners in a group and learners in none")
	}
}
