// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"encoding/csv"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

const header = "email,first_name,last_name"

var ada = Learner{User: udemy.User{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"}, Active: true}

// with returns a changed copy of ada.
func with(change func(*Learner)) Learner {
	learner := ada
	change(&learner)
	return learner
}

func TestParse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want []Learner
	}{
		"addresses only":                      {"email\nada@example.com\n", []Learner{{User: udemy.User{Email: "ada@example.com"}, Active: true}}},
		"one name":                            {header + "\nada@example.com,Ada,\n", []Learner{with(func(l *Learner) { l.LastName = "" })}},
		"Udemy's upload file, addresses only": {"email\nada@example.com\n", []Learner{{User: udemy.User{Email: "ada@example.com"}, Active: true}}},
		"a newer upload file": {
			"email,role,groups,group admin for,license pools,Licence type (new),course,Assigned courses\nada@example.com,Group Admin,,Art,Pool,Pro,17,18;19\n",
			[]Learner{{User: udemy.User{Email: "ada@example.com"}, Groups: []string{}, Active: true}},
		},
		"an owner":               {header + ",role\nada@example.com,Ada,Lovelace,owner\n", []Learner{ada}},
		"two byte order marks":   {"\ufeff\ufeff" + header + "\r\nada@example.com,Ada,Lovelace\r\n", []Learner{ada}},
		"a mark after a blank":   {"\ufeff \n\ufeff\"email\",first_name,last_name\nada@example.com,Ada,Lovelace\n", []Learner{ada}},
		"a separator line":       {"\ufeffsep=;\r\n\ufeff" + strings.ReplaceAll(header, ",", ";") + "\r\nada@example.com;Ada;Lovelace\r\n", []Learner{ada}},
		"a separator line, tabs": {"\"SEP=\t\"\n" + strings.ReplaceAll(header, ",", "\t") + "\nada@example.com\tAda\tLovelace\n", []Learner{ada}},
		"a declared separator":   {"sep=;\nemail;\"a,b,c courses\"\nada@example.com;1\n", []Learner{{User: udemy.User{Email: "ada@example.com"}, Active: true}}},
		"line ends of old Macs":  {header + "\r\rada@example.com,Ada,Lovelace\r", []Learner{ada}},
		"a blank first line":     {"   \r\nemail;first_name;last_name\r\nada@example.com;Ada;Lovelace\r\n", []Learner{ada}},
		"typographic quotation marks in a name": {
			header + ",groups\nada@example.com,Ada “A” K,’t Hooft,'„X“;Y\n",
			[]Learner{with(func(l *Learner) {
				l.FirstName, l.LastName, l.Groups = "Ada “A” K", "’t Hooft", []string{"Y", "„X“"}
			})},
		},
		"no learners":           {header + "\n", []Learner{}},
		"required columns only": {header + "\nada@example.com,Ada,Lovelace\n", []Learner{ada}},
		"no line break at the end": {
			header + "\nada@example.com,Ada,Lovelace", []Learner{ada},
		},
		"columns of Udemy's user list": {
			"Email address,Name,Surname,Role,Status,Groups,External ID,LMS user ID,License type\n" +
				"ada@example.com,Ada,Lovelace,Admin,Invited,Sales;Art,E-1,17,Pro;Enterprise\n",
			[]Learner{with(func(l *Learner) {
				l.Role, l.ExternalID, l.LicenseTypes = udemy.RoleAdmin, "E-1", []string{"Enterprise", "Pro"}
				l.Groups = []string{"Art", "Sales"}
			})},
		},
		"column of Udemy's upload file": {
			"email,name,surname,role,groups,group admin for\nada@example.com,Ada,Lovelace,user,Art,Sales\n",
			[]Learner{with(func(l *Learner) { l.Role, l.Groups = udemy.RoleLearner, []string{"Art"} })},
		},
		"alternative column names": {
			"E-Mail,FIRST NAME,last-name,externalid,Licences,Udemy ID\nada@example.com,Ada,Lovelace,E-1,Pro,u1\n",
			[]Learner{with(func(l *Learner) { l.ExternalID, l.LicenseTypes, l.ID = "E-1", []string{"Pro"}, "u1" })},
		},
		"byte order mark, CRLF and blank lines": {
			"\ufeff\r\n" + header + "\r\n\r\n,,\r\nada@example.com,Ada,Lovelace\r\n\r\n", []Learner{ada},
		},
		"semicolons": {
			"email;first_name;last_name;groups\nada@example.com;Ada;Lovelace;\"Art;Sales\"\n",
			[]Learner{with(func(l *Learner) { l.Groups = []string{"Art", "Sales"} })},
		},
		"tabs, and an empty cell": {
			"email\tfirst_name\trole\tlast_name\nada@example.com\tAda\t\tLovelace\n", []Learner{ada},
		},
		"quoted separators": {
			header + "\nada@example.com,Ada,\"Lovelace, née Byron\"\n",
			[]Learner{with(func(l *Learner) { l.LastName = "Lovelace, née Byron" })},
		},
		"blanks around": {
			" email , first_name , last_name \n ada@example.com , \"Ada\",Lovelace \n", []Learner{ada},
		},
		"trailing separators":    {header + ",\nada@example.com,Ada,Lovelace,,\n", []Learner{ada}},
		"omitted optional cells": {header + ",role,external_id\nada@example.com,Ada,Lovelace\n", []Learner{ada}},
		"in no group": {
			header + ",groups\nada@example.com,Ada,Lovelace,\n",
			[]Learner{with(func(l *Learner) { l.Groups = []string{} })},
		},
		"unmanaged groups": {header + ",groups\nada@example.com,Ada,Lovelace,*\n", []Learner{ada}},
		"a group called *": {
			header + ",groups\nada@example.com,Ada,Lovelace,\\*\n",
			[]Learner{with(func(l *Learner) { l.Groups = []string{"*"} })},
		},
		"hostile groups": {
			header + `,groups` + "\n" + `ada@example.com,Ada,Lovelace,"B\;C; A,B ;A,B;D\\;E\F;;'=x"` + "\n",
			[]Learner{with(func(l *Learner) { l.Groups = []string{"=x", "A,B", "B;C", `D\`, `E\F`} })},
		},
		"guarded formulas": {
			header + ",external_id\n'+ada@example.com,'=Ada,''-Lovelace,'@1\n",
			[]Learner{with(func(l *Learner) {
				l.Email, l.FirstName, l.LastName, l.ExternalID = "+ada@example.com", "=Ada", "'-Lovelace", "@1"
			})},
		},
		"an apostrophe in a name": {
			header + "\nada@example.com,Ada,'t Hooft\n", []Learner{with(func(l *Learner) { l.LastName = "'t Hooft" })},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parse(test.text, options{})
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestParse_values(t *testing.T) {
	t.Parallel()
	parseCell := func(t *testing.T, column, cell string) (Learner, error) {
		t.Helper()
		learners, err := parse(header+","+column+"\nada@example.com,Ada,Lovelace,"+cell+"\n", options{})
		if err != nil {
			return Learner{}, err
		}
		return learners[0], nil
	}
	for cell, want := range map[string]udemy.Role{
		"": "", "learner": "learner", "User": "learner", "student": "learner", "member": "learner", "ADMIN": "admin",
	} {
		if learner, err := parseCell(t, "role", cell); err != nil || learner.Role != want {
			t.Errorf("role %q is %q, %v; want %q", cell, learner.Role, err, want)
		}
	}
	for cell, want := range map[string]bool{
		"": true, "true": true, "TRUE": true, "yes": true, "1": true, "Active": true, "invited": true,
		"false": false, "FALSE": false, "no": false, "0": false, "Deactivated": false, "inactive": false,
	} {
		if learner, err := parseCell(t, "active", cell); err != nil || learner.Active != want {
			t.Errorf("active %q is %t, %v; want %t", cell, learner.Active, err, want)
		}
	}
}

func TestParse_mistakes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"empty":        {"", []string{"line 1: the roster is empty"}},
		"blank":        {"\n \n", []string{"line 1: the roster is empty"}},
		"no email":     {"first_name,last_name\nAda,Lovelace\n", []string{"line 1, column email: is missing"}},
		"unknown":      {header + ",Shoe size\nada@example.com,Ada,Lovelace,38\n", []string{"line 1, column Shoe size: unknown column; the columns of a roster are email, first_name"}},
		"twice":        {"email," + header + "\n", []string{"line 1, column email: duplicates the column email"}},
		"two the same": {header + ",Surname\n", []string{"line 1, column Surname: duplicates the column last_name"}},
		"values": {
			"E-mail,First name,Last name,Role,Active\nada,Ada,,auditor,perhaps\n\"\n\",\"A\nda\",Lovelace,,\n",
			[]string{
				`line 2, column E-mail: "ada" is not an e-mail address`,
				`line 2, column Role: the role "auditor" can't be assigned; use learner or admin, or leave the cell empty`,
				`line 2, column Active: "perhaps" is not a valid value; use true`,
				"line 3, column E-mail: is empty",
				`line 4, column First name: "A\nda" contains a line break`,
			},
		},
		"a display name":          {header + "\nAda <ada@example.com>,Ada,Lovelace\n", []string{`line 2, column email: "Ada <ada@example.com>" is not an e-mail address`}},
		"an invisible character":  {header + "\nada\u200b@example.com,Ada,Lovelace\n", []string{`line 2, column email: "ada\u200b@example.com" contains an invisible character: U+200B ZERO WIDTH SPACE at character 4`}},
		"a changed direction":     {header + "\n\u202ada@example.com,Ada,Lovelace\n", []string{`line 2, column email: "\u202ada@example.com" contains an invisible character: U+202A`}},
		"the same e-mail address": {header + "\nada@example.com,Ada,Lovelace\n\nADA@example.com,Ada,King\n", []string{`line 4, column email: "ada@example.com" is already in line 2`}},
		"the same external ID":    {header + ",external_id\na@example.com,A,L,E-1\nb@example.com,B,L,E-1\n", []string{`line 3, column external_id: "E-1" is already in line 2`}},
		"an external ID's twin":   {header + ",external_id\na@example.com,A,L,E-1\u200b\n", []string{`line 2, column external_id: "E-1\u200b" contains an invisible character: U+200B`}},
		"a zero-width twin":       {header + "\n\u200bada@example.com,A,L\nada@example.com,A,L\n", []string{`line 2, column email: "\u200bada@example.com" contains an invisible character: U+200B ZERO WIDTH SPACE at character 1`}},
		"two cases of a group":    {header + ",groups\na@example.com,A,L,Mathematics\nb@example.com,B,L,Art;mathematics\n", []string{`line 3, column groups: "mathematics" differs from "Mathematics" in line 2 only in letter case`}},
		"twins of a group":        {header + ",groups\na@example.com,A,L,Mathe\u00admatics;Mathematics\n", []string{`line 2, column groups: "Mathe`}},
		"typographic quotation marks": {
			header + "\n“ada@example.com”,“Ada”,„L“\n‘grace@example.com’,Grace,Hopper\n",
			[]string{
				`line 2, column email: "“ada@example.com”" begins with a typographic quotation mark: U+201C LEFT DOUBLE QUOTATION MARK at character 1; use "`,
				`line 2, column first_name: "“Ada”" begins with`, `line 2, column last_name: "„L“" begins with`,
				`line 3, column email: "‘grace@example.com’" contains a typographic quotation mark or apostrophe: U+2018`,
			},
		},
		"lines of an old Mac":     {"email\rada@example.com\rgrace\r", []string{`line 3, column email: "grace" is not an e-mail`}},
		"lines after sep=":        {"sep=;\r\nemail\r\ngrace\r\n", []string{`line 3, column email: "grace" is not an e-mail`}},
		"the same ID":             {header + ",id\nada@example.com,Ada,Lovelace,u1\ngrace@example.com,Grace,Hopper,u1\n", []string{`line 3, column id: "u1" is already in line 2`}},
		"too many cells":          {header + "\nada@example.com,Ada,Lovelace,admin\n", []string{`line 2: "admin" is beyond the last column`}},
		"a cell without a column": {header + ",\nada@example.com,Ada,Lovelace,admin\n", []string{`line 2: "admin" is in a column without a name`}},
		"a stray quotation mark":  {header + "\nada@example.com,A\"da,Lovelace\n", []string{`line 2: malformed at character 18: bare " in non-quoted`}},
		"a missing quotation mark": {
			header + "\nada@example.com,\"Ada,Lovelace\ngrace@example.com,Grace,Hopper\n",
			[]string{`line 3: malformed at character 32: extraneous or missing " in quoted-field (the row begins in line 2)`},
		},
		"a formula":                {"email\n=\"ada@example.com\"\n", []string{`line 2: malformed at character 2: bare "`}},
		"a line break in a header": {"email,\"groups\n(separate with ;)\"\n", []string{`line 1, column "groups\n(separate with ;)": unknown column`}},
		"UTF-16 without a mark":    {"e\x00m\x00a\x00i\x00l\x00\n\x00a\x00@\x00b\x00", []string{"line 1: contains NUL characters, as UTF-16 does"}},
		"another encoding":         {header + "\nada@example.com,Ada,Lovelace\nzoe@example.com,Zo\xeb,Weber\n", []string{"line 3: not valid UTF-8"}},
		"a right-to-left override": {header + "\nada@example.com,Ada\u202e,Lovelace\n", []string{"line 2, column first_name: "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			learners, err := parse(test.text, options{})
			malformed, ok := errors.AsType[*rosterError](err)
			if !ok || learners != nil {
				t.Fatalf("got %v and %v, want only an error", learners, err)
			}
			if len(malformed.mistakes) != len(test.want) {
				t.Fatalf("got %d mistakes, want %d:\n%s", len(malformed.mistakes), len(test.want), err)
			}
			for i, want := range test.want {
				if got := malformed.mistakes[i].String(); !strings.HasPrefix(got, want) {
					t.Errorf("got  %s\nwant %s...", got, want)
				}
			}
		})
	}
}

func TestRosterError_manyMistakes(t *testing.T) {
	t.Parallel()
	_, err := parse(header+strings.Repeat("\nada,Ada,Lovelace", 50), options{})
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 21 || lines[20] != "and 30 more" {
		t.Errorf("got %d lines, the last one %q", len(lines), lines[len(lines)-1])
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		learners []Learner
		want     string
	}{
		"no learners":    {nil, "email\n"},
		"default values": {[]Learner{ada}, "email,first_name,last_name\nada@example.com,Ada,Lovelace\n"},
		"all columns": {
			[]Learner{
				{
					User: udemy.User{
						ID: "u1", Email: "=1+1@example.com", FirstName: "+Ada", LastName: "Lovelace, A.", ExternalID: "-1", Role: udemy.RoleAdmin,
						LicenseTypes: []string{"Enterprise", "Pro"},
					},
					Groups: []string{"=x", "A;B", `C\`},
				},
				with(func(l *Learner) { l.Groups = []string{"*"} }),
				ada,
			},
			"email,first_name,last_name,external_id,role,groups,license_types,active,udemy_id\n" +
				`'=1+1@example.com,'+Ada,"Lovelace, A.",'-1,admin,"'=x;A\;B;C\\","Enterprise;Pro",false,u1` + "\n" +
				`ada@example.com,Ada,Lovelace,,,\*,,true,` + "\n" +
				`ada@example.com,Ada,Lovelace,,,*,,true,` + "\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			if err := Write(&b, test.learners); err != nil {
				t.Fatal(err)
			}
			if b.String() != test.want {
				t.Errorf("got\n%s\nwant\n%s", b.String(), test.want)
			}
		})
	}
}

// A cell keeps its columns in programs that split at another separator, no column evaluates as a formula, and all values survive
// the round trip.
func TestWrite_spreadsheets(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		"=1", "+1", "-1", "@A1", "＝1", "＋1", "－1", "＠A1", "'＝1", "''=1", "a;b", "a,b", "a|b", `a"b`, `a;"b`, "'t Hooft", `\`, "a ; b",
	} {
		learner := Learner{
			User: udemy.User{
				ID: value, Email: "ada@example.com", FirstName: value, LastName: value, ExternalID: value, LicenseTypes: []string{value},
			},
			Groups: []string{value}, Active: true,
		}
		var b strings.Builder
		if err := Write(&b, []Learner{learner}); err != nil {
			t.Fatal(err)
		}
		again, err := parse(b.String(), options{})
		if err != nil || !reflect.DeepEqual(again, []Learner{learner}) {
			t.Errorf("%q is written as\n%s\nand read as %+v, %v", value, b.String(), again, err)
		}
		_, line, _ := strings.Cut(b.String(), "\n")
		if unquoted := regexp.MustCompile(`"([^"]|"")*"`).ReplaceAllString(line, ""); strings.ContainsAny(unquoted, ";\t|") {
			t.Errorf("%q is written without quotes:\n%s", value, line)
		}
		if cells, err := csv.NewReader(strings.NewReader(line)).Read(); err != nil || slices.ContainsFunc(cells, isFormula) {
			t.Errorf("%q is written as a formula, %v:\n%s", value, err, line)
		}
	}
	for value, want := range map[string]string{"\t=1": "'\t=1", "\r=1": "'\r=1", "\tx": "'\tx"} {
		if got := guard(value); got != want || unguard(got) != value {
			t.Errorf("guard(%q) = %q, which unguard reads as %q", value, got, unguard(got))
		}
	}
}

