package callbot

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	callBody = `{"callbackType":1,"orderID":"o-1","userPhone":"8613800000001","userName":"王芳","sceneID":"s","userTaskID":"t",` +
		`"taskID":"p","finish":true,"other":"secret note"}`
	taskBody = `{"callbackType":1,"userTaskID":"t","taskID":"p","sceneID":"s","taskStatus":4711,"createTs":1726200000,` +
		`"taskStat":{"answerOrderCount":1,"finishOrderCount":2,"totalOrderCount":9007199254740993,"finishRate":0.67,` +
		`"totalAnswerCall":4,"totalCall":5,"answerRate":1}}`
	responseBody = `{"retCode":0,"retMsg":"success","responseID":"x-1","totalCount":3,"successCount":1,"errList":[` +
		`{"phone":"8613800000000","errMsg":"blocked","why":1},{"phone":"86","errMsg":"unknown"}]}`
)

// testingHeader returns the header that the provider sends with a body, computed without the
// library.
func testingHeader(algorithm Algorithm, secret, requestID, createTs, body string) http.Header {
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("requestID", requestID)
	header.Set("uuid", testUUID)
	header.Set("createTs", createTs)
	header.Set("sign", referenceSign(algorithm, secret, testUUID, requestID, createTs, body))
	return header
}

func testHeader(body string) http.Header {
	return testingHeader(MD5, testSecret, testID, "1726200000", body)
}

