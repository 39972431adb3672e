// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// document is a roster as udemy_roster has it: a JSON object of learners. It is text in configuration and state, because Terraform
// takes quadratic time for collections, and constant time for a text.
type document struct {
	lines []line
	// index maps keys to positions in lines.
	index map[string]int
}

// line is one learner of a document. A profile field that is empty is not managed.
type line struct {
	Learner
	key string
	// raw is the record as it is in the text. A refresh changes only what differs, so a plan shows only real differences.
	raw string
}

// The members of a record besides the fields of the profile.
const (
	memberGroups = "groups"
	memberActive = "active"
	memberID     = "udemy_id" // The function roster returns it. udemy_roster ignores it, because state has the IDs.
)

// documentError holds all mistakes of a document.
type documentError struct {
	mistakes []string
}

func (e *documentError) Error() string {
	return firstOf(e.mistakes)
}

// firstOf joins the first texts, one on each line, and adds the number of the others.
func firstOf(texts []string) string {
	if len(texts) <= maxListed {
		return strings.Join(texts, "\n")
	}
	return fmt.Sprintf("%s\nand %d more", strings.Join(texts[:maxListed], "\n"), len(texts)-maxListed)
}

// newDocument returns a document with these lines.
func newDocument(lines []line) *document {
	d := &document{lines: lines, index: make(map[string]int, len(lines))}
	for i := range lines {
		d.index[lines[i].key] = i
	}
	return d
}

// line returns the line with a key, or nil.
func (d *document) line(key string) *line {
	i, ok := d.index[key]
	if !ok {
		return nil
	}
	return &d.lines[i]
}

// lastParsed is the document that was parsed last. An apply parses the text in state and the text in the plan twice each, and a run
// without changes parses one text in refresh and plan. Documents are not changed after they are parsed.
var lastParsed atomic.Pointer[parsedText]

type parsedText struct {
	text     string
	document *document
	// previous is the document that was parsed before, or nil.
	previous *parsedText
}

// parseDocument parses a document. If it is malformed, the error is a *documentError with all mistakes. If only values are wrong, the
// document is returned as well.
func parseDocument(text string) (*document, error) {
	last := lastParsed.Load()
	for known := last; known != nil; known = known.previous {
		if known.text == text {
			return known.document, nil
		}
	}
	similar := newDocument(nil)
	if last != nil {
		similar = last.document
		last = &parsedText{text: last.text, document: last.document} // Only two documents are kept.
	}
	parsed, err := parseText(text, similar)
	if err == nil {
		lastParsed.Store(&parsedText{text, parsed, last})
	}
	return parsed, err
}

// parseText parses a document. Lines that are the same in a similar document without mistakes are taken from there.
func parseText(text string, similar *document) (*document, error) {
	p := documentParser{text: text, similar: similar, decoder: json.NewDecoder(strings.NewReader(text)), keys: map[string]bool{}}
	if err := p.readAll(); err != nil {
		return nil, &documentError{[]string{err.Error()}}
	}
	p.checkUnique(udemy.FieldEmail, func(l *line) string { return udemy.EmailKey(l.Email) })
	p.checkUnique(udemy.FieldExternalID, func(l *line) string { return l.ExternalID })
	if len(p.mistakes) > 0 {
		return newDocument(p.lines), &documentError{p.mistakes}
	}
	return newDocument(p.lines), nil
}

type documentParser struct {
	text     string
	similar  *document
	decoder  *json.Decoder
	lines    []line
	keys     map[string]bool
	mistakes []string
}

var errNotObject = errors.New("not a JSON object of learners; use jsonencode with a map of records")

func (p *documentParser) readAll() error {
	if token, err := p.decoder.Token(); err != nil || token != json.Delim('{') {
		return errNotObject
	}
	for p.decoder.More() {
		token, err := p.decoder.Token()
		if err != nil {
			return fmt.Errorf("malformed JSON: %w", err)
		}
		key, _ := token.(string) // The decoder accepts only strings as keys.
		rest := strings.TrimLeft(p.text[p.decoder.InputOffset():], ": \t\r\n")
		similar := p.similar.line(key)
		isKnown := similar != nil && strings.HasPrefix(rest, similar.raw) // An object that begins with a whole object is equal to it.
		var record map[string]any
		if isKnown {
			err = p.decoder.Decode(&skipped{})
		} else {
			err = p.decoder.Decode(&record)
		}
		var wrongType *json.UnmarshalTypeError
		switch {
		case errors.As(err, &wrongType) || err == nil && record == nil && !isKnown:
			p.add(key, "is not an object")
			continue
		case err != nil:
			return fmt.Errorf("malformed JSON: %w", err)
		case key == "":
			p.add(key, "the key is empty")
		case p.keys[key]:
			p.add(key, "the key occurs twice")
		}
		p.keys[key] = true
		if isKnown {
			p.lines = append(p.lines, *similar)
			continue
		}
		end := int(p.decoder.InputOffset())
		l := line{key: key, raw: rest[:len(rest)-(len(p.text)-end)]}
		p.readRecord(&l, record)
		p.lines = append(p.lines, l)
	}
	if _, err := p.decoder.Token(); err != nil {
		return fmt.Errorf("malformed JSON: %w", err)
	}
	if _, err := p.decoder.Token(); !errors.Is(err, io.EOF) {
		return errNotObject
	}
	return nil
}

