// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"strings"
)

// comparison requires that an attribute equals a value, which is a string or a bool. The attribute is in
// lower case, without the URN of its schema.
type comparison struct {
	attribute string
	value     any
}

// alternatives is a filter. It matches if all comparisons of at least one list match.
type alternatives [][]comparison

// parseFilter parses the part of a filter (RFC 7644 section 3.4.2.2) that Udemy documents: "eq", "and"
// and filters in brackets. Callers have to reject "or". core is the URN that may qualify attribute
// names.
func parseFilter(filter, core string) (alternatives, error) {
	reader := filterReader{rest: filter, core: core}
	return reader.until("", "")
}

// filterReader splits a filter into tokens.
type filterReader struct {
	rest string
	core string
}

// until reads up to the token end, which is a closing bracket, or empty for the end of the filter. In
// brackets, prefix qualifies each attribute.
func (f *filterReader) until(end, prefix string) (alternatives, error) {
	var all alternatives
	var current []comparison
	for {
		comparisons, err := f.comparison(prefix)
		if err != nil {
			return nil, err
		}
		current = append(current, comparisons...)
		switch token := strings.ToLower(f.token()); token {
		case end:
			return append(all, current), nil
		case "and":
		case "or":
			all, current = append(all, current), nil
		default:
			return nil, refuse(invalidFilter, "%q is not expected after a comparison.", token)
		}
	}
}

// comparison reads a comparison, or the comparisons in brackets after an attribute.
func (f *filterReader) comparison(prefix string) ([]comparison, error) {
	attribute := strings.ToLower(f.token())
	if attribute == "" || strings.ContainsAny(attribute, `"[]()`) {
		return nil, refuse(invalidFilter, "%q is not an attribute.", attribute)
	}
	attribute = prefix + strings.TrimPrefix(attribute, strings.ToLower(f.core)+":")
	operator := strings.ToLower(f.token())
	if operator == "[" {
		inner, err := f.until("]", attribute+".")
		if err != nil {
			return nil, err
		}
		if len(inner) > 1 {
			return nil, refuse(invalidFilter, `"or" is not supported.`)
		}
		return inner[0], nil
	}
	if operator != "eq" {
		return nil, refuse(invalidFilter, "The operator %q is not supported.", operator)
	}
	literal := f.token()
	var content any
	if json.Unmarshal([]byte(literal), &content) == nil {
		switch content.(type) {
		case string, bool:
			return []comparison{{attribute, content}}, nil
		}
	}
	return nil, refuse(invalidFilter, "%q is neither a string nor a boolean in JSON.", literal)
}

// token returns the next bracket, quoted string or word, or an empty string at the end.
func (f *filterReader) token() string {
	f.rest = strings.TrimLeft(f.rest, " ")
	if f.rest == "" {
		return ""
	}
	n := 1
	if !strings.Contains("[]()", f.rest[:1]) {
		if f.rest[0] == '"' {
			for n < len(f.rest) && f.rest[n] != '"' {
				if f.rest[n] == '\\' {
					n++
				}
				n++
			}
			n = min(n+1, len(f.rest))
		}
		// Text directly after a string is part of the token and makes it invalid.
		if end := strings.IndexAny(f.rest[n:], " []()"); end >= 0 {
			n += end
		} else {
			n = len(f.rest)
		}
	}
	token := f.rest[:n]
	f.rest = f.rest[n:]
	return token
}

// field is an attribute of a T in a filter: a string or a bool.
type field[T any] struct {
	get   func(*T) any
	exact bool // case-sensitive
}

// compile converts a filter to a function.
func compile[T any](filter alternatives, fields map[string]field[T]) (func(*T) bool, error) {
	for _, all := range filter {
		for _, c := range all {
			f, known := fields[c.attribute]
			if !known {
				return nil, refuse(invalidFilter, "Filters on %q are not supported.", c.attribute)
			}
			_, isText := f.get(new(T)).(string)
			if _, wantsText := c.value.(string); isText != wantsText {
				return nil, refuse(invalidFilter, "%q cannot be compared with %v.", c.attribute, c.value)
			}
		}
	}
	return func(t *T) bool {
		for _, all := range filter {
			if holds(t, all, fields) {
				return true
			}
		}
		return false
	}, nil
}

func holds[T any](t *T, all []comparison, fields map[string]field[T]) bool {
	for _, c := range all {
		f := fields[c.attribute]
		have := f.get(t)
		if haveText, ok := have.(string); ok && !f.exact {
			wantText, _ := c.value.(string)
			if !strings.EqualFold(haveText, wantText) {
				return false
			}
		} else if have != c.value {
			return false
		}
	}
	return true
}

// filter reads the filter in a query. Without a filter, everything matches.
func filter[T any](a *scim, query map[string][]string, core string, fields map[string]field[T]) (func(*T) bool, error) {
	given := query["filter"]
	if len(given) == 0 || a.config.Variations.IgnoreFilters {
		return func(*T) bool { return true }, nil
	}
	parsed, err := parseFilter(given[0], core)
	if err != nil {
		return nil, err
	}
	for _, c := range parsed[0] {
		attribute, _, _ := strings.Cut(c.attribute, ".")
		if a.config.Variations.FewFilters && (attribute == "externalid" || attribute == "emails") {
			return nil, refuse(invalidFilter, "Filters on %q are not supported.", c.attribute)
		}
	}
	if len(parsed) > 1 {
		return nil, refuse(invalidFilter, `"or" is not supported.`)
	}
	if a.config.Variations.EmptySearches {
		return func(*T) bool { return false }, nil
	}
	return compile(parsed, fields)
}
