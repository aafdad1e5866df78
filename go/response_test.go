package callbot

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// answer verifies a body as the response to a request.
func answer(t testing.TB, request *Request, body string) *Verified {
	t.Helper()
	header := testHeader(body)
	header.Set("algorithm", "MD5")
	verified, err := newVerifier(t, newSigner(t, MD5)).VerifyResponse(request.Sent(), header, []byte(body), testTime)
	if err != nil {
		t.Fatal(err)
	}
	return verified
}

func TestResponse(t *testing.T) {
	orders := someOrders(0, 3)
	orders[1].UserPhone = orders[0].UserPhone
	orders[1].OrderID = "quote \" and backslash \\"
	batch := newBatch(t, nil, orders...)
	request := build(t, batch)
	batch.Clear() // the request does not depend on it
	response, err := answer(t, request, responseBody).Response(request)
	if err != nil {
		t.Fatal(err)
	}
	want := &Response{
		RetMeaning: "success", Retry: RetrySucceeded, RetMsg: "success", ResponseID: "x-1", TotalCount: pointer(int64(3)),
		SuccessCount: pointer(int64(1)),
		ErrList: []RefusedPhone{
			{
				Phone: "8613800000000", ErrMsg: "blocked", OrderIDs: []string{"order-0", "quote \" and backslash \\"},
				Extra: map[string]json.RawMessage{"why": json.RawMessage("1")},
			},
			{Phone: "86", ErrMsg: "unknown"},
		},
	}
	same(t, response, want)
	if !response.IsSuccess() {
		t.Error("IsSuccess is false")
	}
	// A message that was verified without a request is not a response.
	_, err = verify(t, responseBody).Response(nil)
	wantError(t, err, ErrContent, "content_other_kind")
}

// One phone is refused several times; another one is among the last orders of many.
func TestRefusedPhonesAreTraced(t *testing.T) {
	request := build(t, newBatch(t, nil, someOrders(0, 1000)...))
	var refused []string
	for _, phone := range []string{"8613800000999", "8613800000000", "8613800000999", "8613800000500"} {
		refused = append(refused, `{"phone":"`+phone+`","errMsg":""}`)
	}
	body := `{"retCode":1,"retMsg":"","responseID":"","errList":[` + strings.Join(refused, ",") + `]}`
	response, err := answer(t, request, body).Response(request)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range []string{"order-999", "order-0", "order-999", "order-500"} {
		same(t, response.ErrList[i].OrderIDs, []string{id})
	}
	if response.TotalCount != nil || response.SuccessCount != nil || response.IsSuccess() {
		t.Error("the response has counts")
	}
}

func TestRetCodes(t *testing.T) {
	request := build(t, newBatch(t, nil, someOrders(0, 1)...))
	for code, want := range map[string]Response{
		"0":    {RetMeaning: "success", Retry: RetrySucceeded},
		"4001": {RetCode: 4001, RetMeaning: "content too large: too many array elements", Retry: RetryNever},
		"7":    {RetCode: 7, RetMeaning: "system busy", Retry: RetryLater},
		"5001": {RetCode: 5001, RetMeaning: "internal server error", Retry: RetryUnknown},
		"1":    {RetCode: 1, RetMeaning: "general error", Retry: RetryUnknown},
		"4711": {RetCode: 4711, Retry: RetryUnknown},
		"-1":   {RetCode: -1, Retry: RetryUnknown},
	} {
		body := `{"retCode":` + code + `,"retMsg":"","responseID":"","totalCount":1,"successCount":1}`
		response, err := answer(t, request, body).Response(request)
		if err != nil {
			t.Fatal(err)
		}
		want.TotalCount, want.SuccessCount = pointer(int64(1)), pointer(int64(1))
		same(t, response, &want)
		if response.IsSuccess() != (code == "0") {
			t.Error(code)
		}
	}
	for retry, name := range map[Retry]string{RetrySucceeded: "succeeded", RetryLater: "later", RetryNever: "never", RetryUnknown: "unknown", 9: "Retry(9)"} {
		if retry.String() != name {
			t.Error(retry)
		}
	}
	_, err := answer(t, request, `{"retCode":0}`).Response(request)
	wantError(t, err, ErrContent, "content_missing")
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
		header, err := SignResponse(signer, request, testTime, []byte(responseBody))
		if err != nil {
			t.Fatal(err)
		}
		return header
	}
	again := func(signer *Signer, requestID string) *Request {
		request, err := request.SignAgain(signer, requestID, testTime)
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
			_, err := verifier.VerifyResponse(request.Sent(), header, []byte(responseBody), testTime)
			part := map[string]string{"request id": "requestID", "algorithm": "algorithm", "account": "uuid"}[name]
			wantMessage(t, wantError(t, err, ErrOtherRequest, "verify_other_request"), part)
		})
	}
	for _, signer := range []*Signer{signer, sha, second} {
		request := again(signer, "again")
		if _, err := verifier.VerifyResponse(request.Sent(), sign(signer, request), []byte(responseBody), testTime); err != nil {
			t.Error(err)
		}
	}
}

// The response needs no request: what was sent can be stored.
func TestSentIsStored(t *testing.T) {
	for _, algorithm := range []Algorithm{MD5, SHA256} {
		signer := newSigner(t, algorithm)
		request, err := newBatch(t, nil, someOrders(0, 3)...).Build(signer, testID, testTime)
		if err != nil {
			t.Fatal(err)
		}
		want := Sent{Endpoint: "addBatchCall", RequestID: testID, UUID: testUUID, Algorithm: algorithm}
		if request.Sent() != want || request.Endpoint() != want.Endpoint {
			t.Errorf("%+v; wanted %+v", request.Sent(), want)
		}
		header, err := SignResponse(signer, request, testTime, []byte(responseBody))
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
		verified, err := verifier.VerifyResponse(sent, header, []byte(responseBody), testTime)
		if err != nil {
			t.Fatal(err)
		}
		response, err := verified.Response(nil)
		if err != nil || response.ResponseID != "x-1" || len(response.ErrList) != 2 {
			t.Fatal(response, err)
		}
		for _, refused := range response.ErrList {
			if refused.OrderIDs != nil {
				t.Error("orders were traced without a request")
			}
		}
		// The endpoint is not signed.
		sent.Endpoint = ""
		if _, err := verifier.VerifyResponse(sent, header, []byte(responseBody), testTime); err != nil {
			t.Error(err)
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
			_, err := verifier.VerifyResponse(c.sent, header, []byte(responseBody), testTime)
			wantError(t, err, c.status, c.code)
		}
	}
}

// Refused phone numbers are not matched to the orders of another request.
func TestResponseOfAnotherRequest(t *testing.T) {
	signer := newSigner(t, MD5)
	request := build(t, newBatch(t, nil, someOrders(0, 1)...))
	other, err := request.SignAgain(signer, "another", testTime)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{responseBody, `{"retCode":7,"retMsg":"","responseID":""}`} {
		_, err = answer(t, request, body).Response(other)
		wantMessage(t, wantError(t, err, ErrOtherRequest, "verify_other_request"), "requestID")
		if _, err := answer(t, request, body).Response(build(t, newBatch(t, nil, someOrders(0, 1)...))); err != nil {
			t.Error(err)
		}
		_, err = answer(t, request, body).Response(&Request{})
		wantMessage(t, wantError(t, err, ErrClosed, "closed"), "request is nil, or was not created by Batch.Build or NewRequest")
	}
}
