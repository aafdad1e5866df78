package callbot

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Member is a further field of an open object of a request. Value is anything that encoding/json
// can write, or a [json.RawMessage].
type Member struct {
	Key   string
	Value any
}

// marshalRequest writes a request's JSON: the fields with a json tag in their order, then those of
// the field Extra.
//
// encoding/json does not fit: it replaces invalid UTF-8, which the library refuses at its place,
// and cannot add an ordered list to an object.
func marshalRequest(value any) ([]byte, error) { return appendJSON(nil, reflect.ValueOf(value), 0) }

// maxDepth is how deep values may be nested. A deeper one is probably in itself.
const maxDepth = 1000

func appendJSON(out []byte, value reflect.Value, depth int) ([]byte, error) {
	if depth++; depth > maxDepth {
		return nil, notJSON()
	}
	if !value.IsValid() {
		return append(out, "null"...), nil
	}
	of := value.Type()
	switch {
	case isOurs(of):
		return appendObject(out, value, depth)
	case value.Kind() == reflect.Interface, value.Kind() == reflect.Pointer && isOurs(of.Elem()):
		return appendJSON(out, value.Elem(), depth)
	case isMarshaler(of), of == reflect.TypeFor[json.Number]():
		return appendForeign(out, value)
	case value.Kind() == reflect.String:
		return appendString(out, value.String()), nil
	case value.CanInt():
		return strconv.AppendInt(out, value.Int(), 10), nil
	case value.Kind() == reflect.Pointer:
		return appendJSON(out, value.Elem(), depth)
	case value.Kind() == reflect.Slice && of.Elem().Kind() != reflect.Uint8:
		return appendList(out, value, depth)
	case value.Kind() == reflect.Map && of.Key().Kind() == reflect.String:
		return appendMap(out, value, depth)
	}
	return appendForeign(out, value)
}

// isOurs reports whether a type is a struct of this package. Its MarshalJSON calls marshalRequest.
func isOurs(of reflect.Type) bool {
	return of.Kind() == reflect.Struct && of.PkgPath() == reflect.TypeFor[Member]().PkgPath()
}

// isMarshaler reports whether a type says itself how it is written, such as [json.RawMessage],
// [time.Time] and *[big.Int].
func isMarshaler(of reflect.Type) bool {
	return of.Implements(reflect.TypeFor[json.Marshaler]()) || of.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// appendForeign writes a value as encoding/json does.
func appendForeign(out []byte, value reflect.Value) ([]byte, error) {
	var written bytes.Buffer
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value.Interface()); err != nil {
		return nil, notJSON()
	}
	return append(out, bytes.TrimSuffix(written.Bytes(), []byte("\n"))...), nil
}

func notJSON() error {
	return &Error{Status: ErrRefused, Code: "json_value", Message: "a value cannot be written as JSON; pass strings, " +
		"numbers, booleans, lists and objects"}
}

func appendList(out []byte, list reflect.Value, depth int) ([]byte, error) {
	var err error
	out = append(out, '[')
	for i := range list.Len() {
		if i > 0 {
			out = append(out, ',')
		}
		if out, err = appendJSON(out, list.Index(i), depth); err != nil {
			return nil, err
		}
	}
	return append(out, ']'), nil
}

func appendMap(out []byte, object reflect.Value, depth int) ([]byte, error) {
	keys := object.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	out = append(out, '{')
	for _, key := range keys {
		var err error
		if out, err = appendMember(out, key.String(), object.MapIndex(key), depth); err != nil {
			return nil, err
		}
	}
	return append(out, '}'), nil
}

// appendMember writes a key and a value after the other members.
func appendMember(out []byte, key string, value reflect.Value, depth int) ([]byte, error) {
	if out[len(out)-1] != '{' {
		out = append(out, ',')
	}
	return appendJSON(append(appendString(out, key), ':'), value, depth)
}

func appendObject(out []byte, object reflect.Value, depth int) ([]byte, error) {
	var err error
	out = append(out, '{')
	of := object.Type()
	for i := range of.NumField() {
		member := of.Field(i)
		key, options, _ := strings.Cut(member.Tag.Get("json"), ",")
		value := object.Field(i)
		if key == "" || key == "-" || options != "" && value.IsZero() {
			continue
		}
		if out, err = appendMember(out, key, value, depth); err != nil {
			return nil, err
		}
	}
	if extra := object.FieldByName("Extra"); extra.IsValid() {
		for _, member := range extra.Interface().([]Member) {
			if out, err = appendMember(out, member.Key, reflect.ValueOf(member.Value), depth); err != nil {
				return nil, err
			}
		}
	}
	return append(out, '}'), nil
}

// appendString writes a string, with invalid UTF-8 as it is.
func appendString(out []byte, s string) []byte {
	out = append(out, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c < ' ':
			out = append(out, `\u00`...)
			out = append(out, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		default:
			out = append(out, c)
		}
	}
	return append(out, '"')
}
