package callbot

import (
	"runtime"
	"sync"
)

// handle owns an object of the library until it is closed or unreachable.
type handle[P comparable] struct {
	// Held for reading while the object is only read, and for writing otherwise.
	lock   sync.RWMutex
	object P // NULL after close
	free   func(P)
	name   string
}

func newHandle[P comparable](name string, object P, free func(P)) *handle[P] {
	h := &handle[P]{object: object, free: free, name: name}
	runtime.SetFinalizer(h, (*handle[P]).close)
	return h
}

// read locks the object for reading. On success the caller unlocks it after the last use. The
// unlock also keeps the handle reachable until then, so that its finalizer does not run.
func (h *handle[P]) read() error {
	h.lock.RLock()
	var null P
	if h.object == null {
		h.lock.RUnlock()
		return closed(h.name)
	}
	return nil
}

// write locks the object for writing. Otherwise like read.
func (h *handle[P]) write() error {
	h.lock.Lock()
	var null P
	if h.object == null {
		h.lock.Unlock()
		return closed(h.name)
	}
	return nil
}

func (h *handle[P]) close() {
	if h.write() != nil {
		return
	}
	defer h.lock.Unlock()
	h.free(h.object)
	var null P
	h.object = null
	runtime.SetFinalizer(h, nil)
}
