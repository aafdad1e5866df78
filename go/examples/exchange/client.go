package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"callbot"
)

const (
	// maxTries is how often a request is sent that may be sent again.
	maxTries = 5
	// maxDetails is the maximum number of orders in a ListOrderDetail.
	maxDetails = 500
	// tooMany is the retCode for too many orders in a request.
	tooMany = 4001
)

// What can happen to a request instead of a genuine answer.
var (
	// errNotSent: there was no connection, so that the provider has nothing of the request.
	errNotSent = errors.New("not_sent")
	// errNoAnswer: it is not known whether the provider has processed the request.
	errNoAnswer = errors.New("no_answer")
	// errNotVerified: the answer is not the provider's, or was altered; nothing is known either.
	errNotVerified = errors.New("not_verified")
)

// client puts orders into a task.
type client struct {
	settings
	baseURL  string
	task     string
	signer   *callbot.Signer
	verifier *callbot.Verifier
	http     *http.Client
	journal  *journal
}

// run returns what became of each contact, by its order id.
func (c *client) run(contacts []contact) (map[string]result, error) {
	results, fresh := map[string]result{}, []contact{}
	for _, contact := range contacts {
		if _, ok := results[contact.orderID]; ok {
			continue // an earlier contact has the same order id
		}
		known, ok := c.journal.results[contact.orderID]
		if strings.Contains(contact.orderID, "\t") {
			known = refused("tab") // the journal has tabs between ids
		} else if !ok || known == again {
			known = refused("task")
			fresh = append(fresh, contact)
		}
		results[contact.orderID] = known
	}
	exists, err := c.createTask()
	if err != nil {
		return nil, err
	}
	if exists {
		if err := c.addAll(fresh, results); err != nil {
			return nil, err
		}
		if err := c.start(); err != nil {
			return nil, err
		}
	}
	return results, c.lookUp(results)
}

// --- Requests ---

// send sends a request, and receives and verifies the answer.
func (c *client) send(request *callbot.Request) (*callbot.Verified, error) {
	httpRequest, err := request.HTTPRequest(context.Background(), c.baseURL)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(httpRequest)
	var message *callbot.Verified
	if err == nil {
		message, err = c.verifier.ReceiveResponse(request.Sent(), response)
	}
	if err == nil {
		return message, nil
	}
	var dial *net.OpError
	var unverified *callbot.Error
	switch {
	case errors.As(err, &dial) && dial.Op == "dial":
		err = errNotSent
	case errors.As(err, &unverified):
		// Its message names neither a secret nor a phone number.
		log.Printf("%s: %v", request.Endpoint(), err)
		return nil, errNotVerified
	default:
		err = errNoAnswer
	}
	log.Printf("%s: %v", request.Endpoint(), err)
	return nil, err
}

// call sends a request without orders. It returns the message if it is genuine and a success.
func (c *client) call(call callbot.Call) (*callbot.Verified, error) {
	request, err := c.signer.Request(call)
	if err != nil {
		return nil, err
	}
	message, err := c.send(request)
	if err != nil {
		return nil, err
	}
	result, err := message.Result()
	if err == nil && !result.IsSuccess() {
		log.Printf("%s: retCode %d", request.Endpoint(), result.Code)
		err = errFailed
	}
	return message, err
}

// errFailed: a genuine answer says that the request failed.
var errFailed = errors.New("the request failed")

// isFinal reports whether an error is none of those after which a request may be sent again.
func isFinal(err error) bool {
	for _, one := range []error{errNotSent, errNoAnswer, errNotVerified, errFailed, callbot.ErrContent} {
		if errors.Is(err, one) {
			return false
		}
	}
	return err != nil
}

// pause waits before a try. The first try, 0, needs none.
func (c *client) pause(try int) {
	if try > 0 {
		time.Sleep(c.backoff << (try - 1))
	}
}

// --- The task ---

