// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

const (
	basePath = "/api-2.0"

	maxPageSize     = 100
	defaultPageSize = 20  // small, so that a client without page_size has to follow pages
	maxAddedMembers = 100 // in one call
)

// rest is the user-management REST API of an organization. Where the contract leaves a choice, it behaves
// like a Django REST server in production.
type rest struct {
	config       Config
	organization *organization
	mux          *http.ServeMux
}

func newREST(config Config, organization *organization) *rest {
	a := &rest{config: config, organization: organization, mux: http.NewServeMux()}
	a.route("users/", methods{"GET": a.listUsers, "POST": a.createUser})
	a.route("users/{id}/", methods{"GET": a.readUser, "PATCH": a.updateUser, "DELETE": a.deleteUser})
	a.route("users/{id}/resend-invite/", methods{"POST": a.resendInvite})
	a.route("groups/", methods{"GET": a.listGroups, "POST": a.createGroup})
	a.route("groups/{id}/", methods{"GET": a.readGroup, "PATCH": a.updateGroup, "DELETE": a.deleteGroup})
	a.route("groups/{id}/users/", methods{"GET": a.listMembers, "POST": a.addMembers})
	a.route("groups/{id}/users/{user}/", methods{"DELETE": a.removeMember})
	return a
}

// methods are the calls of one route.
type methods map[string]http.HandlerFunc

// route registers a path below the organization. Its checks need the matched route, unlike those of
// ServeHTTP.
func (a *rest) route(below string, calls methods) {
	pattern := basePath + "/organizations/{organization}/" + below + "{$}"
	a.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		call, offered := calls[r.Method]
		switch {
		case !strings.EqualFold(r.PathValue("organization"), a.config.Organization):
			// Not 404: the token is valid, but for another organization.
			writeDetail(w, http.StatusForbidden, "You do not have permission to perform this action.")
		case a.config.Variations.ReadStatus != 0 && r.Method == http.MethodGet:
			writeDetail(w, a.config.Variations.ReadStatus, http.StatusText(a.config.Variations.ReadStatus)+".")
		case a.config.Variations.WriteOnly && (below != "users/" || r.Method != http.MethodPost):
			writeNotFound(w)
		case !offered:
			w.Header().Set("Allow", strings.Join(slices.Sorted(maps.Keys(calls)), ", "))
			writeDetail(w, http.StatusMethodNotAllowed, fmt.Sprintf("Method %q not allowed.", r.Method))
		default:
			call(w, r)
		}
	})
}

func (a *rest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	escaped := r.URL.EscapedPath()
	slashed := strings.TrimSuffix(escaped, "/") + "/"
	_, pattern := a.mux.Handler(r)
	switch {
	case !a.authorized(r):
		w.Header().Set("WWW-Authenticate", `Basic realm="Udemy Business"`)
		writeDetail(w, http.StatusUnauthorized, "Invalid token.")
	case !accepts(r.Header.Values("Accept"), "application/json"):
		writeDetail(w, http.StatusNotAcceptable, "Could not satisfy the request Accept header.")
	case pattern == "" || path.Clean(escaped)+"/" != slashed:
		// The second condition rejects "//" and "..", which the mux redirects.
		writeNotFound(w)
	case slashed != escaped:
		// Django's APPEND_SLASH redirects every method in production, so a client that follows the
		// redirect turns its POST into a GET. Only the debug mode rejects writes.
		if r.URL.RawQuery != "" {
			slashed += "?" + r.URL.RawQuery
		}
		w.Header().Set("Location", slashed)
		w.WriteHeader(http.StatusMovedPermanently)
	default:
		a.mux.ServeHTTP(w, r)
	}
}

// authorized reports whether the Basic user name is the token and the password is empty.
func (a *rest) authorized(r *http.Request) bool {
	token, password, ok := r.BasicAuth()
	return ok && password == "" && subtle.ConstantTimeCompare([]byte(token), []byte(a.config.Token)) == 1
}

