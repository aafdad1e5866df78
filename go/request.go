package callbot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Request is a finished, signed HTTP request. Send exactly this body with exactly these headers.
// [Batch.Build], [Signer.Request] and [NewRequest] return it.
//
// It is an ordinary, immutable Go value that needs no Close and stays valid after the batch and the
// signer are closed. Several goroutines may use it at once. Printing it shows no personal data.
type Request struct {
	data veiled[requestData]
}

type requestData struct {
	method string
	path   string
	// Empty for any other path.
	endpoint string
	// A string, because it cannot be changed.
	body   string
	header http.Header
}

// requestMakers are the functions that return a Request, for an error.
const requestMakers = "Batch.Build, Signer.Request or NewRequest"

// NewRequest signs any path and any body as they are, for endpoints that this package does not
// know.
//
// It fails with ErrPath unless path begins with exactly one "/" and is visible ASCII without "#",
// so that it cannot change the host of a base URL. It also fails with ErrRequestID, ErrCreateTs and
// ErrClosed.
func NewRequest(signer *Signer, path string, body []byte, options ...SignOption) (*Request, error) {
	requestID, seconds, err := signed(options)
	if err != nil {
		return nil, err
	}
	unlock, err := signer.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	return cNewRequest(signer.handle.object, path, view(body), requestID, seconds)
}

// Sent is what a response must match: four values of a request and the name of its endpoint. A
// program that stores them can verify the response after a restart.
type Sent struct {
	// Endpoint is the name of the endpoint, such as "stopOrder". It is empty for a request to any
	// other path.
	Endpoint string
	// RequestID is the request's id.
	RequestID string
	// UUID is the account.
	UUID string
	// Algorithm is the hash that the request was signed with.
	Algorithm Algorithm
}

// Sent returns what the response must match. It is a value without the request's body.
func (r *Request) Sent() Sent {
	return Sent{Endpoint: r.Endpoint(), RequestID: r.RequestID(), UUID: r.uuid(), Algorithm: r.algorithm()}
}

// get returns the data. It is empty if this package did not create the request.
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

// Endpoint returns the name of the endpoint, such as "addBatchCall". It is empty for a request of
// [NewRequest].
func (r *Request) Endpoint() string { return r.get().endpoint }

// RequestID returns the header requestID, for your log.
func (r *Request) RequestID() string { return r.get().header.Get(headerRequestID) }

// uuid returns the account that the request was signed for.
func (r *Request) uuid() string { return r.get().header.Get(headerUUID) }

// algorithm returns the algorithm that the request was signed with.
func (r *Request) algorithm() Algorithm {
	if r.get().header.Get(headerAlgorithm) == SHA256.String() {
		return SHA256
	}
	return MD5
}

// Header returns a copy of the headers to send.
//
// The names are in the canonical form of package http, such as Requestid for the API's requestID,
// so that Header().Get("requestID") finds them. HTTP header names are case-insensitive, and HTTP/2
// sends them in lower case.
func (r *Request) Header() http.Header { return r.get().header.Clone() }

// Body returns a copy of the bytes to send. They are signed: do not parse and serialise them again.
func (r *Request) Body() []byte { return []byte(r.get().body) }

// HTTPRequest returns the request to the provider at baseURL, ready for [http.Client.Do]. It can be
// sent once; for a retry use SignAgain. The body is not copied.
//
// The request has no GetBody, so that the client does not send the signed body to another host: it
// returns a response of 307 or 308 as it came, also if the body is empty. Other redirects send the
// signed headers on. To end them too, let CheckRedirect of [http.Client] return
// [http.ErrUseLastResponse]. Without GetBody, Do may also return an error where the client would
// have tried again, such as after the server closed an idle connection.
//
// Its headers are those of Header, and "Accept-Encoding: identity". Whether the signature of a
// response covers the bytes before or after compression is not published. The header asks for no
// compression, and keeps the client from decompressing the body unnoticed.
//
// baseURL is "https://nxbot.nxcloud.com" in production. A path in it, such as a proxy's, precedes
// the request's own; trailing slashes are ignored. HTTPRequest fails with ErrBaseURL unless baseURL
// is an absolute http or https URL without query and fragment, and with ErrNotUTF8.
func (r *Request) HTTPRequest(ctx context.Context, baseURL string) (*http.Request, error) {
	if r.get().method == "" {
		return nil, notMade("request", requestMakers)
	}
	if ctx == nil {
		return nil, errors.New("callbot: the context is nil")
	}
	url, err := cJoinURL(baseURL, r.get().path)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, r.get().method, url, strings.NewReader(r.get().body))
	if err != nil {
		// The message of err contains the URL, which may contain a password.
		return nil, &Error{Status: ErrBaseURL, Code: "url_syntax", Message: "base URL: the URL is malformed; check for stray " +
			"brackets and incomplete %-escapes"}
	}
	// http.NewRequest set it, and ContentLength, for a strings.Reader.
	request.GetBody = nil
	request.Header = r.Header()
	request.Header.Set("Accept-Encoding", "identity")
	if r.get().body == "" {
		keepEmptyBody(request)
	}
	return request, nil
}

// keepEmptyBody gives a request a body that the client takes for one of unknown length, as it
// follows 307 and 308 with a request that has none. HTTP/1.1 would send such a body in chunks, and
// without a length if the encoding is named. So the length is set by hand: HTTP/1.1 writes this
// key, which is not in canonical form, as it is, and HTTP/2, whose end of a body needs no length,
// leaves it out.
func keepEmptyBody(request *http.Request) {
	request.Body = io.NopCloser(strings.NewReader(""))
	request.TransferEncoding = []string{"identity"}
	request.Header["content-length"] = []string{"0"}
}

// SignAgain signs the same body again for a retry, since the provider wants a new request id for
// each attempt. The body is not copied, and the first request does not change.
//
// After a lost answer or an internal error (5001), the provider may have accepted the orders
// already. Its handling of a duplicate orderID is not published: it may call the same people twice.
//
// It fails with ErrRequestID, ErrCreateTs and ErrClosed.
func (r *Request) SignAgain(signer *Signer, options ...SignOption) (*Request, error) {
	if r.get().method == "" {
		return nil, notMade("request", requestMakers)
	}
	requestID, seconds, err := signed(options)
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

// Format implements [fmt.Formatter]. It prints no personal data, for any verb.
func (r Request) Format(state fmt.State, _ rune) {
	data := r.get()
	fmt.Fprintf(state, "callbot.Request{%s %s, requestID %q, %d bytes}", data.method, data.path, r.RequestID(), len(data.body))
}

const (
	headerRequestID = "requestID"
	headerUUID      = "uuid"
	headerAlgorithm = "algorithm"
)

// unixSeconds returns the seconds to sign. It is 0, which the library refuses, for the zero time.
func unixSeconds(createTs time.Time) int64 {
	if createTs.IsZero() {
		return 0
	}
	return createTs.Unix()
}
