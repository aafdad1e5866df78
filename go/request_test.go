package callbot

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRequestIsComplete(t *testing.T) {
	for _, algorithm := range []Algorithm{MD5, SHA256} {
		signer := newSigner(t, algorithm)
		batch := newBatch(t, nil, someOrders(0, 2)...)
		request, err := batch.Build(signer, WithRequestID(testID), At(testTime.Add(500*time.Millisecond)))
		if err != nil {
			t.Fatal(err)
		}
		signer.Close()
		batch.Close()
		body := string(request.Body())
		sign := referenceSign(algorithm, testSecret, testUUID, testID, "1726200000", body)
		want := http.Header{
			"Requestid":    {testID},
			"Uuid":         {testUUID},
			"Createts":     {"1726200000"},
			"Sign":         {sign},
			"Algorithm":    {algorithm.String()},
			"Content-Type": {"application/json"},
		}
		if !reflect.DeepEqual(request.Header(), want) {
			t.Errorf("%v; wanted %v", request.Header(), want)
		}
		if request.Method() != "POST" || request.Path() != "/callcentre/api/v3/addBatchCall" || request.RequestID() != testID {
			t.Error(request)
		}
		if request.Header().Get("requestID") != testID || request.Header().Get("createTs") != "1726200000" {
			t.Error("Header().Get does not find the API's own names")
		}
	}
}

func TestRequestDoesNotChange(t *testing.T) {
	batch := newBatch(t, nil, someOrders(0, 2)...)
	request := build(t, batch)
	body, header := string(request.Body()), request.Header().Clone()
	request.Body()[0] = 'x'
	request.Header().Set("sign", "x")
	request.Header()["Uuid"][0] = "x"
	sent, err := request.HTTPRequest(context.Background(), "http://example.com")
	if err != nil {
		t.Fatal(err)
	}
	sent.Header.Set("sign", "x")
	sent.Header["Uuid"][0] = "x"
	batch.Clear()
	if err := batch.Add(someOrders(50, 3)...); err != nil {
		t.Fatal(err)
	}
	if string(request.Body()) != body || !reflect.DeepEqual(request.Header(), header) {
		t.Error("the request changed")
	}
}

func TestFreshIDAndTime(t *testing.T) {
	signer := newSigner(t, MD5)
	batch := newBatch(t, nil, someOrders(0, 1)...)
	request := build(t, batch)
	seen := map[string]bool{}
	for range 50 {
		before := time.Now().Unix()
		built, err := batch.Build(signer)
		if err != nil {
			t.Fatal(err)
		}
		again, err := request.SignAgain(signer)
		if err != nil {
			t.Fatal(err)
		}
		after := time.Now().Unix()
		for _, request := range []*Request{built, again} {
			id := request.RequestID()
			if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(id) || seen[id] {
				t.Errorf("request id %q", id)
			}
			seen[id] = true
			createTs := request.Header().Get("createTs")
			seconds, err := strconv.ParseInt(createTs, 10, 64)
			if err != nil || seconds < before || seconds > after {
				t.Errorf("createTs %q, %v; wanted %d to %d", createTs, err, before, after)
			}
			want := referenceSign(MD5, testSecret, testUUID, id, createTs, string(request.Body()))
			if request.Header().Get("sign") != want {
				t.Error("the signature is wrong")
			}
		}
	}
}

func TestBuildRefuses(t *testing.T) {
	signer := newSigner(t, MD5)
	batch := newBatch(t, nil, someOrders(0, 1)...)
	first := build(t, batch)
	for _, c := range []struct {
		id     string
		time   time.Time
		status Status
		code   string
	}{
		{"a b", testTime, ErrRequestID, "request_id_character"},
		{strings.Repeat("a", 129), testTime, ErrRequestID, "request_id_too_long"},
		{"\xff", testTime, ErrNotUTF8, "not_utf8"},
		{testID, time.Unix(0, 999), ErrCreateTs, "create_ts_zero"},
		{testID, time.Unix(-5, 0), ErrCreateTs, "create_ts_negative"},
		{testID, time.Unix(testTime.UnixMilli(), 0), ErrCreateTs, "create_ts_milliseconds"},
	} {
		request, err := batch.Build(signer, WithRequestID(c.id), At(c.time))
		built := wantError(t, err, c.status, c.code)
		again, err := first.SignAgain(signer, WithRequestID(c.id), At(c.time))
		wantError(t, err, c.status, c.code)
		if request != nil || again != nil {
			t.Errorf("%s: a request was returned", c.code)
		}
		// The errors of this package's own checks equal those of the library.
		_, err = signer.Sign(c.id, c.time, nil)
		if signed := wantError(t, err, c.status, c.code); !reflect.DeepEqual(signed, built) {
			t.Errorf("%v, and Sign says %v", built, signed)
		}
	}
}

// The messages of this package's own checks are those of the library.
func TestMessagesOfTheLibrary(t *testing.T) {
	signer := newSigner(t, MD5)
	_, err := signer.Sign(testID, time.Time{}, nil)
	zero := wantError(t, err, ErrCreateTs, "create_ts_zero")
	verifier, err := NewVerifier(signer)
	if err != nil {
		t.Fatal(err)
	}
	defer verifier.Close()
	_, err = verifier.VerifyCallback(http.Header{}, nil, At(time.Unix(0, 1)))
	now := wantError(t, err, ErrCreateTs, "create_ts_zero")
	if zero.Message != zeroTimeMessage || now.Message != "now: "+zeroTimeMessage {
		t.Errorf("%q and %q; wanted %q", zero.Message, now.Message, zeroTimeMessage)
	}

	// The library's functions that Go calls cannot return the other messages.
	for path, messages := range map[string][]string{
		"../src/abi/failure.rs": {
			`"` + noRandomMessage + `"`,
			`"{name}` + clockMessage + `"`,
			`"internal error in callbot; please report it"`,
		},
	} {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		// A string literal of Rust continues after a backslash without the next line's indentation.
		text := regexp.MustCompile(`\\\n\s*`).ReplaceAllString(string(source), "")
		for _, message := range messages {
			if !strings.Contains(text, message) {
				t.Errorf("%s does not have %s", path, message)
			}
		}
	}
}

// SignAgain returns the same as building the batch again, for another account too.
func TestSignAgain(t *testing.T) {
	batch := newBatch(t, nil, someOrders(0, 3)...)
	first := build(t, batch)
	header := first.Header()
	other, err := NewSigner("another-account", "another key", SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for _, signer := range []*Signer{newSigner(t, MD5), other} {
		later := testTime.Add(90 * time.Second)
		again, err := first.SignAgain(signer, WithRequestID("second-try"), At(later))
		if err != nil {
			t.Fatal(err)
		}
		want, err := batch.Build(signer, WithRequestID("second-try"), At(later))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again, want) {
			t.Errorf("%v; wanted %v", again.Header(), want.Header())
		}
	}
	if !reflect.DeepEqual(first.Header(), header) {
		t.Error("the first request changed")
	}
	var zero Request
	_, err = zero.SignAgain(other)
	wantError(t, err, ErrClosed, "closed")
	_, err = zero.HTTPRequest(context.Background(), "http://example.com")
	wantError(t, err, ErrClosed, "closed")
}

// An HTTP client sends the request to an HTTP server, which checks it.
func TestHTTP(t *testing.T) {
	signer := newSigner(t, MD5)
	request := build(t, newBatch(t, nil, oddOrders()...))
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		sign := referenceSign(MD5, testSecret, r.Header.Get("uuid"), r.Header.Get("requestID"), r.Header.Get("createTs"), string(body))
		switch {
		case err != nil:
			t.Error(err)
		case r.Method != "POST" || r.ContentLength != int64(len(body)) || len(r.TransferEncoding) != 0:
			t.Error(r.Method, r.ContentLength, r.TransferEncoding)
		case string(body) != string(request.Body()):
			t.Error("the received body differs")
		case r.Header.Get("sign") != sign:
			t.Error("the signature is wrong")
		}
		for name := range request.Header() {
			if !reflect.DeepEqual(r.Header[name], request.Header()[name]) {
				t.Errorf("%s: received %q", name, r.Header[name])
			}
		}
		if encodings := r.Header["Accept-Encoding"]; !reflect.DeepEqual(encodings, []string{"identity"}) {
			t.Errorf("Accept-Encoding is %q", encodings)
		}
		paths = append(paths, r.URL.Path)
		fmt.Fprint(w, `{"retCode":0}`)
	}))
	defer server.Close()
	for _, suffix := range []string{"", "/", "//", "/proxy/nx", "/proxy/nx/"} {
		sent, err := request.HTTPRequest(context.Background(), server.URL+suffix)
		if err != nil {
			t.Fatal(err)
		}
		response, err := server.Client().Do(sent)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != 200 || string(answer) != `{"retCode":0}` {
			t.Error(response.Status, string(answer), err)
		}
		if request, err = request.SignAgain(signer); err != nil {
			t.Fatal(err)
		}
	}
	path := request.Path()
	want := []string{path, path, path, "/proxy/nx" + path, "/proxy/nx" + path}
	if !reflect.DeepEqual(paths, want) {
		t.Errorf("%q; wanted %q", paths, want)
	}
}

// The body of a response arrives as it was sent, also if it is compressed in spite of the request.
func TestHTTPRequestIsNotDecompressed(t *testing.T) {
	request := build(t, newBatch(t, nil, someOrders(0, 1)...))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		writer := gzip.NewWriter(w)
		_, _ = io.WriteString(writer, `{"retCode":0}`)
		writer.Close()
	}))
	defer server.Close()
	sent, err := request.HTTPRequest(context.Background(), server.URL)
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(sent)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.Uncompressed || !strings.HasPrefix(string(answer), "\x1f\x8b") {
		t.Errorf("%v %q %v", response.Uncompressed, answer, err)
	}
	if _, there := request.Header()["Accept-Encoding"]; there {
		t.Error("Header returns a header that is not the API's")
	}
}

func TestHTTPRequestTakesTheContext(t *testing.T) {
	request := build(t, newBatch(t, nil, someOrders(0, 1)...))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	sent, err := request.HTTPRequest(ctx, "http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := http.DefaultClient.Do(sent); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	var none context.Context
	if _, err := request.HTTPRequest(none, "http://example.com"); err == nil || !strings.Contains(err.Error(), "context") {
		t.Error(err)
	}
}

func TestBaseURLs(t *testing.T) {
	request := build(t, newBatch(t, nil, someOrders(0, 1)...))
	_, err := request.HTTPRequest(context.Background(), "https://example.com/\xff")
	wantError(t, err, ErrNotUTF8, "not_utf8")
	for url, code := range map[string]string{
		"":                            "url_empty",
		"nxbot.nxcloud.com":           "url_not_absolute",
		"localhost:8080":              "url_not_absolute",
		"//example.com":               "url_not_absolute",
		"ftp://example.com":           "url_scheme",
		"http://":                     "url_no_host",
		"http:///x":                   "url_no_host",
		"http://example.com:99999":    "url_port",
		"https://example.com/#x":      "url_fragment",
		"https://example.com/?a=b":    "base_url_query",
		"https://example.com?":        "base_url_query",
		"https://example.com/a b":     "url_character",
		"https://example.com/\n":      "url_character",
		"https://例.com":               "url_host_not_ascii",
		"https://https://example.com": "url_scheme_as_host",
		"https://example.com/callcentre/api/v3/stopOrder": "base_url_path",
		"https://u:hunter2@a.com/%zz":                     "url_syntax",
		"https://u:hunter2@[v1.x]/":                       "url_ipv6",
	} {
		sent, err := request.HTTPRequest(context.Background(), url)
		wantError(t, err, ErrBaseURL, code)
		if sent != nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", url, err)
		}
	}
	for _, url := range []string{"https://nxbot.nxcloud.com", "HTTP://[::1]:80/", "http://u:p@example.com:8080/a%20b"} {
		sent, err := request.HTTPRequest(context.Background(), url)
		if err != nil {
			t.Errorf("%q: %v", url, err)
		} else if !strings.HasSuffix(sent.URL.String(), request.Path()) {
			t.Errorf("%q became %q", url, sent.URL)
		}
	}
}

func TestRequestIsNotPrinted(t *testing.T) {
	request := build(t, newBatch(t, nil, Order{OrderID: "1", UserPhone: "8613812345678", UserName: "Wang Fang"}))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text := fmt.Sprintf(verb, request) + fmt.Sprintf(verb, *request) + fmt.Sprintf(verb, []*Request{request})
		if strings.Contains(text, "13812345678") || strings.Contains(text, "Wang") || !strings.Contains(text, testID) {
			t.Errorf("%s: %s", verb, text)
		}
	}
}

func TestPhones(t *testing.T) {
	for text, code := range map[string]string{
		"8613800000001":    "",
		"":                 "phone_empty",
		"+8613800000001":   "phone_plus",
		"86 13800000001":   "phone_blank",
		"8.6138E+12":       "phone_spreadsheet",
		"0613800000001":    "phone_leading_zero",
		"8613800000001234": "phone_too_long",
	} {
		err := CheckPhone(text)
		if code == "" {
			if err != nil {
				t.Errorf("%q: %v", text, err)
			}
			continue
		}
		wantError(t, err, ErrPhone, code)
	}
	for text, want := range map[string]string{
		"+86 156-1234-5678":      "8615612345678",
		"+44 (0)20 7946 0958":    "442079460958",
		"+123456789012345":       "123456789012345",
		"\u200e+86 15612345678 ": "8615612345678",
	} {
		if digits, err := PhoneFromTyped(text); err != nil || digits != want {
			t.Errorf("%q: %q, %v; wanted %q", text, digits, err, want)
		}
	}
	digits, err := PhoneFromTyped("156 1234 5678")
	wantError(t, err, ErrPhone, "phone_no_country_code")
	if digits != "" {
		t.Error(digits)
	}
	wantError(t, CheckPhone("\xff"), ErrNotUTF8, "not_utf8")
	_, err = PhoneFromTyped("\xff")
	wantError(t, err, ErrNotUTF8, "not_utf8")
}

func TestNewRequest(t *testing.T) {
	for _, algorithm := range []Algorithm{MD5, SHA256} {
		signer := newSigner(t, algorithm)
		for _, path := range []string{"/", "/callcentre/api/v3/routeList", "/a//b?c=d&e=%20/"} {
			for _, body := range []string{"", "{}", "\x00\xff\n"} {
				request, err := NewRequest(signer, path, []byte(body), WithRequestID(testID), At(testTime))
				if err != nil {
					t.Fatal(err)
				}
				if request.Method() != "POST" || request.Path() != path || request.Endpoint() != "" || string(request.Body()) != body {
					t.Error(request)
				}
				if want := (Sent{RequestID: testID, UUID: testUUID, Algorithm: algorithm}); request.Sent() != want {
					t.Errorf("%+v; wanted %+v", request.Sent(), want)
				}
				if request.Header().Get("sign") != referenceSign(algorithm, testSecret, testUUID, testID, "1726200000", body) {
					t.Error("the signature is wrong")
				}
				sent, err := request.HTTPRequest(context.Background(), "https://example.com/proxy/")
				if err != nil || sent.URL.String() != "https://example.com/proxy"+path {
					t.Error(sent, err)
				}
				again, err := request.SignAgain(signer, WithRequestID("again"), At(testTime))
				if err != nil || again.Path() != path || again.Endpoint() != "" || again.Sent().RequestID != "again" {
					t.Error(again, err)
				}
				header, err := SignResponse(signer, again.Sent(), []byte("{}"), At(testTime))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := newVerifier(t, signer).VerifyResponse(again.Sent(), header, []byte("{}"), At(testTime)); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

func TestNewRequestRefuses(t *testing.T) {
	signer := newSigner(t, MD5)
	for path, code := range map[string]string{
		"":                     "path_no_slash",
		"callcentre/api":       "path_no_slash",
		"https://example.com/": "path_no_slash",
		"//example.com/":       "path_slashes",
		`/\example.com/`:       "path_slashes",
		"/a b":                 "path_character",
		"/a#b":                 "path_character",
		"/王":                   "path_character",
	} {
		request, err := NewRequest(signer, path, nil, WithRequestID(testID), At(testTime))
		wantError(t, err, ErrPath, code)
		if request != nil {
			t.Error("a request was returned")
		}
	}
	_, err := NewRequest(signer, "/\xff", nil, WithRequestID(testID), At(testTime))
	wantError(t, err, ErrNotUTF8, "not_utf8")
	_, err = NewRequest(signer, "/", nil, WithRequestID("a b"), At(testTime))
	wantError(t, err, ErrRequestID, "request_id_character")
	_, err = NewRequest(signer, "/", nil, WithRequestID(testID), At(time.Unix(-1, 0)))
	wantError(t, err, ErrCreateTs, "create_ts_negative")
	signer.Close()
	for _, signer := range []*Signer{nil, {}, signer} {
		_, err = NewRequest(signer, "/", nil, WithRequestID(testID), At(testTime))
		wantError(t, err, ErrClosed, "closed")
	}
	request, err := NewRequest(newSigner(t, MD5), "/", nil)
	if err != nil || len(request.RequestID()) != 32 {
		t.Error(request, err)
	}
}
