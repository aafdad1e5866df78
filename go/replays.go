package callbot

import (
	"container/heap"
	"context"
	"strings"
	"sync"
	"time"
)

// Replays is a store of received messages. It prevents that a message is sent again while it is
// fresh. It must be safe for use by several goroutines. Several servers for one URL need a common
// store, such as a table with a unique key, or Redis with SET NX and EXPIREAT.
type Replays interface {
	// Remember stores an id until a time, and reports whether it was not stored already. It must be
	// atomic: of two concurrent calls with one id, only one may be the first.
	Remember(ctx context.Context, id string, until time.Time) (first bool, err error)
	// Forget removes the id of a message that could not be processed. The context is not cancelled
	// with the request's.
	Forget(ctx context.Context, id string) error
}

// MemoryReplays is a [Replays] in the memory of one program, for a single server. It stores at most
// capacity messages; the zero value stores 100,000. It is empty when the program starts, so a
// message from before that is still fresh is accepted again.
type MemoryReplays struct {
	lock     sync.Mutex
	kept     map[string]*keptID
	byUntil  keptIDs // the same ids as a heap
	capacity int
	now      func() time.Time // nil means time.Now
}

// keptID is a remembered id.
type keptID struct {
	id    string
	until time.Time
	index int // in the heap
}

const defaultReplays = 100_000

// NewMemoryReplays returns an empty store. capacity is the number of messages that may arrive while
// one is remembered, which is seven minutes unless [Verifier.SetTolerance] changes it. 0 or less
// means 100,000. A message takes about 300 bytes.
func NewMemoryReplays(capacity int) *MemoryReplays {
	return &MemoryReplays{capacity: capacity}
}

// Remember implements [Replays]. It fails with ErrReplaysFull if the store is full, because a
// message that is evicted while it is fresh would be accepted again.
func (m *MemoryReplays) Remember(_ context.Context, id string, until time.Time) (first bool, err error) {
	if m == nil {
		return false, closed("replays")
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	m.forgetOld()
	if _, there := m.kept[id]; there {
		return false, nil
	}
	capacity := m.capacity
	if capacity <= 0 {
		capacity = defaultReplays
	}
	if len(m.kept) >= capacity {
		message := "replays: the store is full; increase its capacity"
		return false, &Error{Status: ErrReplaysFull, Code: "replays_full", Message: message}
	}
	if m.kept == nil {
		m.kept = map[string]*keptID{}
	}
	// The id may be part of a larger string.
	kept := &keptID{id: strings.Clone(id), until: until}
	m.kept[kept.id] = kept
	heap.Push(&m.byUntil, kept)
	return true, nil
}

// forgetOld removes expired messages. It visits each message once.
func (m *MemoryReplays) forgetOld() {
	now := time.Now()
	if m.now != nil {
		now = m.now()
	}
	for len(m.byUntil) > 0 && !now.Before(m.byUntil[0].until) {
		delete(m.kept, heap.Pop(&m.byUntil).(*keptID).id)
	}
}

// Forget implements [Replays].
func (m *MemoryReplays) Forget(_ context.Context, id string) error {
	if m == nil {
		return closed("replays")
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	if kept, there := m.kept[id]; there {
		heap.Remove(&m.byUntil, kept.index)
		delete(m.kept, id)
	}
	return nil
}

// keptIDs implements [heap.Interface]. The id that expires first is on top.
type keptIDs []*keptID

func (k keptIDs) Len() int           { return len(k) }
func (k keptIDs) Less(i, j int) bool { return k[i].until.Before(k[j].until) }
func (k keptIDs) Swap(i, j int) {
	k[i], k[j] = k[j], k[i]
	k[i].index, k[j].index = i, j
}

func (k *keptIDs) Push(kept any) {
	id := kept.(*keptID)
	id.index = len(*k)
	*k = append(*k, id)
}

func (k *keptIDs) Pop() any {
	last := len(*k) - 1
	kept := (*k)[last]
	(*k)[last] = nil
	*k = (*k)[:last]
	return kept
}
