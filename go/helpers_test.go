package callbot

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	testUUID   = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR"
	testSecret = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr"
	testID     = "00000000000000000000000000000001"
)

var (
	testTime = time.Unix(1726200000, 0)
	testTask = Task{
		UserTaskID:       "spring",
		OrderCallbackURL: "https://example.com/order",
		CallCallbackURL:  "https://example.com/call",
	}
)

// referenceSign signs without the library.
func referenceSign(algorithm Algorithm, secret, uuid, requestID, createTs, body string) string {
	raw := []byte(secret + "&body=" + body + "&createTs=" + createTs + "&requestID=" + requestID + "&uuid=" + uuid)
	var digest []byte
	if algorithm == MD5 {
		sum := md5.Sum(raw)
		digest = sum[:]
	} else {
		sum := sha256.Sum256(raw)
		digest = sum[:]
	}
	return strings.ToUpper(hex.EncodeToString(digest))
}

func newSigner(t testing.TB, algorithm Algorithm) *Signer {
	t.Helper()
	signer, err := NewSigner(testUUID, testSecret, algorithm)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(signer.Close)
	return signer
}

func newBatch(t testing.TB, rules *Rules, orders ...Order) *Batch {
	t.Helper()
	batch, err := NewBatch(testTask, rules)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(batch.Close)
	if err := batch.Add(orders...); err != nil {
		t.Fatal(err)
	}
	return batch
}

func build(t testing.TB, batch *Batch) *Request {
	t.Helper()
	request, err := batch.Build(newSigner(t, MD5), WithRequestID(testID), At(testTime))
	if err != nil {
		t.Fatal(err)
	}
	return request
}

// someOrders returns valid orders, numbered from from.
func someOrders(from, count int) []Order {
	orders := make([]Order, count)
	for i := range orders {
		orders[i] = Order{
			OrderID:   fmt.Sprintf("order-%d", from+i),
			UserPhone: strconv.Itoa(8613800000000 + from + i),
			Other:     strings.Repeat("x", i%7),
			UserName:  "王芳",
			Params:    []Param{{"amount", strconv.Itoa(i + 1)}, {"due", "1 June \"noon\""}},
		}
	}
	return orders
}

// wantError checks the status and the code of an error and returns it.
func wantError(t testing.TB, err error, status Status, code string) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is not an *Error; wanted %s", err, code)
	}
	if !errors.Is(err, status) || e.Status != status || e.Code != code {
		t.Fatalf("status %d, code %q: %v; wanted status %d, code %q", e.Status, e.Code, err, status, code)
	}
	for _, other := range []Status{ErrPanic, ErrClosed, ErrRefused} {
		if other != status && errors.Is(err, other) {
			t.Fatalf("%v is also status %d", err, other)
		}
	}
	if e.Message == "" || e.Error() != "callbot: "+e.Message {
		t.Fatalf("Error() is %q and the message %q", e.Error(), e.Message)
	}
	return e
}

// wantMessage checks that an error's message contains part.
func wantMessage(t testing.TB, e *Error, part string) {
	t.Helper()
	if !strings.Contains(e.Message, part) {
		t.Errorf("the message is %q; wanted %q in it", e.Message, part)
	}
}

// answer verifies a body as the response to a request.
func answer(t testing.TB, request *Request, body string) *Verified {
	t.Helper()
	header := testHeader(body)
	header.Set("algorithm", "MD5")
	verified, err := newVerifier(t, newSigner(t, MD5)).VerifyResponse(request.Sent(), header, []byte(body), At(testTime))
	if err != nil {
		t.Fatal(err)
	}
	return verified
}
