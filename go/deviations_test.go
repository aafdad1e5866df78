package callbot

import (
	"slices"
	"strings"
	"testing"
)

func deviationsOf(t *testing.T, body string) Deviations {
	t.Helper()
	list := &deviationList{}
	if err := readBody(body, new(sample), list); err != nil {
		t.Fatal(err)
	}
	return list.of(body)
}

func TestDeviations(t *testing.T) {
	for body, want := range map[string][]string{
		`{"id":"","pointed":""}`:                                {},
		`{"id":"","pointed":"","text":null,"inner":null,"x":1}`: {},
		`{"id":""}`:                                      {"/pointed: missing"},
		`{"id":"","pointed":null}`:                       {"/pointed: expected a string, found null"},
		`{"id":"","pointed":{"a":1}}`:                    {"/pointed: expected a string, found an object"},
		`{"id":"","pointed":"","text":1}`:                {"/text: expected a string, found a number"},
		`{"id":"","pointed":"","number":"1"}`:            {"/number: expected an integer, found a string"},
		`{"id":"","pointed":"","number":1.5,"rate":"1"}`: {"/number: expected an integer, found a number", "/rate: expected a number, found a string"},
		`{"id":"","pointed":"","flag":"true"}`:           {"/flag: expected a boolean, found a string"},
		`{"id":"","pointed":"","inner":true,"rows":{}}`:  {"/inner: expected an object, found a boolean", "/rows: expected an array, found an object"},
		`{"id":"","pointed":"","inner":{}}`:              {"/inner/e: missing"},
		`{"id":"","pointed":"","rows":[{"e":1},{},[]]}`:  {"/rows/1/e: missing", "/rows/2: expected an object, found an array"},
		`{"id":"","pointed":"\ud800"}`:                   {"/pointed: half of a surrogate pair, read as U+FFFD"},
		`{"id":"","pointed":"","~a/b":{"\udc00":[1,"\ud800"],"id":[0,"\ud800"]}}`: {
			"/~0a~1b: half of a surrogate pair, read as U+FFFD", "/~0a~1b: half of a surrogate pair, read as U+FFFD",
			"/~0a~1b/id/1: half of a surrogate pair, read as U+FFFD",
		},
		"\ufeff" + `{"id":"","pointed":""}`: {"byte-order mark before the body, skipped"},
	} {
		deviations := deviationsOf(t, body)
		found := []string{}
		for _, deviation := range deviations.List {
			found = append(found, deviation.String())
		}
		if !slices.Equal(found, want) || deviations.Count != len(want) {
			t.Errorf("%s: %q, %d; wanted %q", body, found, deviations.Count, want)
		}
	}
	many := deviationsOf(t, `{"id":"","pointed":"","rows":[{"e":""}`+strings.Repeat(`,{"e":""}`, 149)+`]}`)
	if many.Count != 150 || len(many.List) != 100 || many.List[99].Path != "/rows/99/e" {
		t.Error(many.Count, len(many.List))
	}
}

func TestReadDeviations(t *testing.T) {
	deviations, err := ReadDeviations[CallCallback](verify(t, strings.Replace(callBody, `"王芳"`, "null", 1)))
	if err != nil || deviations.Count != 1 || deviations.List[0].String() != "/userName: expected a string, found null" {
		t.Error(deviations, err)
	}
	_, err = ReadDeviations[TaskCallback](verify(t, callBody))
	wantError(t, err, ErrContent, "content_missing")
	_, err = ReadDeviations[CallCallback](nil)
	wantError(t, err, ErrClosed, "closed")
	for _, c := range []struct {
		written string
		count   int
	}{{`1`, 1}, {`"1"`, 0}} {
		body := strings.Replace(callBody, `"callbackType":1`, `"callbackType":`+c.written, 1)
		deviations, err := ReadDeviations[OrderCallback](verify(t, body))
		if err != nil || deviations.Count != c.count {
			t.Error(c, deviations, err)
		}
		deviations, err = ReadDeviations[CallCallback](verify(t, body))
		if err != nil || deviations.Count != 1-c.count {
			t.Error(c, deviations, err)
		}
	}
}
