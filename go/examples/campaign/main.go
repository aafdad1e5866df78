// Campaign runs a whole campaign: it creates a task, adds orders, starts it, receives callbacks,
// looks up orders whose answer was lost, stops an order, and completes the task.
//
//	cargo build --release -p callbot
//	cd go && go run ./examples/campaign ../examples/campaign.provider
//
// The type provider stands for the provider and its network, and the file is what it sends. In your
// own program leave out the client's Transport, and pass the handler to an http.Server. Request ids
// and times are fixed here, so that the output is always the same. Without the options
// WithRequestID and At an id is random, and the time is now.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"time"

	"callbot"
)

const baseURL = "https://nxbot.nxcloud.com"

// maxDetails is the maximum number of orders in a ListOrderDetail.
const maxDetails = 500

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: campaign FILE")
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(file string, out io.Writer) error {
	lines, err := os.Open(file)
	if err != nil {
		return err
	}
	defer lines.Close()
	signer, err := callbot.NewSigner("Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR", "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr", callbot.MD5)
	if err != nil {
		return err
	}
	defer signer.Close()
	verifier, err := callbot.NewVerifier(signer)
	if err != nil {
		return err
	}
	defer verifier.Close()
	provider := &provider{signer: signer, lines: bufio.NewScanner(lines)}
	provider.next()
	c := &campaign{
		task: callbot.Task{
			UserTaskID:       "spring",
			OrderCallbackURL: "https://example.com/callbot/order",
			CallCallbackURL:  "https://example.com/callbot/call",
		},
		signer:   signer,
		verifier: verifier,
		client:   &http.Client{Transport: provider, Timeout: 30 * time.Second},
		out:      out,
		now:      time.Unix(1726200000, 0),
	}
	callbacks := c.handler()

	create := callbot.CreateTask{
		UserTaskID:      c.task.UserTaskID,
		SceneID:         "scene-1",
		TaskCallbackURL: "https://example.com/callbot/task",
	}
	if _, err := call[callbot.CreateTaskResponse](c, create); err != nil {
		return err
	}
	if err := c.add(order("order-1", "8613800000001"), order("order-2", "8613800000002")); err != nil {
		return err
	}
	err = c.add(order("order-3", "8613800000003"), order("order-4", "447700900123"), order("order-5", "8613800000005"))
	if err != nil {
		return err
	}
	if err := c.operate(callbot.TaskStart); err != nil {
		return err
	}
	if err := provider.deliver(callbacks); err != nil {
		return err
	}
	if err := c.add(order("order-6", "8613800000006"), order("order-7", "8613800000007")); err != nil {
		return err
	}
	if err := c.stop("order-5"); err != nil {
		return err
	}
	if err := c.operate(callbot.TaskComplete); err != nil {
		return err
	}
	return provider.deliver(callbacks)
}

func order(id, phone string) callbot.Order {
	return callbot.Order{OrderID: id, UserPhone: phone, Params: []callbot.Param{{Name: "amount", Value: "120.50"}}}
}

// errNoAnswer: it is not known whether the provider has processed the request.
var errNoAnswer = errors.New("no answer; find out what became of the request")

// campaign has what a campaign needs to send and to receive.
type campaign struct {
	task     callbot.Task
	signer   *callbot.Signer
	verifier *callbot.Verifier
	client   *http.Client
	out      io.Writer
	now      time.Time
	requests int
}

// next returns the id and the time of the next request.
func (c *campaign) next() []callbot.SignOption {
	c.requests++
	c.now = c.now.Add(time.Second)
	return []callbot.SignOption{callbot.WithRequestID(fmt.Sprintf("request-%d", c.requests)), callbot.At(c.now)}
}

// exchange sends a request, and verifies and reads the answer. The answer needs no more than the
// values of sent: a program that stores them can read it after a restart.
func exchange[T callbot.Content](c *campaign, request *callbot.Request) (*T, *callbot.Verified, error) {
	sent := request.Sent()
	fmt.Fprintln(c.out, ">", sent.Endpoint, request.Header().Get("sign"))
	httpRequest, err := request.HTTPRequest(context.Background(), baseURL)
	if err != nil {
		return nil, nil, err
	}
	response, err := c.client.Do(httpRequest)
	if err != nil {
		fmt.Fprintln(c.out, "  no answer")
		return nil, nil, errors.Join(errNoAnswer, err)
	}
	content, message, err := callbot.ReadResponse[T](c.verifier, sent, response, callbot.At(c.now))
	if err != nil {
		return nil, nil, err
	}
	result, err := message.Result()
	if err != nil {
		return nil, nil, err
	}
	fmt.Fprintf(c.out, "< %d (%s)\n", result.Code, result.Meaning)
	return content, message, nil
}

