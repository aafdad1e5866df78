package callbot

import "fmt"

// #include <callbot.h>
import "C"

// Status is the kind of an [Error]. The constants are targets for [errors.Is]:
//
//	errors.Is(err, callbot.ErrEmptyBatch)
//
// A later version of the library may return numbers without a name here.
type Status int32

const (
	// ErrPanic: the library caught an internal error. A batch that was being written can only be
	// closed or cleared.
	ErrPanic Status = C.CALLBOT_PANIC
	// ErrNullPointer: a required pointer is NULL. This cannot happen from Go.
	ErrNullPointer Status = C.CALLBOT_NULL_POINTER
	// ErrLength: a length is larger than any object can be. This cannot happen from Go.
	ErrLength Status = C.CALLBOT_LENGTH
	// ErrNotUTF8: a string is not UTF-8. (A string of an order or of a call that is not UTF-8
	// is a violation: ErrRefused.)
	ErrNotUTF8 Status = C.CALLBOT_NOT_UTF8
	// ErrUnknownConstant: an Algorithm is not one of the constants.
	ErrUnknownConstant Status = C.CALLBOT_UNKNOWN_CONSTANT
	// ErrNoRandom: the operating system returned no random numbers for a request id.
	ErrNoRandom Status = C.CALLBOT_NO_RANDOM
	// ErrClock: the time of the system clock cannot be signed.
	ErrClock Status = C.CALLBOT_CLOCK
	// ErrSecretKey: the secret key is empty, or starts or ends with whitespace or a control
	// character.
	ErrSecretKey Status = C.CALLBOT_SECRET_KEY
	// ErrUUID: the uuid cannot be sent as a header.
	ErrUUID Status = C.CALLBOT_UUID
	// ErrRequestID: the request id cannot be sent as a header.
	ErrRequestID Status = C.CALLBOT_REQUEST_ID
	// ErrCreateTs: the time cannot be signed, because it is before 1970 or after 5138.
	ErrCreateTs Status = C.CALLBOT_CREATE_TS
	// ErrRules: a rule cannot be set.
	ErrRules Status = C.CALLBOT_RULES
	// ErrPhone: a phone number given to CheckPhone or PhoneFromTyped is invalid or ambiguous.
	ErrPhone Status = C.CALLBOT_PHONE
	// ErrEmptyBatch: Build was called on a batch without orders.
	ErrEmptyBatch Status = C.CALLBOT_EMPTY_BATCH
	// ErrRefused: a task, an order or a JSON body was refused. Violations lists everything that is
	// wrong.
	ErrRefused Status = C.CALLBOT_REFUSED
	// ErrHeaders: a header of a received message is missing, duplicate or malformed.
	ErrHeaders Status = C.CALLBOT_HEADERS
	// ErrOtherAlgorithm: a received message names an algorithm that is not the account's.
	ErrOtherAlgorithm Status = C.CALLBOT_OTHER_ALGORITHM
	// ErrUnknownUUID: a received message is for an account that the verifier does not know.
	ErrUnknownUUID Status = C.CALLBOT_UNKNOWN_UUID
	// ErrSignatureMismatch: the signature of a received message is wrong.
	ErrSignatureMismatch Status = C.CALLBOT_SIGNATURE_MISMATCH
	// ErrBodyNotUTF8: the body of a received message is not UTF-8. It was extended, or it is
	// compressed.
	ErrBodyNotUTF8 Status = C.CALLBOT_BODY_NOT_UTF8
	// ErrTooOld: a received message is too old.
	ErrTooOld Status = C.CALLBOT_TOO_OLD
	// ErrTooNew: the time of a received message is too far in the future.
	ErrTooNew Status = C.CALLBOT_TOO_NEW
	// ErrOtherRequest: a response is genuine, but answers another request.
	ErrOtherRequest Status = C.CALLBOT_OTHER_REQUEST
	// ErrContent: a verified message does not have the expected content. See
	// [Verified.CallCallback].
	ErrContent Status = C.CALLBOT_CONTENT
	// ErrEndpoint: the name of an endpoint is unknown.
	ErrEndpoint Status = C.CALLBOT_ENDPOINT
	// ErrPath: the path given to NewRequest is invalid.
	ErrPath Status = C.CALLBOT_PATH
	// ErrBaseURL: the base URL is not an absolute http or https URL without query and fragment.
	ErrBaseURL Status = C.CALLBOT_BASE_URL
	// ErrNoMemory: the library could not allocate memory (no_memory). What the call would have changed
	// is as it was. Go's own allocations still end the program.
	ErrNoMemory Status = C.CALLBOT_NO_MEMORY
	// ErrReplaysFull: a MemoryReplays has reached its capacity (replays_full).
	ErrReplaysFull Status = C.CALLBOT_REPLAYS_FULL
	// ErrClaimLost: the lease of a claim has run out before it was done (claim_lost).
	ErrClaimLost Status = C.CALLBOT_CLAIM_LOST
	// ErrOther: an error that the library's C interface has no status for.
	ErrOther Status = C.CALLBOT_OTHER
)

