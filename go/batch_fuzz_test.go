package callbot

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzAdd compares the packed orders and the resulting body with the input.
func FuzzAdd(f *testing.F) {
	f.Add([]byte("a\x1f8613800000001\x1fo\x1fu\x1fc\x1fn\x1fv\x1eb\x1f8613800000002\x1f\x1f\x1f"))
	f.Add([]byte("a\x1f8613800000001\x1f\x1f\x1f\x1fn\x1fv\x1fm\x1fw\x1ea\x1f+1"))
	f.Add([]byte("a\x1f8613800000001\x1f\x1fJ\xfcrgen\x1eb\x1f8613800000002\x1f\x1fWang"))
	f.Add([]byte("\x1e\x1e\xff"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		var orders []Order
		notUTF8 := map[int]bool{}
		for _, record := range strings.Split(string(data), "\x1e") {
			fields := strings.Split(record, "\x1f")
			field := func() (first string) {
				if len(fields) > 0 {
					first, fields = fields[0], fields[1:]
				}
				return first
			}
			order := Order{OrderID: field(), UserPhone: field(), Other: field(), UserName: field(), CustomerName: field()}
			for len(fields) > 0 {
				order.Params = append(order.Params, Param{field(), field()})
			}
			// No separator is part of a sequence of UTF-8: a record is valid if all of its fields are.
			if !utf8.ValidString(record) {
				notUTF8[len(orders)] = true
			}
			orders = append(orders, order)
		}

		together, oneByOne := newBatch(t, nil), newBatch(t, nil)
		defer together.Close()
		defer oneByOne.Close()
		taken, refused, err := together.AddValid(orders...)
		if err != nil {
			t.Fatal(err)
		}
		wrong, foundNotUTF8 := map[int]bool{}, map[int]bool{}
		for _, violation := range refused {
			wrong[violation.Order] = true
			if violation.Code == "text_not_utf8" {
				foundNotUTF8[violation.Order] = true
			}
		}
		if !reflect.DeepEqual(foundNotUTF8, notUTF8) {
			t.Fatalf("orders that are not UTF-8: %v; wanted %v", foundNotUTF8, notUTF8)
		}
		var right []Order
		for i, order := range orders {
			if err := oneByOne.Add(order); (err != nil) != wrong[i] {
				t.Fatalf("order %d: alone %v, together %v", i, err, refused)
			}
			if taken[i] == wrong[i] {
				t.Fatalf("order %d: taken is %v", i, taken[i])
			}
			if taken[i] {
				right = append(right, order)
			}
		}
		if together.Len() != len(right) {
			t.Fatalf("%d orders; wanted %d", together.Len(), len(right))
		}
		if len(right) == 0 {
			return
		}
		body := build(t, together).Body()
		if !bytes.Equal(body, build(t, oneByOne).Body()) {
			t.Fatalf("together %q", body)
		}
		var read jsonBody
		if err := json.Unmarshal(body, &read); err != nil {
			t.Fatal(err)
		}
		if want := asJSON(testTask, right); !reflect.DeepEqual(read, want) {
			t.Fatalf("the body holds %q", body)
		}
	})
}

func BenchmarkCall(b *testing.B) {
	for range b.N {
		cABIVersion()
	}
}

func BenchmarkBatch(b *testing.B) {
	signer := newSigner(b, MD5)
	orders := someOrders(0, 10000)
	batch := newBatch(b, nil)
	for range b.N {
		batch.Clear()
		if err := batch.Add(orders...); err != nil {
			b.Fatal(err)
		}
		request, err := batch.Build(signer)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(request.get().body)))
	}
}
