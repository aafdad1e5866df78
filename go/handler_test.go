// What the handler accepts, passes on and answers.

package callbot

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestHandlerAccepts(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{})
	e.useWith(func(r *http.Request, message *Verified, callback *CallCallback) error {
		if *callback.UserName != "王芳" || r.Header.Get("requestID") == "" || r.Context().Err() != nil {
			t.Error("wrong arguments of the use function")
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

// A slow body is accepted.
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
		// The handler can refuse without options.
		if status := e.post(t, "r-"+kind, "{}"); status != 422 {
			t.Error(kind, status)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a handler was created without a use function")
		}
	}()
	verifier.TaskCallbackHandler(nil, nil)
}

// The message tells a server with several accounts which account and which key it was verified for.
func TestHandlerPassesTheMessage(t *testing.T) {
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
		e.Close() // waits for the handler
		for i, message := range kept {
			if message.UUID() != uuids[i] || message.SignerIndex() != i || message.RequestID() != fmt.Sprintf("r-%d", i) ||
				string(message.Body()) != callBody || strconv.FormatInt(message.CreateTs().Unix(), 10) != createTs {
				t.Error(name, i, message)
			}
			// It is an ordinary value.
			if callback, err := message.CallCallback(); err != nil || callback.OrderID != "o-1" {
				t.Error(name, callback, err)
			}
		}
	}
}

// A request that did not come from a server may have a nil body.
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

// The default answer, also to a replay.
func TestHandlerAnswersSuccess(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{Replays: NewMemoryReplays(9)})
	header := freshHeader("r-1", callBody)
	for range 2 {
		response := e.exchange(t, "POST", header, strings.NewReader(callBody))
		content, err := io.ReadAll(response.Body)
		kind := response.Header.Get("Content-Type")
		if err != nil || response.StatusCode != 200 || string(content) != "success" || kind != "text/plain; charset=utf-8" {
			t.Error(response.Status, string(content), kind, err)
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
	if len(e.logged) > 0 { // the server logs when a status is written twice
		t.Error(e.logged)
	}
}
