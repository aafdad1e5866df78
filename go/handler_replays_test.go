// The handler and its store of replays.

package callbot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestHandlerRefusesReplays(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{Replays: NewMemoryReplays(9)})
	header := freshHeader("r-1", callBody)
	for i := range 3 {
		if status := e.send(t, "POST", header, strings.NewReader(callBody)); status != 200 {
			t.Errorf("%d: %d", i, status)
		}
	}
	wantError(t, e.lastRefused(t), ErrReplayed, "replayed")
	// The same content with another request id is another message. Another case of the headers is
	// not.
	if status := e.post(t, "r-2", callBody); status != 200 {
		t.Error(status)
	}
	if status := e.raw(t, rawRequest(strings.ToLower, header, len(callBody), callBody), false); status != "HTTP/1.1 200 OK" {
		t.Error(status)
	}
	// A message that fails verification is not remembered.
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

// A message that could not be processed is accepted when it comes again.
func TestHandlerAcceptsRetries(t *testing.T) {
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
	for range 2 { // the second is a replay
		if status := send(); status != 200 {
			t.Error(status)
		}
	}
	if e.uses() != 3 {
		t.Error(e.uses())
	}
	e.Close() // waits for the handler
	if left := e.Config.Handler.(*handler[CallCallback]).inProcess; len(left) != 0 {
		t.Error("messages are counted as in process: ", left)
	}
}

// fakeReplays is a store in which each call can fail.
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
		cancel() // the sender has disconnected
		return fails
	}, &HandlerOptions{Replays: store, OnRefused: func(_ *http.Request, _ *Verified, err error) { refused = err }})
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

// A copy that is verified at the end of the window and reaches the store after it is refused.
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
			t.Fatalf("accepted again %v later", late)
		}
	}
}

// A message is remembered for each kind of callback. Otherwise an attacker could suppress a genuine
// message by sending it to the URL of another kind first.
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

// hangingUp is a store whose context reports after the commit that the sender has disconnected.
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

// A message is not lost if the sender disconnects while it is being remembered.
func TestHandlerRemembersAfterTheSenderDisconnects(t *testing.T) {
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

// A message that comes again while the first is in process is not answered with success, because
// the first can still fail.
func TestHandlerAnswersWhileTheFirstIsInProcess(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{Replays: NewMemoryReplays(9)})
	header := freshHeader("r-1", callBody)
	send := func() int { return e.send(t, "POST", header, strings.NewReader(callBody)) }
	for _, fails := range []error{errors.New("the database is away"), nil} {
		e.useWith(func(*http.Request, *Verified, *CallCallback) error {
			for range 2 {
				if status := send(); status != 409 {
					t.Error(status)
				}
				wantError(t, e.lastRefused(t), ErrReplayed, "replayed")
			}
			// Another message is accepted meanwhile.
			e.useWith(func(*http.Request, *Verified, *CallCallback) error { return nil })
			if status := e.post(t, fmt.Sprint("r-2-", fails != nil), callBody); status != 200 {
				t.Error(status)
			}
			return fails
		})
		want := 200
		if fails != nil {
			want = 500
		}
		if status := send(); status != want {
			t.Error(status)
		}
	}
	if status := send(); status != 200 || e.uses() != 4 {
		t.Error(status, e.uses())
	}
}

// A message that comes again because our answer was lost is answered by AnswerReplayed and not
// passed on.
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
	for i, want := range []string{"success", `r-1 {"code":0}`, `r-1 {"code":0}`} {
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

	// AnswerReplayed answers nothing else: no unverified message, no other callback, no failed one.
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

	// The same message comes while the first is being processed. A store that does not mark
	// processed messages treats it as a replay. A store that marks them makes the provider send it
	// again.
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
	if len(e.logged) > 0 { // the server logs when a status is written twice
		t.Error(e.logged)
	}
}

// markingReplays is a store in which the use function marks processed messages.
type markingReplays struct {
	*MemoryReplays
	tells  bool
	worked map[string]bool
}

func (m *markingReplays) Remember(ctx context.Context, id string, until time.Time) (bool, error) {
	first, err := m.MemoryReplays.Remember(ctx, id, until)
	if !first && m.tells && !m.worked[id] {
		return false, errors.Join(err, errors.New("the message is in process"))
	}
	return first, err
}

// Of many senders of one message, one is accepted. All senders of different messages are.
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
