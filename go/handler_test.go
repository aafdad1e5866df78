package callbot

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// endpoint is a server on a socket that receives call callbacks.
type endpoint struct {
	*httptest.Server
	lock    sync.Mutex
	use     func(*http.Request, *Verified, *CallCallback) error
	used    []string // order ids
	refused []error
	logged  []string
}

// Write is where the server logs.
func (e *endpoint) Write(line []byte) (int, error) {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.logged = append(e.logged, string(line))
	return len(line), nil
}

func newEndpoint(t *testing.T, options HandlerOptions) *endpoint {
	t.Helper()
	e := &endpoint{use: func(*http.Request, *Verified, *CallCallback) error { return nil }}
	options.OnRefused = func(r *http.Request, err error) {
		e.lock.Lock()
		defer e.lock.Unlock()
		e.refused = append(e.refused, err)
	}
	verifier := newVerifier(t, newSigner(t, MD5))
	handler := verifier.CallCallbackHandler(func(r *http.Request, message *Verified, callback *CallCallback) error {
		e.lock.Lock()
		e.used = append(e.used, callback.OrderID)
		use := e.use
		e.lock.Unlock()
		return use(r, message, callback)
	}, &options)
	e.Server = httptest.NewUnstartedServer(handler)
	e.Config.ReadTimeout = 500 * time.Millisecond
	e.Config.ErrorLog = log.New(e, "", 0)
	e.Start()
	t.Cleanup(e.Close)
	return e
}

// useWith sets the function that gets the callbacks.
func (e *endpoint) useWith(use func(*http.Request, *Verified, *CallCallback) error) {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.use = use
}

// uses returns how many callbacks were handed over.
func (e *endpoint) uses() int {
	e.lock.Lock()
	defer e.lock.Unlock()
	return len(e.used)
}

