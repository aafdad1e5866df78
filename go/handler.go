package callbot

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"time"
)

// DefaultMaxBody is how many bytes a callback's body may have, unless [HandlerOptions] say otherwise. The provider
// publishes no figure; a callback of its pages has about one thousand.
const DefaultMaxBody = 1 << 20

// HandlerOptions are what a handler of callbacks may be told. The zero value is fine, but has no protection against replays.
type HandlerOptions struct {
	// MaxBody is how many bytes a body may have. 0, or less, means [DefaultMaxBody]. Whoever finds the URL can make the
	// server take up to four times that, and some kB, for each connection: a body of more than 64 KiB, or of a length that
	// was not announced, is read into memory that is doubled as it comes, and what was outgrown waits for the garbage
	// collector. A body that is proven is copied some times more.
	MaxBody int64
	// Replays refuses a message that was received before. Where it is nil, whoever saw a message can have it handed over
	// again while it is fresh. Its ids are an account's UUID, a request id and the
	// kind of callback, with blanks between them: the signature covers no URL, so that a message that was seen passes at the
	// URL of another kind too, and must not suppress the genuine one. Give each kind a URL that nobody can guess. A message
	// is remembered for 60 seconds longer than it is fresh, since clocks differ. A program that ends between Remember and
	// the end of the user's function has lost that callback.
	Replays Replays
	// OnRefused is told each request that was not worked off, and why, for your own log. The error is an
	// [*Error] of this package, what the user's function or Replays returned, or what reading the body did.
	OnRefused func(*http.Request, error)
	// Answer writes the answer to a callback that was worked off. Where it is nil, that is 200 without a body: which
	// answer the provider expects is not published.
	Answer http.HandlerFunc
	// AnswerReplayed writes the answer to a message that Replays refused because it was received before; OnRefused is told
	// of it all the same. Where it is nil, that is 409 without a body. The provider may send a message again because our
	// answer was lost, take 409 as a failure, and go on: an answer with success, such as Answer's, ends that.
	//
	// Its risk: the first may still be being worked off. Where that fails after the second was answered with success, the
	// provider has no reason to send a third, and the callback is lost. Only the store can tell the two apart: let use
	// mark the message there as worked off, by the id that Replays describes, and Remember return an error for one that is
	// kept but not marked, which is answered with 500.
	AnswerReplayed http.HandlerFunc
}

// CallCallbackHandler makes the handler of CallCallbackURL. It reads the body, verifies it, and hands the typed callback to
// use, which may run in several goroutines at once. The request's body is spent by then. options may be nil.
//
// use also gets the message that the callback was read from: [Verified.UUID] and [Verified.SignerIndex] tell the account
// and its key where the verifier has several, and [Verified.Body] has the raw bytes. All that may be kept and asked for
// after use has returned, but content can no longer be read from the message: that fails with ErrClosed, since its memory
// outside of Go's heap is freed by then. The callback itself is an ordinary value.
//
// The answers, all of them without a body unless options say otherwise:
//
//	200  use returned nil
//	400  the body could not be read to its end
//	401  the message is not proven to come from the provider, whatever the reason
//	405  the method is not POST
//	409  the message was received before, and was worked off or is being so; AnswerReplayed may answer otherwise
//	413  the body is too large
//	422  the message is proven, but is no such callback
//	500  use, or Replays, returned an error, or the verifier was closed
//
// With 401 HTTP demands the header WWW-Authenticate. Its value is always "Signature", which names no product.
//
// Nothing is known of when the provider sends a callback again. Where use returns an error or panics, the message is
// forgotten again, so that it is let in when it comes a second time, and else it is not. It may also come with another
// request id: use should bear to see one callback twice.
//
// CallCallbackHandler panics where use is nil. A sender who is slow holds a connection: give the [http.Server] a
// ReadTimeout.
func (v *Verifier) CallCallbackHandler(use func(r *http.Request, message *Verified, callback *CallCallback) error,
	options *HandlerOptions) http.Handler {
	return newHandler(v, "call", (*Verified).CallCallback, use, options)
}

// OrderCallbackHandler makes the handler of OrderCallbackURL. It is else as CallCallbackHandler.
func (v *Verifier) OrderCallbackHandler(use func(r *http.Request, message *Verified, callback *OrderCallback) error,
	options *HandlerOptions) http.Handler {
	return newHandler(v, "order", (*Verified).OrderCallback, use, options)
}

