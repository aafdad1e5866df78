package callbot

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
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
	// Replays refuses a message that was received before. If it is nil, anyone who saw a message
	// can have it accepted again while it is fresh.
	//
	// An id is the account's UUID, the request id and the kind of callback, separated by spaces. It
	// contains the kind because the signature covers no URL: a message replayed to the URL of
	// another kind passes there too, and must not suppress the genuine one. Give each kind a URL
	// that cannot be guessed. A message is remembered for 60 seconds longer than it is fresh, since
	// clocks differ. If the program ends between Remember and the end of the use function, that
	// callback is lost.
	Replays Replays
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
	// AnswerReplayed writes the answer to a message that Replays refused as received before.
	// OnRefused is called too. The default is 200 with the body "success", since the provider may
	// send a message again because our answer was lost, and go on until it gets a success. While
	// this handler has another copy of the message in process, which may still fail, the default is
	// 409 without a body.
	//
	// The risk: with several servers, the first message may be in process in another one. If it
	// fails after the second was answered with success, the provider may not send a third, and the
	// callback is lost. An AnswerReplayed that always answers with success has this risk with one
	// server too. Only the store can tell the two cases apart: let use mark the message there as
	// processed, by the id that Replays describes, and let Remember return an error for an id that
	// is remembered but not marked. The handler answers that error with 500.
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
//	200  use returned nil, or the message was received before; see AnswerReplayed
//	400  the body could not be read to its end
//	401  the message could not be verified, for any reason
//	405  the method is not POST
//	409  the message was received before, and may be in process; see AnswerReplayed
//	413  the body is too large
//	422  the message is verified, but is not a callback of this kind
//	500  use or Replays returned an error, something has read the body before the handler, or the
//	     verifier was closed
//
// HTTP requires the header WWW-Authenticate with 401. Its value is always "Signature", which names
// no product.
//
// When the provider sends a callback again is unknown. If use returns an error or panics, the
// handler forgets the message, so that it is accepted the next time; otherwise it is refused. A
// callback may also come again with another request id, so use should be idempotent.
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
	lock      sync.Mutex
	inProcess map[string]*copies // by the id that Replays stores
}

// copies are the copies of one message that a handler has in process at the same time.
type copies struct {
	count   int
	several bool // there was more than one since the first began
}

func newHandler[T any](verifier *Verifier, kind string, read func(*Verified) (*T, error),
	use func(*http.Request, *Verified, *T) error, options *HandlerOptions) http.Handler {
	if use == nil {
		panic("callbot: use must not be nil")
	}
	h := &handler[T]{verifier: verifier, kind: kind, read: read, use: use, inProcess: map[string]*copies{}}
	if options != nil {
		h.HandlerOptions = *options
	}
	if h.MaxBody <= 0 {
		h.MaxBody = DefaultMaxBody
	}
	return h
}

// ServeHTTP implements [http.Handler].
func (h *handler[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	message, status, err := h.receive(w, r)
	if err != nil && h.OnRefused != nil {
		h.OnRefused(r, message, err)
	}
	replayed := status == http.StatusConflict || status == http.StatusOK && err != nil
	switch {
	case status == http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	case status == http.StatusUnauthorized:
		// HTTP requires a scheme. This one does not reveal what runs here.
		w.Header().Set("WWW-Authenticate", "Signature")
	case replayed && h.AnswerReplayed != nil:
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
	status, err := h.handOver(r, message, callback)
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

// handOver passes a callback to the use function, unless it was received before.
func (h *handler[T]) handOver(r *http.Request, verified *Verified, callback *T) (int, error) {
	if h.Replays == nil {
		return outcome(h.use(r, verified, callback))
	}
	id := verified.UUID() + " " + verified.RequestID() + " " + h.kind
	all := h.enter(id)
	defer h.leave(id)
	ctx, cancel := storeContext(r)
	defer cancel()
	first, err := h.Replays.Remember(ctx, id, verified.ReplayExpiresAt().Add(replayMargin))
	if err != nil {
		return http.StatusInternalServerError, err
	}
	if !first {
		status := http.StatusOK
		if h.several(all) {
			status = http.StatusConflict
		}
		return status, &Error{Status: ErrReplayed, Code: "replayed", Message: "the message was received before"}
	}
	return outcome(h.useOrForget(r, id, verified, callback))
}

// enter counts a copy of a message before Remember is called for it. Otherwise a copy that Remember
// refuses could miss the first one.
func (h *handler[T]) enter(id string) *copies {
	h.lock.Lock()
	defer h.lock.Unlock()
	all := h.inProcess[id]
	if all == nil {
		all = &copies{}
		h.inProcess[id] = all
	}
	all.count++
	all.several = all.several || all.count > 1
	return all
}

// several reports whether another copy was in process at any time since this one entered. It may
// have failed after Remember refused this one.
func (h *handler[T]) several(all *copies) bool {
	h.lock.Lock()
	defer h.lock.Unlock()
	return all.several
}

func (h *handler[T]) leave(id string) {
	h.lock.Lock()
	defer h.lock.Unlock()
	all := h.inProcess[id]
	if all.count--; all.count == 0 {
		delete(h.inProcess, id)
	}
}

// replayMargin is how much longer a message is remembered than it is fresh. The store reads the
// time later than the verifier does, and perhaps from another clock.
const replayMargin = 60 * time.Second

// storeContext is not cancelled when the sender disconnects. Otherwise a store that has committed
// would report a failure, and the callback would be lost. It has a timeout of its own.
func storeContext(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), 10*time.Second)
}

// useOrForget calls the use function and forgets the message if that fails or panics.
func (h *handler[T]) useOrForget(r *http.Request, id string, verified *Verified, callback *T) (err error) {
	used := false
	defer func() {
		if used {
			return
		}
		ctx, cancel := storeContext(r)
		defer cancel()
		if forgetErr := h.Replays.Forget(ctx, id); forgetErr != nil {
			err = errors.Join(err, forgetErr)
		}
	}()
	err = h.use(r, verified, callback)
	used = err == nil
	return err
}

func outcome(err error) (int, error) {
	if err != nil {
		return http.StatusInternalServerError, err
	}
	return http.StatusOK, nil
}
