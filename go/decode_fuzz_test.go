package callbot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzBody compares the decoder with encoding/json: which bodies are objects, and what is in them.
func FuzzBody(f *testing.F) {
	for _, body := range []string{
		callBody, taskBody, responseBody, `{"a":["\\",{"b":"\"}"}],"\u0001":-1.5e+9,"":null}`, `{"a":1E700,"b":"\ud83d\ude00\ud800"}`,
		`{"a":{"b":1,"b":2}}`, `{"rows":[1,{}]}`, `{"id":"1","number":"7","flag":true}`, `{"a":[[[{}]]]}`,
		`{"id":"","rows":[{"e":1},{"e":"-0","":2} , 7,{"a":[{}],"e":{}},null]}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if !utf8.ValidString(body) || strings.HasPrefix(body, byteOrderMark) {
			t.Skip()
		}
		read := new(object)
		err := readBody(body, read, nil)
		var want map[string]json.RawMessage
		isObject := json.Unmarshal([]byte(body), &want) == nil && want != nil
		if !isObject {
			// encoding/json limits the depth.
			if depth := strings.Count(body, "[") + strings.Count(body, "{"); err == nil && depth < 1000 {
				t.Fatalf("%q is read", body)
			}
			return
		}
		if firstDuplicateKey(body) > 0 {
			object := "the body"
			if e := new(Error); errors.As(err, &e) && strings.HasPrefix(e.Message, "duplicate key in /") {
				object, _, _ = strings.Cut(strings.TrimPrefix(e.Message, "duplicate key in "), " ")
			}
			wantDuplicate(t, err, object, body)
			return
		}
		if err != nil || read.Extra.Len() != len(want) {
			t.Fatalf("%q is read as %q, %v", body, read.Extra, err)
		}
		for key, value := range read.Extra.All() {
			if !bytes.Equal(bytes.TrimSpace(want[key]), value) {
				t.Fatalf("%q of %q is %q", key, body, value)
			}
		}
		// A type with fields reads the same body without an error, and loses nothing.
		typed := new(sample)
		if err := readBody(body, typed, &deviationList{}); err == nil {
			for key := range want {
				if _, raw := typed.Extra.Get(key); !raw && planOf(reflect.TypeFor[sample]()).find(key, 0) < 0 {
					t.Fatalf("%q of %q is lost", key, body)
				}
			}
			compareRows(t, body, typed.Rows, want["rows"])
		}
	})
}

// compareRows compares the rows of a list with those of the same array.
func compareRows(t *testing.T, body string, rows List[sample2], array json.RawMessage) {
	var want []json.RawMessage
	if json.Unmarshal(array, &want) != nil {
		want = nil // it is not an array
	}
	if rows.Len() != len(want) {
		t.Fatalf("%q has %d rows", body, rows.Len())
	}
	for i, row := range rows.All() {
		same(t, rows.At(i), row)
		var members map[string]json.RawMessage
		if json.Unmarshal(want[i], &members) != nil || members == nil {
			members = map[string]json.RawMessage{"": want[i]}
		}
		if value, ok := members["e"]; ok && row.E != nil {
			if digits := strings.Trim(string(value), `"`); digits != strconv.FormatInt(*row.E, 10) && digits != "-0" {
				t.Fatalf("row %d of %q has %d", i, body, *row.E)
			}
			delete(members, "e")
		} else if string(value) == "null" {
			delete(members, "e")
		}
		if row.Extra.Len() != len(members) {
			t.Fatalf("row %d of %q has %d further fields", i, body, row.Extra.Len())
		}
		for key, value := range row.Extra.All() {
			if !bytes.Equal(members[key], value) {
				t.Fatalf("%q in row %d of %q is %q", key, i, body, value)
			}
		}
	}
}

// object has no fields of its own.
type object struct {
	Extra Extra
}

// wantDuplicate asserts the error for the first duplicate key of a valid body, which is in an
// object with this name.
func wantDuplicate(t testing.TB, err error, object, body string) {
	t.Helper()
	at := firstDuplicateKey(body)
	lines := strings.Split(body[:at], "\n")
	want := fmt.Sprintf("duplicate key in %s at line %d, column %d (byte %d, counted from 0)", object, len(lines), len(lines[len(lines)-1])+1, at)
	if e := wantError(t, err, ErrContent, "content_repeated"); e.Message != want {
		t.Errorf("%.100s: %s; wanted %s", body, e.Message, want)
	}
}

// firstDuplicateKey returns where the first key of a valid body starts that its object had before,
// or 0.
func firstDuplicateKey(body string) int {
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()        // 1e700 is a number too
	var keys []map[string]bool // of the open objects; nil for an array
	isKey := false
	for {
		start := int(decoder.InputOffset())
		token, err := decoder.Token()
		if err != nil {
			return 0
		}
		switch token {
		case json.Delim('{'):
			keys, isKey = append(keys, map[string]bool{}), true
			continue
		case json.Delim('['):
			keys, isKey = append(keys, nil), false
			continue
		case json.Delim('}'), json.Delim(']'):
			keys = keys[:len(keys)-1]
		default:
			if key, ok := token.(string); ok && isKey {
				if keys[len(keys)-1][key] {
					return start + strings.IndexByte(body[start:], '"')
				}
				keys[len(keys)-1][key] = true
				isKey = false
				continue
			}
		}
		isKey = len(keys) > 0 && keys[len(keys)-1] != nil
	}
}
