package callbot

// TaskSetting is a part of [CreateAndCall] and [UpdateTask]. All fields are known from examples
// only; see [CreateTask].
type TaskSetting struct {
	StrategyName any `json:"strategyName,omitempty"`
	StartupType  any `json:"startupType,omitempty"`
	StartupAt    any `json:"startupAt,omitempty"`
	ZoneSecond   any `json:"zoneSecond,omitempty"`
	// DialAtWeekDay: the format is unknown.
	DialAtWeekDay     any                `json:"dialAtWeekDay,omitempty"`
	DialAtUpHour      any                `json:"dialAtUpHour,omitempty"`
	DialAtDownHour    any                `json:"dialAtDownHour,omitempty"`
	MaxCall           any                `json:"maxCall,omitempty"`
	TaskName          any                `json:"taskName,omitempty"`
	TaskCallbackURL   any                `json:"taskCallbackUrl,omitempty"`
	MaxRingTime       any                `json:"maxRingTime,omitempty"`
	RouteID           any                `json:"routeID,omitempty"`
	ManualCallSetting *ManualCallSetting `json:"manualCallSetting,omitempty"`
	Extra             []Member           `json:"-"`
}

// MarshalJSON implements [encoding/json.Marshaler].
func (t TaskSetting) MarshalJSON() ([]byte, error) { return marshalRequest(t) }

// UnmarshalJSON implements [encoding/json.Unmarshaler].
func (t *TaskSetting) UnmarshalJSON(text []byte) error { return unmarshalRequest(text, t) }

// ManualCallSetting is a part of [TaskSetting] and [CreateTaskSetting].
type ManualCallSetting struct {
	AgentGroup      any      `json:"agentGroup,omitempty"`
	DispatchType    any      `json:"dispatchType,omitempty"`
	RatioCallRate   any      `json:"ratioCallRate,omitempty"`
	PredictCallRate any      `json:"predictCallRate,omitempty"`
	Extra           []Member `json:"-"`
}

// MarshalJSON implements [encoding/json.Marshaler].
func (m ManualCallSetting) MarshalJSON() ([]byte, error) { return marshalRequest(m) }

// UnmarshalJSON implements [encoding/json.Unmarshaler].
func (m *ManualCallSetting) UnmarshalJSON(text []byte) error { return unmarshalRequest(text, m) }

// FuncFlag is a part of [CreateAndCall] and [UpdateTask].
type FuncFlag struct {
	TaskKeep     any           `json:"taskKeep,omitempty"`
	RoundRedial  any           `json:"roundRedial,omitempty"`
	WholeTTS     any           `json:"wholeTTS,omitempty"`
	SMSEnable    any           `json:"smsEnable,omitempty"`
	SMSFuncFlag  []SMSFuncFlag `json:"smsFuncFlag,omitzero"`
	PhoneEncrypt any           `json:"phoneEncrypt,omitempty"`
	Extra        []Member      `json:"-"`
}

// MarshalJSON implements [encoding/json.Marshaler].
func (t FuncFlag) MarshalJSON() ([]byte, error) { return marshalRequest(t) }

// UnmarshalJSON implements [encoding/json.Unmarshaler].
func (t *FuncFlag) UnmarshalJSON(text []byte) error { return unmarshalRequest(text, t) }

// SMSFuncFlag is a part of [FuncFlag].
type SMSFuncFlag struct {
	SMSID      any      `json:"smsID,omitempty"`
	IntentID   any      `json:"intentID,omitempty"`
	IntentName any      `json:"intentName,omitempty"`
	Extra      []Member `json:"-"`
}

// MarshalJSON implements [encoding/json.Marshaler].
func (t SMSFuncFlag) MarshalJSON() ([]byte, error) { return marshalRequest(t) }

// UnmarshalJSON implements [encoding/json.Unmarshaler].
func (t *SMSFuncFlag) UnmarshalJSON(text []byte) error { return unmarshalRequest(text, t) }
