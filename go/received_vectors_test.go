package callbot

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// vectorStatus maps the content of a vector's file "expected" to a status.
var vectorStatus = map[string]Status{
	"header_missing":       ErrHeaders,
	"header_repeated":      ErrHeaders,
	"header_malformed":     ErrHeaders,
	"verify_algorithm":     ErrOtherAlgorithm,
	"verify_unknown_uuid":  ErrUnknownUUID,
	"verify_mismatch":      ErrSignatureMismatch,
	"verify_not_utf8":      ErrBodyNotUTF8,
	"verify_too_old":       ErrTooOld,
	"verify_too_new":       ErrTooNew,
	"verify_other_request": ErrOtherRequest,
	"content_json":         ErrContent,
	"content_missing":      ErrContent,
	"content_repeated":     ErrContent,
	"content_wrong_type":   ErrContent,
}

func TestReceivedVectors(t *testing.T) {
	outcomes := map[string]int{}
	for _, kind := range []string{"response", "callback"} {
		t.Run(kind, func(t *testing.T) {
			eachVector(t, kind, func(t *testing.T, folder string) {
				expected := vectorFile(t, folder, "expected")
				outcomes[expected]++
				checkReceivedVector(t, kind, folder, expected)
			})
		})
	}
	for expected := range vectorStatus {
		if outcomes[expected] == 0 {
			t.Errorf("no vector has the outcome %s", expected)
		}
	}
	if outcomes["ok"] < 50 || len(outcomes) != len(vectorStatus)+1 {
		t.Errorf("outcomes: %v", outcomes)
	}
}

func checkReceivedVector(t *testing.T, kind, folder, expected string) {
	file := func(name string) string { return vectorFile(t, folder, name) }
	body := file("body")
	now, err := strconv.ParseInt(file("now"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	signer := vectorSigner(t, file("uuid"), file("secretKey"), file("algorithm"))
	other := vectorSigner(t, file("uuid"), "another secret key", file("algorithm"))
	for index, signers := range [][]*Signer{{signer}, {other, signer}} {
		verifier, err := NewVerifier(signers[0], signers[1:]...)
		if err != nil {
			t.Fatal(err)
		}
		defer verifier.Close()
		var verified *Verified
		if kind == "response" {
			verified, err = verifier.VerifyResponse(vectorSent(t, folder), vectorHeader(file("headers")), []byte(body), At(time.Unix(now, 0)))
		} else {
			verified, err = verifier.VerifyCallback(vectorHeader(file("headers")), []byte(body), At(time.Unix(now, 0)))
		}
		if now <= 0 || now > 99999999999 {
			// Not a time that this package accepts.
			if !errors.Is(err, ErrCreateTs) {
				t.Fatal(err)
			}
			continue
		}
		if err == nil {
			if string(verified.Body()) != body || verified.SignerIndex() != index || verified.UUID() != file("uuid") ||
				!verified.ReplayExpiresAt().Equal(verified.CreateTs().Add(301*time.Second)) {
				t.Errorf("%v, %v", verified, verified.ReplayExpiresAt())
			}
			err = readVector(t, kind, folder, verified)
		}
		if expected == "ok" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		wantError(t, err, vectorStatus[expected], expected)
	}
}

func readVector(t *testing.T, kind, folder string, verified *Verified) error {
	if kind == "response" {
		_, err := Read[AddBatchResponse](verified)
		return err
	}
	switch kind := vectorFile(t, folder, "kind"); kind {
	case "call":
		_, err := verified.CallCallback()
		return err
	case "order":
		_, err := verified.OrderCallback()
		return err
	case "task":
		_, err := verified.TaskCallback()
		return err
	default:
		t.Fatalf("kind %q", kind)
		return nil
	}
}

func vectorSigner(t *testing.T, uuid, secretKey, algorithm string) *Signer {
	t.Helper()
	number, ok := map[string]Algorithm{"MD5": MD5, "SHA256": SHA256}[algorithm]
	signer, err := NewSigner(uuid, secretKey, number)
	if err != nil || !ok {
		t.Fatal(err)
	}
	t.Cleanup(signer.Close)
	return signer
}

func vectorSent(t *testing.T, folder string) Sent {
	file := func(name string) string { return vectorFile(t, folder, "request."+name) }
	algorithm, ok := map[string]Algorithm{"MD5": MD5, "SHA256": SHA256}[file("algorithm")]
	if !ok {
		t.Fatal(file("algorithm"))
	}
	return Sent{Endpoint: "addBatchCall", RequestID: file("requestID"), UUID: file("uuid"), Algorithm: algorithm}
}

// vectorHeader keeps the case of the names, so the keys of the map are not canonical.
func vectorHeader(lines string) http.Header {
	header := http.Header{}
	for _, line := range strings.Split(strings.TrimSuffix(lines, "\n"), "\n") {
		name, value, _ := strings.Cut(line, ": ")
		header[name] = append(header[name], value)
	}
	return header
}
