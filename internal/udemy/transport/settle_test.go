// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

func TestSettle(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		// answers are those to the looks, the last one for ever.
		answers []error
		gone    bool
		err     error
		looks   int
	}{
		"at once":       {[]error{udemy.ErrNotFound}, true, nil, 1},
		"after a while": {[]error{nil, nil, udemy.ErrNotFound}, true, nil, 3},
		"can't be read": {[]error{udemy.ErrNotOffered}, true, nil, 1},
		"never":         {[]error{nil}, false, nil, 6},
		"fails":         {[]error{nil, broken}, false, broken, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var waits []int
			client := transport.New(transport.Config{Backoff: func(failure int, _ *http.Response) time.Duration {
				waits = append(waits, failure)
				return time.Nanosecond
			}})
			looks := 0
			gone, err := client.SettleGone(t.Context(), "u1", func(context.Context) error {
				answer := test.answers[min(looks, len(test.answers)-1)]
				looks++
				return answer
			})
			if gone != test.gone || !errors.Is(err, test.err) || looks != test.looks {
				t.Errorf("got %t, %v after %d looks; want %t, %v after %d", gone, err, looks, test.gone, test.err, test.looks)
			}
			if want := []int{0, 1, 2, 3, 4}[:test.looks-1]; !slices.Equal(waits, want) {
				t.Errorf("waits %v, want %v", waits, want)
			}
		})
	}
}

// What was changed before Terraform was told to stop is still looked at, but not waited for.
func TestSettleAfterCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	client := transport.New(transport.Config{Backoff: func(int, *http.Response) time.Duration { return time.Hour }})
	done, err := client.Settle(ctx, func(ctx context.Context) (bool, error) { return true, ctx.Err() })
	if !done || err != nil {
		t.Errorf("got %t, %v", done, err)
	}
	done, err = client.Settle(ctx, func(context.Context) (bool, error) { return false, nil })
	if done || !errors.Is(err, context.Canceled) {
		t.Errorf("got %t, %v; want %v", done, err, context.Canceled)
	}
}
