package callbot

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads strict JSON (RFC 8259) from a string that is UTF-8. It uses no recursion for what
// it skips, and finds duplicate keys in every object.
//
// A method that returns false has found a syntax error, and at is its place. Places are offsets
// into the body, whose pointers are written only if they are needed; see pointersTo.
type scanner struct {
	body string
	at   int
	// The keys of the objects that are open, without those that a struct has a field for.
	keys []span
	// The objects that are open in a value that is skipped.
	objects   []openObject
	duplicate duplicateKey
	// If it is not nil, half surrogate pairs are reported, with the offset of their value.
	halfSurrogate func(offset int)
}

// span is a part of the body.
type span struct{ start, end uint32 }

// duplicateKey is the first key of the body that its object had before.
type duplicateKey struct {
	object, key int // offsets; that of the key is 0, which no key has, if there is none
}

// add remembers a duplicate if it is the first one.
func (d *duplicateKey) add(object, key int) {
	if d.key == 0 || key < d.key {
		*d = duplicateKey{object, key}
	}
}

// openObject is an object that is being skipped.
type openObject struct {
	start uint32 // its offset
	keys  uint32 // how many keys scanner.keys had before it
	// The number of arrays around it, up to the next object. A nested array needs no memory.
	arrays uint32
}

// maxBody is the length of the largest body that is read.
const maxBody = 1<<31 - 1

// peek returns the next byte. It is 0 at the end, which no JSON has outside of a string.
func (s *scanner) peek() byte {
	if s.at < len(s.body) {
		return s.body[s.at]
	}
	return 0
}

// next passes over c and the whitespace after it.
func (s *scanner) next(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	s.whitespace()
	return true
}

