// Package callbot signs and verifies messages of the Callbot API of nxtele / NXCloud, which makes
// batch outbound calls by a voice bot.
//
// It converts a list of people to call into one finished, signed HTTP request: the exact bytes and
// the exact headers to send, or a list of everything that is wrong, each with its path. It also
// verifies that responses and callbacks come from the provider. It opens no socket; the HTTP client
// and server are your own.
//
// A [Signer] holds the account. Every endpoint has a type, and [Signer.Request] returns a [Request]
// of it. Endpoints with orders have a [Batch], which takes orders and validates each one when it is
// added. [Request.HTTPRequest] returns an [*http.Request]. ([Signer.RequestJSON] takes JSON, and
// [NewRequest] signs any other path and body.)
//
//	request, err := signer.Request(callbot.StopOrder{UserTaskID: "spring", OrderIDs: []string{"order-1"}})
//
//	batch, err := callbot.NewBatch(task, &callbot.Rules{RequireParams: []string{"amount"}})
//	...
//	defer batch.Close()
//	err = batch.Add(orders...)
//	...
//	request, err := batch.Build(signer) // a new request id, and the time now; or WithRequestID and At
//	...
//	httpRequest, err := request.HTTPRequest(ctx, "https://nxbot.nxcloud.com")
//	...
//	httpResponse, err := http.DefaultClient.Do(httpRequest)
//
// # Verifying responses and callbacks
//
// A [Verifier] verifies that a message comes from the provider, is complete, and is fresh. Only the
// content of a verified message can be read. A response is verified with what the request sent, a
// few values that can be stored:
//
//	verifier, err := callbot.NewVerifier(signer)
//	...
//	defer verifier.Close()
//	message, err := verifier.ReceiveResponse(request.Sent(), httpResponse)
//	...
//	result, err := message.Result()          // how the request went, and whether to try again
//	outcome, err := request.Outcome(message) // what became of the orders
//	response, err := callbot.Read[callbot.AddBatchResponse](message)
//
// A handler of package http receives callbacks. It reads the body, verifies it, and passes on the
// typed callback and the message that it was read from:
//
//	use := func(r *http.Request, message *callbot.Verified, callback *callbot.CallCallback) error {
//		return store(r.Context(), message.UUID(), callback.OrderID, callback.Finish)
//	}
//	http.Handle("/callbot/call", verifier.CallCallbackHandler(use, &callbot.HandlerOptions{
//		Replays:   callbot.NewMemoryReplays(100_000),
//		OnRefused: logRefused,
//	}))
//
// Without the handler, use [Verifier.VerifyCallback] with the raw bytes of the body, and
// [Verified.CallCallback]. In your tests, [SignCallback] and [SignResponse] sign like the provider.
//
// A proven message is read if it has what makes it what it is. Other fields may be missing, or have
// another type, and are kept then; see [CallCallback]. [ReadDeviations] lists what differs from the
// API's page.
//
// # Errors
//
// Every error of the package is an [*Error], except for a nil context. (OnRefused of a handler, and
// ReceiveResponse, also pass on errors of other packages.) An Error has a stable code for programs,
// a message for people, and the violations if orders were refused:
//
//	var refused *callbot.Error
//	if errors.As(err, &refused) {
//		for _, violation := range refused.Violations {
//			log.Println(violation)
//		}
//	}
//
// [errors.Is] distinguishes the kinds: errors.Is(err, callbot.ErrRefused). No error contains the
// secret key, a phone number or a name. docs/errors.md of the repository lists the codes.
//
// # Memory
//
// Signer, Batch and Verifier hold memory outside of Go's heap. Close frees it at once. Without
// Close, the garbage collector frees it some time after the value became unreachable. Close may be
// called more than once. Methods called after Close return [ErrClosed].
//
// A Request, a Verified message and its content are ordinary Go values and need no Close. (A
// verified response also holds a copy of its body outside of Go's heap, which the garbage collector
// frees.) Strings of a content share the memory of the body: a program that keeps one of them keeps
// the body too, unless it copies it with strings.Clone. What is read takes at most eight times as
// much memory as the body, and some kB. A [List] takes nothing for its rows: each is read when it
// is asked for, and is the caller's own then.
//
// # Concurrency
//
// Several goroutines may use every type at once. A Batch has a lock: Add, Clear and Close wait for
// each other, and for a running Build.
//
// # Personal data
//
// Printing an order, a request, a message or its content with package fmt, or logging it with
// package slog, shows no phone number, name or free text. Printing single fields does, and so does
// encoding/json. (The verbs %p and %w do not call Format. go vet finds them.)
//
// Package fmt cannot call Format for an unexported field of a struct. A [Request] and a [Verified]
// show nothing there either, but an [Order], and the content of a message, do: a struct
// of yours with such a field needs a Format or a String of its own. A pointer in the field suffices
// for %v, %+v and %#v only.
//
// # Linking
//
// The package calls the library callbot through cgo and needs a C compiler. The published module
// has the header, and the static library for each platform that its folder lib lists, so that
// neither Rust nor an installed library is needed. With CGO_ENABLED=0, or on another platform, the
// build stops with one line that says so.
//
// The static library is linked by default, so that the program can be shipped alone. It needs no
// shared libraries except those of the C library. A program without any shared library is built by
//
//	go build -tags netgo,osusergo -ldflags '-linkmode external -extldflags -static'
//
// The go command does not know which C library the compiler is for. With musl, as on Alpine, add
// the tag musl:
//
//	CC=musl-gcc go build -tags musl,netgo,osusergo -ldflags '-linkmode external -extldflags -static'
//
// -tags callbot_shared links the shared library, which the published module finds by pkg-config. It
// works on every platform for which the library is installed.
//
// A program panics at its start if the library's binary interface is not that of the header.
//
// # A checkout
//
// A checkout of the repository links the library that cargo built in ../target/release, relative to
// this folder:
//
//	cargo build --release -p callbot
//
// Its module is called callbot. To use it from another module, point at the checkout:
//
//	go mod edit -require=callbot@v0.0.0 -replace=callbot=../callbot/go
//
// If the library is elsewhere, set the environment; this folder is searched first:
//
//	CGO_LDFLAGS=-L/opt/callbot/lib go build
//
// With -tags callbot_shared, the program has to find the shared library when it starts:
//
//	CGO_LDFLAGS=-Wl,-rpath,/opt/callbot/lib go build -tags callbot_shared
//
// The go command does not notice that a library was rebuilt: delete the program before you build it
// again, and run tests with -count=1.
//
// This applies to Linux with the linker of GNU or LLVM. On another system, name the library in
// CGO_LDFLAGS.
package callbot