func isFormula(cell string) bool {
	first, _ := utf8.DecodeRuneInString(cell)
	return strings.ContainsRune("=+-@\t\r＝＋－＠", first)
}

// If a text parses, Write writes the learners so that they parse to equal values.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"sep=;\n\ufeffemail;role;groups\n'“@x.io;owner;'„a“;B\rb@x.io;;'“\n",
		"", header, header + "\nada@example.com,Ada,Lovelace",
		"\ufeffE-mail;Surname;Name;Groups;Licenses\r\nada@example.com;Lovelace;'=Ada;\"A\\;B;*;C\\\\\";Pro\r\n",
		header + ",groups,active,role,id,external_id\n'+a@example.com,\"''=,\",'t,\\*,no,user,1,'@\n\n\"b@example.com\",B,\"\"\"\",*,,,,\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		learners, err := parse(text, options{})
		if err != nil {
			if _, ok := errors.AsType[*rosterError](err); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		var b strings.Builder
		if err := Write(&b, learners); err != nil {
			t.Fatal(err)
		}
		again, err := parse(b.String(), options{})
		if err != nil || !reflect.DeepEqual(again, learners) {
			t.Fatalf("%+v\nis written as\n%s\nand parsed as\n%+v, %v", learners, b.String(), again, err)
		}
	})
}
