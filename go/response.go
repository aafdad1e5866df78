package callbot

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// #include <callbot.h>
import "C"

// Response is the provider's answer to a batch of orders. Printing it shows no personal data, but in an unexported
// field of a struct, as with [CallCallback].
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder
type Response struct {
	// RetCode is 0 for success; everything else is a failure. It is any JSON integer that an int64 holds.
	RetCode int64
	// RetMeaning is what the API's pages say that RetCode means. Empty for a code that they do not have.
	RetMeaning string
	// Retry is whether sending the request again can help.
	Retry Retry
	// RetMsg is the provider's message.
	RetMsg string
	// ResponseID is the provider's id for tracing; quote it when you report a problem.
	ResponseID string
	// TotalCount is how many orders were received. It is nil only where a failure leaves it out.
	TotalCount *int64
	// SuccessCount is how many orders were accepted. It is nil only where a failure leaves it out.
	SuccessCount *int64
	// ErrList is the refused phone numbers.
	ErrList []RefusedPhone
	// Extra are those that the API's page does not have.
	Extra map[string]json.RawMessage
}

// RefusedPhone is a phone number that the provider refused. Printing it is as with [Response].
type RefusedPhone struct {
	private[RefusedPhone]

	Phone string
	// ErrMsg is why.
	ErrMsg string
	// OrderIDs are the ids of all orders of the request with this number, in the order of the batch. The provider names the
	// phone only, so that of two orders with one phone it cannot be told which was refused. Empty for a number that was
	// not sent.
	OrderIDs []string
	// Extra are those that the API's page does not have.
	Extra map[string]json.RawMessage
}

// Retry says whether sending a request again, with [Request.SignAgain], can help. That it can help does not make it
// harmless: see there.
type Retry int32

const (
	// RetrySucceeded: the request succeeded. Sending it again would dial the same people again.
	RetrySucceeded Retry = C.CALLBOT_RETRY_SUCCEEDED
	// RetryLater: the provider is busy (7), under maintenance (5), or refuses while a batch import is running (1001). Try
	// again later.
	RetryLater Retry = C.CALLBOT_RETRY_LATER
	// RetryNever: the same request will fail again.
	RetryNever Retry = C.CALLBOT_RETRY_NEVER
	// RetryUnknown: the API's pages do not say, as for an internal server error (5001): the orders may have been taken.
	RetryUnknown Retry = C.CALLBOT_RETRY_UNKNOWN
)

// String returns one word, such as "helps".
func (r Retry) String() string {
	switch r {
	case RetrySucceeded:
		return "succeeded"
	case RetryLater:
		return "helps"
	case RetryNever:
		return "useless"
	case RetryUnknown:
		return "unknown"
	}
	return fmt.Sprintf("Retry(%d)", int32(r))
}

// IsSuccess reports whether the request succeeded. Single phone numbers may have been refused all the same: see ErrList.
func (r *Response) IsSuccess() bool { return r.RetCode == 0 }

// Response reads the body as the answer to a batch of orders. The refused phone numbers are traced to the orders of the
// request that was given to [Verifier.VerifyResponse].
//
// It fails with ErrContent as [Verified.CallCallback] does, where the message was verified as a callback
// (content_other_kind) and else for the same reasons, and with ErrClosed for a message that no Verifier made. A failed
// response may lack the two counts.
func (v *Verified) Response() (*Response, error) {
	f, err := v.read(responseContent)
	if err != nil {
		return nil, err
	}
	response := &Response{
		RetCode:      f.integer("retCode"),
		RetMsg:       f.text("retMsg"),
		ResponseID:   f.text("responseID"),
		TotalCount:   f.maybeInteger("totalCount"),
		SuccessCount: f.maybeInteger("successCount"),
		ErrList:      objects(f, "errList", readRefusedPhone),
		Extra:        f.rest(),
	}
	handle, err := v.lock()
	if err != nil {
		return nil, err
	}
	defer handle.lock.RUnlock()
	if err := cResponse(handle.object, v.get().request, response); err != nil {
		return nil, err
	}
	return response, nil
}

func readRefusedPhone(f fields) RefusedPhone {
	return RefusedPhone{Phone: f.text("phone"), ErrMsg: f.text("errMsg"), Extra: f.rest()}
}

// Format implements [fmt.Formatter]: printing a response shows no personal data, whatever the verb but for %p and %w.
func (r Response) Format(state fmt.State, _ rune) {
	fmt.Fprintf(state, "callbot.Response{retCode %d, responseID %q, %d refused}", r.RetCode, r.ResponseID, len(r.ErrList))
}

// LogValue implements [slog.LogValuer]. It logs what Format prints.
func (r Response) LogValue() slog.Value { return logValue(r) }
