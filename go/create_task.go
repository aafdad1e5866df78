package callbot

// CreateTask creates a task. Its orders are added by [NewBatch].
//
// A field of type any, and those of [CreateTaskSetting], [CreateTaskFuncFlag] and [CreateTaskSMS],
// are known from an example only, so they take any value that encoding/json can write. nil leaves
// them out. Extra has further fields, which are sent after the known ones in the order that is
// given. So it is in all types of requests. encoding/json reads keys that have no field into Extra,
// too.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-createTask
type CreateTask struct {
	private[CreateTask]

	// Account is in the page's example, but not in its table.
	Account any `json:"account,omitempty"`
	// UserTaskID is your own id of the task. It must be unique.
	UserTaskID string `json:"userTaskID"`
	// SceneID is the script template's id.
	SceneID           string              `json:"sceneID"`
	TaskCreateSetting *CreateTaskSetting  `json:"taskCreateSetting,omitempty"`
	FuncFlag          *CreateTaskFuncFlag `json:"funcFlag,omitempty"`
	Other             any                 `json:"other,omitempty"`
	TaskCallbackURL   any                 `json:"taskCallbackUrl,omitempty"`
	OrderCallbackURL  any                 `json:"orderCallbackUrl,omitempty"`
	Extra             []Member            `json:"-"`
}

func (CreateTask) endpoint() string { return "createTask" }

// MarshalJSON implements [encoding/json.Marshaler].
func (c CreateTask) MarshalJSON() ([]byte, error) { return marshalRequest(c) }

// UnmarshalJSON implements [encoding/json.Unmarshaler].
func (c *CreateTask) UnmarshalJSON(text []byte) error { return unmarshalRequest(text, c) }

// CreateTaskSetting is a part of [CreateTask]. Some keys differ from those of [TaskSetting].
type CreateTaskSetting struct {
	StrategyName any `json:"strategyName,omitempty"`
	StartupType  any `json:"startupType,omitempty"`
	StartupAt    any `json:"startupAt,omitempty"`
	ZoneSecond   any `json:"zoneSecond,omitempty"`
	// DialAtWeekDay: the format is unknown.
	DialAtWeekDay any `json:"dialAtWeekDay,omitempty"`
	// DialAtUpHour has a trailing space in its key, on this endpoint only.
	DialAtUpHour      any                `json:"dialAtUpHour ,omitempty"`
	DialAtDownHour    any                `json:"dialAtDownHour,omitempty"`
	MaxRingTime       any                `json:"maxRingTime,omitempty"`
	RouteID           any                `json:"routeID,omitempty"`
	ManualCallSetting *ManualCallSetting `json:"manualCallSetting,omitempty"`
	Extra             []Member           `json:"-"`
}

// MarshalJSON implements [encoding/json.Marshaler].
func (c CreateTaskSetting) MarshalJSON() ([]byte, error) { return marshalRequest(c) }

// UnmarshalJSON implements [encoding/json.Unmarshaler].
func (c *CreateTaskSetting) UnmarshalJSON(text []byte) error { return unmarshalRequest(text, c) }

// CreateTaskFuncFlag is a part of [CreateTask].
type CreateTaskFuncFlag struct {
	TaskKeep    any             `json:"taskKeep,omitempty"`
	RoundRedial any             `json:"roundRedial,omitempty"`
	WholeTTS    any             `json:"wholeTTS,omitempty"`
	SMSEnable   any             `json:"smsEnable,omitempty"`
	SMSFuncFlag []CreateTaskSMS `json:"smsFuncFlag,omitzero"`
	Extra       []Member        `json:"-"`
}

// MarshalJSON implements [encoding/json.Marshaler].
func (c CreateTaskFuncFlag) MarshalJSON() ([]byte, error) { return marshalRequest(c) }

// UnmarshalJSON implements [encoding/json.Unmarshaler].
func (c *CreateTaskFuncFlag) UnmarshalJSON(text []byte) error { return unmarshalRequest(text, c) }

// CreateTaskSMS is a part of [CreateTaskFuncFlag]. Its keys differ from those of [SMSFuncFlag].
type CreateTaskSMS struct {
	SMSID      any      `json:"smsId,omitempty"`
	IntentID   any      `json:"intentId,omitempty"`
	IntentName any      `json:"intentName,omitempty"`
	Extra      []Member `json:"-"`
}

// MarshalJSON implements [encoding/json.Marshaler].
func (c CreateTaskSMS) MarshalJSON() ([]byte, error) { return marshalRequest(c) }

// UnmarshalJSON implements [encoding/json.Unmarshaler].
func (c *CreateTaskSMS) UnmarshalJSON(text []byte) error { return unmarshalRequest(text, c) }

// CreateTaskResponse is the answer to [CreateTask]. Its own fields are not published; they are in
// Extra.
type CreateTaskResponse struct {
	private[CreateTaskResponse]
	Envelope
}

func (CreateTaskResponse) content() content { return answers("createTask") }
