//go:build linux

package callbot

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// withoutMemory makes a call while the address space can grow by only 40 MiB, which Go's runtime
// may need for itself: for the stacks of threads.
func withoutMemory(t *testing.T, call func() error) error {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_AS, &limit); err != nil {
		t.Fatal(err)
	}
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var pages uint64
	if _, err := fmt.Sscan(string(statm), &pages); err != nil {
		t.Fatal(err)
	}
	little := limit
	little.Cur = pages*uint64(os.Getpagesize()) + 40<<20
	if err := syscall.Setrlimit(syscall.RLIMIT_AS, &little); err != nil {
		t.Fatal(err)
	}
	err = call()
	if err := syscall.Setrlimit(syscall.RLIMIT_AS, &limit); err != nil {
		t.Fatal(err)
	}
	return err
}

// prepareGo gives Go's runtime what it could need of more than that: a heap, and threads to go on
// with while a call into C takes long.
func prepareGo() {
	heap := make([]byte, 512<<20)
	runtime.KeepAlive(heap)
	heap = nil
	runtime.GC()
	debug.SetGCPercent(-1)

	var all, started sync.WaitGroup
	block := make(chan struct{})
	for range 16 {
		all.Add(1)
		started.Add(1)
		go func() {
			defer all.Done()
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			started.Done()
			<-block
		}()
	}
	started.Wait()
	close(block)
	all.Wait()
}

func TestNoMemory(t *testing.T) {
	if underRaceDetector {
		t.Skip("the race detector ends the program itself when no memory is left")
	}
	// The limit is for the whole process. By default glibc has 64 MiB of address space in reserve
	// for each thread, and keeps freed memory for later calls.
	if !isTuned(t, "glibc.malloc.arena_max=1:glibc.malloc.mmap_threshold=131072") {
		return
	}

	const size = 64 << 20
	signer := newSigner(t, MD5)
	batch := newBatch(t, nil, someOrders(0, 1)...)
	verifier, err := NewVerifier(signer)
	if err != nil {
		t.Fatal(err)
	}
	defer verifier.Close()
	body := []byte(`{"retMsg":"` + strings.Repeat("x", size) + `"}`)
	header, err := SignCallback(signer, body)
	if err != nil {
		t.Fatal(err)
	}
	large := someOrders(1, 1)
	large[0].Other = strings.Repeat("x", size)
	json := build(t, newBatch(t, nil, large...)).Body()
	// Each bracket is a token, which takes more memory than its byte.
	brackets := bytes.Repeat([]byte("[]"), 3<<19)
	calls := []struct {
		name string
		call func() error
	}{
		{"a large order", func() error { return batch.Add(large...) }},
		{"BatchFromJSON", func() error {
			read, err := BatchFromJSON(json, nil)
			if err == nil {
				read.Close()
			}
			return err
		}},
		{"VerifyCallback", func() error {
			_, err := verifier.VerifyCallback(header, body)
			return err
		}},
		{"Explain", func() error {
			_, err := signer.Explain(header, brackets, true)
			return err
		}},
	}
	prepareGo()
	for _, c := range calls {
		for range 3 {
			err := withoutMemory(t, c.call)
			var failed *Error
			if !errors.Is(err, ErrNoMemory) || !errors.As(err, &failed) || failed.Code != "no_memory" || failed.Message == "" {
				t.Errorf("%s: %v", c.name, err)
			}
			if batch.Len() != 1 {
				t.Fatalf("%s: the batch has %d orders", c.name, batch.Len())
			}
		}
	}
	for _, c := range calls {
		if err := c.call(); err != nil {
			t.Errorf("%s, with memory: %v", c.name, err)
		}
	}
	if batch.Len() != 2 {
		t.Errorf("the batch has %d orders", batch.Len())
	}
	build(t, batch)
}
