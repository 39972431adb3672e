// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// The text is that of jsonencode, which renders <, >, & and some line ends like encoding/json.
func TestEncodeLearners(t *testing.T) {
	t.Parallel()
	learners := []Learner{
		{User: udemy.User{Email: "z@example.com"}},
		{User: udemy.User{Email: "a@example.com", FirstName: "<Ada> & co", LastName: `"L\`, ExternalID: "ü1", ID: "u\u2028"}, Active: true},
		{User: udemy.User{Email: "b@example.com", Role: udemy.RoleAdmin, LicenseTypes: []string{"Pro", "日本"}, LicensePool: "'~ "}, Groups: []string{}},
		{User: udemy.User{Email: "'@example.com"}, Groups: []string{"A;B", "\x7f", "\t"}},
	}
	records := map[string]map[string]any{}
	for _, l := range learners {
		records[l.Email] = map[string]any{"active": l.Active}
		if l.Groups != nil {
			records[l.Email]["groups"] = l.Groups
		}
		for _, field := range udemy.Profile {
			switch {
			case field.IsEmpty(l.User):
			case field.List != nil:
				records[l.Email][field.Name] = *field.List(&l.User)
			default:
				records[l.Email][field.Name] = *field.Text(&l.User)
			}
		}
	}
	want, err := json.Marshal(records)
	if err != nil {
		t.Fatal(err)
	}
	if got := encodeLearners(learners, func(l Learner) string { return l.Email }); string(got) != string(want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := encodeLearners(nil, nil); string(got) != "{}" {
		t.Errorf("no learners are %s", got)
	}
}

// udemy_roster reads every learner that the function returns.
func TestEncodeLearners_document(t *testing.T) {
	t.Parallel()
	learners, err := parse("email,first_name,last_name,external_id,role,groups,license_types,license_pool,active\n"+
		"Ada@example.com,\"'=<Ada>\",Ünal & U,E-1,admin,B;A,Pro;Basic,Pool,no\n"+
		"grace@example.com,,,,,,,,\nkay@example.com,K,J,,learner,*,,,yes\n", options{})
	if err != nil {
		t.Fatal(err)
	}
	o := options{}
	d := parsed(t, string(encodeLearners(learners, o.keyOf)))
	for _, want := range learners {
		if got := d.line(o.keyOf(want)); got == nil || !reflect.DeepEqual(got.Learner, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}
