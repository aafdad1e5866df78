package callbot

// ExportBatchCall asks for the orders of the latest import.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-batchExportCall
type ExportBatchCall struct {
	private[ExportBatchCall]

	// UserTaskID is your own id of the task.
	UserTaskID string `json:"userTaskID"`
}

func (ExportBatchCall) endpoint() string { return "exportBatchCall" }

// ExportBatchResponse is the answer to [ExportBatchCall]. Its fields are known from an example
// only.
type ExportBatchResponse struct {
	private[ExportBatchResponse]
	Envelope

	TotalCount *int64             `json:"totalCount"`
	BatchID    string             `json:"batchID"`
	CallList   List[ExportedCall] `json:"callList"`
}

// ExportedCall is an order of an [ExportBatchResponse].
type ExportedCall struct {
	private[ExportedCall]

	OrderID   string  `json:"orderID"`
	UserPhone string  `json:"userPhone"`
	Other     *string `json:"other"`
	CallID    string  `json:"callID"`
	// CallStatus: the values are unknown.
	CallStatus *int64 `json:"callStatus"`
	// CallStartTs: the unit is unknown.
	CallStartTs *int64       `json:"callStartTs"`
	Intents     List[Intent] `json:"intents"`
	Extra       Extra
}

func (ExportBatchResponse) content() content { return answers("exportBatchCall") }
