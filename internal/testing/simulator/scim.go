// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	scimPath = "/scim/v2"

	// defaultSCIMPage is the page size without count. It is small, so that a client without count has
	// to follow pages.
	defaultSCIMPage = 12

	scimMediaType = "application/scim+json" // RFC 7644 section 8.1
)

// The schema URIs of RFC 7643 section 10.3 and RFC 7644 section 8.2, and Udemy's own.
const (
	userURN      = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupURN     = "urn:ietf:params:scim:schemas:core:2.0:Group"
	extensionURN = "urn:ietf:params:scim:schemas:extension:udemy:2.0:User"

	listURN  = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	patchURN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	errorURN = "urn:ietf:params:scim:api:messages:2.0:Error"
)

// extensionName is extensionURN in lower case.
var extensionName = strings.ToLower(extensionURN)

// The values of scimType in RFC 7644 section 3.12 that the simulator uses.
const (
	invalidFilter = "invalidFilter"
	tooMany       = "tooMany"
	uniqueness    = "uniqueness"
	mutability    = "mutability"
	invalidSyntax = "invalidSyntax"
	invalidPath   = "invalidPath"
	noTarget      = "noTarget"
	invalidValue  = "invalidValue"
)

// scimError is an error response.
type scimError struct {
	status   int
	scimType string // may be empty
	detail   string
}

func (e *scimError) Error() string { return e.detail }

// refuse returns the error for an invalid request.
func refuse(scimType, format string, arguments ...any) error {
	return &scimError{http.StatusBadRequest, scimType, fmt.Sprintf(format, arguments...)}
}

// scim is the SCIM 2.0 API of an organization (RFC 7643, RFC 7644). It rejects unexpected input, even
// where the RFCs allow a server to ignore it.
type scim struct {
	config       Config
	organization *organization
	mux          *http.ServeMux
}

func newSCIM(config Config, organization *organization) *scim {
	a := &scim{config: config, organization: organization, mux: http.NewServeMux()}
	a.route("/Users", scimCalls{"GET": a.listUsers, "POST": a.createUser})
	// Users have no DELETE: Udemy documents only deactivation.
	a.route("/Users/{id}", scimCalls{"GET": a.readUser, "PATCH": a.patchUser})
	a.route("/Groups", scimCalls{"GET": a.listGroups, "POST": a.createGroup})
	a.route("/Groups/{id}", scimCalls{"GET": a.readGroup, "PATCH": a.patchGroup, "DELETE": a.deleteGroup})
	a.route("/ServiceProviderConfig", scimCalls{"GET": a.serviceProviderConfig})
	a.route("/ResourceTypes", scimCalls{"GET": a.listResourceTypes})
	a.route("/ResourceTypes/{id}", scimCalls{"GET": a.readResourceType})
	a.route("/Schemas", scimCalls{"GET": a.listSchemas})
	a.route("/Schemas/{id}", scimCalls{"GET": a.readSchema})
	return a
}

// scimCalls are the calls of one route. A call that returns an error has not sent a response.
type scimCalls map[string]func(http.ResponseWriter, *http.Request) error

func (a *scim) route(below string, calls scimCalls) {
	a.mux.HandleFunc(scimPath+below, func(w http.ResponseWriter, r *http.Request) {
		call, offered := calls[r.Method]
		if !offered {
			w.Header().Set("Allow", strings.Join(slices.Sorted(maps.Keys(calls)), ", "))
			a.writeError(w, &scimError{status: http.StatusMethodNotAllowed, detail: fmt.Sprintf("Method %q not allowed.", r.Method)})
			return
		}
		// URL.Query ignores invalid parts, which turns a search into a list of all objects.
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			a.writeError(w, refuse(invalidSyntax, "The query is not well-formed."))
			return
		}
		if a.config.Variations.NoExcluding && query.Has("excludedAttributes") {
			a.writeError(w, refuse(invalidValue, "excludedAttributes is not supported."))
			return
		}
		if err := call(w, r); err != nil {
			a.writeError(w, err)
		}
	})
}