// createTask reports whether the task exists now.
func (c *client) createTask() (bool, error) {
	if c.journal.hasTask {
		return true, nil
	}
	for try := range maxTries {
		c.pause(try)
		_, err := c.call(callbot.CreateTask{
			UserTaskID:      c.task,
			SceneID:         "scene-1",
			TaskCallbackURL: c.callbackURL + "/task",
		})
		if isFinal(err) {
			return false, err
		}
		exists := err == nil
		if errors.Is(err, errNoAnswer) || errors.Is(err, errNotVerified) {
			time.Sleep(c.wait) // the request may be on its way
		}
		if !exists && !errors.Is(err, errNotSent) {
			// The id of a task is unique. If the task exists, an earlier try has created it.
			if exists, err = c.taskIsListed(); isFinal(err) {
				return false, err
			}
		}
		if exists {
			return true, c.journal.created()
		}
	}
	return false, nil
}

func (c *client) taskIsListed() (bool, error) {
	message, err := c.call(callbot.ListTask{
		Page:            1,
		Size:            100,
		QueryConditions: callbot.QueryConditions{UserTaskID: []string{c.task}},
	})
	if err != nil {
		return false, err
	}
	tasks, err := callbot.Read[callbot.ListTaskResponse](message)
	if err != nil {
		return false, err
	}
	for _, task := range tasks.TaskData.All() {
		if task.UserTaskID == c.task {
			return true, nil
		}
	}
	return false, nil
}

// start starts the task. To start it twice is harmless.
func (c *client) start() error {
	for try := range maxTries {
		c.pause(try)
		_, err := c.call(callbot.MgrTaskStatus{UserTaskID: c.task, TaskOperate: callbot.TaskStart})
		if err == nil || isFinal(err) {
			return err
		}
	}
	log.Print("the task was not started")
	return nil
}

// --- The orders ---

// addAll adds contacts to the task, batch by batch.
func (c *client) addAll(contacts []contact, results map[string]result) error {
	batch, err := callbot.NewBatch(callbot.Task{
		UserTaskID:       c.task,
		OrderCallbackURL: c.callbackURL + "/order",
		CallCallbackURL:  c.callbackURL + "/call",
	}, nil)
	if err != nil {
		return err
	}
	defer batch.Close()
	for some := range slices.Chunk(contacts, c.maxOrders) {
		batch.Clear()
		orders := make([]callbot.Order, len(some))
		for i, contact := range some {
			orders[i] = callbot.Order{OrderID: contact.orderID, UserPhone: contact.phone}
		}
		taken, violations, err := batch.AddValid(orders...)
		if err != nil {
			return err
		}
		for _, violation := range slices.Backward(violations) {
			results[some[violation.Order].orderID] = refused(violation.Code)
		}
		var ids []string
		for i, contact := range some {
			if taken[i] {
				ids = append(ids, contact.orderID)
			}
		}
		if len(ids) == 0 {
			continue
		}
		request, err := batch.Build(c.signer)
		if err != nil {
			return err
		}
		if err := c.add(request, ids, results); err != nil {
			return err
		}
	}
	return nil
}

// add sends a request with orders until it is known what became of them, or unknown.
func (c *client) add(request *callbot.Request, ids []string, results map[string]result) error {
	for try := range maxTries {
		c.pause(try)
		if try > 0 {
			var err error
			if request, err = request.SignAgain(c.signer); err != nil {
				return err
			}
		}
		if err := c.journal.sent(request.Sent(), ids); err != nil {
			return err
		}
		message, err := c.send(request)
		if isFinal(err) {
			return err
		}
		judged, reason := judge(request, message, err, len(ids))
		isLast := try == maxTries-1 || reason == retCode(tooMany) && len(ids) == 1
		if reason != "" && isLast {
			judged = all(len(ids), refused(reason))
		}
		if err := c.journal.answered(request.RequestID(), ids, judged); err != nil {
			return err
		}
		for i, id := range ids {
			results[id] = judged[i]
		}
		switch {
		case reason == "" || isLast:
			return nil
		case reason == retCode(tooMany):
			return c.addHalves(request, ids, results)
		}
	}
	return nil
}

