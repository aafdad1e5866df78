package callbot

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// What a content takes is at most eight times its body plus a constant, whatever the provider
// sends.
func TestMemoryIsInProportion(t *testing.T) {
	const n, factor, constant = 20_000, 8, 16 << 10
	list := func(row string) string { return "[" + row + strings.Repeat(","+row, n) + "]" }
	unique := func(key string) string {
		var members strings.Builder
		for i := range n {
			fmt.Fprintf(&members, key, i)
		}
		return members.String()
	}
	// The keys are in each type of the nesting.
	order := func(members string) string { return `{"retCode":0` + members + `}` }
	call := func(members string) string {
		return `{"callbackType":1,"orderID":"","callInfoDetail":{"callID":""` + members + `}}`
	}
	bodies := map[string]string{}
	for name, row := range map[string]string{
		"numbers":         "0",
		"arrays":          "[]",
		"empty objects":   "{}",
		"an empty key":    `{"":0}`,
		"nulls":           "null",
		"strings":         `""`,
		"half surrogates": `"\ud800"`,
		"escapes":         `{"intentID":"\n","orderID":"\n"}`,
		"an unknown key":  `{"a":1}`,
		"a wrong type":    `{"sms":0}`,
		"empty ones":      `{"intents":[],"sms":[],"agent":{},"params":[]}`,
		"sparse ones":     `{"orderID":"order-1","intentID":"i-"}`,
		"one field":       `{"other":"","userName":"","intentLevel":1}`,
		"many keys":       `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1}`,
		"lists of lists":  `{"intents":[{},{}],"callInfoDetailList":[{},{}],"params":[0,0]}`,
		"lists in a list": `{"callInfoDetailList":[{"agent":{}},{"intents":[{},0]}]}`,
		"small in small":  `{"callInfoDetailList":[{"a":1}]}`,
	} {
		bodies["order: "+name] = order(`,"orderDetailList":` + list(row))
		bodies["call: "+name] = call(`,"intents":` + list(row))
		bodies["a value: "+name] = order(`,"x":` + list(row))
	}
	for name, members := range map[string]string{
		"unknown keys":  unique(`,"%x":0`),
		"escaped keys":  unique(`,"\n%x":0`),
		"keys in a row": `,"orderDetailList":[{"z":0` + unique(`,"%x":0`) + `}],"intents":[{"z":0` + unique(`,"%x":0`) + `}]`,
		"rows in rows":  `,"orderDetailList":[{"callInfoDetailList":` + list("{}") + `}]`,
		"wrong types":   `,"orderDetailList":{"a":` + list("0") + `},"intents":{"a":` + list("0") + `}`,
		"a nest":        `,"x":` + strings.Repeat(`[{"":`, n) + "0" + strings.Repeat("}]", n),
		"a long string": `,"hangupCause":"` + strings.Repeat("\\n", n) + `","retMsg":"` + strings.Repeat("\\n", n) + `"`,
	} {
		bodies["order: "+name] = order(members)
		bodies["call: "+name] = call(members)
	}
	for name, body := range bodies {
		into := reflect.TypeFor[ListOrderDetailResponse]()
		if strings.HasPrefix(name, "call") {
			into = reflect.TypeFor[CallCallback]()
		}
		for _, deviations := range []*deviationList{nil, {}} {
			// All that is allocated counts here, also what slices leave behind when they grow.
			allocated := allocatedIn(func() {
				if err := readBody(body, reflect.New(into).Interface(), deviations); err != nil {
					t.Fatal(name, err)
				}
			})
			if most := factor*len(body) + constant; allocated > uint64(most) {
				t.Errorf("%s, deviations %v: %.1f bytes are allocated for each byte of the body", name, deviations != nil,
					float64(allocated)/float64(len(body)))
			}
		}
	}
}

// What writes a pointer takes no memory for each level of the nesting.
func TestMemoryOfPointers(t *testing.T) {
	const n = 200_000
	for name, c := range map[string]struct{ before, after, pointer string }{
		"arrays":       {"[", "]", "/text" + strings.Repeat("/0", 509)},
		"unknown keys": {`{"":`, "}", "/text"},
		"known keys":   {`{"e":`, "}", "/text" + strings.Repeat("/e", 509)},
	} {
		body := func(innermost string) string {
			return `{"id":"","text":` + strings.Repeat(c.before, n) + innermost + strings.Repeat(c.after, n) + `}`
		}
		duplicate, half := body(`{"a":1,"a":1}`), body(`"\ud800"`)
		most := uint64(8*len(half) + 64<<10)
		if allocated := allocatedIn(func() {
			err := readBody(duplicate, new(sample), nil)
			wantMessage(t, wantError(t, err, ErrContent, "content_repeated"), "duplicate key in "+c.pointer+" at line 1, ")
		}); allocated > most {
			t.Errorf("%s: %d bytes are allocated for a body of %d", name, allocated, len(duplicate))
		}
		if allocated := allocatedIn(func() {
			deviations := &deviationList{}
			if err := readBody(half, new(sample), deviations); err != nil {
				t.Fatal(err)
			}
			if found := deviations.of(half); found.List[found.Count-1].Path != c.pointer {
				t.Error(found.List)
			}
		}); allocated > most {
			t.Errorf("%s: %d bytes are allocated for the deviations of a body of %d", name, allocated, len(half))
		}
	}
}
