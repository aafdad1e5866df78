package callbot

import (
	"context"
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

// MemoryReplays is a [Replays] in the memory of one program, for a single server. It holds no more than its capacity.
type MemoryReplays struct {
	lock     sync.Mutex
	until    map[string]time.Time
	capacity int
	now      func() time.Time
}

// NewMemoryReplays makes an empty store for so many messages: as many as may come while one is fresh, which is six minutes
// unless [Verifier.SetTolerance] says otherwise. A message takes some 200 bytes.
func NewMemoryReplays(capacity int) *MemoryReplays {
	return &MemoryReplays{until: map[string]time.Time{}, capacity: capacity, now: time.Now}
}

// Remember implements [Replays]. It fails with ErrReplaysFull where there is no room: to forget a message that is still
// fresh would let it in again.
func (m *MemoryReplays) Remember(_ context.Context, id string, until time.Time) (first bool, err error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	now := m.now()
	if kept, there := m.until[id]; there && now.Before(kept) {
		return false, nil
	}
	if len(m.until) >= m.capacity {
		for id, until := range m.until {
			if !now.Before(until) {
				delete(m.until, id)
			}
		}
		if len(m.until) >= m.capacity {
			message := "replays: there is no room for another message; give it a larger capacity"
			return false, &Error{Status: ErrReplaysFull, Code: "replays_full", Message: message}
		}
	}
	m.until[id] = until
	return true, nil
}

// Forget implements [Replays].
func (m *MemoryReplays) Forget(_ context.Context, id string) error {
	m.lock.Lock()
	defer m.lock.Unlock()
	delete(m.until, id)
	return nil
}
