// Provider is the provider's side of the load, with Go's standard library alone.
//
//	provider orders                    takes orders, until SIGTERM
//	provider callbacks URL COUNT SENDERS  sends callbacks, each once
//
// It is fast, so that what is measured is the other side. ../../provider is the one that checks
// all.
package main

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"load/serve"
)

var uuid, secret = os.Getenv("CALLBOT_UUID"), os.Getenv("CALLBOT_SECRET_KEY")

func main() {
	log.SetFlags(0)
	switch {
	case len(os.Args) == 2 && os.Args[1] == "orders":
		var taken orders
		serve.Run(&taken, taken.result)
	case len(os.Args) == 5 && os.Args[1] == "callbacks":
		sendCallbacks(os.Args[2], number(os.Args[3]), number(os.Args[4]))
	default:
		log.Fatal("usage: provider orders | provider callbacks URL COUNT SENDERS")
	}
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		log.Fatal(err)
	}
	return n
}

func sign(body []byte, createTs, requestID string) string {
	hash := md5.New()
	_, _ = io.WriteString(hash, secret+"&body=")
	_, _ = hash.Write(body)
	_, _ = io.WriteString(hash, "&createTs="+createTs+"&requestID="+requestID+"&uuid="+uuid)
	return strings.ToUpper(hex.EncodeToString(hash.Sum(nil)))
}

// orders takes orders whose IDs are "load-" and nine digits, and counts how often.
type orders struct {
	lock          sync.Mutex
	seen          []bool
	count, twice  int
	requests, bad int
}

var orderID = []byte(`"orderID":"load-`)

func (o *orders) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := make([]byte, r.ContentLength)
	if _, err := io.ReadFull(r.Body, body); err != nil {
		http.Error(w, "length", http.StatusBadRequest)
		return
	}
	requestID := r.Header.Get("requestID")
	genuine := r.URL.Path == "/callcentre/api/v3/addBatchCall" && r.Header.Get("uuid") == uuid &&
		sign(body, r.Header.Get("createTs"), requestID) == r.Header.Get("sign")
	code, count := 6, 0
	if genuine {
		code, count = 0, o.take(body)
	}
	o.lock.Lock()
	o.requests++
	if !genuine {
		o.bad++
	}
	o.lock.Unlock()
	answer := fmt.Appendf(nil, `{"retCode":%d,"retMsg":"","responseID":"r","totalCount":%d,"successCount":%d}`, code, count, count)
	now := strconv.FormatInt(time.Now().Unix(), 10)
	header := w.Header()
	header.Set("requestID", requestID)
	header.Set("uuid", uuid)
	header.Set("createTs", now)
	header.Set("sign", sign(answer, now, requestID))
	_, _ = w.Write(answer)
}

func (o *orders) take(body []byte) int {
	o.lock.Lock()
	defer o.lock.Unlock()
	count := 0
	for {
		at := bytes.Index(body, orderID)
		if at < 0 {
			return count
		}
		body = body[at+len(orderID):]
		n := 0
		for _, digit := range body[:9] {
			n = n*10 + int(digit-'0')
		}
		for n >= len(o.seen) {
			o.seen = append(o.seen, make([]bool, 1<<20)...)
		}
		if o.seen[n] {
			o.twice++
		}
		o.seen[n] = true
		o.count++
		count++
	}
}

func (o *orders) result() map[string]any {
	o.lock.Lock()
	defer o.lock.Unlock()
	return map[string]any{"orders": o.count, "twice": o.twice, "requests": o.requests, "bad": o.bad}
}

// callback has every field of the page, and the size of one of a real campaign.
const callback = `{"callbackType":1,"orderID":"load-%09d","userPhone":"8613800000001","userName":"王芳","sceneID":"s",` +
	`"userTaskID":"t","taskID":"p","finish":true,"other":"17","callInfoDetail":{"callID":"c-9",` +
	`"callingNumber":"862","lineAddress":"192.0.2.7","callStatus":1,"callStartTs":17262,"callAnswerTs":17269,` +
	`"callEndTs":17323,"callDuration":54,"callAudioUrl":"","hangupCause":"","termSipCode":"200",` +
	`"intents":[{"intentID":"i-4","intentTag":"A","intentName":"p","intentLevel":2}],"sms":[{"smsSendTs":0,"sysMessageID":"",` +
	`"smsContent":""}],"agent":{"agentName":"","agentGroup":"","agentCallStatus":0,"agentCallElapsed":0,"agentLabel":"",` +
	`"manualCallStart":0,"manualCallAnswer":0,"manualCallEnd":0,"manualHangupBy":0},"params":[{"name":"a","value":"1"}]}}`

func sendCallbacks(url string, count, senders int) {
	transport := &http.Transport{MaxIdleConnsPerHost: senders, DisableCompression: true}
	client := http.Client{Transport: transport, Timeout: time.Minute}
	var next, accepted atomic.Int64
	var all sync.WaitGroup
	begin := time.Now()
	for range senders {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := next.Add(1) - 1; i < int64(count); i = next.Add(1) - 1 {
				if send(&client, url, i) {
					accepted.Add(1)
				}
			}
		}()
	}
	all.Wait()
	usage := serve.Usage()
	usage["seconds"] = time.Since(begin).Seconds()
	usage["accepted"] = accepted.Load()
	if err := json.NewEncoder(os.Stdout).Encode(usage); err != nil {
		log.Fatal(err)
	}
}

func send(client *http.Client, url string, i int64) bool {
	body := fmt.Appendf(nil, callback, i)
	now, requestID := strconv.FormatInt(time.Now().Unix(), 10), fmt.Sprintf("%032x", i)
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("requestID", requestID)
	request.Header.Set("uuid", uuid)
	request.Header.Set("createTs", now)
	request.Header.Set("sign", sign(body, now, requestID))
	response, err := client.Do(request)
	if err != nil {
		log.Print(err)
		return false
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return err == nil && response.StatusCode == http.StatusOK && string(answer) == "success"
}
