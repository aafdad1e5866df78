package callbot

import (
	"net/http"
	"time"
)

// Verifier verifies that responses and callbacks come from the provider, are complete, and are
// fresh. Several goroutines may use it at once.
//
// It checks, in this order: the headers exist and are well formed; the algorithm, if its header
// exists, is the account's; the account is ours; the signature; the body is UTF-8; the time. The
// first check that fails determines the error: ErrHeaders, ErrOtherAlgorithm, ErrUnknownUUID,
// ErrSignatureMismatch, ErrBodyNotUTF8, ErrTooOld or ErrTooNew. The error is for your own log.
// Answer the sender with a refusal and no reason.
//
// A message is fresh from 60 seconds before the time it was created, since clocks differ, until 300
// seconds after it. In that window anyone who saw the message can send it again. Remember
// [Verified.UUID], [Verified.RequestID] and the kind of callback until a minute after
// [Verified.ReplayExpiresAt], and refuse the same three a second time. The handlers do so if
// [HandlerOptions] has Replays.
type Verifier struct {
	handle *handle[cVerifier]
	uuids  []string // of the signers, in their order
}

// NewVerifier returns a verifier for the accounts of one or more signers: several accounts, or the
// old and the new secret key of one account during a key change. [Verified.SignerIndex] returns
// which one matched. The signers are copied and may be closed.
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

// SetTolerance sets how old a message may be and how far its time may be in the future, both in
// whole seconds.
//
// It fails with ErrTolerance if one is negative or has fractions of a second, and with ErrClosed.
func (v *Verifier) SetTolerance(maxAge, maxSkew time.Duration) error {
	age, err := wholeSeconds("maxAge", maxAge)
	if err != nil {
		return err
	}
	skew, err := wholeSeconds("maxSkew", maxSkew)
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
	return cSetTolerance(v.handle.object, age, skew)
}

func wholeSeconds(name string, tolerance time.Duration) (uint64, error) {
	if tolerance < 0 {
		return 0, &Error{Status: ErrTolerance, Code: "tolerance_negative", Message: name + " must not be negative"}
	}
	if tolerance%time.Second != 0 {
		return 0, &Error{Status: ErrTolerance, Code: "tolerance_fraction", Message: name + " must be whole seconds"}
	}
	return uint64(tolerance / time.Second), nil
}

// VerifyCallback verifies that a callback comes from the provider and is fresh.
//
// header is the complete received header, with names in any case; a duplicate of a header that the
// API uses is refused. body is the raw bytes as received: a body that was parsed and serialised
// again has other bytes. Neither is kept. The option [At] sets the time in place of now.
//
// It fails as described at [Verifier], with ErrCreateTs for an invalid time, and with ErrClosed.
func (v *Verifier) VerifyCallback(header http.Header, body []byte, options ...TimeOption) (*Verified, error) {
	return v.verify(nil, header, string(body), options)
}

// VerifyResponse verifies that a response comes from the provider, is fresh, and answers the
// request that was sent. sent is from [Request.Sent], or was stored. If a request was signed again,
// pass that of the one that was sent.
//
// Whether the provider signs its errors too is not published. An answer without signature headers,
// such as a proxy's error page, fails with ErrHeaders and the code header_missing. It proves
// nothing, and does not tell whether the orders were accepted.
//
// Parameters and errors are those of VerifyCallback. After these checks, VerifyResponse fails with
// ErrOtherRequest if the request id, the uuid or the algorithm differs from the request's; the
// message says which. The request id also differs if a callback is verified as a response. An
// invalid value of sent can also fail with ErrNotUTF8 or ErrUnknownConstant.
func (v *Verifier) VerifyResponse(sent Sent, header http.Header, body []byte, options ...TimeOption) (*Verified, error) {
	return v.verify(&sent, header, string(body), options)
}

// verify verifies a message. It keeps body.
func (v *Verifier) verify(sent *Sent, header http.Header, body string, options []TimeOption) (*Verified, error) {
	seconds, err := secondsOf("now", options)
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
	verified, err := cVerify(v.handle.object, sent, header, body, seconds)
	if err != nil {
		return nil, err
	}
	verified.uuid = v.uuids[verified.signerIndex]
	return newVerified(&verified), nil
}

// Close wipes the verifier's secret keys and frees it. Messages that it verified stay valid. It may
// be called more than once.
func (v *Verifier) Close() {
	if v != nil && v.handle != nil {
		v.handle.close()
	}
}
