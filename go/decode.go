package callbot

import (
	"reflect"
	"strconv"
	"strings"
	"unsafe"
)

// decoder reads a body into a struct, in one pass. Strings without escapes share the body's memory.
//
// encoding/json does not fit: it matches keys case-insensitively, ignores duplicate keys, and
// limits the depth.
//
// A field has the key of its json tag. Its type says how it is read:
//
//	string, *string          a string
//	int64, *int64            an integer, or a string of its digits; 2.0 and 2e0 are integers
//	float64, *float64        a number, or a string of its digits
//	*bool                    a boolean
//	*T of a struct           an object
//	List[T] of a struct      an array; its rows are validated, and read when they are asked for
//
// A field stays as it is if its value is null, or has another type. Such values of another type,
// and those of unknown keys, are kept as they were sent in the field Extra. The fields of embedded
// structs with tags are read like the struct's own.
//
// A second tag says what the API's page demands:
//
//	page:"required"     it is a deviation if the field is missing or null
//	page:"optional"     it is none, but the page documents the field
//	page:"essential"    required, and the content cannot be read without it
//	page:"essential x"  the same, but one field of those with x suffices
//	page:"digits"       the page documents a string of digits, not a number
//
// Without it the field is known from an example only. What is in such a field is never required,
// although another page may document the same object. The tag of an embedded struct is that of its
// fields without one.
type decoder struct {
	scanner
	// What differs from the API's page. nil if nobody asked.
	deviations *deviationList
	// Whether the page documents the object that is read, and not only shows it in an example.
	isDocumented bool
	// Memory for fields of type *int64, so that not each needs an allocation.
	integers []int64
}

// readBody reads a body into a struct.
func readBody(body string, into any, deviations *deviationList) error {
	target := reflect.ValueOf(into).Elem()
	return planOf(target.Type()).read(body, target.Addr().UnsafePointer(), deviations)
}

func (p *plan) read(body string, into unsafe.Pointer, deviations *deviationList) error {
	if body == "" || body == byteOrderMark {
		return contentError("content_json", "the body is empty; pass the raw body, before anything else reads it")
	}
	if len(body) > maxBody {
		return contentError("content_too_large", "the body is too large; limit what is received")
	}
	d := decoder{scanner: scanner{body: body}, deviations: deviations, isDocumented: true}
	if deviations != nil {
		d.halfSurrogate = deviations.addHalf
	}
	if strings.HasPrefix(body, byteOrderMark) {
		d.at = len(byteOrderMark)
		deviations.addMark()
	}
	d.whitespace()
	found, ok := d.object(p, into)
	d.whitespace()
	switch {
	case !ok || d.at != len(body):
		return notOneObject(body, d.at)
	case d.duplicate.key > 0:
		return d.duplicate.error(body)
	}
	return p.checkEssentials(found)
}

const byteOrderMark = "\ufeff"

// presence says which of a struct's fields an object has, as bits by their index.
type presence struct {
	sent uint64 // the key is there, and its value is not null
	read uint64 // the value has the field's type
}

// object reads an object. If into is nil, the values are only checked, as all functions here that
// read into a struct do.
func (d *decoder) object(p *plan, into unsafe.Pointer) (found presence, ok bool) {
	start, keys, deviations := d.at, len(d.keys), d.deviations.len()
	extra := extraFields{plan: p}
	if !d.next('{') {
		return found, false
	}
	var there uint64
	expected := 0 // fields mostly come in the page's order
	for more := d.peek() != '}'; more; more = d.next(',') {
		keyAt := d.at + 1
		raw, flags, ok := d.key()
		if !ok {
			return found, false
		}
		key := text(raw, flags)
		valueAt := d.at
		index := p.find(key, expected)
		if index < 0 {
			d.keep(keyAt, len(raw))
			if !d.skip() {
				return found, false
			}
			extra.len++
		} else {
			bit := uint64(1) << index
			deviations := d.deviations.len()
			if there&bit != 0 {
				d.duplicate.add(start, keyAt-1)
			}
			there |= bit
			expected = index + 1
			f := &p.fields[index]
			if d.literalNull() {
				d.deviateNull(f, valueAt)
			} else {
				found.sent |= bit
				isDocumented := d.isDocumented
				d.isDocumented = isDocumented && !f.isExample
				read, ok := d.value(f, f.in(into))
				d.isDocumented = isDocumented
				if !ok {
					return found, false
				}
				if read {
					found.read |= bit
				} else {
					d.deviations.wrongType(valueAt, f, d.body)
					extra.mistyped |= bit
					extra.len++
				}
			}
			d.deviations.isOf(deviations, index)
		}
		d.whitespace()
	}
	if d.peek() != '}' {
		return found, false
	}
	d.at++
	d.closeKeys(keys, start)
	if into != nil && extra.len > 0 {
		p.setExtra(into, extra, d.body[start:d.at])
	}
	if d.deviations != nil {
		d.deviateMissing(p, start, there)
		d.deviations.sort(deviations)
	}
	return found, true
}