func newVerifier(t testing.TB, signers ...*Signer) *Verifier {
	t.Helper()
	verifier, err := NewVerifier(signers[0], signers[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(verifier.Close)
	return verifier
}

func verify(t testing.TB, body string) *Verified {
	t.Helper()
	verified, err := newVerifier(t, newSigner(t, MD5)).VerifyCallback(testHeader(body), []byte(body), At(testTime))
	if err != nil {
		t.Fatal(err)
	}
	return verified
}

func TestVerified(t *testing.T) {
	body := []byte(callBody)
	signer := newSigner(t, MD5)
	verifier := newVerifier(t, signer)
	verified, err := verifier.VerifyCallback(testHeader(callBody), body, At(testTime))
	if err != nil {
		t.Fatal(err)
	}
	// The message stays valid after its sources are changed or closed.
	body[0] = 'x'
	verifier.Close()
	signer.Close()
	verified.Body()[0] = 'x'
	if string(verified.Body()) != callBody {
		t.Error("the body was changed")
	}
	if verified.RequestID() != testID || verified.UUID() != testUUID || verified.SignerIndex() != 0 ||
		!verified.CreateTs().Equal(testTime) || !verified.ReplayExpiresAt().Equal(testTime.Add(301*time.Second)) {
		t.Errorf("%v %v %v", verified, verified.UUID(), verified.ReplayExpiresAt())
	}
	if callback, err := verified.CallCallback(); err != nil || callback.OrderID != "o-1" {
		t.Error(err)
	}
	_, err = verified.TaskCallback()
	wantError(t, err, ErrContent, "content_missing")
	for name, verified := range map[string]*Verified{"zero": {}, "nil": nil} {
		t.Run(name, func(t *testing.T) {
			if len(verified.Body()) > 0 || verified.RequestID()+verified.UUID() != "" || verified.CreateTs().Unix() != 0 {
				t.Error("the zero value has content")
			}
			_, err := verified.CallCallback()
			wantError(t, err, ErrClosed, "closed")
			_, err = verified.OrderCallback()
			wantError(t, err, ErrClosed, "closed")
			_, err = verified.TaskCallback()
			wantError(t, err, ErrClosed, "closed")
			_, err = Read[Envelope](verified)
			wantError(t, err, ErrClosed, "closed")
		})
	}
}

// A message is accepted before ReplayExpiresAt, and not from then on.
func TestReplayExpiresAt(t *testing.T) {
	verifier := newVerifier(t, newSigner(t, MD5))
	for _, tolerance := range []time.Duration{0, time.Second, 5 * time.Minute, 100 * 365 * 24 * time.Hour} {
		if err := verifier.SetTolerance(tolerance, 0); err != nil {
			t.Fatal(err)
		}
		verified, err := verifier.VerifyCallback(testHeader(callBody), []byte(callBody), At(testTime))
		if err != nil {
			t.Fatal(err)
		}
		until := verified.ReplayExpiresAt()
		if _, err := verifier.VerifyCallback(testHeader(callBody), []byte(callBody), At(until.Add(-time.Nanosecond))); err != nil {
			t.Error(err)
		}
		_, err = verifier.VerifyCallback(testHeader(callBody), []byte(callBody), At(until))
		wantError(t, err, ErrTooOld, "verify_too_old")
	}
}

func TestTolerance(t *testing.T) {
	verifier := newVerifier(t, newSigner(t, MD5))
	check := func(after time.Duration, status Status, code string) {
		t.Helper()
		_, err := verifier.VerifyCallback(testHeader(callBody), []byte(callBody), At(testTime.Add(after)))
		if code == "" {
			if err != nil {
				t.Error(err)
			}
			return
		}
		wantError(t, err, status, code)
	}
	check(300*time.Second, 0, "")
	check(301*time.Second, ErrTooOld, "verify_too_old")
	check(-60*time.Second, 0, "")
	check(-61*time.Second, ErrTooNew, "verify_too_new")
	if err := verifier.SetTolerance(10*time.Second, 2*time.Second); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		age, skew time.Duration
		code      string
	}{
		{-1, 0, "tolerance_negative"}, {0, -time.Hour, "tolerance_negative"}, {-time.Hour, 0, "tolerance_negative"},
		{time.Millisecond, 0, "tolerance_fraction"}, {0, time.Minute + 1, "tolerance_fraction"},
	} {
		wantError(t, verifier.SetTolerance(c.age, c.skew), ErrTolerance, c.code)
	}
	check(10*time.Second, 0, "")
	check(11*time.Second, ErrTooOld, "verify_too_old")
	check(-2*time.Second, 0, "")
	check(-3*time.Second, ErrTooNew, "verify_too_new")
}

func TestTimeNow(t *testing.T) {
	verifier := newVerifier(t, newSigner(t, MD5))
	_, err := verifier.VerifyCallback(testHeader(callBody), []byte(callBody))
	wantError(t, err, ErrTooOld, "verify_too_old")
	header, err := SignCallback(newSigner(t, MD5), []byte(callBody))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.VerifyCallback(header, []byte(callBody)); err != nil {
		t.Error(err)
	}
	// None of these is treated as now.
	for at, code := range map[int64]string{0: "create_ts_zero", -1: "create_ts_negative", 1726200000000: "create_ts_milliseconds"} {
		_, err := verifier.VerifyCallback(header, []byte(callBody), At(time.Unix(at, 0)))
		wantError(t, err, ErrCreateTs, code)
	}
}

// Header names are case-insensitive, so the map's keys may have any case.
func TestHeaderNames(t *testing.T) {
	verifier := newVerifier(t, newSigner(t, MD5))
	for name, change := range map[string]func(string) string{
		"as in the pages": strings.NewReplacer("Requestid", "requestID", "Uuid", "uuid", "Createts", "createTs", "Sign", "sign").Replace,
		"lower":           strings.ToLower,
		"upper":           strings.ToUpper,
		"http":            http.CanonicalHeaderKey,
	} {
		header := http.Header{}
		for key, values := range testHeader(callBody) {
			header[change(key)] = values
		}
		if len(header) != 5 {
			t.Fatalf("%v", header)
		}
		if _, err := verifier.VerifyCallback(header, []byte(callBody), At(testTime)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"requestID", "uuid", "createTs", "sign", "algorithm"} {
		header := testHeader(callBody)
		header.Set("algorithm", "md5")
		if _, err := verifier.VerifyCallback(header, []byte(callBody), At(testTime)); err != nil {
			t.Fatal(err)
		}
		// Duplicates under one key and under two.
		one, two := header.Clone(), header.Clone()
		one.Add(name, header.Get(name))
		two[strings.ToUpper(name)] = []string{header.Get(name)}
		for _, twice := range []http.Header{one, two} {
			_, err := verifier.VerifyCallback(twice, []byte(callBody), At(testTime))
			wantError(t, err, ErrHeaders, "header_repeated")
		}
		// A key without values is not a header.
		header[http.CanonicalHeaderKey(name)] = nil
		_, err := verifier.VerifyCallback(header, []byte(callBody), At(testTime))
		if name == "algorithm" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		wantError(t, err, ErrHeaders, "header_missing")
	}
	for _, header := range []http.Header{nil, {}} {
		_, err := verifier.VerifyCallback(header, nil, At(testTime))
		wantError(t, err, ErrHeaders, "header_missing")
	}
}

func TestSeveralSigners(t *testing.T) {
	old := newSigner(t, MD5)
	renewed, err := NewSigner(testUUID, "the new key", MD5)
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewSigner("another", testSecret, SHA256)
	if err != nil {
		t.Fatal(err)
	}
	verifier := newVerifier(t, old, renewed, other, old)
	renewed.Close()
	other.Close()
	for index, signed := range []http.Header{
		testHeader(callBody),
		testingHeader(MD5, "the new key", testID, "1726200000", callBody),
	} {
		verified, err := verifier.VerifyCallback(signed, []byte(callBody), At(testTime))
		if err != nil || verified.SignerIndex() != index || verified.UUID() != testUUID {
			t.Errorf("%d: %v, %v", index, verified, err)
		}
	}
	header := testHeader(callBody)
	header.Set("uuid", "another")
	header.Set("sign", referenceSign(SHA256, testSecret, "another", testID, "1726200000", callBody))
	verified, err := verifier.VerifyCallback(header, []byte(callBody), At(testTime))
	if err != nil || verified.SignerIndex() != 2 || verified.UUID() != "another" {
		t.Error(verified, err)
	}
}

func TestClosedVerifier(t *testing.T) {
	signer, closedSigner := newSigner(t, MD5), newSigner(t, MD5)
	closedSigner.Close()
	for _, signers := range [][]*Signer{{closedSigner}, {nil}, {{}}, {signer, closedSigner}, {signer, nil}, {closedSigner, signer}} {
		verifier, err := NewVerifier(signers[0], signers[1:]...)
		if verifier != nil {
			t.Error("a verifier was returned")
		}
		wantError(t, err, ErrClosed, "closed")
	}
	verifier := newVerifier(t, signer)
	copied := *verifier
	verifier.Close()
	verifier.Close()
	request := build(t, newBatch(t, nil, someOrders(0, 1)...))
	for name, verifier := range map[string]*Verifier{"closed": verifier, "copy": &copied, "zero": {}, "nil": nil} {
		t.Run(name, func(t *testing.T) {
			_, err := verifier.VerifyCallback(testHeader(callBody), []byte(callBody), At(testTime))
			wantError(t, err, ErrClosed, "closed")
			_, err = verifier.VerifyResponse(request.Sent(), testHeader(callBody), []byte(callBody), At(testTime))
			wantError(t, err, ErrClosed, "closed")
			wantError(t, verifier.SetTolerance(0, 0), ErrClosed, "closed")
			verifier.Close()
		})
	}
	for _, request := range []*Request{nil, {}} {
		if len(request.Body())+len(request.Header()) > 0 || request.Method()+request.Path()+request.RequestID() != "" {
			t.Error("the zero value has content")
		}
		// What it sent matches no response.
		header := testHeader(callBody)
		header.Set("algorithm", "MD5")
		_, err := newVerifier(t, signer).VerifyResponse(request.Sent(), header, []byte(callBody), At(testTime))
		wantError(t, err, ErrOtherRequest, "verify_other_request")
	}
	for _, message := range []*Verified{nil, {}} {
		_, err := message.CallCallback()
		wantMessage(t, wantError(t, err, ErrClosed, "closed"), "verified message is nil, or was not created by a Verifier")
	}
}

// No modification of a message is accepted.
func TestForgeries(t *testing.T) {
	verifier := newVerifier(t, newSigner(t, MD5))
	for i := range callBody {
		body := []byte(callBody)
		body[i] ^= 1
		_, err := verifier.VerifyCallback(testHeader(callBody), body, At(testTime))
		wantError(t, err, ErrSignatureMismatch, "verify_mismatch")
	}
	for _, body := range []string{"", callBody + " ", callBody[1:], strings.ReplaceAll(callBody, ",", ", ")} {
		_, err := verifier.VerifyCallback(testHeader(callBody), []byte(body), At(testTime))
		wantError(t, err, ErrSignatureMismatch, "verify_mismatch")
	}
	_, err := verifier.VerifyCallback(testHeader("\xff"), []byte("\xff"), At(testTime))
	wantError(t, err, ErrBodyNotUTF8, "verify_not_utf8")
	large := bytes.Repeat([]byte(" "), 3<<20)
	if _, err := verifier.VerifyCallback(testHeader(string(large)), large, At(testTime)); err != nil {
		t.Error(err)
	}
}

func TestVerifierForSeveralGoroutines(t *testing.T) {
	signer := newSigner(t, MD5)
	verifier := newVerifier(t, signer)
	request := build(t, newBatch(t, nil, someOrders(0, 3)...))
	header, err := SignResponse(signer, request.Sent(), []byte(responseBody), At(testTime))
	if err != nil {
		t.Fatal(err)
	}
	shared := verify(t, callBody)
	var group sync.WaitGroup
	for i := range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for round := range 100 {
				verified, err := verifier.VerifyCallback(testHeader(taskBody), []byte(taskBody), At(testTime))
				if err == nil {
					_, err = verified.TaskCallback()
				}
				answer, responseErr := verifier.VerifyResponse(request.Sent(), header, []byte(responseBody), At(testTime))
				if responseErr == nil {
					_, responseErr = Read[AddBatchResponse](answer)
				}
				callback, sharedErr := shared.CallCallback()
				if sharedErr != nil || *callback.UserName != "王芳" {
					t.Error(sharedErr)
				}
				if i == 0 && round == 50 {
					verifier.Close()
				} else if i == 1 && round < 50 {
					_ = verifier.SetTolerance(time.Duration(round)*time.Second, time.Minute)
				}
				for _, err := range []error{err, responseErr} {
					if err != nil && !errors.Is(err, ErrClosed) {
						t.Error(err)
					}
				}
			}
		}()
	}
	group.Wait()
}

