package callbot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const detailJSON = `{"callID":"c-1","callingNumber":"862100000000","lineAddress":"192.0.2.7","callStatus":4711,"callStartTs":1,` +
	`"callAnswerTs":2,"callEndTs":3,"callDuration":9007199254740993,"callAudioUrl":"https://a/","hangupCause":"h",` +
	`"termSipCode":"200","intents":[{"intentID":"i","intentTag":"t","intentName":"n","intentLevel":-1,"more":1},{}],` +
	`"sms":[{"smsSendTs":5,"sysMessageID":"m","smsContent":"hello"}],"agent":{"agentName":"a","agentGroup":"g",` +
	`"agentCallStatus":1,"agentCallElapsed":2,"agentLabel":"l","manualCallStart":3,"manualCallAnswer":4,"manualCallEnd":5,` +
	`"manualHangupBy":0},"params":[{"name":"amount","value":"120.50"}],"recordDetail":[{}]}`

func pointer[T any](value T) *T { return &value }

var wantDetail = &CallInfoDetail{
	CallID: "c-1", CallingNumber: "862100000000", LineAddress: "192.0.2.7",
	CallStatus: pointer(int64(4711)), CallStartTs: pointer(int64(1)), CallAnswerTs: pointer(int64(2)), CallEndTs: pointer(int64(3)),
	CallDuration: pointer(int64(9007199254740993)), CallAudioURL: "https://a/", HangupCause: "h",
	TermSipCode: "200",
	Intents:     listOf[Intent](`[{"intentID":"i","intentTag":"t","intentName":"n","intentLevel":-1,"more":1},{}]`),
	SMS:         listOf[SMS](`[{"smsSendTs":5,"sysMessageID":"m","smsContent":"hello"}]`),
	Agent: &Agent{
		AgentName: "a", AgentGroup: "g", AgentCallStatus: pointer(int64(1)), AgentCallElapsed: pointer(int64(2)),
		AgentLabel: "l", ManualCallStart: pointer(int64(3)), ManualCallAnswer: pointer(int64(4)),
		ManualCallEnd: pointer(int64(5)), ManualHangupBy: pointer(int64(0)),
	},
	Params: listOf[FilledParam](`[{"name":"amount","value":"120.50"}]`),
	Extra:  raws("recordDetail", "[{}]"),
}

// same compares two values by their JSON, since an Extra and a List have the text that they were
// read from, and Format does not show the content.
func same(t *testing.T, got, want any) {
	t.Helper()
	gotJSON, gotErr := json.Marshal(got)
	wantJSON, wantErr := json.Marshal(want)
	if gotErr != nil || wantErr != nil || reflect.TypeOf(got) != reflect.TypeOf(want) || !bytes.Equal(gotJSON, wantJSON) {
		t.Errorf("%s\nwanted %s", gotJSON, wantJSON)
	}
}

func TestCallCallback(t *testing.T) {
	body := strings.TrimSuffix(callBody, "}") + `,"callInfoDetail":` + detailJSON + `,"new":{"b":1.10,"a":[]}}`
	callback, err := verify(t, body).CallCallback()
	if err != nil {
		t.Fatal(err)
	}
	same(t, callback, &CallCallback{
		CallbackType: 1, OrderID: "o-1", UserPhone: "8613800000001", UserName: pointer("王芳"), SceneID: "s", UserTaskID: "t", TaskID: "p",
		Finish: pointer(true), Other: pointer("secret note"), CallInfoDetail: wantDetail,
		Extra: raws("new", `{"b":1.10,"a":[]}`),
	})
	callback, err = verify(t, callBody).CallCallback()
	if err != nil || callback.CallInfoDetail != nil || callback.Extra.Len() > 0 {
		t.Error(err)
	}
}

func TestOrderCallback(t *testing.T) {
	const required = `{"callbackType":"2","orderID":"","userPhone":"86","userName":"n","sceneID":"s","userTaskID":"t","taskID":"p"`
	want := OrderCallback{CallbackType: 2, UserPhone: "86", UserName: pointer("n"), SceneID: "s", UserTaskID: "t", TaskID: "p"}
	callback, err := verify(t, required+"}").OrderCallback()
	if err != nil {
		t.Fatal(err)
	}
	same(t, callback, &want)
	callback, err = verify(t, required+`,"finish":false,"other":"o","callInfoDetail":`+detailJSON+"}").OrderCallback()
	if err != nil {
		t.Fatal(err)
	}
	all := want
	all.Finish, all.Other, all.CallInfoDetail = pointer(false), pointer("o"), wantDetail
	same(t, callback, &all)
	// null counts as missing. A value of another type stays in Extra.
	callback, err = verify(t, required+`,"finish":"no","other":null,"callInfoDetail":[]}`).OrderCallback()
	if err != nil {
		t.Fatal(err)
	}
	odd := want
	odd.Extra = raws("finish", `"no"`, "callInfoDetail", "[]")
	same(t, callback, &odd)
}

