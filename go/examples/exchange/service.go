package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"callbot"
)

// service receives the callbacks of a run, and counts them.
type service struct {
	listener net.Listener
	server   *http.Server
	lock     sync.Mutex
	last     time.Time
	counts   map[string]*counts
}

// counts are the callbacks of a kind.
type counts struct {
	// Handled were processed.
	Handled int `json:"handled"`
	// Again were sent again, and not processed a second time.
	Again int `json:"again"`
	// Refused were not processed for another reason.
	Refused int `json:"refused"`
	// Twice were processed although they had been before.
	Twice   int `json:"twice"`
	handled map[string]bool
}

// listen begins to receive callbacks.
func listen(address string, verifier *callbot.Verifier) (*service, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &service{listener: listener, last: time.Now(), counts: map[string]*counts{}}
	replays := callbot.NewMemoryReplays(100_000)
	mux := http.NewServeMux()
	mux.Handle("/callbot/call", verifier.CallCallbackHandler(
		func(_ *http.Request, message *callbot.Verified, call *callbot.CallCallback) error {
			s.handled("call", callKey(message, call))
			return nil
		}, s.options("call", replays, callKey)))
	mux.Handle("/callbot/order", verifier.OrderCallbackHandler(
		func(_ *http.Request, message *callbot.Verified, order *callbot.OrderCallback) error {
			s.handled("order", orderKey(message, order))
			return nil
		}, s.options("order", replays, orderKey)))
	mux.Handle("/callbot/task", verifier.TaskCallbackHandler(
		func(_ *http.Request, message *callbot.Verified, _ *callbot.TaskCallback) error {
			s.handled("task", message.RequestID())
			return nil
		}, s.options("task", replays, nil)))
	s.server = &http.Server{Handler: mux, ReadTimeout: 10 * time.Second}
	go func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Print(err)
		}
	}()
	return s, nil
}

// callKey tells a call from all others: a callback that is sent again may have a new request id.
func callKey(_ *callbot.Verified, callback any) string {
	call, ok := callback.(*callbot.CallCallback)
	if !ok || call.CallInfoDetail == nil || call.CallInfoDetail.CallID == "" {
		return ""
	}
	return fmt.Sprintf("%q %q", call.OrderID, call.CallInfoDetail.CallID)
}

// orderKey tells an order from all others. It finishes once.
func orderKey(_ *callbot.Verified, callback any) string {
	order, ok := callback.(*callbot.OrderCallback)
	if !ok {
		return ""
	}
	return order.OrderID
}

func (s *service) options(kind string, replays callbot.Replays, key func(*callbot.Verified, any) string) *callbot.HandlerOptions {
	s.counts[kind] = &counts{handled: map[string]bool{}}
	return &callbot.HandlerOptions{
		Replays: replays,
		Key:     key,
		OnRefused: func(_ *http.Request, _ *callbot.Verified, err error) {
			s.count(kind, func(c *counts) {
				if errors.Is(err, callbot.ErrReplayed) || errors.Is(err, callbot.ErrInProcess) {
					c.Again++
					return
				}
				c.Refused++
				log.Printf("a callback of kind %s was refused: %v", kind, err)
			})
		},
	}
}

// handled notes that a callback was processed. A program of your own does its work in its place.
func (s *service) handled(kind, key string) {
	s.count(kind, func(c *counts) {
		c.Handled++
		if c.handled[key] {
			c.Twice++
		}
		c.handled[key] = true
	})
}

func (s *service) count(kind string, change func(*counts)) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.last = time.Now()
	change(s.counts[kind])
}

// url returns what the callback URLs begin with.
func (s *service) url() string { return "http://" + s.listener.Addr().String() + "/callbot" }

// waitUntilQuiet returns when no callback has come for some time.
func (s *service) waitUntilQuiet(quiet time.Duration) {
	begin := time.Now()
	for {
		s.lock.Lock()
		last := s.last
		s.lock.Unlock()
		if last.Before(begin) {
			last = begin
		}
		left := quiet - time.Since(last)
		if left <= 0 {
			return
		}
		time.Sleep(left)
	}
}

// write writes the counts to a file.
func (s *service) write(name string) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	text, err := json.Marshal(s.counts)
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(text, '\n'), 0o600)
}

func (s *service) close() { _ = s.server.Close() }
