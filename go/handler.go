package callbot

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// HandlerOptions configure a callback handler. The zero value is valid, but does not prevent
// replays.
type HandlerOptions struct {
	// MaxBody is the maximum number of bytes of a body. 0 or less means [DefaultMaxBody]. Anyone
	// who finds the URL can make the server allocate up to four times MaxBody, plus some kB, for
	// each connection: a body of more than 64 KiB, or of unknown length, is read into a buffer that
	// doubles as it grows, and the old buffers wait for the garbage collector. What is read of a
	// verified body takes at most about eight times as much.
	MaxBody int64
	// Replays refuses a message that was processed before or is being processed. If it is nil,
	// anyone who saw a message can have it accepted again while it is fresh.
	//
	// A key is the account's UUID, the kind of callback and the request id, separated by spaces, or
	// what Key returns. It contains the kind because the signature covers no URL: a message replayed
	// to the URL of another kind passes there too, and must not suppress the genuine one. Give each
	// kind a URL that cannot be guessed.
	Replays Replays
	// Key returns what tells a callback from all others of its account and kind in Replays, such as
	// its order id and call id: a callback that is sent again may carry a new request id. callback
	// is what use gets: a [*CallCallback], an [*OrderCallback] or a [*TaskCallback]. An empty string
	// stands for the request id, as nil does. One order may have several calls, and a task several
	// callbacks: what two genuine callbacks have in common is not enough, since the second one would
	// not be processed.
	Key func(message *Verified, callback any) string
	// Lease is how long a callback may be processed; 0 or less means a minute. It must be longer
	// than use ever takes: afterwards the callback can be processed a second time. If the program
	// ends while it processes a callback, that callback is accepted again when the lease has run
	// out.
	Lease time.Duration
	// Keep is the least time for which a processed callback is remembered. 0 or less means two hours
	// if Key is set, since one of the vendor's sister APIs sends a callback again for an hour, and
	// nothing otherwise. A callback is always remembered for 60 seconds longer than it is fresh,
	// since clocks differ. [NewMemoryReplays] tells what follows for the capacity.
	Keep time.Duration
	// ReplaysTimeout is the time limit of each call of Replays; 0 or less means 10 seconds.
	ReplaysTimeout time.Duration
	// OnRefused is called for each request that was not processed, with the reason, for your own
	// log. The error is an [*Error] of this package, or comes from the use function, from Replays,
	// or from reading the body. message is nil unless it was verified; then it is proven, even if
	// its content cannot be read, and [Verified.Body] returns it as it came.
	OnRefused func(r *http.Request, message *Verified, err error)
	// Answer writes the answer to a processed callback. The default is 200 with the body "success".
	// Which answer the provider expects is not published. Of the vendor's sister APIs, one expects
	// 200, one sends a callback again every minute for an hour until it gets 200, and one expects
	// the body "success". The default satisfies all three.
	Answer http.HandlerFunc
	// AnswerReplayed writes the answer to a message that was processed before. OnRefused is called
	// too. The default is 200 with the body "success", since the provider may send a message again
	// because our answer was lost, and go on until it gets a success.
	AnswerReplayed http.HandlerFunc
}

// CallCallbackHandler returns the handler of CallCallbackURL. It reads the body, verifies it, and
// passes the typed callback to use, which may run in several goroutines at once. The body of r is
// consumed by then. options may be nil.
//
// use also gets the message that the callback was read from. [Verified.UUID] and
// [Verified.SignerIndex] identify the account and its key if the verifier has several, and
// [Verified.Body] returns the raw bytes. Message and callback are ordinary values, and stay valid
// after use has returned.
//
// The answer of 200 has the body "success", and the others have none, unless options say otherwise:
//
//	200  use returned nil, or the message was processed before; see AnswerReplayed
//	400  the body could not be read to its end
//	401  the message could not be verified, for any reason
//	405  the method is not POST
//	413  the body is too large
//	422  the message is verified, but is not a callback of this kind
//	500  use or Replays returned an error, something has read the body before the handler, or the
//	     verifier was closed
//	503  the message is being processed, or use took longer than Lease; with Retry-After
//
// HTTP requires the header WWW-Authenticate with 401. Its value is always "Signature", which names
// no product.
//
// When the provider sends a callback again is unknown. If use returns an error or panics, the
// handler releases the message, so that it is accepted the next time; otherwise it is done. With
// Replays, use returns nil once for each key, except that it may run again after a crash, after a
// Lease that was too short, and if Replays failed when use had returned: use should be idempotent.
//
// CallCallbackHandler panics if use is nil. A slow sender holds a connection; set a ReadTimeout in
// the [http.Server].
func (v *Verifier) CallCallbackHandler(use func(r *http.Request, message *Verified, callback *CallCallback) error,
	options *HandlerOptions) http.Handler {
	return newHandler(v, "call", (*Verified).CallCallback, use, options)
}

