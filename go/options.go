package callbot

import (
	"crypto/rand"
	"encoding/hex"
	"time"
)

// SignOption is an option of a function that signs: [WithRequestID] or [At].
type SignOption interface{ applyTo(*stamp) }

// TimeOption is the option [At]. Functions that need no request id take only this one.
type TimeOption struct{ at time.Time }

// At sets the time, in place of now: the time that is signed, in whole seconds, or the time at
// which a message is verified.
func At(t time.Time) TimeOption { return TimeOption{t} }

func (o TimeOption) applyTo(s *stamp) { s.at, s.hasTime = o.at, true }

// WithRequestID sets the request id, in place of a random one.
func WithRequestID(id string) SignOption { return requestIDOption(id) }

type requestIDOption string

func (o requestIDOption) applyTo(s *stamp) { s.requestID, s.hasID = string(o), true }

// stamp is what a message is signed with, or verified at.
type stamp struct {
	requestID string
	at        time.Time
	hasID     bool
	hasTime   bool
}

// signed returns the request id and the seconds to sign.
func signed(options []SignOption) (requestID string, seconds int64, err error) {
	var s stamp
	for _, option := range options {
		if option != nil {
			option.applyTo(&s)
		}
	}
	if requestID, err = s.id(); err != nil {
		return "", 0, err
	}
	seconds, err = s.seconds("create_ts")
	return requestID, seconds, err
}

// secondsOf returns the seconds of a time. name is the library's name of the parameter: create_ts
// or now.
func secondsOf(name string, options []TimeOption) (int64, error) {
	var s stamp
	for _, option := range options {
		option.applyTo(&s)
	}
	return s.seconds(name)
}

// Messages of the library for checks that this package makes itself.
const (
	noRandomMessage  = "request_id is empty and the system has no random numbers; pass an ID"
	emptyIDMessage   = "requestID is empty; use 1 to 128 characters"
	clockMessage     = " is 0 and the system clock is invalid; pass a time" // after a name
	zeroTimeMessage  = "the timestamp is 0, so it was never set; use Unix seconds"
	noTimeMessage    = "the time was never set; leave the option out, or pass a time"
	requestIDRandoms = 16
)

func (s *stamp) id() (string, error) {
	if s.hasID {
		if s.requestID == "" {
			// The library would choose a random one.
			return "", &Error{Status: ErrRequestID, Code: "request_id_empty", Message: emptyIDMessage}
		}
		return s.requestID, nil
	}
	var random [requestIDRandoms]byte
	if _, err := rand.Read(random[:]); err != nil {
		return "", &Error{Status: ErrNoRandom, Code: "no_random", Message: noRandomMessage}
	}
	return hex.EncodeToString(random[:]), nil
}

func (s *stamp) seconds(name string) (int64, error) {
	if !s.hasTime {
		now := time.Now().Unix()
		if now <= 0 {
			return 0, &Error{Status: ErrClock, Code: "clock", Message: name + clockMessage}
		}
		return now, nil
	}
	message := zeroTimeMessage
	if s.at.IsZero() {
		message = noTimeMessage
	} else if seconds := s.at.Unix(); seconds != 0 {
		return seconds, nil
	}
	// The library treats 0 as now.
	if name == "now" {
		message = "now: " + message
	}
	return 0, &Error{Status: ErrCreateTs, Code: "create_ts_zero", Message: message}
}
