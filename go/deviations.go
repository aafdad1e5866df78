package callbot

import (
	"slices"
	"strconv"
	"strings"
)

// Deviations are the places where what was sent is not what the API's page says. They are no reason
// to refuse a message, and unknown fields are none. A field that is known from an example only is
// one if it has another type than there, but not if it is missing or null.
type Deviations struct {
	// List has the first 100 of them, in the order of the body.
	List []Deviation
	// Count is the number of all.
	Count int
}

// Deviation is one such place. It shows no value.
type Deviation struct {
	// Path is a JSON Pointer (RFC 6901) into the body, such as "/userName". It is empty for the
	// whole body.
	Path string
	// Message is what was expected, such as "expected a string, found null" or "missing".
	Message string
}

// String returns the path and the message.
func (d Deviation) String() string { return d.Path + ": " + d.Message }

// maxDeviations is the number of deviations that are listed.
const maxDeviations = 100

// deviationList collects deviations. A nil list collects none.
type deviationList struct {
	found []foundDeviation
	count int
}

// foundDeviation is a deviation whose pointer is not written yet.
type foundDeviation struct {
	offset  int    // of a value in the body
	key     string // of its member, if that is missing
	message string
}

func (l *deviationList) add(offset int, key, message string) {
	if l == nil {
		return
	}
	l.count++
	if len(l.found) < maxDeviations {
		l.found = append(l.found, foundDeviation{offset, key, message})
	}
}

// missing adds a key that an object does not have.
func (l *deviationList) missing(object int, key string) { l.add(object, key, "missing") }

// wrongType adds a value that does not have the type of its field.
func (l *deviationList) wrongType(offset int, f *field, body string) {
	if l != nil {
		l.add(offset, "", "expected "+f.expected()+", found "+typeAt(body, offset))
	}
}

// typeAt names the type of a value.
func typeAt(body string, offset int) string {
	switch body[offset] {
	case '"':
		return "a string"
	case '{':
		return "an object"
	case '[':
		return "an array"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

// of writes the pointers.
func (l *deviationList) of(body string) Deviations {
	offsets := make([]int, len(l.found))
	for i, found := range l.found {
		offsets[i] = found.offset
	}
	pointers := pointersTo(body, offsets)
	all := Deviations{Count: l.count}
	for _, found := range l.found {
		path := pointers[found.offset]
		if found.key != "" {
			path += "/" + pointerToken.Replace(found.key)
		}
		all.List = append(all.List, Deviation{path, found.message})
	}
	return all
}

var pointerToken = strings.NewReplacer("~", "~0", "/", "~1")

// pointersTo returns the JSON Pointers of the values at these offsets of a valid body. It walks
// through the body once.
func pointersTo(body string, offsets []int) map[int]string {
	wanted := slices.Clone(offsets)
	slices.Sort(wanted)
	pointers := make(map[int]string, len(wanted))
	s := scanner{body: body}
	if strings.HasPrefix(body, byteOrderMark) {
		s.at = len(byteOrderMark)
		pointers[0] = ""
	}
	s.whitespace()
	// The key, or the index, of each value that the scanner is in.
	type step struct {
		key      string
		index    int
		isObject bool
	}
	var steps []step
	pointer := func() string {
		var out strings.Builder
		for _, step := range steps {
			out.WriteByte('/')
			if step.isObject {
				out.WriteString(pointerToken.Replace(step.key))
			} else {
				out.WriteString(strconv.Itoa(step.index))
			}
		}
		return out.String()
	}
	enter := func() {
		last := &steps[len(steps)-1]
		if last.isObject {
			raw, flags, _ := s.key()
			last.key = text(raw, flags)
		}
	}
	for len(wanted) > 0 && s.at < len(body) {
		for len(wanted) > 0 && wanted[0] <= s.at {
			if wanted[0] == s.at {
				pointers[s.at] = pointer()
			}
			wanted = wanted[1:]
		}
		c := s.peek()
		switch {
		case c == '{' || c == '[':
			s.next(c)
			if s.peek() != '}' && s.peek() != ']' {
				steps = append(steps, step{isObject: c == '{'})
				enter()
				continue
			}
			s.at++
		case !s.scalar():
			return pointers
		}
		for s.whitespace(); len(steps) > 0; s.whitespace() {
			if s.next(',') {
				steps[len(steps)-1].index++
				enter()
				break
			}
			s.at++ // the bracket
			steps = steps[:len(steps)-1]
		}
	}
	return pointers
}

// contentError is the error for a body that cannot be read.
func contentError(code, message string) error {
	return &Error{Status: ErrContent, Code: code, Message: message}
}

func notOneObject(body string, at int) error {
	at = min(at, len(body))
	line := 1 + strings.Count(body[:at], "\n")
	column := at - strings.LastIndexByte(body[:at], '\n')
	return contentError("content_json", "the body is not a single JSON object (line "+strconv.Itoa(line)+", column "+
		strconv.Itoa(column)+")")
}

func duplicateKey(body string, object int) error {
	message := "duplicate key in the body"
	if pointer := pointersTo(body, []int{object})[object]; pointer != "" {
		message = "duplicate key in " + pointer
	}
	return contentError("content_repeated", message)
}