// Close waits for a running verification.
func TestVerifierIsClosedWhileItVerifies(t *testing.T) {
	body := bytes.Repeat([]byte(" "), 1<<20) // takes a while to verify
	header := testHeader(string(body))
	for range 5 {
		verifier := newVerifier(t, newSigner(t, MD5))
		started := make(chan bool, 4)
		var group sync.WaitGroup
		for range cap(started) {
			group.Add(1)
			go func() {
				defer group.Done()
				started <- true
				for {
					if _, err := verifier.VerifyCallback(header, body, At(testTime)); err != nil {
						if !errors.Is(err, ErrClosed) {
							t.Error(err)
						}
						return
					}
				}
			}()
		}
		for range cap(started) {
			<-started
		}
		time.Sleep(5 * time.Millisecond)
		verifier.Close()
		group.Wait()
	}
}

// Every status of the header has a constant in this package.
func TestStatuses(t *testing.T) {
	header, err := os.ReadFile("../include/callbot.h")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("error.go")
	if err != nil {
		t.Fatal(err)
	}
	_, statuses, found := strings.Cut(string(header), "#define CALLBOT_OK 0\n")
	if !found {
		t.Fatal("the header has no CALLBOT_OK")
	}
	statuses, _, _ = strings.Cut(statuses, "#define CALLBOT_CODE_")
	names := regexp.MustCompile(`#define (CALLBOT_\w+) \d+\n`).FindAllStringSubmatch(statuses, -1)
	if len(names) < 25 {
		t.Errorf("the header has %d statuses", len(names))
	}
	for _, name := range names {
		if slices.Contains([]string{"CALLBOT_ABSENT", "CALLBOT_WRONG_TYPE", "CALLBOT_JSON_POINTER"}, name[1]) {
			continue // of functions that this package does not call
		}
		if !strings.Contains(string(source), " Status = C."+name[1]+"\n") {
			t.Errorf("%s is not in error.go", name[1])
		}
	}
}
