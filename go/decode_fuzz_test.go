package callbot

import (
	"bytes"
	"encoding/json"
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
		if hasDuplicateKey(t, body) {
			wantError(t, err, ErrContent, "content_repeated")
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

// hasDuplicateKey looks for one in a valid body.
func hasDuplicateKey(t *testing.T, body string) bool {
	decoder := json.NewDecoder(strings.NewReader(body))
	var keys []map[string]bool // of the open objects; nil for an array
	isKey := false
	for {
		token, err := decoder.Token()
		if err != nil {
			return false
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
					return true
				}
				keys[len(keys)-1][key] = true
				isKey = false
				continue
			}
		}
		isKey = len(keys) > 0 && keys[len(keys)-1] != nil
	}
}
