package callbot

// CallInfoDetail is one call. Its fields, and those of its parts, are known from the pages'
// examples only.
type CallInfoDetail struct {
	private[CallInfoDetail]

	CallID string `json:"callID"`
	// CallingNumber is the calling number.
	CallingNumber string `json:"callingNumber"`
	// LineAddress is the line's IP address.
	LineAddress string `json:"lineAddress"`
	// CallStatus: the values are unknown.
	CallStatus *int64 `json:"callStatus"`
	// CallStartTs: the unit is unknown.
	CallStartTs *int64 `json:"callStartTs"`
	// CallAnswerTs: the unit is unknown.
	CallAnswerTs *int64 `json:"callAnswerTs"`
	// CallEndTs: the unit is unknown.
	CallEndTs *int64 `json:"callEndTs"`
	// CallDuration: the unit is unknown.
	CallDuration *int64 `json:"callDuration"`
	CallAudioURL string `json:"callAudioUrl"`
	// HangupCause: the values are unknown.
	HangupCause string `json:"hangupCause"`
	// TermSipCode is a string, not a number. The values are unknown.
	TermSipCode string       `json:"termSipCode"`
	Intents     List[Intent] `json:"intents"`
	SMS         List[SMS]    `json:"sms"`
	Agent       *Agent       `json:"agent"`
	// Params are the values of the script template's variables.
	Params List[FilledParam] `json:"params"`
	Extra  Extra
}

// Intent is one intent of a call.
type Intent struct {
	private[Intent]

	IntentID   string `json:"intentID"`
	IntentTag  string `json:"intentTag"`
	IntentName string `json:"intentName"`
	// IntentLevel: the values are unknown.
	IntentLevel *int64 `json:"intentLevel"`
	Extra       Extra
}

// SMS is a text message that was sent.
type SMS struct {
	private[SMS]

	// SMSSendTs: the unit is unknown.
	SMSSendTs    *int64 `json:"smsSendTs"`
	SysMessageID string `json:"sysMessageID"`
	SMSContent   string `json:"smsContent"`
	Extra        Extra
}

// Agent is the person who took a call over.
type Agent struct {
	private[Agent]

	AgentName  string `json:"agentName"`
	AgentGroup string `json:"agentGroup"`
	// AgentCallStatus: the values are unknown.
	AgentCallStatus *int64 `json:"agentCallStatus"`
	// AgentCallElapsed: the unit is unknown.
	AgentCallElapsed *int64 `json:"agentCallElapsed"`
	AgentLabel       string `json:"agentLabel"`
	// ManualCallStart: the unit is unknown.
	ManualCallStart *int64 `json:"manualCallStart"`
	// ManualCallAnswer: the unit is unknown.
	ManualCallAnswer *int64 `json:"manualCallAnswer"`
	// ManualCallEnd: the unit is unknown.
	ManualCallEnd *int64 `json:"manualCallEnd"`
	// ManualHangupBy: the values are unknown.
	ManualHangupBy *int64 `json:"manualHangupBy"`
	Extra          Extra
}

// FilledParam is the name and value of a variable of the script template.
type FilledParam struct {
	private[FilledParam]

	Name  string `json:"name"`
	Value string `json:"value"`
	Extra Extra
}
