package callbot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"callbot"
)

var task = callbot.Task{
	UserTaskID:       "5b0e2f0e-60a8-4b0c-9f3e-0a4f0d1c2b3a",
	OrderCallbackURL: "https://example.com/callbot/order",
	CallCallbackURL:  "https://example.com/callbot/call",
}

// Builds a signed request from a batch. Your program leaves out the request id and the time.
func Example() {
	signer, err := callbot.NewSigner("Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR", "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr", callbot.MD5)
	if err != nil {
		log.Fatal(err)
	}
	defer signer.Close()

	batch, err := callbot.NewBatch(task, &callbot.Rules{
		RequireParams:     []string{"amount"},
		AllowCountryCodes: []string{"86"},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer batch.Close()

	err = batch.Add(
		callbot.Order{OrderID: "order-1", UserPhone: "8613800000001", Params: []callbot.Param{{Name: "amount", Value: "120.50"}}},
		callbot.Order{OrderID: "order-2", UserPhone: "8613800000002", Params: []callbot.Param{{Name: "amount", Value: "80.00"}}},
	)
	if err != nil {
		log.Fatal(err)
	}

	request, err := batch.Build(signer, callbot.WithRequestID("00000000000000000000000000000001"), callbot.At(time.Unix(1726200000, 0)))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(request.Method(), request.Path())
	fmt.Println(request.Header().Get("sign"))
	fmt.Printf("%.60s...\n", request.Body())
	// Output:
	// POST /callcentre/api/v3/addBatchCall
	// 49056B829738236577503E184FB82CCB
	// {"productID":"callbot","userTaskID":"5b0e2f0e-60a8-4b0c-9f3e...
}

func ExampleRequest_HTTPRequest() {
	// Stands in for the provider.
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL.Path, r.Header.Get("requestID"))
	}))
	defer provider.Close()

	signer, err := callbot.NewSigner("Vh71ym3y", "u7Mf3zUN", callbot.SHA256)
	if err != nil {
		log.Fatal(err)
	}
	defer signer.Close()
	batch, err := callbot.NewBatch(task, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer batch.Close()
	if err := batch.Add(callbot.Order{OrderID: "order-1", UserPhone: "8613800000001"}); err != nil {
		log.Fatal(err)
	}
	request, err := batch.Build(signer, callbot.WithRequestID("first-try"))
	if err != nil {
		log.Fatal(err)
	}

	httpRequest, err := request.HTTPRequest(context.Background(), provider.URL)
	if err != nil {
		log.Fatal(err)
	}
	response, err := http.DefaultClient.Do(httpRequest)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	fmt.Println(response.Status)
	// Output:
	// POST /callcentre/api/v3/addBatchCall first-try
	// 200 OK
}

func ExampleError() {
	batch, err := callbot.NewBatch(task, &callbot.Rules{AllowCountryCodes: []string{"86"}})
	if err != nil {
		log.Fatal(err)
	}
	defer batch.Close()

	err = batch.Add(
		callbot.Order{OrderID: "order-1", UserPhone: "8613800000001"},
		callbot.Order{OrderID: "order-1", UserPhone: "+8613800000002"},
	)
	fmt.Println(errors.Is(err, callbot.ErrRefused), batch.Len())
	var refused *callbot.Error
	if errors.As(err, &refused) {
		for _, violation := range refused.Violations {
			fmt.Println(violation.Order, violation.Path, violation.Code)
		}
	}
	// Output:
	// true 0
	// 1 /callInfoList/callList/1/userPhone phone_plus
	// 1 /callInfoList/callList/1/orderID duplicate_order_id
}

