// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// userManagement has the checks of the user-management API. All of its calls that doctor can send are assumptions.
type userManagement struct {
	*evidence
	users, groups listing
	// hasPages is true if page and page_size select a page.
	hasPages bool
}

func newUserManagement(e *evidence) api {
	u := &userManagement{evidence: e}
	return api{
		list:  u.list,
		first: []check{{"Learners", "list", u.checkList}},
		others: []check{
			{"Learners", "page of 100", func(context.Context) row { return u.users.pageSize(confirmed) }},
			{"Learners", "second page", u.checkSecondPage},
			{"Learners", "total", u.checkTotal},
			{"Learners", "fields", u.checkFields},
			{"Learners", "ID and groups", u.checkForms},
			{"Learners", "status and role", u.checkWords},
			{"Learners", "read one", u.checkRead},
			{"Learners", "absent one", u.checkAbsent},
			{"Learners", "filter email", u.checkEmail},
			{"Learners", "filter email, case", u.checkEmailCase},
			{"Learners", "filter externalid", u.checkExternalID},
			{"Groups", "list", u.checkGroups},
			{"Groups", "filter name", u.checkGroupName},
			{"Groups", "read one", u.checkGroup},
			{"Groups", "members", u.checkGroupMembers},
			{"Changes", "create, change, remove", func(context.Context) row {
				return row{Verdict: notChecked, Note: "only reads; creating a learner is documented, all other changes are assumed"}
			}},
		},
	}
}

func page(number, size int) url.Values {
	return url.Values{"page": {strconv.Itoa(number)}, "page_size": {strconv.Itoa(size)}}
}

func (u *userManagement) page(ctx context.Context, route string, query url.Values, ids ...string) listing {
	a := u.probe.get(ctx, route, query, ids...)
	l := listing{answer: a, total: -1}
	if a.isOK() {
		l.items, l.isList = a.body.objects("results")
		l.total = a.body.number("count")
		l.more = a.body.has("next") && a.body.get("next") != ""
	}
	return l
}

func (u *userManagement) list(ctx context.Context) bool {
	u.users = u.page(ctx, "/users/", page(1, 100))
	u.first, u.connection = u.users.answer, u.probe.connection
	return u.users.isList
}

func (u *userManagement) checkList(context.Context) row {
	const issue = "Open an issue with this report: the provider can't read the list of learners."
	switch a := u.users.answer; {
	case !u.answered():
		return without("a response of the API")
	case a.isAbsent():
		return row{
			Result: a.text(), Verdict: notOffered, blocks: true, Note: "learners can only be created",
			next: "Check UDEMY_ORGANIZATION_UUID and UDEMY_ENDPOINT. If both are right, this API does not offer reading: use SCIM (UDEMY_SUBDOMAIN), " +
				"if your plan includes it.",
		}
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return without("a valid credential")
	case !a.isOK():
		return row{Result: a.text(), Verdict: problem, next: issue}
	case !u.users.isList:
		return row{Result: "no list in the response", Verdict: problem, next: "Check UDEMY_ENDPOINT: another service answers."}
	case u.users.total < 0:
		return row{Result: "no count", Verdict: problem, Note: "the provider needs it to read the pages concurrently", next: issue}
	case len(u.users.items) == 0:
		return row{Result: "readable, without learners", Verdict: confirmed}
	default:
		return row{Result: "readable", Verdict: confirmed}
	}
}

// checkSecondPage requests the learner after the first one as a page.
func (u *userManagement) checkSecondPage(ctx context.Context) row {
	if len(u.users.items) < 2 {
		return without("two learners")
	}
	second := u.page(ctx, "/users/", page(2, 1))
	switch {
	case !second.isList || len(second.items) == 0:
		return row{Result: second.answer.text(), Verdict: u.lackOfPages(), Note: "no second page", next: tooManyLearners}
	case second.items[0].text("id") == u.users.items[0].text("id"):
		return row{Result: "page ignored", Verdict: u.lackOfPages(), Note: "each page is the first one", next: tooManyLearners}
	case len(second.items) > 1:
		return row{Result: "page_size ignored", Verdict: notOffered, Note: "the provider adapts"}
	default:
		u.hasPages = true
		return row{Result: "obeyed", Verdict: confirmed}
	}
}

