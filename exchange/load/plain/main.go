// Plain receives callbacks as a careful program does without the library: crypto/md5,
// encoding/json, the same checks, and a store against replays.
package main

import (
	"crypto/hmac"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"load/serve"
)

const maxBody = 1 << 20

type plainCall struct {
	CallbackType   int64       `json:"callbackType"`
	OrderID        string      `json:"orderID"`
	UserPhone      string      `json:"userPhone"`
	UserName       string      `json:"userName"`
	SceneID        string      `json:"sceneID"`
	UserTaskID     string      `json:"userTaskID"`
	TaskID         string      `json:"taskID"`
	Finish         bool        `json:"finish"`
	Other          string      `json:"other"`
	CallInfoDetail plainDetail `json:"callInfoDetail"`
}

type plainDetail struct {
	CallID        string `json:"callID"`
	CallingNumber string `json:"callingNumber"`
	LineAddress   string `json:"lineAddress"`
	CallStatus    int64  `json:"callStatus"`
	CallStartTs   int64  `json:"callStartTs"`
	CallAnswerTs  int64  `json:"callAnswerTs"`
	CallEndTs     int64  `json:"callEndTs"`
	CallDuration  int64  `json:"callDuration"`
	CallAudioURL  string `json:"callAudioUrl"`
	HangupCause   string `json:"hangupCause"`
	TermSipCode   string `json:"termSipCode"`
	Intents       []struct {
		IntentID    string `json:"intentID"`
		IntentTag   string `json:"intentTag"`
		IntentName  string `json:"intentName"`
		IntentLevel int64  `json:"intentLevel"`
	} `json:"intents"`
	SMS []struct {
		SMSSendTs    int64  `json:"smsSendTs"`
		SysMessageID string `json:"sysMessageID"`
		SMSContent   string `json:"smsContent"`
	} `json:"sms"`
	Agent struct {
		AgentName        string `json:"agentName"`
		AgentGroup       string `json:"agentGroup"`
		AgentCallStatus  int64  `json:"agentCallStatus"`
		AgentCallElapsed int64  `json:"agentCallElapsed"`
		AgentLabel       string `json:"agentLabel"`
		ManualCallStart  int64  `json:"manualCallStart"`
		ManualCallAnswer int64  `json:"manualCallAnswer"`
		ManualCallEnd    int64  `json:"manualCallEnd"`
		ManualHangupBy   int64  `json:"manualHangupBy"`
	} `json:"agent"`
	Params []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"params"`
}

// replays remembers request IDs, and forgets them after keep.
type replays struct {
	lock sync.Mutex
	seen map[string]time.Time
	next time.Time // when to look for those to forget
}

const keep = 421 * time.Second

func (r *replays) isNew(requestID string, now time.Time) bool {
	r.lock.Lock()
	defer r.lock.Unlock()
	if now.After(r.next) {
		for id, until := range r.seen {
			if now.After(until) {
				delete(r.seen, id)
			}
		}
		r.next = now.Add(time.Minute)
	}
	if _, known := r.seen[requestID]; known {
		return false
	}
	r.seen[requestID] = now.Add(keep)
	return true
}

func main() {
	uuid, secret := os.Getenv("CALLBOT_UUID"), os.Getenv("CALLBOT_SECRET_KEY")
	var handled, used atomic.Int64
	store := replays{seen: map[string]time.Time{}}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		requestID, createTs := r.Header.Get("requestID"), r.Header.Get("createTs")
		hash := md5.New()
		_, _ = io.WriteString(hash, secret+"&body=")
		_, _ = hash.Write(body)
		_, _ = io.WriteString(hash, "&createTs="+createTs+"&requestID="+requestID+"&uuid="+uuid)
		sent, err := hex.DecodeString(r.Header.Get("sign"))
		seconds, tsErr := strconv.ParseInt(createTs, 10, 64)
		now := time.Now()
		age := now.Sub(time.Unix(seconds, 0))
		if err != nil || tsErr != nil || r.Header.Get("uuid") != uuid || !hmac.Equal(hash.Sum(nil), sent) ||
			age > 5*time.Minute || age < -time.Minute {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var call plainCall
		if err := json.Unmarshal(body, &call); err != nil {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		if store.isNew(requestID, now) {
			handled.Add(1)
			used.Add(int64(len(call.OrderID)))
			for _, intent := range call.CallInfoDetail.Intents {
				used.Add(int64(len(intent.IntentID)))
			}
			for _, sms := range call.CallInfoDetail.SMS {
				used.Add(int64(len(sms.SMSContent)))
			}
			for _, param := range call.CallInfoDetail.Params {
				used.Add(int64(len(param.Name)))
			}
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "success")
	})
	serve.Run(handler, func() map[string]any { return map[string]any{"handled": handled.Load(), "used": used.Load()} })
}
