package callbot

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// What a content takes stays in proportion to its body, whatever the provider sends.
func TestMemoryIsInProportion(t *testing.T) {
	const n = 100_000
	// How many bytes may be allocated for each byte of nearly empty rows, and of rows of a few bytes.
	const empty, sparse = 8, 40
	rows := func(row string) string { return "[" + row + strings.Repeat(","+row, n) + "]" }
	for name, of := range map[string]struct {
		list   string
		factor float64
	}{
		"numbers":         {rows("0"), empty},
		"arrays":          {rows("[]"), empty},
		"empty objects":   {rows("{}"), empty},
		"unknown keys":    {rows(`{"":0}`), empty},
		"nulls":           {rows("null"), empty},
		"empty ones":      {rows(`{"intents":[],"sms":[],"agent":{},"params":[]}`), empty},
		"sparse ones":     {rows(`{"orderID":"order-12345","intentID":"i-1234567"}`), empty},
		"more sparse":     {rows(`{"orderID":"order-1","intentID":"i-"}`), empty},
		"small ones":      {rows(`{"a":1}`), sparse},
		"many keys":       {rows(`{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1}`), 1.5 * empty},
		"lists of lists":  {rows(`{"intents":[{},{}],"callInfoDetailList":[{},{}],"params":[0,0]}`), sparse},
		"lists in a list": {rows(`{"callInfoDetailList":[{"agent":{}},{"intents":[{},0]}]}`), sparse},
		"small in small":  {rows(`{"callInfoDetailList":[{"a":1}]}`), sparse},
	} {
		t.Run(name, func(t *testing.T) {
			body := `{"retCode":0,"orderDetailList":` + of.list + `}`
			// The keys are in each type of the nesting.
			call := `{"callbackType":1,"orderID":"","callInfoDetail":{"intents":` + of.list + `}}`
			for _, c := range []struct {
				body string
				into any
			}{{body, &ListOrderDetailResponse{}}, {call, &CallCallback{}}} {
				allocated := allocatedBy(t, c.body, c.into)
				// All that is allocated counts here, also what slices leave behind when they grow.
				if factor := (float64(allocated) - maxNearlyEmpty) / float64(len(c.body)); factor > of.factor {
					t.Errorf("%T: %.1f bytes are allocated for each byte", c.into, factor)
				}
			}
		})
	}
	var keys strings.Builder
	for i := range n {
		fmt.Fprintf(&keys, `,"%x":0`, i)
	}
	body := `{"retCode":0` + keys.String() + `}`
	if factor := float64(allocatedBy(t, body, &Envelope{})) / float64(len(body)); factor > 8 {
		t.Errorf("unknown keys: %.1f", factor)
	}
}

// A large list of nearly empty rows is not read, but not lost.
func TestListOfNearlyEmptyRows(t *testing.T) {
	const n = 30_000
	list := "[0" + strings.Repeat(",0", n) + "]"
	body := `{"id":"","pointed":"","rows":` + list + `,"text":"\ud800","x":1}`
	deviations := &deviationList{}
	read := new(sample)
	if err := readBody(body, read, deviations); err != nil {
		t.Fatal(err)
	}
	want := &sample{Text: "\ufffd", Pointed: pointer(""), Extra: raws("rows", list, "x", "1")}
	if !reflect.DeepEqual(read, want) {
		t.Error("it is read otherwise")
	}
	found := deviations.of(body)
	if found.Count != 2 || found.List[1].Path != "/text" && found.List[1].Path != "/rows" {
		t.Error(found)
	}
	// Duplicate keys in it are found.
	_, err := sampleOf(`,"rows":` + strings.TrimSuffix(list, "]") + `,{"a":1,"a":1}]`)
	wantMessage(t, wantError(t, err, ErrContent, "content_repeated"), fmt.Sprintf("/rows/%d", n+1))
	// One that is not large is read.
	if read, err := sampleOf(`,"rows":[0` + strings.Repeat(",0", 999) + `]`); err != nil || len(read.Rows) != 1000 {
		t.Error(err)
	}
}

// Rows with content are read, however many there are and whatever is in them.
func TestRowsWithContent(t *testing.T) {
	list := func(row string, n int) string { return "[" + strings.TrimSuffix(strings.Repeat(row+",", n), ",") + "]" }
	for row, n := range map[string]int{
		`{"phone":447700900123,"errMsg":"not allowed"}`:              1000,
		`{"phone":"447700900123","errMsg":5}`:                        1000,
		`{"phone":"447700900123","errMsg":"not allowed","code":3}`:   10_000,
		`{"phone":"447700900123","errMsg":"not allowed","co\\de":3}`: 1000,
		`{"code":3}`: 100_000,
	} {
		response := new(AddBatchResponse)
		if err := readBody(`{"retCode":0,"errList":`+list(row, n)+`}`, response, nil); err != nil || response.Extra != nil {
			t.Errorf("%s: %v", row, err)
		}
		var want RefusedPhone
		if err := readBody(row, &want, nil); err != nil || want.Extra.Len() != 1 {
			t.Fatal(err)
		}
		if len(response.ErrList) != n || !reflect.DeepEqual(response.ErrList[0], want) || !reflect.DeepEqual(response.ErrList[n-1], want) {
			t.Errorf("%s: %d rows are read", row, len(response.ErrList))
		}
	}
	orders := new(ListOrderDetailResponse)
	row := `{"orderID":"o1","callInfoDetailList":[{"callID":"c1","new":1}],"new":2}`
	err := readBody(`{"retCode":0,"orderDetailList":`+list(row, 100)+`}`, orders, nil)
	if err != nil || len(orders.OrderDetailList) != 100 {
		t.Fatal(err, len(orders.OrderDetailList))
	}
	for _, order := range orders.OrderDetailList {
		want := OrderDetail{OrderID: "o1", CallInfoDetailList: []CallInfoDetail{{CallID: "c1", Extra: raws("new", "1")}}, Extra: raws("new", "2")}
		same(t, order, want)
	}
	for row, n := range map[string]int{`{"intentLevel":"x"}`: 250, `{"intentID":"i","intentTag":"t","intentLevel":1}`: 20_000} {
		call := new(CallCallback)
		err := readBody(`{"callbackType":1,"orderID":"","callInfoDetail":{"intents":`+list(row, n)+`}}`, call, nil)
		if err != nil || len(call.CallInfoDetail.Intents) != n {
			t.Error(row, err)
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
			if e := wantError(t, err, ErrContent, "content_repeated"); e.Message != "duplicate key in "+c.pointer {
				t.Error(e.Message)
			}
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
