package callbot

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

var pointerToken = strings.NewReplacer("~", "~0", "/", "~1")

// maxPointer is the length of the longest pointer that is written.
const maxPointer = 1024

// pointersTo returns the JSON Pointers of the values at these offsets of a valid body. It walks
// through the body once.
//
// A pointer ends before the first key that is not known, and before it would be too long. It is
// then that of an outer value, so that nothing needs to be remembered of what is nested in it.
func pointersTo(body string, offsets []int) map[int]string {
	wanted := slices.Clone(offsets)
	slices.Sort(wanted)
	w := pointerWriter{scanner: scanner{body: body}, wanted: wanted, pointers: make(map[int]string, len(wanted))}
	if strings.HasPrefix(body, byteOrderMark) {
		w.at = len(byteOrderMark)
	}
	w.whitespace()
	isNamed := true
	for len(w.wanted) > 0 && w.at < len(body) {
		w.write(w.at)
		c := w.peek()
		switch {
		case c != '{' && c != '[':
			if !w.scalar() {
				return w.pointers
			}
		case !isNamed:
			w.at = endOf(body, w.at+1)
			w.write(w.at - 1)
		default:
			w.next(c)
			if w.peek() != '}' && w.peek() != ']' {
				w.steps = append(w.steps, pointerStep{outside: len(w.pointer), isObject: c == '{'})
				isNamed = w.enter()
				continue
			}
			w.at++
		}
		for w.whitespace(); len(w.steps) > 0; w.whitespace() {
			if w.next(',') {
				w.steps[len(w.steps)-1].index++
				isNamed = w.enter()
				break
			}
			w.at++ // the bracket
			w.steps = w.steps[:len(w.steps)-1]
		}
	}
	return w.pointers
}

// pointerWriter walks through a body.
type pointerWriter struct {
	scanner
	wanted   []int // offsets, in their order
	pointers map[int]string
	pointer  []byte
	steps    []pointerStep
}

// pointerStep is an array or object that the writer is in.
type pointerStep struct {
	outside  int // the length of its own pointer
	index    int
	isObject bool
}

// write writes the pointer for the offsets that are wanted, up to this one.
func (w *pointerWriter) write(last int) {
	for len(w.wanted) > 0 && w.wanted[0] <= last {
		w.pointers[w.wanted[0]] = string(w.pointer)
		w.wanted = w.wanted[1:]
	}
}

// enter goes to the next value of the innermost array or object. It reports whether the value has a
// pointer of its own.
func (w *pointerWriter) enter() bool {
	last := w.steps[len(w.steps)-1]
	w.pointer = w.pointer[:last.outside]
	token := ""
	if last.isObject {
		raw, flags, _ := w.key()
		token = text(raw, flags)
		if !knownKeys()[token] {
			return false
		}
		token = pointerToken.Replace(token)
	} else {
		token = strconv.Itoa(last.index)
	}
	if len(w.pointer)+1+len(token) > maxPointer {
		return false
	}
	w.pointer = append(append(w.pointer, '/'), token...)
	return true
}

// contentTypes are the types of [Content].
var contentTypes = []reflect.Type{
	reflect.TypeFor[CallCallback](), reflect.TypeFor[OrderCallback](), reflect.TypeFor[TaskCallback](), reflect.TypeFor[Envelope](),
	reflect.TypeFor[AddBatchResponse](), reflect.TypeFor[ImportBatchResponse](), reflect.TypeFor[ExportBatchResponse](),
	reflect.TypeFor[StopOrderResponse](), reflect.TypeFor[CreateTaskResponse](), reflect.TypeFor[CreateAndCallResponse](),
	reflect.TypeFor[UpdateTaskResponse](), reflect.TypeFor[MgrTaskStatusResponse](), reflect.TypeFor[ListTaskResponse](),
	reflect.TypeFor[ListOrderResponse](), reflect.TypeFor[ListCallResponse](), reflect.TypeFor[ListOrderDetailResponse](),
	reflect.TypeFor[PingResponse](),
}

// knownKeys returns the keys of all content types. Any other key may be a name or a phone number.
var knownKeys = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, of := range contentTypes {
		planOf(of).addKeys(known)
	}
	return known
})

// addKeys adds the keys of a type and of what is nested in it.
func (p *plan) addKeys(to map[string]bool) {
	for _, f := range p.fields {
		to[f.key] = true
		if f.element != nil {
			f.element.addKeys(to)
		}
	}
}
