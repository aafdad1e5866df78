package callbot

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Member is a further field of an open object of a request. Value is anything that encoding/json
// can write, or a [json.RawMessage].
type Member struct {
	Key   string
	Value any
}

// writeRequest writes a request's JSON: the fields with a json tag in their order, then those of
// the field Extra. A string that is not UTF-8 is a violation, and is written with U+FFFD in it, so
// that everything else can be checked too.
//
// encoding/json does not fit: it replaces invalid UTF-8 without a word, and cannot add an ordered
// list to an object.
func writeRequest(value any) (json []byte, notUTF8 []notUTF8String, err error) {
	var w requestWriter
	err = w.value(reflect.ValueOf(value))
	return w.out, w.notUTF8, err
}

// marshalRequest writes a request's JSON for encoding/json, which replaces invalid UTF-8.
func marshalRequest(value any) ([]byte, error) {
	json, _, err := writeRequest(value)
	return json, err
}

type requestWriter struct {
	out []byte
	// The pointer of the value that is written, and its last key. As in the library's violations,
	// it ends before a key that no page has.
	pointer []byte
	field   string
	// Whether the value is in one of any type, whose parts have no pointers.
	isAny   bool
	depth   int
	notUTF8 []notUTF8String
}

// notUTF8String is a string of a request that is not UTF-8.
type notUTF8String struct {
	violation Violation
	// Whether the violation's pointer is the string's own, and not that of what is around a key or a
	// value of any type.
	hasPointer bool
}

// maxDepth is how deep values may be nested. A deeper one is probably in itself.
const maxDepth = 1000

func (w *requestWriter) value(value reflect.Value) error {
	if !value.IsValid() {
		w.out = append(w.out, "null"...)
		return nil
	}
	w.depth++
	defer func() { w.depth-- }()
	if w.depth > maxDepth {
		return notJSON()
	}
	of := value.Type()
	switch {
	case isOurs(of):
		return w.object(value)
	case value.Kind() == reflect.Interface:
		return w.any(value.Elem())
	case value.Kind() == reflect.Pointer && isOurs(of.Elem()):
		return w.value(value.Elem())
	case isMarshaler(of), of == reflect.TypeFor[json.Number]():
		return w.foreign(value)
	case value.Kind() == reflect.String:
		w.string(value.String())
		return nil
	case value.CanInt():
		w.out = strconv.AppendInt(w.out, value.Int(), 10)
		return nil
	case value.Kind() == reflect.Pointer:
		return w.value(value.Elem())
	case value.Kind() == reflect.Slice && of.Elem().Kind() != reflect.Uint8:
		return w.list(value)
	case value.Kind() == reflect.Map && of.Key().Kind() == reflect.String:
		return w.mapping(value)
	}
	return w.foreign(value)
}

// any writes a value of any type, whose parts have no pointers.
func (w *requestWriter) any(value reflect.Value) error {
	outside := w.isAny
	w.isAny = true
	defer func() { w.isAny = outside }()
	return w.value(value)
}

// at writes a part of a value, whose pointer has one token more.
func (w *requestWriter) at(token string, value reflect.Value) error {
	if w.isAny {
		return w.value(value)
	}
	outside := len(w.pointer)
	w.pointer = append(append(w.pointer, '/'), pointerToken.Replace(token)...)
	defer func() { w.pointer = w.pointer[:outside] }()
	return w.value(value)
}

func (w *requestWriter) string(s string) { w.out = appendString(w.out, w.valid(s, !w.isAny)) }

// valid returns a string with U+FFFD in place of what is not UTF-8.
func (w *requestWriter) valid(s string, hasPointer bool) string {
	if utf8.ValidString(s) {
		return s
	}
	offset := 0
	for char, length := utf8.DecodeRuneInString(s); char != utf8.RuneError || length != 1; {
		offset += length
		char, length = utf8.DecodeRuneInString(s[offset:])
	}
	w.notUTF8 = append(w.notUTF8, notUTF8String{Violation{
		Code:    "text_not_utf8",
		Path:    string(w.pointer),
		Message: fmt.Sprintf("the string is not UTF-8 from byte %d on (counted from 0); convert it to UTF-8", offset),
		Order:   -1,
		Field:   w.field,
	}, hasPointer})
	return strings.ToValidUTF8(s, "\ufffd")
}

// isOurs reports whether a type is a struct of a request. Its MarshalJSON calls marshalRequest.
// What this package receives is written as encoding/json does.
func isOurs(of reflect.Type) bool {
	if of.Kind() != reflect.Struct || of.PkgPath() != reflect.TypeFor[Member]().PkgPath() {
		return false
	}
	extra, has := of.FieldByName("Extra")
	isReceived := has && extra.Type == reflect.TypeFor[Extra]() || of == reflect.TypeFor[Extra]() || of.Implements(reflect.TypeFor[lister]())
	return !isReceived
}