func ExampleBatch_AddValid() {
	batch, err := callbot.NewBatch(task, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer batch.Close()

	orders := []callbot.Order{
		{OrderID: "order-1", UserPhone: "8613800000001"},
		{OrderID: "order-2", UserPhone: "138 0000 0002"},
	}
	taken, refused, err := batch.AddValid(orders...)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(taken)
	for _, violation := range refused {
		fmt.Println("not called:", orders[violation.Order].OrderID, violation.Code)
	}
	fmt.Println(batch.Len(), "order to call")
	// Output:
	// [true false]
	// not called: order-2 phone_blank
	// 1 order to call
}

func ExampleBatchFromJSON() {
	json := []byte(`{
		"productID": "callbot", "userTaskID": "spring",
		"callInfoList": {
			"orderCallbackUrl": "https://example.com/order", "callCallbackUrl": "https://example.com/call",
			"callList": [{"orderID": "1", "userPhone": 8613800000001, "other": "", "userName": "", "customerName": "", "params": []}]
		}
	}`)
	_, err := callbot.BatchFromJSON(json, nil)
	var refused *callbot.Error
	if errors.As(err, &refused) {
		fmt.Println(refused.Violations[0].Path, refused.Violations[0].Code)
	}
	// Output:
	// /callInfoList/callList/0/userPhone phone_json_number
}

func ExampleRequest_SignAgain() {
	signer, err := callbot.NewSigner("Vh71ym3y", "u7Mf3zUN", callbot.MD5)
	if err != nil {
		log.Fatal(err)
	}
	defer signer.Close()
	batch, err := callbot.NewBatch(task, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer batch.Close()
	if err := batch.Add(callbot.Order{OrderID: "order-1", UserPhone: "8613800000001"}); err != nil {
		log.Fatal(err)
	}
	request, err := batch.Build(signer, callbot.WithRequestID("first-try"))
	if err != nil {
		log.Fatal(err)
	}
	// There was no answer, and the orders were not accepted: sign the same body with a new request
	// id and time.
	again, err := request.SignAgain(signer, callbot.WithRequestID("second-try"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(again.RequestID(), string(again.Body()) == string(request.Body()))
	// Output:
	// second-try true
}

func ExampleSigner_SignedString() {
	signer, err := callbot.NewSigner("Vh71ym3y", "u7Mf3zUN", callbot.MD5)
	if err != nil {
		log.Fatal(err)
	}
	defer signer.Close()
	signed, err := signer.SignedString("r-1", time.Unix(1726200000, 0), []byte("{}"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(signed)
	// Output:
	// ***&body={}&createTs=1726200000&requestID=r-1&uuid=Vh71ym3y
}

func ExampleSigner_Request() {
	signer, err := callbot.NewSigner("Vh71ym3y", "u7Mf3zUN", callbot.MD5)
	if err != nil {
		log.Fatal(err)
	}
	defer signer.Close()
	request, err := signer.Request(callbot.StopOrder{UserTaskID: "spring", OrderIDs: []string{"order-1"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(request.Path())
	fmt.Printf("%s\n", request.Body())
	_, err = signer.Request(callbot.StopOrder{OrderIDs: []string{}})
	fmt.Println(err)
	// Output:
	// /callcentre/api/v3/stopOrder
	// {"productID":"callbot","userTaskID":"spring","orderIDs":["order-1"]}
	// callbot: 2 violations; the first: /userTaskID: must not be empty [empty]
}

func ExamplePhoneFromTyped() {
	for _, typed := range []string{"+86 156-1234-5678", "+44 (0)20 7946 0958", "156 1234 5678"} {
		digits, err := callbot.PhoneFromTyped(typed)
		if err != nil {
			fmt.Println("which number is meant?")
			continue
		}
		fmt.Println(digits)
	}
	// Output:
	// 8615612345678
	// 442079460958
	// which number is meant?
}

// A server for callCallbackUrl. SignCallback stands in for the provider.
func ExampleVerifier_CallCallbackHandler() {
	signer, err := callbot.NewSigner("Vh71ym3y", "u7Mf3zUN", callbot.SHA256)
	if err != nil {
		log.Fatal(err)
	}
	defer signer.Close()
	verifier, err := callbot.NewVerifier(signer)
	if err != nil {
		log.Fatal(err)
	}
	defer verifier.Close()

	use := func(r *http.Request, message *callbot.Verified, callback *callbot.CallCallback) error {
		fmt.Println("account", message.UUID(), "order", callback.OrderID, "finished:", *callback.Finish)
		return nil
	}
	server := httptest.NewServer(verifier.CallCallbackHandler(use, &callbot.HandlerOptions{
		Replays:   callbot.NewMemoryReplays(100_000),
		OnRefused: func(r *http.Request, message *callbot.Verified, err error) { fmt.Println(err) },
	}))
	defer server.Close()

	body := []byte(`{"callbackType":1,"orderID":"order-1","userPhone":"8613800000001","userName":"","sceneID":"s",` +
		`"userTaskID":"t","taskID":"p","finish":true,"other":""}`)
	header, err := callbot.SignCallback(signer, body)
	if err != nil {
		log.Fatal(err)
	}
	send := func(body []byte) {
		request, err := http.NewRequest(http.MethodPost, server.URL, bytes.NewReader(body))
		if err != nil {
			log.Fatal(err)
		}
		request.Header = header
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			log.Fatal(err)
		}
		defer response.Body.Close()
		fmt.Println(response.Status)
	}
	send(body)
	send(body)
	send([]byte("{}"))
	// Output:
	// account Vh71ym3y order order-1 finished: true
	// 200 OK
	// callbot: the message was received before
	// 200 OK
	// callbot: the signature does not match
	// 401 Unauthorized
}

func ExampleVerifier_VerifyResponse() {
	signer, err := callbot.NewSigner("Vh71ym3y", "u7Mf3zUN", callbot.MD5)
	if err != nil {
		log.Fatal(err)
	}
	defer signer.Close()
	verifier, err := callbot.NewVerifier(signer)
	if err != nil {
		log.Fatal(err)
	}
	defer verifier.Close()
	batch, err := callbot.NewBatch(task, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer batch.Close()
	err = batch.Add(
		callbot.Order{OrderID: "order-1", UserPhone: "8613800000001"},
		callbot.Order{OrderID: "order-2", UserPhone: "8613800000002"},
	)
	if err != nil {
		log.Fatal(err)
	}
	request, err := batch.Build(signer)
	if err != nil {
		log.Fatal(err)
	}

	// Stands in for the provider, whose response comes from package http.
	body := []byte(`{"retCode":0,"retMsg":"success","responseID":"x","totalCount":2,"successCount":1,` +
		`"errList":[{"phone":"8613800000002","errMsg":"blocked"}]}`)
	header, err := callbot.SignResponse(signer, request.Sent(), body)
	if err != nil {
		log.Fatal(err)
	}

	verified, err := verifier.VerifyResponse(request.Sent(), header, body)
	if err != nil {
		log.Fatal(err)
	}
	result, err := verified.Result()
	if err != nil {
		log.Fatal(err)
	}
	outcome, err := request.Outcome(verified)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Meaning, outcome.Kind)
	for _, refused := range outcome.Refused {
		fmt.Println("not called:", refused.OrderID, refused.Message)
	}
	// Output:
	// success partly
	// not called: order-2 blocked
}

func ExampleList() {
	// Stands in for a response that was verified; see ReadResponse.
	var response callbot.StopOrderResponse
	err := json.Unmarshal([]byte(`{"retCode":0,"errList":[{"orderID":"order-2","errMsg":"finished","time":7}]}`), &response)
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range response.ErrList.All() {
		time, _ := row.Extra.Get("time")
		fmt.Println(row.OrderID, row.ErrMsg, string(time))
	}
	// Output:
	// order-2 finished 7
}

func ExampleVerifier_VerifyCallback() {
	signer, err := callbot.NewSigner("Vh71ym3y", "u7Mf3zUN", callbot.MD5)
	if err != nil {
		log.Fatal(err)
	}
	defer signer.Close()
	verifier, err := callbot.NewVerifier(signer)
	if err != nil {
		log.Fatal(err)
	}
	defer verifier.Close()
	sent := time.Unix(1726200000, 0)
	body := []byte(`{"callbackType":"1","userTaskID":"t","taskID":"p","sceneID":"s","taskStatus":3,"createTs":1726100000,` +
		`"taskStat":{"answerOrderCount":1,"finishOrderCount":2,"totalOrderCount":3,"finishRate":0.67,` +
		`"totalAnswerCall":1,"totalCall":4,"answerRate":0.25}}`)
	header, err := callbot.SignCallback(signer, body, callbot.WithRequestID("c-1"), callbot.At(sent))
	if err != nil {
		log.Fatal(err)
	}

	verified, err := verifier.VerifyCallback(header, body, callbot.At(sent.Add(10*time.Second)))
	if err != nil {
		log.Fatal(err)
	}
	callback, err := verified.TaskCallback()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("remember", verified.RequestID(), "for", verified.ReplayExpiresAt().Sub(sent))
	fmt.Println("finished:", *callback.TaskStat.FinishOrderCount, "of", *callback.TaskStat.TotalOrderCount)

	_, err = verifier.VerifyCallback(header, body, callbot.At(sent.Add(time.Hour)))
	fmt.Println(errors.Is(err, callbot.ErrTooOld), err)
	// Output:
	// remember c-1 for 5m1s
	// finished: 2 of 3
	// true callbot: the message is 3600 seconds old, more than the allowed 300; compare the clocks
}
