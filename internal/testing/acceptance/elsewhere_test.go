// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/acceptance"
)

// elsewhere is a SCIM server that shares neither code nor habits with the simulator. It is written from RFC 7643 and RFC 7644, and
// leaves out whatever they allow it to leave out.
type elsewhere struct {
	// pageSize limits a page. total returns totalResults, and ignoresStart makes every page the first one.
	pageSize     int
	total        func(all, onPage int) int
	ignoresStart bool
	// finds reports whether a filter on an attribute finds anything.
	finds func(attribute string) bool
	// lag is how long a new object is unknown.
	lag time.Duration
	// demands is the status of a change without the current version, if it is not 0.
	demands int
	// caseSensitive distinguishes user names that differ only in letter case, in filters and at creation.
	caseSensitive bool

	mu      sync.Mutex
	version int
	users   []*resourceElsewhere
	groups  []*resourceElsewhere
}

// resourceElsewhere is a learner or a group. Its attributes are those of its JSON object.
type resourceElsewhere struct {
	attributes map[string]any
	created    time.Time
}

func (r *resourceElsewhere) text(name string) string {
	text, _ := r.attributes[name].(string)
	return text
}

func (r *resourceElsewhere) values(name string) []string {
	var values []string
	list, _ := r.attributes[name].([]any)
	for _, element := range list {
		if object, ok := element.(map[string]any); ok {
			values = append(values, fmt.Sprint(object["value"]))
		}
	}
	return values
}

func references(values ...string) []any {
	var list []any
	for _, value := range values {
		list = append(list, map[string]any{"value": value})
	}
	return list
}

// start returns a provider for the server.
func (s *elsewhere) start(t *testing.T) *acceptance.Protocol {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	protocol, diags := acceptance.Configure(t, acceptance.Values{"api": "scim", "endpoint": server.URL, "token": "token-for-elsewhere-1234"})
	diags.ExpectNoErrors(t)
	return protocol
}

func (s *elsewhere) addUser(userName string, addresses ...string) {
	s.users = append(s.users, &resourceElsewhere{attributes: map[string]any{
		"id": fmt.Sprint("u", len(s.users)), "userName": userName, "emails": references(addresses...), "active": true,
		"name": map[string]any{"givenName": "Given", "familyName": "Family"},
	}})
}

func (s *elsewhere) addGroup(name string) {
	s.groups = append(s.groups, &resourceElsewhere{attributes: map[string]any{"id": fmt.Sprint("g", len(s.groups)), "displayName": name}})
}

func (s *elsewhere) fill(n int) {
	for i := range n {
		address := fmt.Sprintf("p%d@example.com", i)
		s.addUser(address, address)
		s.addGroup(fmt.Sprint("Group ", i))
	}
}

// collection returns the resources at a path, and the prefix of their IDs.
func (s *elsewhere) collection(path string) (all *[]*resourceElsewhere, prefix string) {
	if path == "Users" {
		return &s.users, "u"
	}
	return &s.groups, "g"
}

func (s *elsewhere) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path, escaped, hasID := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	id, _ := url.PathUnescape(escaped)
	all, prefix := s.collection(path)
	var body map[string]any
	_ = json.NewDecoder(r.Body).Decode(&body) // Only a change has a body.
	isKnown := func(r *resourceElsewhere) bool { return time.Since(r.created) >= s.lag }
	switch {
	case r.Method == http.MethodGet && !hasID:
		s.list(w, r, slices.DeleteFunc(slices.Clone(*all), func(r *resourceElsewhere) bool { return !isKnown(r) }))
		return
	case r.Method == http.MethodPost:
		name, _ := body["userName"].(string)
		if slices.ContainsFunc(*all, func(r *resourceElsewhere) bool { return name != "" && s.equal(r.text("userName"), name) }) {
			s.reply(w, http.StatusConflict, map[string]any{"detail": "the userName is taken"})
			return
		}
		body["id"] = fmt.Sprint(prefix, len(*all))
		created := &resourceElsewhere{body, time.Now()}
		*all = append(*all, created)
		s.reply(w, http.StatusCreated, s.render(created))
		return
	}
	at := slices.IndexFunc(*all, func(r *resourceElsewhere) bool { return r.text("id") == id && isKnown(r) })
	switch {
	case at < 0:
		s.reply(w, http.StatusNotFound, map[string]any{"detail": "there is no such resource"})
	case r.Method == http.MethodGet:
		s.reply(w, http.StatusOK, s.render((*all)[at]))
	case s.demands != 0 && r.Header.Get("If-Match") != s.etag():
		s.reply(w, s.demands, map[string]any{"detail": "send the version"})
	case r.Method == http.MethodDelete:
		*all = slices.Delete(*all, at, at+1)
		s.version++
		w.WriteHeader(http.StatusNoContent)
	default:
		operations, _ := body["Operations"].([]any)
		for _, operation := range operations {
			if o, ok := operation.(map[string]any); ok && !s.patch((*all)[at], o) {
				s.reply(w, http.StatusBadRequest, map[string]any{"detail": "there is no such member"})
				return
			}
		}
		s.version++
		w.WriteHeader(http.StatusNoContent)
	}
}

