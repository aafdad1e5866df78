package callbot

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// decode reads a JSON object into a struct. It returns false if the JSON is not an object, or a key
// contains an unpaired surrogate.
//
// A field with a json tag is read from that key. A plain type is required. A pointer or a slice is
// optional, and stays unset for null. The field Extra takes all other keys, and the optional fields
// whose value has another type. Fields without a tag are skipped.
//
// The library wrote the JSON, so it is valid, has the required fields and no duplicate key.
// encoding/json does not fit: it matches keys case-insensitively, replaces unpaired surrogates, and
// refuses deep nesting.
func decode(raw string, into reflect.Value) bool {
	plan := planOf(into.Type())
	var extra map[string]json.RawMessage
	missing := plan.required
	ok := eachItem(raw, '{', func(key, value string) bool {
		name, ok := stringOf(key)
		if !ok {
			return false
		}
		field, known := plan.fields[name]
		switch read := known && decodeValue(value, into.Field(field.index)); {
		case read && field.required:
			missing--
		case read, known && value == "null":
		default:
			if extra == nil {
				extra = map[string]json.RawMessage{}
			}
			extra[name] = json.RawMessage(value)
		}
		return true
	})
	if !ok {
		return false
	}
	if missing != 0 {
		panic("callbot: the library did not check the required fields of " + into.Type().Name() + "; please report it")
	}
	if extra != nil {
		into.Field(plan.extra).Set(reflect.ValueOf(extra))
	}
	return true
}

// decodeValue reads a JSON value. It returns false if the value has another type; then a pointer or
// a slice is nil.
func decodeValue(raw string, into reflect.Value) bool {
	switch into.Kind() {
	case reflect.String:
		value, ok := stringOf(raw)
		into.SetString(value)
		return ok
	case reflect.Int64:
		value, ok := integerOf(raw)
		into.SetInt(value)
		return ok
	case reflect.Float64:
		value, ok := numberOf(raw)
		into.SetFloat(value)
		return ok
	case reflect.Bool:
		value, ok := booleanOf(raw)
		into.SetBool(value)
		return ok
	case reflect.Struct:
		return decode(raw, into)
	case reflect.Pointer:
		target := reflect.New(into.Type().Elem())
		if !decodeValue(raw, target.Elem()) {
			return false
		}
		into.Set(target)
		return true
	case reflect.Slice:
		into.Set(reflect.MakeSlice(into.Type(), 0, 0)) // an empty array is not nil
		ok := eachItem(raw, '[', func(_, value string) bool {
			last := into.Len()
			into.Grow(1)
			into.SetLen(last + 1)
			return decodeValue(value, into.Index(last))
		})
		if !ok {
			into.SetZero()
		}
		return ok
	}
	panic("callbot: no JSON is read as " + into.Type().String())
}

// plan says how to read a type of struct. It is made once per type.
type plan struct {
	fields   map[string]planField // by key
	required int                  // the number of required fields
	extra    int                  // the index of the field Extra
}

type planField struct {
	index    int
	required bool
}

// plans maps a reflect.Type to its *plan.
var plans sync.Map

func planOf(of reflect.Type) *plan {
	if made, ok := plans.Load(of); ok {
		return made.(*plan)
	}
	extra, ok := of.FieldByName("Extra")
	if !ok {
		panic("callbot: no field Extra in " + of.String())
	}
	made := &plan{fields: map[string]planField{}, extra: extra.Index[0]}
	for i := range of.NumField() {
		field := of.Field(i)
		key, tagged := field.Tag.Lookup("json")
		if !tagged {
			continue
		}
		required := field.Type.Kind() != reflect.Pointer && field.Type.Kind() != reflect.Slice
		if required {
			made.required++
		}
		made.fields[key] = planField{i, required}
	}
	plans.Store(of, made)
	return made
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
