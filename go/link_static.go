//go:build !callbot_shared

package callbot

// "-l:" takes the static library even where the shared one lies beside it, and, unlike a path, leaves it to CGO_LDFLAGS
// to name another folder. -static-libgcc takes the unwinder that Rust's standard library needs from libgcc_eh.a in place
// of libgcc_s.so. The libraries of the second line are what else rustc names for a static library; --as-needed leaves out
// those that the program does not use.

// #cgo linux LDFLAGS: -L${SRCDIR}/../target/release -l:libcallbot.a -static-libgcc
// #cgo linux LDFLAGS: -Wl,--as-needed -lutil -lrt -lpthread -lm -ldl
import "C"