// accepts reports whether an Accept header allows a media type of the form application/x. The most
// specific range decides, and q=0 excludes.
func accepts(accept []string, mediaType string) bool {
	ranges := strings.Join(accept, ",")
	if strings.TrimSpace(ranges) == "" {
		return true
	}
	specificity := map[string]int{"*/*": 1, "application/*": 2, mediaType: 3}
	best, accepted := 0, false
	for part := range strings.SplitSeq(ranges, ",") {
		mediaRange, parameters, err := mime.ParseMediaType(part)
		if err != nil || specificity[mediaRange] <= best {
			continue
		}
		best = specificity[mediaRange]
		quality, err := strconv.ParseFloat(parameters["q"], 64)
		accepted = err != nil || quality > 0
	}
	return accepted
}

func (a *rest) listUsers(w http.ResponseWriter, r *http.Request) {
	email, externalID := a.filter(r, "email"), a.filter(r, "externalid")
	writePage(a, w, r, a.user, func(offset, limit int) ([]Learner, int, error) {
		if a.config.Variations.EmptySearches && email+externalID != "" {
			return nil, 0, nil
		}
		learners, total := a.organization.list(email, externalID, offset, limit)
		return learners, total, nil
	})
}

func (a *rest) createUser(w http.ResponseWriter, r *http.Request) {
	sent, ok := readMembers(w, r)
	if !ok {
		return
	}
	sent.require("email", "firstname", "lastname")
	created := Learner{
		Email:      value(sent.email("email")),
		FirstName:  value(sent.text("firstname")),
		LastName:   value(sent.text("lastname")),
		ExternalID: value(sent.nullableText("externalid")),
		Role:       value(sent.choice("role", RoleLearner, RoleAdmin)),
		Groups:     sent.list("groups", false),
	}
	if !sent.accepted(w) {
		return
	}
	learner, err := a.organization.create(created)
	if err != nil {
		a.writeError(w, err)
		return
	}
	answer := a.user(learner)
	if a.config.Variations.SparseAnswers {
		answer = map[string]any{"id": answer["id"], "status": answer["status"]}
	}
	writeJSON(w, http.StatusCreated, answer)
}

func (a *rest) readUser(w http.ResponseWriter, r *http.Request) {
	learner, err := a.organization.learner(r.PathValue("id"))
	if err != nil {
		a.writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, a.user(learner))
}

func (a *rest) updateUser(w http.ResponseWriter, r *http.Request) {
	if _, err := a.organization.learner(r.PathValue("id")); err != nil {
		a.writeError(w, err)
		return
	}
	sent, ok := readMembers(w, r)
	if !ok {
		return
	}
	sent.readOnly("id", "groups")
	change := profile{
		email:      sent.email("email"),
		firstName:  sent.text("firstname"),
		lastName:   sent.text("lastname"),
		externalID: sent.nullableText("externalid"),
		role:       sent.choice("role", RoleLearner, RoleAdmin),
		status:     sent.choice("status", StatusActive, StatusDeactivated),
	}
	if !sent.accepted(w) {
		return
	}
	learner, err := a.organization.update(r.PathValue("id"), change)
	if err != nil {
		a.writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, a.user(learner))
}

func (a *rest) deleteUser(w http.ResponseWriter, r *http.Request) {
	a.writeDone(w, http.StatusNoContent, a.organization.remove(r.PathValue("id")))
}

func (a *rest) resendInvite(w http.ResponseWriter, r *http.Request) {
	a.writeDone(w, http.StatusAccepted, a.organization.resend(r.PathValue("id"), CauseAPI))
}

func (a *rest) listGroups(w http.ResponseWriter, r *http.Request) {
	name := a.filter(r, "name")
	writePage(a, w, r, groupObject, func(offset, limit int) ([]Group, int, error) {
		if a.config.Variations.EmptySearches && name != "" {
			return nil, 0, nil
		}
		groups, total := a.organization.listGroups(name, offset, limit)
		return groups, total, nil
	})
}

