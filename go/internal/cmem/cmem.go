//go:build linux

// Package cmem tells, for tests, how much memory C's allocator has given out.
package cmem

// #include <malloc.h>
import "C"

// InUse returns how many bytes were allocated with malloc and not freed, by the whole program. The library's objects are
// among them.
func InUse() uint64 {
	info := C.mallinfo2()
	return uint64(info.uordblks) + uint64(info.hblkhd)
}
