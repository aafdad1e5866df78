package callbot

import (
	"net/http"
	"strings"
	"unsafe"
)

// This is the only file of the package that calls C; a test holds that. Other files import "C" for
// constants of the header.
//
// Go passes two kinds of pointers to C: to memory without pointers (strings, see also packed), and
// to outputs that C fills with pointers of its own. C keeps neither. That satisfies cgo's passing
// rules, and cgo keeps the memory alive until the call returns.
//
// A caller of a function here holds the lock of each handle that it passes: for writing if the
// function changes the object, for reading otherwise.

// #cgo noescape callbot_go_verify
// #cgo nocallback callbot_go_verify
// #cgo noescape callbot_go_verify_response
// #cgo nocallback callbot_go_verify_response
// #include "bridge.h"
import "C"

type (
	cSigner   = *C.callbot_signer
	cBatch    = *C.callbot_batch
	cVerifier = *C.callbot_verifier
	cVerified = *C.callbot_verified
)

const (
	headerABIVersion uint32 = C.CALLBOT_ABI_VERSION

	refuseAll int32 = C.CALLBOT_POLICY_REFUSE_ALL
	keepValid int32 = C.CALLBOT_POLICY_KEEP_VALID
)

func cABIVersion() uint32 { return uint32(C.callbot_abi_version()) }
func cVersion() string    { return clone(C.callbot_version()) }

// lend lends a string to C for the duration of a call.
func lend(s string) C.callbot_str {
	if s == "" {
		return C.callbot_str{}
	}
	return C.callbot_str{data: (*C.char)(unsafe.Pointer(unsafe.StringData(s))), len: C.size_t(len(s))}
}

// view returns bytes as a string without a copy, for lend.
func view(data []byte) string {
	return unsafe.String(unsafe.SliceData(data), len(data))
}

// clone copies a C string of any length.
func clone(s C.callbot_str) string {
	if s.len == 0 {
		return ""
	}
	return strings.Clone(unsafe.String((*byte)(unsafe.Pointer(s.data)), int(s.len)))
}

// pointers returns packed strings as C takes them.
func (p *packed) pointers() (*C.char, *C.size_t) {
	bytes, lengths := unsafe.SliceData(p.bytes), unsafe.SliceData(p.lengths)
	return (*C.char)(unsafe.Pointer(bytes)), (*C.size_t)(unsafe.Pointer(lengths))
}

// failure converts a status and C's error to a Go error. It frees C's error.
func failure(status C.callbot_status, from *C.callbot_error) error {
	if status == C.CALLBOT_OK {
		return nil
	}
	return takeError(Status(status), from)
}

func noMemory() *Error {
	return &Error{Status: ErrNoMemory, Code: "no_memory", Message: "not enough memory; free some, and do it again"}
}

// takeError copies C's error and frees it.
func takeError(status Status, from *C.callbot_error) *Error {
	if from == nil && status == ErrNoMemory {
		// An allocation of bridge.h has failed.
		return noMemory()
	}
	if from == nil {
		return &Error{Status: status, Code: "panic", Message: "internal error in callbot; please report it"}
	}
	defer C.callbot_error_free(from)
	read := C.callbot_go_error_read(from)
	taken := &Error{
		Status:   status,
		Code:     clone(read.code),
		Message:  clone(read.message),
		Unlisted: int(read.unlisted_count),
	}
	if read.violation_count == 0 {
		return taken
	}
	taken.Violations = make([]Violation, 0, read.violation_count)
	some := make([]C.callbot_go_violation, min(read.violation_count, 256))
	for count := C.size_t(0); count < read.violation_count; {
		n := min(read.violation_count-count, C.size_t(len(some)))
		C.callbot_go_error_violations(from, count, n, unsafe.SliceData(some))
		for _, violation := range some[:n] {
			if violation.message.len == 0 {
				// The C library had no memory for it.
				return noMemory()
			}
			order := -1
			if violation.order != ^C.size_t(0) {
				order = int(violation.order)
			}
			taken.Violations = append(taken.Violations, Violation{
				Code:    clone(violation.code),
				Path:    clone(violation.path),
				Message: clone(violation.message),
				Order:   order,
				Field:   clone(violation.field),
				Param:   clone(violation.param),
			})
		}
		count += n
	}
	return taken
}

