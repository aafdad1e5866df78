package callbot

// TaskCallback is what the provider sends to taskCallbackUrl about a task. Otherwise like
// [CallCallback].
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-taskCallback
type TaskCallback struct {
	private[TaskCallback]

	// CallbackType is 1 for a task callback; other values are unknown.
	CallbackType int64 `json:"callbackType" page:"essential"`
	// UserTaskID is your own id of the task. Either it or TaskID is always set.
	UserTaskID string `json:"userTaskID" page:"essential id"`
	// TaskID is the provider's id of the task.
	TaskID string `json:"taskID" page:"essential id"`
	// SceneID is the script template's id.
	SceneID string `json:"sceneID" page:"required"`
	// TaskStatus: the page does not list its values; those of [TaskStatusWaiting] and following are
	// on another page. Either it or TaskStat is always set.
	TaskStatus *int64 `json:"taskStatus" page:"essential status"`
	// CreateTs is when the task was created. It is not the header of the same name.
	CreateTs *int64    `json:"createTs" page:"required"`
	TaskStat *TaskStat `json:"taskStat" page:"essential status"`
	Extra    Extra
}

// TaskStat has the figures of a task.
type TaskStat struct {
	private[TaskStat]

	// AnswerOrderCount is the number of orders answered.
	AnswerOrderCount *int64 `json:"answerOrderCount" page:"required"`
	// FinishOrderCount is the number of orders finished.
	FinishOrderCount *int64 `json:"finishOrderCount" page:"required"`
	// TotalOrderCount is the number of all orders.
	TotalOrderCount *int64 `json:"totalOrderCount" page:"required"`
	// FinishRate is finished orders divided by all orders, with two decimals.
	FinishRate *float64 `json:"finishRate" page:"required"`
	// TotalAnswerCall is the number of calls answered.
	TotalAnswerCall *int64 `json:"totalAnswerCall" page:"required"`
	// TotalCall is the number of all calls.
	TotalCall *int64 `json:"totalCall" page:"required"`
	// AnswerRate is answered calls divided by all calls, with two decimals.
	AnswerRate *float64 `json:"answerRate" page:"required"`
	Extra      Extra
}

func (TaskCallback) content() content { return content{} }

// TaskCallback reads the body as a task callback, as [Read] does. No other callback passes.
func (v *Verified) TaskCallback() (*TaskCallback, error) { return Read[TaskCallback](v) }
