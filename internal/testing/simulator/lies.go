// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
)

// aboutOne matches the path of a collection, or of one object in it.
var aboutOne = regexp.MustCompile(`^(.*/(?:organizations/[^/]+|v2)/(?i:users|groups)/?)([^/]*)/?$`)

// isAboutOne reports whether the response to a call describes one learner or one group.
func isAboutOne(r *http.Request) bool {
	match := aboutOne.FindStringSubmatch(r.URL.Path)
	return match != nil && (match[2] != "" || r.Method == http.MethodPost)
}

// lieAboutAnother replaces the body of a success with another learner or group, if one exists. It sends any other response
// unchanged.
func (s *Simulator) lieAboutAnother(w http.ResponseWriter, r *http.Request, done *recording) {
	if other := s.another(r, done.body.Bytes()); other != nil && done.status < http.StatusMultipleChoices {
		done.body.Reset()
		done.body.Write(other)
		if done.status == http.StatusNoContent {
			done.status = http.StatusOK
		}
		done.Header().Set("Content-Type", "application/json")
	}
	done.send(w, done.body.Bytes())
}

// another returns the first learner or group of the list that is neither in the path of a call nor in its response.
func (s *Simulator) another(r *http.Request, answer []byte) []byte {
	collection := aboutOne.FindStringSubmatch(r.URL.Path)[1]
	list := r.Clone(r.Context())
	list.Method, list.Body, list.ContentLength = http.MethodGet, http.NoBody, 0
	list.URL.Path, list.URL.RawPath, list.URL.RawQuery = collection, "", ""
	if isSCIM(r) {
		list.URL.Path = strings.TrimSuffix(collection, "/")
	}
	var listed recording
	s.answer(&listed, list, nil)
	var content struct{ Results, Resources []json.RawMessage }
	if json.Unmarshal(listed.body.Bytes(), &content) != nil {
		return nil
	}
	known := []string{idIn(answer), path.Base(r.URL.Path)}
	for _, object := range slices.Concat(content.Results, content.Resources) {
		if !slices.Contains(known, idIn(object)) {
			return object
		}
	}
	return nil
}

// idIn returns the ID in an object, which is a string or a number.
func idIn(object []byte) string {
	var content struct{ ID json.RawMessage }
	_ = json.Unmarshal(object, &content) // A response without a body has no ID.
	return strings.Trim(string(content.ID), `"`)
}
