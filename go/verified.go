package callbot

import (
	"fmt"
	"log/slog"
	"time"
)

// Verified is a message that was verified to come from the provider. Only a [Verifier] returns one,
// and content can only be read from one.
//
// It is an ordinary, immutable Go value that needs no Close and stays valid after the verifier is
// closed. Several goroutines may use it at once. Printing it shows no personal data.
type Verified struct {
	data veiled[verifiedData]
}

// verifiedMessage is the memory of a Verified, in one allocation.
type verifiedMessage struct {
	Verified
	pointer *verifiedData
	data    verifiedData
}

func newVerified(data *verifiedData) *Verified {
	message := &verifiedMessage{data: *data}
	message.pointer = &message.data
	message.Verified.data = veiled[verifiedData]{&message.pointer}
	return &message.Verified
}

type verifiedData struct {
	isMade bool // by a Verifier
	// A string, because it cannot be changed.
	body string
	// Whether it was verified as a response, and the endpoint that was asked.
	isResponse bool
	endpoint   string
	// Of a response only. The garbage collector frees it.
	handle          *handle[cVerified]
	requestID       string
	uuid            string
	createTs        int64
	replayExpiresAt int64
	signerIndex     int
}

// get returns the data. It is empty if this package did not create the message.
func (v *Verified) get() *verifiedData {
	if v == nil {
		return new(verifiedData)
	}
	return v.data.get()
}

// Body returns a copy of the raw bytes that were verified.
func (v *Verified) Body() []byte { return []byte(v.get().body) }

// RequestID returns the message's id. Remember it against replays, together with the account's UUID
// and the kind of callback.
func (v *Verified) RequestID() string { return v.get().requestID }

// UUID returns the account that the message is for.
func (v *Verified) UUID() string { return v.get().uuid }

// CreateTs returns when the message was created.
func (v *Verified) CreateTs() time.Time { return time.Unix(v.get().createTs, 0) }

// ReplayExpiresAt returns until when UUID, RequestID and the kind of callback must be remembered.
// From then on the message is too old to be accepted. A store that drops them by its own clock
// should keep them for a minute longer, as the handlers do, because clocks differ.
func (v *Verified) ReplayExpiresAt() time.Time {
	// The library returns the last second in which the message is accepted.
	return time.Unix(v.get().replayExpiresAt, 0).Add(time.Second)
}

// SignerIndex returns the index of the signer of [NewVerifier] that matched, counted from 0.
func (v *Verified) SignerIndex() int { return v.get().signerIndex }

// Format implements [fmt.Formatter]. It prints no personal data, for any verb.
func (v Verified) Format(state fmt.State, _ rune) {
	data := v.get()
	fmt.Fprintf(state, "callbot.Verified{requestID %q, createTs %d, signer %d, %d bytes}",
		data.requestID, data.createTs, data.signerIndex, len(data.body))
}

// LogValue implements [slog.LogValuer]. It logs what Format prints.
func (v Verified) LogValue() slog.Value { return logValue(v) }

// Result returns how the request of a response went. Every endpoint's response has one. It fails
// like [Read] of an [Envelope]; the result is then none, with the code -1.
func (v *Verified) Result() (Result, error) {
	result, err := v.result()
	if err != nil {
		// The zero value would be a success.
		result = Result{Code: -1, Retry: RetryUnknown}
	}
	return result, err
}

func (v *Verified) result() (Result, error) {
	data := v.get()
	if !data.isMade || !data.isResponse {
		return Result{}, v.read(Envelope{}.content(), nil, nil)
	}
	if err := data.handle.read(); err != nil {
		return Result{}, err
	}
	defer data.handle.lock.RUnlock()
	return cResult(data.handle.object)
}
