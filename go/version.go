package callbot

import "fmt"

func init() {
	if problem := abiProblem(cABIVersion(), headerABIVersion); problem != "" {
		panic(problem)
	}
}

// Version returns the library's version, such as "0.1.0".
func Version() string { return cVersion() }

// abiProblem describes the mismatch if the library's binary interface is not that of the header. It
// is empty if they match.
func abiProblem(library, header uint32) string {
	if library == header {
		return ""
	}
	return fmt.Sprintf("callbot: the program was compiled for version %d of the library's binary interface, but the linked "+
		"library has version %d; link the library of this package's release", header, library)
}
