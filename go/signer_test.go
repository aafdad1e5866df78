package callbot

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestVersion(t *testing.T) {
	if !regexp.MustCompile(`^\d+\.\d+\.\d+`).MatchString(Version()) {
		t.Fatal(Version())
	}
}

func TestABIVersionsAreCompared(t *testing.T) {
	if problem := abiProblem(1, 1); problem != "" {
		t.Fatal(problem)
	}
	problem := abiProblem(7, 3)
	for _, part := range []string{"for version 3", "has version 7", "callbot: "} {
		if !strings.Contains(problem, part) {
			t.Errorf("%q does not contain %q", problem, part)
		}
	}
}

func TestSignerRefuses(t *testing.T) {
	for _, c := range []struct {
		uuid, secret string
		algorithm    Algorithm
		status       Status
		code         string
	}{
		{testUUID, "", MD5, ErrSecretKey, "secret_key_empty"},
		{testUUID, testSecret + "\n", MD5, ErrSecretKey, "secret_key_blank_at_end"},
		{testUUID, " " + testSecret, MD5, ErrSecretKey, "secret_key_blank_at_start"},
		{"", testSecret, MD5, ErrUUID, "uuid_empty"},
		{"a b", testSecret, MD5, ErrUUID, "uuid_character"},
		{strings.Repeat("a", 129), testSecret, MD5, ErrUUID, "uuid_too_long"},
		{"\xff", testSecret, MD5, ErrNotUTF8, "not_utf8"},
		{testUUID, "\xff" + testSecret, MD5, ErrNotUTF8, "not_utf8"},
		{testUUID, testSecret, 2, ErrUnknownConstant, "unknown_constant"},
		{testUUID, testSecret, -1, ErrUnknownConstant, "unknown_constant"},
	} {
		signer, err := NewSigner(c.uuid, c.secret, c.algorithm)
		if signer != nil {
			t.Errorf("%q %q: a signer was returned", c.uuid, c.code)
		}
		wantError(t, err, c.status, c.code)
		if strings.Contains(err.Error(), testSecret) {
			t.Errorf("the secret key is in %q", err)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	signer := newSigner(t, MD5)
	for _, c := range []struct {
		id     string
		time   time.Time
		status Status
		code   string
	}{
		{"", testTime, ErrRequestID, "request_id_empty"},
		{"a&uuid=b", testTime, ErrRequestID, "request_id_character"},
		{"\xff", testTime, ErrNotUTF8, "not_utf8"},
		{testID, time.Time{}, ErrCreateTs, "create_ts_zero"},
		{testID, time.Unix(0, 0), ErrCreateTs, "create_ts_zero"},
		{testID, time.Unix(-1, 0), ErrCreateTs, "create_ts_negative"},
		{testID, time.Unix(1726200000000, 0), ErrCreateTs, "create_ts_milliseconds"},
	} {
		sign, err := signer.Sign(c.id, c.time, []byte("{}"))
		wantError(t, err, c.status, c.code)
		signed, err := signer.SignedString(c.id, c.time, []byte("{}"))
		wantError(t, err, c.status, c.code)
		if sign != "" || signed != "" {
			t.Errorf("%s: a result was returned", c.code)
		}
	}
}

func TestSignOfAnyBytes(t *testing.T) {
	signer := newSigner(t, SHA256)
	for _, body := range [][]byte{nil, {}, {0}, []byte("\xff\x00&body="), make([]byte, 3<<20)} {
		sign, err := signer.Sign(testID, testTime.Add(999*time.Millisecond), body)
		want := referenceSign(SHA256, testSecret, testUUID, testID, "1726200000", string(body))
		if err != nil || sign != want {
			t.Errorf("%d bytes: %q, %v; wanted %q", len(body), sign, err, want)
		}
	}
}

func TestClosedSigner(t *testing.T) {
	signer := newSigner(t, MD5)
	batch := newBatch(t, nil, someOrders(0, 1)...)
	request := build(t, batch)
	copied := *signer
	signer.Close()
	signer.Close()
	copied.Close()
	for name, signer := range map[string]*Signer{"closed": signer, "copy": &copied, "zero": {}, "nil": nil} {
		t.Run(name, func(t *testing.T) {
			_, err := signer.Sign(testID, testTime, nil)
			wantError(t, err, ErrClosed, "closed")
			_, err = signer.SignedString(testID, testTime, nil)
			wantError(t, err, ErrClosed, "closed")
			_, err = batch.Build(signer)
			wantError(t, err, ErrClosed, "closed")
			_, err = request.SignAgain(signer)
			wantError(t, err, ErrClosed, "closed")
			signer.Close()
		})
	}
}

func TestSignerIsNotPrinted(t *testing.T) {
	signer := newSigner(t, MD5)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if text := fmt.Sprintf(verb, signer); strings.Contains(text, testSecret) {
			t.Errorf("%s shows the secret key: %s", verb, text)
		}
	}
}

func TestAlgorithmNames(t *testing.T) {
	for algorithm, want := range map[Algorithm]string{MD5: "MD5", SHA256: "SHA256", 7: "Algorithm(7)"} {
		if algorithm.String() != want {
			t.Errorf("%q; wanted %q", algorithm.String(), want)
		}
	}
}

// Many goroutines use one signer, batch and request while they are closed.
func TestConcurrentUse(t *testing.T) {
	const goroutines, rounds = 16, 200
	signer := newSigner(t, MD5)
	orders := someOrders(0, 5)
	batch := newBatch(t, nil, orders...)
	request := build(t, batch)
	body := string(request.Body())
	want := referenceSign(MD5, testSecret, testUUID, testID, "1726200000", body)
	if got := request.Header().Get("sign"); got != want {
		t.Fatalf("%q; wanted %q", got, want)
	}

	var wait sync.WaitGroup
	for range goroutines {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for range rounds {
				if sign, err := signer.Sign(testID, testTime, []byte(body)); err != nil || sign != want {
					t.Errorf("%q, %v; wanted %q", sign, err, want)
				}
				built, err := batch.Build(signer, WithRequestID(testID), At(testTime))
				if err != nil || string(built.Body()) != body {
					t.Errorf("another body, or error %v", err)
				}
				again, err := request.SignAgain(signer, WithRequestID(testID), At(testTime))
				if err != nil || again.Header().Get("sign") != want {
					t.Errorf("SignAgain: %v", err)
				}
			}
		}()
	}
	wait.Wait()

	shared := newBatch(t, nil)
	for g := range goroutines {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for round := range rounds {
				switch round % 5 {
				case 0:
					shared.Clear()
				case 1:
					shared.Reserve(10, 200)
				case 2:
					shared.Len()
				case 3:
					if _, err := shared.Build(signer); err != nil {
						var e *Error
						if !asError(err, &e) || (e.Status != ErrEmptyBatch && e.Status != ErrClosed) {
							t.Errorf("Build: %v", err)
						}
					}
				case 4:
					err := shared.Add(Order{OrderID: fmt.Sprint(g, "-", round), UserPhone: "8613800000001"})
					var e *Error
					if err != nil && (!asError(err, &e) || e.Status != ErrClosed) {
						t.Errorf("Add: %v", err)
					}
				}
				if g == 0 && round == rounds/2 {
					shared.Close()
					signer.Close()
				}
			}
		}()
	}
	wait.Wait()
}
