// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/directory"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/scim"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/usermanagement"
)

// apis maps each API to a function that returns its client, connected to the simulator.
var apis = map[string]func(*testing.T, *simulator.Simulator, transport.Config) udemy.API{
	"user management": func(t *testing.T, sim *simulator.Simulator, cfg transport.Config) udemy.API {
		t.Helper()
		cfg.BaseURL = usermanagement.BaseURL(address(t, sim, "/api-2.0"), simulator.DefaultOrganization)
		cfg.Credential = transport.BasicToken(simulator.DefaultToken)
		cfg.Accept, cfg.ContentType = usermanagement.MediaType, usermanagement.MediaType
		return usermanagement.New(transport.New(cfg))
	},
	"SCIM": func(t *testing.T, sim *simulator.Simulator, cfg transport.Config) udemy.API {
		t.Helper()
		cfg.BaseURL = address(t, sim, "/scim/v2")
		cfg.Credential = transport.BearerToken(simulator.DefaultToken)
		cfg.Accept, cfg.ContentType = scim.Accept, scim.ContentType
		return scim.New(transport.New(cfg), scim.LicenseTypes)
	},
}

func address(t *testing.T, sim *simulator.Simulator, path string) *url.URL {
	t.Helper()
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	base, err := transport.ParseBaseURL(server.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// damaged is an organization whose API has one fault. Ada is a member of the group, and Bob is not.
type damaged struct {
	*simulator.Simulator
	api      udemy.API
	ada, bob simulator.Learner
	group    simulator.Group
}

// damage returns an organization with a fault. If the server heals, the fault ends after the first failure.
func damage(t *testing.T, api string, fault simulator.Fault, heals bool) *damaged {
	t.Helper()
	// Only numeric IDs can change their JSON type.
	sim := simulator.New(simulator.Config{Variations: simulator.Variations{NumericIDs: true, SameGroupNames: api == "SCIM"}})
	d := &damaged{
		Simulator: sim,
		ada:       sim.Add(simulator.Learner{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"}),
		bob:       sim.Add(simulator.Learner{Email: "bob@example.com", FirstName: "Bob", LastName: "Other"}),
	}
	d.group = sim.AddGroup("Analysts", d.ada.ID)
	cfg := transport.Config{
		UserAgent: "test", MaxRetries: 1,
		Backoff: func(int, *http.Response) time.Duration {
			if heals {
				sim.SetFaults(simulator.Faults{})
			}
			return 0
		},
	}
	if fault == simulator.FaultSlowHeaders || fault == simulator.FaultSlowBody {
		cfg.RequestTimeout = 50 * time.Millisecond
		if heals {
			cfg.MaxRetries = 100 // On a busy machine, good responses can exceed the timeout too.
		}
	}
	d.api = apis[api](t, sim, cfg)
	sim.SetFaults(simulator.Faults{Rate: 1, Kinds: []simulator.Fault{fault}, Slow: time.Hour})
	return d
}

// calls has one call of each kind. The function done reports whether the call was carried out exactly once.
var calls = map[string]struct {
	do   func(context.Context, *damaged) error
	done func(*damaged) bool
}{
	"read a learner": {
		func(ctx context.Context, d *damaged) error {
			user, err := d.api.User(ctx, d.ada.ID)
			if err == nil && (user.ID != d.ada.ID || user.Email != d.ada.Email) {
				return errors.New("the response is another learner")
			}
			return err
		},
		func(*damaged) bool { return true },
	},
	"find a learner": {
		func(ctx context.Context, d *damaged) error {
			user, err := d.api.UserByEmail(ctx, d.ada.Email)
			if err == nil && user.ID != d.ada.ID {
				return errors.New("the response is another learner")
			}
			return err
		},
		func(*damaged) bool { return true },
	},
	"create a learner": {
		func(ctx context.Context, d *damaged) error {
			user, err := d.api.CreateUser(ctx, udemy.User{Email: "new@example.com", FirstName: "New", LastName: "Learner"})
			if made, ok := d.Learner("new@example.com"); err == nil && (!ok || made.ID != user.ID) {
				return errors.New("the ID is not the ID of the new learner")
			}
			return ignoreOwn(err)
		},
		func(d *damaged) bool { return len(d.Learners()) == 3 },
	},
	"create a group": {
		func(ctx context.Context, d *damaged) error {
			group, err := d.api.CreateGroup(ctx, "New")
			if err == nil && group.ID != d.Groups()[1].ID {
				return errors.New("the ID is not the ID of the new group")
			}
			return ignoreOwn(err)
		},
		func(d *damaged) bool { return len(d.Groups()) == 2 },
	},
	"change a learner": {
		func(ctx context.Context, d *damaged) error {
			user, err := d.api.UpdateUser(ctx, d.ada.ID, udemy.Change(udemy.User{FirstName: "Augusta"}, udemy.FieldFirstName))
			if err == nil && (user.FirstName != "Augusta" || user.LastName != "Lovelace" || user.ID != d.ada.ID) {
				return errors.New("the response is not the changed learner")
			}
			return err
		},
		func(d *damaged) bool { return d.now(d.ada).FirstName == "Augusta" },
	},
	"deactivate a learner": {
		func(ctx context.Context, d *damaged) error {
			_, err := d.api.DeactivateUser(ctx, d.ada.ID)
			return err
		},
		func(d *damaged) bool { return d.now(d.ada).Status == simulator.StatusDeactivated },
	},
	"add a member": {
		func(ctx context.Context, d *damaged) error { return d.api.AddMembers(ctx, d.group.ID, d.bob.ID) },
		func(d *damaged) bool { return slices.Equal(d.Groups()[0].Members, []string{d.ada.ID, d.bob.ID}) },
	},
	"remove a member": {
		func(ctx context.Context, d *damaged) error { return d.api.RemoveMembers(ctx, d.group.ID, d.ada.ID) },
		func(d *damaged) bool { return len(d.Groups()[0].Members) == 0 },
	},
	"rename a group": {
		func(ctx context.Context, d *damaged) error {
			_, err := d.api.RenameGroup(ctx, d.group.ID, "Data")
			return err
		},
		func(d *damaged) bool { return d.Groups()[0].Name == "Data" },
	},
	"delete a group": {
		func(ctx context.Context, d *damaged) error { return d.api.DeleteGroup(ctx, d.group.ID) },
		func(d *damaged) bool { return len(d.Groups()) == 0 && len(d.Learners()) == 2 },
	},
}

// now returns the current state of a learner.
func (d *damaged) now(before simulator.Learner) simulator.Learner {
	learner, _ := d.Learner(before.Email)
	return learner
}

// ignoreOwn returns nil for a conflict with the object that an earlier attempt of the same request created.
func ignoreOwn(err error) error {
	conflict, ok := errors.AsType[*udemy.Error](err)
	if ok && errors.Is(conflict, udemy.ErrConflict) && conflict.Resent {
		return nil
	}
	return err
}

// onEachCall runs a test for each combination of API, fault and call.
func onEachCall(t *testing.T, faults []simulator.Fault, heals bool, test func(t *testing.T, d *damaged, fault simulator.Fault, call string)) {
	t.Helper()
	for api := range apis {
		for _, fault := range faults {
			for call := range calls {
				t.Run(api+"/"+string(fault)+"/"+call, func(t *testing.T) {
					t.Parallel()
					test(t, damage(t, api, fault, heals), fault, call)
				})
			}
		}
	}
}

// After a temporary fault, the call is carried out exactly once and returns the correct result.
func TestFaultsThatPass(t *testing.T) {
	t.Parallel()
	onEachCall(t, simulator.AllFaults(), true, func(t *testing.T, d *damaged, _ simulator.Fault, call string) {
		t.Helper()
		if err := calls[call].do(t.Context(), d); err != nil {
			t.Errorf("error = %v", err)
		}
		if !calls[call].done(d) {
			t.Errorf("not carried out exactly once: learners %+v, groups %+v", d.Learners(), d.Groups())
		}
	})
}

// A permanent fault causes an error that describes the response. It never counts as a missing object or a success.
func TestFaultsThatStay(t *testing.T) {
	t.Parallel()
	texts := map[simulator.Fault]string{
		simulator.FaultError:        "HTTP status 500: A server error occurred.",
		simulator.FaultUnavailable:  "HTTP status 503: Service temporarily unavailable, try again later.",
		simulator.FaultTimeout:      "HTTP status 524: error code: 524",
		simulator.FaultClosedBefore: "EOF",
		simulator.FaultClosedAfter:  "EOF",
		simulator.FaultHTML:         "HTTP status 200, but the response is an HTML page (2 attempts)",
		simulator.FaultOtherHost:    "HTTP status 302, a redirect to https://sign-in.example.com/start, which is not followed",
		simulator.FaultTruncated:    "but the response is not valid JSON (2 attempts)",
		simulator.FaultWrongType:    "but the response is an HTML page (2 attempts)",
		simulator.FaultSlowHeaders:  "no complete response within 50ms (2 attempts)",
		simulator.FaultSlowBody:     "no complete response within 50ms (2 attempts)",
		simulator.FaultEndlessBody:  "the response is larger than 16 MiB (2 attempts)",
	}
	onEachCall(t, slices.Collect(maps.Keys(texts)), false, func(t *testing.T, d *damaged, fault simulator.Fault, call string) {
		t.Helper()
		err := calls[call].do(t.Context(), d)
		switch {
		case err == nil && strings.HasPrefix(call, "create") && calls[call].done(d):
			// The second attempt found the learner or group that the first one created.
		case !errors.Is(err, udemy.ErrUnavailable), errors.Is(err, udemy.ErrNotFound):
			t.Errorf("error = %v, want %v", err, udemy.ErrUnavailable)
		case strings.Contains(err.Error(), "EOF") && d.FaultCounts()[simulator.FaultClosedAfter] > 0: // The response had no body.
		case !strings.Contains(err.Error(), texts[fault]):
			t.Errorf("error = %v, want the text %q", err, texts[fault])
		}
	})
}

// A learner that appears on two pages counts once. A learner that is on no page because the pages shifted is still found.
func TestPagesThatShift(t *testing.T) {
	t.Parallel()
	for name, connect := range apis {
		for _, fault := range []simulator.Fault{simulator.FaultDuplicateItems, simulator.FaultMovedItems} {
			t.Run(name+"/"+string(fault), func(t *testing.T) {
				t.Parallel()
				sim := simulator.New(simulator.Config{Learners: 90, Variations: simulator.Variations{PageSize: 10, NoUserGroups: true}})
				var ids []string
				for _, learner := range sim.Learners() {
					ids = append(ids, learner.ID)
				}
				group := sim.AddGroup("All learners", ids...)
				d := directory.New(connect(t, sim, transport.Config{UserAgent: "test"}))
				sim.SetFaults(simulator.Faults{Rate: 1, Kinds: []simulator.Fault{fault}})

				for _, learner := range sim.Learners() {
					if user, err := d.User(t.Context(), learner.ID); err != nil || user.Email != learner.Email {
						t.Errorf("%s: got %+v, %v", learner.Email, user, err)
					}
					if user, err := d.UserByEmail(t.Context(), learner.Email); err != nil || user.ID != learner.ID {
						t.Errorf("%s: got %+v, %v", learner.Email, user, err)
					}
					if member, err := d.IsMember(t.Context(), group.ID, learner.ID); err != nil || !member {
						t.Errorf("%s is a member: %t, %v", learner.Email, member, err)
					}
				}
				if sim.FaultCounts()[fault] == 0 {
					t.Error("no page has shifted: the test proves nothing")
				}
			})
		}
	}
}
