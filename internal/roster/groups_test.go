// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"reflect"
	"strings"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

func TestParseGroups(t *testing.T) {
	t.Parallel()
	want := []udemy.Group{{ID: "g1", Name: "Art, Sales"}, {Name: "=x"}}
	for name, text := range map[string]string{
		"as written":              "name,udemy_id\n\"Art, Sales\",g1\n'=x,\n",
		"saved by a spreadsheet":  "\ufeffsep=;\r\nName;Udemy ID\r\nArt, Sales;g1\r\n'=x;\r\n\r\n",
		"with the title group":    "ID\tGroup\ng1\tArt, Sales\n\t'=x\n",
		"with old Mac line ends":  "name;id\rArt, Sales;g1\r'=x\r",
		"with a blank first line": "  \nname;id\nArt, Sales;g1\n'=x\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := parseGroups(text); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v and %v, want %+v", got, err, want)
			}
		})
	}
}

func TestParseGroups_mistakes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"no name":             {"udemy_id\ng1\n", "line 1, column name: is missing; the columns of a file of groups are name, udemy_id"},
		"an unknown column":   {"name,size\nArt,3\n", "line 1, column size: unknown column"},
		"an empty name":       {"name,udemy_id\n,g1\n", "line 2, column name: is empty"},
		"two cases of a name": {"name\nArt\nart\n", `line 3, column name: "art" is already in line 2`},
		"an ID twice":         {"name,id\nArt,g1\nSales,g1\n", `line 3, column id: "g1" is already in line 2`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if groups, err := parseGroups(test.text); err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v and %v, want the error %s...", groups, err, test.want)
			}
		})
	}
}

// WriteGroups writes what the function groups reads.
func TestWriteGroups(t *testing.T) {
	t.Parallel()
	groups := []udemy.Group{{ID: "g1", Name: "=1+1"}, {ID: "g2", Name: `A;B\,"C"`}, {ID: "g3", Name: "„X“"}}
	var b strings.Builder
	if err := WriteGroups(&b, groups); err != nil {
		t.Fatal(err)
	}
	if again, err := parseGroups(b.String()); err != nil || !reflect.DeepEqual(again, groups) {
		t.Errorf("%s\nis read as %+v, %v", b.String(), again, err)
	}
}