func (s *scanner) whitespace() {
	for s.at < len(s.body) {
		switch s.body[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// stringFlags tell what a string has inside.
type stringFlags uint8

const (
	hasEscape stringFlags = 1 << iota
	hasHalfSurrogate
)

// plainByte has the bytes that stand for themselves in a string.
var plainByte = func() (plain [256]bool) {
	for c := range plain {
		plain[c] = c >= ' ' && c != '"' && c != '\\'
	}
	return plain
}()

// string reads a string. raw is what is between its quotation marks.
func (s *scanner) string() (raw string, flags stringFlags, ok bool) {
	if s.peek() != '"' {
		return "", 0, false
	}
	body, start := s.body, s.at+1
	for i := start; i < len(body); i++ {
		c := body[i]
		if plainByte[c] {
			continue
		}
		switch c {
		case '"':
			s.at = i + 1
			return body[start:i], flags, true
		case '\\':
			length, half := escapeAt(body, i)
			if length == 0 {
				s.at = i
				return "", 0, false
			}
			flags |= hasEscape
			if half {
				flags |= hasHalfSurrogate
			}
			i += length - 1
		default: // a control character
			s.at = i
			return "", 0, false
		}
	}
	s.at = len(body)
	return "", 0, false
}

// escapeAt returns the length of the escape sequence at i, a surrogate pair being one, and whether
// it is half of such a pair. The length is 0 for an invalid sequence.
func escapeAt(body string, i int) (length int, half bool) {
	if i+1 >= len(body) {
		return 0, false
	}
	switch body[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, false
	case 'u':
		unit, ok := hexAt(body, i+2)
		switch {
		case !ok:
			return 0, false
		case !utf16.IsSurrogate(unit):
			return 6, false
		case pairAt(body, i, unit) >= 0:
			return 12, false
		}
		return 6, true
	}
	return 0, false
}

// pairAt returns the character of the surrogate pair that begins with unit at i, or -1.
func pairAt(body string, i int, unit rune) rune {
	if strings.HasPrefix(body[i+6:], `\u`) {
		if second, ok := hexAt(body, i+8); ok {
			if pair := utf16.DecodeRune(unit, second); pair != utf8.RuneError {
				return pair
			}
		}
	}
	return -1
}

// hexAt reads four hex digits.
func hexAt(body string, i int) (unit rune, ok bool) {
	if i+4 > len(body) {
		return 0, false
	}
	for _, c := range []byte(body[i : i+4]) {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		unit = unit<<4 | rune(c)
	}
	return unit, true
}

// charAt returns the character at i of a valid raw string, and how many bytes it takes there. Half
// of a surrogate pair is U+FFFD.
func charAt(raw string, i int) (char rune, length int) {
	if raw[i] != '\\' {
		return utf8.DecodeRuneInString(raw[i:])
	}
	length, half := escapeAt(raw, i)
	switch c := raw[i+1]; {
	case half:
		return utf8.RuneError, length
	case length == 12:
		unit, _ := hexAt(raw, i+2)
		return pairAt(raw, i, unit), length
	case c == 'u':
		unit, _ := hexAt(raw, i+2)
		return unit, length
	default:
		return rune(escaped[c]), length
	}
}

// escaped has the characters that the short escape sequences stand for.
var escaped = [256]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// unescape returns the string of a valid raw one.
func unescape(raw string) string {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			i++
			continue
		}
		char, length := charAt(raw, i)
		out = utf8.AppendRune(out, char)
		i += length
	}
	return string(out)
}

// text returns a string as it is meant.
func text(raw string, flags stringFlags) string {
	if flags&hasEscape != 0 {
		return unescape(raw)
	}
	return raw
}

// number passes over a number.
func (s *scanner) number() bool {
	if s.peek() == '-' {
		s.at++
	}
	if s.peek() == '0' {
		s.at++
	} else if !s.digits() {
		return false
	}
	if s.peek() == '.' {
		s.at++
		if !s.digits() {
			return false
		}
	}
	if s.peek()|0x20 == 'e' {
		s.at++
		if c := s.peek(); c == '+' || c == '-' {
			s.at++
		}
		if !s.digits() {
			return false
		}
	}
	return true
}

// digits passes over one or more digits.
func (s *scanner) digits() bool {
	start := s.at
	for c := s.peek(); '0' <= c && c <= '9'; c = s.peek() {
		s.at++
	}
	return s.at > start
}

// literal passes over true, false or null.
func (s *scanner) literal(word string) bool {
	for i := range len(word) {
		if s.peek() != word[i] {
			return false
		}
		s.at++
	}
	return true
}

// scalar passes over a string, a number or a literal.
func (s *scanner) scalar() bool {
	switch s.peek() {
	case '"':
		start := s.at
		_, flags, ok := s.string()
		if flags&hasHalfSurrogate != 0 {
			s.reportHalf(start)
		}
		return ok
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	}
	return s.number()
}

func (s *scanner) reportHalf(offset int) {
	if s.halfSurrogate != nil {
		s.halfSurrogate(offset)
	}
}

// key reads a key and passes over the colon. The scanner is then at the value.
func (s *scanner) key() (raw string, flags stringFlags, ok bool) {
	raw, flags, ok = s.string()
	if !ok {
		return "", 0, false
	}
	s.whitespace()
	if !s.next(':') {
		return "", 0, false
	}
	if flags&hasHalfSurrogate != 0 {
		s.reportHalf(s.at)
	}
	return raw, flags, true
}

// keep keeps a key until its object is closed. start is the offset of its first character.
func (s *scanner) keep(start, length int) {
	if len(s.keys) == cap(s.keys) {
		// A key, its colon and what follows take at least 4 bytes.
		s.keys = grown(s.keys, (len(s.body)-start)/4+1)
	}
	s.keys = append(s.keys, span{uint32(start), uint32(start + length)})
}

// skip passes over a value.
func (s *scanner) skip() bool {
	outside := len(s.objects)
	arrays := uint32(0)
	for {
		switch s.peek() {
		case '[':
			s.next('[')
			if s.peek() != ']' {
				arrays++
				continue
			}
			s.at++
		case '{':
			start := s.at
			s.next('{')
			if s.peek() != '}' {
				s.open(start, arrays)
				arrays = 0
				if !s.skipKey() {
					return false
				}
				continue
			}
			s.at++
		default:
			if !s.scalar() {
				return false
			}
		}
		for closed := true; closed; {
			if arrays == 0 && len(s.objects) == outside {
				return true
			}
			s.whitespace()
			switch {
			case s.next(','):
				if arrays == 0 && !s.skipKey() {
					return false
				}
				closed = false
			case arrays > 0 && s.peek() == ']':
				s.at++
				arrays--
			case arrays == 0 && s.peek() == '}':
				s.at++
				arrays = s.close()
			default:
				return false
			}
		}
	}
}

// pass passes over a value that is known to be valid.
func (s *scanner) pass() {
	if c := s.peek(); c == '{' || c == '[' {
		s.at = endOf(s.body, s.at+1)
	} else {
		s.scalar()
	}
}

// skipKey passes over a key and its colon, and keeps the key.
func (s *scanner) skipKey() bool {
	start := s.at + 1
	raw, _, ok := s.key()
	if ok {
		s.keep(start, len(raw))
	}
	return ok
}

func (s *scanner) open(start int, arrays uint32) {
	if len(s.objects) == cap(s.objects) {
		// An object in another one takes at least 4 bytes for its brace and its key.
		s.objects = grown(s.objects, (len(s.body)-start)/4+1)
	}
	s.objects = append(s.objects, openObject{uint32(start), uint32(len(s.keys)), arrays})
}

// close closes the innermost object that is skipped. It returns the number of arrays around it.
func (s *scanner) close() (arrays uint32) {
	last := s.objects[len(s.objects)-1]
	s.objects = s.objects[:len(s.objects)-1]
	s.closeKeys(int(last.keys), int(last.start))
	return last.arrays
}

// closeKeys looks for a duplicate among the keys from the given one on, and forgets them. start is
// the offset of their object.
func (s *scanner) closeKeys(from, start int) {
	if first := s.firstDuplicate(s.keys[from:]); first > 0 {
		// Before its first character is the quotation mark.
		s.duplicate.add(start, first-1)
	}
	s.keys = s.keys[:from]
}

// fewKeys is how many keys are compared with each other. More are sorted, so that the time does not
// grow with the square.
const fewKeys = 16

// firstDuplicate returns where the first of these keys starts that is equal to an earlier one, or
// 0.
func (s *scanner) firstDuplicate(keys []span) (first int) {
	if len(keys) <= fewKeys {
		for i := range keys {
			for k := range i {
				if s.compare(keys[i], keys[k]) == 0 {
					return int(keys[i].start)
				}
			}
		}
		return 0
	}
	// Of equal keys the earlier one comes first, so that each but it is a duplicate.
	slices.SortFunc(keys, func(one, two span) int {
		return cmp.Or(s.compare(one, two), cmp.Compare(one.start, two.start))
	})
	for i, key := range keys[1:] {
		if start := int(key.start); s.compare(keys[i], key) == 0 && (first == 0 || start < first) {
			first = start
		}
	}
	return first
}

// compare compares two keys as they are meant, and allocates nothing for it.
func (s *scanner) compare(one, two span) int {
	a, b := s.body[one.start:one.end], s.body[two.start:two.end]
	if strings.IndexByte(a, '\\') < 0 && strings.IndexByte(b, '\\') < 0 {
		return strings.Compare(a, b)
	}
	// The order of characters is that of their bytes.
	for len(a) > 0 && len(b) > 0 {
		c, lengthA := charAt(a, 0)
		d, lengthB := charAt(b, 0)
		if c != d {
			return cmp.Compare(c, d)
		}
		a, b = a[lengthA:], b[lengthB:]
	}
	return cmp.Compare(len(a), len(b))
}

// endOf returns the offset after the bracket that closes the array or object which an offset is in.
// It does not validate.
func endOf(body string, at int) int {
	for depth := 1; at < len(body); at++ {
		switch body[at] {
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return at + 1
			}
		case '"':
			for at++; at < len(body) && body[at] != '"'; at++ {
				if body[at] == '\\' {
					at++
				}
			}
		}
	}
	return len(body)
}

// grown returns a slice with room for more, so that it grows once only: what it left behind would
// otherwise count too. most is how many more elements there can be.
func grown[T any](all []T, most int) []T {
	if cap(all) == 0 {
		return make([]T, 0, min(most, 16))
	}
	return append(make([]T, 0, len(all)+most), all...)
}
