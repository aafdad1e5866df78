// A server with a handler, and requests to it as the provider sends them.

package callbot

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// endpoint is a server with a socket that receives call callbacks.
type endpoint struct {
	*httptest.Server
	lock    sync.Mutex
	use     func(*http.Request, *Verified, *CallCallback) error
	used    []string // order ids
	refused []error
	message *Verified // of the newest one
	logged  []string
}

// Write receives the server's log.
func (e *endpoint) Write(line []byte) (int, error) {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.logged = append(e.logged, string(line))
	return len(line), nil
}

func newEndpoint(t *testing.T, options HandlerOptions) *endpoint {
	t.Helper()
	e := &endpoint{use: func(*http.Request, *Verified, *CallCallback) error { return nil }}
	options.OnRefused = func(r *http.Request, message *Verified, err error) {
		e.lock.Lock()
		defer e.lock.Unlock()
		e.refused, e.message = append(e.refused, err), message
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

// useWith sets the use function.
func (e *endpoint) useWith(use func(*http.Request, *Verified, *CallCallback) error) {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.use = use
}

// uses returns how many callbacks the use function has got.
func (e *endpoint) uses() int {
	e.lock.Lock()
	defer e.lock.Unlock()
	return len(e.used)
}

// lastRefused waits for an error, returns the newest one, and clears the list.
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

// freshHeader returns the header that the provider sends now, computed without the library.
func freshHeader(requestID, body string) http.Header {
	return testingHeader(MD5, testSecret, requestID, strconv.FormatInt(time.Now().Unix(), 10), body)
}

// send sends a callback like the provider and returns the status. The answer's body must be the
// default one: "success" with 200, and none with another status.
func (e *endpoint) send(t *testing.T, method string, header http.Header, body io.Reader) int {
	t.Helper()
	response := e.exchange(t, method, header, body)
	content, err := io.ReadAll(response.Body)
	want := ""
	if response.StatusCode == 200 {
		want = "success"
	}
	if err != nil || string(content) != want {
		t.Errorf("the answer to %d is %q, %v", response.StatusCode, content, err)
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

// chunked hides the length, so that the body is sent with chunked encoding.
func chunked(body string) io.Reader { return io.MultiReader(strings.NewReader(body)) }

// raw sends bytes over a new connection and returns the answer.
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

// rawRequest writes an HTTP/1.1 request and keeps the case of the header names.
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

// serve passes a request to a handler without a socket and returns the status.
func serve(handler http.Handler, header http.Header, body string) int {
	request := httptest.NewRequest("POST", "/", strings.NewReader(body))
	request.Header = header
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder.Code
}
