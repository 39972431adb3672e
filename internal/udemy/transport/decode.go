// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
)

// Decode decodes the JSON body of a response.
func Decode[T any](request Request, response *Response) (T, error) {
	var value T
	if err := json.Unmarshal(response.Body, &value); err != nil {
		return value, Unusable(request, response, err)
	}
	return value, nil
}

// Unusable returns the error for a response with a success status and an unusable body.
func Unusable(request Request, response *Response, cause error) *udemy.Error {
	return &udemy.Error{
		Kind: udemy.ErrUnavailable, Call: request.Call(), Cause: cause,
		Detail: fmt.Sprintf("HTTP status %d with an unusable response", response.Status),
	}
}

// Scalar is a JSON string or the literal text of a JSON number. A float64 would lose the last digits of a long ID.
type Scalar string

// UnmarshalJSON accepts a string, a number or null.
func (s *Scalar) UnmarshalJSON(data []byte) error {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return err
	}
	switch value := value.(type) {
	case nil:
		*s = ""
	case string:
		*s = Scalar(value)
	case json.Number:
		*s = Scalar(value)
	default:
		return errors.New("neither a string nor a number")
	}
	return nil
}
