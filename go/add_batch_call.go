package callbot

// AddBatchResponse is the answer to a batch of orders. [Request.Outcome] tells which orders were
// refused.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder
type AddBatchResponse struct {
	private[AddBatchResponse]
	Envelope `page:"required"`

	// TotalCount is the number of orders received.
	TotalCount *int64 `json:"totalCount" page:"required"`
	// SuccessCount is the number of orders accepted.
	SuccessCount *int64 `json:"successCount" page:"required"`
	// ErrList lists the refused phone numbers.
	ErrList List[RefusedPhone] `json:"errList" page:"optional"`
}

// RefusedPhone is a phone number that the provider refused. Two orders with the same phone cannot
// be told apart by it.
type RefusedPhone struct {
	private[RefusedPhone]

	Phone string `json:"phone" page:"required"`
	// ErrMsg is the provider's reason.
	ErrMsg string `json:"errMsg" page:"required"`
	Extra  Extra
}

func (AddBatchResponse) content() content { return answers("addBatchCall") }
