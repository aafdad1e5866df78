package callbot

import (
	"context"
	"fmt"
	"math/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestMemoryReplays(t *testing.T) {
	store := NewMemoryReplays(2)
	now := testTime
	store.now = func() time.Time { return now }
	remember := func(id string, after time.Duration) bool {
		t.Helper()
		first, err := store.Remember(context.Background(), id, now.Add(after))
		if err != nil {
			t.Fatal(err)
		}
		return first
	}
	full := func(id string) {
		t.Helper()
		first, err := store.Remember(context.Background(), id, now.Add(time.Hour))
		wantError(t, err, ErrReplaysFull, "replays_full")
		if first {
			t.Error("the full store accepts an id")
		}
	}
	if !remember("a", 10*time.Second) || remember("a", 99*time.Second) || !remember("b", 20*time.Second) {
		t.Error("an id is not remembered")
	}
	full("c")
	if remember("a", 1) {
		t.Error("the full store forgets an id")
	}
	now = now.Add(10*time.Second - 1)
	full("c")
	if remember("a", 1) {
		t.Error("an id is forgotten too early")
	}
	now = now.Add(1)
	if !remember("c", time.Hour) || len(store.kept) != 2 {
		t.Errorf("expired ids are not forgotten: %v", store.kept)
	}
	full("a")
	if err := store.Forget(context.Background(), "b"); err != nil || !remember("a", time.Hour) {
		t.Error(err)
	}
	if err := store.Forget(context.Background(), "never seen"); err != nil || remember("a", time.Hour) {
		t.Error(err)
	}
	// An expired id is the first again, even in a full store.
	now = now.Add(2 * time.Hour)
	if !remember("a", time.Hour) || !remember("x", time.Hour) || len(store.kept) != 2 || len(store.byUntil) != 2 {
		t.Error(store.kept)
	}
}

func TestMemoryReplaysForSeveralGoroutines(t *testing.T) {
	store := NewMemoryReplays(100)
	var firsts atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for id := range 100 {
				first, err := store.Remember(context.Background(), fmt.Sprint(id), time.Now().Add(time.Hour))
				if err != nil {
					t.Error(err)
				}
				if first {
					firsts.Add(1)
				}
				if err := store.Forget(context.Background(), "another"); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	group.Wait()
	if firsts.Load() != 100 {
		t.Error(firsts.Load())
	}
}

func TestMemoryReplaysWithoutConstructor(t *testing.T) {
	for _, store := range []*MemoryReplays{{}, NewMemoryReplays(0), NewMemoryReplays(-1)} {
		if err := store.Forget(context.Background(), "a"); err != nil {
			t.Error(err)
		}
		for i, want := range []bool{true, false} {
			first, err := store.Remember(context.Background(), "a", time.Now().Add(time.Hour))
			if err != nil || first != want {
				t.Error(i, first, err)
			}
		}
	}
	var none *MemoryReplays
	_, err := none.Remember(context.Background(), "a", time.Now())
	wantError(t, err, ErrClosed, "closed")
	wantError(t, none.Forget(context.Background(), "a"), ErrClosed, "closed")
}

// Remember in a full store does not visit every id.
func TestMemoryReplaysFullIsFast(t *testing.T) {
	const capacity = 100_000
	store := NewMemoryReplays(capacity)
	until := time.Now().Add(time.Hour)
	for id := range capacity {
		if first, err := store.Remember(context.Background(), fmt.Sprint(id), until); err != nil || !first {
			t.Fatal(id, first, err)
		}
	}
	start := time.Now()
	for range 3000 {
		_, err := store.Remember(context.Background(), "another", until)
		wantError(t, err, ErrReplaysFull, "replays_full")
	}
	if took := time.Since(start); took > time.Second {
		t.Error(took)
	}
}

// The store behaves like a slow and simple model.
func TestMemoryReplaysAgainstAModel(t *testing.T) {
	const capacity = 8
	random := rand.New(rand.NewSource(1))
	store, model, now := NewMemoryReplays(capacity), map[string]time.Time{}, testTime
	store.now = func() time.Time { return now }
	for step := range 20_000 {
		id := fmt.Sprint(random.Intn(2 * capacity))
		for id, until := range model {
			if !now.Before(until) {
				delete(model, id)
			}
		}
		if len(store.kept) > capacity || len(store.kept) != len(store.byUntil) {
			t.Fatal(step, len(store.kept), len(store.byUntil))
		}
		switch random.Intn(4) {
		case 0:
			now = now.Add(time.Duration(random.Intn(5)))
		case 1:
			if err := store.Forget(context.Background(), id); err != nil {
				t.Fatal(err)
			}
			delete(model, id)
		default:
			_, kept := model[id]
			full := !kept && len(model) >= capacity
			until := now.Add(time.Duration(random.Intn(40) - 2))
			first, err := store.Remember(context.Background(), id, until)
			if (err != nil) != full || first != (!kept && !full) {
				t.Fatal(step, first, err)
			}
			if first {
				model[id] = until
			}
		}
	}
}
