package callbot

import (
	"encoding/json"
	"net/http"
	"testing"
)

func TestResponse(t *testing.T) {
	message := answer(t, build(t, newBatch(t, nil, someOrders(0, 3)...)), responseBody)
	response, err := Read[AddBatchResponse](message)
	if err != nil {
		t.Fatal(err)
	}
	want := &AddBatchResponse{
		Envelope:     Envelope{RetMsg: "success", ResponseID: "x-1"},
		TotalCount:   pointer(int64(3)),
		SuccessCount: pointer(int64(1)),
		ErrList:      response.ErrList,
	}
	same(t, response, want)
	refused := []RefusedPhone{{Phone: "8613800000000", ErrMsg: "blocked", Extra: raws("why", "1")}, {Phone: "86", ErrMsg: "unknown"}}
	for i, row := range response.ErrList.All() {
		same(t, row, refused[i])
	}
	result, err := message.Result()
	if want := (Result{Meaning: "success", Retry: RetrySucceeded, Message: "success", ResponseID: "x-1"}); err != nil || result != want {
		t.Error(result, err)
	}
	// A message that was verified without a request is not a response.
	for _, message := range []*Verified{verify(t, responseBody), nil, {}} {
		_, err = Read[AddBatchResponse](message)
		result, resultErr := message.Result()
		if err == nil || resultErr == nil || err.Error() != resultErr.Error() {
			t.Error(err, resultErr)
		}
		if result.IsSuccess() || result.Retry != RetryUnknown {
			t.Error(result)
		}
	}
}

func TestResults(t *testing.T) {
	request := build(t, newBatch(t, nil, someOrders(0, 1)...))
	for code, want := range map[string]Result{
		`0`:    {Meaning: "success", Retry: RetrySucceeded},
		`"0"`:  {Meaning: "success", Retry: RetrySucceeded},
		`4001`: {Code: 4001, Meaning: "content too large: too many array elements", Retry: RetryNever},
		`7`:    {Code: 7, Meaning: "system busy", Retry: RetryLater},
		`5001`: {Code: 5001, Meaning: "internal server error", Retry: RetryUnknown},
		`1`:    {Code: 1, Meaning: "general error", Retry: RetryUnknown},
		`4711`: {Code: 4711, Retry: RetryUnknown},
		`-1`:   {Code: -1, Retry: RetryUnknown},
	} {
		result, err := answer(t, request, `{"retCode":`+code+`,"retMsg":null}`).Result()
		if err != nil || result != want || result.IsSuccess() != (want.Code == 0) {
			t.Errorf("%s: %+v, %v", code, result, err)
		}
	}
	for retry, name := range map[Retry]string{RetrySucceeded: "succeeded", RetryLater: "later", RetryNever: "never", RetryUnknown: "unknown", 9: "Retry(9)"} {
		if retry.String() != name {
			t.Error(retry)
		}
	}
	for body, code := range map[string]string{`{"code":0}`: "content_missing", `{"retCode":true}`: "content_wrong_type", ``: "content_json", `[`: "content_json", `{"retCode":0,"a":1,"a":2}`: "content_repeated"} {
		message := answer(t, request, body)
		_, err := Read[Envelope](message)
		e := wantError(t, err, ErrContent, code)
		none, err := message.Result()
		if none.IsSuccess() || none.Retry != RetryUnknown {
			t.Error(none)
		}
		// The library reads it itself.
		if result := wantError(t, err, ErrContent, code); result.Message != e.Message {
			t.Errorf("%q and %q", result.Message, e.Message)
		}
	}
}

// ping has other names for the same.
func TestPing(t *testing.T) {
	signer := newSigner(t, MD5)
	request, err := signer.Request(Ping{Data: "x"}, WithRequestID(testID))
	if err != nil {
		t.Fatal(err)
	}
	message := answer(t, request, `{"data":"x","timestamp":5,"code":7,"msg":"busy","reqId":"p-1","retCode":0}`)
	ping, err := Read[PingResponse](message)
	if err != nil {
		t.Fatal(err)
	}
	same(t, ping, &PingResponse{Data: "x", Timestamp: pointer(int64(5)), Code: 7, Msg: "busy", ReqID: "p-1", Extra: raws("retCode", "0")})
	result, err := message.Result()
	if want := (Result{Code: 7, Meaning: "system busy", Retry: RetryLater, Message: "busy", ResponseID: "p-1"}); err != nil || result != want {
		t.Error(result, err)
	}
	envelope, err := Read[Envelope](message)
	if err != nil {
		t.Fatal(err)
	}
	same(t, envelope, &Envelope{RetCode: 7, RetMsg: "busy", ResponseID: "p-1", Extra: raws("data", `"x"`, "timestamp", "5", "retCode", "0")})
}

