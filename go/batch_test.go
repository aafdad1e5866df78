package callbot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func asError(err error, target **Error) bool { return errors.As(err, target) }

// jsonBody is the body that the API documents, for encoding/json.
type jsonBody struct {
	ProductID    string `json:"productID"`
	UserTaskID   string `json:"userTaskID"`
	CallInfoList struct {
		OrderCallbackURL string      `json:"orderCallbackUrl"`
		CallCallbackURL  string      `json:"callCallbackUrl"`
		CallList         []jsonOrder `json:"callList"`
	} `json:"callInfoList"`
}

type jsonOrder struct {
	OrderID      string      `json:"orderID"`
	UserPhone    string      `json:"userPhone"`
	Other        string      `json:"other"`
	UserName     string      `json:"userName"`
	CustomerName string      `json:"customerName"`
	Params       []jsonParam `json:"params"`
}

type jsonParam struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func asJSON(task Task, orders []Order) jsonBody {
	body := jsonBody{ProductID: "callbot", UserTaskID: task.UserTaskID}
	body.CallInfoList.OrderCallbackURL = task.OrderCallbackURL
	body.CallInfoList.CallCallbackURL = task.CallCallbackURL
	body.CallInfoList.CallList = []jsonOrder{}
	for _, o := range orders {
		params := []jsonParam{}
		for _, p := range o.Params {
			params = append(params, jsonParam(p))
		}
		body.CallInfoList.CallList = append(body.CallInfoList.CallList,
			jsonOrder{o.OrderID, o.UserPhone, o.Other, o.UserName, o.CustomerName, params})
	}
	return body
}

