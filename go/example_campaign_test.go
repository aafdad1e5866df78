package callbot_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"path"

	"callbot"
)

// Runs a campaign from its beginning to its end. A server on this machine plays the provider.
func Example_campaign() {
	c := newCampaign()
	defer c.close()

	// The task.
	c.send(c.signer.Request(callbot.CreateTask{
		UserTaskID: "spring", SceneID: "s-1", TaskCreateSetting: &callbot.CreateTaskSetting{StrategyName: "default", MaxRingTime: 30},
		TaskCallbackURL: c.endpoint.URL + "/task",
	}))

	// The orders, in two batches. The provider refuses one of them.
	batch, err := callbot.NewBatch(callbot.Task{
		UserTaskID: "spring", OrderCallbackURL: "https://example.com/order", CallCallbackURL: "https://example.com/call",
	}, &callbot.Rules{AllowCountryCodes: []string{"86"}})
	check(err)
	defer batch.Close()
	for _, orders := range [][]callbot.Order{
		{{OrderID: "order-1", UserPhone: "8613800000001"}, {OrderID: "order-2", UserPhone: "8613800000002"}},
		{{OrderID: "order-3", UserPhone: "8613800000003"}, {OrderID: "order-4", UserPhone: "+8613800000004"}},
	} {
		batch.Clear()
		taken, refused, err := batch.AddValid(orders...)
		check(err)
		fmt.Println("valid:", taken)
		for _, violation := range refused {
			fmt.Println("invalid:", orders[violation.Order].OrderID, violation.Code)
		}
		request, message := c.send(batch.Build(c.signer))
		if message == nil {
			// The answer was lost, but the provider may have taken the orders.
			_, message := c.send(c.signer.Request(callbot.ListOrderDetail{UserTaskID: "spring", OrderList: []string{"order-3"}}))
			details, err := callbot.Read[callbot.ListOrderDetailResponse](message)
			check(err)
			fmt.Println("found again:", details.OrderDetailList[0].OrderID)
			continue
		}
		outcome, err := request.Outcome(message)
		check(err)
		fmt.Println("outcome:", outcome.Kind)
		for _, refused := range outcome.Refused {
			fmt.Println("refused:", refused.OrderID, refused.Message)
		}
	}

	// The calls.
	c.send(c.signer.Request(callbot.MgrTaskStatus{UserTaskID: "spring", TaskOperate: callbot.TaskStart}))
	c.call(`{"callbackType":1,"orderID":"order-1","userPhone":"8613800000001","userName":null,"sceneID":"s-1",` +
		`"userTaskID":"spring","taskID":"p-1","finish":true,"callInfoDetail":{"callDuration":54}}`)

	// The end.
	request, message := c.send(c.signer.Request(callbot.StopOrder{UserTaskID: "spring", OrderIDs: []string{"order-3"}}))
	outcome, err := request.Outcome(message)
	check(err)
	fmt.Println("stopped:", outcome.Kind)
	c.send(c.signer.Request(callbot.MgrTaskStatus{UserTaskID: "spring", TaskOperate: callbot.TaskComplete}))
	// Output:
	// createTask: success
	// valid: [true true]
	// addBatchCall: success
	// outcome: partly
	// refused: order-2 blocked
	// valid: [true false]
	// invalid: order-4 phone_plus
	// addBatchCall: no answer
	// listOrderDetail: success
	// found again: order-3
	// mgrTaskStatus: success
	// called: order-1 finished: true seconds: 54
	// 200 OK
	// stopOrder: success
	// stopped: accepted
	// mgrTaskStatus: success
}

// campaign is the program's side, and the server that plays the provider.
type campaign struct {
	signer   *callbot.Signer
	verifier *callbot.Verifier
	endpoint *httptest.Server // receives callbacks
	provider *httptest.Server
}

func newCampaign() *campaign {
	signer, err := callbot.NewSigner("Vh71ym3y", "u7Mf3zUN", callbot.SHA256)
	check(err)
	verifier, err := callbot.NewVerifier(signer)
	check(err)
	called := func(_ *http.Request, _ *callbot.Verified, call *callbot.CallCallback) error {
		fmt.Println("called:", call.OrderID, "finished:", *call.Finish, "seconds:", *call.CallInfoDetail.CallDuration)
		return nil
	}
	c := &campaign{signer: signer, verifier: verifier}
	c.endpoint = httptest.NewServer(verifier.CallCallbackHandler(called, &callbot.HandlerOptions{Replays: callbot.NewMemoryReplays(0)}))
	c.provider = httptest.NewServer(http.HandlerFunc(c.answer))
	return c
}

func (c *campaign) close() {
	c.endpoint.Close()
	c.provider.Close()
	c.verifier.Close()
	c.signer.Close()
}

// send sends a request and prints how it went. The message is nil if there was no answer.
func (c *campaign) send(request *callbot.Request, err error) (*callbot.Request, *callbot.Verified) {
	check(err)
	httpRequest, err := request.HTTPRequest(context.Background(), c.provider.URL)
	check(err)
	httpResponse, err := http.DefaultClient.Do(httpRequest)
	if err != nil {
		fmt.Println(request.Endpoint()+":", "no answer")
		return request, nil
	}
	message, err := c.verifier.ReceiveResponse(request.Sent(), httpResponse)
	check(err)
	result, err := message.Result()
	check(err)
	fmt.Println(request.Endpoint()+":", result.Meaning)
	return request, message
}

// answer plays the provider. It loses the second answer to addBatchCall.
func (c *campaign) answer(w http.ResponseWriter, r *http.Request) {
	var sent bytes.Buffer
	_, err := sent.ReadFrom(r.Body)
	check(err)
	endpoint := path.Base(r.URL.Path)
	if bytes.Contains(sent.Bytes(), []byte("order-3")) && endpoint == "addBatchCall" {
		panic(http.ErrAbortHandler)
	}
	body := map[string]string{
		"addBatchCall": `{"retCode":0,"retMsg":"success","responseID":"x","totalCount":2,"successCount":1,` +
			`"errList":[{"phone":"8613800000002","errMsg":"blocked"}]}`,
		"listOrderDetail": `{"retCode":0,"retMsg":"success","responseID":"x","orderDetailList":[{"orderID":"order-3"}]}`,
		"stopOrder":       `{"retCode":0,"retMsg":"success","responseID":"x","totalCount":1,"successCount":1}`,
	}[endpoint]
	if body == "" {
		body = `{"retCode":0,"retMsg":"success","responseID":"x"}`
	}
	header, err := callbot.SignResponse(c.signer, callbot.Sent{RequestID: r.Header.Get("requestID")}, []byte(body))
	check(err)
	for name := range header {
		w.Header().Set(name, header.Get(name))
	}
	_, err = w.Write([]byte(body))
	check(err)
}

// call sends a call callback, as the provider does.
func (c *campaign) call(body string) {
	header, err := callbot.SignCallback(c.signer, []byte(body))
	check(err)
	request, err := http.NewRequest(http.MethodPost, c.endpoint.URL, bytes.NewReader([]byte(body)))
	check(err)
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	check(err)
	defer response.Body.Close()
	fmt.Println(response.Status)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
