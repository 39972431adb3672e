// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package udemy_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/scim"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/usermanagement"
)

// questions has every call about one learner or group, by the name of its method.
var questions = map[string]func(context.Context, udemy.API) (any, error){
	"CreateUser": func(ctx context.Context, api udemy.API) (any, error) {
		return api.CreateUser(ctx, udemy.User{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", GroupIDs: []string{"g1"}})
	},
	"User":             func(ctx context.Context, api udemy.API) (any, error) { return api.User(ctx, "u1") },
	"UserByEmail":      func(ctx context.Context, api udemy.API) (any, error) { return api.UserByEmail(ctx, "ada@example.com") },
	"LookUpUser":       func(ctx context.Context, api udemy.API) (any, error) { return api.LookUpUser(ctx, "ada@example.com") },
	"UserByExternalID": func(ctx context.Context, api udemy.API) (any, error) { return api.UserByExternalID(ctx, "E-1") },
	"UpdateUser": func(ctx context.Context, api udemy.API) (any, error) {
		return api.UpdateUser(ctx, "u1", udemy.Change(udemy.User{Email: "new@example.com", LastName: "King"}, udemy.FieldEmail, udemy.FieldLastName))
	},
	"ActivateUser":     func(ctx context.Context, api udemy.API) (any, error) { return api.ActivateUser(ctx, "u1") },
	"DeactivateUser":   func(ctx context.Context, api udemy.API) (any, error) { return api.DeactivateUser(ctx, "u1") },
	"DeleteUser":       func(ctx context.Context, api udemy.API) (any, error) { return nil, api.DeleteUser(ctx, "u1") },
	"ResendInvitation": func(ctx context.Context, api udemy.API) (any, error) { return nil, api.ResendInvitation(ctx, "u1") },
	"CreateGroup":      func(ctx context.Context, api udemy.API) (any, error) { return api.CreateGroup(ctx, "R&D") },
	"Group":            func(ctx context.Context, api udemy.API) (any, error) { return api.Group(ctx, "g1") },
	"GroupByName":      func(ctx context.Context, api udemy.API) (any, error) { return api.GroupByName(ctx, "R&D") },
	"RenameGroup":      func(ctx context.Context, api udemy.API) (any, error) { return api.RenameGroup(ctx, "g1", "R&D") },
	"DeleteGroup":      func(ctx context.Context, api udemy.API) (any, error) { return nil, api.DeleteGroup(ctx, "g1") },
	"UserGroups":       func(ctx context.Context, api udemy.API) (any, error) { return api.UserGroups(ctx, "u1") },
	"IsMember":         func(ctx context.Context, api udemy.API) (any, error) { return api.IsMember(ctx, "g1", "u1") },
	"AddMembers":       func(ctx context.Context, api udemy.API) (any, error) { return nil, api.AddMembers(ctx, "g1", "u1") },
	"RemoveMembers":    func(ctx context.Context, api udemy.API) (any, error) { return nil, api.RemoveMembers(ctx, "g1", "u1") },
	"MemberPage":       func(ctx context.Context, api udemy.API) (any, error) { return api.MemberPage(ctx, "g1", 1, 0) },
}

// about are the methods of udemy.API that do not concern a single learner or group.
var about = map[string]bool{"Capabilities": true, "UserPage": true, "GroupPage": true}

// The learner and the group of the wrong answers, as each API describes them.
const (
	wrongUser = `"id": "u9", "email": "eve@example.com", "userName": "eve@example.com", "firstname": "Eve", "lastname": "Other",
		"externalid": "E-9", "externalId": "E-9", "status": "active", "active": true, "groups": []`
	wrongGroup = `"id": "g9", "name": "Strays", "displayName": "Strays", "members": [{"value": "u1"}, {"value": "u9"}]`
)

// another answers every request with another learner or group than the requested one.
func another(w http.ResponseWriter, r *http.Request) {
	path := strings.ToLower(strings.TrimSuffix(r.URL.Path, "/"))
	isGroup := strings.Contains(path, "/groups") && !strings.HasSuffix(path, "/users")
	object, schema := wrongUser, "User"
	if isGroup {
		object, schema = wrongGroup, "Group"
	}
	isList := r.Method == http.MethodGet && (strings.HasSuffix(path, "/users") || strings.HasSuffix(path, "/groups"))
	object = fmt.Sprintf(`{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:%s"], %s}`, schema, object)
	if isList && strings.Contains(path, "/groups/") { // Members: their groups show that they are those of another group.
		object = strings.Replace(object, `"groups": []`, `"groups": ["g9"]`, 1)
	}
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodPost {
		w.WriteHeader(http.StatusCreated)
	}
	if isList {
		object = fmt.Sprintf(`{"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "count": 1, "next": null, "results": [%s],
			"totalResults": 1, "startIndex": 1, "itemsPerPage": 1, "Resources": [%[1]s]}`, object)
	}
	_, _ = fmt.Fprint(w, object)
}

// An answer about another learner or group is an error, whatever the call: nothing of it is returned, and no further change follows.
func TestAnswersAboutAnother(t *testing.T) {
	t.Parallel()
	for apiName, connect := range map[string]func(config transport.Config) udemy.API{
		"user management": func(config transport.Config) udemy.API {
			config.BaseURL = usermanagement.BaseURL(config.BaseURL, "org")
			config.Credential, config.Accept, config.ContentType = transport.BasicToken("token"), usermanagement.MediaType, usermanagement.MediaType
			return usermanagement.New(transport.New(config))
		},
		"SCIM": func(config transport.Config) udemy.API {
			config.Credential, config.Accept, config.ContentType = transport.BearerToken("token"), scim.Accept, scim.ContentType
			return scim.New(transport.New(config), scim.LicenseTypes)
		},
	} {
		for name := range reflect.TypeFor[udemy.API]().Methods() {
			method := name.Name
			ask, known := questions[method]
			if about[method] {
				continue
			}
			if !known {
				t.Errorf("%s is a new call: add a question", method)
				continue
			}
			t.Run(apiName+" "+method, func(t *testing.T) {
				t.Parallel()
				var changes atomic.Int64
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method != http.MethodGet {
						changes.Add(1)
					}
					another(w, r)
				}))
				t.Cleanup(server.Close)
				base, err := transport.ParseBaseURL(server.URL)
				if err != nil {
					t.Fatal(err)
				}
				api := connect(transport.Config{
					BaseURL: base, UserAgent: "test", MaxRetries: 1, Backoff: func(int, *http.Response) time.Duration { return 0 },
				})
				result, err := ask(t.Context(), api)
				if err == nil {
					t.Errorf("got %+v without an error", result)
				} else if !errors.Is(err, udemy.ErrMismatch) && !errors.Is(err, udemy.ErrNotFound) && !errors.Is(err, udemy.ErrNotOffered) {
					t.Errorf("the error is %v", err)
				}
				if result != nil && !reflect.ValueOf(result).IsZero() {
					t.Errorf("the result is %+v", result)
				}
				if changes.Load() > 1 {
					t.Errorf("%d changes were sent", changes.Load())
				}
			})
		}
	}
}
