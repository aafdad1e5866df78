package callbot

import "time"

// Batch is a list of orders for one request.
//
// An order is checked in the moment it is added, and written straight into the request's body: nothing of it is needed
// afterwards, and no second copy is kept.
type Batch struct {
	handle *handle[cBatch]
}

// NewBatch makes an empty batch for a task. rules may be nil: then only the API's own rules hold. They are copied.
//
// It fails with ErrRefused when something is wrong with the task, and with ErrRules when a rule cannot be set: a name in
// RequireParams that is empty or stands there twice, a country code that is not assigned, a negative MaxOrders.
func NewBatch(task Task, rules *Rules) (*Batch, error) {
	handle, err := cNewBatch(&task, rules)
	if err != nil {
		return nil, err
	}
	return &Batch{handle}, nil
}

// BatchFromJSON reads a batch from the JSON body that the API documents, and refuses the whole when anything is wrong. The
// batch has the same bytes as one of the same orders that were added.
//
// It fails with ErrRefused, and the violations tell everything that is wrong, and with ErrRules as NewBatch does. The JSON
// is not needed afterwards.
func BatchFromJSON(json []byte, rules *Rules) (*Batch, error) {
	handle, _, err := cBatchFromJSON(view(json), rules, refuseAll)
	if err != nil {
		return nil, err
	}
	return &Batch{handle}, nil
}

// BatchFromJSONKeepValid is as BatchFromJSON, but where nothing but single orders is wrong it keeps the others, and lists
// what is wrong with those that it refused.
func BatchFromJSONKeepValid(json []byte, rules *Rules) (*Batch, []Violation, error) {
	handle, refused, err := cBatchFromJSON(view(json), rules, keepValid)
	if err != nil {
		return nil, nil, err
	}
	return &Batch{handle}, refused, nil
}

func (b *Batch) read() error {
	if b == nil || b.handle == nil {
		return closed("batch")
	}
	return b.handle.read()
}

func (b *Batch) write() error {
	if b == nil || b.handle == nil {
		return closed("batch")
	}
	return b.handle.write()
}

// Add adds orders: all, or none when anything is wrong with any of them. However many they are, it is one call into the
// library: rather hand over many at once than one at a time.
//
// It fails with ErrRefused, and the violations tell everything that is wrong, or with ErrNotUTF8; the batch is then as it
// was before.
func (b *Batch) Add(orders ...Order) error {
	_, err := b.add(orders, refuseAll)
	return err
}

// AddValid adds the orders that are right, and lists what is wrong with those that it refused.
//
// It fails with ErrNotUTF8 when any string is not UTF-8, and with ErrRefused when more than a million things are wrong; the
// batch is then as it was before.
func (b *Batch) AddValid(orders ...Order) (refused []Violation, err error) {
	return b.add(orders, keepValid)
}

func (b *Batch) add(orders []Order, policy int32) ([]Violation, error) {
	if err := b.write(); err != nil {
		return nil, err
	}
	defer b.handle.lock.Unlock()
	return cAddAll(b.handle.object, orders, policy)
}

// Len returns how many orders the batch holds; 0 for a closed one.
func (b *Batch) Len() int {
	if b.read() != nil {
		return 0
	}
	defer b.handle.lock.RUnlock()
	return cLen(b.handle.object)
}

// Clear takes all orders out; the task and the rules stay. The memory is kept, so that filling the batch again needs no
// new allocation.
func (b *Batch) Clear() {
	if b.write() != nil {
		return
	}
	defer b.handle.lock.Unlock()
	cClear(b.handle.object)
}

// Reserve makes room for more orders, of orderBytes bytes each in the body. It is a hint: a size that cannot be had does
// nothing.
func (b *Batch) Reserve(orders, orderBytes int) {
	if orders < 0 || orderBytes < 0 || b.write() != nil {
		return
	}
	defer b.handle.lock.Unlock()
	cReserve(b.handle.object, uint(orders), uint(orderBytes))
}

// Build makes the request that puts the batch's orders into their task. An empty requestID means a fresh random one, and
// the zero time means now; both can be read back from the request's header. Of the time whole seconds are signed. The
// batch may be used again afterwards.
//
// It fails with ErrEmptyBatch, ErrRequestID, ErrCreateTs, and ErrClosed.
func (b *Batch) Build(signer *Signer, requestID string, createTs time.Time) (*Request, error) {
	requestID, seconds, err := fresh(requestID, createTs)
	if err != nil {
		return nil, err
	}
	unlock, err := signer.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := b.read(); err != nil {
		return nil, err
	}
	defer b.handle.lock.RUnlock()
	return cBuild(signer.handle.object, b.handle.object, requestID, seconds)
}

// Close frees the batch. Requests that were built from it live on. It may be called more than once.
func (b *Batch) Close() {
	if b != nil && b.handle != nil {
		b.handle.close()
	}
}
