//go:build !callbot_shared

package lib

// This file only sets linker flags; it calls nothing.
//
// "-l:" selects the static library even if the shared one is in the same folder. A path would do
// that too, but CGO_LDFLAGS could not override its folder. -static-libgcc links the unwinder that
// Rust's standard library needs from libgcc_eh.a instead of libgcc_s.so. The second line names the
// other libraries that rustc lists for a static library; --as-needed drops those that the program
// does not use.

// #cgo linux LDFLAGS: -L${SRCDIR}/../../target/release -l:libcallbot.a -static-libgcc
// #cgo linux LDFLAGS: -Wl,--as-needed -lutil -lrt -lpthread -lm -ldl
import "C"
