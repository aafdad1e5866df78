package callbot

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// fields are those of a JSON object, each as the text that stands there. Typed values are taken out; what is left in the end
// has no place in the typed struct.
//
// The JSON is what the library wrote, so that it is right and has the required fields. It is read here by hand, since
// encoding/json matches the names of a struct's fields without regard to case, puts another character in place of half a
// surrogate pair, and refuses what is nested very deep.
type fields map[string]string

// fieldsOf reads the JSON text of an object.
func fieldsOf(text string) (fields, error) {
	read, ok := objectOf(text)
	if !ok {
		return nil, &Error{Status: ErrPanic, Code: "panic", Message: "the library wrote no JSON object; please report it"}
	}
	return read, nil
}

// objectOf is false where the text is no object, or has a key that is no text.
func objectOf(text string) (fields, bool) {
	read := fields{}
	ok := eachItem(text, '{', func(key, value string) bool {
		name, ok := textOf(key)
		read[name] = value
		return ok
	})
	return read, ok
}

// objectsOf is false where the text is no array of objects.
func objectsOf(text string) ([]fields, bool) {
	var list []fields
	ok := eachItem(text, '[', func(_, value string) bool {
		object, ok := objectOf(value)
		list = append(list, object)
		return ok
	})
	return list, ok
}

// eachItem calls use for each item of an array, or each key and value of an object, until it returns false.
func eachItem(text string, bracket byte, use func(key, value string) bool) bool {
	if text[0] != bracket {
		return false
	}
	rest := skipBlanks(text[1:])
	for rest[0] != ']' && rest[0] != '}' {
		var key, value string
		if bracket == '{' {
			key, rest = cut(rest)
			rest = skipBlanks(rest[1:]) // the colon
		}
		value, rest = cut(rest)
		if !use(key, value) {
			return false
		}
		if rest[0] == ',' {
			rest = skipBlanks(rest[1:])
		}
	}
	return true
}

// cut returns the value that a text begins with, and what follows it and the blanks behind it.
func cut(text string) (value, rest string) {
	depth, inText := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			depth++
		case depth > 0 && (c == '}' || c == ']'):
			depth--
		case depth == 0 && strings.IndexByte(",:}] \t\n\r", c) >= 0:
			return text[:i], skipBlanks(text[i:])
		}
	}
	return text, ""
}

func skipBlanks(text string) string { return strings.TrimLeft(text, " \t\n\r") }

// textOf is false where the JSON is no string, or one with half of a surrogate pair. The library writes all characters but
// controls as they are, so that an escaped surrogate can only be half of a pair.
func textOf(text string) (string, bool) {
	if text[0] != '"' {
		return "", false
	}
	inside := text[1 : len(text)-1]
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
	err := json.Unmarshal([]byte(text), &unescaped)
	return unescaped, err == nil
}

// integerOf is false where the JSON is no whole number of 64 bits. Neither is -0, which only a fraction can be.
func integerOf(text string) (int64, bool) {
	number, err := strconv.ParseInt(text, 10, 64)
	return number, err == nil && text != "-0"
}

func numberOf(text string) (float64, bool) {
	number, err := strconv.ParseFloat(text, 64)
	return number, err == nil || errors.Is(err, strconv.ErrRange)
}

func booleanOf(text string) (bool, bool) { return text == "true", text == "true" || text == "false" }

// required takes a field that has to be there, which the library has checked.
func required[T any](f fields, key string, of func(string) (T, bool)) T {
	value := optional(f, key, of)
	if value == nil {
		panic("callbot: the library did not check " + key + "; please report it")
	}
	return *value
}

// optional takes a field that may be missing. One that is null goes; one of another type stays where it is.
func optional[T any](f fields, key string, of func(string) (T, bool)) *T {
	text, there := f[key]
	if !there {
		return nil
	}
	value, ok := of(text)
	if !ok && text != "null" {
		return nil
	}
	delete(f, key)
	if !ok {
		return nil
	}
	return &value
}

func (f fields) text(key string) string         { return required(f, key, textOf) }
func (f fields) integer(key string) int64       { return required(f, key, integerOf) }
func (f fields) number(key string) float64      { return required(f, key, numberOf) }
func (f fields) boolean(key string) bool        { return required(f, key, booleanOf) }
func (f fields) object(key string) fields       { return required(f, key, objectOf) }
func (f fields) maybeText(key string) *string   { return optional(f, key, textOf) }
func (f fields) maybeInteger(key string) *int64 { return optional(f, key, integerOf) }
func (f fields) maybeBoolean(key string) *bool  { return optional(f, key, booleanOf) }

// maybeObject reads an object that may be missing.
func maybeObject[T any](f fields, key string, read func(fields) T) *T {
	object := optional(f, key, objectOf)
	if object == nil {
		return nil
	}
	typed := read(*object)
	return &typed
}

// objects reads a list of objects that may be missing.
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

// rest returns what was not taken.
func (f fields) rest() map[string]json.RawMessage {
	if len(f) == 0 {
		return nil
	}
	others := make(map[string]json.RawMessage, len(f))
	for key, text := range f {
		others[key] = json.RawMessage(text)
	}
	return others
}