// A genuine response to another request, or of another account or algorithm, is refused.
func TestOtherRequest(t *testing.T) {
	signer := newSigner(t, MD5)
	sha, err := NewSigner(testUUID, testSecret, SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer sha.Close()
	second, err := NewSigner("second", testSecret, MD5)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	verifier := newVerifier(t, signer, sha, second)
	request := build(t, newBatch(t, nil, someOrders(0, 1)...))
	sign := func(signer *Signer, request *Request) http.Header {
		header, err := SignResponse(signer, request.Sent(), []byte(responseBody), At(testTime))
		if err != nil {
			t.Fatal(err)
		}
		return header
	}
	again := func(signer *Signer, requestID string) *Request {
		request, err := request.SignAgain(signer, WithRequestID(requestID), At(testTime))
		if err != nil {
			t.Fatal(err)
		}
		return request
	}
	for name, header := range map[string]http.Header{
		"request id": sign(signer, again(signer, "another")),
		"algorithm":  sign(sha, request),
		"account":    sign(second, request),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := verifier.VerifyResponse(request.Sent(), header, []byte(responseBody), At(testTime))
			part := map[string]string{"request id": "requestID", "algorithm": "algorithm", "account": "uuid"}[name]
			wantMessage(t, wantError(t, err, ErrOtherRequest, "verify_other_request"), part)
		})
	}
	for _, signer := range []*Signer{signer, sha, second} {
		request := again(signer, "again")
		if _, err := verifier.VerifyResponse(request.Sent(), sign(signer, request), []byte(responseBody), At(testTime)); err != nil {
			t.Error(err)
		}
	}
}

// The response needs no request: what was sent can be stored.
func TestSentIsStored(t *testing.T) {
	for _, algorithm := range []Algorithm{MD5, SHA256} {
		signer := newSigner(t, algorithm)
		request, err := newBatch(t, nil, someOrders(0, 3)...).Build(signer, WithRequestID(testID), At(testTime))
		if err != nil {
			t.Fatal(err)
		}
		want := Sent{Endpoint: "addBatchCall", RequestID: testID, UUID: testUUID, Algorithm: algorithm}
		if request.Sent() != want || request.Endpoint() != want.Endpoint {
			t.Errorf("%+v; wanted %+v", request.Sent(), want)
		}
		header, err := SignResponse(signer, request.Sent(), []byte(responseBody), At(testTime))
		if err != nil {
			t.Fatal(err)
		}
		stored, err := json.Marshal(request.Sent())
		if err != nil {
			t.Fatal(err)
		}
		var sent Sent
		if err := json.Unmarshal(stored, &sent); err != nil || sent != want {
			t.Fatal(sent, err)
		}
		verifier := newVerifier(t, signer)
		verified, err := verifier.VerifyResponse(sent, header, []byte(responseBody), At(testTime))
		if err != nil {
			t.Fatal(err)
		}
		response, err := Read[AddBatchResponse](verified)
		if err != nil || response.ResponseID != "x-1" || response.ErrList.Len() != 2 {
			t.Fatal(response, err)
		}
		// The endpoint is not signed. Without it, or with another one, the response is read as what
		// was asked.
		for endpoint, want := range map[string]string{"": "", "stopOrder": "", "no": ""} {
			sent.Endpoint = endpoint
			verified, err := verifier.VerifyResponse(sent, header, []byte(responseBody), At(testTime))
			if err != nil {
				t.Error(endpoint, want, err)
				continue
			}
			if envelope, err := Read[Envelope](verified); err != nil || envelope.ResponseID != "x-1" || envelope.Extra.Len() != 3 {
				t.Error(envelope, err)
			}
			_, err = Read[AddBatchResponse](verified)
			wantMessage(t, wantError(t, err, ErrContent, "content_other_kind"), "not the response to addBatchCall")
		}
		for _, c := range []struct {
			sent   Sent
			status Status
			code   string
		}{
			{Sent{}, ErrOtherRequest, "verify_other_request"},
			{Sent{RequestID: "another", UUID: testUUID, Algorithm: algorithm}, ErrOtherRequest, "verify_other_request"},
			{Sent{RequestID: testID, UUID: "another", Algorithm: algorithm}, ErrOtherRequest, "verify_other_request"},
			{Sent{RequestID: testID, UUID: testUUID, Algorithm: 1 - algorithm}, ErrOtherRequest, "verify_other_request"},
			{Sent{RequestID: testID, UUID: testUUID, Algorithm: 2}, ErrUnknownConstant, "unknown_constant"},
			{Sent{RequestID: "\xff", UUID: testUUID, Algorithm: algorithm}, ErrNotUTF8, "not_utf8"},
		} {
			_, err := verifier.VerifyResponse(c.sent, header, []byte(responseBody), At(testTime))
			wantError(t, err, c.status, c.code)
		}
	}
}
