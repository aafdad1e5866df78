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
	"strconv"
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
}

// fakeReplays is a store in which each call can fail.
type fakeReplays struct {
	claim                Claim
	held                 bool
	begin, done, release error
	calls                []string // "begin KEY" and so on
	tokens               map[string]bool
	lease, keep          time.Duration
	limits               []time.Duration
	ended                error // the context's error in the newest call
}

func (f *fakeReplays) call(ctx context.Context, name, key, token string) {
	f.calls = append(f.calls, name+" "+key)
	f.tokens[token] = true
	f.ended = ctx.Err()
	if deadline, has := ctx.Deadline(); has {
		f.limits = append(f.limits, time.Until(deadline))
	}
}

func (f *fakeReplays) Begin(ctx context.Context, key, token string, lease time.Duration) (Claim, error) {
	f.call(ctx, "begin", key, token)
	f.lease = lease
	return f.claim, f.begin
}

func (f *fakeReplays) Done(ctx context.Context, key, token string, keep time.Duration) (bool, error) {
	f.call(ctx, "done", key, token)
	f.keep = keep
	return f.held, f.done
}

func (f *fakeReplays) Release(ctx context.Context, key, token string) (bool, error) {
	f.call(ctx, "release", key, token)
	return f.held, f.release
}

// served is what became of a message in a handler with a fake store.
type served struct {
	status  int
	after   string // Retry-After
	refused error
}

// serveWith passes a message to a handler whose sender disconnects while it is being processed.
func serveWith(t *testing.T, store *fakeReplays, options HandlerOptions, fails error) served {
	t.Helper()
	store.calls, store.tokens, store.limits = nil, map[string]bool{}, nil
	ctx, cancel := context.WithCancel(context.Background())
	var s served
	options.Replays = store
	options.OnRefused = func(_ *http.Request, _ *Verified, err error) { s.refused = err }
	handler := newVerifier(t, newSigner(t, MD5)).CallCallbackHandler(func(*http.Request, *Verified, *CallCallback) error {
		cancel()
		return fails
	}, &options)
	request := httptest.NewRequest("POST", "/", strings.NewReader(callBody)).WithContext(ctx)
	request.Header = freshHeader("r-1", callBody)
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	s.status, s.after = recorder.Code, recorder.Header().Get("Retry-After")
	if store.ended != nil || len(store.tokens) != 1 || len(store.limits) != len(store.calls) {
		t.Error(store)
	}
	for token := range store.tokens {
		if len(token) < 26 {
			t.Error("the token can be guessed: ", token)
		}
	}
	return s
}

func TestHandlerAndItsStore(t *testing.T) {
	const key = testUUID + " call r-1"
	fails, broken := errors.New("fails"), errors.New("the store is away")
	begun := fakeReplays{claim: Claim{State: ClaimBegun}, held: true}
	lost, unsure, stuck, away := begun, begun, begun, begun
	lost.held = false
	unsure.done, stuck.release, away.begin = broken, broken, broken
	busy := fakeReplays{claim: Claim{ClaimInProcess, 2*time.Second + 1}}
	for name, c := range map[string]struct {
		store   fakeReplays
		fails   error
		status  int
		after   string
		calls   []string
		refused []error
	}{
		"used":                    {begun, nil, 200, "", []string{"begin", "done"}, nil},
		"fails":                   {begun, fails, 500, "", []string{"begin", "release"}, []error{fails}},
		"fails late":              {lost, fails, 500, "", []string{"begin", "release"}, []error{fails}},
		"late":                    {lost, nil, 503, "1", []string{"begin", "done"}, []error{ErrClaimLost}},
		"cannot be done":          {unsure, nil, 500, "", []string{"begin", "done"}, []error{broken}},
		"cannot be released":      {stuck, fails, 500, "", []string{"begin", "release"}, []error{fails, broken}},
		"cannot begin":            {away, nil, 500, "", []string{"begin", "release"}, []error{broken}},
		"in process":              {busy, nil, 503, "3", []string{"begin"}, []error{ErrInProcess}},
		"in a state that is none": {fakeReplays{}, nil, 503, "1", []string{"begin"}, []error{ErrInProcess}},
		"done":                    {fakeReplays{claim: Claim{State: ClaimDone}}, nil, 200, "", []string{"begin"}, []error{ErrReplayed}},
	} {
		t.Run(name, func(t *testing.T) {
			store := c.store
			s := serveWith(t, &store, HandlerOptions{}, c.fails)
			var calls []string
			for _, call := range c.calls {
				calls = append(calls, call+" "+key)
			}
			if s.status != c.status || s.after != c.after || (s.refused == nil) != (c.refused == nil) || !slices.Equal(store.calls, calls) {
				t.Error(s, store.calls)
			}
			for _, wanted := range c.refused {
				if !errors.Is(s.refused, wanted) {
					t.Error(s.refused)
				}
			}
		})
	}
}