// addHalves sends a request that had too many orders as two.
func (c *client) addHalves(request *callbot.Request, ids []string, results map[string]result) error {
	first, second, err := request.Split(c.signer)
	if err != nil {
		return err
	}
	middle := (len(ids) + 1) / 2
	if err := c.add(first, ids[:middle], results); err != nil {
		return err
	}
	return c.add(second, ids[middle:], results)
}

// judge returns what became of the orders of a request. If nothing was taken and they may be sent
// again, it also returns why.
func judge(request *callbot.Request, message *callbot.Verified, err error, orders int) ([]result, string) {
	if errors.Is(err, errNotSent) {
		return all(orders, again), err.Error()
	}
	if err != nil {
		return all(orders, unknown(err.Error())), ""
	}
	outcome, err := request.Outcome(message)
	if err != nil {
		return all(orders, unknown("unaccounted")), ""
	}
	switch outcome.Kind {
	case callbot.OutcomeAccepted, callbot.OutcomePartly, callbot.OutcomeAmbiguous:
		results := all(orders, accepted)
		for _, refusal := range outcome.Refused {
			results[refusal.Order] = refused("provider")
			if outcome.Kind == callbot.OutcomeAmbiguous {
				results[refusal.Order] = unknown("ambiguous")
			}
		}
		return results, ""
	case callbot.OutcomeRefused:
		return judgeRefused(message, outcome, orders)
	}
	return all(orders, unknown("unaccounted")), ""
}

// judgeRefused is judge for an answer that refuses every order.
func judgeRefused(message *callbot.Verified, outcome *callbot.Outcome, orders int) ([]result, string) {
	answer, err := message.Result()
	switch {
	case err != nil:
		return all(orders, unknown("unaccounted")), ""
	case answer.IsSuccess():
		return all(orders, refused("provider")), ""
	case answer.Code == tooMany || outcome.Retry == callbot.RetryLater:
		return all(orders, again), retCode(answer.Code)
	}
	return all(orders, refused(retCode(answer.Code))), ""
}

func all(orders int, one result) []result { return slices.Repeat([]result{one}, orders) }

func retCode(code int64) string { return fmt.Sprintf("ret_code_%d", code) }

// --- What became of unknown orders ---

// lookUp asks for the orders of which it is not known whether the provider has them. They are not
// sent again: the people may be called twice.
func (c *client) lookUp(results map[string]result) error {
	var ids []string
	for id, result := range results {
		if result.isUnknown() {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	time.Sleep(c.wait) // a request may be on its way
	for some := range slices.Chunk(ids, maxDetails) {
		listed, err := c.listed(some)
		if err != nil {
			return err
		}
		for _, id := range some {
			switch {
			case listed == nil: // it stays unknown
			case listed[id]:
				results[id] = accepted
			default:
				results[id] = refused("not_received")
			}
		}
	}
	return nil
}

// listed returns which orders the provider has, or nil if it did not tell.
func (c *client) listed(ids []string) (map[string]bool, error) {
	for try := range maxTries {
		c.pause(try)
		message, err := c.call(callbot.ListOrderDetail{UserTaskID: c.task, OrderList: ids})
		if isFinal(err) {
			return nil, err
		}
		if err != nil {
			continue
		}
		if listed := listedIn(message); listed != nil {
			return listed, nil
		}
	}
	return nil, nil
}

// listedIn returns which orders an answer of listOrderDetail has. It is nil if the answer has no
// list, or an order that cannot be read: it does not say then that others are missing.
func listedIn(message *callbot.Verified) map[string]bool {
	details, err := callbot.Read[callbot.ListOrderDetailResponse](message)
	if err != nil {
		return nil
	}
	if list, err := details.OrderDetailList.MarshalJSON(); err != nil || string(list) == "null" {
		return nil
	}
	listed := map[string]bool{}
	for _, order := range details.OrderDetailList.All() {
		listed[order.OrderID] = true
	}
	if listed[""] {
		return nil
	}
	return listed
}