// isMarshaler reports whether a type says itself how it is written, such as [json.RawMessage],
// [time.Time] and *[big.Int].
func isMarshaler(of reflect.Type) bool {
	return of.Implements(reflect.TypeFor[json.Marshaler]()) || of.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// foreign writes a value as encoding/json does.
func (w *requestWriter) foreign(value reflect.Value) error {
	var written bytes.Buffer
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value.Interface()); err != nil {
		return notJSON()
	}
	w.out = append(w.out, w.valid(strings.TrimSuffix(written.String(), "\n"), false)...)
	return nil
}

func notJSON() error {
	return &Error{Status: ErrRefused, Code: "json_value", Message: "a value cannot be written as JSON; pass strings, " +
		"numbers, booleans, lists and objects"}
}

func (w *requestWriter) list(list reflect.Value) error {
	w.out = append(w.out, '[')
	for i := range list.Len() {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.at(strconv.Itoa(i), list.Index(i)); err != nil {
			return err
		}
	}
	w.out = append(w.out, ']')
	return nil
}

func (w *requestWriter) mapping(object reflect.Value) error {
	keys := object.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	w.out = append(w.out, '{')
	for _, key := range keys {
		w.key(key.String())
		if err := w.any(object.MapIndex(key)); err != nil {
			return err
		}
	}
	w.out = append(w.out, '}')
	return nil
}

// key writes a key after the other members.
func (w *requestWriter) key(key string) {
	if w.out[len(w.out)-1] != '{' {
		w.out = append(w.out, ',')
	}
	w.out = append(appendString(w.out, w.valid(key, false)), ':')
}

func (w *requestWriter) object(object reflect.Value) error {
	w.out = append(w.out, '{')
	of := object.Type()
	for i := range of.NumField() {
		key, options, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		value := object.Field(i)
		if key == "" || key == "-" || options != "" && value.IsZero() {
			continue
		}
		w.key(key)
		outside := w.field
		if !w.isAny {
			w.field = key
		}
		if err := w.at(key, value); err != nil {
			return err
		}
		w.field = outside
	}
	if extra := object.FieldByName("Extra"); extra.IsValid() {
		for _, member := range extra.Interface().([]Member) {
			w.key(member.Key)
			if err := w.any(reflect.ValueOf(member.Value)); err != nil {
				return err
			}
		}
	}
	w.out = append(w.out, '}')
	return nil
}

// refusedToo returns the error of a request with strings that are not UTF-8. err is what the
// library says of the request with U+FFFD in them.
func refusedToo(notUTF8 []notUTF8String, err error) error {
	if len(notUTF8) == 0 || err != nil && !errors.Is(err, ErrRefused) {
		return err
	}
	all := &Error{Status: ErrRefused, Code: "refused"}
	for _, found := range notUTF8 {
		all.Violations = append(all.Violations, found.violation)
	}
	var other *Error
	if errors.As(err, &other) {
		all.Unlisted = other.Unlisted
		for _, violation := range other.Violations {
			// What the library says of the same string is about U+FFFD.
			isSame := func(s notUTF8String) bool { return s.hasPointer && s.violation.Path == violation.Path }
			if !slices.ContainsFunc(notUTF8, isSame) {
				all.Violations = append(all.Violations, violation)
			}
		}
	}
	all.Message = all.Violations[0].String()
	if n := len(all.Violations) + all.Unlisted; n > 1 {
		all.Message = fmt.Sprintf("%d violations; the first: %s", n, all.Message)
	}
	return all
}

// unmarshalRequest reads the JSON of an open object of a request. What it has no field for is in
// Extra. Keys are case-sensitive, and a number in a field of any type is a [json.Number], so that
// no digit is lost.
func unmarshalRequest(text []byte, into any) error {
	if bytes.Equal(text, []byte("null")) {
		return nil // as encoding/json does
	}
	var members Extra
	if err := members.UnmarshalJSON(text); err != nil {
		return err
	}
	object := reflect.ValueOf(into).Elem()
	var extra []Member
	for key, value := range members.All() {
		field := fieldOf(object, key)
		if !field.IsValid() {
			extra = append(extra, Member{key, value})
			continue
		}
		decoder := json.NewDecoder(bytes.NewReader(value))
		decoder.UseNumber()
		if err := decoder.Decode(field.Addr().Interface()); err != nil {
			return err
		}
	}
	object.FieldByName("Extra").Set(reflect.ValueOf(extra))
	return nil
}

// fieldOf returns the field of a struct with a key. It is invalid if there is none.
func fieldOf(object reflect.Value, key string) reflect.Value {
	for i := range object.NumField() {
		if tag, _, _ := strings.Cut(object.Type().Field(i).Tag.Get("json"), ","); tag == key && tag != "" && tag != "-" {
			return object.Field(i)
		}
	}
	return reflect.Value{}
}

// appendString writes a string that is UTF-8.
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