// skipped is a JSON value that is not decoded.
type skipped struct{}

func (*skipped) UnmarshalJSON([]byte) error { return nil }

func (p *documentParser) add(key, format string, arguments ...any) {
	p.mistakes = append(p.mistakes, fmt.Sprintf("%q: %s", key, fmt.Sprintf(format, arguments...)))
}

// readRecord reads the members of a record. An absent member, a null, an empty text and an empty list of licenses mean the same.
func (p *documentParser) readRecord(l *line, record map[string]any) {
	known := 0
	value := func(member string) any {
		v, ok := record[member]
		if ok {
			known++
		}
		return v
	}
	for _, field := range udemy.Profile {
		v := value(field.Name)
		if field.List != nil {
			if names := p.names(l.key, field.Name, v); len(names) > 0 {
				*field.List(&l.User) = names
			}
			continue
		}
		*field.Text(&l.User) = p.plain(l.key, field.Name, v)
	}
	l.Groups = p.names(l.key, memberGroups, value(memberGroups))
	l.Active = true
	switch active := value(memberActive).(type) {
	case nil:
	case bool:
		l.Active = active
	default:
		p.add(l.key, "%s is neither true nor false", memberActive)
	}
	value(memberID)
	if known < len(record) {
		for _, member := range slices.Sorted(maps.Keys(record)) {
			if !slices.Contains(members(), member) {
				p.add(l.key, "unknown attribute %q; the attributes are %s", member, strings.Join(members(), ", "))
			}
		}
	}
	p.checkEmail(l)
	if l.Role != "" && l.Role != udemy.RoleLearner && l.Role != udemy.RoleAdmin {
		p.add(l.key, "the role %q can't be assigned; use learner or admin, or null to keep the role at Udemy", l.Role)
	}
}

func (p *documentParser) checkEmail(l *line) {
	character := udemy.InvisibleCharacter(l.Email)
	switch {
	case l.Email == "":
		p.add(l.key, "%s is missing", udemy.FieldEmail)
	case character != "":
		p.add(l.key, "the address %q contains an invisible character: %s", l.Email, character)
	case !udemy.IsEmail(l.Email):
		p.add(l.key, "%q is not an e-mail address; use a bare address, such as ada@example.com", l.Email)
	}
}

// plain returns the text of a member. The check of an address names the character, so it is not made here.
func (p *documentParser) plain(key, member string, v any) string {
	text, ok := v.(string)
	switch {
	case v == nil:
	case !ok:
		p.add(key, "%s is not a string", member)
	case text != "" && member != udemy.FieldEmail && !isPlain(text):
		p.add(key, "%s %q starts or ends with a blank, or contains a line break or another invisible character", member, text)
	}
	return text
}

// isPlain reports whether udemy.PlainText matches a text. The pattern takes most of the time for a large document.
func isPlain(text string) bool {
	return isVisibleASCII(text) && text == strings.Trim(text, " ") || udemy.PlainText.MatchString(text)
}

