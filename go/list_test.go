package callbot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// rowsOf reads a list in both ways.
func rowsOf[T any](t *testing.T, list List[T]) (rows []T) {
	t.Helper()
	for i, row := range list.All() {
		if i != len(rows) {
			t.Errorf("row %d has the index %d", len(rows), i)
		}
		same(t, list.At(i), row)
		rows = append(rows, row)
	}
	if len(rows) != list.Len() {
		t.Errorf("%d rows of %d", len(rows), list.Len())
	}
	return rows
}

func TestRows(t *testing.T) {
	one := pointer(int64(1))
	for text, want := range map[string][]sample2{
		`[]`:                             nil,
		`[{"e":1},{},{"e":"x"}]`:         {{E: one}, {}, {Extra: raws("e", `"x"`)}},
		`[{},1,null,[{"a":1}]]`:          {{}, {Extra: raws("", "1")}, {Extra: raws("", "null")}, {Extra: raws("", `[{"a":1}]`)}},
		`["{,[",{"\u0065":"1"},"\\"]`:    {{Extra: raws("", `"{,["`)}, {E: one}, {Extra: raws("", `"\\"`)}},
		" [ {\t\"e\" : 1 } ,\n0 , { } ]": {{E: one}, {Extra: raws("", "0")}, {}},
		`[{"a":"]","e":1,"b":{"c":0}}]`:  {{E: one, Extra: raws("a", `"]"`, "b", `{"c":0}`)}},
	} {
		read, err := sampleOf(`,"rows":` + text)
		if err != nil {
			t.Fatal(err)
		}
		same(t, rowsOf(t, read.Rows), want)
	}
	// A field that was not sent has no rows, and neither has one of another type.
	for _, members := range []string{``, `,"rows":null`, `,"rows":{}`} {
		if read, err := sampleOf(members); err != nil || rowsOf(t, read.Rows) != nil {
			t.Error(members, err)
		}
	}
}

// Every row is found at its index, wherever the marks are.
func TestManyRows(t *testing.T) {
	for _, n := range []int{1, 15, 16, 17, 32, 33, 1000} {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, `, {"e":%d,"x":[%q]}`, i, strings.Repeat(",", i%7))
		}
		read, err := sampleOf(`,"rows":[` + text.String()[1:] + "\n]")
		if err != nil || read.Rows.Len() != n {
			t.Fatal(n, err)
		}
		for i, row := range rowsOf(t, read.Rows) {
			if row.E == nil || *row.E != int64(i) || row.Extra.Len() != 1 {
				t.Errorf("row %d of %d", i, n)
			}
		}
		for _, i := range []int{-1, n, n + 16} {
			func() {
				defer func() {
					if message, want := recover(), fmt.Sprintf("callbot: row %d of a list of %d", i, n); message != want {
						t.Error(message)
					}
				}()
				read.Rows.At(i)
			}()
		}
		for i := range read.Rows.All() {
			if i == n/2 {
				break
			}
		}
	}
}

// Rows of a list in a row are read the same way, and everything stays in proportion there too.
func TestRowsInRows(t *testing.T) {
	const row = `{"orderID":"o1","callInfoDetailList":[{"callID":"c1","new":1}],"new":2}`
	response := new(ListOrderDetailResponse)
	if err := readBody(`{"retCode":0,"orderDetailList":[`+row+strings.Repeat(","+row, 99)+`]}`, response, nil); err != nil {
		t.Fatal(err)
	}
	rows := rowsOf(t, response.OrderDetailList)
	if len(rows) != 100 {
		t.Fatal(len(rows))
	}
	for _, order := range rows {
		calls := order.CallInfoDetailList
		same(t, order, OrderDetail{OrderID: "o1", CallInfoDetailList: calls, Extra: raws("new", "2")})
		same(t, rowsOf(t, calls), []CallInfoDetail{{CallID: "c1", Extra: raws("new", "1")}})
	}
}

// The rows of a list are read in a time that grows with its length.
func TestTimeOfRows(t *testing.T) {
	const n = 200_000
	read, err := sampleOf(`,"rows":[{"e":0}` + strings.Repeat(`,{"e":0}`, n-1) + `]`)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for i := range n { // takes minutes if each row is looked for from the first on
		if read.Rows.At(i).E != nil {
			sum++
		}
	}
	if sum != n {
		t.Error(sum)
	}
}

func TestListJSON(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"null", "null"}, {"[]", "[]"}, {` [ {"e" : 1, "x":2}, 0 ] `, `[{"e":1,"x":2},0]`},
	} {
		list := listOf[sample2](`[{}]`)
		if err := json.Unmarshal([]byte(c.text), &list); err != nil {
			t.Fatal(err)
		}
		written, err := json.Marshal(list)
		if err != nil || string(written) != c.want {
			t.Errorf("%s is written as %s, %v", c.text, written, err)
		}
	}
	for text, code := range map[string]string{
		`{}`: "content_wrong_type", `1`: "content_wrong_type", `"x"`: "content_wrong_type", `[`: "content_json", ``: "content_json",
		`[{"a":1,"a":1}]`: "content_repeated", `[],"x":1`: "content_wrong_type", `[],"list":[]`: "content_repeated",
	} {
		var list List[sample2]
		wantError(t, list.UnmarshalJSON([]byte(text)), ErrContent, code)
		if list.Len() != 0 {
			t.Errorf("%s has rows", text)
		}
	}
	// A content that was stored is read again as it was.
	want := new(CallCallback)
	if err := readBody(campaignCallback, want, nil); err != nil {
		t.Fatal(err)
	}
	stored, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	read := new(CallCallback)
	if err := json.Unmarshal(stored, read); err != nil {
		t.Fatal(err)
	}
	same(t, read, want)
	if names := rowsOf(t, read.CallInfoDetail.Params); !slices.ContainsFunc(names, func(p FilledParam) bool { return p.Name == "a" }) {
		t.Error(names)
	}
}

// A list in a list is validated when the message is read, and not only when its row is.
func TestRowsAreValidated(t *testing.T) {
	for rows, pointer := range map[string]string{
		`[{},{"e":null,"e":null}]`: "/rows/1", `[{"x":[{"e":1,"e":1}]}]`: "/rows/0", `[[{"e":0,"e":0}]]`: "/rows/0/0",
	} {
		_, err := sampleOf(`,"rows":` + rows)
		wantDuplicate(t, err, pointer, sampleBody(`,"rows":`+rows))
	}
	for _, rows := range []string{`[{},]`, `[{} {}]`, `[{}`, `[{"e":1x}]`, `[01]`, `[{"e"}]`} {
		_, err := sampleOf(`,"rows":` + rows)
		wantError(t, err, ErrContent, "content_json")
		wantError(t, readBody(`{"id":"","pointed":"","rows":`+rows+`}`, new(sample), &deviationList{}), ErrContent, "content_json")
	}
}
