package callbot

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"testing"
	"time"
)

// A redirect that would send the signed body to another host ends as it came, over both versions of
// HTTP, whatever the body is.
func TestHTTPRequestIsNotRedirected(t *testing.T) {
	full := build(t, newBatch(t, nil, oddOrders()...))
	empty, err := NewRequest(newSigner(t, MD5), "/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the other host received %s %s %v", r.Method, r.URL, r.Header)
	}))
	defer other.Close()
	for _, isHTTP2 := range []bool{false, true} {
		for _, status := range []int{http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
			for _, host := range []string{other.URL, ""} {
				for name, request := range map[string]*Request{"full": full, "empty": empty} {
					t.Run(fmt.Sprint(name, status, isHTTP2, host != ""), func(t *testing.T) {
						checkRedirect(t, request, isHTTP2, status, host+"/elsewhere")
					})
				}
			}
		}
	}
}

// checkRedirect sends a request to a server that redirects it.
func checkRedirect(t *testing.T, request *Request, isHTTP2 bool, status int, location string) {
	received := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		received++
		body, err := io.ReadAll(r.Body)
		length := int64(len(request.Body()))
		// HTTP/2 ends a body without a length too.
		isLengthRight := r.ContentLength == length || length == 0 && r.ContentLength == -1 && isHTTP2
		if err != nil || string(body) != string(request.Body()) || !isLengthRight || r.TransferEncoding != nil || r.ProtoAtLeast(2, 0) != isHTTP2 {
			t.Errorf("%s: a body of %d bytes is sent as %q, length %d, %v, %v", r.Proto, length, body, r.ContentLength, r.TransferEncoding, err)
		}
		for name := range request.Header() {
			if r.Header.Get(name) != request.Header().Get(name) {
				t.Errorf("the header %s is %q", name, r.Header[name])
			}
		}
		w.Header().Set("Location", location)
		w.WriteHeader(status)
		fmt.Fprint(w, "moved")
	}))
	server.EnableHTTP2 = isHTTP2
	if isHTTP2 {
		server.StartTLS()
	} else {
		server.Start()
	}
	sent, err := request.HTTPRequest(context.Background(), server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := server.Client()
	client.Timeout = 10 * time.Second
	response, err := client.Do(sent)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(response.Body)
	response.Body.Close()
	server.Close() // waits for the handler
	if err != nil || response.StatusCode != status || string(answer) != "moved" || received != 1 {
		t.Errorf("%s, %q, %v, received %d times", response.Status, answer, err, received)
	}
}

// An empty body is announced as such, once, and the connection is used again.
func TestEmptyBodyOnTheWire(t *testing.T) {
	request, err := NewRequest(newSigner(t, MD5), "/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	heads := make(chan string, 2)
	go func() {
		connection, err := listener.Accept()
		if err != nil {
			close(heads)
			return
		}
		defer connection.Close()
		from := bufio.NewReader(connection)
		for range cap(heads) {
			var head strings.Builder
			for line := ""; line != "\r\n"; head.WriteString(line) {
				if line, err = from.ReadString('\n'); err != nil {
					break
				}
			}
			heads <- head.String()
			_, _ = io.WriteString(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
		}
	}()
	client := &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	for range 2 {
		sent, err := request.HTTPRequest(context.Background(), "http://"+listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(sent)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
		head := strings.ToLower(<-heads)
		if !strings.HasPrefix(head, "post /x http/1.1\r\n") || strings.Count(head, "content-length:") != 1 ||
			!strings.Contains(head, "\r\ncontent-length: 0\r\n") || strings.Contains(head, "transfer-encoding") {
			t.Error(head)
		}
	}
	sent, err := request.HTTPRequest(context.Background(), "http://example.com")
	if err != nil {
		t.Fatal(err)
	}
	dump, err := httputil.DumpRequestOut(sent.Clone(context.Background()), true)
	if err != nil || strings.Count(strings.ToLower(string(dump)), "content-length:") != 1 || !strings.HasSuffix(string(dump), "\r\n\r\n") {
		t.Errorf("%q, %v", dump, err)
	}
}
