// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

type jsonFunction struct{}

// NewJSONFunction returns the provider function roster_json.
func NewJSONFunction() function.Function {
	return jsonFunction{}
}

func (jsonFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "roster_json"
}

func (jsonFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Reads learners from a CSV file, as JSON for udemy_roster",
		MarkdownDescription: "Reads learners from the text of a CSV file and validates them, as [`roster`](roster.md) does. Returns the text of a JSON object for " +
			"the attribute `learners` of [`udemy_roster`](../resources/roster.md). The keys are sorted, and attributes that are null are left out, so equal lists give equal texts. The column `udemy_id` is left out as well: the resource has the IDs in state. " +
			"Terraform converts the objects of `roster` one by one, which takes most of the time of a plan with thousands of learners. A text needs no " +
			"conversion.\n\n" + rosterDescription,
		Parameters:        []function.Parameter{csvParameter},
		VariadicParameter: optionsParameter,
		Return:            function.StringReturn{},
	}
}

func (jsonFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	learners, o, known, err := readArguments(ctx, req)
	switch {
	case err != nil:
		resp.Error = err
		return
	case !known:
		resp.Error = resp.Result.Set(ctx, types.StringUnknown())
		return
	}
	resp.Error = resp.Result.Set(ctx, string(encodeLearners(learners, o.keyOf)))
}

// encodeLearners returns what jsonencode returns for a map of learners without attributes that are null. With reflection, this
// would take half of the time of the function.
func encodeLearners(learners []Learner, keyOf func(Learner) string) []byte {
	byKey := make(map[string]*Learner, len(learners))
	for i := range learners {
		byKey[keyOf(learners[i])] = &learners[i]
	}
	const usual = 256 // bytes for a learner
	text := append(make([]byte, 0, usual*len(learners)), '{')
	for i, key := range slices.Sorted(maps.Keys(byKey)) {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(appendText(text, key), ":{"...)
		for _, m := range jsonMembers {
			name := append(appendText(text, m.name), ':')
			if value := m.append(name, byKey[key]); len(value) > len(name) {
				text = append(value, ',')
			}
		}
		text[len(text)-1] = '}' // The last comma. At least active has a value.
	}
	return append(text, '}')
}

type jsonMember struct {
	name string
	// append appends the value of the attribute. It returns the text unchanged if the value is null.
	append func(text []byte, l *Learner) []byte
}

// jsonMembers are the attributes of a learner, sorted by name. The ID is not among them: udemy_roster ignores it, and an imported
// roster does not have it in state, so the next plan would show it for every learner.
var jsonMembers = func() []jsonMember {
	members := []jsonMember{
		{memberActive, func(text []byte, l *Learner) []byte { return strconv.AppendBool(text, l.Active) }},
		{memberGroups, func(text []byte, l *Learner) []byte { return appendTexts(text, l.Groups) }},
	}
	for _, field := range udemy.Profile {
		m := jsonMember{field.Name, func(text []byte, l *Learner) []byte { return appendTextOrNull(text, *field.Text(&l.User)) }}
		if field.List != nil {
			m.append = func(text []byte, l *Learner) []byte { return appendTexts(text, *field.List(&l.User)) }
		}
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b jsonMember) int { return strings.Compare(a.name, b.name) })
	return members
}()

func appendTexts(text []byte, values []string) []byte {
	if values == nil {
		return text
	}
	text = append(text, '[')
	for i, value := range values {
		if i > 0 {
			text = append(text, ',')
		}
		text = appendText(text, value)
	}
	return append(text, ']')
}

func appendTextOrNull(text []byte, value string) []byte {
	if value == "" {
		return text
	}
	return appendText(text, value)
}

func appendText(text []byte, value string) []byte {
	if isPlainJSON(value) {
		text = append(text, '"')
		text = append(text, value...)
		return append(text, '"')
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err) // A string can always be encoded.
	}
	return append(text, encoded...)
}

// isPlainJSON reports whether json.Marshal only adds quotation marks to a text.
func isPlainJSON(value string) bool {
	for i := range len(value) {
		switch c := value[i]; {
		case c < ' ', c > '~', c == '"', c == '\\', c == '<', c == '>', c == '&':
			return false
		}
	}
	return true
}
