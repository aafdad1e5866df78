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
	CallbackType int64  `json:"callbackType"`
	OrderID      string `json:"orderID"`
	UserPhone    string `json:"userPhone"`
	UserName     string `json:"userName"`
	// SceneID is the script template's id.
	SceneID string `json:"sceneID"`
	// UserTaskID is your own id of the task.
	UserTaskID string `json:"userTaskID"`
	// TaskID is the provider's id of the task.
	TaskID string `json:"taskID"`
	// Finish reports whether the order has finished.
	Finish bool `json:"finish"`
	// Other is the order's Other.
	Other string `json:"other"`
	// CallInfoDetail is nil if not sent.
	CallInfoDetail *CallInfoDetail `json:"callInfoDetail"`
	Extra          map[string]json.RawMessage
}

// OrderCallback is what the provider sends to OrderCallbackURL after an order has finished.
// Otherwise like [CallCallback].
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-orderCallback
type OrderCallback struct {
	private[OrderCallback]

	// CallbackType is the kind of callback, as in [CallCallback].
	CallbackType int64  `json:"callbackType"`
	OrderID      string `json:"orderID"`
	UserPhone    string `json:"userPhone"`
	UserName     string `json:"userName"`
	// SceneID is the script template's id.
	SceneID string `json:"sceneID"`
	// UserTaskID is your own id of the task.
	UserTaskID string `json:"userTaskID"`
	// TaskID is the provider's id of the task.
	TaskID string `json:"taskID"`
	// Finish reports whether the order has finished; nil if not sent.
	Finish *bool `json:"finish"`
	// Other is the order's Other; nil if not sent.
	Other *string `json:"other"`
	// CallInfoDetail is nil if not sent.
	CallInfoDetail *CallInfoDetail `json:"callInfoDetail"`
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
	CallbackType int64 `json:"callbackType"`
	// UserTaskID is your own id of the task.
	UserTaskID string `json:"userTaskID"`
	// TaskID is the provider's id of the task.
	TaskID string `json:"taskID"`
	// SceneID is the script template's id.
	SceneID string `json:"sceneID"`
	// TaskStatus: the page does not list its values.
	TaskStatus int64 `json:"taskStatus"`
	// CreateTs is when the task was created. It is not the header of the same name.
	CreateTs int64    `json:"createTs"`
	TaskStat TaskStat `json:"taskStat"`
	Extra    map[string]json.RawMessage
}

// TaskStat has the figures of a task.
type TaskStat struct {
	private[TaskStat]

	// AnswerOrderCount is the number of orders answered.
	AnswerOrderCount int64 `json:"answerOrderCount"`
	// FinishOrderCount is the number of orders finished.
	FinishOrderCount int64 `json:"finishOrderCount"`
	// TotalOrderCount is the number of all orders.
	TotalOrderCount int64 `json:"totalOrderCount"`
	// FinishRate is finished orders divided by all orders, with two decimals.
	FinishRate float64 `json:"finishRate"`
	// TotalAnswerCall is the number of calls answered.
	TotalAnswerCall int64 `json:"totalAnswerCall"`
	// TotalCall is the number of all calls.
	TotalCall int64 `json:"totalCall"`
	// AnswerRate is answered calls divided by all calls, with two decimals.
	AnswerRate float64 `json:"answerRate"`
	Extra      map[string]json.RawMessage
}

// CallInfoDetail is one call. All of its fields are known from the pages' examples only. A field is
// set if it was sent with the example's type; otherwise it is in Extra.
type CallInfoDetail struct {
	private[CallInfoDetail]

	CallID        *string `json:"callID"`
	CallingNumber *string `json:"callingNumber"`
	// LineAddress is the line's IP address.
	LineAddress *string `json:"lineAddress"`
	// CallStatus: the values are unknown.
	CallStatus *int64 `json:"callStatus"`
	// CallStartTs: the unit is unknown.
	CallStartTs *int64 `json:"callStartTs"`
	// CallAnswerTs: the unit is unknown.
	CallAnswerTs *int64 `json:"callAnswerTs"`
	// CallEndTs: the unit is unknown.
	CallEndTs *int64 `json:"callEndTs"`
	// CallDuration: the unit is unknown.
	CallDuration *int64  `json:"callDuration"`
	CallAudioURL *string `json:"callAudioUrl"`
	// HangupCause: the values are unknown.
	HangupCause *string `json:"hangupCause"`
	// TermSipCode is a string, not a number. The values are unknown.
	TermSipCode *string  `json:"termSipCode"`
	Intents     []Intent `json:"intents"`
	SMS         []SMS    `json:"sms"`
	Agent       *Agent   `json:"agent"`
	// Params are the values of the script template's variables.
	Params []FilledParam `json:"params"`
	Extra  map[string]json.RawMessage
}

// Intent is one intent of a call.
type Intent struct {
	private[Intent]

	IntentID   *string `json:"intentID"`
	IntentTag  *string `json:"intentTag"`
	IntentName *string `json:"intentName"`
	// IntentLevel: the values are unknown.
	IntentLevel *int64 `json:"intentLevel"`
	Extra       map[string]json.RawMessage
}

// SMS is a text message that was sent.
type SMS struct {
	private[SMS]

	// SMSSendTs: the unit is unknown.
	SMSSendTs    *int64  `json:"smsSendTs"`
	SysMessageID *string `json:"sysMessageID"`
	SMSContent   *string `json:"smsContent"`
	Extra        map[string]json.RawMessage
}

// Agent is the person who took a call over.
type Agent struct {
	private[Agent]

	AgentName  *string `json:"agentName"`
	AgentGroup *string `json:"agentGroup"`
	// AgentCallStatus: the values are unknown.
	AgentCallStatus *int64 `json:"agentCallStatus"`
	// AgentCallElapsed: the unit is unknown.
	AgentCallElapsed *int64  `json:"agentCallElapsed"`
	AgentLabel       *string `json:"agentLabel"`
	// ManualCallStart: the unit is unknown.
	ManualCallStart *int64 `json:"manualCallStart"`
	// ManualCallAnswer: the unit is unknown.
	ManualCallAnswer *int64 `json:"manualCallAnswer"`
	// ManualCallEnd: the unit is unknown.
	ManualCallEnd *int64 `json:"manualCallEnd"`
	// ManualHangupBy: the values are unknown.
	ManualHangupBy *int64 `json:"manualHangupBy"`
	Extra          map[string]json.RawMessage
}

// FilledParam is the name and value of a variable of the script template.
type FilledParam struct {
	private[FilledParam]

	Name  *string `json:"name"`
	Value *string `json:"value"`
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
	return read[CallCallback](v, callCallbackContent)
}

// OrderCallback reads the body as an order callback. Otherwise like CallCallback.
func (v *Verified) OrderCallback() (*OrderCallback, error) {
	return read[OrderCallback](v, orderCallbackContent)
}

// TaskCallback reads the body as a task callback. Otherwise like CallCallback.
func (v *Verified) TaskCallback() (*TaskCallback, error) {
	return read[TaskCallback](v, taskCallbackContent)
}
