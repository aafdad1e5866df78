package callbot

import "encoding/json"

// CallCallback is what the provider sends to CallCallbackURL after each call.
//
// Printing it shows no personal data, and neither does printing a value that contains it. The
// exception is an unexported field of a struct, where package fmt cannot call Format; such a struct
// needs a Format of its own.
//
// A pointer is nil if the field was not sent. Extra are the fields that the API's page does not
// list, and fields known from an example only that were sent with another type. Extra is nil if
// there are none.
//
// All of this applies to the nested types too.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-callCallback
type CallCallback struct {
	private[CallCallback]

	// CallbackType is the kind of callback. It is accepted as a JSON integer and as a string of
	// digits, since the API's pages show both.
	CallbackType int64
	OrderID      string
	UserPhone    string
	UserName     string
	// SceneID is the script template's id.
	SceneID string
	// UserTaskID is your own id of the task.
	UserTaskID string
	// TaskID is the provider's id of the task.
	TaskID string
	// Finish reports whether the order has finished.
	Finish bool
	// Other is the order's Other.
	Other string
	// CallInfoDetail is nil if not sent.
	CallInfoDetail *CallInfoDetail
	Extra          map[string]json.RawMessage
}

// OrderCallback is what the provider sends to OrderCallbackURL after an order has finished.
// Otherwise like [CallCallback].
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-orderCallback
type OrderCallback struct {
	private[OrderCallback]

	// CallbackType is the kind of callback, as in [CallCallback].
	CallbackType int64
	OrderID      string
	UserPhone    string
	UserName     string
	// SceneID is the script template's id.
	SceneID string
	// UserTaskID is your own id of the task.
	UserTaskID string
	// TaskID is the provider's id of the task.
	TaskID string
	// Finish reports whether the order has finished; nil if not sent.
	Finish *bool
	// Other is the order's Other; nil if not sent.
	Other *string
	// CallInfoDetail is nil if not sent.
	CallInfoDetail *CallInfoDetail
	Extra          map[string]json.RawMessage
}

// TaskCallback is what the provider sends to taskCallbackUrl about a task. Otherwise like
// [CallCallback].
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-taskCallback
type TaskCallback struct {
	private[TaskCallback]

	// CallbackType is 1 for a task callback; other values are unknown. It is accepted as in
	// [CallCallback].
	CallbackType int64
	// UserTaskID is your own id of the task.
	UserTaskID string
	// TaskID is the provider's id of the task.
	TaskID string
	// SceneID is the script template's id.
	SceneID string
	// TaskStatus: the page does not list its values.
	TaskStatus int64
	// CreateTs is when the task was created. It is not the header of the same name.
	CreateTs int64
	TaskStat TaskStat
	Extra    map[string]json.RawMessage
}

// TaskStat has the figures of a task.
type TaskStat struct {
	private[TaskStat]

	// AnswerOrderCount is the number of orders answered.
	AnswerOrderCount int64
	// FinishOrderCount is the number of orders finished.
	FinishOrderCount int64
	// TotalOrderCount is the number of all orders.
	TotalOrderCount int64
	// FinishRate is finished orders divided by all orders, with two decimals.
	FinishRate float64
	// TotalAnswerCall is the number of calls answered.
	TotalAnswerCall int64
	// TotalCall is the number of all calls.
	TotalCall int64
	// AnswerRate is answered calls divided by all calls, with two decimals.
	AnswerRate float64
	Extra      map[string]json.RawMessage
}

