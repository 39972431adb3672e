// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// hr is a file of an HR system.
const hr = "email,first_name,last_name,employee id,department,start date,end date,groups\n" +
	"ada@example.com,Ada,Lovelace,E-1,R&D,2026-01-01,,Mathematics\n" +
	"grace@example.com,Grace,Hopper,E-2,R&D,2027-03-01,,Mathematics\n" +
	"kay@example.com,Katherine,Johnson,E-3,R&D,2020-01-01,2026-06-30,Physics\n"

// readWith reads a roster with options as a configuration sets them. It returns the keys, each with "-" if the learner is not
// active, or the error.
func readWith(text string, values map[string]any) string {
	o, err := newOptions(values)
	if err != nil {
		return err.Error()
	}
	learners, err := parse(text, o)
	if err != nil {
		return err.Error()
	}
	keys := []string{}
	for _, l := range learners {
		key := o.keyOf(l)
		if !l.Active {
			key += "-"
		}
		keys = append(keys, key)
	}
	return strings.Join(keys, " ")
}

func TestOptions(t *testing.T) {
	t.Parallel()
	const everybody = "ada@example.com grace@example.com kay@example.com"
	mapped := map[string]any{"columns": map[string]any{"external_id": "Employee ID"}, "ignore": []any{"Department"}}
	plus := func(more map[string]any) map[string]any {
		all := maps.Clone(mapped)
		maps.Copy(all, more)
		return all
	}
	tests := map[string]struct {
		text    string
		options map[string]any
		want    string
	}{
		"an unknown column":         {hr, nil, "line 1, column employee id: unknown column; the columns of a roster are email, first_name"},
		"columns and ignore":        {hr, mapped, everybody},
		"all columns ignored":       {hr, map[string]any{"ignore": []any{"*"}}, everybody},
		"null members":              {hr, plus(map[string]any{"key": nil, "today": nil, "min_rows": nil, "separator": nil, "grace_days": nil}), everybody},
		"key":                       {hr, plus(map[string]any{"key": "external_id"}), "E-1 E-2 E-3"},
		"key without its column":    {hr, map[string]any{"key": "external_id", "ignore": []any{"*"}}, "line 1, column external_id: is missing"},
		"an empty key":              {"email,external_id\nada@example.com,\n", map[string]any{"key": "external_id"}, "line 2, column external_id: is empty"},
		"today":                     {hr, plus(map[string]any{"today": "2026-11-27"}), "ada@example.com kay@example.com-"},
		"the first day":             {hr, plus(map[string]any{"today": "2027-03-01"}), "ada@example.com grace@example.com kay@example.com-"},
		"the last day":              {hr, plus(map[string]any{"today": "2026-06-30"}), "ada@example.com kay@example.com"},
		"the day after the last":    {hr, plus(map[string]any{"today": "2026-07-01"}), "ada@example.com kay@example.com-"},
		"the last day of grace":     {hr, plus(map[string]any{"today": "2026-07-14", "grace_days": 14.}), "ada@example.com kay@example.com"},
		"after the grace":           {hr, plus(map[string]any{"today": "2026-07-15", "grace_days": 14.}), "ada@example.com kay@example.com-"},
		"a timestamp":               {hr, plus(map[string]any{"today": "2026-07-01T00:30:00Z"}), "ada@example.com kay@example.com-"},
		"inactive before the end":   {"email,active,end date\nada@example.com,no,2027-01-01\n", map[string]any{"today": "2026-07-01"}, "ada@example.com-"},
		"a malformed date":          {"email,end date\nada@example.com,30.6.2026\n", nil, `line 2, column end date: "30.6.2026" is not a date; write the year first, as in 2026-06-30`},
		"an end before the start":   {"email,end date,start date\nada@example.com,2026-06-30,2026-07-01\n", nil, "line 2, column start date: the last day 2026-06-30 is before the first day 2026-07-01"},
		"enough rows":               {hr, plus(map[string]any{"min_rows": 3.}), everybody},
		"too few rows":              {hr, plus(map[string]any{"min_rows": 900.}), "3 lines, at least 900 expected: is the file cut off?"},
		"one row":                   {"email\nada@example.com\n", map[string]any{"min_rows": 2.}, "1 line, at least 2 expected: is the file cut off?"},
		"a cut line":                {"email\nada@example.com\ngra", map[string]any{"min_rows": 3.}, "2 lines, at least 3 expected: is the file cut off?\nline 3, column email: \"gra\" is not"},
		"rows before the start":     {hr, plus(map[string]any{"min_rows": 3., "today": "2026-11-27"}), "ada@example.com kay@example.com-"},
		"only a header":             {"email\n", nil, "a header and no lines: is the file cut off? If an empty list is right, set min_rows to 0"},
		"only a header, allowed":    {"email\n", map[string]any{"min_rows": 0.}, ""},
		"nothing at all":            {"", map[string]any{"min_rows": 0.}, "line 1: the roster is empty"},
		"separator":                 {"email|first_name\nada@example.com|A;B,C\n", map[string]any{"separator": "|"}, "ada@example.com"},
		"separator, a tab":          {"email\tgroups\nada@example.com\t\n", map[string]any{"separator": "\t"}, "ada@example.com"},
		"separator before sep=":     {"sep=;\nemail,\"x;y;z courses\"\nada@example.com,1\n", map[string]any{"separator": ","}, "ada@example.com"},
		"a usual title elsewhere":   {"email,id\nada@example.com,E-1\n", map[string]any{"key": "external_id", "columns": map[string]any{"external_id": "ID"}}, "E-1"},
		"another column of a title": {"email,work\nada@home.example.com,ada@example.com\n", map[string]any{"columns": map[string]any{"email": "work"}, "ignore": []any{"*"}}, "ada@example.com"},
		"the usual title, mapped":   {"email,work\nada@home.example.com,ada@example.com\n", map[string]any{"columns": map[string]any{"email": "work"}}, "line 1, column email: unknown column"},
		"a missing column":          {"email\nada@example.com\n", map[string]any{"columns": map[string]any{"role": "job"}}, "line 1, column job: is missing; the options name it for role"},
		"a known column ignored":    {"email,role\nada@example.com,chief\n", map[string]any{"ignore": []any{"Role"}}, "ada@example.com"},
		"two ignored columns":       {"email,x,x\nada@example.com,1,2\n", map[string]any{"ignore": []any{"X"}}, "ada@example.com"},
		"mapped dates":              {"email,left\nada@example.com,2026-01-01\n", map[string]any{"columns": map[string]any{"end_date": "left"}, "today": "2026-01-02"}, "ada@example.com-"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := readWith(test.text, test.options)
			if isError := strings.Contains(test.want, "line"); got != test.want && !(isError && strings.HasPrefix(got, test.want)) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestOptions_mistakes(t *testing.T) {
	t.Parallel()
	for want, values := range map[string]map[string]any{
		`unknown option "colums"; the options are columns, grace_days, ignore, key, min_rows, separator, today`: {"colums": nil},
		`key: "mail" is not a key; use email or external_id`:                                                    {"key": "mail"},
		`key: 1 is not a key`: {"key": 1.},
		`columns: unknown attribute "mail"; the attributes are email, first_name`:                     {"columns": map[string]any{"mail": "E-mail"}},
		`columns: the header of email is not a name of a column`:                                      {"columns": map[string]any{"email": " _"}},
		`columns: the header of role is not a name of a column`:                                       {"columns": map[string]any{"role": true}},
		`columns: "X y" is the header of both email and role`:                                         {"columns": map[string]any{"email": "x Y", "role": "X y"}},
		`columns: not an object`:                                                                      {"columns": "email"},
		`ignore: "Mail" is the column of email`:                                                       {"columns": map[string]any{"email": "Mail"}, "ignore": []any{"mail"}},
		`ignore: not a list of headers, such as ["department"]`:                                       {"ignore": "*"},
		`ignore: not a list`:                                                                          {"ignore": []any{"x", nil}},
		`today: "27.11.2026" is not a date; write the year first, as in 2026-06-30`:                   {"today": "27.11.2026"},
		`today: "" is not a date`:                                                                     {"today": ""},
		`grace_days: -1 is not a whole number, 0 or more`:                                             {"grace_days": -1., "today": "2026-01-01"},
		`grace_days: has no effect without today`:                                                     {"grace_days": 14.},
		`min_rows: 1.5 is not a whole number, 0 or more`:                                              {"min_rows": 1.5},
		`min_rows: "900" is not a whole number`:                                                       {"min_rows": "900"},
		`separator: ";;" is not a separator`:                                                          {"separator": ";;"},
		`separator: "" is not a separator; use one character, such as ";" or "\t"`:                    {"separator": ""},
		`separator: "\"" is not a separator`:                                                          {"separator": `"`},
		`separator: " " is not a separator`:                                                           {"separator": " "},
		"min_rows: \"1\" is not a whole number, 0 or more\nseparator: 1 is not a separator; use one ": {"min_rows": "1", "separator": 1.},
	} {
		if _, err := newOptions(values); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v:\ngot  %v\nwant %s...", values, err, want)
		}
	}
}

// The page of the functions describes all options, and all columns of a roster.
func TestOptions_described(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(optionReaders)) {
		if !strings.Contains(rosterDescription, "| `"+name+"` |") || !strings.Contains(optionsParameter.MarkdownDescription, "`"+name+"`") {
			t.Errorf("the option %s is not described", name)
		}
	}
}
