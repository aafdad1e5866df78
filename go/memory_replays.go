package callbot

import (
	"container/heap"
	"context"
	"strings"
	"sync"
	"time"
)

// MemoryReplays is a [Replays] in the memory of one program, for a single server. It stores at most
// capacity messages; the zero value stores 100,000. It is empty when the program starts, so a
// message from before that is still fresh is accepted again.
type MemoryReplays struct {
	lock     sync.Mutex
	claims   map[string]*claim
	byUntil  claims // the same claims as a heap
	capacity int
	now      func() time.Time // nil means time.Now
}

// claim is what is stored for a key.
type claim struct {
	key, token string
	done       bool
	until      time.Time // the end of the lease or, if done, of the time to keep
	index      int       // in the heap
}

const defaultReplays = 100_000

// NewMemoryReplays returns an empty store of at most capacity messages; 0 or less means 100,000. A
// message takes about 300 bytes.
//
// The capacity limits how many callbacks a second the server can take for long: the capacity
// divided by the seconds for which a message is kept. That is seven minutes at most, unless
// [Verifier.SetTolerance] or Keep of [HandlerOptions] change it: 300 seconds for which a message is
// fresh, 60 by which its time may be ahead of ours, a margin of 60, and 1 since times are whole
// seconds.
//
//	capacity    callbacks a second, kept for 421 s    kept for 2 hours
//	  10,000                                    23                 1.3
//	 100,000                                   237                  13
//	1,000,000                                2,375                 138
func NewMemoryReplays(capacity int) *MemoryReplays {
	return &MemoryReplays{capacity: capacity}
}

// Begin implements [Replays]. It fails with ErrReplaysFull if the store is full, because a message
// that is evicted while it is fresh would be accepted again.
func (m *MemoryReplays) Begin(_ context.Context, key, token string, lease time.Duration) (Claim, error) {
	if m == nil {
		return Claim{}, closed("replays")
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	now := m.forgetOld()
	if held := m.claims[key]; held != nil {
		switch {
		case held.done:
			return Claim{State: ClaimDone}, nil
		case held.token == token:
			return Claim{State: ClaimBegun}, nil
		}
		return Claim{State: ClaimInProcess, Left: held.until.Sub(now)}, nil
	}
	capacity := m.capacity
	if capacity <= 0 {
		capacity = defaultReplays
	}
	if len(m.claims) >= capacity {
		message := "the store against replays is full; increase its capacity"
		return Claim{}, &Error{Status: ErrReplaysFull, Code: "replays_full", Message: message}
	}
	if m.claims == nil {
		m.claims = map[string]*claim{}
	}
	// The strings may be part of larger ones.
	begun := &claim{key: strings.Clone(key), token: strings.Clone(token), until: now.Add(lease)}
	m.claims[begun.key] = begun
	heap.Push(&m.byUntil, begun)
	return Claim{State: ClaimBegun}, nil
}

// Done implements [Replays].
func (m *MemoryReplays) Done(_ context.Context, key, token string, keep time.Duration) (held bool, err error) {
	if m == nil {
		return false, closed("replays")
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	now := m.forgetOld()
	done := m.claims[key]
	if done == nil || done.token != token {
		return false, nil
	}
	done.done, done.until = true, now.Add(keep)
	heap.Fix(&m.byUntil, done.index)
	return true, nil
}

// Release implements [Replays].
func (m *MemoryReplays) Release(_ context.Context, key, token string) (held bool, err error) {
	if m == nil {
		return false, closed("replays")
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	m.forgetOld()
	released := m.claims[key]
	if released == nil || released.token != token || released.done {
		return false, nil
	}
	heap.Remove(&m.byUntil, released.index)
	delete(m.claims, key)
	return true, nil
}

// forgetOld removes expired claims, each of which it visits once, and returns the time now.
func (m *MemoryReplays) forgetOld() time.Time {
	now := time.Now()
	if m.now != nil {
		now = m.now()
	}
	for len(m.byUntil) > 0 && !now.Before(m.byUntil[0].until) {
		delete(m.claims, heap.Pop(&m.byUntil).(*claim).key)
	}
	return now
}

// claims implements [heap.Interface]. The claim that expires first is on top.
type claims []*claim

func (c claims) Len() int           { return len(c) }
func (c claims) Less(i, j int) bool { return c[i].until.Before(c[j].until) }
func (c claims) Swap(i, j int) {
	c[i], c[j] = c[j], c[i]
	c[i].index, c[j].index = i, j
}

func (c *claims) Push(pushed any) {
	added := pushed.(*claim)
	added.index = len(*c)
	*c = append(*c, added)
}

func (c *claims) Pop() any {
	last := len(*c) - 1
	popped := (*c)[last]
	(*c)[last] = nil
	*c = (*c)[:last]
	return popped
}
