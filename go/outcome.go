package callbot

import (
	"fmt"
	"log/slog"
)

// #include <callbot.h>
import "C"

// Outcome is what became of the orders of a request. Printing it shows no personal data.
type Outcome struct {
	// Kind is what became of the orders as a whole.
	Kind OutcomeKind
	// Retry says whether sending the same request again can help. It is RetryUnknown unless the
	// response accounts for every order, whatever its code says: sending the request again may then
	// dial people twice.
	Retry Retry
	// Refused are the orders that were refused, or may have been, in the order of the provider's
	// list. Refusals that belong to no order are listed too, but no more of them than the request
	// has orders, or 100 if it has fewer.
	Refused []Refusal
	// Unlisted is how many refusals that belong to no order are left out of Refused. If it is not 0,
	// Kind is never a success.
	Unlisted int
}

// OutcomeKind is what became of the orders as a whole. Neither OutcomeAmbiguous nor
// OutcomeUnaccounted is a success.
type OutcomeKind int32

const (
	// OutcomeAccepted: every order was accepted.
	OutcomeAccepted OutcomeKind = C.CALLBOT_OUTCOME_ACCEPTED
	// OutcomePartly: some orders were refused. Each refusal is traced to its order.
	OutcomePartly OutcomeKind = C.CALLBOT_OUTCOME_PARTLY
	// OutcomeRefused: no order was accepted.
	OutcomeRefused OutcomeKind = C.CALLBOT_OUTCOME_REFUSED
	// OutcomeAmbiguous: a refused phone number stands for several orders, and not all of them were
	// refused: which ones is not known.
	OutcomeAmbiguous OutcomeKind = C.CALLBOT_OUTCOME_AMBIGUOUS
	// OutcomeUnaccounted: the response does not account for every order. Its numbers do not add up
	// to what was sent, a refusal belongs to no order, or the request failed in a way that leaves
	// open what was accepted. [ListOrderDetail] asks for the orders.
	OutcomeUnaccounted OutcomeKind = C.CALLBOT_OUTCOME_UNACCOUNTED
)

// String returns one word, such as "partly".
func (k OutcomeKind) String() string {
	switch k {
	case OutcomeAccepted:
		return "accepted"
	case OutcomePartly:
		return "partly"
	case OutcomeRefused:
		return "refused"
	case OutcomeAmbiguous:
		return "ambiguous"
	case OutcomeUnaccounted:
		return "unaccounted"
	}
	return fmt.Sprintf("OutcomeKind(%d)", int32(k))
}

// Refusal is an order that the provider refused, or may have refused.
type Refusal struct {
	private[Refusal]

	// Order is the order's index in the request, or -1 for a refusal that belongs to none.
	Order int
	// OrderID is the order's id, or the one that the response names.
	OrderID string
	// Phone is the order's phone number, or the one that the response names. It is empty for orders
	// that are named by their ids, as in stopOrder.
	Phone string
	// Message is the provider's reason.
	Message string
	// IsAmbiguous: the refusal may be for another order with the same phone number.
	IsAmbiguous bool
}

// Outcome tells what became of the orders of a request, by its answer. message is that answer. Of a
// request with orderIDs, such as [StopOrder], these are the orders.
//
// The provider names a refused order by its phone number only, so two orders with one number cannot
// always be told apart. Numbers are compared by their digits. The orders of the request are read
// only if the answer refuses any. They are counted if it is a success, and the body is not looked
// at if the answer's code says that the whole request was refused.
//
// It fails with ErrContent like [Read], and with the codes outcome_callback if message is a
// callback, and outcome_request if the request has no orders.
func (r *Request) Outcome(message *Verified) (*Outcome, error) {
	if r.get().method == "" {
		return nil, notMade("request", requestMakers)
	}
	return message.outcome(r.get().body)
}

// Outcome is like [Request.Outcome], with the body of a request that was stored. It must be the one
// that was answered; this is not checked.
func (v *Verified) Outcome(requestBody []byte) (*Outcome, error) { return v.outcome(view(requestBody)) }

func (v *Verified) outcome(requestBody string) (*Outcome, error) {
	data := v.get()
	switch {
	case !data.isMade:
		return nil, notMade("verified message", "a Verifier")
	case !data.isResponse:
		return nil, contentError("outcome_callback", "a callback does not answer a request; pass a response")
	}
	if err := data.handle.read(); err != nil {
		return nil, err
	}
	defer data.handle.lock.RUnlock()
	return cOutcome(data.handle.object, requestBody)
}

// Format implements [fmt.Formatter]. It prints no personal data, for every verb except %p and %w.
func (o Outcome) Format(state fmt.State, _ rune) {
	unlisted := ""
	if o.Unlisted > 0 {
		unlisted = fmt.Sprintf(", %d unlisted", o.Unlisted)
	}
	fmt.Fprintf(state, "callbot.Outcome{%v, %d refused%s}", o.Kind, len(o.Refused), unlisted)
}

// LogValue implements [slog.LogValuer]. It logs what Format prints.
func (o Outcome) LogValue() slog.Value { return logValue(o) }
