package callbot

import (
	"crypto/hmac"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// campaignCallback has every field of the call callback's page, and the 732 bytes of one of a real
// campaign.
const campaignCallback = `{"callbackType":1,"orderID":"o-1","userPhone":"8613800000001","userName":"王芳","sceneID":"s",` +
	`"userTaskID":"t","taskID":"p","finish":true,"other":"17","callInfoDetail":{"callID":"c-9",` +
	`"callingNumber":"862","lineAddress":"192.0.2.7","callStatus":1,"callStartTs":17262,"callAnswerTs":17269,` +
	`"callEndTs":17323,"callDuration":54,"callAudioUrl":"","hangupCause":"","termSipCode":"200",` +
	`"intents":[{"intentID":"i-4","intentTag":"A","intentName":"p","intentLevel":2}],"sms":[{"smsSendTs":0,"sysMessageID":"",` +
	`"smsContent":""}],"agent":{"agentName":"","agentGroup":"","agentCallStatus":0,"agentCallElapsed":0,"agentLabel":"",` +
	`"manualCallStart":0,"manualCallAnswer":0,"manualCallEnd":0,"manualHangupBy":0},"params":[{"name":"a","value":"1"}]}}`

// The same job without this package: what a careful program does with crypto/md5 and encoding/json.

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

// plainHandler does not refuse replays if seen is nil.
func plainHandler(use func(*plainCall) error, seen map[string]time.Time) http.Handler {
	var lock sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, DefaultMaxBody))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		requestID, createTs := r.Header.Get("requestID"), r.Header.Get("createTs")
		hash := md5.New()
		_, _ = io.WriteString(hash, testSecret+"&body=")
		_, _ = hash.Write(body)
		_, _ = io.WriteString(hash, "&createTs="+createTs+"&requestID="+requestID+"&uuid="+testUUID)
		sent, err := hex.DecodeString(r.Header.Get("sign"))
		seconds, tsErr := strconv.ParseInt(createTs, 10, 64)
		now := time.Now()
		age := now.Sub(time.Unix(seconds, 0))
		if err != nil || tsErr != nil || r.Header.Get("uuid") != testUUID || !hmac.Equal(hash.Sum(nil), sent) ||
			age > 5*time.Minute || age < -time.Minute {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var call plainCall
		if err := json.Unmarshal(body, &call); err != nil {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		if seen != nil {
			lock.Lock()
			_, known := seen[requestID]
			seen[requestID] = now.Add(10 * time.Minute)
			lock.Unlock()
			if known {
				_, _ = io.WriteString(w, "success")
				return
			}
		}
		if err := use(&call); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "success")
	})
}

// answerWriter is an [http.ResponseWriter] that costs nearly nothing.
type answerWriter struct {
	header http.Header
	status int
	body   string
}

func (a *answerWriter) Header() http.Header         { return a.header }
func (a *answerWriter) WriteHeader(status int)      { a.status = status }
func (a *answerWriter) Write(b []byte) (int, error) { a.body = string(b); return len(b), nil }
func (a *answerWriter) WriteString(s string) (int, error) {
	a.body = s
	return len(s), nil
}

// callbackSource makes requests with the campaign's callback, signed in advance.
type callbackSource struct {
	headers []http.Header
	next    int
}

func newCallbackSource(b *testing.B, count int) *callbackSource {
	b.Helper()
	if len(campaignCallback) != 732 {
		b.Fatalf("the callback has %d bytes", len(campaignCallback))
	}
	source := &callbackSource{}
	now := strconv.FormatInt(time.Now().Unix(), 10)
	for i := range count {
		id := fmt.Sprintf("%032d", i)
		header := testingHeader(MD5, testSecret, id, now, campaignCallback)
		// What a client sends besides.
		header.Set("User-Agent", "okhttp/4.9.3")
		header.Set("Accept-Encoding", "gzip")
		header.Set("Content-Length", strconv.Itoa(len(campaignCallback)))
		source.headers = append(source.headers, header)
	}
	return source
}

// serve passes n callbacks to a handler.
func (s *callbackSource) serve(b *testing.B, handler http.Handler, n int) {
	for range n {
		r := http.Request{
			Method: http.MethodPost, Header: s.headers[s.next%len(s.headers)], ContentLength: int64(len(campaignCallback)),
			Body: io.NopCloser(strings.NewReader(campaignCallback)),
		}
		s.next++
		answer := answerWriter{header: http.Header{}}
		handler.ServeHTTP(&answer, &r)
		if answer.body != "success" {
			b.Fatal(answer.status, answer.body)
		}
	}
}

// BenchmarkHandler compares the handler with one in plain Go. ratio/op is their quotient, measured
// in turns. Run it alone:
//
//	go test -run '^$' -bench '^BenchmarkHandler$' .
func BenchmarkHandler(b *testing.B) {
	verifier := newVerifier(b, newSigner(b, MD5))
	used := 0
	for _, replays := range []bool{false, true} {
		options := &HandlerOptions{}
		var seen map[string]time.Time
		if replays {
			options.Replays = NewMemoryReplays(1 << 30)
			seen = map[string]time.Time{}
		}
		ours := verifier.CallCallbackHandler(func(_ *http.Request, _ *Verified, call *CallCallback) error {
			used += len(call.OrderID)
			// The rows of lists are read here, as encoding/json has read them.
			for _, intent := range call.CallInfoDetail.Intents.All() {
				used += len(intent.IntentID)
			}
			for _, sms := range call.CallInfoDetail.SMS.All() {
				used += len(sms.SMSContent)
			}
			for _, param := range call.CallInfoDetail.Params.All() {
				used += len(param.Name)
			}
			return nil
		}, options)
		plain := plainHandler(func(call *plainCall) error {
			used += len(call.OrderID)
			return nil
		}, seen)
		b.Run(fmt.Sprintf("replays=%v", replays), func(b *testing.B) {
			const turn = 500
			source := newCallbackSource(b, 1)
			if replays {
				source = newCallbackSource(b, (b.N+1)*turn)
			}
			other := *source
			var times [2]time.Duration
			b.ResetTimer()
			for range b.N {
				start := time.Now()
				source.serve(b, ours, turn)
				middle := time.Now()
				other.serve(b, plain, turn)
				times[0] += middle.Sub(start)
				times[1] += time.Since(middle)
			}
			b.ReportMetric(float64(times[0].Nanoseconds())/float64(b.N*turn), "ns/callback")
			b.ReportMetric(float64(times[1].Nanoseconds())/float64(b.N*turn), "ns/plain")
			b.ReportMetric(float64(times[0])/float64(times[1]), "ratio")
			b.ReportMetric(testing.AllocsPerRun(100, func() { source.serve(b, ours, 1) }), "allocs/callback")
			b.ReportMetric(testing.AllocsPerRun(100, func() { other.serve(b, plain, 1) }), "allocs/plain")
			b.ReportMetric(0, "ns/op")
		})
	}
	if used == 0 {
		b.Error("nothing was used")
	}
}
