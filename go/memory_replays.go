package callbot

import (
	"context"
	"crypto/sha256"
	"math"
	"sync"
	"time"
)

// MemoryReplays is a [Replays] in the memory of one program, for a single server. It stores at most
// capacity messages; the zero value stores 100,000. It is empty when the program starts, so a
// message from before that is still fresh is accepted again.
type MemoryReplays struct {
	lock     sync.Mutex
	claims   map[digest]int // indices in slots
	slots    []claim        // the garbage collector does not look into them: there are no pointers
	free     []int          // the slots that are empty
	byUntil  []expiry       // a heap: the claim that expires first is on top
	start    time.Time      // what until counts from
	capacity int
	now      func() time.Time // nil means time.Now
}

// claim is what is stored for a key.
type claim struct {
	key, token digest
	done       bool
	index      int // in the heap
}

// expiry is when a claim ends: the end of the lease or, if it is done, of the time to keep.
type expiry struct {
	until time.Duration
	slot  int
}

// digest stands for a key or a token, however long that is.
type digest [16]byte

func digestOf(s string) digest {
	sum := sha256.Sum256([]byte(s))
	return digest(sum[:])
}

const defaultReplays = 100_000

// NewMemoryReplays returns an empty store of at most capacity messages; 0 or less means 100,000. A
// message takes about 120 bytes.
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
	id, owner := digestOf(key), digestOf(token)
	if slot, there := m.claims[id]; there {
		switch held := &m.slots[slot]; {
		case held.done:
			return Claim{State: ClaimDone}, nil
		case held.token == owner:
			return Claim{State: ClaimBegun}, nil
		default:
			return Claim{State: ClaimInProcess, Left: m.byUntil[held.index].until - now}, nil
		}
	}
	capacity := m.capacity
	if capacity <= 0 {
		capacity = defaultReplays
	}
	if len(m.claims) >= capacity {
		message := "the store against replays is full; increase its capacity"
		return Claim{}, &Error{Status: ErrReplaysFull, Code: "replays_full", Message: message}
	}
	m.add(claim{key: id, token: owner}, after(now, lease))
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
	slot, there := m.claims[digestOf(key)]
	if !there || m.slots[slot].token != digestOf(token) {
		return false, nil
	}
	done := &m.slots[slot]
	done.done = true
	m.byUntil[done.index].until = after(now, keep)
	m.sift(done.index)
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
	slot, there := m.claims[digestOf(key)]
	if !there || m.slots[slot].token != digestOf(token) || m.slots[slot].done {
		return false, nil
	}
	m.remove(slot)
	return true, nil
}

// forgetOld removes expired claims, each of which it visits once, and returns the time now.
func (m *MemoryReplays) forgetOld() time.Duration {
	now := time.Now()
	if m.now != nil {
		now = m.now()
	}
	if m.start.IsZero() {
		m.start = now
	}
	elapsed := now.Sub(m.start)
	for len(m.byUntil) > 0 && m.byUntil[0].until <= elapsed {
		m.remove(m.byUntil[0].slot)
	}
	return elapsed
}

// after returns the time that is later by d, or the latest one.
func after(now, d time.Duration) time.Duration {
	if d > 0 && now > math.MaxInt64-d {
		return math.MaxInt64
	}
	return now + d
}

func (m *MemoryReplays) add(added claim, until time.Duration) {
	if m.claims == nil {
		m.claims = map[digest]int{}
	}
	slot := len(m.slots)
	if last := len(m.free) - 1; last >= 0 {
		slot, m.free = m.free[last], m.free[:last]
	} else {
		m.slots = append(m.slots, claim{})
	}
	added.index = len(m.byUntil)
	m.slots[slot] = added
	m.claims[added.key] = slot
	m.byUntil = append(m.byUntil, expiry{until, slot})
	m.sift(added.index)
}

func (m *MemoryReplays) remove(slot int) {
	index, last := m.slots[slot].index, len(m.byUntil)-1
	m.place(index, m.byUntil[last])
	m.byUntil = m.byUntil[:last]
	if index < last {
		m.sift(index)
	}
	delete(m.claims, m.slots[slot].key)
	m.free = append(m.free, slot)
}

// place writes an element of the heap.
func (m *MemoryReplays) place(index int, e expiry) {
	m.byUntil[index] = e
	m.slots[e.slot].index = index
}

// sift moves the element at index of the heap up or down to where it belongs.
func (m *MemoryReplays) sift(index int) {
	moved := m.byUntil[index]
	for index > 0 && moved.until < m.byUntil[(index-1)/2].until {
		m.place(index, m.byUntil[(index-1)/2])
		index = (index - 1) / 2
	}
	for {
		child := 2*index + 1
		if right := child + 1; right < len(m.byUntil) && m.byUntil[right].until < m.byUntil[child].until {
			child = right
		}
		if child >= len(m.byUntil) || m.byUntil[child].until >= moved.until {
			break
		}
		m.place(index, m.byUntil[child])
		index = child
	}
	m.place(index, moved)
}
