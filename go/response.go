package callbot

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// #include <callbot.h>
import "C"

// Response is the provider's answer to a batch of orders. Printing it shows no personal data,
// except in an unexported field of a struct, as with [CallCallback].
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder
type Response struct {
	// RetCode is 0 for success. Every other value is a failure.
	RetCode int64 `json:"retCode"`
	// RetMeaning is the meaning of RetCode in the API's pages. It is empty for a code that they do
	// not list.
	RetMeaning string
	// Retry says whether sending the request again can help.
	Retry Retry
	// RetMsg is the provider's message.
	RetMsg string `json:"retMsg"`
	// ResponseID is the provider's id for tracing. Quote it when you report a problem.
	ResponseID string `json:"responseID"`
	// TotalCount is the number of orders received. It is nil only if a failed response omits it.
	TotalCount *int64 `json:"totalCount"`
	// SuccessCount is the number of orders accepted. It is nil only if a failed response omits it.
	SuccessCount *int64 `json:"successCount"`
	// ErrList lists the refused phone numbers.
	ErrList []RefusedPhone `json:"errList"`
	// Extra are the fields that the API's page does not list.
	Extra map[string]json.RawMessage
}

// RefusedPhone is a phone number that the provider refused. Printing it shows no personal data, as
// with [Response].
type RefusedPhone struct {
	private[RefusedPhone]

	Phone string `json:"phone"`
	// ErrMsg is the provider's reason.
	ErrMsg string `json:"errMsg"`
	// OrderIDs are the ids of all orders of the request with this number, in the order of the
	// batch. The provider names the phone only, so if two orders have the same phone, it is unknown
	// which one was refused. It is empty for a number that was not sent.
	OrderIDs []string
	// Extra are the fields that the API's page does not list.
	Extra map[string]json.RawMessage
}

// Retry says whether sending a request again, with [Request.SignAgain], can help. It does not say
// that a retry is harmless; see there.
type Retry int32

const (
	// RetrySucceeded: the request succeeded. Sending it again would dial the same people again.
	RetrySucceeded Retry = C.CALLBOT_RETRY_SUCCEEDED
	// RetryLater: the provider is busy (7), under maintenance (5), or running a batch import
	// (1001). Try again later.
	RetryLater Retry = C.CALLBOT_RETRY_LATER
	// RetryNever: the same request will fail again.
	RetryNever Retry = C.CALLBOT_RETRY_NEVER
	// RetryUnknown: the API's pages do not say. After an internal server error (5001), for example,
	// the orders may have been accepted.
	RetryUnknown Retry = C.CALLBOT_RETRY_UNKNOWN
)

// String returns one word, such as "later".
func (r Retry) String() string {
	switch r {
	case RetrySucceeded:
		return "succeeded"
	case RetryLater:
		return "later"
	case RetryNever:
		return "never"
	case RetryUnknown:
		return "unknown"
	}
	return fmt.Sprintf("Retry(%d)", int32(r))
}

// IsSuccess reports whether the request succeeded. Single phone numbers may still be refused; see
// ErrList.
func (r *Response) IsSuccess() bool { return r.RetCode == 0 }

// Response reads the body as the answer to a batch of orders. Refused phone numbers are matched to
// the orders of the request that was sent, or of an equal one that was built again with the same
// id. If request is nil, OrderIDs are empty. A failed response may omit the two counts.
//
// It fails with ErrOtherRequest if the request has another id or account. It fails with ErrContent
// for the same reasons as [Verified.CallCallback], with content_other_kind if the message was
// verified as a callback, and with ErrClosed for a message that no Verifier returned.
func (v *Verified) Response(request *Request) (*Response, error) {
	if request != nil && request.get().method == "" {
		return nil, notMade("request", requestMakers)
	}
	response, err := read[Response](v, responseContent)
	if err != nil {
		return nil, err
	}
	handle, err := v.lock()
	if err != nil {
		return nil, err
	}
	defer handle.lock.RUnlock()
	if err := cResponse(handle.object, request, response); err != nil {
		return nil, err
	}
	return response, nil
}

// Format implements [fmt.Formatter]. It prints no personal data, for every verb except %p and %w.
func (r Response) Format(state fmt.State, _ rune) {
	fmt.Fprintf(state, "callbot.Response{retCode %d, responseID %q, %d refused}", r.RetCode, r.ResponseID, len(r.ErrList))
}

// LogValue implements [slog.LogValuer]. It logs what Format prints.
func (r Response) LogValue() slog.Value { return logValue(r) }
