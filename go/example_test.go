package callbot_test

import (
	"context"
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

// A batch becomes a signed request. A program of yours leaves the request id empty and the time zero.
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

	request, err := batch.Build(signer, "00000000000000000000000000000001", time.Unix(1726200000, 0))
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
	// In place of the provider.
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
	request, err := batch.Build(signer, "first-try", time.Time{})
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
	refused, err := batch.AddValid(orders...)
	if err != nil {
		log.Fatal(err)
	}
	for _, violation := range refused {
		fmt.Println("not called:", orders[violation.Order].OrderID, violation.Code)
	}
	fmt.Println(batch.Len(), "order to call")
	// Output:
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
	request, err := batch.Build(signer, "first-try", time.Time{})
	if err != nil {
		log.Fatal(err)
	}
	// No answer came: the same body, with a new request id and time.
	again, err := request.SignAgain(signer, "second-try", time.Time{})
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
