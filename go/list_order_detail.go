package callbot

// ListOrderDetail asks for every call of the given orders. It tells what became of an order whose
// answer was lost.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-orderDetailList
type ListOrderDetail struct {
	private[ListOrderDetail]

	// UserTaskID is your own id of the task.
	UserTaskID string `json:"userTaskID"`
	// OrderList are at most 500 ids of orders.
	OrderList []string `json:"orderList"`
}

func (ListOrderDetail) endpoint() string { return "listOrderDetail" }

// ListOrderDetailResponse is the answer to [ListOrderDetail]. Its fields are known from an example
// only.
type ListOrderDetailResponse struct {
	private[ListOrderDetailResponse]
	Envelope

	OrderDetailList List[OrderDetail] `json:"orderDetailList"`
}

// OrderDetail is an order of a [ListOrderDetailResponse].
type OrderDetail struct {
	private[OrderDetail]

	OrderID   string `json:"orderID"`
	UserPhone string `json:"userPhone"`
	// UserName is nil if it was not sent. It may be an empty string.
	UserName *string `json:"userName"`
	// SceneID is the script template's id.
	SceneID string `json:"sceneID"`
	// UserTaskID is your own id of the task.
	UserTaskID string `json:"userTaskID"`
	// TaskID is the provider's id of the task.
	TaskID string `json:"taskID"`
	// Finish reports whether the order has finished.
	Finish *bool `json:"finish"`
	// Other is the order's Other. It is nil if it was not sent.
	Other              *string              `json:"other"`
	CallInfoDetailList List[CallInfoDetail] `json:"callInfoDetailList"`
	Extra              Extra
}

func (ListOrderDetailResponse) content() content { return answers("listOrderDetail") }