// These kinds of errors exist only in this package. The library's own numbers are never negative.
// The codes in parentheses are in docs/errors.md of the repository too.
const (
	// ErrClosed: a Signer, Batch or Verifier was closed, or an object was not created by this
	// package's functions (closed).
	ErrClosed Status = -1
	// ErrTolerance: a tolerance is negative (tolerance_negative) or has fractions of a second
	// (tolerance_fraction).
	ErrTolerance Status = -3
	// ErrMethod: a callback's HTTP method is not POST (method).
	ErrMethod Status = -4
	// ErrTooLarge: the body of a callback is larger than MaxBody (callback_too_large), or that of a
	// response is (response_too_large).
	ErrTooLarge Status = -5
	// ErrReplayed: a callback was processed before (replayed).
	ErrReplayed Status = -6
	// ErrBodyRead: something has read or closed the body before this package, so that its bytes are
	// gone (body_read).
	ErrBodyRead Status = -8
	// ErrDecompressed: the transport decompressed a response (response_decompressed).
	ErrDecompressed Status = -9
	// ErrSplit: a request cannot be split, because of its endpoint (split_endpoint) or because it
	// has one order (split_one_order).
	ErrSplit Status = -10
	// ErrInProcess: a callback is being processed (in_process).
	ErrInProcess Status = -11
)

// Error implements error, so that a Status can be the target of [errors.Is]. Functions return an
// [*Error], never a Status.
func (s Status) Error() string {
	return fmt.Sprintf("callbot: status %d", int32(s))
}

// Error describes why a call failed. It contains no secret key, phone number or name, so it may be
// logged.
type Error struct {
	// Status is the kind of failure.
	Status Status
	// Code is stable and more specific than the status, such as "secret_key_blank_at_end".
	// docs/errors.md of the repository lists all codes. With ErrRefused it is "refused", and each
	// violation has its own.
	Code string
	// Message says what is wrong and what to do, in one line. With ErrRefused it shows the first
	// violation and the number of violations.
	Message string
	// Violations is everything that is wrong with a task, an order or a JSON body. It is empty
	// except with ErrRefused.
	Violations []Violation
	// Unlisted is the number of further violations. It is 0 unless there are more than a million.
	Unlisted int
}

func (e *Error) Error() string {
	return "callbot: " + e.Message
}

// Is reports whether target is the error's Status.
func (e *Error) Is(target error) bool {
	status, ok := target.(Status)
	return ok && status == e.Status
}

// Violation is one thing that is wrong with a task, an order or a JSON body.
type Violation struct {
	// Code is stable, such as "phone_plus".
	Code string
	// Path is a JSON Pointer (RFC 6901) into the body, such as
	// "/callInfoList/callList/3/userPhone". It is empty for the whole JSON document. The index is
	// the one that the order would have had in the batch, after the orders that the batch already
	// had.
	Path string
	// Message says what is wrong and what to do.
	Message string
	// Order is the index of the order in this call: orders[Order] after Add(orders...) or
	// AddValid(orders...), and an element of callList for a JSON body. It is -1 if the violation is
	// not about an order.
	Order int
	// Field is the key of the field, such as "userPhone": the last key of Path.
	Field string
	// Param is the name of the script template's variable, as the rules have it. It is empty if the
	// rules have no such variable.
	Param string
}

// String returns the path, the message and the code.
func (v Violation) String() string {
	if v.Path == "" {
		return fmt.Sprintf("%s [%s]", v.Message, v.Code)
	}
	return fmt.Sprintf("%s: %s [%s]", v.Path, v.Message, v.Code)
}

func closed(what string) error {
	return unusable(what + " is closed, or was not created by this package's functions")
}

// notMade is the error for a value that has no Close and was not created by maker.
func notMade(what, maker string) error {
	return unusable(what + " is nil, or was not created by " + maker)
}

func unusable(message string) error {
	return &Error{Status: ErrClosed, Code: "closed", Message: message}
}
