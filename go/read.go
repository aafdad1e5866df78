package callbot

// Content is what a verified message can be read as: the three callbacks, the response of each
// endpoint, and what they have in common.
type Content interface {
	CallCallback | OrderCallback | TaskCallback | Envelope |
		AddBatchResponse | ImportBatchResponse | ExportBatchResponse | StopOrderResponse |
		CreateTaskResponse | CreateAndCallResponse | UpdateTaskResponse | MgrTaskStatusResponse |
		ListTaskResponse | ListOrderResponse | ListCallResponse | ListOrderDetailResponse | PingResponse
	content() content
}

// content says what a message must have been verified as.
type content struct {
	isResponse bool
	// The endpoint that was asked. Empty for any.
	endpoint string
}

func answers(endpoint string) content { return content{isResponse: true, endpoint: endpoint} }

// Read reads a verified message, such as
//
//	response, err := callbot.Read[callbot.StopOrderResponse](message)
//
// A field that is missing, null or has another type is no error; see [CallCallback]. It fails with
// ErrContent and one of these codes:
//
//	content_other_kind  the message was verified as another one: as a response instead of a
//	                    callback, or as the answer to another endpoint
//	content_json        the body is not exactly one JSON object
//	content_repeated    an object has a duplicate key
//	content_too_large   the body has 2 GiB or more
//	content_missing     a field is missing without which the message is of no use
//	content_wrong_type  such a field has another type
//
// Such fields are CallbackType and OrderID of a call or order callback; CallbackType, TaskStatus or
// TaskStat, and UserTaskID or TaskID of a task callback; RetCode of a response, and Code of a
// [PingResponse]. The message stays as it is: what it says may still be seen in [Verified.Body].
//
// It fails with ErrClosed for a message that no Verifier returned.
func Read[T Content](message *Verified) (*T, error) {
	typed := new(T)
	return typed, nilUnless(&typed, message.read((*typed).content(), typed, nil))
}

// nilUnless sets a result to nil if there is an error.
func nilUnless[T any](result **T, err error) error {
	if err != nil {
		*result = nil
	}
	return err
}

// ReadDeviations reads a message like [Read], and returns where it differs from the API's page. It
// is for those who want to know, or to be strict.
func ReadDeviations[T Content](message *Verified) (Deviations, error) {
	var typed T
	list := &deviationList{}
	if err := message.read(typed.content(), &typed, list); err != nil {
		return Deviations{}, err
	}
	return list.of(message.get().body), nil
}

// read reads the body into a struct.
func (v *Verified) read(as content, into any, deviations *deviationList) error {
	data := v.get()
	switch {
	case !data.isMade:
		return notMade("verified message", "a Verifier")
	case as.isResponse && !data.isResponse:
		return contentError("content_other_kind",
			"expected a response, found a callback; verify a response with the request that it answers")
	case !as.isResponse && data.isResponse:
		return contentError("content_other_kind",
			"not a callback of this kind; verify a callback as a callback, and read each kind at its own URL")
	case as.endpoint != "" && as.endpoint != data.endpoint:
		return contentError("content_other_kind",
			"not the response to "+as.endpoint+"; read it as the response to the request that it was verified with")
	}
	if envelope, ok := into.(*Envelope); ok && data.endpoint == (Ping{}).endpoint() {
		var ping pingEnvelope
		err := readBody(data.body, &ping, deviations)
		*envelope = Envelope{RetCode: ping.Code, RetMsg: ping.Msg, ResponseID: ping.ReqID, Extra: ping.Extra}
		return err
	}
	return readBody(data.body, into, deviations)
}