const tooManyLearners = "Open an issue with this report: the provider can read only the first page of learners."

// lackOfPages returns a problem if the organization has more learners than one page.
func (u *userManagement) lackOfPages() verdict {
	if u.users.hasMore() {
		return problem
	}
	return notOffered
}

// checkTotal requests the last learner as a page, and the page after it.
func (u *userManagement) checkTotal(ctx context.Context) row {
	if !u.hasPages || u.users.total < 1 {
		return without("pages and a count")
	}
	last := u.page(ctx, "/users/", page(u.users.total, 1))
	after := u.page(ctx, "/users/", page(u.users.total+1, 1))
	switch {
	case len(after.items) > 0:
		return row{
			Result: "too low", Verdict: problem, Note: "a learner follows after count",
			next: "Open an issue with this report: learners may be missing from the pages that the provider reads.",
		}
	case len(last.items) == 0:
		return row{Result: "too high", Verdict: notOffered, Note: "there are fewer learners than count"}
	default:
		return row{Result: "right", Verdict: confirmed, Note: "after the last page: " + after.answer.text()}
	}
}

func (u *userManagement) checkFields(context.Context) row {
	if len(u.users.items) == 0 {
		return without("a learner")
	}
	names := []string{"id", "email", "firstname", "lastname", "externalid", "role", "status", "groups"}
	var absent []string
	for _, name := range names {
		if !slices.ContainsFunc(u.users.items, func(user object) bool { return user.has(name) }) {
			absent = append(absent, name)
		}
	}
	switch {
	case slices.Contains(absent, "id") || slices.Contains(absent, "email"):
		return row{
			Result: "without " + strings.Join(absent, ", "), Verdict: problem,
			next: "Open an issue with this report: the provider needs the ID and the address of a learner.",
		}
	case len(absent) > 0:
		return row{Result: "without " + strings.Join(absent, ", "), Verdict: notOffered, Note: "absent or null for all learners on the page"}
	default:
		return row{Result: "all " + strconv.Itoa(len(names)), Verdict: confirmed}
	}
}

// checkForms looks at the forms in which the API returns IDs and groups.
func (u *userManagement) checkForms(context.Context) row {
	if len(u.users.items) == 0 {
		return without("a learner")
	}
	id := "number"
	if _, isText := u.users.items[0].get("id").(string); isText {
		id = "string"
	}
	groups := "no groups seen"
	for _, user := range u.users.items {
		if refs, _ := user.objects("groups"); len(refs) > 0 {
			groups = "groups as objects"
		} else if len(user.texts("groups")) > 0 {
			groups = "groups as IDs"
		}
	}
	return row{Result: "ID as " + id + ", " + groups, Verdict: confirmed}
}

func (u *userManagement) checkWords(context.Context) row {
	if len(u.users.items) == 0 {
		return without("a learner")
	}
	statuses, otherStatuses := u.users.words("status", "invited", "active", "deactivated")
	roles, otherRoles := u.users.words("role", "learner", "admin", "owner", "student", "user", "member", "group_admin")
	found := row{Result: list("status", statuses) + "; " + list("role", roles), Verdict: confirmed}
	if otherStatuses+otherRoles > 0 {
		found.Verdict = notOffered
		found.Note = fmt.Sprintf("%d other statuses, %d other roles: please add the words to the issue", otherStatuses, otherRoles)
	}
	return found
}

func list(name string, words []string) string {
	if len(words) == 0 {
		return name + " not seen"
	}
	return name + " " + strings.Join(words, ", ")
}