func (d *decoder) literalNull() bool {
	if d.peek() != 'n' || !strings.HasPrefix(d.body[d.at:], "null") {
		return false
	}
	d.at += len("null")
	return true
}

func (d *decoder) deviateNull(f *field, offset int) {
	if d.isDocumented && f.isRequired {
		d.deviations.wrongType(offset, f, d.body)
	}
}

// deviateMissing adds the fields that an object must have and does not.
func (d *decoder) deviateMissing(p *plan, object int, there uint64) {
	for i := range p.fields {
		if f := &p.fields[i]; d.isDocumented && f.isRequired && there>>i&1 == 0 {
			last := d.deviations.len()
			d.deviations.add(object, f.key, "", "missing")
			d.deviations.isOf(last, i)
		}
	}
}

// value reads a value into a field. read is false if it has another type; it is then passed over.
func (d *decoder) value(f *field, into unsafe.Pointer) (read, ok bool) {
	c := d.peek()
	switch {
	case f.kind == aString && c == '"':
		raw, flags, ok := d.scalarString()
		switch {
		case !ok:
			return false, false
		case into == nil:
		case f.isPointer:
			pointed := text(raw, flags)
			*(**string)(into) = &pointed
		default:
			*(*string)(into) = text(raw, flags)
		}
		return true, true
	case f.kind == anInteger && isNumeric(c):
		return d.integer(f, into)
	case f.kind == aNumber && isNumeric(c):
		return d.float(f, into)
	case f.kind == aBoolean && (c == 't' || c == 'f'):
		if into != nil {
			value := c == 't'
			*(**bool)(into) = &value
		}
		return true, d.scalar()
	case f.kind == anObject && c == '{':
		var target unsafe.Pointer
		if into != nil {
			target = reflect.New(f.element.of).UnsafePointer()
			*(*unsafe.Pointer)(into) = target
		}
		_, ok := d.object(f.element, target)
		return true, ok
	case f.kind == aList && c == '[':
		return true, d.list(f.element, into)
	}
	return false, d.skip()
}

func isNumeric(c byte) bool { return c == '"' || c == '-' || '0' <= c && c <= '9' }

// scalarString reads a string that is a value.
func (d *decoder) scalarString() (raw string, flags stringFlags, ok bool) {
	start := d.at
	raw, flags, ok = d.string()
	if flags&hasHalfSurrogate != 0 {
		d.reportHalf(start)
	}
	return raw, flags, ok
}

// numeric reads a number, or a string that may have the digits of one.
func (d *decoder) numeric() (digits string, isString, ok bool) {
	start := d.at
	if d.peek() == '"' {
		raw, flags, ok := d.scalarString()
		return text(raw, flags), true, ok
	}
	ok = d.number()
	return d.body[start:d.at], false, ok
}

func (d *decoder) integer(f *field, into unsafe.Pointer) (read, ok bool) {
	start := d.at
	digits, isString, ok := d.numeric()
	if !ok {
		return false, false
	}
	value, isPlain := plainInteger(digits)
	switch {
	case isString && (!isPlain || digits == "-0"):
		return false, true
	case !isPlain:
		var isIntegral bool
		if value, isIntegral = integral(digits); !isIntegral {
			return false, true
		}
	}
	switch {
	case into == nil:
	case f.isPointer:
		*(**int64)(into) = d.newInteger(value)
	default:
		*(*int64)(into) = value
	}
	if isString != f.isDigits || !isPlain {
		d.deviations.wrongType(start, f, d.body)
	}
	return true, true
}

