//go:build !cgo

package lib

// The compiler prints this text and nothing else: it stops before package callbot, whose files
// would fail in a hundred places.
const _ int = "callbot needs cgo: set CGO_ENABLED=1, and CC to a C compiler"