// OrderCallbackHandler returns the handler of OrderCallbackURL. Otherwise like CallCallbackHandler.
func (v *Verifier) OrderCallbackHandler(use func(r *http.Request, message *Verified, callback *OrderCallback) error,
	options *HandlerOptions) http.Handler {
	return newHandler(v, "order", (*Verified).OrderCallback, use, options)
}

// TaskCallbackHandler returns the handler of taskCallbackUrl. Otherwise like CallCallbackHandler.
func (v *Verifier) TaskCallbackHandler(use func(r *http.Request, message *Verified, callback *TaskCallback) error,
	options *HandlerOptions) http.Handler {
	return newHandler(v, "task", (*Verified).TaskCallback, use, options)
}

// handler receives callbacks of one kind.
type handler[T any] struct {
	verifier *Verifier
	kind     string
	read     func(*Verified) (*T, error)
	use      func(*http.Request, *Verified, *T) error
	HandlerOptions
}

func newHandler[T any](verifier *Verifier, kind string, read func(*Verified) (*T, error),
	use func(*http.Request, *Verified, *T) error, options *HandlerOptions) http.Handler {
	if use == nil {
		panic("callbot: use must not be nil")
	}
	h := &handler[T]{verifier: verifier, kind: kind, read: read, use: use}
	if options != nil {
		h.HandlerOptions = *options
	}
	if h.MaxBody <= 0 {
		h.MaxBody = DefaultMaxBody
	}
	if h.Lease <= 0 {
		h.Lease = time.Minute
	}
	if h.Keep <= 0 && h.Key != nil {
		h.Keep = 2 * time.Hour
	}
	if h.ReplaysTimeout <= 0 {
		h.ReplaysTimeout = 10 * time.Second
	}
	return h
}

// ServeHTTP implements [http.Handler].
func (h *handler[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	message, status, err := h.receive(w, r)
	if err != nil && h.OnRefused != nil {
		h.OnRefused(r, message, err)
	}
	switch {
	case status == http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	case status == http.StatusUnauthorized:
		// HTTP requires a scheme. This one does not reveal what runs here.
		w.Header().Set("WWW-Authenticate", "Signature")
	case status == http.StatusOK && err != nil && h.AnswerReplayed != nil:
		h.AnswerReplayed(w, r)
		return
	case err == nil && h.Answer != nil:
		h.Answer(w, r)
		return
	case status == http.StatusOK:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "success")
		return
	}
	w.WriteHeader(status)
}

// receive returns the message if it was verified, the status to answer with, and an error unless
// the callback was processed now.
func (h *handler[T]) receive(w http.ResponseWriter, r *http.Request) (*Verified, int, error) {
	if r.Method != http.MethodPost {
		return nil, http.StatusMethodNotAllowed, &Error{Status: ErrMethod, Code: "method", Message: "the method must be POST"}
	}
	// The headers are checked after the body is read. Otherwise an early answer would tell a sender
	// who holds back the body whether an account or an algorithm is ours. A sender who knows them
	// gains nothing from an early check.
	body, err := h.readBody(w, r)
	if err != nil {
		switch {
		case errors.Is(err, ErrTooLarge):
			return nil, http.StatusRequestEntityTooLarge, err
		case errors.Is(err, ErrBodyRead):
			return nil, http.StatusInternalServerError, err
		}
		return nil, http.StatusBadRequest, err
	}
	message, err := h.verifier.verify(nil, r.Header, body, nil)
	if err != nil {
		if errors.Is(err, ErrClosed) || errors.Is(err, ErrClock) || errors.Is(err, ErrPanic) {
			return nil, http.StatusInternalServerError, err
		}
		return nil, http.StatusUnauthorized, err
	}
	callback, err := h.read(message)
	if err != nil {
		return message, http.StatusUnprocessableEntity, err
	}
	status, err := h.handOver(w, r, message, callback)
	return message, status, err
}

func callbackTooLarge() error {
	return &Error{Status: ErrTooLarge, Code: "callback_too_large", Message: "the body is larger than MaxBody"}
}