func marshal(t testing.TB, orders []Order) []byte {
	t.Helper()
	text, err := json.MarshalIndent(asJSON(testTask, orders), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// oddOrders covers edge cases of packing: empty strings, strings in every field, params or none,
// any length.
func oddOrders() []Order {
	return []Order{
		{OrderID: "a", UserPhone: "8613800000001"},
		{OrderID: "b", UserPhone: "8613800000002", Params: []Param{}},
		{OrderID: "c", UserPhone: "8613800000003", Params: []Param{{"1", "2"}, {"3", "4"}, {"5", "6"}}},
		{OrderID: "d", UserPhone: "8613800000004", CustomerName: "\x01\n\"\\/<>&\u2028"},
		{OrderID: "e", UserPhone: "8613800000005", Other: "o", UserName: "u", CustomerName: "c"},
		{OrderID: strings.Repeat("f", 4096), UserPhone: "8613800000006", UserName: strings.Repeat("u", 70000),
			Other: strings.Repeat("王", 30000)},
		{OrderID: "g", UserPhone: "8613800000007", Params: []Param{{"é", "😀"}}},
	}
}

func TestBodyContainsTheOrders(t *testing.T) {
	orders := oddOrders()
	body := build(t, newBatch(t, nil, orders...)).Body()
	var read jsonBody
	if err := json.Unmarshal(body, &read); err != nil {
		t.Fatal(err)
	}
	if want := asJSON(testTask, orders); !reflect.DeepEqual(read, want) {
		t.Fatalf("the body holds %.2000v; wanted %.2000v", read, want)
	}
}

func TestAllWaysToAddGiveTheSameBody(t *testing.T) {
	orders := oddOrders()
	want := build(t, newBatch(t, nil, orders...)).Body()

	oneByOne := newBatch(t, nil)
	for _, order := range orders {
		if err := oneByOne.Add(order); err != nil {
			t.Fatal(err)
		}
	}
	valid := newBatch(t, nil)
	if _, refused, err := valid.AddValid(orders...); refused != nil || err != nil {
		t.Fatal(refused, err)
	}
	fromJSON, err := BatchFromJSON(marshal(t, orders), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer fromJSON.Close()
	kept, refused, err := BatchFromJSONKeepValid(marshal(t, orders), nil)
	if refused != nil || err != nil {
		t.Fatal(refused, err)
	}
	defer kept.Close()

	for name, batch := range map[string]*Batch{"one by one": oneByOne, "valid": valid, "JSON": fromJSON, "kept": kept} {
		if batch.Len() != len(orders) {
			t.Errorf("%s: %d orders", name, batch.Len())
		}
		if got := build(t, batch).Body(); !bytes.Equal(got, want) {
			t.Errorf("%s: %.300q; wanted %.300q", name, got, want)
		}
	}
}

func TestTaskIsRefused(t *testing.T) {
	batch, err := NewBatch(Task{"", "example.com", "ftp://example.com"}, nil)
	if batch != nil {
		t.Error("a batch was returned")
	}
	refused := wantError(t, fmt.Errorf("wrapped: %w", err), ErrRefused, "refused").Violations
	want := []wanted{
		{"empty", "/userTaskID", "", -1},
		{"url_not_absolute", "/callInfoList/orderCallbackUrl", "", -1},
		{"url_scheme", "/callInfoList/callCallbackUrl", "", -1},
	}
	wantViolations(t, refused, want)
	if text := refused[0].String(); text != "/userTaskID: "+refused[0].Message+" [empty]" {
		t.Error(text)
	}
	for _, task := range []Task{{"\xff", "", ""}, {"", "\xff", ""}, {"", "", "\xff"}} {
		_, err := NewBatch(task, nil)
		wantError(t, err, ErrNotUTF8, "not_utf8")
	}
}

// wantViolations compares everything except the messages, which must not be empty.
// wanted is a violation as the tests write it.
type wanted struct {
	code, path string
	param      string
	order      int
}

func wantViolations(t testing.TB, got []Violation, want []wanted) {
	t.Helper()
	var found []wanted
	for i, violation := range got {
		if violation.Message == "" {
			t.Errorf("violation %d has no message", i)
		}
		if violation.Path != "" && !strings.Contains(violation.Path, "/"+violation.Field) || (violation.Field == "") != (violation.Path == "") {
			t.Errorf("the field of %v is %q", violation, violation.Field)
		}
		found = append(found, wanted{violation.Code, violation.Path, violation.Param, violation.Order})
	}
	if !reflect.DeepEqual(found, want) {
		t.Fatalf("violations\n%v; wanted\n%v", found, want)
	}
}

func TestAddIsAllOrNothing(t *testing.T) {
	batch := newBatch(t, nil, someOrders(0, 3)...)
	before := build(t, batch).Body()
	orders := []Order{
		{OrderID: "a", UserPhone: "8613800000001"},
		{OrderID: "", UserPhone: "+8613800000001", Params: []Param{{"", "1"}, {"x", ""}}},
		{OrderID: "order-1", UserPhone: "8613800000001"},
	}
	refused := wantError(t, batch.Add(orders...), ErrRefused, "refused")
	want := []wanted{
		{"empty", "/callInfoList/callList/4/orderID", "", 1},
		{"phone_plus", "/callInfoList/callList/4/userPhone", "", 1},
		{"empty", "/callInfoList/callList/4/params/0/name", "", 1},
		{"empty", "/callInfoList/callList/4/params/1/value", "", 1},
		{"duplicate_order_id", "/callInfoList/callList/5/orderID", "", 2},
	}
	wantViolations(t, refused.Violations, want)
	if !strings.Contains(refused.Message, "5 violations") || refused.Unlisted != 0 {
		t.Error(refused.Message, refused.Unlisted)
	}
	if batch.Len() != 3 || !bytes.Equal(build(t, batch).Body(), before) {
		t.Error("the batch changed")
	}

	taken, violations, err := batch.AddValid(orders...)
	if err != nil {
		t.Fatal(err)
	}
	wantViolations(t, violations, []wanted{
		{"empty", "/callInfoList/callList/4/orderID", "", 1},
		{"phone_plus", "/callInfoList/callList/4/userPhone", "", 1},
		{"empty", "/callInfoList/callList/4/params/0/name", "", 1},
		{"empty", "/callInfoList/callList/4/params/1/value", "", 1},
		{"duplicate_order_id", "/callInfoList/callList/5/orderID", "", 2},
	})
	if batch.Len() != 4 || !slices.Equal(taken, []bool{true, false, false}) {
		t.Error(batch.Len(), "orders", taken)
	}
}

func TestManyViolations(t *testing.T) {
	const count = 1000
	orders := make([]Order, count)
	batch := newBatch(t, nil)
	refused := wantError(t, batch.Add(orders...), ErrRefused, "refused").Violations
	if len(refused) != 2*count {
		t.Fatal(len(refused), "violations")
	}
	for i, violation := range refused {
		order := i / 2
		place := []string{"orderID", "userPhone"}[i%2]
		if violation.Order != order || violation.Path != fmt.Sprintf("/callInfoList/callList/%d/%s", order, place) {
			t.Fatalf("violation %d: %v", i, violation)
		}
	}
}

func TestMoreViolationsThanAreListed(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a million orders")
	}
	const listed = 1 << 20
	orders := make([]Order, listed/2+3)
	batch := newBatch(t, nil)
	for _, add := range []func() error{
		func() error { return batch.Add(orders...) },
		func() error { _, _, err := batch.AddValid(orders...); return err },
	} {
		refused := wantError(t, add(), ErrRefused, "refused")
		if len(refused.Violations) != listed || refused.Unlisted != 6 {
			t.Fatal(len(refused.Violations), refused.Unlisted)
		}
	}
}

func TestStringThatIsNotUTF8(t *testing.T) {
	const bad = "\xc3("
	good := Order{OrderID: "a", UserPhone: "8613800000001", Params: []Param{{"n", "1"}}}
	for place, spoil := range map[string]func(*Order){
		"orderID":        func(o *Order) { o.OrderID = bad },
		"userPhone":      func(o *Order) { o.UserPhone = bad },
		"other":          func(o *Order) { o.Other = bad },
		"userName":       func(o *Order) { o.UserName = bad },
		"customerName":   func(o *Order) { o.CustomerName = bad },
		"params/0/name":  func(o *Order) { o.Params = []Param{{bad, "1"}} },
		"params/0/value": func(o *Order) { o.Params = []Param{{"n", bad}} },
	} {
		order := good
		spoil(&order)
		batch := newBatch(t, nil, someOrders(0, 1)...)
		orders := append(someOrders(1, 2), order)
		want := []wanted{{"text_not_utf8", "/callInfoList/callList/3/" + place, "", 2}}
		wantViolations(t, wantError(t, batch.Add(orders...), ErrRefused, "refused").Violations, want)
		if batch.Len() != 1 {
			t.Fatal(batch.Len(), "orders")
		}
		_, refused, err := batch.AddValid(orders...)
		if err != nil {
			t.Fatal(err)
		}
		wantViolations(t, refused, want)
		if batch.Len() != 3 {
			t.Fatal(batch.Len(), "orders")
		}
	}
}

// One name in Latin-1 is listed with everything else that is wrong. It does not cost the valid
// orders.
func TestLatin1NameAmongValidOrders(t *testing.T) {
	orders := someOrders(0, 5)
	orders[1].UserName = "J\xfcrgen"
	orders[1].Params[0].Value = ""
	orders[3].UserPhone = "+8613800000003"
	want := []wanted{
		{"text_not_utf8", "/callInfoList/callList/1/userName", "", 1},
		{"empty", "/callInfoList/callList/1/params/0/value", "", 1},
		{"phone_plus", "/callInfoList/callList/3/userPhone", "", 3},
	}
	batch := newBatch(t, nil)
	e := wantError(t, batch.Add(orders...), ErrRefused, "refused")
	wantViolations(t, e.Violations, want)
	wantMessage(t, e, "not UTF-8 from byte 1 on")
	if batch.Len() != 0 {
		t.Error(batch.Len(), "orders")
	}

	_, refused, err := batch.AddValid(orders...)
	if err != nil {
		t.Fatal(err)
	}
	wantViolations(t, refused, want)
	kept := build(t, newBatch(t, nil, orders[0], orders[2], orders[4])).Body()
	if got := build(t, batch).Body(); !bytes.Equal(got, kept) {
		t.Errorf("%q; wanted %q", got, kept)
	}
}

func TestNothingToAdd(t *testing.T) {
	batch := newBatch(t, nil)
	if err := batch.Add(); err != nil {
		t.Error(err)
	}
	if _, refused, err := batch.AddValid([]Order{}...); refused != nil || err != nil {
		t.Error(refused, err)
	}
	_, err := batch.Build(newSigner(t, MD5))
	wantError(t, err, ErrEmptyBatch, "empty_batch")
}

func TestRules(t *testing.T) {
	right := Order{OrderID: "1", UserPhone: "8613800000001", Params: []Param{{"amount", "1"}, {"due", "2"}}}
	none := Order{OrderID: "1", UserPhone: "8613800000001"}
	german := Order{OrderID: "1", UserPhone: "4915112345678"}
	other := Order{OrderID: "2", UserPhone: "8613800000001"}
	blank := Order{OrderID: "1\r", UserPhone: "8613800000001"}
	similar := Order{OrderID: "2", UserPhone: "8613800000002", Params: []Param{{"am\u200bount", "1"}, {"due", "2"}}}
	template := Rules{RequireParams: []string{"amount", "due"}}
	for _, c := range []struct {
		name   string
		rules  *Rules
		orders []Order
		codes  string
	}{
		{"nil", nil, []Order{right, other}, ""},
		{"zero", &Rules{}, []Order{right, other}, ""},
		{"template", &template, []Order{right}, ""},
		{"template, none", &template, []Order{none}, "missing_param missing_param"},
		{"no params", &Rules{NoOtherParams: true}, []Order{none}, ""},
		{"no params, some", &Rules{NoOtherParams: true}, []Order{right}, "unknown_param unknown_param"},
		{"codes", &Rules{AllowCountryCodes: []string{"86", "49"}}, []Order{none}, ""},
		{"codes, other", &Rules{AllowCountryCodes: []string{"86", "1"}}, []Order{german}, "country_code_not_allowed"},
		{"both", &Rules{RequireParams: []string{"amount"}, AllowCountryCodes: []string{"44"}}, []Order{german},
			"country_code_not_allowed missing_param"},
		{"max", &Rules{MaxOrders: 2}, []Order{none, other}, ""},
		{"edges", nil, []Order{blank}, "blank_edge"},
		{"edges, allowed", &Rules{AllowBlankEdges: true}, []Order{blank}, ""},
		{"one phone twice", nil, []Order{none, other}, ""},
		{"one phone twice, refused", &Rules{UniquePhones: true}, []Order{none, other}, "duplicate_phone"},
		{"equal names", nil, []Order{right, similar}, "similar_param"},
		{"nearly a variable", &template, []Order{similar}, "unknown_param missing_param"},
		{"max, more", &Rules{MaxOrders: 1}, []Order{none, other}, "too_many_orders"},
	} {
		t.Run(c.name, func(t *testing.T) {
			batch, err := NewBatch(testTask, c.rules)
			if err != nil {
				t.Fatal(err)
			}
			defer batch.Close()
			if got := codes(batch.Add(c.orders...)); got != c.codes {
				t.Errorf("orders: %q; wanted %q", got, c.codes)
			}
			fromJSON, err := BatchFromJSON(marshal(t, c.orders), c.rules)
			if got := codes(err); got != c.codes {
				t.Errorf("JSON: %q; wanted %q", got, c.codes)
			}
			fromJSON.Close()
		})
	}
}

func codes(err error) string {
	var e *Error
	var all []string
	if errors.As(err, &e) {
		for _, violation := range e.Violations {
			all = append(all, violation.Code)
		}
	} else if err != nil {
		return err.Error()
	}
	return strings.Join(all, " ")
}

func TestRulesThatCannotBeSet(t *testing.T) {
	for code, rules := range map[string]*Rules{
		"rules_param_empty":    {RequireParams: []string{"a", ""}},
		"rules_param_nul":      {RequireParams: []string{"a\x00"}},
		"rules_param_repeated": {RequireParams: []string{"a", "b", "a"}},
		"rules_country_code":   {AllowCountryCodes: []string{"86", "+86"}},
		"rules_max_orders":     {MaxOrders: -1},
	} {
		batch, err := NewBatch(testTask, rules)
		wantError(t, err, ErrRules, code)
		fromJSON, err := BatchFromJSON(marshal(t, someOrders(0, 1)), rules)
		wantError(t, err, ErrRules, code)
		kept, _, err := BatchFromJSONKeepValid(marshal(t, someOrders(0, 1)), rules)
		wantError(t, err, ErrRules, code)
		if batch != nil || fromJSON != nil || kept != nil {
			t.Errorf("%s: a batch was returned", code)
		}
	}
	_, err := NewBatch(testTask, &Rules{RequireParams: []string{"\xff"}})
	wantError(t, err, ErrNotUTF8, "not_utf8")
}

func TestFromJSON(t *testing.T) {
	for _, text := range []string{"", "nonsense", "\xff"} {
		batch, err := BatchFromJSON([]byte(text), nil)
		refused := wantError(t, err, ErrRefused, "refused").Violations
		kept, _, err := BatchFromJSONKeepValid([]byte(text), nil)
		wantError(t, err, ErrRefused, "refused")
		if batch != nil || kept != nil || len(refused) != 1 || refused[0].Order != -1 || refused[0].Path != "" {
			t.Errorf("%q: %v", text, refused)
		}
		if got, want := refused[0].String(), refused[0].Message+" ["+refused[0].Code+"]"; got != want {
			t.Errorf("%q; wanted %q", got, want)
		}
	}
	if _, err := BatchFromJSON(nil, nil); err == nil {
		t.Error("nil was accepted as JSON")
	}

	orders := someOrders(0, 4)
	orders[1].UserPhone, orders[3].OrderID = "+8613800000001", orders[0].OrderID
	want := []wanted{
		{"phone_plus", "/callInfoList/callList/1/userPhone", "", 1},
		{"duplicate_order_id", "/callInfoList/callList/3/orderID", "", 3},
	}
	_, err := BatchFromJSON(marshal(t, orders), nil)
	wantViolations(t, wantError(t, err, ErrRefused, "refused").Violations, want)
	kept, refused, err := BatchFromJSONKeepValid(marshal(t, orders), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	wantViolations(t, refused, want)
	if got, want := build(t, kept).Body(), build(t, newBatch(t, nil, orders[0], orders[2])).Body(); !bytes.Equal(got, want) {
		t.Errorf("%q; wanted %q", got, want)
	}
}

func TestClearAndReserve(t *testing.T) {
	batch := newBatch(t, nil, someOrders(0, 10)...)
	batch.Clear()
	if batch.Len() != 0 {
		t.Error(batch.Len(), "orders")
	}
	for _, n := range []int{-1, 0, 1000, int(^uint(0) >> 1)} {
		batch.Reserve(n, 300)
		batch.Reserve(300, n)
	}
	if err := batch.Add(someOrders(0, 10)...); err != nil {
		t.Fatal(err)
	}
	if got, want := build(t, batch).Body(), build(t, newBatch(t, nil, someOrders(0, 10)...)).Body(); !bytes.Equal(got, want) {
		t.Errorf("%q; wanted %q", got, want)
	}
}

func TestClosedBatch(t *testing.T) {
	batch := newBatch(t, nil, someOrders(0, 1)...)
	copied := *batch
	batch.Close()
	batch.Close()
	copied.Close()
	for name, batch := range map[string]*Batch{"closed": batch, "copy": &copied, "zero": {}, "nil": nil} {
		t.Run(name, func(t *testing.T) {
			wantError(t, batch.Add(someOrders(0, 1)...), ErrClosed, "closed")
			_, _, err := batch.AddValid()
			wantError(t, err, ErrClosed, "closed")
			_, err = batch.Build(newSigner(t, MD5))
			wantError(t, err, ErrClosed, "closed")
			batch.Clear()
			batch.Reserve(1, 1)
			batch.Close()
			if batch.Len() != 0 {
				t.Error(batch.Len(), "orders")
			}
		})
	}
}

func TestErrorsContainNoPersonalData(t *testing.T) {
	order := Order{OrderID: "1", UserPhone: "+8613812345678", UserName: "Wang Fang", Params: []Param{{"amount", "secret value"}}}
	batch := newBatch(t, &Rules{RequireParams: []string{"other"}})
	err := batch.Add(order)
	wantError(t, err, ErrRefused, "refused")
	text := fmt.Sprintf("%+v %#v %v", err, err, err.(*Error).Violations)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text += fmt.Sprintf(verb, order) + fmt.Sprintf(verb, &order) + fmt.Sprintf(verb, []Order{order}) + fmt.Sprintf(verb, order.Params)
	}
	for _, personal := range []string{"13812345678", "Wang", "secret value", fmt.Sprintf("%x", "Wang")} {
		if strings.Contains(text, personal) {
			t.Errorf("%q is in %s", personal, text)
		}
	}
	if text := fmt.Sprintf("%+v", order); text != "callbot.Order{1 params}" {
		t.Error(text)
	}
	if text := fmt.Sprint(order.Params); text != `[callbot.Param{"amount"}]` {
		t.Error(text)
	}
}

// The number of calls into C does not depend on the number of orders.
func TestCallsIntoC(t *testing.T) {
	signer := newSigner(t, MD5)
	calls := func(orders []Order) (adding, building int64) {
		batch := newBatch(t, nil)
		runtime.GC() // finalizers must not call C while calls are counted
		time.Sleep(10 * time.Millisecond)
		start := runtime.NumCgoCall()
		if err := batch.Add(orders...); err != nil {
			t.Fatal(err)
		}
		added := runtime.NumCgoCall()
		if _, err := batch.Build(signer); err != nil {
			t.Fatal(err)
		}
		return added - start, runtime.NumCgoCall() - added
	}
	for _, count := range []int{1, 10, 10000} {
		if adding, building := calls(someOrders(0, count)); adding != 1 || building != 2 {
			t.Errorf("%d orders: %d calls to add them and %d to build; wanted 1 and 2", count, adding, building)
		}
	}
}
