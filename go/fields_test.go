package callbot

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestObjectsAreReadExactly(t *testing.T) {
	for text, want := range map[string]fields{
		`{}`:                                {},
		` { } `[1:]:                         {},
		`{"a":1,"A":2}`:                     {"a": "1", "A": "2"},
		"{ \"a\" :\t1 ,\n\"b\":[ 1 , 2 ] }": {"a": "1", "b": "[ 1 , 2 ]"},
		`{"a":"}\"],{","b":{"c":["}"]}}`:    {"a": `"}\"],{"`, "b": `{"c":["}"]}`},
		`{"\"\\\n\u0001":1.10e400,"ſ":-0}`:  {"\"\\\n\x01": "1.10e400", "ſ": "-0"},
		`{"\\ud800":"\\\\ud800"}`:           {`\ud800`: `"\\\\ud800"`},
		`{"\ufffd":"` + "\ufffd" + `"}`:     {"\ufffd": `"` + "\ufffd" + `"`},
	} {
		read, ok := objectOf(text)
		if !ok || !reflect.DeepEqual(read, want) {
			t.Errorf("%s is read as %q", text, read)
		}
	}
	for _, text := range []string{`[]`, `1`, `"{}"`, `null`, `{"\ud800":1}`, `{"a":1,"\uDfff":1}`} {
		if read, ok := objectOf(text); ok {
			t.Errorf("%s is read as %q", text, read)
		}
		if read, ok := objectsOf(`[{},` + text + `]`); ok {
			t.Errorf("a list with %s is read as %q", text, read)
		}
	}
	if list, ok := objectsOf(`[{"a":1},{}]`); !ok || len(list) != 2 || list[0]["a"] != "1" {
		t.Error(list, ok)
	}
	deep := strings.Repeat("[", 100000) + strings.Repeat("]", 100000)
	if read, ok := objectOf(`{"deep":` + deep + `}`); !ok || read["deep"] != deep {
		t.Error("it is not read")
	}
}

func TestValuesAreReadExactly(t *testing.T) {
	for text, want := range map[string]any{
		`"a"`: "a", `""`: "", `"\"\\\n\u0000é😀"`: "\"\\\n\x00é😀", `"\ud800"`: nil, `"x\\\uDABCx"`: nil, `"\\ud800"`: `\ud800`,
		`"\ufffd"`: "\ufffd", `"\ud7ff"`: "\ud7ff", `1`: nil, `{}`: nil, `null`: nil,
	} {
		if value, ok := stringOf(text); ok != (want != nil) || ok && value != want {
			t.Errorf("%s is read as %q, %v", text, value, ok)
		}
	}
	for text, want := range map[string]any{
		`0`: int64(0), `-1`: int64(-1), `9007199254740993`: int64(9007199254740993), `9223372036854775807`: int64(math.MaxInt64),
		`-9223372036854775808`: int64(math.MinInt64), `9223372036854775808`: nil, `-0`: nil, `1.0`: nil, `1e3`: nil, `"1"`: nil,
		`true`: nil, `null`: nil,
	} {
		if value, ok := integerOf(text); ok != (want != nil) || ok && value != want {
			t.Errorf("%s is read as %d, %v", text, value, ok)
		}
	}
	for text, want := range map[string]any{
		`1`: 1.0, `0.67`: 0.67, `-1.5e3`: -1500.0, `1e-400`: 0.0, `"1"`: nil, `true`: nil, `null`: nil, `[]`: nil,
	} {
		if value, ok := numberOf(text); ok != (want != nil) || ok && value != want {
			t.Errorf("%s is read as %v, %v", text, value, ok)
		}
	}
	for text, want := range map[string]any{`true`: true, `false`: false, `1`: nil, `"true"`: nil, `null`: nil} {
		if value, ok := booleanOf(text); ok != (want != nil) || ok && value != want {
			t.Errorf("%s is read as %v, %v", text, value, ok)
		}
	}
}

func TestReadFieldsAreRemoved(t *testing.T) {
	f := fields{"a": "1", "b": "null", "c": `"x"`, "d": `{"e":1}`}
	if a := f.maybeInteger("a"); a == nil || *a != 1 {
		t.Error(a)
	}
	if b, c, missing := f.maybeString("b"), f.maybeInteger("c"), f.maybeBoolean("x"); b != nil || c != nil || missing != nil {
		t.Error(b, c, missing)
	}
	if d := maybeObject(f, "d", func(f fields) int64 { return f.integer("e") }); d == nil || *d != 1 {
		t.Error(d)
	}
	// null is removed, and a value of another type stays.
	if rest := f.rest(); len(rest) != 1 || string(rest["c"]) != `"x"` {
		t.Errorf("%q is left", rest)
	}
	if rest := (fields{}).rest(); rest != nil {
		t.Error(rest)
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic for a missing required field")
		}
	}()
	f.string("missing")
}

// FuzzFields compares fields with encoding/json where that is exact.
func FuzzFields(f *testing.F) {
	f.Add(callBody)
	f.Add(taskBody)
	f.Add(`{"a":["\\",{"b":"\"}"}],"\u0001":-1.5e+9,"":null}`)
	f.Add(`{"a":1E700}`) // overflows a float64
	f.Fuzz(func(t *testing.T, text string) {
		var want map[string]json.RawMessage
		if !utf8.ValidString(text) || json.Unmarshal([]byte(text), &want) != nil || want == nil {
			t.Skip()
		}
		// In the form that the library writes.
		compact, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		read, ok := objectOf(string(compact))
		if !ok || len(read) != len(want) {
			t.Fatalf("%s is read as %q", compact, read)
		}
		for key, value := range read {
			wanted, err := decoded(string(want[key]))
			found, foundErr := decoded(value)
			if err != nil || foundErr != nil {
				t.Fatalf("%s of %s is not JSON", value, compact)
			}
			if !reflect.DeepEqual(wanted, found) {
				t.Fatalf("%s of %s", value, compact)
			}
		}
	})
}

// decoded reads JSON and keeps numbers as written.
func decoded(text string) (value any, err error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err = decoder.Decode(&value); err == nil && decoder.More() {
		err = errors.New("more follows")
	}
	return value, err
}
