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
	rows := func(row string) string { return "[" + row + strings.Repeat(","+row, n) + "]" }
	for name, list := range map[string]string{
		"numbers":         rows("0"),
		"arrays":          rows("[]"),
		"empty objects":   rows("{}"),
		"unknown keys":    rows(`{"":0}`),
		"nulls":           rows("null"),
		"empty ones":      rows(`{"intents":[],"sms":[],"agent":{},"params":[]}`),
		"lists of lists":  rows(`{"intents":[{},{}],"callInfoDetailList":[{},{}],"params":[0,0]}`),
		"sparse ones":     rows(`{"orderID":"order-12345","intentID":"i-1234567"}`),
		"more sparse":     rows(`{"orderID":"order-1","intentID":"i-"}`),
		"lists in a list": rows(`{"callInfoDetailList":[{"agent":{}},{"intents":[{},0]}]}`),
	} {
		t.Run(name, func(t *testing.T) {
			body := `{"retCode":0,"orderDetailList":` + list + `}`
			// The keys are in each type of the nesting.
			call := `{"callbackType":1,"orderID":"","callInfoDetail":{"intents":` + list + `}}`
			for _, c := range []struct {
				body string
				into any
			}{{body, &ListOrderDetailResponse{}}, {call, &CallCallback{}}} {
				allocated := allocatedBy(t, c.body, c.into)
				// All that is allocated counts here, also what slices leave behind when they grow.
				if factor := float64(allocated) / float64(len(c.body)); factor > 8 {
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

// A list of nearly empty rows is not read, but not lost.
func TestListOfNearlyEmptyRows(t *testing.T) {
	list := "[0" + strings.Repeat(",0", 1000) + "]"
	deviations := &deviationList{}
	read := new(sample)
	if err := readBody(`{"id":"","pointed":"","rows":`+list+`,"text":"\ud800","x":1}`, read, deviations); err != nil {
		t.Fatal(err)
	}
	want := &sample{Text: "\ufffd", Pointed: pointer(""), Extra: raws("rows", list, "x", "1")}
	if !reflect.DeepEqual(read, want) {
		t.Error("it is read otherwise")
	}
	found := deviations.of(`{"id":"","pointed":"","rows":` + list + `,"text":"\ud800","x":1}`)
	if found.Count != 2 || found.List[1].Path != "/text" && found.List[1].Path != "/rows" {
		t.Error(found)
	}
	// Ordinary lists of any length are read.
	full := "[" + strings.Repeat(`{"intentID":"i","intentTag":"t","intentLevel":1},`, 20_000) + `{}]`
	call := new(CallCallback)
	if err := readBody(`{"callbackType":1,"orderID":"","callInfoDetail":{"intents":`+full+`}}`, call, nil); err != nil ||
		len(call.CallInfoDetail.Intents) != 20_001 {
		t.Error(err)
	}
	sparse := "[" + strings.Repeat(`{"orderID":"order-1234","finish":false},`, 499) + `{}]`
	response := new(ListOrderDetailResponse)
	if err := readBody(`{"retCode":0,"orderDetailList":`+sparse+`}`, response, nil); err != nil || len(response.OrderDetailList) != 500 {
		t.Error(err)
	}
	// Duplicate keys in it are found.
	_, err := sampleOf(`,"rows":` + strings.TrimSuffix(list, "]") + `,{"a":1,"a":1}]`)
	wantMessage(t, wantError(t, err, ErrContent, "content_repeated"), "/rows/1001")
}
