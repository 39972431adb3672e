// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

func parsed(t *testing.T, text string) *document {
	t.Helper()
	d, err := parseDocument(text)
	if err != nil {
		t.Fatalf("%s\n%s", err, text)
	}
	return d
}

func TestParseDocument(t *testing.T) {
	t.Parallel()
	d := parsed(t, ` { "ada" : {"email": "Ada@example.com", "first_name": "Ada", "last_name": null, "external_id": "", "role": "admin",
		"groups": ["Sales", "Art", "Art"], "license_types": [], "active": false, "udemy_id": "u1"}, "eve":{"email":"eve@example.com"}}`)
	want := Learner{User: udemy.User{Email: "Ada@example.com", FirstName: "Ada", Role: udemy.RoleAdmin}, Groups: []string{"Art", "Sales"}}
	if got := d.line("ada").Learner; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if eve := d.line("eve"); eve.Groups != nil || !eve.Active || eve.raw != `{"email":"eve@example.com"}` {
		t.Errorf("got %+v", eve)
	}
	if d.line("grace") != nil {
		t.Error("there is a third line")
	}
}

func TestParseDocument_mistakes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                                      "not a JSON object",
		`[]`:                                    "not a JSON object",
		`{"a":{"email":"a@example.com"}} {}`:    "not a JSON object",
		`{"a":{"email":`:                        "malformed JSON",
		`{"a":null}`:                            `"a": is not an object`,
		`{"a":"b"}`:                             `"a": is not an object`,
		`{"a":{}}`:                              `"a": email is missing`,
		`{"a":{"email":"a"}}`:                   `"a": "a" is not an e-mail address`,
		`{"a":{"email":"a\u200b@example.com"}}`: "U+200B ZERO WIDTH SPACE",
		`{"":{"email":"a@example.com"}}`:        "the key is empty",
		`{"a":{"email":"a@example.com","frist_name":"A"}}`:                                                  `"a": unknown attribute "frist_name"; the attributes are email, first_name`,
		`{"a":{"email":"a@example.com","external_id":1}}`:                                                   "external_id is not a string",
		`{"a":{"email":"a@example.com","first_name":"A\n"}}`:                                                `first_name "A\n"`,
		`{"a":{"email":"a@example.com","active":"no"}}`:                                                     "active is neither true nor false",
		`{"a":{"email":"a@example.com","groups":"Art"}}`:                                                    "groups is not a list",
		`{"a":{"email":"a@example.com","groups":["Art",null]}}`:                                             "an element that is not a name",
		`{"a":{"email":"a@example.com","role":"owner"}}`:                                                    `the role "owner" can't be assigned`,
		`{"a":{"email":"a@example.com"},"a":{"email":"b@example.com"}}`:                                     `"a": the key occurs twice`,
		`{"a":{"email":"a@example.com"},"b":{"email":"A@Example.com"}}`:                                     `"b": email "a@example.com" is already in "a"`,
		`{"a":{"email":"a@example.com","external_id":"1"},"b":{"email":"b@example.com","external_id":"1"}}`: `"b": external_id "1" is already in "a"`,
	} {
		if _, err := parseDocument(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// All mistakes are reported at once, but not more than a reader can use.
func TestParseDocument_manyMistakes(t *testing.T) {
	t.Parallel()
	var records []string
	for i := range 25 {
		records = append(records, fmt.Sprintf(`"%02d":{}`, i))
	}
	_, err := parseDocument("{" + strings.Join(records, ",") + "}")
	if err == nil || strings.Count(err.Error(), "email is missing") != maxListed || !strings.HasSuffix(err.Error(), "\nand 5 more") {
		t.Errorf("got %v", err)
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	const ada = `{"email":"ada@example.com","first_name":"Ada","external_id":"1","groups":["Art","Sales"],"active":true}`
	for record, want := range map[string]bool{
		ada: true,
		`{"groups":["Sales","Art"], "email":"ADA@example.com","first_name":"Ada","external_id":"1"}`: true,
		`{"email":"ada@example.com","first_name":null}`:                                              true, // Null leaves alone.
		`{"email":"ada@example.com","groups":["art","sales"]}`:                                       true,
		`{"email":"ada@example.com","first_name":"Augusta"}`:                                         false,
		`{"email":"ada@example.com","last_name":"L"}`:                                                false,
		`{"email":"ada@example.com","external_id":"2"}`:                                              false,
		`{"email":"ada@example.com","groups":[]}`:                                                    false,
		`{"email":"ada@example.com","groups":["Art"]}`:                                               false,
		`{"email":"ada@example.com","active":false}`:                                                 false,
		`{"email":"byron@example.com"}`:                                                              false,
	} {
		if got := parsed(t, `{"a":`+ada+`}`).matches(parsed(t, `{"a":`+record+`}`)); got != want {
			t.Errorf("%s: got %t", record, got)
		}
	}
	pool := func(name string) *document {
		return parsed(t, `{"a":{"email":"ada@example.com","license_pool":"`+name+`"}}`)
	}
	if !pool("Research").matches(pool("research")) || pool("Research").matches(pool("Sales")) {
		t.Error("the letter case of a license pool counts, or its name does not")
	}
	one, other := parsed(t, `{"a":`+ada+`}`), parsed(t, `{"b":`+ada+`}`)
	if one.matches(other) || one.matches(newDocument(nil)) || newDocument(nil).matches(one) {
		t.Error("documents with different keys match")
	}
}

// A refresh changes only the attributes that differ, so that a plan shows only these.
func TestWith(t *testing.T) {
	t.Parallel()
	d := parsed(t, `{"a":{"role":null,"email":"ada@example.com","first_name":"Ada","groups":["Art"],"udemy_id":null}}`)
	learner := d.lines[0].Learner
	learner.FirstName, learner.Active, learner.Groups, learner.Role = "Augusta", false, []string{}, udemy.RoleAdmin
	got := d.lines[0].with(learner)
	if want := `{"active":false,"email":"ada@example.com","first_name":"Augusta","groups":[],"role":null,"udemy_id":null}`; got.raw != want {
		t.Errorf("got  %s\nwant %s", got.raw, want)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	d := newDocument([]line{
		newLine("b", Learner{User: udemy.User{Email: "b@example.com", FirstName: "<B>"}, Active: true, Groups: []string{}}),
		newLine("a&", Learner{User: udemy.User{Email: "a@example.com"}}),
	})
	want := `{"a\u0026":{"active":false,"email":"a@example.com"},"b":{"active":true,"email":"b@example.com","first_name":"\u003cB\u003e","groups":[]}}`
	if got := d.text(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if again := parsed(t, d.text()); !again.matches(d) || !d.matches(again) {
		t.Error("the text is read as another document")
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"20%": 20, "0%": 9, "100%": 100, "25": 25, "0": 9, "5": 9} {
		l, err := parseLimit(text)
		if got := l.of(100); err != nil || got != want {
			t.Errorf("%s: %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "%", "-1", "101%", "20 %", "1.5%", "007", "x"} {
		if _, err := parseLimit(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

// A line that is equal in the document that was parsed before is not decoded again. The result is the same.
func TestParseText_similar(t *testing.T) {
	t.Parallel()
	similar, err := parseText(`{"a":{"email":"a@example.com","groups":["Art"]},"b":{"email":"b@example.com"},"c":{"email":"c@example.com"}}`, newDocument(nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		`{"a": {"email":"a@example.com","groups":["Art"]} ,"b":{"email":"B@example.com"},"d":{"email":"c@example.com"}}`,
		`{"b":{"email":"b@example.com"},"a":{"email":"b@example.com"}}`,
		`{"b":{"email":"b@example.com"},"b":{"email":"b@example.com"}}`,
		`{"b":{"email":"b@example.com"}}}`,
		`{"b":{"email":"b@example.com"}`,
		`{"b":{"email":"b@example.com"},"c":null}`,
	} {
		want, wantErr := parseText(text, newDocument(nil))
		got, err := parseText(text, similar)
		if !reflect.DeepEqual(got, want) || fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Errorf("%s: got %+v, %v, want %+v, %v", text, got, err, want, wantErr)
		}
	}
}
