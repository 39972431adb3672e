// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package reader_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/reader"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/store"
)

// latency is how long a request takes, in virtual time.
const latency = 50 * time.Millisecond

// source is a collection of IDs in memory that counts requests. The name of an object is its ID with an "n" before it.
type source struct {
	pageSize int
	// absent is the error for an ID that a complete store does not hold.
	absent error
	// fault refuses a request, such as "get u1", "find nu1" or "page 2", if it returns an error.
	fault func(request string) error
	// page changes a page, and total the total. If total is nil, the last page is marked as the last one.
	page  func(number int, ids []string) []string
	total func(total int) int
	// hidden is set if the pages contain no objects.
	hidden bool

	mu       sync.Mutex
	ids      []string
	requests []string
}

// object has a slice, so that a test can distinguish copies.
type object struct {
	id   string
	tags []string
}

func objects(n int) *source {
	s := &source{pageSize: 100}
	for i := range n {
		s.ids = append(s.ids, id(i+1))
	}
	return s
}

func id(i int) string { return fmt.Sprintf("u%d", i) }

// spread returns n IDs at regular intervals in a collection.
func spread(n, size int) []string {
	ids := make([]string, 0, n)
	for i := range n {
		ids = append(ids, id(i*size/n+1))
	}
	return ids
}

func without(ids []string, gone string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == gone })
}

func (s *source) send(ctx context.Context, request string) error {
	s.mu.Lock()
	s.requests = append(s.requests, request)
	s.mu.Unlock()
	time.Sleep(latency)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if s.fault != nil {
		return s.fault(request)
	}
	return nil
}

func (s *source) one(ctx context.Context, call, key, id string) (object, error) {
	if err := s.send(ctx, call+" "+key); err != nil {
		return object{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.ids, id) {
		return object{}, udemy.ErrNotFound
	}
	return object{id, []string{"tag"}}, nil
}

func (s *source) Page(ctx context.Context, number, size int) (udemy.Page[object], error) {
	if number == 1 && size != 0 || number > 1 && size == 0 {
		return udemy.Page[object]{}, fmt.Errorf("page %d of size %d", number, size)
	}
	if err := s.send(ctx, fmt.Sprintf("page %d", number)); err != nil {
		return udemy.Page[object]{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hidden {
		return udemy.Page[object]{}, nil
	}
	start := min((number-1)*s.pageSize, len(s.ids))
	ids := slices.Clone(s.ids[start:min(start+s.pageSize, len(s.ids))])
	page := udemy.Page[object]{Items: []object{}, Total: len(s.ids)}
	if s.total != nil {
		page.Total = s.total(page.Total)
	} else {
		page.Last = start+s.pageSize >= len(s.ids)
	}
	if s.page != nil {
		ids = s.page(number, ids)
	}
	for _, id := range ids {
		page.Items = append(page.Items, object{id, []string{"tag"}})
	}
	return page, nil
}

// count returns how many requests have a prefix.
func (s *source) count(prefix string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, request := range s.requests {
		if strings.HasPrefix(request, prefix) {
			n++
		}
	}
	return n
}

func (s *source) wantCount(t *testing.T, prefix string, want int) {
	t.Helper()
	if got := s.count(prefix); got != want {
		t.Errorf("%d requests %q, want %d; all were:\n%s", got, prefix, want, strings.Join(s.requests, "\n"))
	}
}

// refuse returns a fault for the requests with a prefix.
func refuse(err error, prefix string) func(string) error {
	return func(request string) error {
		if strings.HasPrefix(request, prefix) {
			return err
		}
		return nil
	}
}

func nameKey(name string) store.Key { return store.Key{Attribute: "name", Value: name} }

// fixture is a reader of a source.
type fixture struct {
	*reader.Reader[object]
	source *source
}

func (s *source) reader(t *testing.T) fixture {
	t.Helper()
	t.Cleanup(func() { time.Sleep(time.Minute) }) // Requests in flight finish.
	return fixture{reader.New(reader.Config[object]{
		Kind: store.Kind[object]{
			ID:   func(o object) string { return o.id },
			Keys: func(o object) []store.Key { return []store.Key{nameKey("n" + o.id)} },
			Copy: func(o object) object { return object{o.id, slices.Clone(o.tags)} },
		},
		Page: s.Page, Absent: s.absent,
	}), s}
}

func (f fixture) get(ctx context.Context, id string) (object, error) {
	return f.Get(ctx, id, func(ctx context.Context) (object, error) { return f.source.one(ctx, "get", id, id) })
}

func (f fixture) search(name string, unique bool) reader.Search[object] {
	return reader.Search[object]{
		Value: name, Keys: []store.Key{nameKey(name)}, Unique: unique, Proof: reader.BySample,
		Request: func(ctx context.Context, name string) (object, error) {
			return f.source.one(ctx, "find", name, strings.TrimPrefix(name, "n"))
		},
	}
}

func (f fixture) find(ctx context.Context, name string, unique bool) (object, error) {
	return f.Find(ctx, f.search(name, unique))
}

func (f fixture) existing(ctx context.Context, name string) (object, error) {
	return f.Existing(ctx, f.search(name, false))
}

func (f fixture) want(t *testing.T, id string) {
	t.Helper()
	if got, err := f.get(t.Context(), id); err != nil || got.id != id {
		t.Errorf("Get(%s) = %+v, %v", id, got, err)
	}
}

func (f fixture) wantNone(t *testing.T, id string, kind error) {
	t.Helper()
	if got, err := f.get(t.Context(), id); !errors.Is(err, kind) {
		t.Errorf("Get(%s) = %+v, %v, want %v", id, got, err, kind)
	}
}

func (f fixture) wantAll(t *testing.T, want ...string) {
	t.Helper()
	all, err := f.All(t.Context())
	var ids []string
	for _, object := range all {
		ids = append(ids, object.id)
	}
	slices.Sort(ids)
	want = slices.Sorted(slices.Values(want)) // Other goroutines use the slice.
	if err != nil || !slices.Equal(ids, want) {
		t.Errorf("All = %v, %v, want %v", ids, err, want)
	}
}

// atOnce calls a function for each ID, with a limited parallelism, as Terraform does.
func atOnce(parallelism int, ids []string, do func(id string)) {
	var calls errgroup.Group
	calls.SetLimit(parallelism)
	for _, id := range ids {
		calls.Go(func() error { do(id); return nil })
	}
	_ = calls.Wait()
}
