//go:build linux

package callbot

import (
	"debug/elf"
	"os"
	"strings"
	"testing"
)

// With the static library the program needs neither the library nor the compiler's unwinder beside it; with the shared
// one it needs the library.
func TestLinking(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	needed, err := file.ImportedLibraries()
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(needed, " ")
	if strings.Contains(all, "libcallbot.so") != linkedShared {
		t.Errorf("linked shared: %v, and it needs %s", linkedShared, all)
	}
	if !linkedShared && strings.Contains(all, "libgcc_s") {
		t.Errorf("it needs %s", all)
	}
}
