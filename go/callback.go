package callbot

import "encoding/json"

// CallCallback is what the provider sends to CallCallbackURL after each call. Printing it shows no personal data, and
// neither does printing what holds it, unless that is a struct with an unexported field: package fmt cannot call Format
// there, and shows all. Give such a struct a Format of its own. All of this goes for the types inside of it too.
//
// What it has as a pointer is nil where it was not sent. Extra are those that the API's page does not have, and those
// that it knows from an example only where they were sent with another type; they are nil where there are none.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-callCallback
type CallCallback struct {
	private[CallCallback]

	// CallbackType is the kind of callback, as a number, though a page has it as a string. It is any JSON integer that an
	// int64 holds, or a string of its plain digits.
	CallbackType int64
	OrderID      string
	UserPhone    string
	UserName     string
	// SceneID is the script template's id.
	SceneID string
	// UserTaskID is the caller's own id of the task.
	UserTaskID string
	// TaskID is the provider's id of the task.
	TaskID string
	// Finish is whether the order has finished.
	Finish bool
	// Other is what was passed through with the order.
	Other string
	// CallInfoDetail is nil where it was not sent.
	CallInfoDetail *CallInfoDetail
	Extra          map[string]json.RawMessage
}

// OrderCallback is what the provider sends to OrderCallbackURL after an order has finished. It is else as [CallCallback].
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-orderCallback
type OrderCallback struct {
	private[OrderCallback]

	// CallbackType is the kind of callback, as a number, though the page has it as a string. It is any JSON integer that
	// an int64 holds, or a string of its plain digits.
	CallbackType int64
	OrderID      string
	UserPhone    string
	UserName     string
	// SceneID is the script template's id.
	SceneID string
	// UserTaskID is the caller's own id of the task.
	UserTaskID string
	// TaskID is the provider's id of the task.
	TaskID string
	// Finish is whether the order has finished; nil where it was not sent.
	Finish *bool
	// Other is what was passed through with the order; nil where it was not sent.
	Other *string
	// CallInfoDetail is nil where it was not sent.
	CallInfoDetail *CallInfoDetail
	Extra          map[string]json.RawMessage
}

// TaskCallback is what the provider sends to taskCallbackUrl about a task. It is else as [CallCallback].
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-taskCallback
type TaskCallback struct {
	private[TaskCallback]

	// CallbackType is 1 for a task callback. Further values are not known; it is any JSON integer that an int64 holds, or
	// a string of its plain digits.
	CallbackType int64
	// UserTaskID is the caller's own id of the task.
	UserTaskID string
	// TaskID is the provider's id of the task.
	TaskID string
	// SceneID is the script template's id.
	SceneID string
	// TaskStatus: the page does not list its values.
	TaskStatus int64
	// CreateTs is when the task was made. Not to be mixed up with the header of the same name.
	CreateTs int64
	TaskStat TaskStat
	Extra    map[string]json.RawMessage
}

// TaskStat is a task in figures.
type TaskStat struct {
	private[TaskStat]

	// AnswerOrderCount is orders answered.
	AnswerOrderCount int64
	// FinishOrderCount is orders finished.
	FinishOrderCount int64
	// TotalOrderCount is all orders.
	TotalOrderCount int64
	// FinishRate is finished orders over all orders, with two decimals.
	FinishRate float64
	// TotalAnswerCall is calls answered.
	TotalAnswerCall int64
	// TotalCall is all calls.
	TotalCall int64
	// AnswerRate is answered calls over all calls, with two decimals.
	AnswerRate float64
	Extra      map[string]json.RawMessage
}

// CallInfoDetail is one call. All of it is known from the pages' examples only: each field is there where it was sent with
// the example's type, and among Extra where it was sent with another one.
type CallInfoDetail struct {
	private[CallInfoDetail]

	CallID        *string
	CallingNumber *string
	// LineAddress is the line's IP address.
	LineAddress *string
	// CallStatus: its values are not known.
	CallStatus *int64
	// CallStartTs: its unit is not known.
	CallStartTs *int64
	// CallAnswerTs: its unit is not known.
	CallAnswerTs *int64
	// CallEndTs: its unit is not known.
	CallEndTs *int64
	// CallDuration: its unit is not known.
	CallDuration *int64
	CallAudioURL *string
	// HangupCause: its values are not known.
	HangupCause *string
	// TermSipCode is a string, not a number; its values are not known.
	TermSipCode *string
	Intents     []Intent
	SMS         []SMS
	Agent       *Agent
	// Params is what the script template's variables were filled with.
	Params []FilledParam
	Extra  map[string]json.RawMessage
}

// Intent is one of the intents of a call.
type Intent struct {
	private[Intent]

	IntentID   *string
	IntentTag  *string
	IntentName *string
	// IntentLevel: its values are not known.
	IntentLevel *int64
	Extra       map[string]json.RawMessage
}

// SMS is a message that was sent.
type SMS struct {
	private[SMS]

	// SMSSendTs: its unit is not known.
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
	// AgentCallStatus: its values are not known.
	AgentCallStatus *int64
	// AgentCallElapsed: its unit is not known.
	AgentCallElapsed *int64
	AgentLabel       *string
	// ManualCallStart: its unit is not known.
	ManualCallStart *int64
	// ManualCallAnswer: its unit is not known.
	ManualCallAnswer *int64
	// ManualCallEnd: its unit is not known.
	ManualCallEnd *int64
	// ManualHangupBy: its values are not known.
	ManualHangupBy *int64
	Extra          map[string]json.RawMessage
}