func TestHandlerTimes(t *testing.T) {
	near := func(got, want time.Duration) bool { return got <= want && got > want-3*time.Second }
	ownKey := func(*Verified, any) string { return "o" }
	for name, c := range map[string]struct {
		options            HandlerOptions
		lease, keep, limit time.Duration
	}{
		"default":       {HandlerOptions{}, time.Minute, 361 * time.Second, 10 * time.Second},
		"negative":      {HandlerOptions{Lease: -1, Keep: -1, ReplaysTimeout: -1}, time.Minute, 361 * time.Second, 10 * time.Second},
		"given":         {HandlerOptions{Lease: 5, Keep: time.Hour, ReplaysTimeout: 4 * time.Second}, 5, time.Hour, 4 * time.Second},
		"less than can": {HandlerOptions{Keep: time.Second}, time.Minute, 361 * time.Second, 10 * time.Second},
		"own key":       {HandlerOptions{Key: ownKey}, time.Minute, 2 * time.Hour, 10 * time.Second},
		"both":          {HandlerOptions{Key: ownKey, Keep: time.Hour}, time.Minute, time.Hour, 10 * time.Second},
	} {
		store := &fakeReplays{claim: Claim{State: ClaimBegun}, held: true}
		s := serveWith(t, store, c.options, nil)
		if s.status != 200 || store.lease != c.lease || !near(store.keep, c.keep) {
			t.Error(name, s, store.lease, store.keep)
		}
		for _, limit := range store.limits {
			if !near(limit, c.limit) {
				t.Error(name, limit)
			}
		}
	}
}

// A callback that is sent again with another request id is told by the caller's own key.
func TestHandlerKey(t *testing.T) {
	store, uses := NewMemoryReplays(9), 0
	options := &HandlerOptions{Replays: store, Key: func(message *Verified, callback any) string {
		if message.RequestID() == "r-9" {
			return ""
		}
		return callback.(*CallCallback).OrderID
	}}
	verifier := newVerifier(t, newSigner(t, MD5))
	handler := verifier.CallCallbackHandler(func(*http.Request, *Verified, *CallCallback) error {
		uses++
		return nil
	}, options)
	other := strings.Replace(callBody, "o-1", "o-2", 1)
	for i, c := range []struct {
		id, body string
		uses     int
	}{{"r-1", callBody, 1}, {"r-2", callBody, 1}, {"r-2", other, 2}, {"r-9", callBody, 3}, {"r-9", other, 3}} {
		if status := serve(handler, freshHeader(c.id, c.body), c.body); status != 200 || uses != c.uses {
			t.Error(i, status, uses)
		}
	}
	// A call callback does not suppress the order callback with the same key.
	options.Key = func(*Verified, any) string { return "o-1" }
	order := verifier.OrderCallbackHandler(func(*http.Request, *Verified, *OrderCallback) error {
		uses++
		return nil
	}, options)
	if status := serve(order, freshHeader("r-1", callBody), callBody); status != 200 || uses != 4 {
		t.Error(status, uses)
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

// While the first use takes longer than its lease, the message is processed again. The first one is
// told so, and changes nothing.
func TestHandlerTellsWhoIsLate(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{Replays: NewMemoryReplays(9), Lease: 20 * time.Millisecond})
	header := freshHeader("r-1", callBody)
	send := func() int { return e.send(t, "POST", header, strings.NewReader(callBody)) }
	e.useWith(func(*http.Request, *Verified, *CallCallback) error {
		e.useWith(func(*http.Request, *Verified, *CallCallback) error { return nil })
		time.Sleep(40 * time.Millisecond)
		if status := send(); status != 200 {
			t.Error(status)
		}
		return nil
	})
	if status := send(); status != 503 {
		t.Error(status)
	}
	wantError(t, e.lastRefused(t), ErrClaimLost, "claim_lost")
	if status := send(); status != 200 || e.uses() != 2 {
		t.Error(status, e.uses())
	}
	wantError(t, e.lastRefused(t), ErrReplayed, "replayed")
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

// A message that comes again while the first is in process is not answered with success, because
// the first can still fail.
func TestHandlerAnswersWhileTheFirstIsInProcess(t *testing.T) {
	e := newEndpoint(t, HandlerOptions{Replays: NewMemoryReplays(9)})
	header := freshHeader("r-1", callBody)
	send := func() int { return e.send(t, "POST", header, strings.NewReader(callBody)) }
	for _, fails := range []error{errors.New("the database is away"), nil} {
		e.useWith(func(*http.Request, *Verified, *CallCallback) error {
			for range 2 {
				response := e.exchange(t, "POST", header, strings.NewReader(callBody))
				after, err := strconv.Atoi(response.Header.Get("Retry-After"))
				if response.StatusCode != 503 || err != nil || after < 55 || after > 60 {
					t.Error(response.Status, after, err)
				}
				wantError(t, e.lastRefused(t), ErrInProcess, "in_process")
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
	e := newEndpoint(t, HandlerOptions{Replays: NewMemoryReplays(9), AnswerReplayed: func(w http.ResponseWriter, r *http.Request) {
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

	// Nor one that is being processed.
	header = freshHeader("r-3", callBody)
	e.useWith(func(*http.Request, *Verified, *CallCallback) error {
		if status, content := send(header, callBody); status != 503 || content != "" {
			t.Error(status, content)
		}
		return nil
	})
	if status, _ := send(header, callBody); status != 200 {
		t.Error(status)
	}
	e.Close()
	if len(e.logged) > 0 { // the server logs when a status is written twice
		t.Error(e.logged)
	}
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
				if status := e.send(t, "POST", header, strings.NewReader(callBody)); status != 200 && status != 503 {
					t.Error(status)
				}
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
