package callbot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
)

// Extra has the fields of a received object that its struct does not have, and those of another
// type than the struct's. It has each as it was sent, in the order in which they were sent. It
// cannot be changed. Printing it shows no personal data.
//
// It is a part of the received body, so its fields take no memory before they are asked for. Get
// and All walk through the object.
type Extra struct {
	// nil if there are no fields.
	fields *extraFields
}

type extraFields struct {
	// The object as it was sent, or the value of a row that is not an object.
	json string
	plan *plan
	// The fields of the plan that have another type, as bits by their index.
	mistyped uint64
	len      int
}

// Get returns the JSON of a field, and whether it was sent. The JSON is a copy.
func (e Extra) Get(key string) (json.RawMessage, bool) {
	for each, value := range e.all() {
		if each == key {
			return json.RawMessage(value), true
		}
	}
	return nil, false
}

// All returns the key and the JSON of each field. The JSON is a copy. A row of a list that is not
// an object has its JSON under the key "".
func (e Extra) All() iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		for key, value := range e.all() {
			if !yield(key, json.RawMessage(value)) {
				return
			}
		}
	}
}

func (e Extra) all() iter.Seq2[string, string] {
	return func(yield func(key, value string) bool) {
		if e.fields == nil {
			return
		}
		s := scanner{body: e.fields.json}
		if s.peek() != '{' {
			yield("", e.fields.json)
			return
		}
		s.next('{')
		for left := e.fields.len; left > 0; s.next(',') {
			raw, flags, _ := s.key()
			key, start := text(raw, flags), s.at
			s.pass()
			if e.fields.has(key) {
				if !yield(key, s.body[start:s.at]) {
					return
				}
				left--
			}
			s.whitespace()
		}
	}
}

// has reports whether a member of the object is one of the fields.
func (f *extraFields) has(key string) bool {
	index := f.plan.find(key, 0)
	return index < 0 || f.mistyped>>index&1 != 0
}

// Len returns the number of fields.
func (e Extra) Len() int {
	if e.fields == nil {
		return 0
	}
	return e.fields.len
}

// MarshalJSON implements [encoding/json.Marshaler]. It writes an object, or null if there are no
// fields.
func (e Extra) MarshalJSON() ([]byte, error) {
	if e.fields == nil {
		return []byte("null"), nil
	}
	out := []byte{'{'}
	for key, value := range e.all() {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(appendString(out, key), ':'), value...)
	}
	return append(out, '}'), nil
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It reads an object or null, and fails with
// ErrContent for a duplicate key.
func (e *Extra) UnmarshalJSON(text []byte) error {
	*e = Extra{}
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	var object struct{ Extra Extra }
	if err := readBody(string(text), &object, nil); err != nil {
		return err
	}
	*e = object.Extra
	return nil
}

// Format implements [fmt.Formatter]. It prints no personal data, for any verb.
func (e Extra) Format(state fmt.State, _ rune) {
	fmt.Fprintf(state, "callbot.Extra{%d fields}", e.Len())
}

// LogValue implements [slog.LogValuer]. It logs what Format prints.
func (e Extra) LogValue() slog.Value { return logValue(e) }