// call sends a request without orders, which must succeed.
func call[T callbot.Content](c *campaign, request callbot.Call) (*T, error) {
	signed, err := c.signer.Request(request, c.next()...)
	if err != nil {
		return nil, err
	}
	content, message, err := exchange[T](c, signed)
	if err != nil {
		return nil, err
	}
	result, err := message.Result()
	if err == nil && !result.IsSuccess() {
		err = fmt.Errorf("the provider refused the request: %s", result.Meaning)
	}
	return content, err
}

// add adds a batch of orders, and looks them up if the answer is lost.
func (c *campaign) add(orders ...callbot.Order) error {
	batch, err := callbot.NewBatch(c.task, &callbot.Rules{
		RequireParams:     []string{"amount"},
		AllowCountryCodes: []string{"86", "44"},
	})
	if err != nil {
		return err
	}
	defer batch.Close()
	if err := batch.Add(orders...); err != nil {
		return err
	}
	request, err := batch.Build(c.signer, c.next()...)
	if err != nil {
		return err
	}
	_, message, err := exchange[callbot.AddBatchResponse](c, request)
	if errors.Is(err, errNoAnswer) {
		return c.lookUp(orders)
	}
	if err != nil {
		return err
	}
	return c.report(message, request.Body())
}

// stop stops dialling an order, which cannot be undone.
func (c *campaign) stop(orderID string) error {
	request, err := c.signer.Request(callbot.StopOrder{
		UserTaskID: c.task.UserTaskID,
		OrderIDs:   []string{orderID},
	}, c.next()...)
	if err != nil {
		return err
	}
	_, message, err := exchange[callbot.StopOrderResponse](c, request)
	if err != nil {
		return err
	}
	return c.report(message, request.Body())
}

// report prints what became of the orders of a request.
func (c *campaign) report(message *callbot.Verified, requestBody []byte) error {
	outcome, err := message.Outcome(requestBody)
	if err != nil {
		return err
	}
	switch outcome.Kind {
	case callbot.OutcomeAccepted:
		fmt.Fprintln(c.out, "  accepted")
	case callbot.OutcomePartly:
		fmt.Fprintln(c.out, "  partly accepted")
	default: // What the answer leaves open is neither a success nor safe to send again.
		return fmt.Errorf("the orders are %v: retry %v", outcome.Kind, outcome.Retry)
	}
	for _, refused := range outcome.Refused {
		fmt.Fprintf(c.out, "  %s refused: %s\n", refused.OrderID, refused.Message)
	}
	return nil
}

// operate starts, pauses or completes the task.
func (c *campaign) operate(operation int64) error {
	task, err := call[callbot.MgrTaskStatusResponse](c, callbot.MgrTaskStatus{
		UserTaskID:  c.task.UserTaskID,
		TaskOperate: operation,
	})
	if err == nil {
		fmt.Fprintln(c.out, "  task status", shown(task.TaskStatus))
	}
	return err
}

// lookUp finds out what became of orders whose answer was lost.
func (c *campaign) lookUp(orders []callbot.Order) error {
	for some := range slices.Chunk(orders, maxDetails) {
		ids := make([]string, len(some))
		for i, order := range some {
			ids[i] = order.OrderID
		}
		details, err := call[callbot.ListOrderDetailResponse](c, callbot.ListOrderDetail{
			UserTaskID: c.task.UserTaskID,
			OrderList:  ids,
		})
		if err != nil {
			return err
		}
		calls := map[string]int{}
		for _, order := range details.OrderDetailList.All() {
			calls[order.OrderID] = order.CallInfoDetailList.Len()
		}
		for _, id := range ids {
			if count, ok := calls[id]; ok {
				fmt.Fprintf(c.out, "  %s: listed, calls: %d\n", id, count)
			} else {
				fmt.Fprintf(c.out, "  %s: not listed, so a person decides\n", id)
			}
		}
	}
	return nil
}

