package callbot

// CreateAndCall creates a task and adds orders to it at once. Pass it to [NewBatch]. All fields but
// UserTaskID and CallInfoList are known from an example only; see [CreateTask].
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-createTaskAndCall
type CreateAndCall struct {
	private[CreateAndCall]

	// UserTaskID is your own id of the task. It must be unique.
	UserTaskID string `json:"userTaskID"`
	// SceneID is the script template's id.
	SceneID           any          `json:"sceneID,omitempty"`
	TaskCreateSetting *TaskSetting `json:"taskCreateSetting,omitempty"`
	FuncFlag          *FuncFlag    `json:"funcFlag,omitempty"`
	CallInfoList      CallInfoList `json:"callInfoList"`
	Extra             []Member     `json:"-"`
}

// CallInfoList is a part of [CreateAndCall]. Its orders are added to the batch.
type CallInfoList struct {
	// OrderCallbackURL and CallCallbackURL are as in [Task].
	OrderCallbackURL string `json:"orderCallbackUrl"`
	CallCallbackURL  string `json:"callCallbackUrl"`
}

// MarshalJSON implements [encoding/json.Marshaler].
func (c CreateAndCall) MarshalJSON() ([]byte, error) { return marshalRequest(c) }

// UnmarshalJSON implements [encoding/json.Unmarshaler]. It leaves out the orders: [NewBatchFor]
// reads JSON with orders.
func (c *CreateAndCall) UnmarshalJSON(text []byte) error { return unmarshalRequest(text, c) }

func (c CreateAndCall) newBatch(rules *Rules) (*handle[cBatch], error) {
	return newBatchFor("createAndCall", c, rules)
}

// CreateAndCallResponse is the answer to [CreateAndCall]. Its own fields are not published; they
// are in Extra.
type CreateAndCallResponse struct {
	private[CreateAndCallResponse]
	Envelope
}

func (CreateAndCallResponse) content() content { return answers("createAndCall") }
