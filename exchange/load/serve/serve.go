// Package serve runs a server of the load until it is told to end, and tells what it took.
package serve

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"syscall"
	"time"
)

// Run serves at any port of the loopback, prints "listening PORT", and prints what it took and what
// result returns as JSON when it gets SIGTERM. If LOAD_PROFILE names a file, it gets a CPU profile.
func Run(handler http.Handler, result func() map[string]any) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening %d\n", listener.Addr().(*net.TCPAddr).Port)
	server := http.Server{Handler: handler, ReadTimeout: time.Minute}
	go func() { log.Fatal(server.Serve(listener)) }()
	if name := os.Getenv("LOAD_PROFILE"); name != "" {
		file, err := os.Create(name)
		if err == nil {
			err = pprof.StartCPUProfile(file)
		}
		if err != nil {
			log.Fatal(err)
		}
		defer pprof.StopCPUProfile()
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	<-end
	usage := Usage()
	for key, value := range result() {
		usage[key] = value
	}
	if err := json.NewEncoder(os.Stdout).Encode(usage); err != nil {
		log.Fatal(err)
	}
}

// Usage returns the CPU seconds and the peak of the memory in KiB of this process.
func Usage() map[string]any {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return map[string]any{"cpu": seconds(usage.Utime) + seconds(usage.Stime), "peak": usage.Maxrss, "allocations": memory.Mallocs}
}
