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
		header, err := SignCallback(signer, testID, testTime, []byte(callBody))
		if err != nil {
			t.Fatal(err)
		}
		same(t, header, want)
		request, err := newBatch(t, nil, someOrders(0, 1)...).Build(signer, testID, testTime)
		if err != nil {
			t.Fatal(err)
		}
		header, err = SignResponse(signer, request, testTime, []byte(callBody))
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
	one, err := SignCallback(signer, "", time.Time{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	two, err := SignCallback(signer, "", time.Time{}, nil)
	if err != nil || len(one.Get("requestID")) != 32 || one.Get("requestID") == two.Get("requestID") {
		t.Error(one, two, err)
	}
	_, err = SignCallback(signer, "a b", testTime, nil)
	wantError(t, err, ErrRequestID, "request_id_character")
	_, err = SignCallback(signer, testID, time.Unix(-1, 0), nil)
	wantError(t, err, ErrCreateTs, "create_ts_negative")
	_, err = SignResponse(signer, request, time.Unix(0, 0), nil)
	wantError(t, err, ErrCreateTs, "create_ts_zero")
	for _, signer := range []*Signer{nil, {}} {
		_, err = SignCallback(signer, testID, testTime, nil)
		wantError(t, err, ErrClosed, "closed")
		_, err = SignResponse(signer, request, testTime, nil)
		wantError(t, err, ErrClosed, "closed")
	}
	for _, request := range []*Request{nil, {}} {
		_, err = SignResponse(signer, request, testTime, nil)
		wantError(t, err, ErrClosed, "closed")
	}
}
