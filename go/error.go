package callbot

import "fmt"

// #include <callbot.h>
import "C"

// Status is the kind of an [Error]. The constants are made for [errors.Is]:
//
//	errors.Is(err, callbot.ErrEmptyBatch)
//
// A later library may return numbers that have no name here.
type Status int32

const (
	// ErrPanic: the library has a fault in itself, and caught it. A batch that was being written can only be closed, or
	// cleared.
	ErrPanic Status = C.CALLBOT_PANIC
	// ErrNullPointer: a pointer that is needed is NULL. It cannot happen from Go.
	ErrNullPointer Status = C.CALLBOT_NULL_POINTER
	// ErrLength: a length is larger than any object can be. It cannot happen from Go.
	ErrLength Status = C.CALLBOT_LENGTH
	// ErrNotUTF8: a string is not UTF-8.
	ErrNotUTF8 Status = C.CALLBOT_NOT_UTF8
	// ErrUnknownConstant: an Algorithm that is none of the constants.
	ErrUnknownConstant Status = C.CALLBOT_UNKNOWN_CONSTANT
	// ErrNoRandom: the operating system gave no random numbers for a request id.
	ErrNoRandom Status = C.CALLBOT_NO_RANDOM
	// ErrClock: the system's clock shows no time that can be signed.
	ErrClock Status = C.CALLBOT_CLOCK
	// ErrSecretKey: the secret key is empty, or has a blank or control character at an end.
	ErrSecretKey Status = C.CALLBOT_SECRET_KEY
	// ErrUUID: the uuid cannot be sent as a header.
	ErrUUID Status = C.CALLBOT_UUID
	// ErrRequestID: the request id cannot be sent as a header.
	ErrRequestID Status = C.CALLBOT_REQUEST_ID
	// ErrCreateTs: the time cannot be signed: it lies before 1970 or after 5138.
	ErrCreateTs Status = C.CALLBOT_CREATE_TS
	// ErrRules: a rule cannot be set.
	ErrRules Status = C.CALLBOT_RULES
	// ErrPhone: a phone number that was given on its own is not right, or it cannot be told which number is meant.
	ErrPhone Status = C.CALLBOT_PHONE
	// ErrEmptyBatch: a batch without orders was to be built into a request.
	ErrEmptyBatch Status = C.CALLBOT_EMPTY_BATCH
	// ErrRefused: a task, an order or a JSON body was refused. The violations tell everything that is wrong.
	ErrRefused Status = C.CALLBOT_REFUSED
	// ErrHeaders: a header of a received message is missing, stands twice, or is not of its form.
	ErrHeaders Status = C.CALLBOT_HEADERS
	// ErrOtherAlgorithm: a received message names another algorithm than the account's.
	ErrOtherAlgorithm Status = C.CALLBOT_OTHER_ALGORITHM
	// ErrUnknownUUID: a received message is for an account that the verifier does not know.
	ErrUnknownUUID Status = C.CALLBOT_UNKNOWN_UUID
	// ErrSignatureMismatch: the signature of a received message is wrong.
	ErrSignatureMismatch Status = C.CALLBOT_SIGNATURE_MISMATCH
	// ErrBodyNotUTF8: the body of a received message is not UTF-8 text: it was extended, or it is compressed.
	ErrBodyNotUTF8 Status = C.CALLBOT_BODY_NOT_UTF8
	// ErrTooOld: a received message is too old.
	ErrTooOld Status = C.CALLBOT_TOO_OLD
	// ErrTooNew: the time of a received message lies too far ahead.
	ErrTooNew Status = C.CALLBOT_TOO_NEW
	// ErrOtherRequest: a response is genuine, but not the answer to this request.
	ErrOtherRequest Status = C.CALLBOT_OTHER_REQUEST
	// ErrContent: a verified message has not the content that it was read for. See [Verified.CallCallback].
	ErrContent Status = C.CALLBOT_CONTENT
	// ErrOther: something else was refused, for a newer reason than the library's C interface knows of.
	ErrOther Status = C.CALLBOT_OTHER
)

// Kinds of errors that only this package has. The library's own numbers are never negative. The codes that stand here are
// in the table of the library's README too.
const (
	// ErrClosed: a Signer, Batch or Verifier was closed, the content of a message was asked for after the handler's
	// function had returned, or any object was not made by this package's functions (closed).
	ErrClosed Status = -1
	// ErrBaseURL: the base URL is not an absolute http or https URL without query and fragment.
	ErrBaseURL Status = -2
	// ErrTolerance: a tolerance is negative (tolerance_negative), or is not whole seconds (tolerance_fraction).
	ErrTolerance Status = -3
	// ErrMethod: a callback came with another HTTP method than POST (method).
	ErrMethod Status = -4
	// ErrTooLarge: the body of a callback is larger than the handler takes (callback_too_large).
	ErrTooLarge Status = -5
	// ErrReplayed: a callback was received before (replayed).
	ErrReplayed Status = -6
	// ErrReplaysFull: a MemoryReplays has no room (replays_full).
	ErrReplaysFull Status = -7
)

// Error makes a Status the target of [errors.Is]. Functions return an [*Error].
func (s Status) Error() string {
	return fmt.Sprintf("callbot: status %d", int32(s))
}

// Error says why a call failed. It holds neither the secret key nor a phone number or a name, so that it may be logged.
type Error struct {
	// Status is the kind of failure.
	Status Status
	// Code is stable and finer than the status, such as "secret_key_blank_at_end". The library's README lists them all.
	// With ErrRefused it is "refused"; each violation then has its own.
	Code string
	// Message says what is wrong and what to do, in one line. With ErrRefused it tells the first violation and how many
	// there are.
	Message string
	// Violations is everything that is wrong with a task, an order or a JSON body; empty but for ErrRefused.
	Violations []Violation
	// Unlisted is how many more violations there are. It is 0 unless more than a million things are wrong.
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
	// Path is the place: a JSON Pointer (RFC 6901) into the body, such as "/callInfoList/callList/3/userPhone". Empty for
	// a JSON document as a whole. Its number is the place that the order would have had in the batch: it counts on from
	// the orders that were there before.
	Path string
	// Message says what is wrong and what to do.
	Message string
	// Order is which of the orders that were handed to the call it is about, counted from 0: after Add(orders...) or
	// AddValid(orders...) it is orders[Order], and of a JSON body it is that element of callList. It is -1 where the
	// violation is about no order.
	Order int
}

// String returns the path, the message and the code.
func (v Violation) String() string {
	if v.Path == "" {
		return fmt.Sprintf("%s [%s]", v.Message, v.Code)
	}
	return fmt.Sprintf("%s: %s [%s]", v.Path, v.Message, v.Code)
}

func closed(what string) error {
	return unusable(what + ": it was closed, or not made by this package's functions")
}

// notMade is the error for what needs no Close, and so was never made.
func notMade(what, maker string) error {
	return unusable(what + ": it is nil, or was not made by " + maker)
}

func unusable(message string) error {
	return &Error{Status: ErrClosed, Code: "closed", Message: message}
}
