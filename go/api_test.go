package callbot

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
)

// apiTable is the table of an object, as vectors/api.json has it.
type apiTable struct {
	Open bool     `json:"open"`
	Rows []apiRow `json:"rows"`
}

type apiRow struct {
	Key         string    `json:"key"`
	Presence    string    `json:"presence"`
	Kind        string    `json:"kind"`
	Essential   bool      `json:"essential"`
	EssentialOr string    `json:"essentialOr"`
	Object      *apiTable `json:"object"`
}

func readAPI(t *testing.T) (api struct {
	Requests  map[string]apiTable `json:"requests"`
	Responses map[string]apiTable `json:"responses"`
	Callbacks map[string]apiTable `json:"callbacks"`
}) {
	t.Helper()
	text, err := os.ReadFile("../vectors/api.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &api); err != nil {
		t.Fatal(err)
	}
	return api
}

// The tags of what is received are those of the tables.
func TestReceivedTags(t *testing.T) {
	api := readAPI(t)
	for endpoint, table := range api.Responses {
		checkPlan(t, endpoint, planOf(responseReaders[endpoint].of), table)
	}
	for name, table := range api.Callbacks {
		checkPlan(t, name, planOf(callbackReaders[strings.TrimSuffix(name, "Callback")].of), table)
	}
	if len(api.Responses) != len(responseReaders)-1 || len(api.Callbacks) != len(callbackReaders) {
		t.Error(len(api.Responses), len(api.Callbacks))
	}
}

func checkPlan(t *testing.T, path string, p *plan, table apiTable) {
	t.Helper()
	if len(p.fields) != len(table.Rows) {
		t.Errorf("%s has %d fields in Go, and %d in the table", path, len(p.fields), len(table.Rows))
		return
	}
	for i, row := range table.Rows {
		f := p.fields[i]
		place := path + "/" + row.Key
		if f.key != row.Key {
			t.Errorf("%s is %s in Go", place, f.key)
			continue
		}
		kind := map[string]fieldKind{
			"string": aString, "integer": anInteger, "digits": anInteger, "number": aNumber, "boolean": aBoolean, "object": anObject, "objects": aList,
		}[row.Kind]
		if f.kind != kind || f.isDigits != (row.Kind == "digits") {
			t.Errorf("%s is %s in Go, and %s in the table", place, f.expected(), row.Kind)
		}
		if f.isRequired != (row.Presence == "required") && !isExampleOf(p, f) || f.isExample != (row.Presence == "example") && !isExampleOf(p, f) {
			t.Errorf("%s: required %v, example %v; wanted %s", place, f.isRequired, f.isExample, row.Presence)
		}
		bit := uint64(1) << i
		wanted := uint64(0)
		if row.Essential {
			wanted = bit
		}
		if row.EssentialOr != "" {
			wanted = bit | 1<<p.find(row.EssentialOr, 0)
		}
		found := uint64(0)
		for _, essential := range p.essentials {
			if essential.fields&bit != 0 && essential.fields&-essential.fields == bit {
				found = essential.fields
			}
		}
		if found != wanted {
			t.Errorf("%s: essential are %b; wanted %b", place, found, wanted)
		}
		if row.Object != nil {
			checkPlan(t, place, f.element, *row.Object)
		}
	}
}

// isExampleOf reports whether a field is of a type that one page documents and another one shows in
// an example only.
func isExampleOf(p *plan, f field) bool { return p.of == reflect.TypeFor[TaskStat]() && f.isRequired }

// The tags of what is sent are those of the tables.
func TestSentTags(t *testing.T) {
	api := readAPI(t)
	types := map[string]reflect.Type{
		"createAndCall": reflect.TypeFor[CreateAndCall](), "importBatchCall": reflect.TypeFor[importHead](),
		"addBatchCall": reflect.TypeFor[importHead](), // of the same table; the library writes it
	}
	for _, call := range []Call{
		Ping{}, StopOrder{}, ExportBatchCall{}, MgrTaskStatus{}, ListOrderDetail{}, ListTask{}, ListOrder{}, ListCall{}, CreateTask{}, UpdateTask{},
	} {
		types[call.endpoint()] = reflect.TypeOf(call)
	}
	for endpoint, table := range api.Requests {
		checkRequestType(t, endpoint, types[endpoint], table)
	}
	if len(api.Requests) != len(types) {
		t.Error(len(api.Requests), len(types))
	}
}

func checkRequestType(t *testing.T, path string, of reflect.Type, table apiTable) {
	t.Helper()
	if of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	var fields []reflect.StructField
	isOpen := false
	for i := range of.NumField() {
		field := of.Field(i)
		isOpen = isOpen || field.Name == "Extra"
		if key, tagged := field.Tag.Lookup("json"); tagged && key != "-" {
			fields = append(fields, field)
		}
	}
	if isOpen != table.Open {
		t.Errorf("%s: open is %v in Go", path, isOpen)
	}
	for _, row := range table.Rows {
		// The library adds productID. The orders of a batch are added later.
		if row.Key == "productID" || row.Key == "callList" {
			continue
		}
		place := path + "/" + row.Key
		if len(fields) == 0 {
			t.Errorf("%s is missing in Go", place)
			return
		}
		field := fields[0]
		fields = fields[1:]
		key, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if key != row.Key || (options == "") != (row.Presence == "required") {
			t.Errorf("%s (%s) has the tag %s in Go", place, row.Presence, field.Tag)
		}
		element := field.Type
		if element.Kind() == reflect.Pointer {
			element = element.Elem()
		}
		fits := map[string]bool{
			"string":   element.Kind() == reflect.String,
			"integer":  element.Kind() == reflect.Int64,
			"boolean":  element.Kind() == reflect.Bool,
			"strings":  element == reflect.TypeFor[[]string](),
			"integers": element == reflect.TypeFor[[]int64](),
			"object":   element.Kind() == reflect.Struct,
			"any":      (element.Kind() == reflect.Interface) == (row.Object == nil),
		}[row.Kind]
		if !fits {
			t.Errorf("%s is %v in Go, and %s in the table", place, field.Type, row.Kind)
		}
		if row.Object != nil {
			checkRequestType(t, place, field.Type, *row.Object)
		}
	}
	if len(fields) > 0 {
		t.Errorf("%s: %s is in Go only", path, fields[0].Name)
	}
}