func (a *scim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	escaped, accept := r.URL.EscapedPath(), r.Header.Values("Accept")
	_, pattern := a.mux.Handler(r)
	switch {
	case !a.authorized(r):
		w.Header().Set("WWW-Authenticate", `Bearer realm="Udemy Business"`)
		a.writeError(w, &scimError{status: http.StatusUnauthorized, detail: "The token is missing or wrong."})
	case !accepts(accept, scimMediaType) && !accepts(accept, "application/json"):
		a.writeError(w, &scimError{status: http.StatusNotAcceptable, detail: "The answer would be " + scimMediaType + "."})
	case pattern == "" || path.Clean(escaped) != escaped:
		// The second condition rejects "//" and "..", which the mux redirects.
		a.writeError(w, errNotFound)
	default:
		a.mux.ServeHTTP(w, r)
	}
}

// authorized reports whether the bearer token is valid (RFC 6750 section 2.1).
func (a *scim) authorized(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.EqualFold(scheme, "Bearer") &&
		subtle.ConstantTimeCompare([]byte(strings.TrimLeft(token, " ")), []byte(a.config.Token)) == 1
}

// readObject reads the JSON object in a request body. It converts names to lower case, because they are
// case-insensitive (RFC 7643 section 2.1).
func readObject(r *http.Request) (map[string]any, error) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != scimMediaType && mediaType != "application/json" {
		return nil, &scimError{
			status: http.StatusUnsupportedMediaType,
			detail: fmt.Sprintf("Unsupported media type %q in request.", r.Header.Get("Content-Type")),
		}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, refuse(invalidSyntax, "The request body could not be read.")
	}
	if len(body) > maxBody {
		return nil, &scimError{status: http.StatusRequestEntityTooLarge, detail: "The request body is too large."}
	}
	// Unmarshal rejects data after the value, but replaces invalid UTF-8.
	var content any
	if !utf8.Valid(body) || json.Unmarshal(body, &content) != nil {
		return nil, refuse(invalidSyntax, "The request body is not JSON.")
	}
	if content, err = foldNames(content); err != nil {
		return nil, err
	}
	object, ok := content.(map[string]any)
	if !ok {
		return nil, refuse(invalidSyntax, "The request body is not a JSON object.")
	}
	return object, nil
}

// foldNames converts the names in a JSON value to lower case.
func foldNames(content any) (any, error) {
	var err error
	switch content := content.(type) {
	case map[string]any:
		folded := map[string]any{}
		for name, item := range content {
			name = strings.ToLower(name)
			if _, exists := folded[name]; exists {
				return nil, refuse(invalidSyntax, "%q occurs more than once.", name)
			}
			if folded[name], err = foldNames(item); err != nil {
				return nil, err
			}
		}
		return folded, nil
	case []any:
		for i := range content {
			if content[i], err = foldNames(content[i]); err != nil {
				return nil, err
			}
		}
	}
	return content, nil
}

// checkSchemas checks the "schemas" of a request: first is required, others are optional.
func checkSchemas(object map[string]any, first string, others ...string) error {
	listed, ok := object["schemas"].([]any)
	if !ok {
		return refuse(invalidSyntax, "schemas is required, as a list.")
	}
	found := map[string]bool{}
	for _, item := range listed {
		urn, _ := item.(string)
		known := strings.EqualFold(urn, first) ||
			slices.ContainsFunc(others, func(other string) bool { return strings.EqualFold(urn, other) })
		if !known {
			return refuse(invalidSyntax, "Unknown schema %v.", item)
		}
		found[strings.ToLower(urn)] = true
	}
	if !found[strings.ToLower(first)] {
		return refuse(invalidSyntax, "schemas must name %s.", first)
	}
	// RFC 7643 section 3: schemas lists every schema in use.
	for _, other := range others {
		if name := strings.ToLower(other); object[name] != nil && !found[name] {
			return refuse(invalidSyntax, "schemas must name %s, which is in use.", other)
		}
	}
	return nil
}

// unassigned reports whether a value is unassigned: null and an empty list are equivalent to an absent
// value (RFC 7643 section 2.5).
func unassigned(content any) bool {
	list, ok := content.([]any)
	return content == nil || ok && len(list) == 0
}

// text returns a string; null is equivalent to the empty string (RFC 7643 section 2.5).
func text(name string, content any) (string, error) {
	if content == nil {
		return "", nil
	}
	s, ok := content.(string)
	if !ok {
		return "", refuse(invalidValue, "%s must be a string.", name)
	}
	return s, nil
}

