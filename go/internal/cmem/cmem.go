//go:build linux

// Package cmem reports to tests how much memory C's allocator has handed out.
package cmem

// #include <malloc.h>
import "C"

// InUse returns how many bytes the whole program has allocated with malloc and not freed. That
// includes the library's objects.
func InUse() uint64 {
	info := C.mallinfo2()
	return uint64(info.uordblks) + uint64(info.hblkhd)
}