// takeRefused copies and frees the error that a successful call under the keep-valid policy returns
// if it refused orders. It fails if there is no memory for them.
func takeRefused(from *C.callbot_error) ([]Violation, error) {
	if from == nil {
		return nil, nil
	}
	taken := takeError(0, from)
	if taken.Status == ErrNoMemory {
		return nil, taken
	}
	return taken.Violations, nil
}

// takeBatch takes a batch, and what was refused of it. If that fails, it frees the batch.
func takeBatch(batch cBatch, from *C.callbot_error) (*handle[cBatch], []Violation, error) {
	refused, err := takeRefused(from)
	if err != nil {
		C.callbot_batch_free(batch)
		return nil, nil, err
	}
	return newBatchHandle(batch), refused, nil
}

func cNewSigner(uuid, secretKey string, algorithm Algorithm) (*handle[cSigner], error) {
	var signer cSigner
	var cError *C.callbot_error
	status := C.callbot_signer_new(lend(uuid), lend(secretKey), C.int32_t(algorithm), &signer, &cError)
	if err := failure(status, cError); err != nil {
		return nil, err
	}
	return newHandle("signer", signer, func(signer cSigner) { C.callbot_signer_free(signer) }), nil
}

func cSign(signer cSigner, requestID string, createTs int64, body string) (string, error) {
	var sign [C.CALLBOT_SIGN_CAPACITY]C.char
	var cError *C.callbot_error
	status := C.callbot_sign(signer, lend(requestID), C.int64_t(createTs), lend(body), &sign[0], &cError)
	if err := failure(status, cError); err != nil {
		return "", err
	}
	return C.GoString(&sign[0]), nil
}

func cSignedString(signer cSigner, requestID string, createTs int64, body string) (string, error) {
	var text *C.callbot_string
	var cError *C.callbot_error
	status := C.callbot_signed_string(signer, lend(requestID), C.int64_t(createTs), lend(body), &text, &cError)
	if err := failure(status, cError); err != nil {
		return "", err
	}
	defer C.callbot_string_free(text)
	return clone(C.callbot_string_get(text)), nil
}

// cRules returns the rules and their strings.
func cRules(rules *Rules) (C.callbot_go_rules, packed) {
	names := packed{bytes: []byte{}} // not nil: C must not add to NULL, not even 0
	if rules == nil {
		return C.callbot_go_rules{}, names
	}
	for _, name := range rules.RequireParams {
		names.add(name)
	}
	for _, digits := range rules.AllowCountryCodes {
		names.add(digits)
	}
	return C.callbot_go_rules{
		any:                C.bool(true),
		param_count:        C.size_t(len(rules.RequireParams)),
		no_other_params:    C.bool(rules.NoOtherParams),
		country_code_count: C.size_t(len(rules.AllowCountryCodes)),
		allow_blank_edges:  C.bool(rules.AllowBlankEdges),
		unique_phones:      C.bool(rules.UniquePhones),
		limited:            C.bool(rules.MaxOrders != 0),
		// The library refuses 0, so a negative number is refused as 0.
		max_orders: C.size_t(max(rules.MaxOrders, 0)),
	}, names
}

func newBatchHandle(batch cBatch) *handle[cBatch] {
	return newHandle("batch", batch, func(batch cBatch) { C.callbot_batch_free(batch) })
}

func cNewBatch(task *Task, rules *Rules) (*handle[cBatch], error) {
	var batch cBatch
	var cError *C.callbot_error
	wanted, packed := cRules(rules)
	bytes, lengths := packed.pointers()
	status := C.callbot_go_batch_new(wanted, bytes, lengths, lend(task.UserTaskID), lend(task.OrderCallbackURL),
		lend(task.CallCallbackURL), &batch, &cError)
	if err := failure(status, cError); err != nil {
		return nil, err
	}
	return newBatchHandle(batch), nil
}

