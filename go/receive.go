package callbot

import (
	"io"
	"math"
	"net/http"
)

// ResponseOption is an option of functions that receive a response: [At] or [MaxBody].
type ResponseOption interface{ applyToResponse(*receiving) }

// receiving is how a response is received.
type receiving struct {
	times   []TimeOption
	maxBody int64
}

func (o TimeOption) applyToResponse(r *receiving) { r.times = append(r.times, o) }

// MaxBody sets the maximum number of bytes of a response, in place of [DefaultMaxResponse].
func MaxBody(bytes int64) ResponseOption { return maxBodyOption(bytes) }

type maxBodyOption int64

func (o maxBodyOption) applyToResponse(r *receiving) { r.maxBody = int64(o) }

// ReceiveResponse reads the body of a response of package http, closes it, and verifies the
// response as VerifyResponse does.
//
// It fails with ErrTooLarge if the body is larger than [MaxBody], with ErrDecompressed if the
// transport decompressed it, which [Request.HTTPRequest] prevents, and with ErrBodyRead if
// something has read it before. It returns other errors of the connection as they are: then it is
// not known whether the provider has processed the request. The HTTP status is not looked at, since
// it is not signed: nothing but a verified response tells how the request went.
func (v *Verifier) ReceiveResponse(sent Sent, response *http.Response, options ...ResponseOption) (*Verified, error) {
	how := receiving{maxBody: DefaultMaxResponse}
	for _, option := range options {
		if option != nil {
			option.applyToResponse(&how)
		}
	}
	body, err := readResponse(response, how.maxBody)
	if err != nil {
		return nil, err
	}
	return v.verify(&sent, response.Header, body, how.times)
}

// ReadResponse receives a response and reads it:
//
//	httpResponse, err := http.DefaultClient.Do(httpRequest)
//	...
//	stopped, message, err := callbot.ReadResponse[callbot.StopOrderResponse](verifier, request.Sent(), httpResponse)
//
// It fails like [Verifier.ReceiveResponse] and [Read]. message is not nil if it was verified, even
// if it cannot be read.
func ReadResponse[T Content](verifier *Verifier, sent Sent, response *http.Response,
	options ...ResponseOption) (content *T, message *Verified, err error) {
	message, err = verifier.ReceiveResponse(sent, response, options...)
	if err != nil {
		return nil, nil, err
	}
	content, err = Read[T](message)
	return content, message, err
}

// readResponse reads and closes a body.
func readResponse(response *http.Response, maxBody int64) (string, error) {
	if response == nil || response.Body == nil {
		return "", notMade("response", "http.Client.Do")
	}
	defer response.Body.Close()
	if response.Uncompressed {
		return "", &Error{Status: ErrDecompressed, Code: "response_decompressed", Message: "the transport decompressed the " +
			"response, so the signed bytes may be gone; send the request of HTTPRequest, which asks for no compression"}
	}
	larger := &Error{Status: ErrTooLarge, Code: "response_too_large", Message: "the body of the response is larger than MaxBody"}
	if response.ContentLength > maxBody {
		return "", larger
	}
	// One byte more tells whether the body is larger.
	limit := min(max(maxBody, 0), math.MaxInt64-1) + 1
	body, err := readAll(io.LimitReader(response.Body, limit), response.ContentLength)
	if err == nil && int64(len(body)) > maxBody {
		return "", larger
	}
	return body, err
}