// lastRefused returns the newest error, waiting for it, and forgets all.
func (e *endpoint) lastRefused(t *testing.T) error {
	t.Helper()
	for range 200 {
		e.lock.Lock()
		refused := e.refused
		e.refused = nil
		e.lock.Unlock()
		if len(refused) > 0 {
			return refused[len(refused)-1]
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nothing was refused")
	return nil
}

// freshHeader is what the provider sends now, made without the library.
func freshHeader(requestID, body string) http.Header {
	return testingHeader(MD5, testSecret, requestID, strconv.FormatInt(time.Now().Unix(), 10), body)
}

// send sends a callback as the provider does, and returns the status. No answer may have a body.
func (e *endpoint) send(t *testing.T, method string, header http.Header, body io.Reader) int {
	t.Helper()
	response := e.exchange(t, method, header, body)
	content, err := io.ReadAll(response.Body)
	if err != nil || len(content) > 0 {
		t.Errorf("the answer is %q, %v", content, err)
	}
	return response.StatusCode
}

func (e *endpoint) exchange(t *testing.T, method string, header http.Header, body io.Reader) *http.Response {
	t.Helper()
	request, err := http.NewRequest(method, e.URL, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	response, err := e.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

func (e *endpoint) post(t *testing.T, requestID, body string) int {
	t.Helper()
	return e.send(t, "POST", freshHeader(requestID, body), strings.NewReader(body))
}

// chunked hides the length, so that the body is sent in chunks.
func chunked(body string) io.Reader { return io.MultiReader(strings.NewReader(body)) }

func TestHandlerAccepts(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{})
	e.useWith(func(r *http.Request, message *Verified, callback *CallCallback) error {
		if callback.UserName != "王芳" || r.Header.Get("requestID") == "" || r.Context().Err() != nil {
			t.Error("it was handed over wrongly")
		}
		return nil
	})
	if status := e.post(t, "r-1", callBody); status != 200 {
		t.Error(status)
	}
	if status := e.send(t, "POST", freshHeader("r-2", callBody), chunked(callBody)); status != 200 {
		t.Error(status)
	}
	if e.uses() != 2 || len(e.refused) != 0 {
		t.Error(e.used, e.refused)
	}
}

// A body that comes slowly, but comes, is taken.
func TestHandlerWaitsForSlowBodies(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{})
	body, writer := io.Pipe()
	go func() {
		for _, piece := range []string{callBody[:1], callBody[1:50], callBody[50:]} {
			_, _ = io.WriteString(writer, piece)
			time.Sleep(20 * time.Millisecond)
		}
		writer.Close()
	}()
	if status := e.send(t, "POST", freshHeader("r-1", callBody), body); status != 200 || e.uses() != 1 {
		t.Error(status)
	}
}

func TestHandlersOfEachKind(t *testing.T) {
	verifier := newVerifier(t, newSigner(t, MD5))
	used := ""
	for kind, handler := range map[string]http.Handler{
		"call": verifier.CallCallbackHandler(func(_ *http.Request, message *Verified, c *CallCallback) error {
			used = message.RequestID() + " call " + c.TaskID
			return nil
		}, nil),
		"order": verifier.OrderCallbackHandler(func(_ *http.Request, message *Verified, c *OrderCallback) error {
			used = message.RequestID() + " order " + c.TaskID
			return nil
		}, nil),
		"task": verifier.TaskCallbackHandler(func(_ *http.Request, message *Verified, c *TaskCallback) error {
			used = message.RequestID() + " task " + c.TaskID
			return nil
		}, nil),
	} {
		e := &endpoint{Server: httptest.NewServer(handler)}
		t.Cleanup(e.Close)
		body := callBody
		if kind == "task" {
			body = taskBody
		}
		if status := e.post(t, "r-"+kind, body); status != 200 || used != "r-"+kind+" "+kind+" p" {
			t.Error(kind, status, used)
		}
		// Nothing is needed of the options to refuse.
		if status := e.post(t, "r-"+kind, "{}"); status != 422 {
			t.Error(kind, status)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a handler without a function was made")
		}
	}()
	verifier.TaskCallbackHandler(nil, nil)
}

// A server of several accounts learns which one a callback is for, and by which of its keys it was proven.
func TestHandlerTellsTheMessage(t *testing.T) {
	renewed, err := NewSigner(testUUID, "the new key", MD5)
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewSigner("another", testSecret, MD5)
	if err != nil {
		t.Fatal(err)
	}
	verifier := newVerifier(t, newSigner(t, MD5), renewed, other)
	renewed.Close()
	other.Close()
	createTs := strconv.FormatInt(time.Now().Unix(), 10)
	others := testingHeader(MD5, testSecret, "r-2", createTs, callBody)
	others.Set("uuid", "another")
	others.Set("sign", referenceSign(MD5, testSecret, "another", "r-2", createTs, callBody))
	headers := []http.Header{
		testingHeader(MD5, testSecret, "r-0", createTs, callBody),
		testingHeader(MD5, "the new key", "r-1", createTs, callBody),
		others,
	}
	uuids := []string{testUUID, testUUID, "another"}
	for name, store := range map[string]Replays{"no store": nil, "a store": NewMemoryReplays(9)} {
		var kept []*Verified
		use := func(_ *http.Request, message *Verified, callback *CallCallback) error {
			kept = append(kept, message)
			anew, err := message.CallCallback()
			if err != nil || !reflect.DeepEqual(anew, callback) {
				t.Error(name, anew, err)
			}
			return nil
		}
		e := &endpoint{Server: httptest.NewServer(verifier.CallCallbackHandler(use, &HandlerOptions{Replays: store}))}
		t.Cleanup(e.Close)
		for _, header := range headers {
			if status := e.send(t, "POST", header, strings.NewReader(callBody)); status != 200 {
				t.Fatal(name, status)
			}
		}
		e.Close() // which waits for the handler
		for i, message := range kept {
			if message.UUID() != uuids[i] || message.SignerIndex() != i || message.RequestID() != fmt.Sprintf("r-%d", i) ||
				string(message.Body()) != callBody || strconv.FormatInt(message.CreateTs().Unix(), 10) != createTs {
				t.Error(name, i, message)
			}
			// Its memory outside of Go's heap did not wait for the garbage collector.
			_, err := message.CallCallback()
			wantMessage(t, wantError(t, err, ErrClosed, "closed"), "until the handler's function has returned")
		}
	}
}

// A function that panics keeps no memory.
func TestHandlerClosesAfterAPanic(t *testing.T) {
	var kept *Verified
	verifier := newVerifier(t, newSigner(t, MD5))
	handler := verifier.CallCallbackHandler(func(_ *http.Request, message *Verified, _ *CallCallback) error {
		kept = message
		panic("a mistake")
	}, nil)
	func() {
		defer func() { _ = recover() }()
		serve(handler, freshHeader("r-1", callBody), callBody)
	}()
	_, err := kept.CallCallback()
	wantError(t, err, ErrClosed, "closed")
}

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
				if e.uses() != 0 {
					t.Error("it was handed over")
				}
				if allow := response.Header.Get("Allow"); (allow == "POST") != (c.http == 405) {
					t.Errorf("Allow is %q", allow)
				}
			})
		}
	}
}