func cBatchFromJSON(json string, rules *Rules, policy int32) (*handle[cBatch], []Violation, error) {
	var batch cBatch
	var cError *C.callbot_error
	wanted, packed := cRules(rules)
	bytes, lengths := packed.pointers()
	status := C.callbot_go_batch_from_json(wanted, bytes, lengths, lend(json), C.int32_t(policy), &batch, &cError)
	if err := failure(status, cError); err != nil {
		return nil, nil, err
	}
	return takeBatch(batch, cError)
}

func cBatchFor(endpoint, json string, rules *Rules, policy int32) (*handle[cBatch], []Violation, error) {
	var batch cBatch
	var cError *C.callbot_error
	wanted, packed := cRules(rules)
	bytes, lengths := packed.pointers()
	status := C.callbot_go_batch_new_for(wanted, bytes, lengths, lend(endpoint), lend(json), C.int32_t(policy), &batch, &cError)
	if err := failure(status, cError); err != nil {
		return nil, nil, err
	}
	return takeBatch(batch, cError)
}

func cAddAll(batch cBatch, orders []Order, policy int32) ([]Violation, error) {
	var cError *C.callbot_error
	packed, params := packOrders(orders)
	bytes, lengths := packed.pointers()
	status := C.callbot_go_batch_add_all(batch, bytes, lengths, C.size_t(len(orders)), C.size_t(params),
		C.int32_t(policy), &cError)
	if err := failure(status, cError); err != nil {
		return nil, err
	}
	return takeRefused(cError)
}

func cLen(batch cBatch) int { return int(C.callbot_batch_len(batch)) }
func cClear(batch cBatch)   { C.callbot_batch_clear(batch) }
func cReserve(batch cBatch, orders, orderBytes uint) {
	C.callbot_batch_reserve(batch, C.size_t(orders), C.size_t(orderBytes))
}

func cBuild(signer cSigner, batch cBatch, requestID string, createTs int64) (*Request, error) {
	var built C.callbot_go_request
	var cError *C.callbot_error
	headers := make([]C.callbot_go_header, headerCapacity)
	status := C.callbot_go_build_batch(signer, batch, lend(requestID), C.int64_t(createTs), &built,
		unsafe.SliceData(headers), headerCapacity, &cError)
	if err := failure(status, cError); err != nil {
		return nil, err
	}
	return takeRequest(built, headers), nil
}

func cNewRequest(signer cSigner, path, body, requestID string, createTs int64) (*Request, error) {
	var built C.callbot_go_request
	var cError *C.callbot_error
	headers := make([]C.callbot_go_header, headerCapacity)
	status := C.callbot_go_request_new(signer, lend(path), lend(body), lend(requestID), C.int64_t(createTs), &built,
		unsafe.SliceData(headers), headerCapacity, &cError)
	if err := failure(status, cError); err != nil {
		return nil, err
	}
	return takeRequest(built, headers), nil
}

func cRequestFromJSON(signer cSigner, rules *Rules, endpoint, json, requestID string, createTs int64) (*Request, error) {
	var built C.callbot_go_request
	var cError *C.callbot_error
	wanted, packed := cRules(rules)
	bytes, lengths := packed.pointers()
	headers := make([]C.callbot_go_header, headerCapacity)
	status := C.callbot_go_request_from_json(signer, wanted, bytes, lengths, lend(endpoint), lend(json), lend(requestID),
		C.int64_t(createTs), &built, unsafe.SliceData(headers), headerCapacity, &cError)
	if err := failure(status, cError); err != nil {
		return nil, err
	}
	return takeRequest(built, headers), nil
}

