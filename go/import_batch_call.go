package callbot

// ImportBatchCall imports a batch of orders into a task. Pass it to [NewBatch]. The page calls them
// the newest batch; what else distinguishes an import from adding orders is not published.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-batchImportCall
type ImportBatchCall Task

func (ImportBatchCall) batchEndpoint() string { return "importBatchCall" }
func (i ImportBatchCall) batchJSON() ([]byte, error) {
	return marshalRequest(batchHead{UserTaskID: i.UserTaskID, CallInfoList: callInfoList{i.OrderCallbackURL, i.CallCallbackURL}})
}

// ImportBatchResponse is the answer to [ImportBatchCall]. Its own fields are not published; they
// are in Extra.
type ImportBatchResponse struct {
	private[ImportBatchResponse]
	Envelope
}

func (ImportBatchResponse) content() content { return answers("importBatchCall") }
