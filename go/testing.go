package callbot

import (
	"net/http"
	"time"
)

// SignCallback signs a body as the provider signs a callback and returns the headers to send with
// it, for tests of your own endpoint. An empty requestID means a new random one, and the zero time
// means now.
//
// It fails with ErrRequestID, ErrCreateTs and ErrClosed.
func SignCallback(signer *Signer, requestID string, createTs time.Time, body []byte) (http.Header, error) {
	requestID, seconds, err := fresh(requestID, createTs)
	if err != nil {
		return nil, err
	}
	unlock, err := signer.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	return cSignCallback(signer.handle.object, requestID, seconds, view(body))
}

// SignResponse signs a body as the provider signs the response to a request. Otherwise like
// SignCallback.
//
// It fails with ErrCreateTs and ErrClosed.
func SignResponse(signer *Signer, request *Request, createTs time.Time, body []byte) (http.Header, error) {
	if request == nil || request.get().method == "" {
		return nil, notMade("request", requestMakers)
	}
	seconds, err := freshTime("create_ts", createTs)
	if err != nil {
		return nil, err
	}
	unlock, err := signer.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	return cSignResponse(signer.handle.object, request, seconds, view(body))
}
