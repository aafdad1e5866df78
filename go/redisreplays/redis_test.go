// A real Redis server on a loopback port, a proxy before it that loses replies, and workers that
// are programs of their own.

package redisreplays

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"callbot"
	"github.com/redis/go-redis/v9"
)

const body = `{"callbackType":1,"orderID":"o-1","userPhone":"8613800000001","userName":"","sceneID":"s",` +
	`"userTaskID":"t","taskID":"p","finish":true,"other":""}`

// startRedis starts a server of the test's own and returns its address.
func startRedis(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("redis-server is missing (Debian's package redis-server)")
		}
		t.Skip("SKIPPED: redis-server is missing (Debian's package redis-server)")
	}
	address := freeAddress(t)
	_, port, _ := net.SplitHostPort(address)
	server := exec.Command(program, "--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", t.TempDir())
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	for range 500 {
		if connection, err := net.Dial("tcp", address); err == nil {
			connection.Close()
			return address
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("redis-server does not listen")
	return ""
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// newStore returns a store at an address, and a client for what the test itself wants to see.
func newStore(t *testing.T, address string) *Store {
	t.Helper()
	client := redis.NewClient(&redis.Options{
		Addr: address, ContextTimeoutEnabled: true, MinRetryBackoff: time.Millisecond, MaxRetryBackoff: 2 * time.Millisecond,
	})
	t.Cleanup(func() { client.Close() })
	return New(client, "test:")
}

// losing is a proxy that executes commands and loses some of their replies, with the connection.
type losing struct {
	address string
	lose    atomic.Int32 // so many of the next replies
	lost    atomic.Int32
}

func newLosing(t *testing.T, server string) *losing {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	p := &losing{address: listener.Addr().String()}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go p.pass(client, server)
		}
	}()
	return p
}

