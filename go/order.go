package callbot

import (
	"fmt"
	"log/slog"
)

// Task is the provider's task that a batch of orders belongs to. It must exist already.
type Task struct {
	// UserTaskID is your own unique id of the task. It must not be empty.
	UserTaskID string
	// OrderCallbackURL is an absolute http or https URL. The provider calls it when an order has
	// finished.
	OrderCallbackURL string
	// CallCallbackURL is an absolute http or https URL. The provider calls it when a call has
	// finished.
	CallCallbackURL string
}

func (t Task) newBatch(rules *Rules) (*handle[cBatch], error) { return cNewBatch(&t, rules) }

// Order is one person to call: one phone number, dialled in one or more rounds. Printing it shows
// no personal data, except in an unexported field of a struct, where package fmt cannot call
// Format.
type Order struct {
	// OrderID is your own globally unique id, preferably a UUID. The callbacks contain it. It must
	// not be empty.
	OrderID string
	// UserPhone is 7 to 15 digits, with the country code and without symbols. [PhoneFromTyped]
	// converts typed numbers.
	UserPhone string
	// Other is returned in the callbacks. It may be empty.
	Other string
	// UserName may be empty.
	UserName string
	// CustomerName may be empty.
	CustomerName string
	// Params are the values of the script template's variables.
	Params []Param
}

// Format implements [fmt.Formatter]. It prints no personal data, for every verb except %p and %w.
func (o Order) Format(state fmt.State, _ rune) {
	fmt.Fprintf(state, "callbot.Order{%d params}", len(o.Params))
}

// LogValue implements [slog.LogValuer]. It logs what Format prints.
func (o Order) LogValue() slog.Value { return logValue(o) }

// Param is the value of one variable of the script template. The console lists the names under
// script management, variable settings. Printing a Param shows no value, except in an unexported
// field of a struct.
type Param struct {
	// Name is the variable's name. It must not be empty.
	Name string
	// Value is the variable's value. It must not be empty.
	Value string
}

// Format implements [fmt.Formatter]. It prints the name only, for every verb except %p and %w.
func (p Param) Format(state fmt.State, _ rune) {
	fmt.Fprintf(state, "callbot.Param{%q}", p.Name)
}

// LogValue implements [slog.LogValuer]. It logs what Format prints.
func (p Param) LogValue() slog.Value { return logValue(p) }

// Rules are a campaign's own checks of its orders, in addition to the API's. The zero value has
// none.
type Rules struct {
	// RequireParams names the variables of the script template. Every order must set each of them
	// exactly once, and no other.
	RequireParams []string
	// NoOtherParams allows no variables except those of RequireParams. If that is empty, no order
	// may have params.
	NoOtherParams bool
	// AllowCountryCodes are country codes such as "86". Unless it is empty, a number with another
	// country code is refused. That detects numbers without their country code and prevents toll
	// fraud. "1" stands for the whole North American Numbering Plan, including the Caribbean.
	AllowCountryCodes []string
	// MaxOrders is the maximum number of orders in one request; 0 means no limit. The provider
	// publishes no figure, only an error for too many.
	MaxOrders int
	// AllowBlankEdges allows whitespace, control and invisible characters at the start and end of
	// order IDs, the task's ID and the names of params. Otherwise they are refused, since they
	// nearly always come from line ends or copying.
	AllowBlankEdges bool
	// UniquePhones refuses an order whose phone number another order of the batch has already.
	UniquePhones bool
}
