package callbot

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Request is one finished, signed HTTP request: send exactly this body with exactly these headers. [Batch.Build] makes it.
//
// It is an ordinary Go value without anything to close, and lives on when the batch and the signer are closed. It never
// changes, and may be used by several goroutines at once. Printing it shows no personal data.
type Request struct {
	data veiled[requestData]
}

type requestData struct {
	method string
	path   string
	// The body is a string since nobody can change that.
	body   string
	header http.Header
}

// get returns the data; empty where this package did not make the request.
func (r *Request) get() *requestData {
	if r == nil {
		return new(requestData)
	}
	return r.data.get()
}

// Method returns the HTTP method, which is POST.
func (r *Request) Method() string { return r.get().method }

// Path returns the path below the provider's base URL.
func (r *Request) Path() string { return r.get().path }

// RequestID returns the id of this request, for your log: the header requestID.
func (r *Request) RequestID() string { return r.get().header.Get(headerRequestID) }

// uuid returns the account that it was signed for.
func (r *Request) uuid() string { return r.get().header.Get(headerUUID) }

// algorithm returns what it was signed with.
func (r *Request) algorithm() Algorithm {
	if r.get().header.Get(headerAlgorithm) == SHA256.String() {
		return SHA256
	}
	return MD5
}

// Header returns a copy of the headers to send.
//
// Their names are in the form that package http uses, such as Requestid where the API's page has requestID, so that
// Header().Get("requestID") finds them. Names of HTTP headers have no case, and HTTP/2 sends all of them in lower case.
func (r *Request) Header() http.Header { return r.get().header.Clone() }

// Body returns a copy of the bytes to send. They are signed: do not parse and write them again on the way.
func (r *Request) Body() []byte { return []byte(r.get().body) }

// HTTPRequest returns the request to the provider at baseURL, ready for [http.Client.Do]. It can be sent more than once
// only by the client itself, as its GetBody allows; for a retry of your own use SignAgain. The body is not copied.
//
// baseURL is "https://nxbot.nxcloud.com" for the provider's production. A path in it (a proxy's, for instance) comes before
// the request's own; slashes at its end make no difference. It fails with ErrBaseURL unless baseURL is an absolute http or
// https URL without query and fragment.
func (r *Request) HTTPRequest(ctx context.Context, baseURL string) (*http.Request, error) {
	if r.get().method == "" {
		return nil, notMade("request", "Batch.Build")
	}
	if ctx == nil {
		return nil, errors.New("callbot: the context is nil")
	}
	if err := checkBaseURL(baseURL); err != nil {
		return nil, err
	}
	url := strings.TrimRight(baseURL, "/") + r.get().path
	// It sets ContentLength and GetBody.
	request, err := http.NewRequestWithContext(ctx, r.get().method, url, strings.NewReader(r.get().body))
	if err != nil {
		// Its text is not shown, since it holds the URL, which may carry a password.
		return nil, baseURLError("url_syntax", "package http cannot read the URL")
	}
	request.Header = r.Header()
	return request, nil
}

// SignAgain signs the body again, for a retry: the provider wants a new request id for each try. requestID and createTs are
// as for [Batch.Build]. The body is not copied, and the first request stays as it is.
//
// Where an answer was lost, or was an internal error (5001), the provider may have taken the orders already. What it
// does with an orderID that comes a second time is not published: it may call the same people twice.
//
// It fails with ErrRequestID, ErrCreateTs, and ErrClosed.
func (r *Request) SignAgain(signer *Signer, requestID string, createTs time.Time) (*Request, error) {
	if r.get().method == "" {
		return nil, notMade("request", "Batch.Build")
	}
	requestID, seconds, err := fresh(requestID, createTs)
	if err != nil {
		return nil, err
	}
	sign, err := signer.sign(requestID, seconds, r.get().body)
	if err != nil {
		return nil, err
	}
	again := *r.get()
	again.header = r.Header()
	again.header.Set(headerRequestID, requestID)
	again.header.Set(headerUUID, signer.uuid)
	again.header.Set("createTs", strconv.FormatInt(seconds, 10))
	again.header.Set("sign", sign)
	again.header.Set(headerAlgorithm, signer.algorithm.String())
	return &Request{veil(&again)}, nil
}

// Format implements [fmt.Formatter]: printing a request shows no personal data, whatever the verb.
func (r Request) Format(state fmt.State, _ rune) {
	data := r.get()
	fmt.Fprintf(state, "callbot.Request{%s %s, requestID %q, %d bytes}", data.method, data.path, r.RequestID(), len(data.body))
}

const (
	headerRequestID = "requestID"
	headerUUID      = "uuid"
	headerAlgorithm = "algorithm"
)

// unixSeconds returns what is signed of a time: 0, which the library refuses, for the zero time.
func unixSeconds(createTs time.Time) int64 {
	if createTs.IsZero() {
		return 0
	}
	return createTs.Unix()
}

// fresh fills in the request id and the time that the caller left to this package.
func fresh(requestID string, createTs time.Time) (string, int64, error) {
	if requestID == "" {
		var random [16]byte
		if _, err := rand.Read(random[:]); err != nil {
			message := "request_id: the operating system gives no random numbers; give an id"
			return "", 0, &Error{Status: ErrNoRandom, Code: "no_random", Message: message}
		}
		requestID = hex.EncodeToString(random[:])
	}
	seconds, err := freshTime("createTs", createTs)
	return requestID, seconds, err
}

// freshTime fills in the time that the caller left to this package.
func freshTime(name string, given time.Time) (int64, error) {
	if given.IsZero() {
		given = time.Now()
		if given.Unix() <= 0 {
			message := name + ": the system's clock shows no time that can be signed; give one"
			return 0, &Error{Status: ErrClock, Code: "clock", Message: message}
		}
	}
	seconds := given.Unix()
	if seconds == 0 {
		// The library would take it for now.
		message := name + ": it is 0, a time that was never set; give Unix seconds"
		return 0, &Error{Status: ErrCreateTs, Code: "create_ts_zero", Message: message}
	}
	return seconds, nil
}

// checkBaseURL holds a base URL to the rule that the library has for callback URLs, by asking it.
func checkBaseURL(baseURL string) error {
	batch, err := NewBatch(Task{UserTaskID: "-", OrderCallbackURL: baseURL, CallCallbackURL: baseURL}, nil)
	if err == nil {
		batch.Close()
		if strings.Contains(baseURL, "?") {
			return baseURLError("base_url_query", "it has a query, behind which no path can stand; remove '?' and what follows")
		}
		return nil
	}
	var refused *Error
	if errors.As(err, &refused) && len(refused.Violations) > 0 {
		return baseURLError(refused.Violations[0].Code, refused.Violations[0].Message)
	}
	return baseURLError("url_character", "it is not UTF-8")
}

func baseURLError(code, message string) error {
	return &Error{Status: ErrBaseURL, Code: code, Message: "base URL: " + message}
}
