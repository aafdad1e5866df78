package callbot

import (
	"fmt"
	"time"
)

// Algorithm is the hash that an account signs with. The provider's console shows it under
// Developer.
type Algorithm int32

const (
	// MD5 is the API's default.
	MD5 Algorithm = 0
	// SHA256 is SHA-256.
	SHA256 Algorithm = 1
)

// String returns the value of the header "algorithm".
func (a Algorithm) String() string {
	switch a {
	case MD5:
		return "MD5"
	case SHA256:
		return "SHA256"
	}
	return fmt.Sprintf("Algorithm(%d)", int32(a))
}

// Signer holds an account's uuid, secret key and algorithm. Several goroutines may use it at once.
type Signer struct {
	handle    *handle[cSigner]
	uuid      string
	algorithm Algorithm
}

// NewSigner returns a signer. The provider's console shows the uuid and the secret key under
// Developer.
//
// It fails with ErrSecretKey if the key is empty, or starts or ends with whitespace, as a key read
// from a file may. It also fails with ErrUUID, ErrNotUTF8 and ErrUnknownConstant.
//
// Close wipes the signer's copy of the secret key from memory. The Go string that was passed stays.
func NewSigner(uuid, secretKey string, algorithm Algorithm) (*Signer, error) {
	handle, err := cNewSigner(uuid, secretKey, algorithm)
	if err != nil {
		return nil, err
	}
	return &Signer{handle: handle, uuid: uuid, algorithm: algorithm}, nil
}

// lock prevents the signer from being closed until the caller calls unlock.
func (s *Signer) lock() (unlock func(), err error) {
	if s == nil || s.handle == nil {
		return nil, closed("signer")
	}
	if err := s.handle.read(); err != nil {
		return nil, err
	}
	return s.handle.lock.RUnlock, nil
}

// Sign signs any body and returns the signature in upper-case hex. requestID and createTs are the
// values of the headers of the same names. Unlike in [Batch.Build] they are required, since there
// is no header to read them from. The time is signed in whole seconds.
//
// It fails with ErrRequestID, with ErrCreateTs (also for the zero time) and with ErrClosed.
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

// SignedString returns the string that Sign hashes, with *** in place of the secret key. It helps
// to find out why two signatures differ. It contains the whole body and thus personal data: do not
// log it. It fails like Sign.
func (s *Signer) SignedString(requestID string, createTs time.Time, body []byte) (string, error) {
	unlock, err := s.lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	return cSignedString(s.handle.object, requestID, unixSeconds(createTs), view(body))
}

// Close wipes the secret key and frees the signer. Requests that were built with it stay valid. It
// may be called more than once.
func (s *Signer) Close() {
	if s != nil && s.handle != nil {
		s.handle.close()
	}
}
