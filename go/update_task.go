package callbot

// UpdateTask changes a task that is paused or not yet started. The change takes effect after five
// minutes. Only TaskCreateSetting and FuncFlag can be changed. Changes of number encryption and of
// the SMS function do not concern numbers that are finished or imported already.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-updateTask
type UpdateTask struct {
	private[UpdateTask]

	// UserTaskID is your own id of the task.
	UserTaskID string `json:"userTaskID,omitempty"`
	// SceneID is the script template's id.
	SceneID           string       `json:"sceneID,omitempty"`
	TaskCreateSetting *TaskSetting `json:"taskCreateSetting,omitempty"`
	FuncFlag          *FuncFlag    `json:"funcFlag,omitempty"`
	Extra             []Member     `json:"-"`
}

func (UpdateTask) endpoint() string { return "updateTask" }

// MarshalJSON implements [encoding/json.Marshaler].
func (u UpdateTask) MarshalJSON() ([]byte, error) { return marshalRequest(u) }

// UnmarshalJSON implements [encoding/json.Unmarshaler].
func (u *UpdateTask) UnmarshalJSON(text []byte) error { return unmarshalRequest(text, u) }

// UpdateTaskResponse is the answer to [UpdateTask]. Its own fields are not published; they are in
// Extra.
type UpdateTaskResponse struct {
	private[UpdateTaskResponse]
	Envelope
}

func (UpdateTaskResponse) content() content { return answers("updateTask") }
