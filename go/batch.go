package callbot

import "reflect"

// Batch is a list of orders for one request.
//
// Each order is validated when it is added, and written straight into the request's body. The batch
// keeps no second copy, and the order is not needed afterwards.
type Batch struct {
	handle *handle[cBatch]
}

// BatchHead is what a batch of orders begins with: a [Task] that exists already, an
// [ImportBatchCall], or a [CreateAndCall], which creates the task.
type BatchHead interface {
	// newBatch also keeps other packages from having such types.
	newBatch(rules *Rules) (*handle[cBatch], error)
}

// NewBatch returns an empty batch. rules are copied. If they are nil, only the API's own rules
// apply.
//
// It fails with ErrRefused if the head is invalid, and with ErrRules if a rule cannot be set: an
// empty or duplicate name in RequireParams, a country code that is not assigned, a negative
// MaxOrders. It fails with ErrNotUTF8 if a string of a Task or of the rules is not UTF-8.
func NewBatch(head BatchHead, rules *Rules) (*Batch, error) {
	if value := reflect.ValueOf(head); head == nil || value.Kind() == reflect.Pointer && value.IsNil() {
		return nil, notMade("head", "a type of this package, such as Task")
	}
	handle, err := head.newBatch(rules)
	if err != nil {
		return nil, err
	}
	return &Batch{handle}, nil
}

// NewBatchFor returns a batch for the JSON of an endpoint that takes orders: addBatchCall,
// importBatchCall or createAndCall. Its callList may have orders, be empty, or be left out; more
// orders are added as always. It refuses all if anything is wrong.
//
// It fails with ErrEndpoint for any other endpoint, and otherwise like NewBatch.
func NewBatchFor(endpoint string, json []byte, rules *Rules) (*Batch, error) {
	handle, _, err := cBatchFor(endpoint, view(json), rules, refuseAll)
	if err != nil {
		return nil, err
	}
	return &Batch{handle}, nil
}

// NewBatchForKeepValid is like NewBatchFor, but if only single orders are invalid, it keeps the
// others and returns the violations of the refused ones.
func NewBatchForKeepValid(endpoint string, json []byte, rules *Rules) (*Batch, []Violation, error) {
	handle, refused, err := cBatchFor(endpoint, view(json), rules, keepValid)
	if err != nil {
		return nil, nil, err
	}
	return &Batch{handle}, refused, nil
}

// newBatchFor returns an empty batch for a head.
func newBatchFor(endpoint string, head any, rules *Rules) (*handle[cBatch], error) {
	json, notUTF8, err := writeRequest(head)
	if err != nil {
		return nil, err
	}
	handle, _, err := cBatchFor(endpoint, view(json), rules, refuseAll)
	if err := refusedToo(notUTF8, err); err != nil {
		if handle != nil {
			handle.close()
		}
		return nil, err
	}
	return handle, nil
}

// BatchFromJSON reads a batch from the JSON body that the API documents. It refuses the whole body
// if anything is wrong. Its request has the same bytes as that of a batch to which the same orders
// were added. The JSON is not needed afterwards.
//
// It fails with ErrRefused, with everything that is wrong in the violations, and for the rules like
// NewBatch.
func BatchFromJSON(json []byte, rules *Rules) (*Batch, error) {
	handle, _, err := cBatchFromJSON(view(json), rules, refuseAll)
	if err != nil {
		return nil, err
	}
	return &Batch{handle}, nil
}

// BatchFromJSONKeepValid is like BatchFromJSON, but if only single orders are invalid, it keeps the
// others and returns the violations of the refused ones.
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

// Add adds all of the orders, or none if any is invalid. It is one call into the library for any
// number of orders, so add many at once.
//
// It fails with ErrRefused, with everything that is wrong in the violations. The batch is then
// unchanged. A string that is not UTF-8 is a violation of its order (text_not_utf8).
func (b *Batch) Add(orders ...Order) error {
	_, err := b.add(orders, refuseAll)
	return err
}

// AddValid adds the valid orders. taken says of each whether it was added, and refused has the
// violations of those that were not, as in Add.
//
// It fails with ErrRefused if there are more than a million violations. The batch is then
// unchanged, and taken is nil. If there is no memory for the violations alone, it fails with
// ErrNoMemory, and the valid orders are in the batch.
func (b *Batch) AddValid(orders ...Order) (taken []bool, refused []Violation, err error) {
	refused, err = b.add(orders, keepValid)
	if err != nil {
		return nil, nil, err
	}
	taken = make([]bool, len(orders))
	for i := range taken {
		taken[i] = true
	}
	for _, violation := range refused {
		if violation.Order >= 0 {
			taken[violation.Order] = false
		}
	}
	return taken, refused, nil
}

func (b *Batch) add(orders []Order, policy int32) ([]Violation, error) {
	if err := b.write(); err != nil {
		return nil, err
	}
	defer b.handle.lock.Unlock()
	return cAddAll(b.handle.object, orders, policy)
}

// Len returns the number of orders. It is 0 for a closed batch.
func (b *Batch) Len() int {
	if b.read() != nil {
		return 0
	}
	defer b.handle.lock.RUnlock()
	return cLen(b.handle.object)
}

// Clear removes all orders and keeps the task and the rules. It also keeps the memory, so that
// filling the batch again needs no allocation.
func (b *Batch) Clear() {
	if b.write() != nil {
		return
	}
	defer b.handle.lock.Unlock()
	cClear(b.handle.object)
}

// Reserve reserves capacity for more orders, of orderBytes bytes each in the body. It is a hint: if
// the allocation fails, nothing happens.
func (b *Batch) Reserve(orders, orderBytes int) {
	if orders < 0 || orderBytes < 0 || b.write() != nil {
		return
	}
	defer b.handle.lock.Unlock()
	cReserve(b.handle.object, uint(orders), uint(orderBytes))
}

// Build returns the signed request that adds the batch's orders to their task. It has a new random
// request id and the time now, unless options say otherwise. The batch can be used again
// afterwards.
//
// It fails with ErrEmptyBatch, ErrRequestID, ErrCreateTs and ErrClosed.
func (b *Batch) Build(signer *Signer, options ...SignOption) (*Request, error) {
	requestID, seconds, err := signed(options)
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

// Close frees the batch. Requests that were built from it stay valid. It may be called more than
// once.
func (b *Batch) Close() {
	if b != nil && b.handle != nil {
		b.handle.close()
	}
}
