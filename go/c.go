package callbot

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"unsafe"
)

// This file is the only one that calls C.
//
// What is passed to C is either a pointer to memory without pointers (texts, see also packed), or a pointer to an output
// that C fills with pointers of its own. C keeps none of them. So cgo's passing rules hold, and cgo keeps what is passed
// alive until the call returns.

// #cgo CFLAGS: -I${SRCDIR}/../include
// #include "bridge.h"
import "C"

type (
	cSigner   = *C.callbot_signer
	cBatch    = *C.callbot_batch
	cVerifier = *C.callbot_verifier
	cVerified = *C.callbot_verified
)

const (
	refuseAll int32 = C.CALLBOT_POLICY_REFUSE_ALL
	keepValid int32 = C.CALLBOT_POLICY_KEEP_VALID

	responseContent      int32 = C.CALLBOT_CONTENT_RESPONSE
	callCallbackContent  int32 = C.CALLBOT_CONTENT_CALL_CALLBACK
	orderCallbackContent int32 = C.CALLBOT_CONTENT_ORDER_CALLBACK
	taskCallbackContent  int32 = C.CALLBOT_CONTENT_TASK_CALLBACK
)

func abiVersion() uint32 { return uint32(C.callbot_abi_version()) }

func init() {
	if problem := abiProblem(abiVersion(), C.CALLBOT_ABI_VERSION); problem != "" {
		panic(problem)
	}
}

// abiProblem says what is wrong where the library's binary interface is not the header's.
func abiProblem(library, header uint32) string {
	if library == header {
		return ""
	}
	return fmt.Sprintf("callbot: the program was compiled for version %d of the library's binary interface, and the library "+
		"that it is linked with has version %d; build the program anew with that library's own header", header, library)
}

// Version returns the library's version, such as "0.1.0".
func Version() string {
	return clone(C.callbot_version())
}

// handle holds an object of the library until it is closed, or unreachable.
type handle[P comparable] struct {
	// Held for reading while the object is only read, which several goroutines may do, and for writing otherwise.
	lock   sync.RWMutex
	object P // the zero value, NULL, once closed
	free   func(P)
	name   string
}

func newHandle[P comparable](name string, object P, free func(P)) *handle[P] {
	h := &handle[P]{object: object, free: free, name: name}
	runtime.SetFinalizer(h, (*handle[P]).close)
	return h
}

// read locks the object for reading. On success the caller unlocks it, after its last use: the unlocking also keeps the
// handle reachable, and its finalizer from running, until then.
func (h *handle[P]) read() error {
	h.lock.RLock()
	var null P
	if h.object == null {
		h.lock.RUnlock()
		return closed(h.name)
	}
	return nil
}

// write locks the object for writing. It is else as read.
func (h *handle[P]) write() error {
	h.lock.Lock()
	var null P
	if h.object == null {
		h.lock.Unlock()
		return closed(h.name)
	}
	return nil
}

func (h *handle[P]) close() {
	if h.write() != nil {
		return
	}
	defer h.lock.Unlock()
	h.free(h.object)
	var null P
	h.object = null
	runtime.SetFinalizer(h, nil)
}

// lend lets C read a string during one call.
func lend(text string) C.callbot_str {
	if text == "" {
		return C.callbot_str{}
	}
	return C.callbot_str{data: (*C.char)(unsafe.Pointer(unsafe.StringData(text))), len: C.size_t(len(text))}
}

// view returns bytes as a string without a copy, for lend.
func view(data []byte) string {
	return unsafe.String(unsafe.SliceData(data), len(data))
}

// clone copies a text of C's, of any length.
func clone(text C.callbot_str) string {
	if text.len == 0 {
		return ""
	}
	return strings.Clone(unsafe.String((*byte)(unsafe.Pointer(text.data)), int(text.len)))
}

// pointers returns what C needs of packed texts.
func (p *packed) pointers() (*C.char, *C.size_t) {
	texts, lengths := unsafe.SliceData(p.texts), unsafe.SliceData(p.lengths)
	return (*C.char)(unsafe.Pointer(texts)), (*C.size_t)(unsafe.Pointer(lengths))
}

// failure turns a status and C's error, which it frees, into Go's.
func failure(status C.callbot_status, from *C.callbot_error) error {
	if status == C.CALLBOT_OK {
		return nil
	}
	return takeError(Status(status), from, 0)
}