func (a *rest) createGroup(w http.ResponseWriter, r *http.Request) {
	sent, ok := readMembers(w, r)
	if !ok {
		return
	}
	sent.require("name")
	name := value(sent.text("name"))
	if !sent.accepted(w) {
		return
	}
	group, err := a.organization.createGroup(name)
	if err != nil {
		a.writeError(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, groupObject(group))
}

func (a *rest) readGroup(w http.ResponseWriter, r *http.Request) {
	group, err := a.organization.group(r.PathValue("id"))
	if err != nil {
		a.writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, groupObject(group))
}

func (a *rest) updateGroup(w http.ResponseWriter, r *http.Request) {
	group, err := a.organization.group(r.PathValue("id"))
	if err != nil {
		a.writeError(w, err)
		return
	}
	sent, ok := readMembers(w, r)
	if !ok {
		return
	}
	sent.readOnly("id")
	name := sent.text("name")
	if !sent.accepted(w) {
		return
	}
	if name != nil {
		if group, err = a.organization.editGroup(group.ID, func(g *Group) { g.Name = *name }); err != nil {
			a.writeError(w, err)
			return
		}
	}
	writeJSON(w, http.StatusOK, groupObject(group))
}

func (a *rest) deleteGroup(w http.ResponseWriter, r *http.Request) {
	a.writeDone(w, http.StatusNoContent, a.organization.removeGroup(r.PathValue("id")))
}

func (a *rest) listMembers(w http.ResponseWriter, r *http.Request) {
	writePage(a, w, r, a.user, func(offset, limit int) ([]Learner, int, error) {
		return a.organization.listMembers(r.PathValue("id"), offset, limit)
	})
}

func (a *rest) addMembers(w http.ResponseWriter, r *http.Request) {
	if _, err := a.organization.group(r.PathValue("id")); err != nil {
		a.writeError(w, err)
		return
	}
	sent, ok := readMembers(w, r)
	if !ok {
		return
	}
	sent.require("users")
	users := sent.list("users", a.config.Variations.NumericIDs)
	switch {
	case sent.faults["users"] != nil:
	case len(users) == 0:
		sent.fault("users", "This list may not be empty.")
	case len(users) > maxAddedMembers:
		sent.fault("users", fmt.Sprintf("Ensure this field has no more than %d elements.", maxAddedMembers))
	}
	if !sent.accepted(w) {
		return
	}
	a.writeDone(w, http.StatusNoContent, a.organization.addMembers(r.PathValue("id"), users))
}

func (a *rest) removeMember(w http.ResponseWriter, r *http.Request) {
	a.writeDone(w, http.StatusNoContent, a.organization.removeMember(r.PathValue("id"), r.PathValue("user")))
}

// filter returns the value of a filter in the query, or an empty string if filters are ignored.
func (a *rest) filter(r *http.Request, name string) string {
	if a.config.Variations.IgnoreFilters {
		return ""
	}
	return r.URL.Query().Get(name)
}

// user returns the user object of the API.
func (a *rest) user(l Learner) map[string]any {
	groups := []any{}
	for _, id := range l.Groups {
		if !a.config.Variations.GroupObjects {
			groups = append(groups, id)
		} else if g, err := a.organization.group(id); err == nil { // a concurrent call may have deleted it
			groups = append(groups, groupObject(g))
		}
	}
	var externalID any
	if l.ExternalID != "" {
		externalID = l.ExternalID
	}
	return map[string]any{
		"id": a.id(l.ID), "email": l.Email, "firstname": l.FirstName, "lastname": l.LastName,
		"externalid": externalID, "role": l.Role, "status": l.Status, "groups": groups,
	}
}

// id returns an ID as it is written in JSON. Group IDs are UUIDs and always strings.
func (a *rest) id(id string) any {
	if a.config.Variations.NumericIDs {
		if n, err := strconv.ParseUint(id, 10, 64); err == nil {
			return n
		}
	}
	return id
}

func groupObject(g Group) map[string]any {
	return map[string]any{"id": g.ID, "name": g.Name}
}

// writePage responds with the requested page of a list. list returns the items of a page and their total
// number. object converts an item to JSON.
func writePage[T any](a *rest, w http.ResponseWriter, r *http.Request, object func(T) map[string]any,
	list func(offset, limit int) ([]T, int, error),
) {
	limit := maxPageSize
	if size := a.config.Variations.PageSize; size > 0 {
		limit = min(limit, size)
	}
	query := r.URL.Query()
	number, numberOK := queryNumber(query, "page", 1)
	size, sizeOK := queryNumber(query, "page_size", defaultPageSize)
	faults := map[string][]string{}
	if !numberOK {
		faults["page"] = []string{"A valid integer is required."}
	}
	if !sizeOK || size < 1 {
		faults["page_size"] = []string{"A valid positive integer is required."}
	}
	if len(faults) > 0 {
		writeJSON(w, http.StatusBadRequest, faults)
		return
	}
	size = min(size, limit)
	offset := (number - 1) * size
	if a.config.Variations.IgnorePages {
		offset = 0
	}
	items, total, err := list(shiftPage(r, offset, size))
	if err != nil {
		a.writeError(w, err)
		return
	}
	// The first page always exists, even if it is empty.
	if number < 1 || number > 1 && offset >= total {
		writeDetail(w, http.StatusNotFound, "Invalid page.")
		return
	}
	link := func(number int) string {
		target := url.URL{Scheme: scheme(r), Host: r.Host, Path: r.URL.Path}
		query.Set("page", strconv.Itoa(number))
		target.RawQuery = query.Encode()
		return target.String()
	}
	var next, previous any
	if offset+len(items) < total {
		next = link(number + 1)
	}
	if number > 1 {
		previous = link(number - 1)
	}
	results := make([]map[string]any, 0, len(items))
	for _, item := range items {
		results = append(results, object(item))
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"count": a.config.Variations.total(total, len(items)), "next": next, "previous": previous, "results": results,
	})
}

