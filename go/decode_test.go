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

type object struct {
	Extra map[string]json.RawMessage
}

// objectOf reads a JSON object without known fields.
func objectOf(text string) (map[string]json.RawMessage, bool) {
	var read object
	ok := decode(text, reflect.ValueOf(&read).Elem())
	return read.Extra, ok
}

// objectsOf reads a JSON array of such objects.
func objectsOf(text string) (list []object, ok bool) {
	ok = decodeValue(text, reflect.ValueOf(&list).Elem())
	return list, ok
}

// valueOf reads a JSON value of any type that a field can have.
func valueOf[T any](text string) (value T, ok bool) {
	ok = decodeValue(text, reflect.ValueOf(&value).Elem())
	return value, ok
}

func TestObjectsAreReadExactly(t *testing.T) {
	for text, want := range map[string]map[string]string{
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
		found := map[string]string{}
		for key, value := range read {
			found[key] = string(value)
		}
		if !ok || !reflect.DeepEqual(found, want) {
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
	if list, ok := objectsOf(`[{"a":1},{}]`); !ok || len(list) != 2 || string(list[0].Extra["a"]) != "1" || list[1].Extra != nil {
		t.Error(list, ok)
	}
	if list, ok := objectsOf(`[]`); !ok || list == nil || len(list) != 0 {
		t.Error(list, ok)
	}
	if list, ok := objectsOf(`[{},1]`); ok || list != nil {
		t.Error(list, ok)
	}
	deep := strings.Repeat("[", 100000) + strings.Repeat("]", 100000)
	if read, ok := objectOf(`{"deep":` + deep + `}`); !ok || string(read["deep"]) != deep {
		t.Error("it is not read")
	}
}

func TestValuesAreReadExactly(t *testing.T) {
	for text, want := range map[string]any{
		`"a"`: "a", `""`: "", `"\"\\\n\u0000é😀"`: "\"\\\n\x00é😀", `"\ud800"`: nil, `"x\\\uDABCx"`: nil, `"\\ud800"`: `\ud800`,
		`"\ufffd"`: "\ufffd", `"\ud7ff"`: "\ud7ff", `1`: nil, `{}`: nil, `null`: nil,
	} {
		if value, ok := valueOf[string](text); ok != (want != nil) || ok && value != want {
			t.Errorf("%s is read as %q, %v", text, value, ok)
		}
	}
	for text, want := range map[string]any{
		`0`: int64(0), `-1`: int64(-1), `9007199254740993`: int64(9007199254740993), `9223372036854775807`: int64(math.MaxInt64),
		`-9223372036854775808`: int64(math.MinInt64), `9223372036854775808`: nil, `-0`: nil, `1.0`: nil, `1e3`: nil, `"1"`: nil,
		`true`: nil, `null`: nil,
	} {
		if value, ok := valueOf[int64](text); ok != (want != nil) || ok && value != want {
			t.Errorf("%s is read as %d, %v", text, value, ok)
		}
	}
	for text, want := range map[string]any{
		`1`: 1.0, `0.67`: 0.67, `-1.5e3`: -1500.0, `1e-400`: 0.0, `"1"`: nil, `true`: nil, `null`: nil, `[]`: nil,
	} {
		if value, ok := valueOf[float64](text); ok != (want != nil) || ok && value != want {
			t.Errorf("%s is read as %v, %v", text, value, ok)
		}
	}
	for text, want := range map[string]any{`true`: true, `false`: false, `1`: nil, `"true"`: nil, `null`: nil} {
		if value, ok := valueOf[bool](text); ok != (want != nil) || ok && value != want {
			t.Errorf("%s is read as %v, %v", text, value, ok)
		}
	}
}

func TestOptionalFields(t *testing.T) {
	type inner struct {
		private[object]

		E     int64 `json:"e"`
		Extra map[string]json.RawMessage
	}
	type outer struct {
		private[object]

		A, Skipped *int64
		B          *string  `json:"b"`
		C          *int64   `json:"c"`
		D          *inner   `json:"d"`
		F          *float64 `json:"f"`
		X          *bool    `json:"x"`
		List       []inner  `json:"list"`
		Null       []inner  `json:"null"`
		Mixed      []inner  `json:"mixed"`
		Extra      map[string]json.RawMessage
	}
	var read outer
	text := `{"A":1,"b":null,"c":"x","d":{"e":1},"f":0.5,"list":[],"null":null,"mixed":[{"e":1},null],"Extra":{},"y":null}`
	if !decode(text, reflect.ValueOf(&read).Elem()) {
		t.Fatal("it is not read")
	}
	// null is removed where it is optional, and a value of another type stays.
	same(t, read, outer{
		D: &inner{E: 1}, F: pointer(0.5), List: []inner{},
		Extra: map[string]json.RawMessage{
			"A": json.RawMessage("1"), "c": json.RawMessage(`"x"`), "mixed": json.RawMessage(`[{"e":1},null]`),
			"Extra": json.RawMessage("{}"), "y": json.RawMessage("null"),
		},
	})
}

// The library has checked the required fields, so a missing one is a mistake of its own.
func TestRequiredFields(t *testing.T) {
	type inner struct {
		E     int64 `json:"e"`
		Extra map[string]json.RawMessage
	}
	type outer struct {
		A     string `json:"a"`
		D     inner  `json:"d"`
		Extra map[string]json.RawMessage
	}
	read := func(text string) (read outer, panicked bool) {
		defer func() { panicked = recover() != nil }()
		return read, !decode(text, reflect.ValueOf(&read).Elem())
	}
	if read, panicked := read(`{"d":{"e":1},"a":""}`); panicked || read.D.E != 1 || read.Extra != nil {
		t.Error(read, panicked)
	}
	for _, text := range []string{
		`{}`, `{"a":""}`, `{"d":{"e":1}}`, `{"a":"","d":{}}`, `{"a":1,"d":{"e":1}}`, `{"a":null,"d":{"e":1}}`, `{"a":"","d":[]}`,
		`{"a":"","d":{"e":-0}}`, `{"A":"","d":{"e":1}}`, `{"a":"\ud800","d":{"e":1}}`,
	} {
		if read, panicked := read(text); !panicked {
			t.Errorf("%s is read as %v", text, read)
		}
	}
}

// FuzzFields compares the fields of an object with encoding/json where that is exact.
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
			found, foundErr := decoded(string(value))
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
