// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"encoding/json"
	"errors"
	"fmt"
)

// A decoder keeps the value that it decodes in memory as a whole, so large values are read part by part.

// visitMembers visits the names of an object, or nothing if the value is null. A visit reads the value.
func visitMembers(decoder *json.Decoder, visit func(name string) error) error {
	switch start, err := decoder.Token(); {
	case err != nil || start == nil:
		return err
	case start != json.Delim('{'):
		return errors.New("it is not an object")
	}
	return visitRest(decoder, visit)
}

// visitRest is visitMembers for an object that has begun.
func visitRest(decoder *json.Decoder, visit func(name string) error) error {
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // Any other token is a syntax error.
		if err := visit(name); err != nil {
			return fmt.Errorf("%v: %w", name, err)
		}
	}
	_, err := decoder.Token() // The end of the object.
	return err
}

// visitElements visits the elements of an array, or nothing if the value is null. A visit reads the element.
func visitElements(decoder *json.Decoder, visit func() error) error {
	switch start, err := decoder.Token(); {
	case err != nil || start == nil:
		return err
	case start != json.Delim('['):
		return errors.New("it is not an array")
	}
	for decoder.More() {
		if err := visit(); err != nil {
			return err
		}
	}
	_, err := decoder.Token()
	return err
}

// decodeEach decodes one element of an array at a time.
func decodeEach[T any](decoder *json.Decoder, visit func(*T)) error {
	return visitElements(decoder, func() error {
		element := new(T)
		if err := decoder.Decode(element); err != nil {
			return err
		}
		visit(element)
		return nil
	})
}

// skip drops a value.
func skip(decoder *json.Decoder) error { return decoder.Decode(&skipped{}) }

// skipped is a JSON value that is not decoded.
type skipped struct{}

func (*skipped) UnmarshalJSON([]byte) error { return nil }