// handler returns the handler of the callback URLs. Only the URL tells the kind of a callback.
func (c *campaign) handler() http.Handler {
	options := &callbot.HandlerOptions{
		Replays: callbot.NewMemoryReplays(100_000),
		OnRefused: func(r *http.Request, _ *callbot.Verified, err error) {
			log.Printf("%s refused: %v", r.URL.Path, err)
		},
	}
	mux := http.NewServeMux()
	mux.Handle("/callbot/call", c.verifier.CallCallbackHandler(
		func(_ *http.Request, _ *callbot.Verified, call *callbot.CallCallback) error {
			var duration *int64
			if call.CallInfoDetail != nil {
				duration = call.CallInfoDetail.CallDuration
			}
			fmt.Fprintf(c.out, "call for %s: duration %s\n", call.OrderID, shown(duration))
			return nil
		}, options))
	mux.Handle("/callbot/order", c.verifier.OrderCallbackHandler(
		func(_ *http.Request, _ *callbot.Verified, order *callbot.OrderCallback) error {
			fmt.Fprintf(c.out, "%s: finished %s\n", order.OrderID, shown(order.Finish))
			return nil
		}, options))
	mux.Handle("/callbot/task", c.verifier.TaskCallbackHandler(
		func(_ *http.Request, _ *callbot.Verified, task *callbot.TaskCallback) error {
			stat := task.TaskStat
			if stat == nil {
				stat = new(callbot.TaskStat)
			}
			fmt.Fprintf(c.out, "task: %s of %s orders finished\n", shown(stat.FinishOrderCount), shown(stat.TotalOrderCount))
			return nil
		}, options))
	return mux
}

// shown returns a value, or ? if it is absent.
func shown[T any](value *T) string {
	if value == nil {
		return "?"
	}
	return fmt.Sprint(*value)
}

// provider is the provider and its network. It verifies each request, and answers it with the next
// line of a file. A line has the name of an endpoint and the answer's body, or no body if the
// answer is lost; or the kind of a callback and its body.
type provider struct {
	signer     *callbot.Signer
	lines      *bufio.Scanner
	name, body string
}

// next reads a line. At the end of the file it has no name.
func (p *provider) next() {
	p.lines.Scan()
	p.name, p.body, _ = strings.Cut(p.lines.Text(), " ")
}

// RoundTrip implements [http.RoundTripper].
func (p *provider) RoundTrip(r *http.Request) (*http.Response, error) {
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var seconds int64
	if _, err := fmt.Sscan(r.Header.Get("createTs"), &seconds); err != nil {
		return nil, err
	}
	id, now := r.Header.Get("requestID"), time.Unix(seconds, 0)
	expected, err := p.signer.Sign(id, now, body)
	if err != nil {
		return nil, err
	}
	if r.Header.Get("sign") != expected {
		return answer(r, http.StatusUnauthorized, http.Header{}, "the signature is wrong"), nil
	}
	if r.URL.Path != "/callcentre/api/v3/"+p.name {
		return answer(r, http.StatusNotFound, http.Header{}, "another request is expected"), nil
	}
	defer p.next()
	if p.body == "" {
		return nil, errors.New("timeout")
	}
	header, err := callbot.SignResponse(p.signer, callbot.Sent{RequestID: id}, []byte(p.body), callbot.At(now))
	if err != nil {
		return nil, err
	}
	return answer(r, http.StatusOK, header, p.body), nil
}

func answer(r *http.Request, status int, header http.Header, body string) *http.Response {
	return &http.Response{
		StatusCode: status,
		Header:     header,
		Body:       io.NopCloser(strings.NewReader(body)),
		Request:    r,
	}
}

// deliver sends the callbacks before the next request, each to the URL of its kind.
func (p *provider) deliver(callbacks http.Handler) error {
	for ; p.name == "call" || p.name == "order" || p.name == "task"; p.next() {
		header, err := callbot.SignCallback(p.signer, []byte(p.body))
		if err != nil {
			return err
		}
		request := httptest.NewRequest(http.MethodPost, "/callbot/"+p.name, strings.NewReader(p.body))
		request.Header = header
		recorder := httptest.NewRecorder()
		callbacks.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusOK {
			return fmt.Errorf("the callback was answered with %d", recorder.Code)
		}
	}
	return nil
}