// FilledParam is a variable of the script template and what it was filled with.
type FilledParam struct {
	private[FilledParam]

	Name  *string
	Value *string
	Extra map[string]json.RawMessage
}

// CallCallback reads the body as a call callback. Which callback it is says the URL that it came to: the pages'
// callbackType does not tell them apart.
//
// It fails with ErrContent when the message was verified as a response (content_other_kind); when the body is not one
// JSON object and nothing else (content_json); and when it has a key twice (content_repeated), lacks a field that the
// page calls required (content_missing), or has one of another type (content_wrong_type). It fails with ErrClosed for a
// message that no Verifier made, and for one that a handler handed over once the handler's function has returned.
func (v *Verified) CallCallback() (*CallCallback, error) {
	f, err := v.read(callCallbackContent)
	if err != nil {
		return nil, err
	}
	return &CallCallback{
		CallbackType:   f.integer("callbackType"),
		OrderID:        f.text("orderID"),
		UserPhone:      f.text("userPhone"),
		UserName:       f.text("userName"),
		SceneID:        f.text("sceneID"),
		UserTaskID:     f.text("userTaskID"),
		TaskID:         f.text("taskID"),
		Finish:         f.boolean("finish"),
		Other:          f.text("other"),
		CallInfoDetail: maybeObject(f, "callInfoDetail", readCallInfoDetail),
		Extra:          f.rest(),
	}, nil
}

// OrderCallback reads the body as an order callback. It is else as CallCallback.
func (v *Verified) OrderCallback() (*OrderCallback, error) {
	f, err := v.read(orderCallbackContent)
	if err != nil {
		return nil, err
	}
	return &OrderCallback{
		CallbackType:   f.integer("callbackType"),
		OrderID:        f.text("orderID"),
		UserPhone:      f.text("userPhone"),
		UserName:       f.text("userName"),
		SceneID:        f.text("sceneID"),
		UserTaskID:     f.text("userTaskID"),
		TaskID:         f.text("taskID"),
		Finish:         f.maybeBoolean("finish"),
		Other:          f.maybeText("other"),
		CallInfoDetail: maybeObject(f, "callInfoDetail", readCallInfoDetail),
		Extra:          f.rest(),
	}, nil
}

// TaskCallback reads the body as a task callback. It is else as CallCallback.
func (v *Verified) TaskCallback() (*TaskCallback, error) {
	f, err := v.read(taskCallbackContent)
	if err != nil {
		return nil, err
	}
	return &TaskCallback{
		CallbackType: f.integer("callbackType"),
		UserTaskID:   f.text("userTaskID"),
		TaskID:       f.text("taskID"),
		SceneID:      f.text("sceneID"),
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
		CallID:        f.maybeText("callID"),
		CallingNumber: f.maybeText("callingNumber"),
		LineAddress:   f.maybeText("lineAddress"),
		CallStatus:    f.maybeInteger("callStatus"),
		CallStartTs:   f.maybeInteger("callStartTs"),
		CallAnswerTs:  f.maybeInteger("callAnswerTs"),
		CallEndTs:     f.maybeInteger("callEndTs"),
		CallDuration:  f.maybeInteger("callDuration"),
		CallAudioURL:  f.maybeText("callAudioUrl"),
		HangupCause:   f.maybeText("hangupCause"),
		TermSipCode:   f.maybeText("termSipCode"),
		Intents:       objects(f, "intents", readIntent),
		SMS:           objects(f, "sms", readSMS),
		Agent:         maybeObject(f, "agent", readAgent),
		Params:        objects(f, "params", readFilledParam),
		Extra:         f.rest(),
	}
}

func readIntent(f fields) Intent {
	return Intent{
		IntentID:    f.maybeText("intentID"),
		IntentTag:   f.maybeText("intentTag"),
		IntentName:  f.maybeText("intentName"),
		IntentLevel: f.maybeInteger("intentLevel"),
		Extra:       f.rest(),
	}
}

func readSMS(f fields) SMS {
	return SMS{
		SMSSendTs:    f.maybeInteger("smsSendTs"),
		SysMessageID: f.maybeText("sysMessageID"),
		SMSContent:   f.maybeText("smsContent"),
		Extra:        f.rest(),
	}
}

func readAgent(f fields) Agent {
	return Agent{
		AgentName:        f.maybeText("agentName"),
		AgentGroup:       f.maybeText("agentGroup"),
		AgentCallStatus:  f.maybeInteger("agentCallStatus"),
		AgentCallElapsed: f.maybeInteger("agentCallElapsed"),
		AgentLabel:       f.maybeText("agentLabel"),
		ManualCallStart:  f.maybeInteger("manualCallStart"),
		ManualCallAnswer: f.maybeInteger("manualCallAnswer"),
		ManualCallEnd:    f.maybeInteger("manualCallEnd"),
		ManualHangupBy:   f.maybeInteger("manualHangupBy"),
		Extra:            f.rest(),
	}
}

func readFilledParam(f fields) FilledParam {
	return FilledParam{
		Name:  f.maybeText("name"),
		Value: f.maybeText("value"),
		Extra: f.rest(),
	}
}
