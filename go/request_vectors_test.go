package callbot

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRequestVectors(t *testing.T) { eachVector(t, "request", checkRequestVector) }

func checkRequestVector(t *testing.T, folder string) {
	file := func(name string) string { return vectorFile(t, folder, name) }
	endpoint := file("endpoint")
	seconds, err := strconv.ParseInt(file("createTs"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	options := []SignOption{WithRequestID(file("requestID")), At(time.Unix(seconds, 0))}
	_, err = os.Stat(filepath.Join(folder, "violations"))
	isRefused := err == nil
	for _, algorithm := range []Algorithm{MD5, SHA256} {
		signer := vectorSigner(t, file("uuid"), file("secretKey"), algorithm.String())
		request, err := signer.RequestJSON(endpoint, []byte(file("json")), options...)
		ways := []func() (*Request, error){func() (*Request, error) { return request, err }}
		if batchEndpoints[endpoint] && !isRefused {
			ways = append(ways, func() (*Request, error) {
				batch, err := NewBatchFor(endpoint, []byte(file("json")), nil)
				if err != nil {
					return nil, err
				}
				defer batch.Close()
				return batch.Build(signer, options...)
			})
		}
		for _, way := range ways {
			request, err := way()
			if isRefused {
				checkViolations(t, err, file("violations"))
				continue
			}
			if err != nil || string(request.Body()) != file("body") || request.Header().Get("sign") != file("sign."+algorithm.String()) {
				t.Errorf("%v, %v", request, err)
			}
			if request.Endpoint() != endpoint || request.Path() != "/callcentre/api/v3/"+endpoint {
				t.Error(request.Endpoint(), request.Path())
			}
		}
	}
}

var batchEndpoints = map[string]bool{"addBatchCall": true, "importBatchCall": true, "createAndCall": true}

func checkViolations(t *testing.T, err error, want string) {
	t.Helper()
	var refused *Error
	if !errors.As(err, &refused) || refused.Status != ErrRefused {
		t.Fatal(err)
	}
	var found strings.Builder
	for _, violation := range refused.Violations {
		found.WriteString(violation.Code + " " + violation.Path + "\n")
	}
	if found.String() != want {
		t.Errorf("violations\n%s; wanted\n%s", &found, want)
	}
}
