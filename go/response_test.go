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
	verified, err := newVerifier(t, newSigner(t, MD5)).VerifyResponse(request, header, []byte(body), testTime)
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
	response, err := answer(t, request, responseBody).Response()
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
	_, err = verify(t, responseBody).Response()
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
	response, err := answer(t, request, body).Response()
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
		response, err := answer(t, request, body).Response()
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
	_, err := answer(t, request, `{"retCode":0}`).Response()
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
			_, err := verifier.VerifyResponse(request, header, []byte(responseBody), testTime)
			part := map[string]string{"request id": "requestID", "algorithm": "algorithm", "account": "uuid"}[name]
			wantMessage(t, wantError(t, err, ErrOtherRequest, "verify_other_request"), part)
		})
	}
	for _, signer := range []*Signer{signer, sha, second} {
		request := again(signer, "again")
		if _, err := verifier.VerifyResponse(request, sign(signer, request), []byte(responseBody), testTime); err != nil {
			t.Error(err)
		}
	}
}