// requiredText returns a string that is not blank.
func requiredText(name string, content any) (string, error) {
	if content == nil {
		return "", refuse(mutability, "%s is required and cannot be removed.", name)
	}
	s, err := text(name, content)
	if err == nil && strings.TrimSpace(s) == "" {
		err = refuse(invalidValue, "%s must not be blank.", name)
	}
	return s, err
}

// boolean returns a boolean. It also accepts strings, because Udemy's template for OneLogin sends them.
func boolean(name string, content any) (bool, error) {
	switch content {
	case true, "true":
		return true, nil
	case false, "false":
		return false, nil
	case nil:
		return false, refuse(mutability, "%s is required and cannot be removed.", name)
	}
	return false, refuse(invalidValue, "%s must be a boolean.", name)
}

// page returns the offset and limit of the requested page (RFC 7644 section 3.4.2.4).
func (a *scim) page(r *http.Request) (offset, limit int, err error) {
	query := r.URL.Query()
	first, firstOK := queryNumber(query, "startIndex", 1)
	count, countOK := queryNumber(query, "count", defaultSCIMPage)
	if !firstOK || !countOK {
		return 0, 0, refuse(invalidValue, "startIndex and count must be integers.")
	}
	if a.config.Variations.IgnorePages {
		first = 1
	}
	offset, limit = shiftPage(r, max(first, 1)-1, min(count, a.largestPage()))
	return offset, limit, nil
}

func (a *scim) largestPage() int {
	if size := a.config.Variations.PageSize; size > 0 {
		return min(size, maxPageSize)
	}
	return maxPageSize
}

// writeResource responds with the requested attributes of a resource.
func (a *scim) writeResource(w http.ResponseWriter, r *http.Request, status int, resource map[string]any) {
	if status == http.StatusCreated {
		w.Header().Set("Location", location(resource))
	}
	if m, ok := resource["meta"].(map[string]any); ok && m["version"] != nil {
		w.Header().Set("ETag", fmt.Sprint(m["version"]))
	}
	a.write(w, status, a.vary(project(resource, r.URL.Query())))
}

