package callbot

import (
	"fmt"
)

// #include <callbot.h>
import "C"

// Envelope is what the responses of all endpoints have in common. Every response can be read as an
// Envelope; its own fields are in Extra then.
type Envelope struct {
	private[Envelope]

	// RetCode is 0 for success. Every other value is a failure; [Verified.Result] tells its
	// meaning. ping calls it code.
	RetCode int64 `json:"retCode" page:"essential"`
	// RetMsg is the provider's message. ping calls it msg.
	RetMsg string `json:"retMsg"`
	// ResponseID is the provider's id for tracing. Quote it when you report a problem. ping calls
	// it reqId.
	ResponseID string `json:"responseID"`
	Extra      Extra
}

func (Envelope) content() content { return content{isResponse: true} }

// Result is how a request went. Every response has one.
type Result struct {
	// Code is 0 for success. Every other value is a failure.
	Code int64
	// Meaning is the meaning of Code in the API's pages. It is empty for a code that they do not
	// list.
	Meaning string
	// Retry says whether sending the request again can help.
	Retry Retry
	// Message is the provider's message.
	Message string
	// ResponseID is the provider's id for tracing. Quote it when you report a problem.
	ResponseID string
}

// IsSuccess reports whether the request succeeded. Single orders may still be refused; see
// [Outcome].
func (r Result) IsSuccess() bool { return r.Code == 0 }

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