// readBody reads the raw body. It fails with ErrTooLarge if the body is larger than MaxBody, and
// with ErrBodyRead if something has read it before.
func (h *handler[T]) readBody(w http.ResponseWriter, r *http.Request) (string, error) {
	if r.ContentLength > h.MaxBody {
		return "", callbackTooLarge()
	}
	if r.Body == nil {
		return "", nil
	}
	// MaxBytesReader also closes the connection of a sender who goes on.
	body, err := readAll(http.MaxBytesReader(w, r.Body, h.MaxBody), r.ContentLength)
	var limit *http.MaxBytesError
	if errors.As(err, &limit) {
		return "", callbackTooLarge()
	}
	return body, err
}

// handOver passes a callback to the use function, unless it was processed before or is being
// processed.
func (h *handler[T]) handOver(w http.ResponseWriter, r *http.Request, verified *Verified, callback *T) (int, error) {
	if h.Replays == nil {
		return outcome(h.use(r, verified, callback))
	}
	key, token := h.key(verified, callback), rand.Text()
	ctx, cancel := h.storeContext(r)
	defer cancel()
	claim, err := h.Replays.Begin(ctx, key, token, h.Lease)
	if err != nil {
		// The claim may have begun, and only the answer been lost.
		return http.StatusInternalServerError, h.release(r, key, token, err)
	}
	switch claim.State {
	case ClaimBegun:
		return h.useClaimed(w, r, key, token, verified, callback)
	case ClaimDone:
		return http.StatusOK, &Error{Status: ErrReplayed, Code: "replayed", Message: "the message was received before"}
	}
	retryAfter(w, claim.Left)
	message := "the message is being processed; it will be accepted again if that fails"
	return http.StatusServiceUnavailable, &Error{Status: ErrInProcess, Code: "in_process", Message: message}
}

// key returns the key of a callback in the store. A request id contains no space.
func (h *handler[T]) key(verified *Verified, callback *T) string {
	prefix := verified.UUID() + " " + h.kind + " "
	if h.Key != nil {
		if key := h.Key(verified, callback); key != "" {
			return prefix + "key " + key
		}
	}
	return prefix + verified.RequestID()
}

// replayMargin is how much longer a message is remembered than it is fresh. The store reads the
// time later than the verifier does, and perhaps from another clock.
const replayMargin = 60 * time.Second

// useClaimed calls the use function and completes the claim, or releases it if that fails or
// panics.
func (h *handler[T]) useClaimed(w http.ResponseWriter, r *http.Request, key, token string, verified *Verified, callback *T) (status int, err error) {
	returned := false
	defer func() {
		if !returned {
			_ = h.release(r, key, token, nil) // the panic says more than its error
		}
	}()
	err = h.use(r, verified, callback)
	returned = true
	if err != nil {
		return http.StatusInternalServerError, h.release(r, key, token, err)
	}
	keep := max(time.Until(verified.ReplayExpiresAt())+replayMargin, replayMargin, h.Keep)
	ctx, cancel := h.storeContext(r)
	defer cancel()
	held, err := h.Replays.Done(ctx, key, token, keep)
	if err != nil {
		return http.StatusInternalServerError, err
	}
	if !held {
		// Whoever has claimed the message since then decides about it.
		retryAfter(w, 0)
		message := "use took longer than Lease, so the message may be processed again; increase Lease"
		return http.StatusServiceUnavailable, &Error{Status: ErrClaimLost, Code: "claim_lost", Message: message}
	}
	return http.StatusOK, nil
}

// release ends a claim after an error, and returns that error with the store's. A claim that is
// lost already needs no release.
func (h *handler[T]) release(r *http.Request, key, token string, err error) error {
	ctx, cancel := h.storeContext(r)
	defer cancel()
	if _, releaseErr := h.Replays.Release(ctx, key, token); releaseErr != nil {
		return errors.Join(err, releaseErr)
	}
	return err
}

// storeContext is not cancelled when the sender disconnects. Otherwise a store that has committed
// would report a failure. It has a time limit of its own, except for the store in memory, which
// never waits.
func (h *handler[T]) storeContext(r *http.Request) (context.Context, context.CancelFunc) {
	if _, inMemory := h.Replays.(*MemoryReplays); inMemory {
		return context.WithoutCancel(r.Context()), func() {}
	}
	return context.WithTimeout(context.WithoutCancel(r.Context()), h.ReplaysTimeout)
}

// retryAfter tells the sender when to send again, in whole seconds.
func retryAfter(w http.ResponseWriter, left time.Duration) {
	seconds := max((left+time.Second-1)/time.Second, 1)
	w.Header().Set("Retry-After", strconv.FormatInt(int64(seconds), 10))
}

func outcome(err error) (int, error) {
	if err != nil {
		return http.StatusInternalServerError, err
	}
	return http.StatusOK, nil
}
