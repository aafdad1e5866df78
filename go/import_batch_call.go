package callbot

// ImportBatchCall imports a batch of orders into a task. Pass it to [NewBatch]. The page calls them
// the newest batch; what else distinguishes an import from adding orders is not published.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-batchImportCall
type ImportBatchCall Task

func (i ImportBatchCall) newBatch(rules *Rules) (*handle[cBatch], error) {
	return newBatchFor("importBatchCall", importHead{i.UserTaskID, CallInfoList{i.OrderCallbackURL, i.CallCallbackURL}}, rules)
}

// importHead is the JSON of an import without its orders.
type importHead struct {
	UserTaskID   string       `json:"userTaskID"`
	CallInfoList CallInfoList `json:"callInfoList"`
}

// ImportBatchResponse is the answer to [ImportBatchCall]. Its own fields are not published; they
// are in Extra.
type ImportBatchResponse struct {
	private[ImportBatchResponse]
	Envelope
}

func (ImportBatchResponse) content() content { return answers("importBatchCall") }