// All that is not proven is answered in one way, down to the last byte but the date.
func TestUnprovenIsAnsweredInOneWay(t *testing.T) {
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
			t.Errorf("%s is answered with %q, and another with %q", name, out.String(), first)
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

// takenFor returns how many bytes of memory Go takes to refuse a body that is not proven, those that were dropped included.
func takenFor(t *testing.T, body io.Reader, announced int64) uint64 {
	t.Helper()
	handler := newVerifier(t, newSigner(t, MD5)).CallCallbackHandler(
		func(*http.Request, *Verified, *CallCallback) error { return nil }, &HandlerOptions{MaxBody: 4 << 20})
	header := freshHeader("r-1", callBody)
	least := uint64(math.MaxUint64)
	for range 3 { // since others take memory too
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

// What the documentation of MaxBody says of memory.
func TestHandlerTakesLittleMemory(t *testing.T) {
	if underRaceDetector {
		t.Skip("with the race detector Go takes memory twice")
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
	// One that is announced and does not come.
	if taken := takenFor(t, strings.NewReader(""), 4<<20); taken > 64<<10+some {
		t.Errorf("an announcement takes %d", taken)
	}
}

// raw sends bytes over a connection of its own, and returns what is answered.
func (e *endpoint) raw(t *testing.T, request string, closing bool) string {
	t.Helper()
	connection, err := net.Dial("tcp", e.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(connection, request); err != nil {
		t.Fatal(err)
	}
	if closing {
		_ = connection.(*net.TCPConn).CloseWrite()
	}
	status, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil && err != io.EOF {
		t.Fatal(err)
	}
	return strings.TrimSpace(status)
}

// rawRequest writes HTTP/1.1 with the names of the headers as they are given.
func rawRequest(change func(string) string, header http.Header, length int, body string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n", length)
	for name, values := range header {
		for _, value := range values {
			fmt.Fprintf(&out, "%s:%s\r\n", change(name), value)
		}
	}
	return out.String() + "\r\n" + body
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
	// An announced length over the limit is refused before anything of the body has come.
	if status := e.raw(t, rawRequest(strings.ToLower, header, DefaultMaxBody+1, ""), false); !strings.HasPrefix(status, "HTTP/1.1 413 ") {
		t.Error(status)
	}
	wantError(t, e.lastRefused(t), ErrTooLarge, "callback_too_large")
	if e.uses() != 2 {
		t.Error(e.uses())
	}
}

// A body that breaks off, or of which the rest never comes, is not handed over, though it be signed as far as it came.
func TestHandlerRefusesHalfBodies(t *testing.T) {
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
		t.Error("it was handed over")
	}
}

func TestHandlerRefusesReplays(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{Replays: NewMemoryReplays(9)})
	header := freshHeader("r-1", callBody)
	for i, want := range []int{200, 409, 409} {
		if status := e.send(t, "POST", header, strings.NewReader(callBody)); status != want {
			t.Errorf("%d: %d", i, status)
		}
	}
	wantError(t, e.lastRefused(t), ErrReplayed, "replayed")
	// The same content in another message is another one, and the headers' case makes none.
	if status := e.post(t, "r-2", callBody); status != 200 {
		t.Error(status)
	}
	if status := e.raw(t, rawRequest(strings.ToLower, header, len(callBody), callBody), false); !strings.HasPrefix(status, "HTTP/1.1 409 ") {
		t.Error(status)
	}
	// What was not proven is not remembered.
	if status := e.send(t, "POST", freshHeader("r-3", "{}"), strings.NewReader(callBody)); status != 401 {
		t.Error(status)
	}
	if status := e.post(t, "r-3", callBody); status != 200 {
		t.Error(status)
	}
	if e.uses() != 3 {
		t.Error(e.uses())
	}
}

// What could not be worked off is let in when it comes again.
func TestHandlerLetsRetriesIn(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{Replays: NewMemoryReplays(9)})
	wrong := errors.New("the database is away")
	e.useWith(func(*http.Request, *Verified, *CallCallback) error { return wrong })
	header := freshHeader("r-1", callBody)
	send := func() int { return e.send(t, "POST", header, strings.NewReader(callBody)) }
	if status := send(); status != 500 {
		t.Error(status)
	}
	if err := e.lastRefused(t); err != wrong {
		t.Error(err)
	}
	e.useWith(func(*http.Request, *Verified, *CallCallback) error { panic("a mistake") })
	// The connection is closed without an answer.
	if status := e.raw(t, rawRequest(strings.ToLower, header, len(callBody), callBody), false); status != "" {
		t.Error(status)
	}
	e.useWith(func(*http.Request, *Verified, *CallCallback) error { return nil })
	if status := send(); status != 200 {
		t.Error(status)
	}
	if status := send(); status != 409 {
		t.Error(status)
	}
	if e.uses() != 3 {
		t.Error(e.uses())
	}
}

// fakeReplays is a store of which each call can fail.
type fakeReplays struct {
	first                 bool
	remember, forget      error
	remembered, forgotten []string
	until                 time.Time
	ended                 error // the context's error in Forget
}

func (f *fakeReplays) Remember(_ context.Context, id string, until time.Time) (bool, error) {
	f.remembered = append(f.remembered, id)
	f.until = until
	return f.first, f.remember
}

func (f *fakeReplays) Forget(ctx context.Context, id string) error {
	f.forgotten = append(f.forgotten, id)
	f.ended = ctx.Err()
	return f.forget
}

func TestHandlerAndItsStore(t *testing.T) {
	store := &fakeReplays{first: true}
	verifier := newVerifier(t, newSigner(t, MD5))
	var refused, fails error
	ctx, cancel := context.WithCancel(context.Background())
	handler := verifier.CallCallbackHandler(func(*http.Request, *Verified, *CallCallback) error {
		cancel() // the sender has gone
		return fails
	}, &HandlerOptions{Replays: store, OnRefused: func(_ *http.Request, err error) { refused = err }})
	const id = testUUID + " r-1 call"
	serve := func() int {
		refused = nil
		request := httptest.NewRequest("POST", "/", strings.NewReader(callBody)).WithContext(ctx)
		request.Header = freshHeader("r-1", callBody)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		return recorder.Code
	}
	if status := serve(); status != 200 || refused != nil || !slices.Equal(store.remembered, []string{id}) || store.forgotten != nil {
		t.Error(status, refused, store)
	}
	if left := time.Until(store.until); left < 359*time.Second || left > 362*time.Second {
		t.Error(left)
	}
	fails, store.forget = errors.New("fails"), errors.New("cannot forget")
	if status := serve(); status != 500 || !errors.Is(refused, fails) || !errors.Is(refused, store.forget) ||
		!slices.Equal(store.forgotten, []string{id}) || store.ended != nil {
		t.Error(status, refused, store)
	}
	store.remember = errors.New("cannot remember")
	if status := serve(); status != 500 || refused != store.remember || len(store.forgotten) != 1 {
		t.Error(status, refused, store)
	}
	verifier.Close()
	store.remembered = nil
	if status := serve(); status != 500 || !errors.Is(refused, ErrClosed) || store.remembered != nil {
		t.Error(status, refused, store)
	}
}

// serve hands a request to a handler without a socket, and returns the status.
func serve(handler http.Handler, header http.Header, body string) int {
	request := httptest.NewRequest("POST", "/", strings.NewReader(body))
	request.Header = header
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder.Code
}

// A copy that was verified at the end of the window, and reaches the store after it, is refused.
func TestHandlerRemembersLongerThanMessagesAreFresh(t *testing.T) {
	store, uses := NewMemoryReplays(9), 0
	var late time.Duration
	store.now = func() time.Time { return time.Now().Add(late) }
	handler := newVerifier(t, newSigner(t, MD5)).CallCallbackHandler(func(*http.Request, *Verified, *CallCallback) error {
		uses++
		return nil
	}, &HandlerOptions{Replays: store})
	header := freshHeader("r-1", callBody)
	if status := serve(handler, header, callBody); status != 200 {
		t.Error(status)
	}
	for _, late = range []time.Duration{301 * time.Second, 310 * time.Second, 355 * time.Second} {
		if serve(handler, header, callBody); uses != 1 {
			t.Fatalf("%v later it is handed over again", late)
		}
	}
}

// One callback of two kinds is remembered for each kind: else whoever sent the message to the other URL first would
// suppress the genuine one.
func TestHandlersShareAStore(t *testing.T) {
	options, used := &HandlerOptions{Replays: NewMemoryReplays(9)}, ""
	verifier := newVerifier(t, newSigner(t, MD5))
	order := verifier.OrderCallbackHandler(func(*http.Request, *Verified, *OrderCallback) error {
		used += "order "
		return nil
	}, options)
	call := verifier.CallCallbackHandler(func(*http.Request, *Verified, *CallCallback) error {
		used += "call "
		return nil
	}, options)
	header := freshHeader("r-1", callBody)
	for range 2 {
		serve(order, header, callBody)
		serve(call, header, callBody)
	}
	if used != "order call " {
		t.Error(used)
	}
}

// hangingUp is a store that is told that the sender has gone after it has committed.
type hangingUp struct {
	*MemoryReplays
	hangUp   func()
	deadline bool
}

func (h *hangingUp) Remember(ctx context.Context, id string, until time.Time) (bool, error) {
	first, err := h.MemoryReplays.Remember(ctx, id, until)
	h.hangUp()
	_, h.deadline = ctx.Deadline()
	return first, errors.Join(err, ctx.Err())
}

// A sender who hangs up while the message is being remembered does not lose it.
func TestHandlerRemembersAfterTheSenderHasGone(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	store, uses := &hangingUp{MemoryReplays: NewMemoryReplays(9), hangUp: cancel}, 0
	handler := newVerifier(t, newSigner(t, MD5)).CallCallbackHandler(func(*http.Request, *Verified, *CallCallback) error {
		uses++
		return nil
	}, &HandlerOptions{Replays: store})
	request := httptest.NewRequest("POST", "/", strings.NewReader(callBody)).WithContext(ctx)
	request.Header = freshHeader("r-1", callBody)
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	if recorder.Code != 200 || uses != 1 || !store.deadline {
		t.Error(recorder.Code, uses, store.deadline)
	}
}

// A request that no server made has no body where it has none.
func TestHandlerWithoutABody(t *testing.T) {
	verifier := newVerifier(t, newSigner(t, MD5))
	handler := verifier.CallCallbackHandler(func(*http.Request, *Verified, *CallCallback) error { return nil }, nil)
	for want, header := range map[int]http.Header{401: nil, 422: freshHeader("r-1", "")} {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, &http.Request{Method: "POST", Header: header})
		if recorder.Code != want {
			t.Error(recorder.Code)
		}
	}
}

func TestHandlerAnswers(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{Answer: func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(202)
		_, _ = io.WriteString(w, `{"code":0}`)
	}})
	response := e.exchange(t, "POST", freshHeader("r-1", callBody), strings.NewReader(callBody))
	if content, err := io.ReadAll(response.Body); err != nil || string(content) != `{"code":0}` || response.StatusCode != 202 {
		t.Error(response.StatusCode, string(content))
	}
	if status := e.post(t, "r-1", "{}"); status != 422 {
		t.Error(status)
	}
	e.Close()
	if len(e.logged) > 0 { // as the server does where a status is written twice
		t.Error(e.logged)
	}
}

