package callbot

import (
	"context"
	"fmt"
	"math"
	"math/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var background = context.Background()

// begins claims a key and reports whether that was possible; the answer must not be an error.
func begins(t *testing.T, store Replays, key, token string, lease time.Duration) bool {
	t.Helper()
	claim, err := store.Begin(background, key, token, lease)
	if err != nil {
		t.Fatal(err)
	}
	return claim.State == ClaimBegun
}

func TestMemoryReplays(t *testing.T) {
	store := NewMemoryReplays(9)
	now := testTime
	store.now = func() time.Time { return now }
	want := func(token string, want Claim) {
		t.Helper()
		if claim, err := store.Begin(background, "a", token, time.Minute); err != nil || claim != want {
			t.Error(claim, err)
		}
	}
	wantHeld := func(want bool) func(bool, error) {
		t.Helper()
		return func(held bool, err error) {
			t.Helper()
			if err != nil || held != want {
				t.Error(held, err)
			}
		}
	}
	want("1", Claim{State: ClaimBegun})
	now = now.Add(time.Minute - 1)
	want("1", Claim{State: ClaimBegun}) // its answer was lost; the lease is not extended
	want("2", Claim{ClaimInProcess, 1})
	wantHeld(false)(store.Done(background, "a", "2", time.Hour))
	wantHeld(false)(store.Release(background, "a", "2"))
	now = now.Add(1)
	// The first owner is late, even if nobody else has come.
	wantHeld(false)(store.Done(background, "a", "1", time.Hour))
	want("2", Claim{State: ClaimBegun})
	wantHeld(false)(store.Done(background, "a", "1", time.Hour))
	wantHeld(false)(store.Release(background, "a", "1"))
	want("3", Claim{ClaimInProcess, time.Minute})
	wantHeld(true)(store.Release(background, "a", "2"))
	wantHeld(false)(store.Release(background, "a", "2"))
	want("3", Claim{State: ClaimBegun})
	wantHeld(true)(store.Done(background, "a", "3", time.Hour))
	wantHeld(true)(store.Done(background, "a", "3", time.Hour))
	wantHeld(false)(store.Release(background, "a", "3"))
	now = now.Add(time.Hour - 1)
	want("4", Claim{State: ClaimDone})
	want("3", Claim{State: ClaimDone})
	now = now.Add(1)
	want("4", Claim{State: ClaimBegun})
}

func TestMemoryReplaysForgetsOnlyWhatHasExpired(t *testing.T) {
	store := NewMemoryReplays(2)
	now := testTime
	store.now = func() time.Time { return now }
	if !begins(t, store, "a", "1", 10*time.Second) || !begins(t, store, "b", "2", 20*time.Second) {
		t.Error("nothing is stored")
	}
	now = now.Add(10*time.Second - 1)
	_, err := store.Begin(background, "c", "3", time.Hour)
	wantError(t, err, ErrReplaysFull, "replays_full")
	if begins(t, store, "a", "3", 1) {
		t.Error("the full store forgets a claim")
	}
	now = now.Add(1)
	if !begins(t, store, "c", "3", time.Hour) || len(store.claims) != 2 || len(store.byUntil) != 2 {
		t.Error("expired claims are not forgotten")
	}
}

// A time to keep that is longer than time goes does not end in the past.
func TestMemoryReplaysKeepsForever(t *testing.T) {
	store := NewMemoryReplays(1)
	now := testTime
	store.now = func() time.Time { return now }
	if !begins(t, store, "a", "1", time.Hour) {
		t.Error("nothing is stored")
	}
	now = now.Add(time.Second)
	if held, err := store.Done(background, "a", "1", math.MaxInt64); err != nil || !held {
		t.Error(held, err)
	}
	now = now.Add(1000 * time.Hour)
	if claim, err := store.Begin(background, "a", "2", time.Hour); err != nil || claim.State != ClaimDone {
		t.Error(claim, err)
	}
}

func TestMemoryReplaysForSeveralGoroutines(t *testing.T) {
	store := NewMemoryReplays(100)
	var firsts atomic.Int64
	var group sync.WaitGroup
	for owner := range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for key := range 100 {
				if begins(t, store, fmt.Sprint(key), fmt.Sprint(owner, key), time.Hour) {
					firsts.Add(1)
				}
				if held, err := store.Release(background, "another", "1"); err != nil || held {
					t.Error(held, err)
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
		if held, err := store.Done(background, "a", "1", 1); err != nil || held {
			t.Error(held, err)
		}
		if !begins(t, store, "a", "1", time.Hour) || begins(t, store, "a", "2", time.Hour) {
			t.Error("it does not claim")
		}
	}
	var none *MemoryReplays
	_, err := none.Begin(background, "a", "1", 1)
	wantError(t, err, ErrClosed, "closed")
	_, err = none.Done(background, "a", "1", 1)
	wantError(t, err, ErrClosed, "closed")
	_, err = none.Release(background, "a", "1")
	wantError(t, err, ErrClosed, "closed")
}

// Begin in a full store does not visit every claim.
func TestMemoryReplaysFullIsFast(t *testing.T) {
	const capacity = 100_000
	store := NewMemoryReplays(capacity)
	for key := range capacity {
		if !begins(t, store, fmt.Sprint(key), "1", time.Hour) {
			t.Fatal(key)
		}
	}
	start := time.Now()
	for range 3000 {
		_, err := store.Begin(background, "another", "1", time.Hour)
		wantError(t, err, ErrReplaysFull, "replays_full")
	}
	if took := time.Since(start); took > time.Second {
		t.Error(took)
	}
}

// The store behaves like a slow and simple model.
func TestMemoryReplaysAgainstAModel(t *testing.T) {
	type claim struct {
		token string
		done  bool
		until time.Time
	}
	const capacity = 8
	random := rand.New(rand.NewSource(1))
	store, model, now := NewMemoryReplays(capacity), map[string]claim{}, testTime
	store.now = func() time.Time { return now }
	for step := range 50_000 {
		key, token := fmt.Sprint(random.Intn(2*capacity)), fmt.Sprint(step-random.Intn(20))
		for key, claim := range model {
			if !now.Before(claim.until) {
				delete(model, key)
			}
		}
		if len(store.claims) > capacity || len(store.claims) != len(store.byUntil) {
			t.Fatal(step, len(store.claims), len(store.byUntil))
		}
		modelled, there := model[key]
		owned := there && modelled.token == token
		after := time.Duration(random.Intn(40) - 2)
		switch random.Intn(5) {
		case 0:
			now = now.Add(time.Duration(random.Intn(5)))
		case 1:
			if held, err := store.Release(background, key, token); err != nil || held != (owned && !modelled.done) {
				t.Fatal(step, held, err)
			}
			if owned && !modelled.done {
				delete(model, key)
			}
		case 2:
			if held, err := store.Done(background, key, token, after); err != nil || held != owned {
				t.Fatal(step, held, err)
			}
			if owned {
				model[key] = claim{token: token, done: true, until: now.Add(after)}
			}
		default:
			var want Claim
			switch {
			case modelled.done:
				want.State = ClaimDone
			case owned:
				want.State = ClaimBegun
			case there:
				want = Claim{ClaimInProcess, modelled.until.Sub(now)}
			case len(model) < capacity:
				want.State = ClaimBegun
				model[key] = claim{token: token, until: now.Add(after)}
			}
			if got, err := store.Begin(background, key, token, after); got != want || (err != nil) != (want == Claim{}) {
				t.Fatal(step, got, want, err)
			}
		}
	}
}