func (d *decoder) newInteger(value int64) *int64 {
	if len(d.integers) == cap(d.integers) {
		d.integers = make([]int64, 0, 16)
	}
	d.integers = append(d.integers, value)
	return &d.integers[len(d.integers)-1]
}

func (d *decoder) float(f *field, into unsafe.Pointer) (read, ok bool) {
	start := d.at
	digits, isString, ok := d.numeric()
	if !ok || isString && !isPlainNumber(digits) {
		return false, ok
	}
	value, err := strconv.ParseFloat(digits, 64)
	if err != nil { // it is too large
		return false, true
	}
	switch {
	case into == nil:
	case f.isPointer:
		pointed := value
		*(**float64)(into) = &pointed
	default:
		*(*float64)(into) = value
	}
	if isString {
		d.deviations.wrongType(start, f, d.body)
	}
	return true, true
}

// plainInteger reads an integer as JSON writes it.
func plainInteger(digits string) (value int64, ok bool) {
	plain, isNegative := strings.CutPrefix(digits, "-")
	if plain == "" || plain[0] == '0' && len(plain) > 1 {
		return 0, false
	}
	if len(plain) > 18 { // it may be too large
		value, err := strconv.ParseInt(digits, 10, 64)
		return value, err == nil
	}
	for _, c := range []byte(plain) {
		if c < '0' || c > '9' {
			return 0, false
		}
		value = value*10 + int64(c-'0')
	}
	if isNegative {
		value = -value
	}
	return value, true
}

// integral reads a JSON number with a fraction or an exponent whose value is an integer, such as
// 2.0 or 2e0.
func integral(number string) (value int64, ok bool) {
	unsigned, isNegative := strings.CutPrefix(number, "-")
	mantissa, exponent := unsigned, "0"
	if at := strings.IndexAny(unsigned, "eE"); at >= 0 {
		mantissa, exponent = unsigned[:at], unsigned[at+1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	// Without the zeros at both ends, the digits are an integer times a power of ten.
	digits := strings.TrimRight(whole+fraction, "0")
	if digits == "" {
		return 0, true
	}
	power, err := strconv.Atoi(exponent)
	zeros := power - (len(digits) - len(whole))
	// As many zeros as no result has, if its first digit is another.
	if err != nil || power < -len(number) || zeros < 0 || zeros > 18 {
		return 0, false
	}
	digits = strings.TrimLeft(digits, "0") + strings.Repeat("0", zeros)
	if isNegative {
		digits = "-" + digits
	}
	value, err = strconv.ParseInt(digits, 10, 64)
	return value, err == nil
}

// isPlainNumber reports whether a string is a number as JSON writes it, without an exponent.
func isPlainNumber(digits string) bool {
	s := scanner{body: digits}
	ok := s.number()
	return ok && s.at == len(digits) && !strings.ContainsAny(digits, "eE")
}

// list reads an array of objects. Its rows are only checked.
func (d *decoder) list(row *plan, into unsafe.Pointer) bool {
	start, deviations := d.at, d.deviations.len()
	list := listData{row: row}
	d.next('[')
	for more := d.peek() != ']'; more; more = d.next(',') {
		list.mark(d.at - start)
		if !d.row(row, nil) {
			return false
		}
		d.deviations.cut(deviations)
		d.whitespace()
	}
	if d.peek() != ']' {
		return false
	}
	d.at++
	if into != nil {
		list.json = d.body[start:d.at]
		*(*listData)(into) = list
	}
	return true
}

// nextRow passes over what is between two rows.
func (d *decoder) nextRow() {
	d.whitespace()
	d.next(',')
}

// row reads a row of a list. One that is not an object has nothing but its JSON, in Extra.
func (d *decoder) row(p *plan, into unsafe.Pointer) bool {
	if into == nil && d.deviations == nil {
		return d.skip()
	}
	if d.peek() == '{' {
		_, ok := d.object(p, into)
		return ok
	}
	start := d.at
	if !d.skip() {
		return false
	}
	d.deviations.wrongRow(start, d.body)
	if into != nil {
		p.setExtra(into, extraFields{plan: p, len: 1}, d.body[start:d.at])
	}
	return true
}
