//go:build callbot_shared

package callbot

// #cgo linux LDFLAGS: -L${SRCDIR}/../target/release -lcallbot
import "C"
