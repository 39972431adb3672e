// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"
)

// members is the JSON object in a request body. Each method takes one member and records its errors.
// Finally, accepted reports all errors and all members that were not taken.
type members struct {
	values map[string]json.RawMessage
	faults map[string][]string
}

// readMembers reads the body of a request. If it returns false, it has sent the response.
func readMembers(w http.ResponseWriter, r *http.Request) (*members, bool) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		writeDetail(w, http.StatusUnsupportedMediaType,
			fmt.Sprintf("Unsupported media type %q in request.", r.Header.Get("Content-Type")))
		return nil, false
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		writeDetail(w, http.StatusBadRequest, "The request body could not be read.")
		return nil, false
	}
	if len(body) > maxBody {
		writeDetail(w, http.StatusRequestEntityTooLarge, "The request body is too large.")
		return nil, false
	}
	// Unmarshal rejects data after the value, but replaces invalid UTF-8.
	if !json.Valid(body) || !utf8.Valid(body) {
		writeDetail(w, http.StatusBadRequest, "JSON parse error.")
		return nil, false
	}
	m := &members{faults: map[string][]string{}}
	if bytes.Equal(bytes.TrimSpace(body), []byte("null")) || json.Unmarshal(body, &m.values) != nil {
		writeJSON(w, http.StatusBadRequest,
			map[string][]string{"non_field_errors": {"Invalid data. Expected a dictionary."}})
		return nil, false
	}
	return m, true
}

func (m *members) fault(name, message string) {
	m.faults[name] = append(m.faults[name], message)
}

// take removes a member, and reports whether it exists and is not null.
func (m *members) take(name string) (json.RawMessage, bool) {
	raw, ok := m.values[name]
	delete(m.values, name)
	if ok && string(raw) == "null" {
		m.fault(name, "This field may not be null.")
		return nil, false
	}
	return raw, ok
}

// require records missing members as errors.
func (m *members) require(names ...string) {
	for _, name := range names {
		if _, ok := m.values[name]; !ok {
			m.fault(name, "This field is required.")
		}
	}
}

// readOnly records members as errors that this call cannot write.
func (m *members) readOnly(names ...string) {
	for _, name := range names {
		if _, ok := m.values[name]; ok {
			delete(m.values, name)
			m.fault(name, "This field is read-only.")
		}
	}
}

// text takes a string that is not blank. It returns nil if the member is absent or invalid.
func (m *members) text(name string) *string {
	raw, ok := m.take(name)
	if !ok {
		return nil
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		m.fault(name, "Not a valid string.")
		return nil
	}
	if strings.TrimSpace(text) == "" {
		m.fault(name, "This field may not be blank.")
		return nil
	}
	return &text
}

// nullableText is text, but converts null to the empty string.
func (m *members) nullableText(name string) *string {
	if string(m.values[name]) == "null" {
		delete(m.values, name)
		return new(string)
	}
	return m.text(name)
}

// choice takes one of several words.
func (m *members) choice(name string, words ...string) *string {
	text := m.text(name)
	if text != nil && !slices.Contains(words, *text) {
		m.fault(name, fmt.Sprintf("%q is not a valid choice.", *text))
		return nil
	}
	return text
}

// email takes an e-mail address without a display name.
func (m *members) email(name string) *string {
	text := m.text(name)
	if text == nil {
		return nil
	}
	if !isAddress(*text) {
		m.fault(name, "Enter a valid email address.")
		return nil
	}
	return text
}

func isAddress(text string) bool {
	address, err := mail.ParseAddress(text)
	// ParseAddress also accepts "Ada <ada@example.com>" and hosts without a dot.
	return err == nil && address.Address == text && strings.Contains(text[strings.LastIndex(text, "@"):], ".")
}

// list takes an array of IDs.
func (m *members) list(name string, numbersToo bool) []string {
	raw, ok := m.take(name)
	if !ok {
		return nil
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		m.fault(name, "Expected a list of items.")
		return nil
	}
	var ids []string
	for _, item := range items {
		var id string
		var number json.Number
		switch {
		case item[0] == '"' && json.Unmarshal(item, &id) == nil:
			ids = append(ids, id)
		case item[0] != '"' && numbersToo && json.Unmarshal(item, &number) == nil && number != "":
			ids = append(ids, number.String())
		default:
			m.fault(name, fmt.Sprintf("Not a valid id: %s.", item))
		}
	}
	return ids
}

// accepted records members that were not taken as errors. If there are errors, it responds with them
// and returns false.
func (m *members) accepted(w http.ResponseWriter) bool {
	for name := range m.values {
		m.fault(name, "Unknown field.")
	}
	if len(m.faults) > 0 {
		writeJSON(w, http.StatusBadRequest, m.faults)
		return false
	}
	return true
}

// value returns the string, or an empty string for nil.
func value(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
