package callbot

import (
	"fmt"
	"log/slog"
)

// Task is what a batch of orders belongs to. It has to exist at the provider.
type Task struct {
	// UserTaskID is your own unique id of the task. Not empty.
	UserTaskID string
	// OrderCallbackURL is an absolute http or https URL that is called when an order has finished.
	OrderCallbackURL string
	// CallCallbackURL is an absolute http or https URL that is called when a call has finished.
	CallCallbackURL string
}

// Order is one person to call: one phone number, dialled in one or more rounds. Printing it shows no personal data,
// but in an unexported field of a struct, where package fmt cannot call Format, and shows all.
type Order struct {
	// OrderID is your own globally unique id; a UUID is recommended. It comes back in the callbacks. Not empty.
	OrderID string
	// UserPhone is 7 to 15 digits with the country code and without any symbol. [PhoneFromTyped] makes them of what people
	// type.
	UserPhone string
	// Other is handed back in the callbacks. May be empty.
	Other string
	// UserName may be empty.
	UserName string
	// CustomerName may be empty.
	CustomerName string
	// Params is what the variables of the script template are filled with.
	Params []Param
}

// Format implements [fmt.Formatter]: printing an order shows no personal data, whatever the verb but for %p and %w.
func (o Order) Format(state fmt.State, _ rune) {
	fmt.Fprintf(state, "callbot.Order{%d params}", len(o.Params))
}

// LogValue implements [slog.LogValuer]. It logs what Format prints.
func (o Order) LogValue() slog.Value { return logValue(o) }

// Param is one variable of the script template. The names are found in the console under script management, variable
// settings. Printing it shows no value, but in an unexported field of a struct.
type Param struct {
	// Name is the variable's name. Not empty.
	Name string
	// Value is what it is filled with. Not empty.
	Value string
}

// Format implements [fmt.Formatter]: printing a param shows its name only, whatever the verb but for %p and %w.
func (p Param) Format(state fmt.State, _ rune) {
	fmt.Fprintf(state, "callbot.Param{%q}", p.Name)
}

// LogValue implements [slog.LogValuer]. It logs what Format prints.
func (p Param) LogValue() slog.Value { return logValue(p) }

// Rules is what a campaign demands of its orders beyond what the API itself does. The zero value demands nothing.
type Rules struct {
	// RequireParams names the variables of the script template. Every order must fill each of them exactly once, and no
	// other.
	RequireParams []string
	// NoOtherParams says that the script template has no variables but those of RequireParams: where that is empty, no
	// order may have params.
	NoOtherParams bool
	// AllowCountryCodes holds country codes such as "86". Unless it is empty, a number with any other country code is
	// refused: that finds numbers whose country code was forgotten, and closes the door to toll fraud. "1" stands for all
	// of the North American Numbering Plan, the Caribbean included.
	AllowCountryCodes []string
	// MaxOrders is the most orders that one request may hold; 0 means that there is no limit. The provider publishes no
	// figure, only an error for too many.
	MaxOrders int
}
