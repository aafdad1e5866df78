package callbot

import "net/http"

// SignCallback signs a body as the provider signs a callback and returns the headers to send with
// it, for tests of your own endpoint.
//
// It fails with ErrRequestID, ErrCreateTs and ErrClosed.
func SignCallback(signer *Signer, body []byte, options ...SignOption) (http.Header, error) {
	requestID, seconds, err := signed(options)
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

// SignResponse signs a body as the provider signs the response to a request. sent is from
// [Request.Sent]. Otherwise like SignCallback.
//
// It fails with ErrRequestID, ErrCreateTs and ErrClosed.
func SignResponse(signer *Signer, sent Sent, body []byte, options ...TimeOption) (http.Header, error) {
	all := []SignOption{WithRequestID(sent.RequestID)}
	for _, option := range options {
		all = append(all, option)
	}
	header, err := SignCallback(signer, body, all...)
	if err != nil {
		return nil, err
	}
	// A callback has no such header.
	header.Set(headerAlgorithm, signer.algorithm.String())
	return header, nil
}
