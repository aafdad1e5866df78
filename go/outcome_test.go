package callbot

import (
	"fmt"
	"strings"
	"testing"
)

// The answers are those of the core's tests: what counts is that Go gets all of it.
func TestOutcome(t *testing.T) {
	orders := someOrders(0, 4)
	orders[3].UserPhone = orders[2].UserPhone
	orders[1].OrderID = "quote \" and backslash \\"
	batch := newBatch(t, nil, orders...)
	request := build(t, batch)
	batch.Clear() // the request does not depend on it
	refusal := func(i int, phone string) Refusal {
		return Refusal{Order: i, OrderID: orders[i].OrderID, Phone: phone, Message: "no"}
	}
	ambiguous := []Refusal{refusal(2, "8613800000002"), refusal(3, "8613800000002")}
	ambiguous[0].IsAmbiguous, ambiguous[1].IsAmbiguous = true, true
	for body, want := range map[string]Outcome{
		`{"retCode":0,"totalCount":4,"successCount":4}`: {Kind: OutcomeAccepted, Retry: RetrySucceeded},
		`{"retCode":0,"totalCount":4,"successCount":3,"errList":[{"phone":"+8613800000001","errMsg":"no"}]}`: {
			Kind: OutcomePartly, Retry: RetrySucceeded, Refused: []Refusal{refusal(1, "8613800000001")},
		},
		`{"retCode":0,"totalCount":4,"successCount":3,"errList":[{"phone":"8613800000002","errMsg":"no"}]}`: {
			Kind: OutcomeAmbiguous, Retry: RetryUnknown, Refused: ambiguous,
		},
		`{"retCode":0,"totalCount":4,"successCount":3}`: {Kind: OutcomeUnaccounted, Retry: RetryUnknown},
		`{"retCode":7}`:    {Kind: OutcomeRefused, Retry: RetryLater},
		`{"retCode":5001}`: {Kind: OutcomeUnaccounted, Retry: RetryUnknown},
		`{"retCode":0,"totalCount":4,"successCount":3,"errList":[{"phone":"447700900123","errMsg":"no"}]}`: {
			Kind: OutcomeUnaccounted, Retry: RetryUnknown, Refused: []Refusal{{Order: -1, Phone: "447700900123", Message: "no"}},
		},
	} {
		message := answer(t, request, body)
		outcome, err := request.Outcome(message)
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		same(t, outcome, &want)
		stored, err := message.Outcome(request.Body())
		if err != nil {
			t.Fatal(err)
		}
		same(t, stored, &want)
	}
	printed := fmt.Sprintf("%+v %+v", Outcome{Kind: OutcomePartly, Refused: ambiguous}, ambiguous[0])
	if printed != "callbot.Outcome{partly, 2 refused} callbot.Refusal{...}" {
		t.Error(printed)
	}
	for kind, name := range []string{"accepted", "partly", "refused", "ambiguous", "unaccounted", "OutcomeKind(5)"} {
		if OutcomeKind(kind).String() != name {
			t.Error(kind)
		}
	}
}

func TestManyRefusals(t *testing.T) {
	const count = 1000
	request := build(t, newBatch(t, nil, someOrders(0, count)...))
	var refused []string
	for i := range count {
		refused = append(refused, fmt.Sprintf(`{"phone":"%d","errMsg":"%d"}`, 8613800000000+count-1-i, i))
	}
	body := `{"retCode":0,"totalCount":1000,"successCount":0,"errList":[` + strings.Join(refused, ",") + `]}`
	outcome, err := request.Outcome(answer(t, request, body))
	if err != nil || outcome.Kind != OutcomeRefused || len(outcome.Refused) != count {
		t.Fatal(outcome, err)
	}
	for i, refused := range outcome.Refused {
		if refused.Order != count-1-i || refused.OrderID != fmt.Sprintf("order-%d", count-1-i) || refused.Message != fmt.Sprint(i) {
			t.Fatalf("%d: %d %s %s", i, refused.Order, refused.OrderID, refused.Message)
		}
	}
}

// What is listed is bounded by the request, whatever the answer's size.
func TestUnlistedRefusals(t *testing.T) {
	const rows = 200_000
	request := build(t, newBatch(t, nil, someOrders(0, 1)...))
	message := answer(t, request, `{"retCode":0,"errList":[0`+strings.Repeat(",0", rows-1)+`]}`)
	outcome, err := request.Outcome(message)
	if err != nil || outcome.Kind != OutcomeUnaccounted || len(outcome.Refused) != 100 || outcome.Unlisted != rows-100 {
		t.Fatal(outcome, err)
	}
	if printed := fmt.Sprint(outcome); printed != "callbot.Outcome{unaccounted, 100 refused, 199900 unlisted}" {
		t.Error(printed)
	}
}

func TestOutcomeOfStoppedOrders(t *testing.T) {
	request, err := newSigner(t, MD5).Request(StopOrder{UserTaskID: "t", OrderIDs: []string{"a", "b"}}, WithRequestID(testID))
	if err != nil {
		t.Fatal(err)
	}
	message := answer(t, request, `{"retCode":0,"totalCount":2,"successCount":1,"errList":[{"orderID":"b","errMsg":"late"}]}`)
	outcome, err := request.Outcome(message)
	if err != nil {
		t.Fatal(err)
	}
	same(t, outcome, &Outcome{Kind: OutcomePartly, Retry: RetrySucceeded, Refused: []Refusal{{Order: 1, OrderID: "b", Message: "late"}}})
	// What cannot be compared.
	ping, err := newSigner(t, MD5).Request(Ping{}, WithRequestID(testID))
	if err != nil {
		t.Fatal(err)
	}
	_, err = ping.Outcome(message)
	wantError(t, err, ErrContent, "outcome_request")
	_, err = request.Outcome(verify(t, callBody))
	wantError(t, err, ErrContent, "outcome_callback")
	_, err = request.Outcome(answer(t, request, `{}`))
	wantError(t, err, ErrContent, "content_missing")
	for _, message := range []*Verified{nil, {}} {
		_, err = request.Outcome(message)
		wantError(t, err, ErrClosed, "closed")
	}
	for _, request := range []*Request{nil, {}} {
		_, err = request.Outcome(message)
		wantError(t, err, ErrClosed, "closed")
	}
}
