// Service receives callbacks with the library's handler. ../plain is the same without the library.
package main

import (
	"log"
	"net/http"
	"os"
	"sync/atomic"

	"callbot"

	"load/serve"
)

func main() {
	signer, err := callbot.NewSigner(os.Getenv("CALLBOT_UUID"), os.Getenv("CALLBOT_SECRET_KEY"), callbot.MD5)
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := callbot.NewVerifier(signer)
	if err != nil {
		log.Fatal(err)
	}
	var handled, used atomic.Int64
	use := func(_ *http.Request, _ *callbot.Verified, call *callbot.CallCallback) error {
		handled.Add(1)
		used.Add(int64(len(call.OrderID)))
		// The rows of lists are read here, as encoding/json has read them.
		for _, intent := range call.CallInfoDetail.Intents.All() {
			used.Add(int64(len(intent.IntentID)))
		}
		for _, sms := range call.CallInfoDetail.SMS.All() {
			used.Add(int64(len(sms.SMSContent)))
		}
		for _, param := range call.CallInfoDetail.Params.All() {
			used.Add(int64(len(param.Name)))
		}
		return nil
	}
	handler := verifier.CallCallbackHandler(use, &callbot.HandlerOptions{Replays: callbot.NewMemoryReplays(1 << 20)})
	serve.Run(handler, func() map[string]any { return map[string]any{"handled": handled.Load(), "used": used.Load()} })
}
