package callbot

import (
	"strconv"
	"testing"
	"time"
)

func TestOptions(t *testing.T) {
	signer := newSigner(t, MD5)
	batch := newBatch(t, nil, someOrders(0, 1)...)
	before := time.Now().Unix()
	one, err := batch.Build(signer)
	if err != nil {
		t.Fatal(err)
	}
	two, err := batch.Build(signer, nil)
	if err != nil || len(one.RequestID()) != 32 || one.RequestID() == two.RequestID() {
		t.Error(one, two, err)
	}
	header, err := SignCallback(signer, nil, WithRequestID("first"), WithRequestID("last"), At(testTime))
	if err != nil || header.Get("requestID") != "last" || header.Get("createTs") != "1726200000" {
		t.Error(header, err)
	}
	header, err = SignCallback(signer, nil)
	if createTs := header.Get("createTs"); err != nil || createTs < strconv.FormatInt(before, 10) || len(createTs) != 10 {
		t.Error(header, err)
	}
	// What is given is never replaced by the default.
	_, err = batch.Build(signer, WithRequestID(""))
	e := wantError(t, err, ErrRequestID, "request_id_empty")
	_, err = signer.Sign("", testTime, nil)
	if library := wantError(t, err, ErrRequestID, "request_id_empty"); library.Message != e.Message {
		t.Errorf("%q and %q", library.Message, e.Message)
	}
	for _, zero := range []time.Time{{}, time.Unix(0, 0)} {
		_, err = batch.Build(signer, At(zero))
		wantError(t, err, ErrCreateTs, "create_ts_zero")
		_, err = newVerifier(t, signer).VerifyCallback(testHeader(callBody), []byte(callBody), At(zero))
		wantError(t, err, ErrCreateTs, "create_ts_zero")
	}
}
