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

// Decode reads the JSON of an answer.
func Decode[T any](request Request, response *Response) (T, error) {
	var value T
	if err := json.Unmarshal(response.Body, &value); err != nil {
		return value, Unusable(request, response, err)
	}
	return value, nil
}

// Unusable is the error of a success that doesn't say what was asked for.
func Unusable(request Request, response *Response, cause error) *udemy.Error {
	return &udemy.Error{
		Kind: udemy.ErrUnavailable, Call: request.Call(), Cause: cause,
		Detail: fmt.Sprintf("HTTP status %d with an answer that can't be used", response.Status),
	}
}

// Scalar is a JSON string, or a number as it is written: as a float, a long id would lose its last digits.
type Scalar string

// UnmarshalJSON implements json.Unmarshaler.
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
