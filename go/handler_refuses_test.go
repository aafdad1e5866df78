// What the handler refuses: messages that fail verification, large bodies, truncated bodies.

package callbot

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestHandlerRefuses(t *testing.T) {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = io.WriteString(writer, callBody)
	writer.Close()
	compressed := func(signed string) http.Header {
		header := freshHeader("r-1", signed)
		header.Set("Content-Encoding", "gzip")
		return header
	}
	changed := func(change func(http.Header)) http.Header {
		header := freshHeader("r-1", callBody)
		change(header)
		return header
	}
	ago := func(seconds int64) http.Header {
		return testingHeader(MD5, testSecret, "r-1", strconv.FormatInt(time.Now().Unix()-seconds, 10), callBody)
	}
	for name, c := range map[string]struct {
		method string
		header http.Header
		body   string
		http   int
		status Status
	}{
		"GET":                 {"GET", freshHeader("r-1", ""), "", 405, ErrMethod},
		"PUT":                 {"PUT", freshHeader("r-1", callBody), callBody, 405, ErrMethod},
		"other method":        {"CALL", freshHeader("r-1", callBody), callBody, 405, ErrMethod},
		"no headers":          {"POST", http.Header{}, callBody, 401, ErrHeaders},
		"header twice":        {"POST", changed(func(h http.Header) { h.Add("sign", h.Get("sign")) }), callBody, 401, ErrHeaders},
		"two cases":           {"POST", changed(func(h http.Header) { h["SIGN"] = h["Sign"] }), callBody, 401, ErrHeaders},
		"no time":             {"POST", changed(func(h http.Header) { h.Del("createTs") }), callBody, 401, ErrHeaders},
		"other algorithm":     {"POST", changed(func(h http.Header) { h.Set("algorithm", "SHA256") }), callBody, 401, ErrOtherAlgorithm},
		"other account":       {"POST", changed(func(h http.Header) { h.Set("uuid", "another") }), callBody, 401, ErrUnknownUUID},
		"other request id":    {"POST", changed(func(h http.Header) { h.Set("requestID", "r-2") }), callBody, 401, ErrSignatureMismatch},
		"other body":          {"POST", freshHeader("r-1", callBody), callBody + " ", 401, ErrSignatureMismatch},
		"no body":             {"POST", freshHeader("r-1", callBody), "", 401, ErrSignatureMismatch},
		"old":                 {"POST", ago(310), callBody, 401, ErrTooOld},
		"ahead":               {"POST", ago(-120), callBody, 401, ErrTooNew},
		"gzip, signed after":  {"POST", compressed(packed.String()), packed.String(), 401, ErrBodyNotUTF8},
		"gzip, signed before": {"POST", compressed(callBody), packed.String(), 401, ErrSignatureMismatch},
		"other content":       {"POST", freshHeader("r-1", "[]"), "[]", 422, ErrContent},
		"own request":         {"POST", freshHeader("r-1", taskBody), taskBody, 422, ErrContent},
	} {
		for _, inChunks := range []bool{false, true} {
			t.Run(fmt.Sprint(name, inChunks), func(t *testing.T) {
				e := newEndpoint(t, HandlerOptions{Replays: NewMemoryReplays(9)})
				body := io.Reader(strings.NewReader(c.body))
				if inChunks {
					body = chunked(c.body)
				}
				response := e.exchange(t, c.method, c.header, body)
				if response.StatusCode != c.http {
					t.Errorf("%d", response.StatusCode)
				}
				if err := e.lastRefused(t); !errors.Is(err, c.status) {
					t.Error(err)
				}
				// A proven message is passed on, though it cannot be read.
				if (e.message != nil) != (c.http == 422) || e.message != nil && string(e.message.Body()) != c.body {
					t.Error(e.message)
				}
				if e.uses() != 0 {
					t.Error("the use function was called")
				}
				if allow := response.Header.Get("Allow"); (allow == "POST") != (c.http == 405) {
					t.Errorf("Allow is %q", allow)
				}
			})
		}
	}
}

// The program itself has read the body, or a part of it, before the handler.
func TestBodyThatWasRead(t *testing.T) {
	for _, length := range []int64{1, int64(len(callBody))} {
		for _, announced := range []bool{true, false} {
			var message *Verified
			var refused error
			handler := newVerifier(t, newSigner(t, MD5)).CallCallbackHandler(
				func(*http.Request, *Verified, *CallCallback) error { return nil },
				&HandlerOptions{OnRefused: func(_ *http.Request, m *Verified, err error) { message, refused = m, err }})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.CopyN(io.Discard, r.Body, length)
				handler.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			body := io.Reader(strings.NewReader(callBody))
			if !announced {
				body = chunked(callBody)
			}
			e := &endpoint{Server: server}
			status := e.send(t, "POST", freshHeader("r-1", callBody), body)
			server.Close()
			switch {
			case announced:
				wantMessage(t, wantError(t, refused, ErrBodyRead, "body_read"), "something has read")
			case length > 1:
				wantMessage(t, wantError(t, refused, ErrSignatureMismatch, "verify_mismatch"), "the body is empty")
			default:
				wantError(t, refused, ErrSignatureMismatch, "verify_mismatch")
			}
			if want := map[bool]int{true: 500, false: 401}[announced]; status != want || message != nil {
				t.Error(status, message)
			}
		}
	}
}