// queryNumber reads a number from the query, and reports whether it is valid. Numbers are limited to a
// range that can be multiplied by a page size.
func queryNumber(query url.Values, name string, otherwise int) (int, bool) {
	text := query.Get(name)
	if text == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(text)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, false
	}
	return min(max(n, 0), 1<<30), true
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// writeDone responds to a call whose success has no body.
func (a *rest) writeDone(w http.ResponseWriter, status int, err error) {
	if err != nil {
		a.writeError(w, err)
		return
	}
	w.WriteHeader(status)
}

// writeError responds with an error of the organization.
func (a *rest) writeError(w http.ResponseWriter, err error) {
	var conflict *conflictError
	var invalid *invalidError
	switch {
	case errors.Is(err, errNotFound):
		writeNotFound(w)
	case errors.As(err, &conflict):
		writeJSON(w, http.StatusConflict, map[string]any{"id": a.id(conflict.id), "detail": conflict.detail})
	case errors.As(err, &invalid) && invalid.field != "":
		writeJSON(w, http.StatusBadRequest, map[string][]string{invalid.field: {invalid.detail}})
	case errors.As(err, &invalid):
		writeDetail(w, http.StatusBadRequest, invalid.detail)
	default:
		writeDetail(w, http.StatusInternalServerError, err.Error())
	}
}

func writeNotFound(w http.ResponseWriter) {
	writeDetail(w, http.StatusNotFound, "Not found.")
}

func writeDetail(w http.ResponseWriter, status int, detail string) {
	writeJSON(w, status, map[string]string{"detail": detail})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	var content bytes.Buffer
	encoder := json.NewEncoder(&content)
	encoder.SetEscapeHTML(false) // keeps the "&" of links readable
	if err := encoder.Encode(body); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// After a write error the client has disconnected.
	_, _ = w.Write(content.Bytes())
}
