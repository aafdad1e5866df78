package callbot

// ImportBatchCall imports a batch of orders into a task. Pass it to [NewBatch]. The page calls them
// the newest batch; what else distinguishes an import from adding orders is not published.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-batchImportCall
type ImportBatchCall Task

func (i ImportBatchCall) newBatch(rules *Rules) (*handle[cBatch], error) {
	head := batchHead{UserTaskID: i.UserTaskID, CallInfoList: callInfoList{i.OrderCallbackURL, i.CallCallbackURL}}
	return newBatchFor("importBatchCall", head, rules)
}

// ImportBatchResponse is the answer to [ImportBatchCall]. Its own fields are not published; they
// are in Extra.
type ImportBatchResponse struct {
	private[ImportBatchResponse]
	Envelope
}

func (ImportBatchResponse) content() content { return answers("importBatchCall") }
