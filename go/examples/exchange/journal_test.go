package main

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"callbot"
)

const firstRun = "task\n" +
	"sent\taddBatchCall\tr-1\tu\tMD5\ta\tb\n" +
	"answered\tr-1\taccepted\trefused provider\n" +
	"sent\taddBatchCall\tr-2\tu\tMD5\tc\td\n" +
	"answered\tr-2\tagain\tagain\n" +
	"sent\taddBatchCall\tr-3\tu\tMD5\tc\n"

// reopened opens a journal that an earlier run has left.
func reopened(t *testing.T, text string) (*journal, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "journal")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := openJournal(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(j.close)
	return j, name
}

func TestJournalTellsWhatAnEarlierRunSent(t *testing.T) {
	j, _ := reopened(t, firstRun)
	expected := map[string]result{
		"a": accepted, "b": refused("provider"), "c": unknown("interrupted"), "d": again,
	}
	if !j.hasTask || !maps.Equal(j.results, expected) {
		t.Errorf("%v %v", j.hasTask, j.results)
	}
}

func TestJournalDropsALineThatIsNotWhole(t *testing.T) {
	for _, rest := range []string{"s", "sent\taddBatchCall\tr-4\tu\tMD5\te", "answered\tr-3\taccepted"} {
		j, name := reopened(t, firstRun+rest)
		if j.results["c"] != unknown("interrupted") || j.results["e"] != "" {
			t.Errorf("%v", j.results)
		}
		if err := j.sent(callbot.Sent{Endpoint: "addBatchCall", RequestID: "r-5", UUID: "u", Algorithm: callbot.SHA256}, []string{"d"}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(name)
		if expected := firstRun + "sent\taddBatchCall\tr-5\tu\tSHA256\td\n"; err != nil || string(text) != expected {
			t.Errorf("%q %v", text, err)
		}
	}
}

func TestJournalOfSomethingElseIsRefused(t *testing.T) {
	for _, text := range []string{"other\n", "sent\taddBatchCall\n", "answered\tr-1\taccepted\n", "\n"} {
		name := filepath.Join(t.TempDir(), "journal")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := openJournal(name); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
