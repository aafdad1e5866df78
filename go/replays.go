package callbot

import (
	"container/heap"
	"context"
	"strings"
	"sync"
	"time"
)

// Replays is a store of the messages that were received: whoever saw one can send it again for as long as it is fresh. It
// has to be safe for several goroutines. Several servers for one URL need one store for all, such as a table with a unique
// key, or Redis with SET NX and EXPIREAT.
type Replays interface {
	// Remember keeps an id until a time, and reports whether it was not kept already. It has to be one step: of two calls
	// at once with one id, only one may be the first.
	Remember(ctx context.Context, id string, until time.Time) (first bool, err error)
	// Forget lets a message in again that could not be worked off. The context is not cancelled with the request's.
	Forget(ctx context.Context, id string) error
}

// MemoryReplays is a [Replays] in the memory of one program, for a single server. It holds no more than its capacity. The
// zero value has room for 100,000 messages. It is empty when the program starts: what was received before, and is still
// fresh, is let in again.
type MemoryReplays struct {
	lock     sync.Mutex
	kept     map[string]*keptID
	byUntil  keptIDs // the same, as a heap
	capacity int
	now      func() time.Time // nil means time.Now
}

// keptID is an id that is remembered.
type keptID struct {
	id    string
	until time.Time
	place int // in the heap
}

const defaultReplays = 100_000

// NewMemoryReplays makes an empty store for so many messages: as many as may come while one is remembered, which is seven
// minutes unless [Verifier.SetTolerance] says otherwise. 0, or less, means 100,000. A message takes some 300 bytes.
func NewMemoryReplays(capacity int) *MemoryReplays {
	return &MemoryReplays{capacity: capacity}
}

// Remember implements [Replays]. It fails with ErrReplaysFull where there is no room: to forget a message that is still
// fresh would let it in again.
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
		message := "replays: there is no room for another message; give it a larger capacity"
		return false, &Error{Status: ErrReplaysFull, Code: "replays_full", Message: message}
	}
	if m.kept == nil {
		m.kept = map[string]*keptID{}
	}
	// The id may be part of a larger text.
	kept := &keptID{id: strings.Clone(id), until: until}
	m.kept[kept.id] = kept
	heap.Push(&m.byUntil, kept)
	return true, nil
}

// forgetOld makes room. Each message is looked at but once.
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
		heap.Remove(&m.byUntil, kept.place)
		delete(m.kept, id)
	}
	return nil
}

// keptIDs implements [heap.Interface]. The one to forget first comes first.
type keptIDs []*keptID

func (k keptIDs) Len() int           { return len(k) }
func (k keptIDs) Less(i, j int) bool { return k[i].until.Before(k[j].until) }
func (k keptIDs) Swap(i, j int) {
	k[i], k[j] = k[j], k[i]
	k[i].place, k[j].place = i, j
}

func (k *keptIDs) Push(kept any) {
	id := kept.(*keptID)
	id.place = len(*k)
	*k = append(*k, id)
}

func (k *keptIDs) Pop() any {
	last := len(*k) - 1
	kept := (*k)[last]
	(*k)[last] = nil
	*k = (*k)[:last]
	return kept
}
