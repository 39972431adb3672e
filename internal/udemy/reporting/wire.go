// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package reporting

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// pageAnswer is one page of the report.
type pageAnswer struct {
	Count *number `json:"count"`
	// Next is checked only for null.
	Next    any                `json:"next"`
	Results *[]json.RawMessage `json:"results"`
}

// answer is one row of the report. The members that the provider does not use are left out.
type answer struct {
	Email       text    `json:"user_email"`
	Role        text    `json:"user_role"`
	Joined      day     `json:"user_joined_date"`
	Deactivated boolean `json:"user_is_deactivated"`
	Completed   number  `json:"num_completed_courses"`
	Minutes     number  `json:"num_video_consumed_minutes"`
	LastVisit   day     `json:"last_date_visit"`
}

// CheckRow returns an error if a row of the report, or a part of one, has values that the client can't read.
func CheckRow(data []byte) error {
	return json.Unmarshal(data, new(answer))
}

// activity returns the row. The report has a literal text in place of the address of an erased person.
func (a answer) activity() udemy.Activity {
	email := string(a.Email.Scalar)
	if !strings.Contains(email, "@") {
		email = ""
	}
	return udemy.Activity{
		Email:            email,
		Role:             role(string(a.Role.Scalar)),
		Deactivated:      bool(a.Deactivated),
		Joined:           a.Joined.Time,
		LastVisit:        a.LastVisit.Time,
		Minutes:          float64(a.Minutes),
		CompletedCourses: int(a.Completed),
	}
}

// role maps the names that Udemy uses for the role of a learner to one name. It returns any other role in lower case.
func role(name string) udemy.Role {
	switch name = strings.ToLower(name); name {
	case "student", "user", "member":
		return udemy.RoleLearner
	default:
		return udemy.Role(name)
	}
}

// text is a string, a number or null, without surrounding blanks.
type text struct {
	transport.Scalar
	// present is set if the row has the member, even if it is null.
	present bool
}

func (t *text) UnmarshalJSON(data []byte) error {
	t.present = true
	err := t.Scalar.UnmarshalJSON(data)
	t.Scalar = transport.Scalar(strings.TrimSpace(string(t.Scalar)))
	return err
}

// number is a number, a number in a string, or null for 0.
type number float64

func (n *number) UnmarshalJSON(data []byte) error {
	var value text
	if err := value.UnmarshalJSON(data); err != nil || value.Scalar == "" {
		return err
	}
	parsed, err := strconv.ParseFloat(string(value.Scalar), 64)
	if err != nil || math.IsNaN(parsed) || math.IsInf(parsed, 0) {
		return fmt.Errorf("%.30q is not a number", value.Scalar)
	}
	*n = number(parsed)
	return nil
}

// boolean is a boolean, a boolean in a string, 0, 1, or null for false.
type boolean bool

func (b *boolean) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, (*bool)(b)) == nil {
		return nil
	}
	var value text
	if err := value.UnmarshalJSON(data); err != nil || value.Scalar == "" {
		return err
	}
	parsed, err := strconv.ParseBool(string(value.Scalar))
	if err != nil {
		return fmt.Errorf("%.30q is not a boolean", value.Scalar)
	}
	*b = boolean(parsed)
	return nil
}

// day is a day or a timestamp, as the day in UTC. Null and an empty string are the zero time.
type day struct {
	time.Time
	present bool
}

// layouts are the forms of a day. Parse also accepts fractions of a second. A timestamp without a zone is in UTC.
var layouts = []string{time.DateOnly, time.RFC3339, "2006-01-02T15:04:05", time.DateTime, "2006-01-02 15:04:05Z07:00"}

func (d *day) UnmarshalJSON(data []byte) error {
	var value text
	if err := value.UnmarshalJSON(data); err != nil {
		return err
	}
	d.present = true
	if value.Scalar == "" {
		return nil
	}
	for _, layout := range layouts {
		if parsed, err := time.Parse(layout, string(value.Scalar)); err == nil {
			d.Time = udemy.Day(parsed)
			return nil
		}
	}
	return fmt.Errorf("%.30q is neither a day nor a timestamp", value.Scalar)
}
