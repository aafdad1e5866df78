package callbot

// OrderCallback is what the provider sends to OrderCallbackURL after an order has finished.
// Otherwise like [CallCallback].
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-orderCallback
type OrderCallback struct {
	private[OrderCallback]

	// CallbackType is the kind of callback, as in [CallCallback].
	CallbackType int64 `json:"callbackType" page:"essential,digits"`
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
	Finish *bool `json:"finish"`
	// Other is the order's Other. It is nil if it was not sent.
	Other          *string         `json:"other"`
	CallInfoDetail *CallInfoDetail `json:"callInfoDetail"`
	Extra          Extra
}

func (OrderCallback) content() content { return content{} }

// OrderCallback reads the body as an order callback, as [Read] does.
func (v *Verified) OrderCallback() (*OrderCallback, error) { return Read[OrderCallback](v) }