func (u *userManagement) checkRead(ctx context.Context) row {
	id := u.users.sample(func(user object) string { return user.text("id") })
	if id == "" {
		return without("a learner")
	}
	return sameLearner(u.probe.get(ctx, "/users/{id}/", nil, id), id, confirmed, notOffered)
}

// sameLearner words the result of reading one learner.
func sameLearner(a answer, id string, holds, lacks verdict) row {
	if a.isAbsent() {
		return row{Result: a.text(), Verdict: lacks, Note: "although listed; the provider searches for the address instead"}
	}
	return sameObject(a, id, holds)
}

// sameGroup words the result of reading one group, which the provider has no other way to refresh.
func sameGroup(a answer, id string, holds, lacks verdict) row {
	if a.isAbsent() {
		return row{
			Result: a.text(), Verdict: lacks, Note: "although listed", blocks: true,
			next: "Open an issue with this report: the provider can't refresh groups.",
		}
	}
	return sameObject(a, id, holds)
}

func sameObject(a answer, id string, holds verdict) row {
	switch {
	case !a.isOK():
		return unanswered(a)
	case a.body.text("id") != id && a.body.text("uuid") != id:
		return row{Result: "another object", Verdict: problem, next: "Check whether a cache or proxy between this machine and Udemy mixes up responses."}
	default:
		return row{Result: "readable", Verdict: holds}
	}
}

// unlikelyID is the ID of no learner. It is a UUID, because a server may reject other texts before it looks for the object.
const unlikelyID = "00000000-0000-4000-8000-00000d0c7012"

func (u *userManagement) checkAbsent(ctx context.Context) row {
	return absentObject(u.probe.get(ctx, "/users/{id}/", nil, unlikelyID), confirmed)
}

// absentObject words the response to the ID of no object. A status other than 404 would keep deleted learners in state.
func absentObject(a answer, holds verdict) row {
	switch {
	case a.isNotFound():
		return row{Result: a.text(), Verdict: holds}
	case a.isOK():
		return row{Result: a.text(), Verdict: problem, next: "Check whether a cache or proxy between this machine and Udemy mixes up responses."}
	default:
		return row{Result: a.text() + " instead of 404", Verdict: notOffered, Note: "Terraform may report an error for a learner who is gone"}
	}
}

// filter requests the learners or groups with a value.
func (u *userManagement) filter(ctx context.Context, route, name, value string, same func(a, b string) bool) (filtered, answer) {
	query := page(1, 2)
	query.Set(name, value)
	found := u.page(ctx, route, query)
	return judge(found, func(item object) bool { return same(item.text(name), value) }), found.answer
}

// The API returns the ID of an existing learner or group in a conflict, so the filters are needed for the plan only.
var (
	emailWords = filterWords{
		holds: confirmed, lacks: notOffered,
		refused:     consequence{next: "Open an issue with this report: the provider can't search for a learner by address."},
		nothing:     consequence{note: "such a learner is found only when an invitation conflicts"},
		caseMatters: "such a learner is found only when an invitation conflicts",
	}
	externalIDWords = filterWords{
		holds: confirmed, lacks: notOffered,
		refused: consequence{note: "learners can't be imported by external ID"},
		nothing: consequence{note: "learners can't be imported by external ID"},
	}
	nameWords = filterWords{
		holds: confirmed, lacks: notOffered,
		refused: consequence{note: "an existing group is found only when its creation conflicts"},
		nothing: consequence{note: "an existing group is found only when its creation conflicts"},
	}
)

func exact(a, b string) bool { return a == b }

func (u *userManagement) email() string {
	return u.users.sample(func(user object) string { return user.text("email") })
}

func (u *userManagement) checkEmail(ctx context.Context) row {
	if len(u.users.items) < 2 || u.email() == "" {
		return without("two learners")
	}
	return emailWords.row(u.filter(ctx, "/users/", "email", u.email(), strings.EqualFold))
}

