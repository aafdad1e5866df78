package callbot

// CreateAndCall creates a task and adds orders to it at once. Pass it to [NewBatch]. All fields but
// UserTaskID and the two URLs are known from an example only; see [CreateTask].
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-createTaskAndCall
type CreateAndCall struct {
	private[CreateAndCall]

	// UserTaskID is your own id of the task. It must be unique.
	UserTaskID string
	// SceneID is the script template's id.
	SceneID           any
	TaskCreateSetting *TaskSetting
	FuncFlag          *FuncFlag
	// OrderCallbackURL and CallCallbackURL are as in [Task].
	OrderCallbackURL, CallCallbackURL string
	Extra                             []Member
}

// batchHead is the JSON of a batch without its orders.
type batchHead struct {
	UserTaskID        string       `json:"userTaskID"`
	SceneID           any          `json:"sceneID,omitempty"`
	TaskCreateSetting *TaskSetting `json:"taskCreateSetting,omitempty"`
	FuncFlag          *FuncFlag    `json:"funcFlag,omitempty"`
	CallInfoList      callInfoList `json:"callInfoList"`
	Extra             []Member     `json:"-"`
}

type callInfoList struct {
	OrderCallbackURL string `json:"orderCallbackUrl"`
	CallCallbackURL  string `json:"callCallbackUrl"`
}

func (c CreateAndCall) newBatch(rules *Rules) (*handle[cBatch], error) {
	return newBatchFor("createAndCall", batchHead{
		c.UserTaskID, c.SceneID, c.TaskCreateSetting, c.FuncFlag, callInfoList{c.OrderCallbackURL, c.CallCallbackURL}, c.Extra,
	}, rules)
}

// CreateAndCallResponse is the answer to [CreateAndCall]. Its own fields are not published; they
// are in Extra.
type CreateAndCallResponse struct {
	private[CreateAndCallResponse]
	Envelope
}

func (CreateAndCallResponse) content() content { return answers("createAndCall") }