// names returns the names of a member, sorted and unique, or nil for a null.
func (p *documentParser) names(key, member string, v any) []string {
	elements, ok := v.([]any)
	switch {
	case v == nil:
		return nil
	case !ok:
		p.add(key, "%s is not a list of strings", member)
		return nil
	}
	names := make([]string, 0, len(elements))
	for _, element := range elements {
		if name, ok := element.(string); !ok || name == "" {
			p.add(key, "%s has an element that is not a name", member)
		} else {
			names = append(names, p.plain(key, member, name))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// members returns the names of all members of a record.
func members() []string {
	var names []string
	for _, field := range udemy.Profile {
		names = append(names, field.Name)
	}
	return append(names, memberGroups, memberActive, memberID)
}

// checkUnique adds a mistake for each value that two lines have: they would be one person.
func (p *documentParser) checkUnique(member string, value func(*line) string) {
	first := make(map[string]string, len(p.lines))
	for i := range p.lines {
		l := &p.lines[i]
		v := value(l)
		if v == "" {
			continue
		}
		if other, found := first[v]; found {
			p.add(l.key, "%s %q is already in %q, so both would be one person", member, v, other)
			continue
		}
		first[v] = l.key
	}
}

// matches reports whether a line in state needs no change to become another. What the other does not manage always matches.
func (l *line) matches(other *line) bool {
	if l == other {
		return true
	}
	for _, field := range udemy.Profile {
		if !isEmpty(field, &other.User) && !sameValue(field, &l.User, &other.User) {
			return false
		}
	}
	return l.Active == other.Active && (other.Groups == nil || l.Groups != nil && sameNames(l.Groups, other.Groups))
}

// matches reports whether a document in state needs no change to become another.
func (d *document) matches(other *document) bool {
	if d == other {
		return true
	}
	if len(d.lines) != len(other.lines) {
		return false
	}
	for i := range other.lines {
		l := d.line(other.lines[i].key)
		if l == nil || !l.matches(&other.lines[i]) {
			return false
		}
	}
	return true
}

// isEmpty reports whether a learner has no value in a field, as field.IsEmpty does without copying the learner.
func isEmpty(field udemy.Field, user *udemy.User) bool {
	if field.List != nil {
		return len(*field.List(user)) == 0
	}
	return *field.Text(user) == ""
}

// sameValue reports whether two learners have the same value of a field.
func sameValue(field udemy.Field, a, b *udemy.User) bool {
	if field.List != nil {
		return slices.Equal(slices.Sorted(slices.Values(*field.List(a))), slices.Sorted(slices.Values(*field.List(b))))
	}
	from, to := *field.Text(a), *field.Text(b)
	switch field.Name {
	case udemy.FieldEmail:
		return udemy.SameEmail(from, to)
	case udemy.FieldLicensePool:
		return strings.EqualFold(from, to)
	default:
		return udemy.SameText(from, to)
	}
}

// sameNames compares sorted names of groups.
func sameNames(a, b []string) bool {
	if slices.Equal(a, b) {
		return true
	}
	keys := func(names []string) []string {
		var all []string
		for _, name := range names {
			all = append(all, udemy.GroupKey(name))
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	return slices.Equal(keys(a), keys(b))
}

// text renders a document, sorted by key, with the records as they were read.
func (d *document) text() string {
	keys := slices.Sorted(maps.Keys(d.index))
	var b strings.Builder
	b.WriteByte('{')
	for i, key := range keys {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(encode(key))
		b.WriteByte(':')
		b.WriteString(d.line(key).raw)
	}
	b.WriteByte('}')
	return b.String()
}

// newLine returns a line with its record. The record leaves out what the learner has no value of.
func newLine(key string, learner Learner) line {
	record := map[string]any{memberActive: learner.Active}
	for _, field := range udemy.Profile {
		if !isEmpty(field, &learner.User) {
			record[field.Name] = fieldValue(field, learner.User)
		}
	}
	if learner.Groups != nil {
		record[memberGroups] = learner.Groups
	}
	return line{Learner: learner, key: key, raw: encode(record)}
}

// with returns a line with other values of the managed attributes, and the rest of the record unchanged.
func (l *line) with(learner Learner) line {
	var record map[string]any
	if err := json.Unmarshal([]byte(l.raw), &record); err != nil {
		return newLine(l.key, learner)
	}
	for _, field := range udemy.Profile {
		if !isEmpty(field, &l.User) && !sameValue(field, &l.User, &learner.User) {
			record[field.Name] = fieldValue(field, learner.User)
		}
	}
	if l.Active != learner.Active {
		record[memberActive] = learner.Active
	}
	if l.Groups != nil && !slices.Equal(l.Groups, learner.Groups) {
		record[memberGroups] = learner.Groups
	}
	return line{Learner: learner, key: l.key, raw: encode(record)}
}

// fieldValue returns the value of a field for JSON. It is null if the learner has none.
func fieldValue(field udemy.Field, user udemy.User) any {
	switch {
	case isEmpty(field, &user):
		return nil
	case field.List != nil:
		return *field.List(&user)
	default:
		return *field.Text(&user)
	}
}

// encode renders JSON as jsonencode does.
func encode(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err) // Texts, booleans, and lists and maps of them can always be encoded.
	}
	return string(encoded)
}

// decodeTexts parses a JSON object of texts, such as ids. A text that is not such an object counts as empty.
func decodeTexts(text string) map[string]string {
	texts := map[string]string{}
	if err := json.Unmarshal([]byte(text), &texts); err != nil {
		return map[string]string{}
	}
	return texts
}