// takeRequest copies a request and frees it.
func takeRequest(built C.callbot_go_request, headers []C.callbot_go_header) *Request {
	defer C.callbot_request_free(built.request)
	request := &requestData{
		method:   clone(built.method),
		path:     clone(built.path),
		endpoint: clone(built.endpoint),
		body:     clone(built.body),
		header: copyHeader(headers, built.header_count, func(all []C.callbot_go_header) {
			C.callbot_go_request_headers(built.request, unsafe.SliceData(all), built.header_count)
		}),
	}
	return &Request{veil(request)}
}

// headerCapacity is the number of headers that one call reads. Today's messages have fewer.
const headerCapacity = 8

// copyHeader copies count headers. It calls readAll if they did not fit into the first array.
func copyHeader(headers []C.callbot_go_header, count C.size_t, readAll func([]C.callbot_go_header)) http.Header {
	if count > C.size_t(len(headers)) {
		headers = make([]C.callbot_go_header, count)
		readAll(headers)
	}
	header := make(http.Header, count)
	for _, field := range headers[:count] {
		header.Set(clone(field.name), clone(field.value))
	}
	return header
}

func cNewVerifier(signer cSigner) (*handle[cVerifier], error) {
	var verifier cVerifier
	var cError *C.callbot_error
	status := C.callbot_verifier_new(signer, &verifier, &cError)
	if err := failure(status, cError); err != nil {
		return nil, err
	}
	return newHandle("verifier", verifier, func(verifier cVerifier) { C.callbot_verifier_free(verifier) }), nil
}

func cAddSigner(verifier cVerifier, signer cSigner) error {
	var cError *C.callbot_error
	return failure(C.callbot_verifier_add(verifier, signer, &cError), cError)
}

func cSetTolerance(verifier cVerifier, maxAge, maxSkew uint64) error {
	var cError *C.callbot_error
	status := C.callbot_verifier_set_tolerance(verifier, C.uint64_t(maxAge), C.uint64_t(maxSkew), &cError)
	return failure(status, cError)
}

func lendSent(sent *Sent) C.callbot_sent {
	return C.callbot_sent{
		endpoint:   lend(sent.Endpoint),
		request_id: lend(sent.RequestID),
		uuid:       lend(sent.UUID),
		algorithm:  C.int32_t(sent.Algorithm),
	}
}

// cVerify verifies a response to what was sent, or a callback if sent is nil.
func cVerify(verifier cVerifier, sent *Sent, header http.Header, body string, now int64) (data verifiedData, err error) {
	var read C.callbot_go_verified
	var status C.callbot_status
	var cError *C.callbot_error
	packed, count := packHeader(header)
	bytes, lengths := packed.pointers()
	if sent == nil {
		status = C.callbot_go_verify(verifier, nil, bytes, lengths, C.size_t(count), lend(body), C.int64_t(now), &read, &cError)
	} else {
		status = C.callbot_go_verify_response(verifier, lendSent(sent), bytes, lengths, C.size_t(count), lend(body),
			C.int64_t(now), &read, &cError)
	}
	if err = failure(status, cError); err != nil {
		return data, err
	}
	data = verifiedData{
		isMade:          true,
		body:            body,
		requestID:       C.GoStringN(&read.request_id[0], C.int(read.request_id_length)),
		createTs:        int64(read.create_ts),
		replayExpiresAt: int64(read.replay_expires_at),
		signerIndex:     int(read.signer_index),
	}
	if sent != nil {
		data.isResponse, data.endpoint = true, sent.Endpoint
		data.handle = newHandle("response", read.verified, func(verified cVerified) { C.callbot_verified_free(verified) })
	}
	return data, nil
}

func cExplain(signer cSigner, header http.Header, body string, received bool, now int64) (Explanation, error) {
	var read C.callbot_go_explanation
	var cError *C.callbot_error
	packed, count := packHeader(header)
	bytes, lengths := packed.pointers()
	status := C.callbot_go_explain(signer, bytes, lengths, C.size_t(count), lend(body), C.bool(received), C.int64_t(now),
		&read, &cError)
	if err := failure(status, cError); err != nil {
		return Explanation{}, err
	}
	defer C.callbot_explanation_free(read.explanation)
	explanation := Explanation{Matches: bool(read.matches)}
	for _, cause := range read.causes[:read.cause_count] {
		explanation.Causes = append(explanation.Causes, Cause{
			Code:    clone(cause.code),
			Message: clone(cause.message),
			Fix:     clone(cause.fix),
		})
	}
	return explanation, nil
}

