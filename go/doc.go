// Package callbot turns a list of people to call into one finished, signed HTTP request for the Callbot API of nxtele /
// NXCloud (batch outbound calls by a voice bot): the exact bytes to send and the exact headers to send with them, or a
// list of everything that is wrong, each at its place. And it proves that responses and callbacks came from the provider.
// It opens no socket; the HTTP client and server are your own.
//
// A [Signer] is the account that signs. A [Batch] takes orders, each checked in the moment it is added. [Batch.Build]
// makes a [Request], and [Request.HTTPRequest] an [*http.Request] of it:
//
//	batch, err := callbot.NewBatch(task, &callbot.Rules{RequireParams: []string{"amount"}})
//	...
//	defer batch.Close()
//	err = batch.Add(orders...)
//	...
//	request, err := batch.Build(signer, "", time.Time{}) // a fresh request id, and the time now
//	...
//	httpRequest, err := request.HTTPRequest(ctx, "https://nxbot.nxcloud.com")
//	...
//	response, err := http.DefaultClient.Do(httpRequest)
//
// # The way back
//
// A [Verifier] proves that what was received came from the provider, is whole, and is fresh; only what passed can be read.
// A response is verified with the request that it answers:
//
//	verifier, err := callbot.NewVerifier(signer)
//	...
//	defer verifier.Close()
//	verified, err := verifier.VerifyResponse(request, response.Header, body, time.Time{})
//	...
//	answer, err := verified.Response() // whether to try again, and the orders that were refused
//
// For callbacks there is a handler of package http, which reads the body, verifies it, and hands over a typed callback and
// the message that it was read from:
//
//	use := func(r *http.Request, message *callbot.Verified, callback *callbot.CallCallback) error {
//		return store(r.Context(), message.UUID(), callback.OrderID, callback.Finish)
//	}
//	http.Handle("/callbot/call", verifier.CallCallbackHandler(use, &callbot.HandlerOptions{
//		Replays:   callbot.NewMemoryReplays(100_000),
//		OnRefused: logRefused,
//	}))
//
// Or take [Verifier.VerifyCallback], with the raw bytes of the body, and [Verified.CallCallback]. For tests of your own,
// [SignCallback] and [SignResponse] play the provider's part.
//
// # Errors
//
// Every error of the package is an [*Error], but for the one of a nil context. (A handler tells its OnRefused also others'
// errors.) It has a stable code for programs, a
// message for people, and the violations where a batch was refused:
//
//	var refused *callbot.Error
//	if errors.As(err, &refused) {
//		for _, violation := range refused.Violations {
//			log.Println(violation)
//		}
//	}
//
// [errors.Is] tells the kinds apart: errors.Is(err, callbot.ErrRefused). No error holds the secret key, a phone number
// or a name. The codes are listed in the README of the library.
//
// # Memory
//
// Signer, Batch and Verifier hold memory outside of Go's heap. Close frees it at once; for one that was not closed the garbage
// collector does, some time after it became unreachable. Close may be called more than once. What is used after Close
// answers with [ErrClosed]. A Request, a Verified message and its content are ordinary Go values and need no Close; what a
// Verified holds outside of Go's heap, which is a copy of its body, the garbage collector frees.
//
// # Concurrency
//
// Everything may be used by several goroutines at once. A Batch has a lock of its own: Add, Clear and Close wait for each
// other, and for a Build that is under way.
//
// # Personal data
//
// Printing an order, a request, a message or its content, with whichever verb of package fmt that fits, and logging it with
// package slog show no phone number, name or text. The fields do, and so does encoding/json. (The verbs that do not fit are
// %p and %w, for which package fmt calls no Format. go vet finds them.)
//
// Package fmt cannot call the Format of what stands in an unexported field of a struct. A [Request] and a [Verified] show
// nothing there either. An [Order], a [Response] and what callbacks are made of do: a struct of yours that keeps one in
// such a field needs a Format, or a String, of its own. A pointer there is enough for %v, %+v and %#v only.
//
// # Linking
//
// The package calls the library callbot through cgo, and needs a C compiler. It looks for the header in ../include and
// for the library in ../target/release, seen from its own folder: that is where they are after
//
//	cargo build --release
//
// in a checkout of the repository. To use it from another module, point at the checkout:
//
//	go mod edit -require=callbot@v0.0.0 -replace=callbot=../callbot/go
//
// Where header and library are elsewhere, say so in the environment; these folders are searched first:
//
//	CGO_CFLAGS=-I/opt/callbot/include CGO_LDFLAGS=-L/opt/callbot/lib go build
//
// The static library is linked, so that the program can be shipped alone: it needs no shared library but the C library's
// own. A program that needs none at all is made by
//
//	go build -tags netgo,osusergo -ldflags '-linkmode external -extldflags -static'
//
// With -tags callbot_shared the shared library is linked instead. The program then has to find it when it starts:
//
//	CGO_LDFLAGS=-Wl,-rpath,/opt/callbot/lib go build -tags callbot_shared
//
// The go command does not see that a library was built anew: remove the program before you build it again, and run tests
// with -count=1. A program that is started with a library whose binary interface is not that of the header panics and says
// so.
//
// This is for Linux with GNU's or LLVM's linker. For another system no library is named here; give it in CGO_LDFLAGS.
package callbot