func TestTaskCallback(t *testing.T) {
	callback, err := verify(t, taskBody).TaskCallback()
	if err != nil {
		t.Fatal(err)
	}
	same(t, callback, &TaskCallback{
		CallbackType: 1, UserTaskID: "t", TaskID: "p", SceneID: "s", TaskStatus: pointer(int64(4711)),
		CreateTs: pointer(int64(1726200000)),
		TaskStat: &TaskStat{
			AnswerOrderCount: pointer(int64(1)), FinishOrderCount: pointer(int64(2)),
			TotalOrderCount: pointer(int64(9007199254740993)), FinishRate: pointer(0.67), TotalAnswerCall: pointer(int64(4)),
			TotalCall: pointer(int64(5)), AnswerRate: pointer(1.0),
		},
	})
}

func TestCallbackTypes(t *testing.T) {
	for written, want := range map[string]int64{
		`1`: 1, `"1"`: 1, `4711`: 4711, `"-9223372036854775808"`: -9223372036854775808, `9007199254740993`: 9007199254740993,
	} {
		callback, err := verify(t, strings.Replace(callBody, `"callbackType":1`, `"callbackType":`+written, 1)).CallCallback()
		if err != nil || callback.CallbackType != want {
			t.Errorf("%s: %v", written, err)
		}
	}
	_, err := verify(t, strings.Replace(callBody, `"callbackType":1`, `"callbackType":"one"`, 1)).CallCallback()
	wantError(t, err, ErrContent, "content_wrong_type")
}

// Keys are case-sensitive: a key in another case never replaces the known one.
func TestKeysAreCaseSensitive(t *testing.T) {
	body := strings.TrimSuffix(callBody, "}") + `,"ORDERID":"forged","uſerPhone":"forged","callInfoDetail":{"CALLID":"forged"}}`
	callback, err := verify(t, body).CallCallback()
	if err != nil {
		t.Fatal(err)
	}
	if callback.OrderID != "o-1" || callback.UserPhone != "8613800000001" || callback.CallInfoDetail.CallID != "" ||
		callback.Extra.Len() != 2 || callback.CallInfoDetail.Extra.Len() != 1 {
		same(t, callback, nil)
	}
	_, err = verify(t, strings.Replace(callBody, "orderID", "ORDERID", 1)).CallCallback()
	wantError(t, err, ErrContent, "content_missing")
}

// A Go string cannot hold an unpaired surrogate: it is read as U+FFFD, in values and in keys.
func TestUnpairedSurrogatesAreReplaced(t *testing.T) {
	const detail = `{"callID":"\ud800","hangupCause":"\\ud800","agent":{"\udc00":1},"sms":[{},{"\ud800":1}],"params":[{"name":"\ud83d\ude00"}]}`
	body := strings.TrimSuffix(callBody, "}") + `,"callInfoDetail":` + detail + `}`
	callback, err := verify(t, body).CallCallback()
	if err != nil {
		t.Fatal(err)
	}
	replaced := raws("\ufffd", "1")
	same(t, callback.CallInfoDetail, &CallInfoDetail{
		SMS: callback.CallInfoDetail.SMS, Params: callback.CallInfoDetail.Params,
		CallID:      "\ufffd",
		HangupCause: `\ud800`,
		Agent:       &Agent{Extra: replaced},
	})
	same(t, callback.CallInfoDetail.SMS.At(1), SMS{Extra: replaced})
	same(t, callback.CallInfoDetail.Params.At(0), FilledParam{Name: "😀"})
	callback, err = verify(t, strings.Replace(callBody, "王芳", `\ud800`, 1)).CallCallback()
	if err != nil || *callback.UserName != "\ufffd" {
		t.Error(err)
	}
}

// Each optional field of the detail is read from its own key, and stays in Extra if it has another
// type.
func TestDetailOfOtherTypes(t *testing.T) {
	var names map[string]json.RawMessage
	if err := json.Unmarshal([]byte(detailJSON), &names); err != nil {
		t.Fatal(err)
	}
	for name := range names {
		for _, odd := range []string{"true", `{"x":"y"}`, "[1]", "1.5"} {
			if name == "agent" && odd[0] == '{' || odd[0] == '[' {
				continue // that is its type
			}
			body := strings.TrimSuffix(callBody, "}") + fmt.Sprintf(`,"callInfoDetail":{%q:%s}}`, name, odd)
			callback, err := verify(t, body).CallCallback()
			if err != nil {
				t.Fatal(err)
			}
			same(t, callback.CallInfoDetail, &CallInfoDetail{Extra: raws(name, odd)})
		}
	}
}

func BenchmarkReadCallCallback(b *testing.B) {
	verified := verify(b, strings.TrimSuffix(callBody, "}")+`,"callInfoDetail":`+detailJSON+"}")
	b.ReportAllocs()
	for range b.N {
		if _, err := verified.CallCallback(); err != nil {
			b.Fatal(err)
		}
	}
}
