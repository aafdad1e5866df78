package callbot

import (
	"net/http"
	"testing"
	"time"
)

func TestSignCallbackAndResponse(t *testing.T) {
	for _, algorithm := range []Algorithm{MD5, SHA256} {
		signer := newSigner(t, algorithm)
		want := http.Header{}
		want.Set("requestID", testID)
		want.Set("uuid", testUUID)
		want.Set("createTs", "1726200000")
		want.Set("sign", referenceSign(algorithm, testSecret, testUUID, testID, "1726200000", callBody))
		header, err := SignCallback(signer, []byte(callBody), WithRequestID(testID), At(testTime))
		if err != nil {
			t.Fatal(err)
		}
		same(t, header, want)
		request, err := newBatch(t, nil, someOrders(0, 1)...).Build(signer, WithRequestID(testID), At(testTime))
		if err != nil {
			t.Fatal(err)
		}
		header, err = SignResponse(signer, request.Sent(), []byte(callBody), At(testTime))
		if err != nil {
			t.Fatal(err)
		}
		want.Set("algorithm", algorithm.String())
		same(t, header, want)
	}
}

func TestTestingRefuses(t *testing.T) {
	signer := newSigner(t, MD5)
	request := build(t, newBatch(t, nil, someOrders(0, 1)...))
	one, err := SignCallback(signer, nil)
	if err != nil {
		t.Fatal(err)
	}
	two, err := SignCallback(signer, nil)
	if err != nil || len(one.Get("requestID")) != 32 || one.Get("requestID") == two.Get("requestID") {
		t.Error(one, two, err)
	}
	_, err = SignCallback(signer, nil, WithRequestID("a b"), At(testTime))
	wantError(t, err, ErrRequestID, "request_id_character")
	_, err = SignCallback(signer, nil, WithRequestID(testID), At(time.Unix(-1, 0)))
	wantError(t, err, ErrCreateTs, "create_ts_negative")
	_, err = SignResponse(signer, request.Sent(), nil, At(time.Unix(0, 0)))
	wantError(t, err, ErrCreateTs, "create_ts_zero")
	for _, signer := range []*Signer{nil, {}} {
		_, err = SignCallback(signer, nil, WithRequestID(testID), At(testTime))
		wantError(t, err, ErrClosed, "closed")
		_, err = SignResponse(signer, request.Sent(), nil, At(testTime))
		wantError(t, err, ErrClosed, "closed")
	}
	for _, request := range []*Request{nil, {}} {
		_, err = SignResponse(signer, request.Sent(), nil, At(testTime))
		wantError(t, err, ErrRequestID, "request_id_empty")
	}
}
