package callbot

import (
	"fmt"
	"log/slog"
)

// What callbacks are made of shows nothing but its type when it is printed, whatever the verb but for %p and %w, or logged
// with package slog: people's numbers and names are in almost all of it. Take the field that you want to see. encoding/json does write
// it, and so does a log that is given a slice of it and writes JSON; and package fmt does in a field of another struct
// that is not exported, since it cannot call Format there.

func hide(state fmt.State, value any)       { fmt.Fprintf(state, "%T{...}", value) }
func hidden(value fmt.Formatter) slog.Value { return slog.StringValue(fmt.Sprint(value)) }

// veiled holds a value where package fmt does not print it even in a field that is not exported. It follows a pointer to
// a struct, if the verb does not fit a pointer, but not a pointer to a pointer.
type veiled[T any] struct{ pointer **T }

func veil[T any](value *T) veiled[T] { return veiled[T]{&value} }

// get returns the value, or an empty one where there is none.
func (v veiled[T]) get() *T {
	if v.pointer == nil {
		return new(T)
	}
	return *v.pointer
}

// Format implements [fmt.Formatter] and shows no content.
func (c CallCallback) Format(state fmt.State, _ rune) { hide(state, c) }

// LogValue implements [slog.LogValuer] and shows no content.
func (c CallCallback) LogValue() slog.Value { return hidden(c) }

// Format implements [fmt.Formatter] and shows no content.
func (o OrderCallback) Format(state fmt.State, _ rune) { hide(state, o) }

// LogValue implements [slog.LogValuer] and shows no content.
func (o OrderCallback) LogValue() slog.Value { return hidden(o) }

// Format implements [fmt.Formatter] and shows no content.
func (t TaskCallback) Format(state fmt.State, _ rune) { hide(state, t) }

// LogValue implements [slog.LogValuer] and shows no content.
func (t TaskCallback) LogValue() slog.Value { return hidden(t) }

// Format implements [fmt.Formatter] and shows no content.
func (t TaskStat) Format(state fmt.State, _ rune) { hide(state, t) }

// LogValue implements [slog.LogValuer] and shows no content.
func (t TaskStat) LogValue() slog.Value { return hidden(t) }

// Format implements [fmt.Formatter] and shows no content.
func (c CallInfoDetail) Format(state fmt.State, _ rune) { hide(state, c) }

// LogValue implements [slog.LogValuer] and shows no content.
func (c CallInfoDetail) LogValue() slog.Value { return hidden(c) }

// Format implements [fmt.Formatter] and shows no content.
func (i Intent) Format(state fmt.State, _ rune) { hide(state, i) }

// LogValue implements [slog.LogValuer] and shows no content.
func (i Intent) LogValue() slog.Value { return hidden(i) }

// Format implements [fmt.Formatter] and shows no content.
func (s SMS) Format(state fmt.State, _ rune) { hide(state, s) }

// LogValue implements [slog.LogValuer] and shows no content.
func (s SMS) LogValue() slog.Value { return hidden(s) }

// Format implements [fmt.Formatter] and shows no content.
func (a Agent) Format(state fmt.State, _ rune) { hide(state, a) }

// LogValue implements [slog.LogValuer] and shows no content.
func (a Agent) LogValue() slog.Value { return hidden(a) }

// Format implements [fmt.Formatter] and shows no content.
func (p FilledParam) Format(state fmt.State, _ rune) { hide(state, p) }

// LogValue implements [slog.LogValuer] and shows no content.
func (p FilledParam) LogValue() slog.Value { return hidden(p) }

// Format implements [fmt.Formatter] and shows no content.
func (r RefusedPhone) Format(state fmt.State, _ rune) { hide(state, r) }

// LogValue implements [slog.LogValuer] and shows no content.
func (r RefusedPhone) LogValue() slog.Value { return hidden(r) }

// LogValue implements [slog.LogValuer] with what Format shows.
func (o Order) LogValue() slog.Value { return hidden(o) }

// LogValue implements [slog.LogValuer] with what Format shows.
func (p Param) LogValue() slog.Value { return hidden(p) }

// LogValue implements [slog.LogValuer] with what Format shows.
func (v Verified) LogValue() slog.Value { return hidden(v) }

// LogValue implements [slog.LogValuer] with what Format shows.
func (r Response) LogValue() slog.Value { return hidden(r) }