// TaskCallbackHandler makes the handler of taskCallbackUrl. It is else as CallCallbackHandler.
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
		panic("callbot: the function that uses the callback is nil")
	}
	h := &handler[T]{verifier: verifier, kind: kind, read: read, use: use}
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
	status, err := h.receive(w, r)
	if err != nil && h.OnRefused != nil {
		h.OnRefused(r, err)
	}
	switch {
	case status == http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	case status == http.StatusUnauthorized:
		// HTTP demands a scheme here. This one tells a stranger nothing of what runs here.
		w.Header().Set("WWW-Authenticate", "Signature")
	case status == http.StatusConflict && h.AnswerReplayed != nil:
		h.AnswerReplayed(w, r)
		return
	case err == nil && h.Answer != nil:
		h.Answer(w, r)
		return
	}
	w.WriteHeader(status)
}

// receive returns the status to answer with, and an error for all but success.
func (h *handler[T]) receive(w http.ResponseWriter, r *http.Request) (int, error) {
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed, &Error{Status: ErrMethod, Code: "method", Message: "the method is not POST"}
	}
	// The headers wait for the body. Were they looked at first, a sender who holds back the body would learn from an early
	// answer whether an account or an algorithm is ours, and one who knows them would be read all the same.
	body, err := h.readBody(w, r)
	if err != nil {
		if errors.Is(err, ErrTooLarge) {
			return http.StatusRequestEntityTooLarge, err
		}
		return http.StatusBadRequest, err
	}
	verified, err := h.verifier.VerifyCallback(r.Header, body, time.Time{})
	if err != nil {
		if errors.Is(err, ErrClosed) || errors.Is(err, ErrClock) || errors.Is(err, ErrPanic) {
			return http.StatusInternalServerError, err
		}
		return http.StatusUnauthorized, err
	}
	// Its memory outside of Go's heap is freed as soon as use is done, and not only by the garbage collector.
	defer verified.get().handle.close()
	callback, err := h.read(verified)
	if err != nil {
		if errors.Is(err, ErrContent) {
			return http.StatusUnprocessableEntity, err
		}
		return http.StatusInternalServerError, err
	}
	return h.handOver(r, verified, callback)
}

// mostRoomAhead is how many bytes are set aside for a body whose length was announced, before they come: much more than a
// callback has, and little for one that never comes.
const mostRoomAhead = 64 << 10

// readBody reads the raw body, unless it is too large.
func (h *handler[T]) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	tooLarge := &Error{Status: ErrTooLarge, Code: "callback_too_large", Message: "the body is larger than MaxBody"}
	if r.ContentLength > h.MaxBody {
		return nil, tooLarge
	}
	if r.Body == nil {
		return nil, nil
	}
	// It also closes the connection of a sender who goes on.
	limited := http.MaxBytesReader(w, r.Body, h.MaxBody)
	var body bytes.Buffer
	if r.ContentLength > 0 {
		body.Grow(int(min(r.ContentLength, mostRoomAhead)) + bytes.MinRead) // which it wants to find the end
	}
	_, err := body.ReadFrom(limited)
	var limit *http.MaxBytesError
	if errors.As(err, &limit) {
		return nil, tooLarge
	}
	return body.Bytes(), err
}

// handOver gives a callback to the user's function, unless it was received before.
func (h *handler[T]) handOver(r *http.Request, verified *Verified, callback *T) (int, error) {
	if h.Replays == nil {
		return outcome(h.use(r, verified, callback))
	}
	id := verified.UUID() + " " + verified.RequestID() + " " + h.kind
	ctx, cancel := storeContext(r)
	defer cancel()
	first, err := h.Replays.Remember(ctx, id, verified.ReplayExpiresAt().Add(replayMargin))
	if err != nil {
		return http.StatusInternalServerError, err
	}
	if !first {
		return http.StatusConflict, &Error{Status: ErrReplayed, Code: "replayed", Message: "the message was received before"}
	}
	return outcome(h.useOrForget(r, id, verified, callback))
}

// replayMargin is how much longer a message is remembered than it is fresh: the store reads the time later than the
// verifier does, and maybe from another clock.
const replayMargin = 60 * time.Second

// storeContext goes on when the sender hangs up: a store that has committed would else report a failure, and the callback
// be lost. It ends in time all the same.
func storeContext(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), 10*time.Second)
}

// useOrForget calls the user's function, and lets the message in again where that fails or panics.
func (h *handler[T]) useOrForget(r *http.Request, id string, verified *Verified, callback *T) (err error) {
	used := false
	defer func() {
		if used {
			return
		}
		ctx, cancel := storeContext(r)
		defer cancel()
		if notForgotten := h.Replays.Forget(ctx, id); notForgotten != nil {
			err = errors.Join(err, notForgotten)
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
