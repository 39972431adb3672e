// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// maxBody is the maximum size of a form, which has a few short texts.
const maxBody = 64 << 10

func (p *Page) routeActions(mux *http.ServeMux) {
	admin := p.simulator.Administrator()
	byID := func(act func(id string) error) http.HandlerFunc {
		return action(func(r *http.Request, _ struct{}) error { return act(r.PathValue("id")) })
	}
	mux.HandleFunc("POST /_page/learners", action(func(_ *http.Request, form learnerForm) error {
		_, err := admin.Invite(simulator.Learner{
			Email: form.Email, FirstName: form.FirstName, LastName: form.LastName, ExternalID: form.ExternalID, Role: form.Role,
		})
		return err
	}))
	mux.HandleFunc("POST /_page/learners/{id}", action(func(r *http.Request, form learnerForm) error {
		return admin.Edit(r.PathValue("id"), form.fill)
	}))
	mux.HandleFunc("POST /_page/learners/{id}/accept", action(func(r *http.Request, form learnerForm) error {
		return admin.Accept(r.PathValue("id"), form.FirstName, form.LastName)
	}))
	mux.HandleFunc("POST /_page/learners/{id}/deactivate", byID(admin.Deactivate))
	mux.HandleFunc("POST /_page/learners/{id}/reactivate", byID(admin.Reactivate))
	mux.HandleFunc("POST /_page/learners/{id}/resend", byID(admin.Resend))
	mux.HandleFunc("POST /_page/learners/{id}/delete", byID(admin.Remove))

	mux.HandleFunc("POST /_page/groups", action(func(_ *http.Request, form groupForm) error {
		_, err := admin.AddGroup(form.Name)
		return err
	}))
	mux.HandleFunc("POST /_page/groups/{id}", action(func(r *http.Request, form groupForm) error {
		return admin.RenameGroup(r.PathValue("id"), form.Name)
	}))
	mux.HandleFunc("POST /_page/groups/{id}/delete", byID(admin.RemoveGroup))
	mux.HandleFunc("POST /_page/groups/{id}/members", action(func(r *http.Request, form memberForm) error {
		return admin.AddMember(r.PathValue("id"), form.Email)
	}))
	mux.HandleFunc("POST /_page/groups/{id}/members/{learner}/delete", action(func(r *http.Request, _ struct{}) error {
		return admin.RemoveMember(r.PathValue("id"), r.PathValue("learner"))
	}))

	mux.HandleFunc("POST /_page/switches", action(func(_ *http.Request, form switches) error { return p.set(form) }))
	mux.HandleFunc("POST /_page/requests/clear", action(func(*http.Request, struct{}) error {
		p.simulator.ResetRequests()
		return nil
	}))
	mux.HandleFunc("POST /_page/reset", action(func(*http.Request, struct{}) error {
		p.simulator.Reset()
		return nil
	}))
}

type learnerForm struct {
	Email      string `json:"email"`
	FirstName  string `json:"firstName"`
	LastName   string `json:"lastName"`
	ExternalID string `json:"externalId"`
	Role       string `json:"role"`
}

func (f learnerForm) fill(l *simulator.Learner) {
	l.Email, l.FirstName, l.LastName, l.ExternalID, l.Role = f.Email, f.FirstName, f.LastName, f.ExternalID, f.Role
}

type groupForm struct {
	Name string `json:"name"`
}

type memberForm struct {
	Email string `json:"email"`
}

// action reads a form, acts, and responds with status 204, or with the reason why the organization refuses.
func action[Form any](act func(*http.Request, Form) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var form Form
		if err := readForm(r, &form); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := act(r, form); err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// readForm reads a JSON object. The required media type is one that a form of another site can't send.
func readForm(r *http.Request, form any) error {
	if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || mediaType != "application/json" {
		return errors.New("the content type must be application/json")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(form); err != nil {
		return errors.New("the form is not valid: " + strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}
