package callbot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestExtra(t *testing.T) {
	const sent = `{"b":[1, 2],"\u0061\n":"王芳","text":null}`
	var extra Extra
	if err := json.Unmarshal([]byte(sent), &extra); err != nil {
		t.Fatal(err)
	}
	same(t, extra, raws("b", "[1, 2]", "a\n", `"王芳"`, "text", "null"))
	if value, ok := extra.Get("a\n"); !ok || string(value) != `"王芳"` {
		t.Errorf("%s, %v", value, ok)
	}
	if value, ok := extra.Get("c"); ok || value != nil {
		t.Errorf("%s, %v", value, ok)
	}
	var all strings.Builder
	for key, value := range extra.All() {
		if key == "text" {
			break
		}
		fmt.Fprintf(&all, "%s=%s;", key, value)
		value[0] = 'x' // it is a copy
	}
	if all.String() != "b=[1, 2];a\n=\"王芳\";" || extra.Len() != 3 {
		t.Error(all.String(), extra.Len())
	}
	written, err := json.Marshal(extra)
	if err != nil || string(written) != `{"b":[1,2],"a\u000a":"王芳","text":null}` {
		t.Errorf("%s, %v", written, err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if printed := fmt.Sprintf(verb, extra); printed != "callbot.Extra{3 fields}" {
			t.Errorf("%s prints %s", verb, printed)
		}
	}
	if logged := extra.LogValue().String(); logged != "callbot.Extra{3 fields}" {
		t.Error(logged)
	}
}

func TestEmptyExtra(t *testing.T) {
	for _, sent := range []string{"null", "{}"} {
		extra := raws("a", "1")
		if err := json.Unmarshal([]byte(sent), &extra); err != nil || extra != (Extra{}) || extra.Len() != 0 {
			t.Error(extra, err)
		}
	}
	if written, err := json.Marshal(CallCallback{}.Extra); err != nil || string(written) != "null" {
		t.Errorf("%s, %v", written, err)
	}
	var extra Extra
	wantError(t, json.Unmarshal([]byte(`{"a":1,"a":1}`), &extra), ErrContent, "content_repeated")
	wantError(t, json.Unmarshal([]byte(`[]`), &extra), ErrContent, "content_json")
	for range extra.All() {
		t.Error("it has a field")
	}
}
