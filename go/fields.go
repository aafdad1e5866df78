package callbot

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// fields maps the keys of a JSON object to their values as raw JSON. Reading a typed value removes
// it, so that the fields without a place in the typed struct remain.
//
// The library wrote the JSON, so it is valid and has the required fields. encoding/json does not
// fit: it matches field names case-insensitively, replaces unpaired surrogates, and refuses deep
// nesting.
type fields map[string]string

// fieldsOf reads a JSON object.
func fieldsOf(raw string) (fields, error) {
	read, ok := objectOf(raw)
	if !ok {
		return nil, &Error{Status: ErrPanic, Code: "panic", Message: "the library returned invalid JSON; please report it"}
	}
	return read, nil
}

// objectOf returns false if the JSON is not an object, or a key is not a valid string.
func objectOf(raw string) (fields, bool) {
	read := fields{}
	ok := eachItem(raw, '{', func(key, value string) bool {
		name, ok := stringOf(key)
		read[name] = value
		return ok
	})
	return read, ok
}

// objectsOf returns false if the JSON is not an array of objects.
func objectsOf(raw string) ([]fields, bool) {
	var list []fields
	ok := eachItem(raw, '[', func(_, value string) bool {
		object, ok := objectOf(value)
		list = append(list, object)
		return ok
	})
	return list, ok
}

// eachItem calls use for each item of an array, or each key and value of an object, until use
// returns false.
func eachItem(raw string, bracket byte, use func(key, value string) bool) bool {
	if raw[0] != bracket {
		return false
	}
	rest := skipWhitespace(raw[1:])
	for rest[0] != ']' && rest[0] != '}' {
		var key, value string
		if bracket == '{' {
			key, rest = cut(rest)
			rest = skipWhitespace(rest[1:]) // the colon
		}
		value, rest = cut(rest)
		if !use(key, value) {
			return false
		}
		if rest[0] == ',' {
			rest = skipWhitespace(rest[1:])
		}
	}
	return true
}

// cut splits off the first value of a JSON fragment, and the whitespace after it.
func cut(raw string) (value, rest string) {
	depth, inString := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			depth++
		case depth > 0 && (c == '}' || c == ']'):
			depth--
		case depth == 0 && strings.IndexByte(",:}] \t\n\r", c) >= 0:
			return raw[:i], skipWhitespace(raw[i:])
		}
	}
	return raw, ""
}

func skipWhitespace(raw string) string { return strings.TrimLeft(raw, " \t\n\r") }

// stringOf returns false if the JSON is not a string or contains an unpaired surrogate. The library
// escapes control characters only, so an escaped surrogate is always unpaired.
func stringOf(raw string) (string, bool) {
	if raw[0] != '"' {
		return "", false
	}
	inside := raw[1 : len(raw)-1]
	if strings.IndexByte(inside, '\\') < 0 {
		return inside, true
	}
	for rest := inside; ; {
		place := strings.IndexByte(rest, '\\')
		if place < 0 {
			break
		}
		if rest[place+1] == 'u' && (rest[place+2] == 'd' || rest[place+2] == 'D') && rest[place+3] > '7' {
			return "", false
		}
		rest = rest[place+2:]
	}
	var unescaped string
	err := json.Unmarshal([]byte(raw), &unescaped)
	return unescaped, err == nil
}

// integerOf returns false if the JSON is not an integer of 64 bits. -0 is not one either: only a
// float can be -0.
func integerOf(raw string) (int64, bool) {
	number, err := strconv.ParseInt(raw, 10, 64)
	return number, err == nil && raw != "-0"
}

func numberOf(raw string) (float64, bool) {
	number, err := strconv.ParseFloat(raw, 64)
	return number, err == nil || errors.Is(err, strconv.ErrRange)
}

func booleanOf(raw string) (bool, bool) { return raw == "true", raw == "true" || raw == "false" }

// required removes and returns a required field. The library has checked that it exists.
func required[T any](f fields, key string, of func(string) (T, bool)) T {
	value := optional(f, key, of)
	if value == nil {
		panic("callbot: the library did not check " + key + "; please report it")
	}
	return *value
}

// optional removes and returns an optional field. It also removes null; a value of another type
// stays.
func optional[T any](f fields, key string, of func(string) (T, bool)) *T {
	raw, there := f[key]
	if !there {
		return nil
	}
	value, ok := of(raw)
	if !ok && raw != "null" {
		return nil
	}
	delete(f, key)
	if !ok {
		return nil
	}
	return &value
}

func (f fields) string(key string) string       { return required(f, key, stringOf) }
func (f fields) integer(key string) int64       { return required(f, key, integerOf) }
func (f fields) number(key string) float64      { return required(f, key, numberOf) }
func (f fields) boolean(key string) bool        { return required(f, key, booleanOf) }
func (f fields) object(key string) fields       { return required(f, key, objectOf) }
func (f fields) maybeString(key string) *string { return optional(f, key, stringOf) }
func (f fields) maybeInteger(key string) *int64 { return optional(f, key, integerOf) }
func (f fields) maybeBoolean(key string) *bool  { return optional(f, key, booleanOf) }

// maybeObject reads an optional object.
func maybeObject[T any](f fields, key string, read func(fields) T) *T {
	object := optional(f, key, objectOf)
	if object == nil {
		return nil
	}
	typed := read(*object)
	return &typed
}

// objects reads an optional list of objects.
func objects[T any](f fields, key string, read func(fields) T) []T {
	list := optional(f, key, objectsOf)
	if list == nil {
		return nil
	}
	typed := make([]T, len(*list))
	for i, object := range *list {
		typed[i] = read(object)
	}
	return typed
}

// rest returns the remaining fields.
func (f fields) rest() map[string]json.RawMessage {
	if len(f) == 0 {
		return nil
	}
	others := make(map[string]json.RawMessage, len(f))
	for key, raw := range f {
		others[key] = json.RawMessage(raw)
	}
	return others
}