// takeError copies C's error and frees it. The numbers of orders are counted from the first one of this call; the batch
// had that many before.
func takeError(status Status, from *C.callbot_error, before uintptr) *Error {
	if from == nil {
		return &Error{Status: status, Code: "panic", Message: "the library has a fault in itself; please report it"}
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
			order := -1
			if violation.order != ^C.size_t(0) {
				order = int(uintptr(violation.order) - before)
			}
			taken.Violations = append(taken.Violations, Violation{
				Code:    clone(violation.code),
				Path:    clone(violation.path),
				Message: clone(violation.message),
				Order:   order,
			})
		}
		count += n
	}
	return taken
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

// cSign needs the signer locked for reading.
func cSign(signer cSigner, requestID string, createTs int64, body string) (string, error) {
	var sign [C.CALLBOT_SIGN_CAPACITY]C.char
	var cError *C.callbot_error
	status := C.callbot_sign(signer, lend(requestID), C.int64_t(createTs), lend(body), &sign[0], &cError)
	if err := failure(status, cError); err != nil {
		return "", err
	}
	return C.GoString(&sign[0]), nil
}

// cSignedString needs the signer locked for reading.
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

// cRules returns the rules and their texts.
func cRules(rules *Rules) (C.callbot_go_rules, packed) {
	texts := packed{texts: []byte{}} // not nil, since C adds to the pointer, if only 0
	if rules == nil {
		return C.callbot_go_rules{}, texts
	}
	for _, name := range rules.RequireParams {
		texts.add(name)
	}
	for _, digits := range rules.AllowCountryCodes {
		texts.add(digits)
	}
	return C.callbot_go_rules{
		any:                C.bool(true),
		param_count:        C.size_t(len(rules.RequireParams)),
		no_other_params:    C.bool(rules.NoOtherParams),
		country_code_count: C.size_t(len(rules.AllowCountryCodes)),
		limited:            C.bool(rules.MaxOrders != 0),
		// The library refuses 0, which stands for every number that is too small.
		max_orders: C.size_t(max(rules.MaxOrders, 0)),
	}, texts
}

func newBatchHandle(batch cBatch) *handle[cBatch] {
	return newHandle("batch", batch, func(batch cBatch) { C.callbot_batch_free(batch) })
}

