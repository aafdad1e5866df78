package callbot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"reflect"
	"unsafe"
)

// List is a received list of objects. Each row is read when it is asked for:
//
//	for _, row := range response.ErrList.All() {
//
// T is the type of a row, such as [RefusedPhone]. The list is a part of the received body, so its
// rows take no memory before they are read. It is empty if it was not sent, and cannot be changed.
// Printing it shows no personal data. encoding/json writes it as it was sent, and null if it was
// not sent.
type List[T any] struct{ list listData }

type listData struct {
	// The array as it was sent, or empty.
	json string
	row  *plan
	len  int
	// The offset of every 16th row but the first, so that At need not walk from the beginning.
	marks []uint32
}

const rowsPerMark = 16

// mark counts a row that begins at an offset in the array.
func (l *listData) mark(offset int) {
	if l.len > 0 && l.len%rowsPerMark == 0 {
		l.marks = append(l.marks, uint32(offset))
	}
	l.len++
}

// Len returns the number of rows.
func (l List[T]) Len() int { return l.list.len }

// At reads the row with an index. It panics if there is no such row, like the index of a slice.
func (l List[T]) At(i int) T {
	if i < 0 || i >= l.list.len {
		panic(fmt.Sprintf("callbot: row %d of a list of %d", i, l.list.len))
	}
	d := decoder{scanner: scanner{body: l.list.json}}
	if i < rowsPerMark {
		d.next('[')
	} else {
		d.at = int(l.list.marks[i/rowsPerMark-1])
	}
	for range i % rowsPerMark {
		d.pass()
		d.nextRow()
	}
	var row T
	d.row(l.list.row, unsafe.Pointer(&row))
	return row
}

// All reads one row after the other, each with its index.
func (l List[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		d := decoder{scanner: scanner{body: l.list.json}}
		d.next('[')
		for i := range l.list.len {
			var row T
			d.row(l.list.row, unsafe.Pointer(&row))
			if !yield(i, row) {
				return
			}
			d.nextRow()
		}
	}
}

// MarshalJSON implements [encoding/json.Marshaler].
func (l List[T]) MarshalJSON() ([]byte, error) {
	if l.list.json == "" {
		return []byte("null"), nil
	}
	return []byte(l.list.json), nil
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It reads an array or null, and fails with
// ErrContent for a duplicate key in an object.
func (l *List[T]) UnmarshalJSON(text []byte) error {
	*l = List[T]{}
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	var object struct {
		List  List[T] `json:"list"`
		Extra Extra
	}
	if err := readBody(`{"list":`+string(text)+`}`, &object, nil); err != nil {
		return err
	}
	if object.Extra.Len() > 0 {
		return contentError("content_wrong_type", "expected an array")
	}
	*l = object.List
	return nil
}

// Format implements [fmt.Formatter]. It prints no personal data, for any verb.
func (l List[T]) Format(state fmt.State, _ rune) {
	fmt.Fprintf(state, "callbot.List{%d rows}", l.list.len)
}

// LogValue implements [slog.LogValuer]. It logs what Format prints.
func (l List[T]) LogValue() slog.Value { return logValue(l) }

// rowType returns the type of a row, for the plan of a struct with such a field.
func (List[T]) rowType() reflect.Type { return reflect.TypeFor[T]() }

var (
	_ json.Marshaler   = List[RefusedPhone]{}
	_ json.Unmarshaler = (*List[RefusedPhone])(nil)
)
