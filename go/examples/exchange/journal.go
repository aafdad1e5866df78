package main

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"

	"callbot"
)

// result is what became of an order, as the output and the journal have it: "accepted", "refused
// REASON", "unknown REASON", or "again".
type result string

const (
	accepted result = "accepted"
	// again: nothing was taken, so that the order may be sent again.
	again result = "again"
)

func refused(reason string) result { return result("refused " + reason) }

func unknown(reason string) result { return result("unknown " + reason) }

func (r result) isUnknown() bool { return strings.HasPrefix(string(r), "unknown ") }

// journal is a file that tells a later run what this one has sent.
type journal struct {
	file *os.File
	// hasTask: the task exists.
	hasTask bool
	// results of the orders that were sent.
	results map[string]result
}

// openJournal opens a journal, and reads what an earlier run has written.
func openJournal(name string) (*journal, error) {
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	// The program was killed while it wrote the rest: what that says has not been done.
	text = text[:bytes.LastIndexByte(text, '\n')+1]
	if err := file.Truncate(int64(len(text))); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	j := &journal{file: file, results: map[string]result{}}
	sent := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch kind := fields[0]; {
		case kind == "task":
			j.hasTask = true
		case kind == "sent" && len(fields) > 5:
			sent[fields[2]] = fields[5:]
			j.set(fields[5:], slices.Repeat([]result{unknown("interrupted")}, len(fields)-5))
		case kind == "answered" && len(fields) > 2 && len(fields)-2 == len(sent[fields[1]]):
			var results []result
			for _, field := range fields[2:] {
				results = append(results, result(field))
			}
			j.set(sent[fields[1]], results)
		default:
			return nil, errors.Join(errors.New("the journal has a malformed line"), file.Close())
		}
	}
	return j, nil
}

func (j *journal) set(orderIDs []string, results []result) {
	for i, id := range orderIDs {
		j.results[id] = results[i]
	}
}

// created notes that the task exists.
func (j *journal) created() error {
	j.hasTask = true
	return j.write("task")
}

// sent notes the orders of a request that is about to be sent.
func (j *journal) sent(sent callbot.Sent, orderIDs []string) error {
	fields := []string{"sent", sent.Endpoint, sent.RequestID, sent.UUID, sent.Algorithm.String()}
	return j.write(append(fields, orderIDs...)...)
}

// answered notes what became of the orders of a request.
func (j *journal) answered(requestID string, orderIDs []string, results []result) error {
	j.set(orderIDs, results)
	fields := []string{"answered", requestID}
	for _, result := range results {
		fields = append(fields, string(result))
	}
	return j.write(fields...)
}

// write writes a line with one call: if the program is killed, the operating system still has it.
// Where the machine may fail too, Sync of the file belongs here.
func (j *journal) write(fields ...string) error {
	_, err := j.file.WriteString(strings.Join(fields, "\t") + "\n")
	return err
}

func (j *journal) close() { _ = j.file.Close() }
