package callbot

import (
	"fmt"
	"time"
)

// Algorithm is the hash that an account signs with. The provider's console says under Developer which one it is.
type Algorithm int32

const (
	// MD5 is the API's default.
	MD5 Algorithm = 0
	// SHA256 is SHA-256.
	SHA256 Algorithm = 1
)

// String returns the name that the header "algorithm" carries.
func (a Algorithm) String() string {
	switch a {
	case MD5:
		return "MD5"
	case SHA256:
		return "SHA256"
	}
	return fmt.Sprintf("Algorithm(%d)", int32(a))
}

// Signer is the account that signs: its uuid, its secret key and its algorithm. It may be used by several goroutines at
// once.
type Signer struct {
	handle    *handle[cSigner]
	uuid      string
	algorithm Algorithm
}

// NewSigner makes a signer. The uuid and the secret key are those that the provider's console shows under Developer.
//
// It fails with ErrSecretKey when the key is empty or has a blank or line feed at an end, as one that was read from a file
// may have, with ErrUUID, ErrNotUTF8, and ErrUnknownConstant.
//
// The signer's own copy of the secret key is wiped from memory by Close; the string that was given is Go's and stays.
func NewSigner(uuid, secretKey string, algorithm Algorithm) (*Signer, error) {
	handle, err := cNewSigner(uuid, secretKey, algorithm)
	if err != nil {
		return nil, err
	}
	return &Signer{handle: handle, uuid: uuid, algorithm: algorithm}, nil
}

// lock keeps the signer from being closed until the caller unlocks it.
func (s *Signer) lock() (unlock func(), err error) {
	if s == nil || s.handle == nil {
		return nil, closed("signer")
	}
	if err := s.handle.read(); err != nil {
		return nil, err
	}
	return s.handle.lock.RUnlock, nil
}

// Sign signs any body and returns the signature in upper-case hex. requestID and createTs are what the headers of the same
// name will carry; unlike in [Batch.Build] they have to be given, since they could not be read back. Of the time whole
// seconds are signed.
//
// It fails with ErrRequestID, with ErrCreateTs, for the zero time too, and with ErrClosed.
func (s *Signer) Sign(requestID string, createTs time.Time, body []byte) (string, error) {
	return s.sign(requestID, unixSeconds(createTs), view(body))
}

func (s *Signer) sign(requestID string, createTs int64, body string) (string, error) {
	unlock, err := s.lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	return cSign(s.handle.object, requestID, createTs, body)
}

// SignedString returns the string that Sign hashes, with *** in place of the secret key: for finding out why two
// signatures differ. It holds the whole body, and with it the contacts' data: show it, but do not log it. It fails as
// Sign does.
func (s *Signer) SignedString(requestID string, createTs time.Time, body []byte) (string, error) {
	unlock, err := s.lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	return cSignedString(s.handle.object, requestID, unixSeconds(createTs), view(body))
}

// Close wipes the secret key and frees the signer. Requests that were built with it live on. It may be called more than
// once.
func (s *Signer) Close() {
	if s != nil && s.handle != nil {
		s.handle.close()
	}
}
