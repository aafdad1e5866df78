//go:build callbot_shared

package lib

// This file only sets linker flags; it calls nothing.

// #cgo linux LDFLAGS: -L${SRCDIR}/../../target/release -lcallbot
import "C"