// CallInfoDetail is one call. All of its fields are known from the pages' examples only. A field is
// set if it was sent with the example's type; otherwise it is in Extra.
type CallInfoDetail struct {
	private[CallInfoDetail]

	CallID        *string
	CallingNumber *string
	// LineAddress is the line's IP address.
	LineAddress *string
	// CallStatus: the values are unknown.
	CallStatus *int64
	// CallStartTs: the unit is unknown.
	CallStartTs *int64
	// CallAnswerTs: the unit is unknown.
	CallAnswerTs *int64
	// CallEndTs: the unit is unknown.
	CallEndTs *int64
	// CallDuration: the unit is unknown.
	CallDuration *int64
	CallAudioURL *string
	// HangupCause: the values are unknown.
	HangupCause *string
	// TermSipCode is a string, not a number. The values are unknown.
	TermSipCode *string
	Intents     []Intent
	SMS         []SMS
	Agent       *Agent
	// Params are the values of the script template's variables.
	Params []FilledParam
	Extra  map[string]json.RawMessage
}

// Intent is one intent of a call.
type Intent struct {
	private[Intent]

	IntentID   *string
	IntentTag  *string
	IntentName *string
	// IntentLevel: the values are unknown.
	IntentLevel *int64
	Extra       map[string]json.RawMessage
}

// SMS is a text message that was sent.
type SMS struct {
	private[SMS]

	// SMSSendTs: the unit is unknown.
	SMSSendTs    *int64
	SysMessageID *string
	SMSContent   *string
	Extra        map[string]json.RawMessage
}

// Agent is the person who took a call over.
type Agent struct {
	private[Agent]

	AgentName  *string
	AgentGroup *string
	// AgentCallStatus: the values are unknown.
	AgentCallStatus *int64
	// AgentCallElapsed: the unit is unknown.
	AgentCallElapsed *int64
	AgentLabel       *string
	// ManualCallStart: the unit is unknown.
	ManualCallStart *int64
	// ManualCallAnswer: the unit is unknown.
	ManualCallAnswer *int64
	// ManualCallEnd: the unit is unknown.
	ManualCallEnd *int64
	// ManualHangupBy: the values are unknown.
	ManualHangupBy *int64
	Extra          map[string]json.RawMessage
}

// FilledParam is the name and value of a variable of the script template.
type FilledParam struct {
	private[FilledParam]

	Name  *string
	Value *string
	Extra map[string]json.RawMessage
}

// CallCallback reads the body as a call callback. The URL that received it determines the kind of
// callback, because the pages' callbackType does not.
//
// It fails with ErrContent and one of these codes:
//
//	content_other_kind  the message was verified as a response
//	content_json        the body is not exactly one JSON object
//	content_repeated    an object has a duplicate key
//	content_missing     a field that the page requires is missing
//	content_wrong_type  a field that the page documents has another type
//
// It fails with ErrClosed for a message that no Verifier returned, and for a message from a handler
// after the handler's function has returned.
func (v *Verified) CallCallback() (*CallCallback, error) {
	f, err := v.read(callCallbackContent)
	if err != nil {
		return nil, err
	}
	return &CallCallback{
		CallbackType:   f.integer("callbackType"),
		OrderID:        f.string("orderID"),
		UserPhone:      f.string("userPhone"),
		UserName:       f.string("userName"),
		SceneID:        f.string("sceneID"),
		UserTaskID:     f.string("userTaskID"),
		TaskID:         f.string("taskID"),
		Finish:         f.boolean("finish"),
		Other:          f.string("other"),
		CallInfoDetail: maybeObject(f, "callInfoDetail", readCallInfoDetail),
		Extra:          f.rest(),
	}, nil
}

// OrderCallback reads the body as an order callback. Otherwise like CallCallback.
func (v *Verified) OrderCallback() (*OrderCallback, error) {
	f, err := v.read(orderCallbackContent)
	if err != nil {
		return nil, err
	}
	return &OrderCallback{
		CallbackType:   f.integer("callbackType"),
		OrderID:        f.string("orderID"),
		UserPhone:      f.string("userPhone"),
		UserName:       f.string("userName"),
		SceneID:        f.string("sceneID"),
		UserTaskID:     f.string("userTaskID"),
		TaskID:         f.string("taskID"),
		Finish:         f.maybeBoolean("finish"),
		Other:          f.maybeString("other"),
		CallInfoDetail: maybeObject(f, "callInfoDetail", readCallInfoDetail),
		Extra:          f.rest(),
	}, nil
}

