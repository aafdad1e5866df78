package callbot

import "net/http"

// packed is many strings in two arrays: the bytes of all strings, and their lengths.
//
// One call passes many strings to C in this form. cgo allows memory passed to C to hold a pointer
// into Go's heap only if that pointer is pinned. An array of C structs with pointers to Go strings
// would need each string pinned, and cgo would check every pointer in every call. Packed memory
// holds no pointers, so there is nothing to pin or check. C builds its structs, with pointers into
// the bytes, in its own memory (see callbot_go_batch_add_all in bridge.h). The cost is one copy of
// the strings, which is small compared with hashing them.
type packed struct {
	bytes []byte
	// uintptr has the size of C's size_t. Some of the numbers are counts, not lengths.
	lengths []uintptr
}

func (p *packed) add(s string) {
	p.bytes = append(p.bytes, s...)
	p.lengths = append(p.lengths, uintptr(len(s)))
}

// packOrders packs orders for callbot_go_batch_add_all. params is the number of params of all
// orders.
func packOrders(orders []Order) (p packed, params int) {
	size := 0
	for i := range orders {
		o := &orders[i]
		size += len(o.OrderID) + len(o.UserPhone) + len(o.Other) + len(o.UserName) + len(o.CustomerName)
		params += len(o.Params)
		for k := range o.Params {
			size += len(o.Params[k].Name) + len(o.Params[k].Value)
		}
	}
	p.bytes = make([]byte, 0, size)
	p.lengths = make([]uintptr, 0, 6*len(orders)+2*params)
	for i := range orders {
		o := &orders[i]
		p.add(o.OrderID)
		p.add(o.UserPhone)
		p.add(o.Other)
		p.add(o.UserName)
		p.add(o.CustomerName)
		p.lengths = append(p.lengths, uintptr(len(o.Params)))
		for k := range o.Params {
			p.add(o.Params[k].Name)
			p.add(o.Params[k].Value)
		}
	}
	return p, params
}

// packHeader packs the names and values of a header, one pair for each value.
func packHeader(header http.Header) (p packed, pairs int) {
	size := 1 // so that the bytes are not nil: C must not add to NULL, not even 0
	for name, values := range header {
		for _, value := range values {
			size += len(name) + len(value)
			pairs++
		}
	}
	p.bytes = make([]byte, 0, size)
	p.lengths = make([]uintptr, 0, 2*pairs)
	for name, values := range header {
		for _, value := range values {
			p.add(name)
			p.add(value)
		}
	}
	return p, pairs
}