// patch makes one change, and reports whether that is possible.
func (s *elsewhere) patch(target *resourceElsewhere, operation map[string]any) bool {
	path := fmt.Sprint(operation["path"])
	members := target.values("members")
	switch {
	case path == "members":
		added, _ := operation["value"].([]any)
		for _, value := range (&resourceElsewhere{attributes: map[string]any{"value": added}}).values("value") {
			if !slices.ContainsFunc(s.users, func(u *resourceElsewhere) bool { return u.text("id") == value && time.Since(u.created) >= s.lag }) {
				return false
			}
			members = append(members, value)
		}
		target.attributes["members"] = references(members...)
	case strings.HasPrefix(path, "members["):
		_, value, _ := parseFilter(strings.Trim(strings.TrimPrefix(path, "members"), "[]"))
		target.attributes["members"] = references(slices.DeleteFunc(members, func(member string) bool { return member == value })...)
	default:
		target.attributes[path] = operation["value"]
	}
	return true
}

func (s *elsewhere) equal(a, b string) bool {
	return a == b || !s.caseSensitive && strings.EqualFold(a, b)
}

func (s *elsewhere) etag() string { return fmt.Sprintf("W/\"%d\"", s.version) }

// render leaves out empty lists (RFC 7643 section 2.5). Learners have no groups, which are optional.
func (s *elsewhere) render(r *resourceElsewhere) map[string]any {
	rendered := map[string]any{"meta": map[string]any{"version": s.etag()}}
	for name, value := range r.attributes {
		if list, isList := value.([]any); !isList || len(list) > 0 {
			rendered[name] = value
		}
	}
	return rendered
}

func (s *elsewhere) reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/scim+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // The client may be gone.
}

var filterForm = regexp.MustCompile(`^(\S+) eq (".*")$`)

func parseFilter(filter string) (attribute, value string, ok bool) {
	match := filterForm.FindStringSubmatch(filter)
	if match == nil {
		return "", "", false
	}
	err := json.Unmarshal([]byte(match[2]), &value)
	return match[1], value, err == nil
}

func (s *elsewhere) list(w http.ResponseWriter, r *http.Request, all []*resourceElsewhere) {
	query := r.URL.Query()
	if attribute, value, ok := parseFilter(query.Get("filter")); ok {
		finds := s.finds == nil || s.finds(attribute)
		all = slices.DeleteFunc(all, func(r *resourceElsewhere) bool {
			found := append(r.values("emails"), "")
			if attribute != "emails.value" {
				found = []string{r.text(attribute)}
			}
			return !finds || !slices.ContainsFunc(found, func(text string) bool { return s.equal(text, value) })
		})
	}
	start, _ := strconv.Atoi(query.Get("startIndex"))
	size, _ := strconv.Atoi(query.Get("count"))
	if s.pageSize > 0 {
		size = min(size, s.pageSize)
	}
	if s.ignoresStart {
		start = 1
	}
	from := min(max(start, 1)-1, len(all))
	page := all[from:min(from+size, len(all))]
	answer := map[string]any{"totalResults": len(all)}
	if s.total != nil {
		answer["totalResults"] = s.total(len(all), len(page))
	}
	var resources []any
	for _, resource := range page {
		resources = append(resources, s.render(resource))
	}
	if resources != nil {
		answer["Resources"] = resources
	}
	s.reply(w, http.StatusOK, answer)
}

// Lists are complete or an error, for every page size and every total.
func TestElsewhere_lists(t *testing.T) {
	t.Parallel()
	const never, perhaps, always = 0, 1, 2
	onPage := func(_, onPage int) int { return onPage }
	tooLow := func(all, _ int) int { return all - 3 }
	tooHigh := func(all, _ int) int { return all + 3 }
	for name, test := range map[string]struct {
		total        func(all, onPage int) int
		ignoresStart bool
		fails        int
	}{
		"right":              {nil, false, never},
		"too high":           {tooHigh, false, never},
		"too low":            {tooLow, false, perhaps}, // All objects may have arrived nevertheless.
		"of the page":        {onPage, false, always},
		"startIndex ignored": {nil, true, always},
	} {
		for _, size := range []int{5, 20, 100} {
			for _, learners := range []int{2 * size, 2*size + size/2} {
				t.Run(fmt.Sprint(name, ", ", learners, " on pages of ", size), func(t *testing.T) {
					t.Parallel()
					server := &elsewhere{pageSize: size, total: test.total, ignoresStart: test.ignoresStart}
					server.fill(learners)
					protocol := server.start(t)
					for _, data := range []string{"udemy_users", "udemy_groups"} {
						read, diags := protocol.NextRun().ReadData(data, acceptance.Values{})
						if test.fails == always || test.fails == perhaps && len(diags) > 0 {
							diags.ExpectError(t, "", "incomplete list", "GET /")
							continue
						}
						diags.ExpectNone(t)
						objects, _ := read[strings.TrimPrefix(data, "udemy_")].([]acceptance.Values)
						if len(objects) != learners {
							t.Errorf("%s has %d objects", data, len(objects))
						}
					}
				})
			}
		}
	}
}

