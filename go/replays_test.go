package callbot

import (
	"context"
	"fmt"
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
			t.Error("it is the first")
		}
	}
	if !remember("a", 10*time.Second) || remember("a", 99*time.Second) || !remember("b", 20*time.Second) {
		t.Error("it does not remember")
	}
	full("c")
	if remember("a", 1) {
		t.Error("it forgets when it is full")
	}
	now = now.Add(10*time.Second - 1)
	full("c")
	if remember("a", 1) {
		t.Error("it forgets too early")
	}
	now = now.Add(1)
	if !remember("c", time.Hour) || len(store.until) != 2 {
		t.Errorf("it does not forget what is too old: %v", store.until)
	}
	full("a")
	if err := store.Forget(context.Background(), "b"); err != nil || !remember("a", time.Hour) {
		t.Error(err)
	}
	if err := store.Forget(context.Background(), "never seen"); err != nil || remember("a", time.Hour) {
		t.Error(err)
	}
	// One whose time is over is the first again, even where there is no room.
	now = now.Add(2 * time.Hour)
	if !remember("a", time.Hour) || !remember("x", time.Hour) || len(store.until) != 2 {
		t.Error(store.until)
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