// A message that comes again, since our answer to it was lost, is answered as the options say, and not handed over.
func TestHandlerAnswersReplayed(t *testing.T) {
	store := &markingReplays{MemoryReplays: NewMemoryReplays(9), worked: map[string]bool{}}
	e := newEndpoint(t, HandlerOptions{Replays: store, AnswerReplayed: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, r.Header.Get("requestID")+` {"code":0}`)
	}})
	send := func(header http.Header, body string) (int, string) {
		t.Helper()
		response := e.exchange(t, "POST", header, strings.NewReader(body))
		content, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(content)
	}
	header := freshHeader("r-1", callBody)
	for i, want := range []string{"", `r-1 {"code":0}`, `r-1 {"code":0}`} {
		if status, content := send(header, callBody); status != 200 || content != want {
			t.Error(i, status, content)
		}
		if i > 0 {
			wantError(t, e.lastRefused(t), ErrReplayed, "replayed")
		}
	}
	if e.uses() != 1 {
		t.Error(e.uses())
	}

	// It answers nothing else: not what is unproven, no such callback, or could not be worked off.
	if status, content := send(header, "{}"); status != 401 || content != "" {
		t.Error(status, content)
	}
	if status, content := send(freshHeader("r-1", "{}"), "{}"); status != 422 || content != "" {
		t.Error(status, content)
	}
	e.useWith(func(*http.Request, *Verified, *CallCallback) error { return &Error{Status: ErrReplayed} })
	if status, content := send(freshHeader("r-2", callBody), callBody); status != 500 || content != "" {
		t.Error(status, content)
	}

	// The same comes while the first is being worked off. To a store that does not tell the two apart it is a replay; to
	// one that does it is to come again.
	for tells, want := range map[bool]int{false: 200, true: 500} {
		header := freshHeader(fmt.Sprint("r-3-", tells), callBody)
		e.useWith(func(_ *http.Request, message *Verified, _ *CallCallback) error {
			store.tells = tells
			if status, content := send(header, callBody); status != want || (content == "") != tells {
				t.Error(tells, status, content)
			}
			store.worked[message.UUID()+" "+message.RequestID()+" call"] = true
			return nil
		})
		for i := range 2 {
			if status, _ := send(header, callBody); status != 200 {
				t.Error(tells, i, status)
			}
		}
	}
	e.Close()
	if len(e.logged) > 0 { // as the server does where a status is written twice
		t.Error(e.logged)
	}
}

// markingReplays is a store in which the user's function marks what was worked off.
type markingReplays struct {
	*MemoryReplays
	tells  bool
	worked map[string]bool
}

func (m *markingReplays) Remember(ctx context.Context, id string, until time.Time) (bool, error) {
	first, err := m.MemoryReplays.Remember(ctx, id, until)
	if !first && m.tells && !m.worked[id] {
		return false, errors.Join(err, errors.New("it is being worked off"))
	}
	return first, err
}

// Of many senders of one message one is let in, and all senders of different messages are.
func TestHandlerForManySenders(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{Replays: NewMemoryReplays(1000)})
	header := freshHeader("same", callBody)
	var group sync.WaitGroup
	for i := range 16 {
		group.Add(1)
		go func() {
			defer group.Done()
			for round := range 5 {
				_ = e.send(t, "POST", header, strings.NewReader(callBody))
				if status := e.post(t, fmt.Sprintf("r-%d-%d", i, round), callBody); status != 200 {
					t.Error(status)
				}
			}
		}()
	}
	group.Wait()
	if e.uses() != 16*5+1 {
		t.Error(e.uses())
	}
}