func cNewBatch(task *Task, rules *Rules) (*handle[cBatch], error) {
	var batch cBatch
	var cError *C.callbot_error
	wanted, packed := cRules(rules)
	texts, lengths := packed.pointers()
	status := C.callbot_go_batch_new(wanted, texts, lengths, lend(task.UserTaskID), lend(task.OrderCallbackURL),
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
	texts, lengths := packed.pointers()
	status := C.callbot_go_batch_from_json(wanted, texts, lengths, lend(json), C.int32_t(policy), &batch, &cError)
	if err := failure(status, cError); err != nil {
		return nil, nil, err
	}
	handle := newBatchHandle(batch)
	if cError == nil {
		return handle, nil, nil
	}
	return handle, takeError(0, cError, 0).Violations, nil
}

// cAddAll needs the batch locked for writing.
func cAddAll(batch cBatch, orders []Order, policy int32) ([]Violation, error) {
	var before C.size_t
	var cError *C.callbot_error
	packed, params := packOrders(orders)
	texts, lengths := packed.pointers()
	status := C.callbot_go_batch_add_all(batch, texts, lengths, C.size_t(len(orders)), C.size_t(params),
		C.int32_t(policy), &before, &cError)
	switch {
	case status == C.CALLBOT_GO_NO_MEMORY:
		panic("callbot: out of memory")
	case status != C.CALLBOT_OK:
		return nil, takeError(Status(status), cError, uintptr(before))
	case cError != nil:
		return takeError(0, cError, uintptr(before)).Violations, nil
	}
	return nil, nil
}

func cLen(batch cBatch) int { return int(C.callbot_batch_len(batch)) }
func cClear(batch cBatch)   { C.callbot_batch_clear(batch) }
func cReserve(batch cBatch, orders, orderBytes uint) {
	C.callbot_batch_reserve(batch, C.size_t(orders), C.size_t(orderBytes))
}

// cBuild needs both locked for reading.
func cBuild(signer cSigner, batch cBatch, requestID string, createTs int64) (*Request, error) {
	var built C.callbot_go_request
	var cError *C.callbot_error
	headers := make([]C.callbot_go_header, 8) // more than there are
	status := C.callbot_go_build_batch(signer, batch, lend(requestID), C.int64_t(createTs), &built,
		unsafe.SliceData(headers), C.size_t(len(headers)), &cError)
	if err := failure(status, cError); err != nil {
		return nil, err
	}
	defer C.callbot_request_free(built.request)
	if built.header_count > C.size_t(len(headers)) {
		headers = make([]C.callbot_go_header, built.header_count)
		C.callbot_go_request_headers(built.request, unsafe.SliceData(headers), built.header_count)
	}
	request := &requestData{
		method: clone(built.method),
		path:   clone(built.path),
		body:   clone(built.body),
		header: make(map[string][]string, built.header_count),
	}
	setHeaders(request.header, headers[:built.header_count])
	return &Request{veil(request)}, nil
}

func setHeaders(to http.Header, headers []C.callbot_go_header) {
	for _, header := range headers {
		to.Set(clone(header.name), clone(header.value))
	}
}

// cNewVerifier needs the signer locked for reading.
func cNewVerifier(signer cSigner) (*handle[cVerifier], error) {
	var verifier cVerifier
	var cError *C.callbot_error
	status := C.callbot_verifier_new(signer, &verifier, &cError)
	if err := failure(status, cError); err != nil {
		return nil, err
	}
	return newHandle("verifier", verifier, func(verifier cVerifier) { C.callbot_verifier_free(verifier) }), nil
}

// cAddSigner needs the verifier locked for writing, and the signer for reading.
func cAddSigner(verifier cVerifier, signer cSigner) error {
	var cError *C.callbot_error
	return failure(C.callbot_verifier_add(verifier, signer, &cError), cError)
}

// cSetTolerance needs the verifier locked for writing.
func cSetTolerance(verifier cVerifier, maxAge, maxSkew uint64) error {
	var cError *C.callbot_error
	status := C.callbot_verifier_set_tolerance(verifier, C.uint64_t(maxAge), C.uint64_t(maxSkew), &cError)
	return failure(status, cError)
}

// cVerify verifies a callback, or, where request is not nil, a response. It needs the verifier locked for reading.
func cVerify(verifier cVerifier, request *Request, header http.Header, body string, now int64) (*verifiedData, error) {
	var read C.callbot_go_verified
	var status C.callbot_status
	var cError *C.callbot_error
	packed, count := packHeader(header)
	texts, lengths := packed.pointers()
	if request == nil {
		status = C.callbot_go_verify(verifier, nil, texts, lengths, C.size_t(count), lend(body), C.int64_t(now), &read, &cError)
	} else {
		status = C.callbot_go_verify_response(verifier, lend(request.uuid()), C.int32_t(request.algorithm()),
			lend(request.RequestID()), texts, lengths, C.size_t(count), lend(body), C.int64_t(now), &read, &cError)
	}
	if status == C.CALLBOT_GO_NO_MEMORY {
		panic("callbot: out of memory")
	}
	if err := failure(status, cError); err != nil {
		return nil, err
	}
	handle := newHandle("verified message", read.verified, func(verified cVerified) { C.callbot_verified_free(verified) })
	return &verifiedData{
		handle:          handle,
		request:         request,
		body:            clone(read.body),
		requestID:       clone(read.request_id),
		createTs:        int64(read.create_ts),
		replayExpiresAt: int64(read.replay_expires_at),
		signerIndex:     int(read.signer_index),
	}, nil
}

// cJSON needs the verified message locked for reading.
func cJSON(verified cVerified, content int32) (string, error) {
	var text *C.callbot_string
	var json C.callbot_str
	var cError *C.callbot_error
	status := C.callbot_go_verified_json(verified, C.int32_t(content), &text, &json, &cError)
	if err := failure(status, cError); err != nil {
		return "", err
	}
	defer C.callbot_string_free(text)
	return clone(json), nil
}

// cResponse sets what the JSON of a response does not have. It needs the verified message locked for reading. request may
// be nil.
func cResponse(verified cVerified, request *Request, response *Response) error {
	var read C.callbot_go_response
	var cError *C.callbot_error
	var uuid, requestID, body string
	var algorithm Algorithm
	if request != nil {
		uuid, requestID, body, algorithm = request.uuid(), request.RequestID(), request.get().body, request.algorithm()
	}
	status := C.callbot_go_response_read(verified, lend(uuid), C.int32_t(algorithm), lend(requestID), lend(body), &read, &cError)
	if err := failure(status, cError); err != nil {
		return err
	}
	defer C.callbot_response_free(read.response)
	response.RetMeaning = clone(read.ret_meaning)
	response.Retry = Retry(read.retry)
	// One phone number may be refused many times: its orders are copied once, and shared.
	firsts := make(map[string]int, len(response.ErrList))
	var refused []C.size_t
	for i := range response.ErrList {
		if _, known := firsts[response.ErrList[i].Phone]; !known {
			firsts[response.ErrList[i].Phone] = i
			refused = append(refused, C.size_t(i))
		}
	}
	if len(refused) == 0 {
		return nil
	}
	counts, count := make([]C.size_t, len(refused)), C.size_t(len(refused))
	sum := C.callbot_go_response_counts(read.response, unsafe.SliceData(refused), count, unsafe.SliceData(counts))
	if sum == 0 {
		return nil
	}
	ids := make([]C.callbot_str, sum)
	C.callbot_go_response_orders(read.response, unsafe.SliceData(refused), count, unsafe.SliceData(counts),
		unsafe.SliceData(ids))
	for i, first := range refused {
		var orderIDs []string
		for _, id := range ids[:counts[i]] {
			orderIDs = append(orderIDs, clone(id))
		}
		response.ErrList[first].OrderIDs = orderIDs
		ids = ids[counts[i]:]
	}
	for i := range response.ErrList {
		response.ErrList[i].OrderIDs = response.ErrList[firsts[response.ErrList[i].Phone]].OrderIDs
	}
	return nil
}

// cSignCallback needs the signer locked for reading.
func cSignCallback(signer cSigner, requestID string, createTs int64, body string) (http.Header, error) {
	var message *C.callbot_testing_message
	var cError *C.callbot_error
	status := C.callbot_testing_sign_callback(signer, lend(requestID), C.int64_t(createTs), lend(body), &message, &cError)
	return takeHeader(status, message, cError)
}

// cSignResponse needs the signer locked for reading.
func cSignResponse(signer cSigner, request *Request, createTs int64, body string) (http.Header, error) {
	var message *C.callbot_testing_message
	var cError *C.callbot_error
	status := C.callbot_go_sign_response(signer, lend(request.uuid()), C.int32_t(request.algorithm()),
		lend(request.RequestID()), C.int64_t(createTs), lend(body), &message, &cError)
	return takeHeader(status, message, cError)
}

// takeHeader copies the headers of a message of the provider's side, and frees it.
func takeHeader(status C.callbot_status, message *C.callbot_testing_message, from *C.callbot_error) (http.Header, error) {
	if err := failure(status, from); err != nil {
		return nil, err
	}
	defer C.callbot_testing_message_free(message)
	headers := make([]C.callbot_go_header, 8) // more than there are
	count := C.callbot_go_testing_headers(message, unsafe.SliceData(headers), C.size_t(len(headers)))
	if count > C.size_t(len(headers)) {
		headers = make([]C.callbot_go_header, count)
		C.callbot_go_testing_headers(message, unsafe.SliceData(headers), count)
	}
	header := make(http.Header, count)
	setHeaders(header, headers[:count])
	return header, nil
}

// CheckPhone says whether a text is a phone number as the API wants it: 7 to 15 digits that begin with an assigned country
// code, and nothing else. It returns nil, or an error of ErrPhone with a code such as "phone_plus". Nothing is repaired.
func CheckPhone(text string) error {
	var cError *C.callbot_error
	return failure(C.callbot_phone_check(lend(text), &cError), cError)
}

// PhoneFromTyped turns what people type or paste, such as "+86 156-1234-5678" or "+44 (0)20 7946 0958", into the digits
// that the API wants. It returns an error of ErrPhone where the text does not say for certain which number is meant, such
// as a number without its country code.
func PhoneFromTyped(text string) (string, error) {
	var digits [C.CALLBOT_PHONE_CAPACITY]C.char
	var cError *C.callbot_error
	if err := failure(C.callbot_phone_from_typed(lend(text), &digits[0], &cError), cError); err != nil {
		return "", err
	}
	return C.GoString(&digits[0]), nil
}
