package callbot

import (
	"fmt"
	"log/slog"
	"time"
)

// Verified is a message that was proven to come from the provider. Nothing but a [Verifier] makes one, and only from it can
// content be read. There is nothing to close, and it lives on when the verifier is closed. It never changes, and may be
// used by several goroutines at once. Printing it shows no personal data. Content can be read from one that a handler handed
// over only until the function that got it returns; see [Verifier.CallCallbackHandler].
type Verified struct {
	data veiled[verifiedData]
}

type verifiedData struct {
	// What reads the content. The garbage collector frees it.
	handle *handle[cVerified]
	// The request that it answers; nil for a callback.
	request *Request
	// The body is a string since nobody can change that.
	body            string
	requestID       string
	uuid            string
	createTs        int64
	replayExpiresAt int64
	signerIndex     int
}

// get returns the data; empty where this package did not make the message.
func (v *Verified) get() *verifiedData {
	if v == nil {
		return new(verifiedData)
	}
	return v.data.get()
}

// Body returns a copy of the raw bytes that were verified.
func (v *Verified) Body() []byte { return []byte(v.get().body) }

// RequestID returns the message's id: with the account's UUID and the kind of callback, what to remember against
// replays.
func (v *Verified) RequestID() string { return v.get().requestID }

// UUID returns the account that the message is for.
func (v *Verified) UUID() string { return v.get().uuid }

// CreateTs returns when the message was made.
func (v *Verified) CreateTs() time.Time { return time.Unix(v.get().createTs, 0) }

// ReplayExpiresAt returns until when UUID, RequestID and the kind of callback have to be remembered. From that moment on
// the message is too old to be accepted. A store that drops them by its own clock may be ahead of the verifier's: let
// it keep them for a minute longer, as the handlers do.
func (v *Verified) ReplayExpiresAt() time.Time {
	// The library tells the last second in which the message is accepted.
	return time.Unix(v.get().replayExpiresAt, 0).Add(time.Second)
}

// SignerIndex returns which of the signers of [NewVerifier] matched, counted from 0.
func (v *Verified) SignerIndex() int { return v.get().signerIndex }

// lock locks what reads the content. On success the caller unlocks it for reading.
func (v *Verified) lock() (*handle[cVerified], error) {
	handle := v.get().handle
	if handle == nil {
		return nil, notMade("verified message", "a Verifier")
	}
	if handle.read() != nil {
		// Nothing else closes it.
		return nil, unusable("verified message: its content can be read only until the handler's function has returned")
	}
	return handle, nil
}

// read reads the content.
func (v *Verified) read(content int32) (fields, error) {
	handle, err := v.lock()
	if err != nil {
		return nil, err
	}
	defer handle.lock.RUnlock()
	json, err := cJSON(handle.object, content)
	if err != nil {
		return nil, err
	}
	return fieldsOf(json)
}

// Format implements [fmt.Formatter]: printing a message shows no personal data, whatever the verb.
func (v Verified) Format(state fmt.State, _ rune) {
	data := v.get()
	fmt.Fprintf(state, "callbot.Verified{requestID %q, createTs %d, signer %d, %d bytes}",
		data.requestID, data.createTs, data.signerIndex, len(data.body))
}

// LogValue implements [slog.LogValuer]. It logs what Format prints.
func (v Verified) LogValue() slog.Value { return logValue(v) }
