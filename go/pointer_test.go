package callbot

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// A key that no page lists may be a name or a phone number. No error and no deviation shows it.
func TestUnknownKeysAreNotShown(t *testing.T) {
	for _, key := range []string{"zhangwei", "8613800000001", "王芳", "Finish", "order", "", "a/b", `zh\u0061ngwei`, `zhang\ud800`} {
		for members, pointer := range map[string]string{
			`"` + key + `":{"a":%}`:                                "",
			`"8613800000002":{"` + key + `":{"callInfoDetail":%}}`: "",
			`"callInfoDetail":{"` + key + `":[{"callID":%}]}`:      "/callInfoDetail",
			`"callInfoDetail":{"sms":[0,{"` + key + `":%}]}`:       "/callInfoDetail/sms/1",
			`"other":[[{"agent":{"` + key + `":%}}]]`:              "/other/0/0/agent",
		} {
			body := func(value string) string {
				return strings.TrimSuffix(callBody, `,"finish":true,"other":"secret note"}`) + "," + strings.Replace(members, "%", value, 1) + "}"
			}
			duplicate := body(`{"b":1,"b":2}`)
			_, err := verify(t, duplicate).CallCallback()
			wantDuplicate(t, err, cmp.Or(pointer, "the body"), duplicate)
			found, err := ReadDeviations[CallCallback](verify(t, body(`["\ud800",{"\ud800":0}]`)))
			if err != nil {
				t.Fatal(err)
			}
			halves := 0
			for _, deviation := range found.List {
				if strings.HasPrefix(deviation.Message, "half") {
					halves++
					if deviation.Path != pointer {
						t.Errorf("%s: %v; wanted %s", body(""), deviation, pointer)
					}
				}
			}
			if halves < 2 {
				t.Error(found)
			}
		}
	}
	body := `{"8613800000001":{"zhangwei":{"a":1,"a":2}}}`
	_, err := verify(t, body).CallCallback()
	wantDuplicate(t, err, "the body", body)
}

// The known keys are those of the tables.
func TestKnownKeys(t *testing.T) {
	api := readAPI(t)
	wanted := map[string]bool{}
	var add func(table apiTable)
	add = func(table apiTable) {
		for _, row := range table.Rows {
			wanted[row.Key] = true
			if row.Object != nil {
				add(*row.Object)
			}
		}
	}
	for _, tables := range []map[string]apiTable{api.Responses, api.Callbacks} {
		for _, table := range tables {
			add(table)
		}
	}
	planOf(reflect.TypeFor[sample]()).addKeys(wanted) // of the tests
	if !reflect.DeepEqual(knownKeys(), wanted) {
		t.Error(knownKeys(), wanted)
	}
	for _, readers := range []map[string]contentReader{responseReaders, callbackReaders} {
		for name, reader := range readers {
			if !slices.Contains(contentTypes, reader.of) {
				t.Errorf("the keys of %q are not known", name)
			}
		}
	}
}
