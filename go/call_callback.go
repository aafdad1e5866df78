package callbot

// CallCallback is what the provider sends to CallCallbackURL after each call.
//
// The URL that received it determines the kind of a callback, because the pages' callbackType does
// not, and a call callback can be read as an [OrderCallback] too.
//
// Printing it shows no personal data, and neither does printing a value that contains it. The
// exception is an unexported field of a struct, where package fmt cannot call Format; such a struct
// needs a Format of its own.
//
// A field that was not sent, or was sent as null, is nil or empty. So is one that was sent with
// another type, which is in Extra then, like the fields that the API's page does not list: each as
// it was sent; see [Extra]. A number may be sent as a string of its digits. A list is a [List],
// whose rows are read one by one; a row that is not an object is in its Extra under the key "".
// [ReadDeviations] lists what differs from the page.
//
// All of this applies to the nested types and to responses too.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-callCallback
type CallCallback struct {
	private[CallCallback]

	// CallbackType is the kind of callback. The API's pages show it as an integer and as a string.
	CallbackType int64 `json:"callbackType" page:"essential"`
	// OrderID is your own id of the order.
	OrderID   string `json:"orderID" page:"essential"`
	UserPhone string `json:"userPhone" page:"required"`
	// UserName is nil if it was not sent. It may be an empty string.
	UserName *string `json:"userName" page:"required"`
	// SceneID is the script template's id.
	SceneID string `json:"sceneID" page:"required"`
	// UserTaskID is your own id of the task.
	UserTaskID string `json:"userTaskID" page:"required"`
	// TaskID is the provider's id of the task.
	TaskID string `json:"taskID" page:"required"`
	// Finish reports whether the order has finished.
	Finish *bool `json:"finish" page:"required"`
	// Other is the order's Other. It is nil if it was not sent.
	Other          *string         `json:"other" page:"required"`
	CallInfoDetail *CallInfoDetail `json:"callInfoDetail"`
	Extra          Extra
}

func (CallCallback) content() content { return content{} }

// CallCallback reads the body as a call callback, as [Read] does.
func (v *Verified) CallCallback() (*CallCallback, error) { return Read[CallCallback](v) }
