package callbot

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// provider answers as the provider does, to any request.
type provider struct {
	*httptest.Server
	body   string
	signer *Signer
	gzip   bool
	hidden bool // the length
}

func newProvider(t *testing.T) *provider {
	p := &provider{body: responseBody, signer: newSigner(t, MD5)}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header, err := SignResponse(p.signer, Sent{RequestID: r.Header.Get("requestID")}, []byte(p.body))
		if err != nil {
			t.Error(err)
		}
		for name, values := range header {
			w.Header()[name] = values
		}
		if p.gzip {
			w.Header().Set("Content-Encoding", "gzip")
			zipped := gzip.NewWriter(w)
			defer zipped.Close()
			_, _ = io.WriteString(zipped, p.body)
			return
		}
		if p.hidden {
			w.(http.Flusher).Flush()
		}
		_, _ = io.WriteString(w, p.body)
	}))
	t.Cleanup(p.Close)
	return p
}

// ask sends a request and returns it with its response.
func (p *provider) ask(t *testing.T) (*Request, *http.Response) {
	t.Helper()
	request, err := newBatch(t, nil, someOrders(0, 3)...).Build(p.signer)
	if err != nil {
		t.Fatal(err)
	}
	httpRequest, err := request.HTTPRequest(context.Background(), p.URL)
	if err != nil {
		t.Fatal(err)
	}
	if p.gzip {
		httpRequest.Header.Del("Accept-Encoding") // the transport asks for gzip then
	}
	response, err := p.Client().Do(httpRequest)
	if err != nil {
		t.Fatal(err)
	}
	return request, response
}

// The default takes the largest answer that the pages describe: 500 orders, each with three calls
// that have long values in all of their fields.
func TestLargeResponse(t *testing.T) {
	signer := newSigner(t, MD5)
	ids := make([]string, 500)
	for i := range ids {
		ids[i] = fmt.Sprintf("%036d", i)
	}
	request, err := signer.Request(ListOrderDetail{UserTaskID: "t", OrderList: ids})
	if err != nil {
		t.Fatal(err)
	}
	receive := func(body string, announced int64) (*ListOrderDetailResponse, error) {
		header, err := SignResponse(signer, request.Sent(), []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		response := &http.Response{Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: announced}
		content, _, err := ReadResponse[ListOrderDetailResponse](newVerifier(t, signer), request.Sent(), response)
		return content, err
	}
	call := strings.ReplaceAll(detailJSON, `"hello"`, `"`+strings.Repeat("您好", 250)+`"`)
	call = strings.ReplaceAll(call, `[{}]`, `[`+strings.Repeat(`{"speaker":"bot","text":"您好您好您好"},`, 20)+`{}]`)
	orders := make([]string, len(ids))
	for i, id := range ids {
		orders[i] = `{"orderID":"` + id + `","callInfoDetailList":[` + call + `,` + call + `,` + call + `]}`
	}
	body := `{"retCode":0,"orderDetailList":[` + strings.Join(orders, ",") + `]}`
	if len(body) < 4<<20 {
		t.Fatal(len(body))
	}
	answer, err := receive(body, int64(len(body)))
	if err != nil || answer.OrderDetailList.Len() != len(ids) || answer.OrderDetailList.At(499).CallInfoDetailList.At(2).CallID != "c-1" {
		t.Error(err)
	}
	larger := body + strings.Repeat(" ", DefaultMaxResponse-len(body))
	if _, err := receive(larger, -1); err != nil {
		t.Error(err)
	}
	for _, announced := range []int64{-1, DefaultMaxResponse + 1} {
		_, err := receive(larger+" ", announced)
		wantError(t, err, ErrTooLarge, "response_too_large")
	}
}

// closing tells whether it was closed.
type closing struct {
	io.Reader
	isClosed bool
}

func (c *closing) Close() error {
	c.isClosed = true
	return nil
}

func TestReadResponse(t *testing.T) {
	p := newProvider(t)
	verifier := newVerifier(t, p.signer)
	for _, p.hidden = range []bool{false, true} {
		request, response := p.ask(t)
		body := &closing{Reader: response.Body}
		response.Body = body
		answer, message, err := ReadResponse[AddBatchResponse](verifier, request.Sent(), response)
		if err != nil || answer.ResponseID != "x-1" || string(message.Body()) != responseBody || !body.isClosed {
			t.Error(answer, message, err, body.isClosed)
		}

		// The maximum.
		for maximum, want := range map[int64]string{
			math.MaxInt64: "", int64(len(responseBody)): "",
			int64(len(responseBody)) - 1: "response_too_large", 0: "response_too_large", -1: "response_too_large",
		} {
			request, response = p.ask(t)
			_, message, err = ReadResponse[AddBatchResponse](verifier, request.Sent(), response, MaxBody(maximum))
			if want != "" {
				wantError(t, err, ErrTooLarge, want)
			} else if err != nil || message == nil {
				t.Error(err)
			}
		}
		request, response = p.ask(t)
		_, _, err = ReadResponse[AddBatchResponse](verifier, request.Sent(), response, At(time.Now().Add(time.Hour)))
		wantError(t, err, ErrTooOld, "verify_too_old")

		// What is proven is not lost.
		p.body = `{"retMsg":"success"}`
		request, response = p.ask(t)
		answer, message, err = ReadResponse[AddBatchResponse](verifier, request.Sent(), response)
		wantError(t, err, ErrContent, "content_missing")
		if answer != nil || string(message.Body()) != p.body {
			t.Error(answer, message)
		}
		p.body = responseBody

		// Something has read or closed it.
		for name, read := range map[string]func(io.ReadCloser){
			"all":    func(body io.ReadCloser) { _, _ = io.Copy(io.Discard, body) },
			"closed": func(body io.ReadCloser) { body.Close() },
		} {
			request, response = p.ask(t)
			read(response.Body)
			_, _, err = ReadResponse[AddBatchResponse](verifier, request.Sent(), response)
			if name == "all" && p.hidden {
				// Nothing tells an empty body from one that was read.
				wantMessage(t, wantError(t, err, ErrSignatureMismatch, "verify_mismatch"), "the body is empty")
				continue
			}
			wantError(t, err, ErrBodyRead, "body_read")
		}
	}
}

func TestDecompressedResponse(t *testing.T) {
	p := newProvider(t)
	p.gzip = true
	request, response := p.ask(t)
	_, err := newVerifier(t, p.signer).ReceiveResponse(request.Sent(), response)
	wantMessage(t, wantError(t, err, ErrDecompressed, "response_decompressed"), "no compression")
}

func TestResponsesThatDoNotArrive(t *testing.T) {
	verifier := newVerifier(t, newSigner(t, MD5))
	for _, response := range []*http.Response{nil, {}} {
		_, err := verifier.ReceiveResponse(Sent{}, response)
		wantError(t, err, ErrClosed, "closed")
	}
	broken := errors.New("broken")
	reader := io.MultiReader(strings.NewReader("{"), &failing{broken})
	_, _, err := ReadResponse[Envelope](verifier, Sent{}, &http.Response{Body: io.NopCloser(reader), ContentLength: 9})
	if !errors.Is(err, broken) {
		t.Error(err)
	}
	_, _, err = ReadResponse[Envelope](nil, Sent{}, &http.Response{Body: io.NopCloser(strings.NewReader(""))})
	wantError(t, err, ErrClosed, "closed")
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }
