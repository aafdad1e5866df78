package callbot

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestExplain(t *testing.T) {
	signer := newSigner(t, MD5)
	const body, spaced = `{"a":1,"b":[2]}`, `{"a": 1, "b": [2]}`
	right := referenceSign(MD5, testSecret, testUUID, testID, "1726200000", body)
	header := http.Header{}
	header.Set("requestID", testID)
	header.Set("uuid", testUUID)
	for _, c := range []struct {
		sign, createTs, body string
		received             bool
		want                 string
	}{
		{right, "1726200000", body, false, "matches"},
		{strings.ToLower(right), "1726200000", body, true, "matches"},
		{strings.ToLower(right), "1726200000", body, false, "lower_case"},
		{right, "1726200000", spaced, false, "body_separators"},
		{right, "1726200007", spaced, false, "body_separators create_ts_other"},
		{right, "", body, false, "create_ts_missing"},
		{strings.Repeat("0", 32), "1726200000", body, false, ""},
	} {
		header.Set("sign", c.sign)
		header.Del("createTs")
		if c.createTs != "" {
			header.Set("createTs", c.createTs)
		}
		explanation, err := signer.Explain(header, []byte(c.body), c.received, At(testTime.Add(time.Minute)))
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		if explanation.Matches {
			found = append(found, "matches")
		}
		for _, cause := range explanation.Causes {
			found = append(found, cause.Code)
			if cause.Message == "" || cause.Fix == "" {
				t.Errorf("%+v", cause)
			}
		}
		if got := strings.Join(found, " "); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestExplainRefuses(t *testing.T) {
	signer := newSigner(t, MD5)
	header := http.Header{}
	_, err := signer.Explain(header, nil, false)
	wantError(t, err, ErrHeaders, "header_missing")
	header["Sign"] = []string{"1", "2"}
	_, err = signer.Explain(header, nil, false)
	wantError(t, err, ErrHeaders, "header_repeated")
	header["Sign"] = []string{strings.Repeat("0", 32)}
	_, err = signer.Explain(header, nil, false, At(time.Unix(-1, 0)))
	wantError(t, err, ErrCreateTs, "create_ts_negative")
	for _, signer := range []*Signer{nil, {}} {
		_, err = signer.Explain(header, nil, false)
		wantError(t, err, ErrClosed, "closed")
	}
	// More headers than fit on the stack.
	for i := 0; i < 40; i++ {
		header.Add("X-Other", "1")
	}
	explanation, err := signer.Explain(header, nil, false)
	if err != nil || explanation.Matches || explanation.Causes != nil {
		t.Error(explanation, err)
	}
}
