package callbot

// ListCall asks for calls.
//
// API page: https://github.com/nxtele/http-api-document/wiki/Callbot-API-callList
type ListCall struct {
	private[ListCall]

	// UserTaskID is your own id of the task.
	UserTaskID string      `json:"userTaskID"`
	Options    CallOptions `json:"options"`
	// Page and Size are 1 and 100 in the page's example.
	Page any `json:"page,omitempty"`
	Size any `json:"size,omitempty"`
}

// CallOptions selects the calls of [ListCall]. nil fields are left out. Those of type any are known
// from an example only, or look like rows of the response.
type CallOptions struct {
	CallID        []string `json:"callID,omitzero"`
	CallingNumber any      `json:"callingNumber,omitempty"`
	LineAddress   any      `json:"lineAddress,omitempty"`
	IntentID      []string `json:"intentID,omitzero"`
	IntentName    any      `json:"intentName,omitempty"`
	IntentTag     any      `json:"intentTag,omitempty"`
	IntentLevel   any      `json:"intentLevel,omitempty"`
	// TurnTime is a [TurnTime] in the example, and so is CallDuration.
	TurnTime     any `json:"turnTime,omitempty"`
	CallDuration any `json:"callDuration,omitempty"`
	// CallStatus is a list of integers in the example. Its values are unknown.
	CallStatus any `json:"callStatus,omitempty"`
	StartTs    any `json:"startTs,omitempty"`
	EndTs      any `json:"endTs,omitempty"`
}

func (ListCall) endpoint() string { return "listCall" }

// ListCallResponse is the answer to [ListCall]. Its own fields are not published; they are in
// Extra.
type ListCallResponse struct {
	private[ListCallResponse]
	Envelope
}

func (ListCallResponse) content() content { return answers("listCall") }
