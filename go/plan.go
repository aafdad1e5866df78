package callbot

import (
	"cmp"
	"math"
	"reflect"
	"strings"
	"sync"
	"unsafe"
)

// plan says how to read a type of struct. It is made once for each type.
type plan struct {
	of         reflect.Type
	fields     []field
	essentials []essential
	extra      uintptr // the offset of the field Extra
}

type field struct {
	key        string
	offset     uintptr
	kind       fieldKind
	element    *plan // of a struct in it
	isPointer  bool
	isRequired bool
	isExample  bool
	isDigits   bool
}

// lister is a [List] of any type of rows.
type lister interface{ rowType() reflect.Type }

type fieldKind uint8

const (
	aString fieldKind = iota
	anInteger
	aNumber
	aBoolean
	anObject
	aList
)

// expected names the type that a field has in the API's page.
func (f *field) expected() string {
	if f.isDigits {
		return "a string"
	}
	return [...]string{"a string", "an integer", "a number", "a boolean", "an object", "an array"}[f.kind]
}

// in returns where the field is in a struct.
func (f *field) in(of unsafe.Pointer) unsafe.Pointer {
	if of == nil {
		return nil
	}
	return unsafe.Add(of, f.offset)
}

// essential is what a content cannot do without: one of these fields.
type essential struct {
	name   string // of the tag
	fields uint64 // bits
}

// find returns the index of the field with a key, or -1. It looks at the expected index first.
func (p *plan) find(key string, expected int) int {
	if expected < len(p.fields) && p.fields[expected].key == key {
		return expected
	}
	for i := range p.fields {
		if p.fields[i].key == key {
			return i
		}
	}
	return -1
}

// first returns the field of the lowest bit.
func (p *plan) first(bits uint64) *field {
	for i := range p.fields {
		if bits>>i&1 != 0 {
			return &p.fields[i]
		}
	}
	return nil
}

// setExtra sets the field Extra of a struct.
func (p *plan) setExtra(of unsafe.Pointer, fields extraFields, json string) {
	fields.json = json
	(*Extra)(unsafe.Add(of, p.extra)).fields = &fields
}

func (p *plan) checkEssentials(found presence) error {
	for _, essential := range p.essentials {
		if found.read&essential.fields != 0 {
			continue
		}
		sent := found.sent & essential.fields
		if sent == 0 {
			return contentError("content_missing", "/"+p.first(essential.fields).key+": missing")
		}
		first := p.first(sent)
		message := "/" + first.key + ": expected " + first.expected()
		if first.kind == anInteger {
			message = "/" + first.key + ": expected an integer, or a string of its digits"
		}
		return contentError("content_wrong_type", message)
	}
	return nil
}

// plans maps a reflect.Type to its *plan.
var plans sync.Map

func planOf(of reflect.Type) *plan {
	if made, ok := plans.Load(of); ok {
		return made.(*plan)
	}
	made := &plan{of: of, extra: math.MaxUint}
	made.add(of, 0, "")
	if made.extra == math.MaxUint || len(made.fields) > 64 {
		panic("callbot: " + of.String() + " cannot be read")
	}
	plans.Store(of, made)
	return made
}

// add adds the fields of a struct, or of an embedded one, which begins at offset. demands are those
// of fields without a tag of their own.
func (p *plan) add(of reflect.Type, offset uintptr, demands string) {
	for i := range of.NumField() {
		member := of.Field(i)
		at := offset + member.Offset
		key, isTagged := member.Tag.Lookup("json")
		switch {
		case member.Name == "Extra":
			p.extra = at
		case member.Anonymous && member.Type.Size() > 0:
			p.add(member.Type, at, member.Tag.Get("page"))
		case isTagged:
			p.addField(member, key, at, cmp.Or(member.Tag.Get("page"), demands))
		}
	}
}

func (p *plan) addField(member reflect.StructField, key string, offset uintptr, demands string) {
	f := field{key: key, offset: offset, isExample: demands == ""}
	of := member.Type
	if of.Kind() == reflect.Pointer {
		f.isPointer = true
		of = of.Elem()
	}
	switch {
	case of.Kind() == reflect.String:
		f.kind = aString
	case of.Kind() == reflect.Int64:
		f.kind = anInteger
	case of.Kind() == reflect.Float64:
		f.kind = aNumber
	case of.Kind() == reflect.Bool && f.isPointer:
		f.kind = aBoolean
	case of.Kind() == reflect.Struct && f.isPointer:
		f.kind, f.element = anObject, planOf(of)
	case of.Implements(reflect.TypeFor[lister]()) && !f.isPointer:
		f.kind, f.element = aList, planOf(reflect.Zero(of).Interface().(lister).rowType())
	default:
		panic("callbot: no JSON is read as " + member.Type.String())
	}
	bit := uint64(1) << len(p.fields)
	demands, group, _ := strings.Cut(demands, " ")
	for _, demand := range strings.Split(demands, ",") {
		switch demand {
		case "required":
			f.isRequired = true
		case "essential":
			f.isRequired = true
			p.addEssential(group, bit)
		case "digits":
			f.isDigits = true
		}
	}
	p.fields = append(p.fields, f)
}

func (p *plan) addEssential(name string, bit uint64) {
	for i := range p.essentials {
		if name != "" && p.essentials[i].name == name {
			p.essentials[i].fields |= bit
			return
		}
	}
	p.essentials = append(p.essentials, essential{name, bit})
}
