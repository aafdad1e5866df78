package callbot

import "net/http"

// packed is many texts as two runs of memory: their bytes, one text after the other, and their lengths.
//
// It is how texts are handed to C, many in one call. cgo's rule is that memory passed to C may hold a pointer into Go's
// heap only where that is pinned. An array of C's structs, filled with pointers to Go's strings, would need each string
// pinned, and cgo would look at every pointer in every call. Here nothing that is passed holds a pointer at all: there is
// nothing to pin and nothing to check. C sets up its structs, with pointers into the bytes, in memory of its own (see
// callbot_go_batch_add_all in bridge.h). What it costs is one copy of the texts, which is little beside hashing them.
type packed struct {
	texts []byte
	// Uintptr is what C's size_t is. Some of the numbers are no lengths but counts.
	lengths []uintptr
}

func (p *packed) add(text string) {
	p.texts = append(p.texts, text...)
	p.lengths = append(p.lengths, uintptr(len(text)))
}

// packOrders packs orders as callbot_go_batch_add_all reads them. It returns how many params all of them have.
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
	p.texts = make([]byte, 0, size)
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

// packHeader packs the names and values of a header, a name anew for each of its values. It returns how many pairs there
// are.
func packHeader(header http.Header) (p packed, pairs int) {
	p.texts = []byte{} // not nil, since C adds to the pointer, if only 0
	for name, values := range header {
		for _, value := range values {
			p.add(name)
			p.add(value)
			pairs++
		}
	}
	return p, pairs
}