func (u *userManagement) checkEmailCase(ctx context.Context) row {
	other := otherCase(u.email())
	if len(u.users.items) < 2 || other == "" {
		return without("two learners")
	}
	return emailWords.anyCase(u.filter(ctx, "/users/", "email", other, strings.EqualFold))
}

func (u *userManagement) checkExternalID(ctx context.Context) row {
	externalID := u.users.sample(func(user object) string { return user.text("externalid") })
	if len(u.users.items) < 2 || externalID == "" {
		return without("two learners, one of them with an external ID")
	}
	return externalIDWords.row(u.filter(ctx, "/users/", "externalid", externalID, exact))
}

func (u *userManagement) checkGroups(ctx context.Context) row {
	u.groups = u.page(ctx, "/groups/", page(1, 100))
	a := u.groups.answer
	switch {
	case a.isAbsent():
		return row{Result: a.text(), Verdict: notOffered, Note: "groups and memberships can't be managed"}
	case !a.isOK():
		return row{Result: a.text(), Verdict: problem, next: "Run the command again: the list of groups could not be read."}
	case !u.groups.isList:
		return row{Result: "no list in the response", Verdict: problem, next: "Open an issue with this report: the provider can't read the list of groups."}
	case len(u.groups.items) == 0:
		return row{Result: "readable, without groups", Verdict: confirmed}
	case groupID(u.groups.items[0]) == "" || !u.groups.items[0].has("name"):
		return row{
			Result: "without ID or name", Verdict: problem,
			next: "Open an issue with this report: the provider needs the ID and the name of a group.",
		}
	default:
		return row{Result: "readable", Verdict: confirmed}
	}
}

func groupID(group object) string {
	if id := group.text("uuid"); id != "" {
		return id
	}
	return group.text("id")
}

func (u *userManagement) checkGroupName(ctx context.Context) row {
	name := u.groups.sample(func(group object) string { return group.text("name") })
	if len(u.groups.items) < 2 || name == "" {
		return without("two groups")
	}
	return nameWords.row(u.filter(ctx, "/groups/", "name", name, strings.EqualFold))
}

func (u *userManagement) checkGroup(ctx context.Context) row {
	id := u.groups.sample(groupID)
	if id == "" {
		return without("a group")
	}
	return sameGroup(u.probe.get(ctx, "/groups/{id}/", nil, id), id, confirmed, notOffered)
}

// usedGroup returns the ID of a group and of a learner who refers to it, or the ID of any group.
func (u *userManagement) usedGroup() (group, member string) {
	for _, user := range u.users.items {
		refs, _ := user.objects("groups")
		for _, ref := range refs {
			return groupID(ref), user.text("id")
		}
		for _, id := range user.texts("groups") {
			return id, user.text("id")
		}
	}
	return u.groups.sample(groupID), ""
}

func (u *userManagement) checkGroupMembers(ctx context.Context) row {
	group, member := u.usedGroup()
	if group == "" || !u.groups.isList {
		return without("a group")
	}
	members := u.page(ctx, "/groups/{id}/users/", page(1, 100), group)
	isMember := func(user object) bool { return user.text("id") == member }
	switch a := members.answer; {
	case a.isAbsent():
		return row{Result: a.text(), Verdict: notOffered, Note: "members of groups can't be read"}
	case !members.isList:
		return row{Result: a.text(), Verdict: problem, next: "Run the command again: the members of a group could not be read."}
	case member == "":
		return row{Result: "readable", Verdict: confirmed, Note: "no learner on the page is in a group"}
	case !slices.ContainsFunc(members.items, isMember) && !members.hasMore():
		return row{
			Result: "a member is missing", Verdict: problem, Note: "the group of a learner does not list the learner",
			next: "Open an issue with this report: the API contradicts itself about the members of a group.",
		}
	default:
		return row{Result: "readable, and match the groups of a learner", Verdict: confirmed}
	}
}
