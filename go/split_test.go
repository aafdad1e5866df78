package callbot

import (
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	signer := newSigner(t, MD5)
	for _, count := range []int{2, 3, 4, 101} {
		orders := someOrders(0, count)
		orders[0].Other = `"callList":[{},{}],`
		request := build(t, newBatch(t, &Rules{RequireParams: []string{"amount", "due"}}, orders...))
		first, second, err := request.Split(signer, At(testTime))
		if err != nil {
			t.Fatal(err)
		}
		half := (count + 1) / 2
		if count%2 == 0 {
			half = count / 2
		}
		for i, part := range []*Request{first, second} {
			want := build(t, newBatch(t, nil, [][]Order{orders[:half], orders[half:]}[i]...))
			if string(part.Body()) != string(want.Body()) || part.Endpoint() != "addBatchCall" {
				t.Errorf("%d: %s\nwanted %s", count, part.Body(), want.Body())
			}
			if part.Header().Get("createTs") != "1726200000" || len(part.RequestID()) != 32 {
				t.Error(part)
			}
		}
		if first.RequestID() == second.RequestID() {
			t.Error("the halves have one request id")
		}
	}
	for _, call := range []Call{
		StopOrder{UserTaskID: "t", OrderIDs: []string{"a,", "b]", "c"}, DelCall: pointer(int64(0))},
		ListOrderDetail{UserTaskID: "t", OrderList: []string{"a,", "b]", "c"}},
	} {
		request, err := signer.Request(call)
		if err != nil {
			t.Fatal(err)
		}
		first, second, err := request.Split(signer)
		if err != nil || !strings.Contains(string(first.Body()), `["a,","b]"]`) || !strings.Contains(string(second.Body()), `["c"]`) {
			t.Errorf("%v, %s, %s", err, first.Body(), second.Body())
		}
	}
}

func TestRequestsThatCannotBeSplit(t *testing.T) {
	signer := newSigner(t, MD5)
	_, _, err := build(t, newBatch(t, nil, someOrders(0, 1)...)).Split(signer)
	wantError(t, err, ErrSplit, "split_one_order")
	ping, err := signer.Request(Ping{})
	if err != nil {
		t.Fatal(err)
	}
	for _, request := range []*Request{nil, {}, ping} {
		_, _, err = request.Split(signer)
		wantError(t, err, ErrSplit, "split_endpoint")
	}
	_, _, err = build(t, newBatch(t, nil, someOrders(0, 2)...)).Split(nil)
	wantError(t, err, ErrClosed, "closed")
}

// IDs that the rules of the batch allow are in the halves too.
func TestSplitKeepsBlankEdges(t *testing.T) {
	signer := newSigner(t, MD5)
	request, err := signer.RequestWith(&Rules{AllowBlankEdges: true}, StopOrder{UserTaskID: "t ", OrderIDs: []string{"1 ", "\t2"}})
	if err != nil {
		t.Fatal(err)
	}
	first, second, err := request.Split(signer)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"productID":"callbot","userTaskID":"t ","orderIDs":["1 "]}{"productID":"callbot","userTaskID":"t ","orderIDs":["\t2"]}`
	if got := string(first.Body()) + string(second.Body()); got != want {
		t.Error(got)
	}
}
