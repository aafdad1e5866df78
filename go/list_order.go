package callbot

// ListOrder asks for orders with the status of their last call.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-orderList
type ListOrder struct {
	private[ListOrder]

	// UserTaskID is your own id of the task.
	UserTaskID string       `json:"userTaskID"`
	Options    OrderOptions `json:"options"`
	// Page and Size are 1 and 100 in the page's example.
	Page any `json:"page,omitempty"`
	Size any `json:"size,omitempty"`
}

// OrderOptions selects the orders of [ListOrder]. nil fields are left out.
type OrderOptions struct {
	OrderID    []string `json:"orderID,omitzero"`
	IntentID   []string `json:"intentID,omitzero"`
	IntentName []string `json:"intentName,omitzero"`
	IntentTag  []string `json:"intentTag,omitzero"`
	// IntentLevel is known from an example only, and so are CallDuration and CallStatus.
	IntentLevel any `json:"intentLevel,omitempty"`
	// Finish is 1 in the example. Its values are unknown. In callbacks it is a boolean.
	Finish *int64 `json:"finish,omitempty"`
	// TurnTime is the number of rounds of dialogue.
	TurnTime *TurnTime `json:"turnTime,omitempty"`
	// CallDuration is a [TurnTime] in the example.
	CallDuration any `json:"callDuration,omitempty"`
	// CallStatus is a list of integers in the example. Its values are unknown.
	CallStatus any `json:"callStatus,omitempty"`
}

func (ListOrder) endpoint() string { return "listOrder" }

// ListOrderResponse is the answer to [ListOrder]. Its own fields are not published; they are in
// Extra.
type ListOrderResponse struct {
	private[ListOrderResponse]
	Envelope
}

func (ListOrderResponse) content() content { return answers("listOrder") }
