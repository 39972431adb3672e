// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Decode decodes the JSON body of a response.
func Decode[T any](request Request, response *Response) (T, error) {
	var value T
	if err := json.Unmarshal(response.Body, &value); err != nil {
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

// maxItems limits the objects of one list. A learner, a group or a member takes more than 64 bytes on average, so the largest
// body of real objects has fewer. An empty object takes two bytes, and far more memory once it is decoded.
const maxItems = maxBody / 64

// List is a JSON array of at most maxItems elements.
type List[T any] []T

// UnmarshalJSON counts the elements before it decodes them. Decoding one after the other takes twice the memory.
func (l *List[T]) UnmarshalJSON(data []byte) error {
	if countElements(data) > maxItems {
		return fmt.Errorf("a list has more than %d elements", maxItems)
	}
	return json.Unmarshal(data, (*[]T)(l))
}

// countElements returns the number of elements of a JSON array. An empty array counts as one element. The JSON must be valid.
func countElements(data []byte) int {
	count, depth, inString := 1, 0, false
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++ // Escapes occur only in strings.
		case '"':
			inString = !inString
		case '[', '{':
			if !inString {
				depth++
			}
		case ']', '}':
			if !inString {
				depth--
			}
		case ',':
			if !inString && depth == 1 {
				count++
			}
		}
	}
	return count
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

// UnmarshalJSON accepts a string, a number or null.
func (i *ID) UnmarshalJSON(data []byte) error {
	if err := (*Scalar)(i).UnmarshalJSON(data); err != nil {
		return err
	}
	if udemy.IsDisruptive(string(*i)) {
		return errors.New("an ID has a control character, a line break or a change of the text direction")
	}
	if udemy.HasDotSegment(string(*i)) {
		return fmt.Errorf("the ID %q can't be part of a URL", string(*i))
	}
	return nil
}
