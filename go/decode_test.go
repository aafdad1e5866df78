package callbot

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

// sample has a field of each type that the decoder knows.
type sample struct {
	private[sample]

	ID      string        `json:"id" page:"essential"`
	Text    string        `json:"text"`
	Pointed *string       `json:"pointed" page:"required"`
	Whole   int64         `json:"whole"`
	Number  *int64        `json:"number"`
	Rate    *float64      `json:"rate"`
	Plain   float64       `json:"plain"`
	Flag    *bool         `json:"flag"`
	Inner   *sample2      `json:"inner" page:"optional"`
	Rows    List[sample2] `json:"rows" page:"optional"`
	Odd     *sample2      `json:"~a/b"`
	Extra   Extra
}

type sample2 struct {
	E     *int64 `json:"e" page:"required"`
	Extra Extra
}

func (sample) content() content { return content{} }

// The keys of a sample are known.
func init() { contentTypes = append(contentTypes, reflect.TypeFor[sample]()) }

// sampleOf reads the members of a sample.
func sampleOf(members string) (*sample, error) {
	read := new(sample)
	err := readBody(sampleBody(members), read, nil)
	read.Pointed = nil
	return read, err
}

func sampleBody(members string) string { return `{"id":"","pointed":""` + members + `}` }

// raws returns an Extra with these keys and values.
func raws(members ...string) (all Extra) {
	object := []byte("{")
	for i := 0; i < len(members); i += 2 {
		if i > 0 {
			object = append(object, ',')
		}
		object = append(append(appendString(object, members[i]), ':'), members[i+1]...)
	}
	if err := all.UnmarshalJSON(append(object, '}')); err != nil {
		panic(err)
	}
	return all
}

// listOf returns the list of this JSON.
func listOf[T any](text string) (list List[T]) {
	if err := list.UnmarshalJSON([]byte(text)); err != nil {
		panic(err)
	}
	return list
}

func TestValues(t *testing.T) {
	for members, want := range map[string]sample{
		``:                                   {},
		`,"text":"a"`:                        {Text: "a"},
		`,"text":"\"\\\/\b\f\n\r\t\u0000é😀"`: {Text: "\"\\/\b\f\n\r\t\x00é😀"},
		`,"text":"\ud83d\ude00\ud7ff\ufffd"`: {Text: "😀\ud7ff\ufffd"},
		`,"text":"\ud800x\uDABC\ud83d\ude00\udc00"`:                     {Text: "\ufffdx\ufffd😀\ufffd"},
		`,"text":"\ud800\ud83d\ude00"`:                                  {Text: "\ufffd😀"},
		`,"text":"\\ud800"`:                                             {Text: `\ud800`},
		`,"\u0074ext":"a"`:                                              {Text: "a"},
		`,"Text":"a","TEXT":1,"ſ":-0`:                                   {Extra: raws("Text", `"a"`, "TEXT", "1", "ſ", "-0")},
		`,"text":null,"rate":null,"inner":null,"rows":null,"flag":null`: {},
		`,"text":1`:                           {Extra: raws("text", "1")},
		`,"text":{"a":[]}`:                    {Extra: raws("text", `{"a":[]}`)},
		`,"unknown":null`:                     {Extra: raws("unknown", "null")},
		`,"number":0,"whole":-1`:              {Number: pointer(int64(0)), Whole: -1},
		`,"number":"12","whole":"-3"`:         {Number: pointer(int64(12)), Whole: -3},
		`,"number":9223372036854775807`:       {Number: pointer(int64(math.MaxInt64))},
		`,"number":"-9223372036854775808"`:    {Number: pointer(int64(math.MinInt64))},
		`,"number":9223372036854775808`:       {Extra: raws("number", "9223372036854775808")},
		`,"number":-0,"whole":1.0`:            {Number: pointer(int64(0)), Whole: 1},
		`,"number":1e3,"whole":true`:          {Number: pointer(int64(1000)), Extra: raws("whole", "true")},
		`,"number":-1.5E+1,"whole":12.00e-0`:  {Number: pointer(int64(-15)), Whole: 12},
		`,"number":120e-1,"whole":0.012e3`:    {Number: pointer(int64(12)), Whole: 12},
		`,"number":0e99999999999999999999`:    {Number: pointer(int64(0))},
		`,"number":1e99999999999999999999`:    {Extra: raws("number", "1e99999999999999999999")},
		`,"number":1e-9223372036854775808`:    {Extra: raws("number", "1e-9223372036854775808")},
		`,"number":1e18,"whole":1e19`:         {Number: pointer(int64(1e18)), Extra: raws("whole", "1e19")},
		`,"number":-9223372036854775808.0`:    {Number: pointer(int64(math.MinInt64))},
		`,"number":9223372036854775808.0`:     {Extra: raws("number", "9223372036854775808.0")},
		`,"number":1.5,"whole":12e-1`:         {Extra: raws("number", "1.5", "whole", "12e-1")},
		`,"number":"","whole":"01"`:           {Extra: raws("number", `""`, "whole", `"01"`)},
		`,"number":"+1","whole":" 1"`:         {Extra: raws("number", `"+1"`, "whole", `" 1"`)},
		`,"number":"1.0","whole":"-0"`:        {Extra: raws("number", `"1.0"`, "whole", `"-0"`)},
		`,"rate":1,"plain":-1.5e3`:            {Rate: pointer(1.0), Plain: -1500},
		`,"rate":"0.67","plain":"-1.5"`:       {Rate: pointer(0.67), Plain: -1.5},
		`,"rate":1e-400,"plain":1e400`:        {Rate: pointer(0.0), Extra: raws("plain", "1e400")},
		`,"rate":"1e2","plain":"1E+2"`:        {Extra: raws("rate", `"1e2"`, "plain", `"1E+2"`)},
		`,"rate":".5","plain":"NaN"`:          {Extra: raws("rate", `".5"`, "plain", `"NaN"`)},
		`,"rate":"0x1p4","plain":"1_0"`:       {Extra: raws("rate", `"0x1p4"`, "plain", `"1_0"`)},
		`,"rate":true,"plain":[]`:             {Extra: raws("rate", "true", "plain", "[]")},
		`,"flag":true`:                        {Flag: pointer(true)},
		`,"flag":false`:                       {Flag: pointer(false)},
		`,"flag":1`:                           {Extra: raws("flag", "1")},
		`,"flag":"true"`:                      {Extra: raws("flag", `"true"`)},
		`,"inner":{"e":1,"x":[ 1 , 2 ]}`:      {Inner: &sample2{E: pointer(int64(1)), Extra: raws("x", "[ 1 , 2 ]")}},
		`,"inner":[]`:                         {Extra: raws("inner", "[]")},
		`,"rows":[]`:                          {Rows: listOf[sample2]("[]")},
		`,"rows":[{"e":1},{"e":"x"},1,null ]`: {Rows: listOf[sample2](`[{"e":1},{"e":"x"},1,null]`)},
		`,"rows":{}`:                          {Extra: raws("rows", "{}")},
		" ,\t\"text\" :\r\"a\" \n":            {Text: "a"},
	} {
		read, err := sampleOf(members)
		if err != nil {
			t.Errorf("%s: %v", members, err)
			continue
		}
		same(t, read, &want)
	}
}

