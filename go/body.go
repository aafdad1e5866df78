package callbot

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
)

// DefaultMaxBody is the default of MaxBody in [HandlerOptions], in bytes. The provider publishes no
// limit; a callback of its pages has about one thousand bytes.
const DefaultMaxBody = 1 << 20

// DefaultMaxResponse is the default of the option [MaxBody], in bytes. The largest answer that the
// pages describe is that of [ListOrderDetail] for 500 orders. This leaves 32 KiB for each of them,
// or ten calls of 3 KiB. The response is read into memory before it can be verified.
const DefaultMaxResponse = 16 << 20

// maxReserve limits how many bytes are allocated for an announced body before it arrives. It is
// much more than a callback has, and little for a body that never arrives.
const maxReserve = 64 << 10

// readAll reads a body whose length was announced, or is -1. It fails with ErrBodyRead if something
// has read the body before: a server or a client would not end it early without an error.
func readAll(from io.Reader, announced int64) (string, error) {
	var body bytes.Buffer
	if announced > 0 {
		body.Grow(int(min(announced, maxReserve)) + bytes.MinRead) // ReadFrom needs MinRead to find the end
	}
	_, err := body.ReadFrom(from)
	isClosed := errors.Is(err, http.ErrBodyReadAfterClose) ||
		// Package http does not export the error of a response's body.
		err != nil && strings.HasSuffix(err.Error(), "read on closed response body")
	if isClosed || err == nil && announced > int64(body.Len()) {
		return "", &Error{Status: ErrBodyRead, Code: "body_read", Message: "something has read or closed the body already; " +
			"verify it before, or pass on the same bytes"}
	}
	// Nobody else has the buffer, so that it need not be copied.
	return view(body.Bytes()), err
}