func (p *losing) pass(client net.Conn, server string) {
	defer client.Close()
	redis, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer redis.Close()
	var isScript atomic.Bool
	go func() {
		defer redis.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := client.Read(buffer)
			if err != nil {
				return
			}
			// Not the commands by which a connection begins.
			isScript.Store(strings.Contains(strings.ToLower(string(buffer[:n])), "\r\neval"))
			if _, err := redis.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := redis.Read(buffer)
		if err != nil {
			return
		}
		// A script that Redis does not know yet was not executed.
		if isScript.Load() && !strings.HasPrefix(string(buffer[:n]), "-NOSCRIPT") && p.lose.Add(-1) >= 0 {
			p.lost.Add(1)
			return
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// account is the account whose callbacks are received.
func account(t *testing.T) (*callbot.Signer, *callbot.Verifier) {
	t.Helper()
	signer, err := callbot.NewSigner("Vh71ym3y", "u7Mf3zUN", callbot.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := callbot.NewVerifier(signer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { verifier.Close(); signer.Close() })
	return signer, verifier
}

// sender sends one callback as often as it is asked to.
func sender(t *testing.T, signer *callbot.Signer, requestID string) func(url string) (int, string) {
	t.Helper()
	header, err := callbot.SignCallback(signer, []byte(body), callbot.WithRequestID(requestID))
	if err != nil {
		t.Fatal(err)
	}
	return func(url string) (int, string) {
		request, err := http.NewRequest("POST", url, strings.NewReader(body))
		if err != nil {
			t.Error(err)
			return 0, ""
		}
		request.Header = header.Clone()
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return 0, ""
		}
		defer response.Body.Close()
		content, _ := io.ReadAll(response.Body)
		if response.StatusCode == 503 && response.Header.Get("Retry-After") == "" {
			t.Error("503 without Retry-After")
		}
		if (response.StatusCode == 200) != (string(content) == "success") {
			t.Error(response.StatusCode, string(content))
		}
		return response.StatusCode, string(content)
	}
}

func TestClaims(t *testing.T) {
	store, ctx := newStore(t, startRedis(t)), context.Background()
	begin := func(token string, lease time.Duration) callbot.Claim {
		t.Helper()
		claim, err := store.Begin(ctx, "a", token, lease)
		if err != nil {
			t.Fatal(err)
		}
		return claim
	}
	held := func(want bool) func(bool, error) {
		return func(held bool, err error) {
			t.Helper()
			if err != nil || held != want {
				t.Error(held, err)
			}
		}
	}
	begun, done := callbot.Claim{State: callbot.ClaimBegun}, callbot.Claim{State: callbot.ClaimDone}
	if begin("1", time.Minute) != begun || begin("1", time.Minute) != begun {
		t.Error("the claim does not begin")
	}
	if other := begin("2", time.Minute); other.State != callbot.ClaimInProcess || other.Left < 55*time.Second || other.Left > time.Minute {
		t.Error(other)
	}
	held(false)(store.Done(ctx, "a", "2", time.Minute))
	held(false)(store.Release(ctx, "a", "2"))
	held(true)(store.Release(ctx, "a", "1"))
	held(false)(store.Release(ctx, "a", "1"))
	held(false)(store.Done(ctx, "a", "1", time.Minute))
	if begin("3", 50*time.Millisecond) != begun {
		t.Error("a released claim does not begin again")
	}
	time.Sleep(80 * time.Millisecond)
	held(false)(store.Done(ctx, "a", "3", time.Minute)) // late, though nobody else has come
	if begin("4", time.Minute) != begun {
		t.Error("the lease does not run out")
	}
	held(false)(store.Done(ctx, "a", "3", time.Minute))
	held(false)(store.Release(ctx, "a", "3"))
	held(true)(store.Done(ctx, "a", "4", time.Minute))
	held(true)(store.Done(ctx, "a", "4", 50*time.Millisecond))
	held(false)(store.Release(ctx, "a", "4"))
	if begin("4", time.Minute) != done || begin("5", time.Minute) != done {
		t.Error("a completed claim is not done")
	}
	time.Sleep(80 * time.Millisecond)
	if begin("5", 0) != begun {
		t.Error("a completed claim is kept for too long")
	}
}

// Replies are lost after each step of a delivery; however many, it is used once.
func TestLostReplies(t *testing.T) {
	server := startRedis(t)
	signer, verifier := account(t)
	for _, lost := range []int32{1, 3, 4, 5, 9} { // go-redis sends a command four times
		for _, step := range []string{"begin", "done"} {
			proxy := newLosing(t, server)
			uses := 0
			use := func(*http.Request, *callbot.Verified, *callbot.CallCallback) error {
				uses++
				if step == "done" {
					proxy.lose.Store(lost)
				}
				return nil
			}
			store := newStore(t, proxy.address)
			front := httptest.NewServer(verifier.CallCallbackHandler(use, &callbot.HandlerOptions{
				Replays: store, Lease: 300 * time.Millisecond,
			}))
			send := sender(t, signer, step+"-"+string('0'+rune(lost)))
			if step == "begin" {
				proxy.lose.Store(lost)
			}
			answered := 0
			for deadline := time.Now().Add(10 * time.Second); answered < 2 && time.Now().Before(deadline); {
				if status, _ := send(front.URL); status == 200 {
					answered++
				} else {
					time.Sleep(20 * time.Millisecond)
				}
			}
			if uses != 1 || answered != 2 || proxy.lost.Load() != lost {
				t.Error(step, lost, uses, answered, proxy.lost.Load())
			}
			front.Close()
		}
	}
}

// 50 goroutines send each message to two servers at once, and go on until it is answered with
// success. One use in four fails.
func TestManySendersAndTwoServers(t *testing.T) {
	const messages, senders = 40, 50
	server := startRedis(t)
	signer, verifier := account(t)
	for i := range messages {
		var completed, tried, running atomic.Int32
		use := func(*http.Request, *callbot.Verified, *callbot.CallCallback) error {
			if running.Add(1) != 1 {
				t.Error("two have the claim at once")
			}
			defer running.Add(-1)
			time.Sleep(time.Millisecond)
			if tried.Add(1) == 1 && i%4 == 0 {
				return errors.New("the database is away")
			}
			completed.Add(1)
			return nil
		}
		var urls [2]string
		var fronts [2]*httptest.Server
		for k := range fronts {
			fronts[k] = httptest.NewServer(verifier.CallCallbackHandler(use, &callbot.HandlerOptions{Replays: newStore(t, server)}))
			urls[k] = fronts[k].URL
		}
		send := sender(t, signer, "r-"+time.Duration(i).String())
		finished := make(chan bool)
		for k := range senders {
			go func() {
				for range 1000 {
					if status, _ := send(urls[k%2]); status == 200 {
						// Success is never said before the message is done.
						finished <- completed.Load() == 1
						return
					}
					time.Sleep(time.Millisecond)
				}
				finished <- false
			}()
		}
		for range senders {
			if !<-finished {
				t.Error("no success, or too early")
			}
		}
		if completed.Load() != 1 {
			t.Error(i, completed.Load())
		}
		for _, front := range fronts {
			front.Close()
		}
	}
}

// A worker is killed while it processes a message. The message is processed again when its lease
// has run out, and not before.
func TestKilledWorker(t *testing.T) {
	server := startRedis(t)
	signer, verifier := account(t)
	for i := range 3 {
		worker := exec.Command(os.Args[0], "-test.run=^TestWorker$")
		worker.Env = append(os.Environ(), "CALLBOT_TEST_WORKER="+server)
		output, err := worker.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := worker.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(output)
		url, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		send := sender(t, signer, "killed-"+string('a'+rune(i)))
		claimed := time.Now()
		answer := make(chan int)
		go func() {
			status, _ := send(strings.TrimSpace(url))
			answer <- status
		}()
		if line, err := lines.ReadString('\n'); err != nil || line != "in use\n" {
			t.Fatal(line, err)
		}
		_ = worker.Process.Kill()
		_ = worker.Wait()
		if status := <-answer; status != 0 {
			t.Error("the killed worker answers ", status)
		}

		uses := 0
		front := httptest.NewServer(verifier.CallCallbackHandler(
			func(*http.Request, *callbot.Verified, *callbot.CallCallback) error { uses++; return nil },
			&callbot.HandlerOptions{Replays: newStore(t, server)}))
		for status := 0; status != 200; time.Sleep(10 * time.Millisecond) {
			status, _ = send(front.URL)
			if status != 200 && status != 503 || time.Since(claimed) > 10*time.Second {
				t.Fatal(status)
			}
		}
		if took := time.Since(claimed); uses != 1 || took < workerLease {
			t.Error(uses, took)
		}
		front.Close()
	}
}

const workerLease = 700 * time.Millisecond

// TestWorker is the worker of TestKilledWorker: a server whose use function never returns.
func TestWorker(t *testing.T) {
	address := os.Getenv("CALLBOT_TEST_WORKER")
	if address == "" {
		return
	}
	_, verifier := account(t)
	front := httptest.NewServer(verifier.CallCallbackHandler(
		func(*http.Request, *callbot.Verified, *callbot.CallCallback) error {
			_, _ = os.Stdout.WriteString("in use\n")
			select {}
		}, &callbot.HandlerOptions{Replays: newStore(t, address), Lease: workerLease}))
	_, _ = os.Stdout.WriteString(front.URL + "\n")
	select {}
}