// Strings without escapes are parts of the body, and what can be changed is not.
func TestMemoryIsShared(t *testing.T) {
	body := `{"id":"` + strings.Repeat("x", 1000) + `","raw":"` + strings.Repeat("y", 1000) + `"}`
	read := new(sample)
	if err := readBody(body, read, nil); err != nil {
		t.Fatal(err)
	}
	raw, _ := read.Extra.Get("raw")
	for i := range raw {
		raw[i] = 'z'
	}
	if strings.Contains(body, "z") {
		t.Error("the body was changed")
	}
	allocations := testing.AllocsPerRun(100, func() {
		if err := readBody(body[:1008]+"}", read, nil); err != nil {
			t.Error(err)
		}
	})
	if allocations > 2 { // the concatenation is one
		t.Errorf("%v allocations", allocations)
	}
}

func TestSyntax(t *testing.T) {
	for _, body := range []string{
		`{"id":""}`, " \t\r\n{ \"id\" : \"\" } \t\r\n", `{"id":"","a":[[],{},[{}],{"b":[1,2.5e-3]},-0,true,false,null]}`, "\ufeff{\"id\":\"\"}",
		"\ufeff {\"id\":\"\"}",
	} {
		if err := readBody(body, new(sample), nil); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
	members := []string{
		``, `,`, `:1`, `"a"`, `"a":`, `"a":,`, `a:1`, `'a':1`, `"a" 1`, `"a":1,`, `"a":1 "b":2`, `"a":1,,"b":2`, `1:1`, `"a":1]`, `"a":1}}`, `"a":1}x`,
		`"a":1}{`, `"a":01`, `"a":-`, `"a":+1`, `"a":.5`, `"a":1.`, `"a":1e`, `"a":1e+`, `"a":0x1`, `"a":NaN`, `"a":Infinity`, `"a":tru`, `"a":True`,
		`"a":nul`, `"a":nulll`, `"a":[`, `"a":[1`, `"a":[1,`, `"a":[1,]`, `"a":[,1]`, `"a":[1 2]`, `"a":[1}`, `"a":{`, `"a":{"b"`, `"a":{"b":1,}`,
		`"a":{"b":1]`, `"a":{1}`, `"a":"`, `"a":"\x"`, `"a":"\u12"`, `"a":"\u12g4"`, `"a":"\ud800\u12"`, `"a":"\`, "\"a\":\"\n\"", "\"a\":\"\x00\"", "\"a\":\"\x1f\"",
		"\"a\":1\x00", "\"a\":1\f", "\"a\u00a0\":1,\u00a0\"b\":1", `"a":1/**/`, `"text":"\x"`, `"inner":{"e":1,}`, `"rows":[{},]`, `"rows":[{} {}]`, `"rows":[{}`,
		`"number":1x`, `"number":-`, `"rate":1.`, `"flag":tru`,
	}
	for _, member := range members {
		body := `{"id":"",` + member + `}`
		err := readBody(body, new(sample), nil)
		wantMessage(t, wantError(t, err, ErrContent, "content_json"), "the body is not a single JSON object (line ")
		if json.Valid([]byte(body)) {
			t.Errorf("%s is valid", body)
		}
	}
	for _, body := range []string{`[]`, `1`, `"{}"`, `null`, `{}{}`, `{`, ` `, "\ufeff", "\ufeff\ufeff{}", `{"id":""}` + "\x00"} {
		wantError(t, readBody(body, new(sample), nil), ErrContent, "content_json")
	}
	wantMessage(t, wantError(t, readBody("", new(sample), nil), ErrContent, "content_json"), "the body is empty")
	wantMessage(t, wantError(t, readBody("{\n  \"id\": x}", new(sample), nil), ErrContent, "content_json"), "(line 2, column 9)")
}

func TestDuplicateKeys(t *testing.T) {
	var many strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&many, `"k%d":0,`, i*7919%1000)
	}
	for members, pointer := range map[string]string{
		`"id":""`:                                  "the body",
		`"text":"","\u0074ext":""`:                 "the body",
		`"x":1,"x":1`:                              "the body",
		`"~a/b":{"x":1,"x":1}`:                     "/~0a~1b",
		`"\u007ea\/b":{"x":1,"x":1}`:               "/~0a~1b",
		`"x":1,"\u0078":1`:                         "the body",
		`"\ud800":1,"\udc00":2`:                    "the body", // both are U+FFFD
		`"inner":{"e":1,"e":1}`:                    "/inner",
		`"inner":{"x":1,"x":1}`:                    "/inner",
		`"rows":[{},{"e":null,"e":null}]`:          "/rows/1",
		`"rows":[[{"a":{"b":1,"b":2}}]]`:           "/rows/0/0", // a is not known
		`"inner":[1,[{"~a/b":{"":0,"":0}}],2]`:     "/inner/1/0/~0a~1b",
		`"inner":{"e":{"a":1},"id":{"a":1,"a":1}}`: "/inner/id",
		`"x":[[],"]",{"id":{"a":1,"a":1}}],"y":1`:  "the body",
		`"inner":{"x":{"id":[{"a":1,"a":1}]}}`:     "/inner",
		`"text":{"a":1,"a":1}`:                     "/text",
		// The first duplicate is not in the object that ends first, and not in the outermost one.
		`"inner":{"x":1,"x":{"y":1,"y":1}}`:                                      "/inner",
		`"inner":{"e":1,"e":1,"x":{"y":1,"y":1}}`:                                "/inner",
		`"inner":{"x":{"y":1,"y":1},"x":1}`:                                      "/inner",
		`"text":{` + many.String() + `"k3":{"y":1,"y":1}}`:                       "/text",
		`"text":{"x":{"y":1,"y":1},` + many.String() + `"k3":1},"id":"","id":""`: "/text",
		many.String() + `"k500":1`:                                               "the body",
		`"inner":{` + many.String() + `"k0":1}`:                                  "/inner",
		`"inner":{` + many.String() + `"\u006b0":1}`:                             "/inner",
	} {
		for _, before := range []string{",", ",\n\t"} {
			_, err := sampleOf(before + members)
			wantDuplicate(t, err, pointer, sampleBody(before+members))
		}
	}
	for _, members := range []string{
		many.String() + `"k1000":1`, `"x":{"a":1},"y":{"a":1}`, `"x":[{"a":1},{"a":1}]`, `"x":{"x":{"x":1}},"":{"":1}`, `"X":1,"x":1`,
		`"rows":[{"e":1},{"e":1}]`, `"x":{"e":1,"id":1}`,
	} {
		if _, err := sampleOf("," + members); err != nil {
			t.Errorf("%.100s: %v", members, err)
		}
	}
}

// Neither the depth nor the number of keys is limited by the stack, or takes time with the square.
func TestLargeBodies(t *testing.T) {
	const n = 200_000
	var keys strings.Builder
	for i := range n {
		fmt.Fprintf(&keys, `,"%x":0`, i)
	}
	for name, members := range map[string]string{
		"arrays":  `,"x":` + strings.Repeat("[", n) + strings.Repeat("]", n),
		"objects": `,"x":` + strings.Repeat(`{"":`, n) + "0" + strings.Repeat("}", n),
		"mixed":   `,"x":` + strings.Repeat(`[{"":`, n) + "0" + strings.Repeat("}]", n),
		"keys":    `,"x":{"y":0` + keys.String() + `}`,
		"numbers": `,"x":[0` + strings.Repeat(",0", n) + `]`,
	} {
		t.Run(name, func(t *testing.T) {
			body := `{"id":""` + members + `}`
			start := time.Now()
			if allocated := allocatedBy(t, body, new(sample)); allocated > uint64(8*len(body)+64<<10) {
				t.Errorf("%d bytes are allocated for a body of %d", allocated, len(body))
			}
			if taken := time.Since(start); taken > time.Duration(5*len(body))*time.Microsecond { // far less than the square would take
				t.Errorf("%v for %d bytes", taken, len(body))
			}
			wantError(t, readBody(body[:len(body)-2], new(sample), nil), ErrContent, "content_json")
		})
	}
	deep := `,"text":` + strings.Repeat(`[{"e":`, 1000) + `{"b":0,"b":0}` + strings.Repeat("}]", 1000)
	_, err := sampleOf(deep)
	wantDuplicate(t, err, "/text"+strings.Repeat("/0/e", 254)+"/0", sampleBody(deep))
	if len(err.Error()) > 1100 {
		t.Error(len(err.Error()))
	}
}

// allocatedBy returns how many bytes are allocated to read a body, in total.
func allocatedBy(t *testing.T, body string, into any) uint64 {
	t.Helper()
	return allocatedIn(func() {
		if err := readBody(body, into, nil); err != nil {
			t.Fatal(err)
		}
	})
}

func allocatedIn(run func()) uint64 {
	least := uint64(math.MaxUint64) // since other goroutines may allocate too
	for range 3 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		run()
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	return least
}

func TestEssentials(t *testing.T) {
	type pair struct {
		A     *int64 `json:"a" page:"essential x"`
		B     *int64 `json:"b" page:"required"`
		C     string `json:"c" page:"essential x"`
		D     int64  `json:"d" page:"essential"`
		Extra Extra
	}
	for body, want := range map[string]string{
		`{"a":1,"d":1}`:           "",
		`{"c":"","d":"1"}`:        "",
		`{"a":1.0,"d":1e0}`:       "",
		`{"a":null,"c":"","d":1}`: "",
		`{"a":"x","c":"","d":1}`:  "",
		`{"d":1}`:                 "content_missing /a: missing",
		`{"a":null,"d":1}`:        "content_missing /a: missing",
		`{"c":1,"d":1}`:           "content_wrong_type /c: expected a string",
		`{"a":"x","d":1}`:         "content_wrong_type /a: expected an integer, or a string of its digits",
		`{"a":1}`:                 "content_missing /d: missing",
		`{"a":1,"d":null}`:        "content_missing /d: missing",
		`{"a":1,"d":1.5}`:         "content_wrong_type /d: expected an integer, or a string of its digits",
		`{"a":1,"d":1,"x":[1,{}}`: "content_json the body is not a single JSON object (line 1, column 23)",
		`{"d":{"y":1,"y":1}}`:     "content_repeated duplicate key in the body at line 1, column 13 (byte 12, counted from 0)",
	} {
		err := readBody(body, new(pair), nil)
		if want == "" {
			if err != nil {
				t.Errorf("%s: %v", body, err)
			}
			continue
		}
		code, message, _ := strings.Cut(want, " ")
		if e := wantError(t, err, ErrContent, code); e.Message != message {
			t.Errorf("%s: %s", body, e.Message)
		}
	}
}

func TestTypesThatCannotBeRead(t *testing.T) {
	for _, of := range []reflect.Type{
		reflect.TypeFor[struct {
			A string `json:"a"`
		}](),
		reflect.TypeFor[struct {
			A     bool `json:"a"`
			Extra Extra
		}](),
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v has a plan", of)
				}
			}()
			planOf(of)
		}()
	}
}
