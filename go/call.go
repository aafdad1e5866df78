package callbot

import "reflect"

// Call is the request of an endpoint without orders: [StopOrder], [CreateTask], [UpdateTask],
// [MgrTaskStatus], [ListTask], [ListOrder], [ListCall], [ListOrderDetail], [ExportBatchCall] or
// [Ping]. Orders are sent by a [Batch].
type Call interface {
	// endpoint returns the API's own name. It also keeps other packages from having such types.
	endpoint() string
}

// Request checks a call against the API's page, and signs it:
//
//	request, err := signer.Request(callbot.StopOrder{UserTaskID: "spring", OrderIDs: []string{"order-1"}})
//
// It fails with ErrRefused, with everything that is wrong in the violations, and with ErrRequestID,
// ErrCreateTs and ErrClosed. A string that is not UTF-8 is a violation (text_not_utf8). It also
// fails with ErrRefused and the code json_value if a field of type any has a value that cannot be
// written as JSON.
func (s *Signer) Request(call Call, options ...SignOption) (*Request, error) {
	return s.RequestWith(nil, call, options...)
}

// RequestWith is like [Signer.Request], with the rules of a campaign. AllowBlankEdges is the only
// one with an effect: a task or an order whose ID begins or ends with whitespace can be stopped and
// listed as well.
func (s *Signer) RequestWith(rules *Rules, call Call, options ...SignOption) (*Request, error) {
	if value := reflect.ValueOf(call); call == nil || value.Kind() == reflect.Pointer && value.IsNil() {
		return nil, notMade("call", "a type of this package, such as StopOrder")
	}
	json, notUTF8, err := writeRequest(call)
	if err != nil {
		return nil, err
	}
	request, err := s.RequestJSONWith(rules, call.endpoint(), json, options...)
	if err := refusedToo(notUTF8, err); err != nil {
		return nil, err
	}
	return request, nil
}

// RequestJSON checks the JSON of a request against the API's page, and signs it. endpoint is the
// API's own name, such as "stopOrder". Whitespace and the order of the keys do not matter,
// productID is added if it is left out, and the body is compact. What a page shows in an example
// only may have any value.
//
// An endpoint with orders is read as a batch without rules, of which all orders are refused if one
// is invalid. [Signer.RequestJSONWith] takes rules.
//
// It fails with ErrEndpoint for an unknown endpoint, and otherwise like Request.
func (s *Signer) RequestJSON(endpoint string, json []byte, options ...SignOption) (*Request, error) {
	return s.RequestJSONWith(nil, endpoint, json, options...)
}

// RequestJSONWith is like [Signer.RequestJSON], with the rules of a campaign. For an endpoint with
// orders they are the rules of its batch; for any other one see [Signer.RequestWith].
//
// It also fails for the rules like NewBatch.
func (s *Signer) RequestJSONWith(rules *Rules, endpoint string, json []byte, options ...SignOption) (*Request, error) {
	requestID, seconds, err := signed(options)
	if err != nil {
		return nil, err
	}
	unlock, err := s.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	return cRequestFromJSON(s.handle.object, rules, endpoint, view(json), requestID, seconds)
}
