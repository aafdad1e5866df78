//go:build linux

package callbot

import (
	"debug/elf"
	"os"
	"strings"
	"testing"
)

// A program with the static library needs neither the shared library nor libgcc_s. A program with
// the shared library needs it.
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
		t.Errorf("linked shared: %v, but it needs %s", linkedShared, all)
	}
	if !linkedShared && strings.Contains(all, "libgcc_s") {
		t.Errorf("it needs %s", all)
	}
}
