package callbot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
)

// Extra has the fields of a received object that its struct does not have, and those of another type
// than the struct's. It has each as it was sent, in the order in which they were sent. It is nil if
// there are none, and cannot be changed. Printing it shows no personal data.
//
// A field takes little memory, since it is a part of the received body.
type Extra []extraField

type extraField struct{ key, value string }

// Get returns the JSON of a field, and whether it was sent. The JSON is a copy.
func (e Extra) Get(key string) (json.RawMessage, bool) {
	for _, field := range e {
		if field.key == key {
			return json.RawMessage(field.value), true
		}
	}
	return nil, false
}

// All returns the key and the JSON of each field. The JSON is a copy.
func (e Extra) All() iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		for _, field := range e {
			if !yield(field.key, json.RawMessage(field.value)) {
				return
			}
		}
	}
}

// Len returns the number of fields.
func (e Extra) Len() int { return len(e) }

// MarshalJSON implements [encoding/json.Marshaler]. It writes an object, or null for nil.
func (e Extra) MarshalJSON() ([]byte, error) {
	if e == nil {
		return []byte("null"), nil
	}
	out := []byte{'{'}
	for i, field := range e {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(appendString(out, field.key), ':'), field.value...)
	}
	return append(out, '}'), nil
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It reads an object or null, and fails with
// ErrContent for a duplicate key.
func (e *Extra) UnmarshalJSON(text []byte) error {
	*e = nil
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
	fmt.Fprintf(state, "callbot.Extra{%d fields}", len(e))
}

// LogValue implements [slog.LogValuer]. It logs what Format prints.
func (e Extra) LogValue() slog.Value { return logValue(e) }

// add adds a field. The function left returns how many more there can be.
func (e *Extra) add(key, value string, left func() int) {
	if len(*e) == cap(*e) && len(*e) > 0 {
		// Room for all at once, since what a slice leaves behind when it grows would count too.
		*e = append(make(Extra, 0, len(*e)+1+left()), *e...)
	}
	*e = append(*e, extraField{key, value})
}
