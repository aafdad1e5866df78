package callbot

// ListTask asks for tasks with statistics.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-taskList
type ListTask struct {
	private[ListTask]

	// Page is the number of the page, from 1 in the example.
	Page int64 `json:"page"`
	// Size is the size of a page, 100 in the example. Its maximum is unknown.
	Size            int64           `json:"size"`
	QueryConditions QueryConditions `json:"queryConditions"`
}

// QueryConditions selects the tasks of [ListTask]. nil and empty fields are left out.
type QueryConditions struct {
	// TaskStatus are some of [TaskStatusWaiting] and following.
	TaskStatus []int64  `json:"taskStatus,omitzero"`
	TaskName   []string `json:"taskName,omitzero"`
	// SceneID is the script template's id.
	SceneID string `json:"sceneID,omitempty"`
	// UserTaskID are your own ids of tasks.
	UserTaskID []string `json:"userTaskID,omitzero"`
	// StartTs is the earliest creation of the task. The unit is unknown.
	StartTs *int64 `json:"startTs,omitempty"`
	// EndTs is the latest one.
	EndTs *int64 `json:"endTs,omitempty"`
}

// What the page of listTask says of taskStatus. Be ready for other values.
const (
	TaskStatusWaiting   = 1 // waiting to start
	TaskStatusRunning   = 2
	TaskStatusCompleted = 3
	TaskStatusFailed    = 4 // ended
	TaskStatusPaused    = 5
)

func (ListTask) endpoint() string { return "listTask" }

// ListTaskResponse is the answer to [ListTask]. Its fields are known from an example only, which is
// cut: what else there is is in Extra.
type ListTaskResponse struct {
	private[ListTaskResponse]
	Envelope

	TaskData List[TaskData] `json:"taskData"`
}

// TaskData is a task of a [ListTaskResponse].
type TaskData struct {
	private[TaskData]

	// UserTaskID is your own id of the task.
	UserTaskID string `json:"userTaskID"`
	// TaskID is the provider's id of the task.
	TaskID string `json:"taskID"`
	// SceneID is the script template's id.
	SceneID string `json:"sceneID"`
	// TaskStatus is one of [TaskStatusWaiting] and following, or another value.
	TaskStatus *int64 `json:"taskStatus"`
	// CreateTs is when the task was created.
	CreateTs *int64 `json:"createTs"`
	// TaskStat: the example is cut inside of answerRate.
	TaskStat *TaskStat `json:"taskStat"`
	Extra    Extra
}

func (ListTaskResponse) content() content { return answers("listTask") }
