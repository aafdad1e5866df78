package callbot

// Ping checks that the provider answers.
//
// API page: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-ping
type Ping struct {
	private[Ping]

	// Data is returned in the answer.
	Data string `json:"data"`
}

func (Ping) endpoint() string { return "ping" }

// PingResponse is the answer to [Ping]. Its fields have other names than those of [Envelope].
type PingResponse struct {
	private[PingResponse]

	// Data is the request's Data.
	Data string `json:"data" page:"required"`
	// Timestamp is the time of the check, in seconds.
	Timestamp *int64 `json:"timestamp" page:"required"`
	// Code is 0 for success. Every other value is a failure.
	Code int64 `json:"code" page:"essential"`
	// Msg is the provider's message.
	Msg string `json:"msg" page:"required"`
	// ReqID is the provider's id for tracing.
	ReqID string `json:"reqId" page:"required"`
	Extra Extra
}

// pingEnvelope is the [Envelope] of ping.
type pingEnvelope struct {
	Code  int64  `json:"code" page:"essential"`
	Msg   string `json:"msg" page:"required"`
	ReqID string `json:"reqId" page:"required"`
	Extra Extra
}

func (PingResponse) content() content { return answers("ping") }
