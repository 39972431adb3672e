// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Decode decodes the JSON body of a response. A list of too many elements is an error.
func Decode[T any](request Request, response *Response) (T, error) {
	var value T
	err := checkLists(response.Body)
	if err == nil {
		err = json.Unmarshal(response.Body, &value)
	}
	if err != nil {
		return value, Unusable(request, response, plain(err))
	}
	return value, nil
}

// plain replaces the error for a JSON value of another type than expected, which contains names of this program, with one that names
// the member of the response.
func plain(err error) error {
	mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case !ok:
		return err
	case mistyped.Field == "":
		return fmt.Errorf("unexpected JSON %s", mistyped.Value)
	default:
		return fmt.Errorf("unexpected JSON %s in %s", mistyped.Value, mistyped.Field)
	}
}

// Unusable returns the error for a response with a success status and an unusable body.
func Unusable(request Request, response *Response, cause error) *udemy.Error {
	return &udemy.Error{
		Kind: udemy.ErrUnavailable, Call: request.Call(), Cause: cause,
		Detail: fmt.Sprintf("HTTP status %d with an unusable response", response.Status),
	}
}

// maxItems limits the elements of one list. A learner, a group or a member takes more than 64 bytes on average, so the largest
// body of real objects has fewer. An empty object takes two bytes, and far more memory once it is decoded.
const maxItems = maxBody / 64

// maxDepth limits lists and objects in each other, as encoding/json does, before a body of brackets costs memory.
const maxDepth = 10_000

// checkLists returns an error if a list in a JSON text has more than maxItems elements, or an object as many members. It reads the
// text once, before any of it is decoded.
func checkLists(text []byte) error {
	var commas []int // of each list or object that is open
	inString := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++ // Escapes occur only in strings.
		case c == '"':
			inString = !inString
		case inString:
		case c == '[' || c == '{':
			if len(commas) == maxDepth {
				return fmt.Errorf("more than %d lists and objects in each other", maxDepth)
			}
			commas = append(commas, 0)
		case len(commas) == 0:
		case c == ']' || c == '}':
			commas = commas[:len(commas)-1]
		case c == ',':
			if commas[len(commas)-1]++; commas[len(commas)-1] >= maxItems {
				return fmt.Errorf("a list has more than %d elements", maxItems)
			}
		}
	}
	return nil
}

// Scalar is a JSON string or the literal text of a JSON number. A float64 would lose the last digits of a long ID.
type Scalar string

// UnmarshalJSON accepts a string, a number or null.
func (s *Scalar) UnmarshalJSON(data []byte) error {
	switch first := data[0]; {
	case first == '"':
		return json.Unmarshal(data, (*string)(s))
	case first == 'n':
		*s = ""
	case first == '-' || first >= '0' && first <= '9':
		*s = Scalar(data)
	default:
		return errors.New("neither a string nor a number")
	}
	return nil
}

// ID is a Scalar that identifies a learner or a group. IDs are opaque, but every message about an object contains its ID and every
// request its path, so an ID that could forge a line of a message or lead to another resource is an error.
type ID string

// UnmarshalJSON accepts a string, a number or null. An object with two different IDs is an error: encoding/json decodes "id" and "ID"
// into the same field.
func (i *ID) UnmarshalJSON(data []byte) error {
	before := *i
	if err := (*Scalar)(i).UnmarshalJSON(data); err != nil {
		return err
	}
	if before != "" && *i != before {
		return errors.New("an object has two IDs")
	}
	if udemy.IsDisruptive(string(*i)) {
		return errors.New("an ID has a control character, a line break or a change of the text direction")
	}
	if udemy.HasDotSegment(string(*i)) {
		return fmt.Errorf("the ID %q can't be part of a URL", string(*i))
	}
	return nil
}
