package callbot

// StopOrder stops dialling orders. This cannot be undone.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-stopOrder
type StopOrder struct {
	private[StopOrder]

	// UserTaskID is your own id of the task.
	UserTaskID string `json:"userTaskID"`
	// OrderIDs are the orders to stop. It must not be empty, since the page does not say what an
	// empty list stops.
	OrderIDs []string `json:"orderIDs"`
	// DelCall says what becomes of data that was not dialled yet: 1 deletes it, 0 keeps it.
	DelCall *int64 `json:"delCall,omitempty"`
}

func (StopOrder) endpoint() string { return "stopOrder" }

// StopOrderResponse is the answer to [StopOrder].
type StopOrderResponse struct {
	private[StopOrderResponse]
	Envelope `page:"required"`

	// TotalCount: the page does not describe it.
	TotalCount *int64 `json:"totalCount" page:"required"`
	// SuccessCount is known from an example only, and so is ErrList.
	SuccessCount *int64             `json:"successCount"`
	ErrList      List[RefusedOrder] `json:"errList"`
}

// RefusedOrder is an order that could not be stopped.
type RefusedOrder struct {
	private[RefusedOrder]

	OrderID string `json:"orderID"`
	// ErrMsg is the provider's reason.
	ErrMsg string `json:"errMsg"`
	Extra  Extra
}

func (StopOrderResponse) content() content { return answers("stopOrder") }
