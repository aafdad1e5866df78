package callbot

// listsOf has the path of the list of each endpoint's request that can be split.
var listsOf = map[string][]string{
	"addBatchCall":    {"callInfoList", "callList"},
	"importBatchCall": {"callInfoList", "callList"},
	"stopOrder":       {"orderIDs"},
	"listOrderDetail": {"orderList"},
}

// Split signs two requests with half of the orders each, after the provider has answered that there
// were too many of them (4001). Both have a new random request id. The rules of the batch hold for
// them too, since each order has passed them.
//
// A request of addBatchCall, importBatchCall, stopOrder or listOrderDetail can be split. What the
// second of two imports does to the first is not published. A request of createAndCall cannot be
// split, since it would create the task twice: create it with the first orders, and add the others.
//
// It fails with ErrSplit, and otherwise like [Signer.RequestJSON].
func (r *Request) Split(signer *Signer, options ...TimeOption) (first, second *Request, err error) {
	path, ok := listsOf[r.Endpoint()]
	if !ok {
		return nil, nil, &Error{Status: ErrSplit, Code: "split_endpoint", Message: "a request to this endpoint cannot be split"}
	}
	body := r.get().body
	begin, middle, end, ok := halvesOf(body, path)
	if !ok {
		return nil, nil, &Error{Status: ErrSplit, Code: "split_one_order", Message: "the request has one order, so it cannot be split"}
	}
	var all []SignOption
	for _, option := range options {
		all = append(all, option)
	}
	// The rules of the request are not known any more, and its IDs have passed them.
	rules := &Rules{AllowBlankEdges: true}
	half := func(from, to int) (*Request, error) {
		return signer.RequestJSONWith(rules, r.Endpoint(), []byte(body[:begin]+body[from:to]+body[end:]), all...)
	}
	if first, err = half(begin, middle); err != nil {
		return nil, nil, err
	}
	if second, err = half(middle+len(","), end); err != nil {
		return nil, nil, err
	}
	return first, second, nil
}

// halvesOf finds the list at a path of a body that the library wrote: where its elements begin, the
// comma in their middle, and where they end. It returns false if it has fewer than two.
func halvesOf(body string, path []string) (begin, middle, end int, ok bool) {
	s := scanner{body: body}
	for _, key := range path {
		if !s.enter(key) {
			return 0, 0, 0, false
		}
	}
	s.next('[')
	begin = s.at
	var commas []int
	for s.pass(); s.peek() == ','; s.pass() {
		commas = append(commas, s.at)
		s.at++
	}
	if len(commas) == 0 {
		return 0, 0, 0, false
	}
	return begin, commas[len(commas)/2], s.at, true
}

// enter goes from an object to the value of its key.
func (s *scanner) enter(wanted string) bool {
	for s.next('{'); s.peek() == '"'; s.next(',') {
		key, _, _ := s.key()
		if key == wanted {
			return true
		}
		s.pass()
		s.whitespace()
	}
	return false
}
