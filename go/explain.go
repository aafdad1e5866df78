package callbot

import "net/http"

// Explanation tells whether a signature is right, and if not, why.
type Explanation struct {
	Matches bool
	// Causes are the one or two mistakes that together make the signature. It is empty if the
	// signature is right, and if no mistake explains it.
	Causes []Cause
}

// Cause is a mistake that makes a signature wrong.
type Cause struct {
	Code    string // stable, such as "body_separators"
	Message string // what is wrong, for people
	Fix     string // what to do, for people
}

// Explain tells whether the signature of a message is right, and if not, which mistake makes it, or
// which two mistakes together. docs/explain.md of the repository lists them.
//
// header and body are the message as it was sent or received, with the sign header that somebody
// made. received is whether it came from the provider: a signature in lower case is a mistake only
// in one that is sent. The option [At] sets the time around which the signed time is searched if
// the header createTs is missing.
//
// The search hashes the body up to 2,700 times. It is for the owner of the account, at a desk:
// never call it for every message that a server refuses, and never tell its result to whoever sent
// a message.
//
// It fails with ErrHeaders if the header sign is missing or a header that is signed is duplicate,
// with ErrCreateTs for an invalid time, and with ErrClosed.
func (s *Signer) Explain(header http.Header, body []byte, received bool, options ...TimeOption) (Explanation, error) {
	seconds, err := secondsOf("now", options)
	if err != nil {
		return Explanation{}, err
	}
	unlock, err := s.lock()
	if err != nil {
		return Explanation{}, err
	}
	defer unlock()
	return cExplain(s.handle.object, header, view(body), received, seconds)
}
