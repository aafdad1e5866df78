package callbot

import (
	"errors"
	"runtime"
	"slices"
	"strconv"
	"testing"
)

// deep needs a large stack, which the garbage collector makes smaller afterwards.
func deep(frames int) byte {
	var frame [1024]byte
	if frames > 0 {
		frame[frames%len(frame)] = deep(frames - 1)
	}
	return frame[0]
}

// Go's runtime ends the program if it moves a stack and finds a pointer such as 1 in it, as Rust's
// empty strings have.
func TestAStackIsMovedWhileStringsOfCAreRead(t *testing.T) {
	body := []byte(`{"productID":"callbot"`)
	for i := range 5_000 {
		body = strconv.AppendInt(append(body, `,"`...), int64(1_000_000+i), 10)
		body = append(body, `":0`...)
	}
	body = append(body, '}')
	done := make(chan bool)
	go func() {
		for range 8 {
			deep(100)
			_, err := BatchFromJSON(body, nil)
			var refused *Error
			if !errors.As(err, &refused) || len(refused.Violations) < 5_000 {
				t.Error(err)
			} else if !slices.ContainsFunc(refused.Violations, func(v Violation) bool { return v.Path == "" }) {
				t.Error("the test needs a violation with an empty string")
			}
		}
		close(done)
	}()
	for {
		select {
		case <-done:
			return
		default:
			runtime.GC()
		}
	}
}
