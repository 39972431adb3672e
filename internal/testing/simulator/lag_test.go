// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

func TestLagReads(t *testing.T) {
	t.Parallel()
	h := vary(t, simulator.Variations{LagReads: 2})
	early := h.Add(simulator.Learner{Email: "early@example.com"}).ID
	h.want(200, "GET", "/users/"+early+"/", "")

	id := h.create("ada@example.com")
	equal(t, "first read", h.want(200, "GET", "/users/", "").object(t)["count"], any(1.0))
	h.want(404, "PATCH", "/users/"+id+"/", `{"firstname":"B"}`)
	h.want(200, "GET", "/users/"+id+"/", "")

	h.want(200, "PATCH", "/users/"+id+"/", `{"firstname":"B"}`)
	h.want(200, "PATCH", "/users/"+id+"/", `{"firstname":"C"}`)
	for _, name := range []string{"Ada", "Ada", "C"} {
		equal(t, "read after a change", h.want(200, "GET", "/users/"+id+"/", "").object(t)["firstname"], any(name))
	}

	group := h.wantSCIM(201, "POST", "/Groups", scimGroup("Group", "")).object(t)["id"].(string)
	joined := patch(`{"op":"add","path":"members","value":[{"value":"` + id + `"}]}`)
	h.wantSCIM(404, "GET", "/Groups/"+group, "")
	h.wantSCIM(404, "PATCH", "/Groups/"+group, joined)
	h.wantSCIM(200, "PATCH", "/Groups/"+group, joined)
	list := h.wantSCIM(200, "GET", "/Groups?filter="+url.QueryEscape(`displayName eq "Group"`), "").object(t)
	equal(t, "members", len(list["Resources"].([]any)[0].(map[string]any)["members"].([]any)), 0)

	late := h.create("late@example.com")
	h.refused(400, "invalidValue", "PATCH", "/Groups/"+group,
		patch(`{"op":"add","path":"members","value":[{"value":"`+late+`"}]}`))
	h.want(204, "DELETE", "/groups/"+group+"/", "")
	h.want(404, "GET", "/groups/"+group+"/", "")
	equal(t, "learners", len(h.Learners()), 3)
}

func TestLag(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const lag = time.Second
		sim := simulator.New(simulator.Config{Variations: simulator.Variations{Lag: lag}})
		create := httptest.NewRequest("POST", usersPath, strings.NewReader(newUser))
		create.SetBasicAuth(simulator.DefaultToken, "")
		create.Header.Set("Content-Type", "application/json")
		sim.ServeHTTP(httptest.NewRecorder(), create)
		learner := usersPath + sim.Learners()[0].ID + "/"

		time.Sleep(lag)
		equal(t, "read within the lag", serve(t.Context(), sim, learner).Code, 404)
		time.Sleep(time.Nanosecond)
		equal(t, "read afterwards", serve(t.Context(), sim, learner).Code, 200)
	})
}
