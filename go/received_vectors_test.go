package callbot

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

// vectorStatus maps the content of a vector's file "expected" to a status.
var vectorStatus = map[string]Status{
	"header_missing":       ErrHeaders,
	"header_repeated":      ErrHeaders,
	"header_cgi_name":      ErrHeaders,
	"header_joined":        ErrHeaders,
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

// contentReader reads one type of content.
type contentReader struct {
	of         reflect.Type
	read       func(*Verified) error
	deviations func(*Verified) (Deviations, error)
}

func readerOf[T Content]() contentReader {
	return contentReader{
		reflect.TypeFor[T](),
		func(v *Verified) error { _, err := Read[T](v); return err },
		ReadDeviations[T],
	}
}

// responseReaders are by the name of the endpoint. That of any is an envelope.
var responseReaders = map[string]contentReader{
	"":                readerOf[Envelope](),
	"addBatchCall":    readerOf[AddBatchResponse](),
	"importBatchCall": readerOf[ImportBatchResponse](),
	"exportBatchCall": readerOf[ExportBatchResponse](),
	"stopOrder":       readerOf[StopOrderResponse](),
	"createTask":      readerOf[CreateTaskResponse](),
	"createAndCall":   readerOf[CreateAndCallResponse](),
	"updateTask":      readerOf[UpdateTaskResponse](),
	"mgrTaskStatus":   readerOf[MgrTaskStatusResponse](),
	"listTask":        readerOf[ListTaskResponse](),
	"listOrder":       readerOf[ListOrderResponse](),
	"listCall":        readerOf[ListCallResponse](),
	"listOrderDetail": readerOf[ListOrderDetailResponse](),
	"ping":            readerOf[PingResponse](),
}

var callbackReaders = map[string]contentReader{
	"call":  readerOf[CallCallback](),
	"order": readerOf[OrderCallback](),
	"task":  readerOf[TaskCallback](),
}

func readVector(t *testing.T, kind, folder string, verified *Verified) error {
	readers, name := callbackReaders, ""
	if kind == "response" {
		readers, name = responseReaders, vectorFile(t, folder, "request.endpoint")
	} else {
		name = vectorFile(t, folder, "kind")
	}
	reader, ok := readers[name]
	if !ok {
		t.Fatal(name)
	}
	err := reader.read(verified)
	if err != nil {
		return err
	}
	deviations, err := reader.deviations(verified)
	var lines strings.Builder
	for _, deviation := range deviations.List {
		lines.WriteString(deviation.String() + "\n")
	}
	if more := deviations.Count - len(deviations.List); more > 0 {
		fmt.Fprintf(&lines, "and %d more\n", more)
	}
	if want := vectorFile(t, folder, "expected.deviations"); err != nil || lines.String() != want {
		t.Errorf("deviations\n%s; wanted\n%s", &lines, want)
	}
	if kind == "response" {
		result, err := verified.Result()
		envelope, envelopeErr := Read[Envelope](verified)
		if err != nil || envelopeErr != nil || result.Code != envelope.RetCode || result.Message != envelope.RetMsg ||
			result.ResponseID != envelope.ResponseID {
			t.Error(result, err, envelope, envelopeErr)
		}
	}
	// A message is read only as what it was verified as.
	for _, readers := range []map[string]contentReader{responseReaders, callbackReaders} {
		for other, reader := range readers {
			isOther := (reader.of == responseReaders[other].of) != (kind == "response") || kind == "response" && other != "" && other != name
			if isOther {
				wantError(t, reader.read(verified), ErrContent, "content_other_kind")
			}
		}
	}
	return err
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
	return Sent{Endpoint: file("endpoint"), RequestID: file("requestID"), UUID: file("uuid"), Algorithm: algorithm}
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
