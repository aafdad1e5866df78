package callbot

import (
	"net/http"
	"time"
)

// Verifier proves that responses and callbacks came from the provider, are whole, and are fresh. It may be used by several
// goroutines at once.
//
// It checks, in this order, that the headers are there and well formed; that the algorithm, where its header is there, is
// the account's; that the account is ours; the signature; that the body is text; and the time. The first check that fails
// is the error: ErrHeaders, ErrOtherAlgorithm, ErrUnknownUUID, ErrSignatureMismatch, ErrBodyNotUTF8, ErrTooOld or ErrTooNew. It is
// for your own log: answer whoever sent the message with nothing but a refusal.
//
// A message is taken as fresh for 300 seconds after it was made, and for 60 seconds before, where its time lies ahead
// of ours. Inside of that window whoever saw it can send it again: keep [Verified.UUID], [Verified.RequestID] and the
// kind of callback until a minute after [Verified.ReplayExpiresAt], and refuse all three together the second time. The
// handlers do so where [HandlerOptions] have Replays.
type Verifier struct {
	handle *handle[cVerifier]
	uuids  []string // the signers', in their order
}

// NewVerifier makes a verifier for the account of a signer, and those of more: the one with the new secret key, while keys
// are being changed, or another account's. [Verified.SignerIndex] tells which matched. The signers are copied, and may be
// closed.
//
// It fails with ErrClosed.
func NewVerifier(signer *Signer, more ...*Signer) (*Verifier, error) {
	unlock, err := signer.lock()
	if err != nil {
		return nil, err
	}
	handle, err := cNewVerifier(signer.handle.object)
	unlock()
	if err != nil {
		return nil, err
	}
	verifier := &Verifier{handle: handle, uuids: []string{signer.uuid}}
	for _, signer := range more {
		if err := verifier.add(signer); err != nil {
			verifier.Close()
			return nil, err
		}
	}
	return verifier, nil
}

func (v *Verifier) add(signer *Signer) error {
	unlock, err := signer.lock()
	if err != nil {
		return err
	}
	defer unlock()
	if err := v.handle.write(); err != nil {
		return err
	}
	defer v.handle.lock.Unlock()
	v.uuids = append(v.uuids, signer.uuid)
	return cAddSigner(v.handle.object, signer.handle.object)
}

// SetTolerance sets how old a message may be, and how far its time may lie ahead of ours, both in whole seconds.
//
// It fails with ErrTolerance when one is negative or not whole seconds, and with ErrClosed.
func (v *Verifier) SetTolerance(maxAge, maxSkew time.Duration) error {
	age, err := wholeSeconds("maxAge", maxAge)
	if err != nil {
		return err
	}
	lead, err := wholeSeconds("maxSkew", maxSkew)
	if err != nil {
		return err
	}
	if v == nil || v.handle == nil {
		return closed("verifier")
	}
	if err := v.handle.write(); err != nil {
		return err
	}
	defer v.handle.lock.Unlock()
	return cSetTolerance(v.handle.object, age, lead)
}

func wholeSeconds(name string, tolerance time.Duration) (uint64, error) {
	if tolerance < 0 {
		return 0, &Error{Status: ErrTolerance, Code: "tolerance_negative", Message: name + ": it is negative"}
	}
	if tolerance%time.Second != 0 {
		return 0, &Error{Status: ErrTolerance, Code: "tolerance_fraction", Message: name + ": it is not whole seconds"}
	}
	return uint64(tolerance / time.Second), nil
}

// VerifyCallback proves that a callback came from the provider and is fresh.
//
// header is all that was received, its names in any case; a header that comes twice is refused. body is the raw bytes as
// they were received: a body that was parsed and written anew has other bytes. The zero time means now. Neither is kept.
//
// It fails as [Verifier] says, with ErrCreateTs for a time that is none, and with ErrClosed.
func (v *Verifier) VerifyCallback(header http.Header, body []byte, now time.Time) (*Verified, error) {
	return v.verify(nil, header, body, now)
}

// VerifyResponse proves that a response came from the provider, is fresh, and answers this request. Where a request was
// signed again, give the one that was sent.
//
// Whether the provider signs its errors too is not published. An answer without signature headers, as a proxy's error
// page is too, ends in ErrHeaders with the code header_missing. It proves nothing, and does not tell whether the orders
// were taken.
//
// The parameters and errors are those of VerifyCallback. When all of that passed, it fails with ErrOtherRequest when
// the request id, the uuid or the algorithm are not those of the request: the message tells which. The request id
// differs also where a callback is verified as a response.
func (v *Verifier) VerifyResponse(request *Request, header http.Header, body []byte, now time.Time) (*Verified, error) {
	if request == nil || request.get().method == "" {
		return nil, notMade("request", "Batch.Build")
	}
	return v.verify(request, header, body, now)
}

func (v *Verifier) verify(request *Request, header http.Header, body []byte, now time.Time) (*Verified, error) {
	seconds, err := freshTime("now", now)
	if err != nil {
		return nil, err
	}
	if v == nil || v.handle == nil {
		return nil, closed("verifier")
	}
	if err := v.handle.read(); err != nil {
		return nil, err
	}
	defer v.handle.lock.RUnlock()
	verified, err := cVerify(v.handle.object, request, header, view(body), seconds)
	if err != nil {
		return nil, err
	}
	verified.uuid = v.uuids[verified.signerIndex]
	return &Verified{veil(verified)}, nil
}

// Close wipes the secret keys in the verifier and frees it. What it verified lives on. It may be called more than once.
func (v *Verifier) Close() {
	if v != nil && v.handle != nil {
		v.handle.close()
	}
}
