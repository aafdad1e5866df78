package callbot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Deviations are the places where what was sent is not what the API's page says. They are no reason
// to refuse a message, and unknown fields are none. A field that is known from an example only is
// one if it has another type than there, but not if it is missing or null.
type Deviations struct {
	// List has the first 100 of them: those of fields, in the order of the page, and then half
	// surrogate pairs, in the order of the message.
	List []Deviation
	// Count is the number of all.
	Count int
}

// Deviation is one such place. It shows no value.
type Deviation struct {
	// Path is a JSON Pointer (RFC 6901) into the body, such as "/userName". It is empty for the
	// whole body. It ends before the first key that no type of this package has, since such a key
	// may be a name or a phone number, and before it would be longer than 1,024 bytes.
	Path string
	// Message is what was expected, such as "expected a string, found null" or "missing".
	Message string
}

// String returns the path and the message.
func (d Deviation) String() string {
	if d.Path == "" {
		return d.Message
	}
	return d.Path + ": " + d.Message
}

// maxDeviations is the number of deviations that are listed.
const maxDeviations = 100

// deviationList collects deviations. A nil list collects none.
type deviationList struct {
	fields []foundDeviation
	halves []foundDeviation
	count  int
}

// foundDeviation is a deviation whose pointer is not written yet.
type foundDeviation struct {
	offset int    // of a value in the body
	key    string // of its member, if that is missing
	// What was expected, unless found is the whole message. It is written only for those that are
	// listed, since each would need memory.
	expected string
	found    string
	// Its field in the object that is being read.
	index int
}

func (l *deviationList) add(offset int, key, expected, found string) {
	l.count++
	l.fields = append(l.fields, foundDeviation{offset, key, expected, found, -1})
}

func (l *deviationList) addMark() {
	if l != nil {
		l.add(0, "", "", "byte-order mark before the body, skipped")
	}
}

// addHalf adds a string, or the value of a key, with half of a surrogate pair.
func (l *deviationList) addHalf(offset int) {
	l.count++
	if len(l.halves) < maxDeviations {
		l.halves = append(l.halves, foundDeviation{offset: offset, found: "half of a surrogate pair, read as U+FFFD"})
	}
}

// wrongType adds a value that does not have the type of its field.
func (l *deviationList) wrongType(offset int, f *field, body string) {
	if l == nil {
		return
	}
	found := typeAt(body, offset)
	if f.kind == aNumber && found == "a number" {
		found = "a number that is too large"
	}
	l.add(offset, "", f.expected(), found)
}

func (l *deviationList) wrongRow(offset int, body string) {
	if l != nil {
		l.add(offset, "", "an object", typeAt(body, offset))
	}
}

func (l *deviationList) len() int {
	if l == nil {
		return 0
	}
	return len(l.fields)
}

// isOf says that the deviations from the given one on are in this field.
func (l *deviationList) isOf(from, index int) {
	for i := from; i < l.len(); i++ {
		l.fields[i].index = index
	}
}

// sort sorts the deviations of an object, from the given one on, by the order of the page.
func (l *deviationList) sort(from int) {
	slices.SortStableFunc(l.fields[from:], func(a, b foundDeviation) int { return a.index - b.index })
	l.cut(from)
}

// cut removes what cannot be listed, if all from the given one on follow each other in the list.
func (l *deviationList) cut(from int) {
	if l.len() > from+maxDeviations {
		l.fields = l.fields[:from+maxDeviations]
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
	listed := append(l.fields, l.halves...)
	listed = listed[:min(len(listed), maxDeviations)]
	offsets := make([]int, len(listed))
	for i, found := range listed {
		offsets[i] = found.offset
	}
	pointers := pointersTo(body, offsets)
	all := Deviations{Count: l.count}
	for _, found := range listed {
		path := pointers[found.offset]
		if found.key != "" {
			path += "/" + pointerToken.Replace(found.key)
		}
		message := found.found
		if found.expected != "" {
			message = "expected " + found.expected + ", found " + found.found
		}
		all.List = append(all.List, Deviation{path, message})
	}
	return all
}

// contentError is the error for a body that cannot be read.
func contentError(code, message string) error {
	return &Error{Status: ErrContent, Code: code, Message: message}
}

func notOneObject(body string, at int) error {
	return contentError("content_json", "the body is not a single JSON object ("+placeOf(body, min(at, len(body)))+")")
}

// placeOf returns the line and the column of an offset, both counted from 1, the column in bytes.
func placeOf(body string, at int) string {
	line := 1 + strings.Count(body[:at], "\n")
	column := at - strings.LastIndexByte(body[:at], '\n')
	return "line " + strconv.Itoa(line) + ", column " + strconv.Itoa(column)
}

func (d duplicateKey) error(body string) error {
	object := cmp.Or(pointersTo(body, []int{d.object})[d.object], "the body")
	return contentError("content_repeated", "duplicate key in "+object+" at "+placeOf(body, d.key)+
		" (byte "+strconv.Itoa(d.key)+", counted from 0)")
}
