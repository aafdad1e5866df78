package callbot

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"
)

// golden returns the body of an endpoint, which the tests of the core share.
func golden(t *testing.T, endpoint string) string {
	t.Helper()
	body, err := os.ReadFile("../core/tests/golden/requests/" + endpoint + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

var (
	testManual = &ManualCallSetting{
		AgentGroup: "g", DispatchType: 1, RatioCallRate: 1.5, PredictCallRate: json.RawMessage("0.0"), Extra: []Member{{"extraOfManual", 1}},
	}
	testSetting = &TaskSetting{
		StrategyName: "默认策略", StartupType: 1, StartupAt: int64(2), ZoneSecond: uint16(28800), DialAtWeekDay: "1,2", DialAtUpHour: "9",
		DialAtDownHour: "18", MaxCall: 3, TaskName: `Spring "24"`, TaskCallbackURL: "https://a.example/t", MaxRingTime: 30, RouteID: "r",
		ManualCallSetting: testManual, Extra: []Member{{"extraOfSetting", nil}},
	}
	testFlag = &FuncFlag{
		TaskKeep: false, RoundRedial: true, WholeTTS: false, SMSEnable: true,
		SMSFuncFlag: []SMSFuncFlag{
			{SMSID: "s", IntentID: []string{"1", "2"}, IntentName: []any{"好"}},
			{SMSID: "s2", Extra: []Member{{"extraOfSms", true}}},
		},
		PhoneEncrypt: true, Extra: []Member{{"extraOfFlag", []int{1}}},
	}
	limits = TurnTime{Gt: pointer(int64(1)), Lt: pointer(int64(5)), Enable: pointer(true)}
)

// Every type of call gives the body that the API's page documents.
func TestCalls(t *testing.T) {
	signer := newSigner(t, MD5)
	calls := []Call{
		Ping{Data: "é\n"},
		&StopOrder{UserTaskID: "t1", OrderIDs: []string{"1", "2"}, DelCall: pointer(int64(0))},
		ExportBatchCall{UserTaskID: "t1"},
		MgrTaskStatus{UserTaskID: "t1", TaskOperate: TaskComplete, DelCall: pointer(int64(1))},
		ListOrderDetail{UserTaskID: "t1", OrderList: []string{"1", "2"}},
		ListTask{Page: 1, Size: 100, QueryConditions: QueryConditions{
			TaskStatus: []int64{TaskStatusWaiting, TaskStatusRunning}, TaskName: []string{"a"}, SceneID: "s1", UserTaskID: []string{"t1"},
			StartTs: pointer(int64(1)), EndTs: pointer(int64(2)),
		}},
		ListOrder{UserTaskID: "t1", Options: OrderOptions{
			OrderID: []string{"1"}, IntentID: []string{"2"}, IntentName: []string{"3"}, IntentTag: []string{}, IntentLevel: []int64{1},
			Finish: pointer(int64(1)), TurnTime: &limits, CallDuration: limits, CallStatus: json.RawMessage("[ 1 ]"),
		}, Page: 1, Size: 100},
		ListCall{UserTaskID: "t1", Options: CallOptions{
			CallID: []string{"1"}, CallingNumber: "2", LineAddress: "3", IntentID: []string{"4"}, IntentName: []string{"5"},
			IntentTag: [1]string{"6"}, IntentLevel: []int8{7}, TurnTime: limits, CallDuration: &limits, CallStatus: []int{1}, StartTs: 1, EndTs: 2,
		}, Page: 1, Size: 100},
		CreateTask{
			Account: "a", UserTaskID: "t1", SceneID: "s1",
			TaskCreateSetting: &CreateTaskSetting{
				StrategyName: "默认策略", StartupType: 1, StartupAt: 2, ZoneSecond: 28800, DialAtWeekDay: "1,2", DialAtUpHour: "9",
				DialAtDownHour: "18", MaxRingTime: 30, RouteID: "r", ManualCallSetting: testManual, Extra: []Member{{"extraOfSetting", nil}},
			},
			FuncFlag: &CreateTaskFuncFlag{
				TaskKeep: false, RoundRedial: true, WholeTTS: false, SMSEnable: true,
				SMSFuncFlag: []CreateTaskSMS{
					{SMSID: "s", IntentID: []string{"1", "2"}, IntentName: []string{"好"}},
					{SMSID: "s2", Extra: []Member{{"extraOfSms", true}}},
				},
				Extra: []Member{{"extraOfFlag", []int{1}}},
			},
			Other: "o", TaskCallbackURL: "https://a.example/t", OrderCallbackURL: "https://a.example/o", Extra: []Member{{"extra", json.RawMessage(`{ "b": 1, "a": 2 }`)}},
		},
		UpdateTask{UserTaskID: "t1", SceneID: "s1", TaskCreateSetting: testSetting, FuncFlag: testFlag, Extra: []Member{{"extra", 1}}},
	}
	seen := map[string]bool{}
	for _, call := range calls {
		request, err := signer.Request(call, WithRequestID(testID), At(testTime))
		if err != nil {
			t.Errorf("%T: %v", call, err)
			continue
		}
		endpoint := call.endpoint()
		seen[endpoint] = true
		if string(request.Body()) != golden(t, endpoint) || request.Endpoint() != endpoint {
			t.Errorf("%s\nwanted %s", request.Body(), golden(t, endpoint))
		}
		again, err := signer.RequestJSON(endpoint, []byte(golden(t, endpoint)), WithRequestID(testID), At(testTime))
		if err != nil || again.Header().Get("sign") != request.Header().Get("sign") {
			t.Error(endpoint, err)
		}
		// encoding/json writes the same values.
		text, err := json.Marshal(call)
		if err != nil {
			t.Fatal(err)
		}
		again, err = signer.RequestJSON(endpoint, text, WithRequestID(testID), At(testTime))
		if err != nil || string(again.Body()) != golden(t, endpoint) {
			t.Errorf("%s, %v", text, err)
		}
	}
	for endpoint := range responseReaders {
		if endpoint != "" && !batchEndpoints[endpoint] && !seen[endpoint] {
			t.Errorf("no call of %s", endpoint)
		}
	}
}

func TestBatchesOfOtherEndpoints(t *testing.T) {
	order := Order{OrderID: "1", UserPhone: "8613800000001", Other: "o", UserName: "n", CustomerName: "c", Params: []Param{{"p", "v"}}}
	const orderURL, callURL = "https://a.example/o", "https://a.example/c"
	for endpoint, head := range map[string]BatchHead{
		"importBatchCall": ImportBatchCall{UserTaskID: "t", OrderCallbackURL: orderURL, CallCallbackURL: callURL},
		"createAndCall": &CreateAndCall{
			UserTaskID: "t1", SceneID: "s1", TaskCreateSetting: testSetting, FuncFlag: testFlag,
			CallInfoList: CallInfoList{orderURL, callURL}, Extra: []Member{{"extra", 1}},
		},
	} {
		batch, err := NewBatch(head, &Rules{RequireParams: []string{"p"}})
		if err != nil {
			t.Fatal(err)
		}
		defer batch.Close()
		refused := wantError(t, batch.Add(Order{OrderID: "2", UserPhone: "8613800000002"}), ErrRefused, "refused").Violations
		wantViolations(t, refused, []wanted{{"missing_param", "/callInfoList/callList/0/params", "p", 0}})
		if err := batch.Add(order); err != nil {
			t.Fatal(err)
		}
		request, err := batch.Build(newSigner(t, MD5))
		if err != nil || string(request.Body()) != golden(t, endpoint) || request.Endpoint() != endpoint {
			t.Errorf("%s, %v\nwanted %s", request.Body(), err, golden(t, endpoint))
		}
	}
	for endpoint, head := range map[string]BatchHead{"importBatchCall": ImportBatchCall{}, "createAndCall": CreateAndCall{}} {
		_, err := NewBatch(head, nil)
		refused := wantError(t, err, ErrRefused, "refused").Violations
		if len(refused) != 3 {
			t.Error(endpoint, refused)
		}
	}
	for _, head := range []BatchHead{nil, (*Task)(nil), (*CreateAndCall)(nil)} {
		_, err := NewBatch(head, nil)
		wantError(t, err, ErrClosed, "closed")
	}
	_, err := NewBatch(CreateAndCall{SceneID: math.NaN()}, nil)
	wantError(t, err, ErrRefused, "json_value")
	_, err = NewBatchFor("stopOrder", []byte("{}"), nil)
	wantError(t, err, ErrEndpoint, "endpoint_no_orders")
	two := []byte(`{"userTaskID":"t","callInfoList":{"orderCallbackUrl":"https://a.example/o","callCallbackUrl":"https://a.example/c",` +
		`"callList":[{"orderID":"1","userPhone":"8613800000001","other":"","userName":"","customerName":"","params":[]},` +
		`{"orderID":"2","userPhone":"+8613800000001","other":"","userName":"","customerName":"","params":[]}]}}`)
	_, err = NewBatchFor("importBatchCall", two, nil)
	want := []wanted{{"phone_plus", "/callInfoList/callList/1/userPhone", "", 1}}
	wantViolations(t, wantError(t, err, ErrRefused, "refused").Violations, want)
	batch, refused, err := NewBatchForKeepValid("importBatchCall", two, nil)
	if err != nil || batch.Len() != 1 {
		t.Fatal(err)
	}
	defer batch.Close()
	wantViolations(t, refused, want)
}

func TestCallsAreRefused(t *testing.T) {
	signer := newSigner(t, MD5)
	for _, c := range []struct {
		call Call
		want []wanted
	}{
		{StopOrder{}, []wanted{{"empty", "/userTaskID", "", -1}, {"empty", "/orderIDs", "", -1}}},
		{
			StopOrder{UserTaskID: "t\xff", OrderIDs: []string{"", "\xff"}, DelCall: pointer(int64(2))},
			[]wanted{
				{"text_not_utf8", "/userTaskID", "", -1}, {"text_not_utf8", "/orderIDs/1", "", -1}, {"empty", "/orderIDs/0", "", -1},
				{"out_of_range", "/delCall", "", -1},
			},
		},
		{MgrTaskStatus{UserTaskID: "t", TaskOperate: 4}, []wanted{{"out_of_range", "/taskOperate", "", -1}}},
		{ListOrderDetail{UserTaskID: "t", OrderList: make([]string, 501)}, nil},
		{CreateTask{UserTaskID: "t", Extra: []Member{{"a", 1}, {"a", 2}}}, []wanted{{"repeated_key", "", "", -1}}},
	} {
		_, err := signer.Request(c.call)
		refused := wantError(t, err, ErrRefused, "refused").Violations
		if c.want == nil {
			if len(refused) == 0 {
				t.Error(err)
			}
			continue
		}
		wantViolations(t, refused, c.want)
	}
	for _, call := range []Call{nil, (*Ping)(nil)} {
		_, err := signer.Request(call)
		wantError(t, err, ErrClosed, "closed")
	}
	inItself := map[string]any{}
	inItself["x"] = []any{&inItself}
	for _, value := range []any{inItself, math.Inf(1), make(chan int), func() {}, map[int]chan int{1: nil}, json.RawMessage("{"), complex(1, 1)} {
		_, err := signer.Request(CreateTask{UserTaskID: "t", Account: []any{value}})
		wantError(t, err, ErrRefused, "json_value")
	}
	_, err := signer.RequestJSON("noOrder", []byte("{}"))
	wantError(t, err, ErrEndpoint, "endpoint")
	_, err = signer.RequestJSON("ping", nil)
	wantError(t, err, ErrRefused, "refused")
	_, err = (&Signer{}).Request(Ping{})
	wantError(t, err, ErrClosed, "closed")
	_, err = signer.Request(Ping{}, WithRequestID("a b"))
	wantError(t, err, ErrRequestID, "request_id_character")
}

// A string that is not UTF-8 is told by its field. What has no pointer of its own has that of the
// field around it, and no violation shows a key that no page has.
func TestCallsThatAreNotUTF8(t *testing.T) {
	signer := newSigner(t, MD5)
	const bad = "zhang\xffwei"
	for path, call := range map[string]Call{
		"/sceneID":                      CreateTask{UserTaskID: "t", SceneID: bad},
		"/account":                      CreateTask{UserTaskID: "t", SceneID: "s", Account: []any{map[string]string{"zhangwei": bad}}},
		"/other":                        &CreateTask{UserTaskID: "t", SceneID: "s", Other: json.RawMessage(`["zhangwei` + bad + `"]`)},
		"/taskCreateSetting/routeID":    CreateTask{UserTaskID: "t", SceneID: "s", TaskCreateSetting: &CreateTaskSetting{RouteID: bad}},
		"/taskCreateSetting":            CreateTask{UserTaskID: "t", SceneID: "s", TaskCreateSetting: &CreateTaskSetting{Extra: []Member{{"zhangwei", bad}}}},
		"/funcFlag/smsFuncFlag/1/smsId": CreateTask{UserTaskID: "t", SceneID: "s", FuncFlag: &CreateTaskFuncFlag{SMSFuncFlag: []CreateTaskSMS{{}, {SMSID: bad}}}},
		"":                              UpdateTask{UserTaskID: "t", TaskCreateSetting: &TaskSetting{}, Extra: []Member{{bad, 1}}},
		"/queryConditions/userTaskID/2": ListTask{QueryConditions: QueryConditions{UserTaskID: []string{"", "", bad}}},
		"/options/intentName":           ListCall{UserTaskID: "t", Options: CallOptions{IntentName: []string{bad}}},
	} {
		_, err := signer.Request(call)
		refused := wantError(t, err, ErrRefused, "refused")
		first := refused.Violations[0]
		if first.Code != "text_not_utf8" || first.Path != path || !strings.Contains(path, first.Field) || !strings.Contains(refused.Message, first.String()) {
			t.Errorf("%s: %v, %q", path, err, first.Field)
		}
		if strings.Contains(err.Error(), "wei") {
			t.Errorf("%s: %v", path, err)
		}
	}
	_, err := signer.Request(StopOrder{UserTaskID: "\xc3\x28", OrderIDs: []string{"1"}})
	want := "callbot: /userTaskID: the string is not UTF-8 from byte 0 on (counted from 0); convert it to UTF-8 [text_not_utf8]"
	if err == nil || err.Error() != want {
		t.Error(err)
	}
	// What the library says of the object around such a key is told as well.
	_, err = signer.Request(UpdateTask{UserTaskID: "t", Extra: []Member{{bad, 1}, {"a\x00", 1}}})
	wantViolations(t, wantError(t, err, ErrRefused, "refused").Violations, []wanted{
		{"text_not_utf8", "", "", -1}, {"nul_character", "", "", -1},
	})
	_, err = (&Signer{}).Request(Ping{Data: bad})
	wantError(t, err, ErrClosed, "closed")
	for _, head := range []BatchHead{
		ImportBatchCall{UserTaskID: bad, OrderCallbackURL: "ftp://a.example", CallCallbackURL: "https://a.example"},
		CreateAndCall{UserTaskID: bad, CallInfoList: CallInfoList{"ftp://a.example", "https://a.example"}},
	} {
		_, err := NewBatch(head, nil)
		refused := wantError(t, err, ErrRefused, "refused")
		wantViolations(t, refused.Violations, []wanted{
			{"text_not_utf8", "/userTaskID", "", -1}, {"url_scheme", "/callInfoList/orderCallbackUrl", "", -1},
		})
		if !strings.HasPrefix(refused.Message, "2 violations; the first: /userTaskID: ") {
			t.Error(refused.Message)
		}
	}
	_, err = NewBatch(CreateAndCall{UserTaskID: bad, CallInfoList: CallInfoList{"https://a.example", "https://a.example"}}, nil)
	wantViolations(t, wantError(t, err, ErrRefused, "refused").Violations, []wanted{{"text_not_utf8", "/userTaskID", "", -1}})
}

// encoding/json reads the requests that it writes, and keeps what has no field.
func TestRequestsAreRead(t *testing.T) {
	signer := newSigner(t, MD5)
	for _, call := range []Call{&CreateTask{}, &UpdateTask{}, &ListTask{}, &StopOrder{}} {
		body := golden(t, call.endpoint())
		if err := json.Unmarshal([]byte(body), call); err != nil {
			t.Fatal(err)
		}
		request, err := signer.Request(call)
		if err != nil || string(request.Body()) != body {
			t.Errorf("%s, %v\nwanted %s", request.Body(), err, body)
		}
	}
	var head CreateAndCall
	if err := json.Unmarshal([]byte(golden(t, "createAndCall")), &head); err != nil {
		t.Fatal(err)
	}
	if head.UserTaskID != "t1" || head.CallInfoList.CallCallbackURL == "" || len(head.FuncFlag.SMSFuncFlag) != 2 || len(head.FuncFlag.Extra) != 1 {
		t.Error(head.UserTaskID, head.FuncFlag)
	}
	task := CreateTask{Account: 1, Other: "kept", Extra: []Member{{"a", 1}}}
	const text = `{"account":12345678901234567890.10,"b":{"z":1,"a":2},"userTaskID":"t","USERTASKID":null,"taskCreateSetting":{"dialAtUpHour":1,` +
		`"dialAtUpHour ":2,"manualCallSetting":{"x":[]}},"funcFlag":null}`
	if err := json.Unmarshal([]byte(text), &task); err != nil {
		t.Fatal(err)
	}
	const want = `{"account":12345678901234567890.10,"userTaskID":"t","sceneID":"","taskCreateSetting":{"dialAtUpHour ":2,` +
		`"manualCallSetting":{"x":[]},"dialAtUpHour":1},"other":"kept","b":{"z":1,"a":2},"USERTASKID":null}`
	if written, err := json.Marshal(task); err != nil || string(written) != want {
		t.Errorf("%s, %v", written, err)
	}
	if err := json.Unmarshal([]byte("null"), &task); err != nil || task.UserTaskID != "t" {
		t.Error(err)
	}
	for text, code := range map[string]string{`{"a":1,"a":2}`: "content_repeated", `[]`: "content_json"} {
		wantError(t, json.Unmarshal([]byte(text), &task), ErrContent, code)
	}
	var wrong *json.UnmarshalTypeError
	if err := json.Unmarshal([]byte(`{"userTaskID":1}`), &task); !errors.As(err, &wrong) {
		t.Error(err)
	}
}

// What was received can be a value of a request, and is written as it is.
func TestReceivedValuesAreWritten(t *testing.T) {
	call := new(CallCallback)
	if err := readBody(`{"callbackType":1,"orderID":"o","x":{"y":1},"callInfoDetail":{"params":[{"name":"a"}]}}`, call, nil); err != nil {
		t.Fatal(err)
	}
	for _, value := range []any{call, *call, call.Extra, &call.Extra, call.CallInfoDetail.Params, call.CallInfoDetail.Params.At(0)} {
		want, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if written, err := marshalRequest(value); err != nil || string(written) != string(want) {
			t.Errorf("%s, %v; wanted %s", written, err, want)
		}
	}
}

// loud is a string and quiet a number. Both say themselves how they are written.
type (
	loud  string
	quiet int
)

func (l loud) MarshalJSON() ([]byte, error)  { return json.Marshal(strings.ToUpper(string(l))) }
func (q quiet) MarshalText() ([]byte, error) { return []byte(strings.Repeat("q", int(q))), nil }

// Values of all types are written as they are meant.
func TestValuesAreWritten(t *testing.T) {
	type named string
	for want, value := range map[string]any{
		`null`: nil, `""`: "", `"<&>\u0001\"\\é😀"`: "<&>\x01\"\\é😀", `"x"`: named("x"), `-5`: -5, `7`: uint8(7), `1.5`: 1.5, `true`: true,
		`[]`: []string(nil), `["a",1,null]`: []any{"a", 1, nil}, `{"a":[1],"b":{}}`: map[string]any{"b": map[string]int{}, "a": []int{1}},
		`"<"`: pointer("<"), `{"gt":1}`: TurnTime{Gt: pointer(int64(1))}, `[{"x":"<"}]`: []struct {
			X string `json:"x"`
		}{{"<"}}, `12.30`: json.Number("12.30"), `"AQI="`: []byte{1, 2},
		`"LOUD"`: loud("loud"), `"qq"`: quiet(2), `[4,"L"]`: []any{big.NewInt(4), pointer(loud("l"))},
		`18446744073709551616`: new(big.Int).Lsh(big.NewInt(1), 64), `"2024-09-13T00:00:00Z"`: time.Date(2024, 9, 13, 0, 0, 0, 0, time.UTC),
	} {
		written, err := marshalRequest(value)
		if err != nil || string(written) != want {
			t.Errorf("%s, %v; wanted %s", written, err, want)
		}
	}
}

// What a batch may send with rules can be stopped with them, as a type and as JSON.
func TestRequestWithRules(t *testing.T) {
	signer := newSigner(t, MD5)
	call := StopOrder{UserTaskID: "t\t", OrderIDs: []string{"1 "}}
	_, err := signer.RequestWith(&Rules{}, call)
	wantError(t, err, ErrRefused, "refused")
	request, err := signer.RequestWith(&Rules{AllowBlankEdges: true}, call)
	if want := `{"productID":"callbot","userTaskID":"t\t","orderIDs":["1 "]}`; err != nil || string(request.Body()) != want {
		t.Fatal(err)
	}
	again, err := signer.RequestJSONWith(&Rules{AllowBlankEdges: true}, "stopOrder", request.Body())
	if err != nil || string(again.Body()) != string(request.Body()) {
		t.Error(err)
	}
	_, err = signer.RequestJSONWith(&Rules{MaxOrders: -1}, "stopOrder", request.Body())
	var refused *Error
	if !errors.As(err, &refused) {
		t.Error(err)
	}
}