// TaskCallback reads the body as a task callback. Otherwise like CallCallback.
func (v *Verified) TaskCallback() (*TaskCallback, error) {
	f, err := v.read(taskCallbackContent)
	if err != nil {
		return nil, err
	}
	return &TaskCallback{
		CallbackType: f.integer("callbackType"),
		UserTaskID:   f.string("userTaskID"),
		TaskID:       f.string("taskID"),
		SceneID:      f.string("sceneID"),
		TaskStatus:   f.integer("taskStatus"),
		CreateTs:     f.integer("createTs"),
		TaskStat:     readTaskStat(f.object("taskStat")),
		Extra:        f.rest(),
	}, nil
}

func readTaskStat(f fields) TaskStat {
	return TaskStat{
		AnswerOrderCount: f.integer("answerOrderCount"),
		FinishOrderCount: f.integer("finishOrderCount"),
		TotalOrderCount:  f.integer("totalOrderCount"),
		FinishRate:       f.number("finishRate"),
		TotalAnswerCall:  f.integer("totalAnswerCall"),
		TotalCall:        f.integer("totalCall"),
		AnswerRate:       f.number("answerRate"),
		Extra:            f.rest(),
	}
}

func readCallInfoDetail(f fields) CallInfoDetail {
	return CallInfoDetail{
		CallID:        f.maybeString("callID"),
		CallingNumber: f.maybeString("callingNumber"),
		LineAddress:   f.maybeString("lineAddress"),
		CallStatus:    f.maybeInteger("callStatus"),
		CallStartTs:   f.maybeInteger("callStartTs"),
		CallAnswerTs:  f.maybeInteger("callAnswerTs"),
		CallEndTs:     f.maybeInteger("callEndTs"),
		CallDuration:  f.maybeInteger("callDuration"),
		CallAudioURL:  f.maybeString("callAudioUrl"),
		HangupCause:   f.maybeString("hangupCause"),
		TermSipCode:   f.maybeString("termSipCode"),
		Intents:       objects(f, "intents", readIntent),
		SMS:           objects(f, "sms", readSMS),
		Agent:         maybeObject(f, "agent", readAgent),
		Params:        objects(f, "params", readFilledParam),
		Extra:         f.rest(),
	}
}

func readIntent(f fields) Intent {
	return Intent{
		IntentID:    f.maybeString("intentID"),
		IntentTag:   f.maybeString("intentTag"),
		IntentName:  f.maybeString("intentName"),
		IntentLevel: f.maybeInteger("intentLevel"),
		Extra:       f.rest(),
	}
}

func readSMS(f fields) SMS {
	return SMS{
		SMSSendTs:    f.maybeInteger("smsSendTs"),
		SysMessageID: f.maybeString("sysMessageID"),
		SMSContent:   f.maybeString("smsContent"),
		Extra:        f.rest(),
	}
}

func readAgent(f fields) Agent {
	return Agent{
		AgentName:        f.maybeString("agentName"),
		AgentGroup:       f.maybeString("agentGroup"),
		AgentCallStatus:  f.maybeInteger("agentCallStatus"),
		AgentCallElapsed: f.maybeInteger("agentCallElapsed"),
		AgentLabel:       f.maybeString("agentLabel"),
		ManualCallStart:  f.maybeInteger("manualCallStart"),
		ManualCallAnswer: f.maybeInteger("manualCallAnswer"),
		ManualCallEnd:    f.maybeInteger("manualCallEnd"),
		ManualHangupBy:   f.maybeInteger("manualHangupBy"),
		Extra:            f.rest(),
	}
}

func readFilledParam(f fields) FilledParam {
	return FilledParam{
		Name:  f.maybeString("name"),
		Value: f.maybeString("value"),
		Extra: f.rest(),
	}
}