// Every message that fails verification gets the same answer, byte for byte except for the date.
func TestUnverifiedMessagesGetOneAnswer(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{})
	var first string
	for name, change := range map[string]func(http.Header){
		"nothing":   func(h http.Header) { clear(h) },
		"signature": func(h http.Header) { h.Set("sign", strings.Repeat("0", 32)) },
		"account":   func(h http.Header) { h.Set("uuid", "another") },
		"time":      func(h http.Header) { h.Set("createTs", "1") },
		"algorithm": func(h http.Header) { h.Set("algorithm", "SHA256") },
	} {
		header := freshHeader("r-1", callBody)
		change(header)
		response := e.exchange(t, "POST", header, strings.NewReader(callBody))
		response.Header.Del("Date")
		var out bytes.Buffer
		if err := response.Write(&out); err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = out.String()
		}
		demanded := response.Header.Get("WWW-Authenticate")
		if out.String() != first || !strings.HasPrefix(first, "HTTP/1.1 401 ") || demanded != "Signature" {
			t.Errorf("%s is answered with %q, another message with %q", name, out.String(), first)
		}
		if strings.Contains(strings.ToLower(first), "callbot") {
			t.Errorf("the answer %q names the library", first)
		}
	}
}

func TestHandlerLimitsBodies(t *testing.T) {
	padded := func(size int) string { return callBody + strings.Repeat(" ", size-len(callBody)) }
	for _, limit := range []int64{0, -1, 1000} {
		e := newEndpoint(t, HandlerOptions{MaxBody: limit})
		most := int(limit)
		if limit <= 0 {
			most = DefaultMaxBody
		}
		for i, body := range []string{padded(most), padded(most + 1)} {
			want := []int{200, 413}[i]
			if status := e.post(t, "r-1", body); status != want {
				t.Errorf("%d bytes: %d", len(body), status)
			}
			if status := e.send(t, "POST", freshHeader("r-1", body), chunked(body)); status != want {
				t.Errorf("%d bytes in chunks: %d", len(body), status)
			}
		}
		wantError(t, e.lastRefused(t), ErrTooLarge, "callback_too_large")
		if e.uses() != 2 {
			t.Error(e.uses())
		}
	}
}

// takenFor returns how many bytes Go allocates in total to refuse a body that fails verification.
func takenFor(t *testing.T, body io.Reader, announced int64) uint64 {
	t.Helper()
	handler := newVerifier(t, newSigner(t, MD5)).CallCallbackHandler(
		func(*http.Request, *Verified, *CallCallback) error { return nil }, &HandlerOptions{MaxBody: 4 << 20})
	header := freshHeader("r-1", callBody)
	least := uint64(math.MaxUint64)
	for range 3 { // other goroutines allocate too
		request := httptest.NewRequest("POST", "/", body)
		request.Header, request.ContentLength = header, announced
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		handler.ServeHTTP(httptest.NewRecorder(), request)
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
		if seeker, can := body.(io.Seeker); can {
			_, _ = seeker.Seek(0, io.SeekStart)
		}
	}
	return least
}

// The memory that the documentation of MaxBody states.
func TestHandlerAllocatesLittle(t *testing.T) {
	if underRaceDetector {
		t.Skip("the race detector doubles the allocations")
	}
	const some = 16 << 10
	for size := 100; size < 4<<20; size += 1 + size/13 {
		body := strings.NewReader(strings.Repeat("x", size))
		most := uint64(4*size + some)
		if taken := takenFor(t, body, -1); taken > most {
			t.Errorf("%d bytes in chunks take %d", size, taken)
		}
		if size <= 64<<10 {
			most = uint64(size + size/4 + some) // Go rounds up
		}
		if taken := takenFor(t, body, int64(size)); taken > most {
			t.Errorf("%d bytes take %d", size, taken)
		}
	}
	// A body that is announced and never arrives.
	if taken := takenFor(t, strings.NewReader(""), 4<<20); taken > 64<<10+some {
		t.Errorf("an announcement takes %d", taken)
	}
}

func TestHandlerOnTheWire(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{})
	header := freshHeader("r-1", callBody)
	for _, change := range []func(string) string{strings.ToLower, strings.ToUpper} {
		if status := e.raw(t, rawRequest(change, header, len(callBody), callBody), false); status != "HTTP/1.1 200 OK" {
			t.Error(status)
		}
	}
	header.Add("sign", header.Get("sign"))
	if status := e.raw(t, rawRequest(strings.ToLower, header, len(callBody), callBody), false); !strings.HasPrefix(status, "HTTP/1.1 401 ") {
		t.Error(status)
	}
	wantError(t, e.lastRefused(t), ErrHeaders, "header_repeated")
	// An announced length over the limit is refused before any of the body arrives.
	if status := e.raw(t, rawRequest(strings.ToLower, header, DefaultMaxBody+1, ""), false); !strings.HasPrefix(status, "HTTP/1.1 413 ") {
		t.Error(status)
	}
	wantError(t, e.lastRefused(t), ErrTooLarge, "callback_too_large")
	if e.uses() != 2 {
		t.Error(e.uses())
	}
}

// A truncated body is not passed on, even if the part that arrived has a valid signature.
func TestHandlerRefusesTruncatedBodies(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{})
	header := freshHeader("r-1", callBody)
	request := rawRequest(strings.ToLower, header, len(callBody)+1, callBody)
	if status := e.raw(t, request, true); status != "" && !strings.HasPrefix(status, "HTTP/1.1 400 ") {
		t.Error(status)
	}
	if err := e.lastRefused(t); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	if status := e.raw(t, request, false); status != "" && !strings.HasPrefix(status, "HTTP/1.1 400 ") {
		t.Error(status)
	}
	var timeout net.Error
	if err := e.lastRefused(t); !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Error(err)
	}
	if e.uses() != 0 {
		t.Error("the use function was called")
	}
}
