package callbot

// MgrTaskStatus starts, pauses or completes a task.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-mgrTaskStatus
type MgrTaskStatus struct {
	private[MgrTaskStatus]

	// UserTaskID is your own id of the task.
	UserTaskID string `json:"userTaskID"`
	// TaskOperate is [TaskStart], [TaskPause] or [TaskComplete].
	TaskOperate int64 `json:"taskOperate"`
	// DelCall says what becomes of data that was not dialled yet: 1 deletes it, 0 keeps it.
	DelCall *int64 `json:"delCall,omitempty"`
}

// What [MgrTaskStatus] can do.
const (
	TaskStart    = 1
	TaskPause    = 2
	TaskComplete = 3
)

func (MgrTaskStatus) endpoint() string { return "mgrTaskStatus" }

// MgrTaskStatusResponse is the answer to [MgrTaskStatus]. Its fields are known from an example
// only.
type MgrTaskStatusResponse struct {
	private[MgrTaskStatusResponse]
	Envelope

	// TaskID is the provider's id of the task.
	TaskID string `json:"taskID"`
	// TaskStatus is one of [TaskStatusWaiting] and following, or another value.
	TaskStatus *int64 `json:"taskStatus"`
}

func (MgrTaskStatusResponse) content() content { return answers("mgrTaskStatus") }
