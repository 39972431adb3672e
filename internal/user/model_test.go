// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// A model is unchanged after the conversion to a user and back. An unknown value becomes the value at Udemy. The null of an
// attribute that is not managed or not returned stays null.
func TestModel_roundTrip(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	for range 5000 {
		m := randomModel(random)
		user := m.user()
		if user.LicenseTypes != nil && len(user.LicenseTypes) == 0 {
			continue // Not a possible state, because Udemy ignores an empty list.
		}
		back := m.read(user)
		if !reflect.DeepEqual(back, m) {
			t.Fatalf("seed %d:\n%+v\nis written as\n%+v\nand read as\n%+v", seed, m, user, back)
		}

		unknown := m
		for _, a := range attributes {
			switch {
			case a.text != nil && random.IntN(2) == 0:
				*a.text(&unknown) = types.StringUnknown()
			case a.set != nil && random.IntN(2) == 0:
				*a.set(&unknown) = types.SetUnknown(types.StringType)
			}
		}
		if applied := unknown.applied(user); !reflect.DeepEqual(applied, m) {
			t.Fatalf("seed %d:\n%+v\nis applied as\n%+v\nwant\n%+v", seed, unknown, applied, m)
		}
	}
}

// A value that the API does not return leaves the model unchanged.
func TestModel_absent(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		m := randomModel(random)
		user := m.user()
		user.GroupIDs = nil
		for _, field := range udemy.Profile {
			if field.Hidden {
				field.Copy(&user, udemy.User{})
			}
		}
		if back := m.read(user); !reflect.DeepEqual(back, m) {
			t.Fatalf("%+v\nis read as\n%+v", m, back)
		}
	}
}

// randomModel returns a random model in state.
func randomModel(random *rand.Rand) model {
	m := model{Active: types.BoolValue(random.IntN(2) == 0)}
	for _, a := range attributes {
		switch {
		case a.text != nil && (a.emptyText || random.IntN(2) == 0):
			*a.text(&m) = types.StringValue(fmt.Sprint(a.field.Name, random.IntN(3)))
		case a.text != nil:
			*a.text(&m) = types.StringNull()
		case a.set != nil:
			*a.set(&m) = stringSet([][]string{nil, {}, {"a"}, {"a", "b"}}[random.IntN(4)])
		}
	}
	m.Status = types.StringValue(string(udemy.StatusDeactivated))
	if m.Active.ValueBool() {
		m.Status = types.StringValue(string(udemy.StatusActive))
	}
	return m
}