func cJoinURL(baseURL, path string) (string, error) {
	var url *C.callbot_string
	var cError *C.callbot_error
	if err := failure(C.callbot_url_join(lend(baseURL), lend(path), &url, &cError), cError); err != nil {
		return "", err
	}
	defer C.callbot_string_free(url)
	return clone(C.callbot_string_get(url)), nil
}

func cResult(verified cVerified) (Result, error) {
	var result C.callbot_result
	var cError *C.callbot_error
	if err := failure(C.callbot_verified_result(verified, &result, &cError), cError); err != nil {
		return Result{}, err
	}
	return Result{
		Code:       int64(result.code),
		Meaning:    clone(result.meaning),
		Retry:      Retry(result.retry),
		Message:    clone(result.message),
		ResponseID: clone(result.response_id),
	}, nil
}

func cOutcome(verified cVerified, requestBody string) (*Outcome, error) {
	var read C.callbot_go_outcome
	var cError *C.callbot_error
	status := C.callbot_go_outcome_new(verified, lend(requestBody), &read, &cError)
	if err := failure(status, cError); err != nil {
		return nil, err
	}
	defer C.callbot_outcome_free(read.outcome)
	outcome := &Outcome{Kind: OutcomeKind(read.kind), Retry: Retry(read.retry), Unlisted: int(read.unlisted_count)}
	some := make([]C.callbot_refused, min(read.refused_count, 256))
	for count := C.size_t(0); count < read.refused_count; {
		n := min(read.refused_count-count, C.size_t(len(some)))
		C.callbot_go_outcome_refused(read.outcome, count, n, unsafe.SliceData(some))
		for _, refused := range some[:n] {
			order := -1
			if refused.order != ^C.size_t(0) {
				order = int(refused.order)
			}
			outcome.Refused = append(outcome.Refused, Refusal{
				Order:       order,
				OrderID:     clone(refused.order_id),
				Phone:       clone(refused.phone),
				Message:     clone(refused.message),
				IsAmbiguous: bool(refused.ambiguous),
			})
		}
		count += n
	}
	return outcome, nil
}

func cSignCallback(signer cSigner, requestID string, createTs int64, body string) (http.Header, error) {
	var message *C.callbot_testing_message
	var cError *C.callbot_error
	status := C.callbot_testing_sign_callback(signer, lend(requestID), C.int64_t(createTs), lend(body), &message, &cError)
	return takeHeader(status, message, cError)
}

// takeHeader copies the headers of a signed test message and frees it.
func takeHeader(status C.callbot_status, message *C.callbot_testing_message, from *C.callbot_error) (http.Header, error) {
	if err := failure(status, from); err != nil {
		return nil, err
	}
	defer C.callbot_testing_message_free(message)
	headers := make([]C.callbot_go_header, headerCapacity)
	count := C.callbot_go_testing_headers(message, unsafe.SliceData(headers), headerCapacity)
	return copyHeader(headers, count, func(all []C.callbot_go_header) {
		C.callbot_go_testing_headers(message, unsafe.SliceData(all), count)
	}), nil
}

func cCheckPhone(phone string) error {
	var cError *C.callbot_error
	return failure(C.callbot_phone_check(lend(phone), &cError), cError)
}

func cPhoneFromTyped(typed string) (string, error) {
	var digits [C.CALLBOT_PHONE_CAPACITY]C.char
	var cError *C.callbot_error
	status := C.callbot_phone_from_typed(lend(typed), &digits[0], &cError)
	if err := failure(status, cError); err != nil {
		return "", err
	}
	return C.GoString(&digits[0]), nil
}