// writePatched responds to a PATCH. With attributes in the query, the response always has a body
// (RFC 7644 section 3.5.2).
func (a *scim) writePatched(w http.ResponseWriter, r *http.Request, resource map[string]any) {
	if a.config.Variations.PatchNoContent && !r.URL.Query().Has("attributes") {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	a.writeResource(w, r, http.StatusOK, resource)
}

// writeSCIMList responds with a page of a list. An empty page omits Resources (RFC 7644 section 3.4.2).
func writeSCIMList[T any](a *scim, w http.ResponseWriter, r *http.Request, items []T, offset, total int,
	object func(*http.Request, T) map[string]any,
) {
	list := map[string]any{
		"schemas": []any{listURN}, "startIndex": offset + 1, "itemsPerPage": len(items),
		"totalResults": a.config.Variations.total(total, len(items)),
	}
	var resources []any
	for _, item := range items {
		resources = append(resources, project(object(r, item), r.URL.Query()))
	}
	if resources != nil {
		list["Resources"] = resources
	}
	a.write(w, http.StatusOK, a.vary(list))
}

// vary applies the variations of the response format.
func (a *scim) vary(content any) any {
	switch content := content.(type) {
	case map[string]any:
		varied := map[string]any{}
		for name, item := range content {
			item = a.vary(item)
			if a.config.Variations.OmitEmpty && isEmpty(item) {
				continue
			}
			if a.config.Variations.LowerCaseNames {
				name = strings.ToLower(name)
			}
			varied[name] = item
		}
		return varied
	case []any:
		varied := make([]any, 0, len(content))
		for _, item := range content {
			varied = append(varied, a.vary(item))
		}
		return varied
	case bool:
		if a.config.Variations.TextBooleans {
			return strconv.FormatBool(content)
		}
	}
	return content
}

// isEmpty reports whether a value is an empty list or an object without attributes.
func isEmpty(content any) bool {
	object, ok := content.(map[string]any)
	return ok && len(object) == 0 || unassigned(content)
}

// writeError responds with an error of the organization or of this API (RFC 7644 section 3.12). The
// response to a conflict does not contain the conflicting ID.
func (a *scim) writeError(w http.ResponseWriter, err error) {
	var refused *scimError
	var conflict *conflictError
	var invalid *invalidError
	switch {
	case errors.As(err, &refused):
	case errors.Is(err, errNotFound):
		refused = &scimError{status: http.StatusNotFound, detail: "There is no such resource."}
	case errors.As(err, &conflict):
		refused = &scimError{http.StatusConflict, uniqueness, conflict.detail}
	case errors.As(err, &invalid):
		refused = &scimError{http.StatusBadRequest, invalidValue, invalid.detail}
	default:
		refused = &scimError{status: http.StatusInternalServerError, detail: err.Error()}
	}
	answer := map[string]any{
		"schemas": []any{errorURN}, "status": strconv.Itoa(refused.status), "detail": refused.detail,
	}
	if a.config.Variations.NumericStatus {
		answer["status"] = refused.status
	}
	if refused.scimType != "" && !a.config.Variations.NoSCIMType {
		answer["scimType"] = refused.scimType
	}
	a.write(w, refused.status, answer)
}

func (a *scim) write(w http.ResponseWriter, status int, body any) {
	var content bytes.Buffer
	encoder := json.NewEncoder(&content)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", scimMediaType)
	w.WriteHeader(status)
	// After a write error the client has disconnected.
	_, _ = w.Write(content.Bytes())
}

// project returns the attributes of a resource that "attributes" and "excludedAttributes" select (RFC
// 7644 section 3.9). A requested sub-attribute selects the whole attribute, an excluded one has no effect.
func project(resource map[string]any, query url.Values) map[string]any {
	// id is always returned (RFC 7643 section 3.1), and every resource has schemas.
	requested := map[string]bool{"id": true, "schemas": true}
	for _, name := range names(query.Get("attributes")) {
		if strings.HasPrefix(name, extensionName) {
			name = extensionName
		} else {
			name, _, _ = strings.Cut(name, ".")
		}
		requested[name] = true
	}
	excluded := names(query.Get("excludedAttributes"))
	projected := map[string]any{}
	for name, content := range resource {
		folded := strings.ToLower(name)
		always := folded == "id" || folded == "schemas"
		switch {
		case query.Has("attributes") && !requested[folded]:
		case slices.Contains(excluded, folded) && !always:
		default:
			projected[name] = content
		}
	}
	return projected
}

// names reads a list of attribute names, and removes the URNs of the core schemas.
func names(list string) []string {
	var found []string
	for name := range strings.SplitSeq(list, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		for _, core := range []string{userURN, groupURN} {
			name = strings.TrimPrefix(name, strings.ToLower(core)+":")
		}
		found = append(found, name)
	}
	return found
}

// matches returns the check of If-Match for a change of an object (RFC 7644 section 3.14).
func (a *scim) matches(r *http.Request) func(times) error {
	return func(t times) error {
		given := r.Header.Get("If-Match")
		switch {
		case !a.config.Variations.RequireVersion || given == "*" || given == t.tag():
			return nil
		case given == "":
			return &scimError{status: http.StatusPreconditionRequired, detail: "If-Match is required."}
		default:
			return &scimError{status: http.StatusPreconditionFailed, detail: "The resource has another version."}
		}
	}
}

// meta returns the "meta" of a learner or a group (RFC 7643 section 3.1).
func (a *scim) meta(r *http.Request, resourceType, id string, t times) map[string]any {
	const layout = "2006-01-02T15:04:05.000Z"
	described := map[string]any{
		"resourceType": resourceType,
		"created":      t.created.UTC().Format(layout),
		"lastModified": t.modified.UTC().Format(layout),
		"location":     resourceURL(r, resourceType, id),
	}
	if a.config.Variations.RequireVersion {
		described["version"] = t.tag()
	}
	return described
}

// location returns the location in the "meta" of a resource.
func location(resource map[string]any) string {
	m, _ := resource["meta"].(map[string]any)
	address, _ := m["location"].(string)
	return address
}

// resourceURL returns the URL of a learner ("User") or a group ("Group").
func resourceURL(r *http.Request, resourceType, id string) string {
	return baseURL(r) + "/" + resourceType + "s/" + url.PathEscape(id)
}

func baseURL(r *http.Request) string {
	return scheme(r) + "://" + r.Host + scimPath
}

// references returns the groups of a user or the members of a group.
func references(r *http.Request, resourceType string, refs []reference) []any {
	listed := make([]any, 0, len(refs))
	for _, ref := range refs {
		listed = append(listed, map[string]any{
			"value": ref.id, "display": ref.name, "$ref": resourceURL(r, resourceType, ref.id),
		})
	}
	return listed
}
