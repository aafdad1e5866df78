package callbot

import (
	"fmt"
	"log/slog"
)

// private hides the content of the struct T that embeds it, because almost all received content has
// phone numbers or names in it. Package fmt prints the type only, for every verb but %p and %w, and
// package slog logs the same. To show a field, print that field.
//
// Three ways around it remain: encoding/json writes the fields; so does a JSON log of a slice of T;
// and package fmt prints them if T is in an unexported field of another struct, because fmt cannot
// call Format there.
type private[T any] struct{}

// Format implements [fmt.Formatter]. It prints the type and no content.
func (private[T]) Format(state fmt.State, _ rune) {
	var zero T
	fmt.Fprintf(state, "%T{...}", zero)
}

// LogValue implements [slog.LogValuer]. It logs the type and no content.
func (p private[T]) LogValue() slog.Value { return logValue(p) }

// logValue logs what a type's own Format prints.
func logValue(value fmt.Formatter) slog.Value { return slog.StringValue(fmt.Sprint(value)) }

// veiled holds a value that package fmt does not print even in an unexported field. For a verb that
// does not fit a pointer, fmt follows a pointer to a struct, but not a pointer to a pointer.
type veiled[T any] struct{ pointer **T }

func veil[T any](value *T) veiled[T] { return veiled[T]{&value} }

// get returns the value, or an empty one if there is none.
func (v veiled[T]) get() *T {
	if v.pointer == nil {
		return new(T)
	}
	return *v.pointer
}
