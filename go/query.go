package callbot

// TurnTime selects a number in the options of [ListOrder] and [ListCall].
type TurnTime struct {
	// Gt: the number is greater.
	Gt *int64 `json:"gt,omitempty"`
	// Lt: the number is less.
	Lt *int64 `json:"lt,omitempty"`
	// Enable: the page's description is cut after "use".
	Enable *bool `json:"enable,omitempty"`
}
