//go:build linux

package callbot

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"callbot/internal/cmem"
)

// everything calls each function that allocates in C, with success and with failure. closing makes
// it close the objects.
func everything(t *testing.T, orders []Order, json, wrongJSON []byte, closing bool) {
	signer, err := NewSigner(testUUID, testSecret, MD5)
	if err != nil {
		t.Fatal(err)
	}
	batch, err := NewBatch(testTask, &Rules{RequireParams: []string{"amount", "due"}, AllowCountryCodes: []string{"86"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := batch.Add(orders...); err != nil {
		t.Fatal(err)
	}
	fromJSON, err := BatchFromJSON(json, nil)
	if err != nil {
		t.Fatal(err)
	}
	kept, refused, err := BatchFromJSONKeepValid(wrongJSON, nil)
	if err != nil || refused == nil {
		t.Fatal(refused, err)
	}
	request, err := batch.Build(signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := request.SignAgain(signer); err != nil {
		t.Fatal(err)
	}
	if _, err := NewRequest(signer, "/a", json); err != nil {
		t.Fatal(err)
	}
	_, err = NewRequest(signer, "a", json)
	wantError(t, err, ErrPath, "path_no_slash")
	stop, err := signer.Request(StopOrder{UserTaskID: "t", OrderIDs: []string{"a", "b"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := stop.Split(signer); err != nil {
		t.Fatal(err)
	}
	_, err = signer.RequestJSON("stopOrder", []byte("{}"))
	wantError(t, err, ErrRefused, "refused")
	imported, err := NewBatch(ImportBatchCall(testTask), &Rules{RequireParams: []string{"a"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = NewBatchFor("importBatchCall", wrongJSON, nil)
	wantError(t, err, ErrRefused, "refused")
	keptToo, refused, err := NewBatchForKeepValid("addBatchCall", wrongJSON, nil)
	if err != nil || refused == nil {
		t.Fatal(refused, err)
	}
	if _, err := signer.SignedString(testID, testTime, json); err != nil {
		t.Fatal(err)
	}
	explained, err := SignCallback(signer, json)
	if err != nil {
		t.Fatal(err)
	}
	explained.Del("requestID")
	if explanation, err := signer.Explain(explained, nil, true); err != nil || explanation.Matches {
		t.Fatal(explanation, err)
	}
	explained.Del("sign")
	if _, err := signer.Explain(explained, nil, true); err == nil {
		t.Fatal("there is nothing to explain")
	}
	if _, refused, err := batch.AddValid(orders...); err != nil || len(refused) != len(orders) {
		t.Fatal(len(refused), err)
	}
	if batch.Add(orders...) == nil || batch.Add(Order{OrderID: "\xff"}) == nil {
		t.Fatal("invalid orders were added")
	}
	_, err = NewBatch(Task{}, nil)
	wantError(t, err, ErrRefused, "refused")
	_, err = NewBatch(Task{}, &Rules{AllowCountryCodes: []string{"86", "1"}, RequireParams: []string{"a"}})
	wantError(t, err, ErrRefused, "refused")
	_, err = NewBatch(testTask, &Rules{RequireParams: []string{"a", "b", "a"}})
	wantError(t, err, ErrRules, "rules_param_repeated")
	_, err = BatchFromJSON(wrongJSON, &Rules{AllowCountryCodes: []string{"86"}})
	wantError(t, err, ErrRefused, "refused")
	_, err = NewSigner("", testSecret, MD5)
	wantError(t, err, ErrUUID, "uuid_empty")
	_, err = signer.Sign("", testTime, nil)
	wantError(t, err, ErrRequestID, "request_id_empty")
	_, err = batch.Build(signer, WithRequestID("a b"), At(testTime))
	wantError(t, err, ErrRequestID, "request_id_character")
	wantError(t, CheckPhone("+"), ErrPhone, "phone_plus")
	everythingReceived(t, signer, request, closing)
	if closing {
		signer.Close()
		batch.Close()
		fromJSON.Close()
		kept.Close()
		keptToo.Close()
		imported.Close()
	}
}

// everythingReceived is the part of everything that verifies.
func everythingReceived(t *testing.T, signer *Signer, request *Request, closing bool) {
	verifier, err := NewVerifier(signer, signer)
	if err != nil {
		t.Fatal(err)
	}
	if err := verifier.SetTolerance(time.Minute, time.Minute); err != nil {
		t.Fatal(err)
	}
	header, err := SignResponse(signer, request.Sent(), []byte(responseBody))
	if err != nil {
		t.Fatal(err)
	}
	verified, err := verifier.VerifyResponse(request.Sent(), header, []byte(responseBody))
	if err != nil {
		t.Fatal(err)
	}
	if response, err := Read[AddBatchResponse](verified); err != nil || response.ErrList.Len() != 2 {
		t.Fatal(response, err)
	}
	if outcome, err := request.Outcome(verified); err != nil || len(outcome.Refused) != 2 {
		t.Fatal(outcome, err)
	}
	if _, err := verified.Result(); err != nil {
		t.Fatal(err)
	}
	_, err = verified.Outcome(nil)
	wantError(t, err, ErrContent, "outcome_request")
	_, err = verified.CallCallback()
	wantError(t, err, ErrContent, "content_other_kind")
	_, err = verifier.VerifyResponse(request.Sent(), header, nil)
	wantError(t, err, ErrSignatureMismatch, "verify_mismatch")
	_, err = SignResponse(signer, request.Sent(), nil, At(time.Unix(-1, 0)))
	wantError(t, err, ErrCreateTs, "create_ts_negative")
	_, err = SignCallback(signer, nil, WithRequestID("a b"))
	wantError(t, err, ErrRequestID, "request_id_character")
	_, err = NewVerifier(signer, nil)
	wantError(t, err, ErrClosed, "closed")
	if closing {
		verified.get().handle.close() // which only the garbage collector does otherwise
	}

	header, err = SignCallback(signer, []byte(callBody))
	if err != nil {
		t.Fatal(err)
	}
	handler := verifier.CallCallbackHandler(func(*http.Request, *Verified, *CallCallback) error { return nil }, nil)
	for body, status := range map[string]int{callBody: 200, "": 401} {
		received := httptest.NewRequest("POST", "/", strings.NewReader(body))
		received.Header = header
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, received)
		if recorder.Code != status {
			t.Fatal(recorder.Code)
		}
	}
	if closing {
		verifier.Close()
	}
}

// isTuned returns whether glibc runs with these tunables, which only a new process can have.
// Otherwise it runs the test in one.
func isTuned(t *testing.T, tunables string) bool {
	t.Helper()
	const variable = "GLIBC_TUNABLES"
	if os.Getenv(variable) == tunables {
		return true
	}
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	child.Env = append(os.Environ(), variable+"="+tunables)
	output, err := child.CombinedOutput()
	if err != nil || !strings.Contains(string(output), "--- PASS: "+t.Name()) {
		t.Errorf("%v\n%s", err, output)
	}
	return false
}

// testLeak calls everything many times and checks that C's memory does not grow.
func testLeak(t *testing.T, closing bool) {
	// By default glibc caches freed memory per thread and counts it as in use.
	if !isTuned(t, "glibc.malloc.tcache_count=0") {
		return
	}

	const rounds = 500
	orders := someOrders(0, 20)
	json := marshal(t, orders)
	wrong := someOrders(0, 20)
	wrong[7].UserPhone = "+1"
	wrongJSON := marshal(t, wrong)
	if closing {
		// Finalizers must not hide a Close that does nothing. While they are blocked, only Close
		// frees.
		release := blockFinalizers(t)
		defer release()
	}
	run := func(rounds int) uint64 {
		for range rounds {
			everything(t, orders, json, wrongJSON, closing)
		}
		if closing {
			return cmem.InUse()
		}
		// Finalizers run some time after the collection that queued them.
		least := cmem.InUse()
		for range 100 {
			runtime.GC()
			time.Sleep(2 * time.Millisecond)
			least = min(least, cmem.InUse())
		}
		return least
	}
	before := run(100) // includes allocations that happen only once
	after := run(rounds)
	// The smallest block of malloc takes 24 bytes, so one leak a round is detected.
	if after > before+rounds*16 {
		t.Errorf("C's memory grew from %d to %d bytes in %d rounds", before, after, rounds)
	}
}

// blockFinalizers prevents finalizers from running until release is called.
func blockFinalizers(t *testing.T) (release func()) {
	blocked, released := make(chan struct{}), make(chan struct{})
	runtime.SetFinalizer(new([64]byte), func(*[64]byte) {
		close(blocked)
		<-released
	})
	for {
		runtime.GC()
		select {
		case <-blocked:
			return func() { close(released) }
		case <-time.After(time.Millisecond):
		}
	}
}

func TestCloseLeaksNothing(t *testing.T)     { testLeak(t, true) }
func TestFinalizersLeakNothing(t *testing.T) { testLeak(t, false) }