// A learner whose user name is not the address, and a group in another spelling, are adopted. If the server hides them, a warning says
// so, and no second group is created.
func TestElsewhere_searches(t *testing.T) {
	t.Parallel()
	onPage := func(_, onPage int) int { return onPage }
	nothing := func(string) bool { return false }
	for name, test := range map[string]struct {
		server *elsewhere
		hides  bool
	}{
		"all filters":                        {&elsewhere{}, false},
		"no filter on addresses":             {&elsewhere{finds: func(attribute string) bool { return attribute != "emails.value" }}, false},
		"no filter":                          {&elsewhere{finds: nothing}, false},
		"filters are case-sensitive":         {&elsewhere{caseSensitive: true}, false},
		"no filter, and startIndex ignored":  {&elsewhere{finds: nothing, ignoresStart: true}, true},
		"no filter, and the total of a page": {&elsewhere{finds: nothing, total: onPage}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := test.server
			server.pageSize = 20
			server.addUser("bea@corp.example.com", "bea@example.com")
			server.fill(45)
			server.addUser("ada@corp.example.com", "ada@example.com")
			server.addGroup("Ge\u0301ome\u0301trie") // Decomposed.
			groups := len(server.groups)

			protocol := server.start(t)
			learner := protocol.Plan(nil, "udemy_user", acceptance.Values{"email": "Ada@example.com", "first_name": "Given", "last_name": "Family"})
			group := protocol.Plan(nil, "udemy_group", acceptance.Values{"name": "G\u00c9OM\u00c9TRIE"})
			_, diags := protocol.Apply(group)
			if test.hides {
				learner.Diagnostics.ExpectWarning(t, "could not be looked up", "incomplete list")
				group.Diagnostics.ExpectWarning(t, "could not be looked up", "incomplete list")
				diags.ExpectError(t, "", "Unable to create group", "incomplete list", "Nothing was changed")
			} else {
				learner.Diagnostics.ExpectWarning(t, "will be adopted", "Ada@example.com")
				group.Diagnostics.ExpectWarning(t, "will be adopted")
				diags.ExpectWarning(t, "Adopted existing group")
			}
			if len(server.groups) != groups {
				t.Errorf("there are %d groups, were %d", len(server.groups), groups)
			}
		})
	}
}

// New objects may be unknown for some seconds, and changes may need a version. A group without members has no such attribute.
func TestElsewhere_lifecycle(t *testing.T) {
	t.Parallel()
	for name, server := range map[string]*elsewhere{
		"late":                  {lag: 3 * time.Second},
		"precondition required": {demands: http.StatusPreconditionRequired},
		"precondition failed":   {demands: http.StatusPreconditionFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			protocol := server.start(t)
			create := func(resourceType string, config acceptance.Values) *acceptance.Object {
				t.Helper()
				object, diags := protocol.Apply(protocol.PlanToo(nil, resourceType, config))
				diags.ExpectNone(t)
				return object
			}
			group := create("udemy_group", acceptance.Values{"name": "Mathematics"})
			groupID, _ := group.Values["id"].(string)
			learner := create("udemy_user", acceptance.Values{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"})
			learnerID, _ := learner.Values["id"].(string)
			config := acceptance.Values{"group_id": groupID, "members": map[string]string{"ada": learnerID}}
			members := create("udemy_group_members", config)
			protocol.ExpectCleanPlan(members, config)

			for _, object := range []*acceptance.Object{members, learner, group} {
				_, diags := protocol.NextRun().Destroy(object)
				diags.ExpectNone(t)
			}
			if len(server.groups) != 0 || server.users[0].attributes["active"] != false {
				t.Errorf("left are %d groups and the learner %v", len(server.groups), server.users[0].attributes)
			}
			gone, diags := protocol.NextRun().Read(protocol.State("udemy_user", acceptance.Values{"id": "u9", "email": "eve@example.com"}))
			diags.ExpectNone(t)
			gone.ExpectGone(t)
		})
	}
}
