package callbot

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// Only c.go calls C. Other files may import "C" for constants and linker flags.
func TestOneFileCallsC(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]int{}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			selector, ok := node.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			// Constants of the header are in upper case; everything else is a function or type of
			// C.
			from, ok := selector.X.(*ast.Ident)
			if ok && from.Name == "C" && selector.Sel.Name != strings.ToUpper(selector.Sel.Name) {
				calls[name]++
			}
			return true
		})
	}
	if len(calls) != 1 || calls["c.go"] == 0 {
		t.Errorf("files that use functions or types of C: %v; want c.go only", calls)
	}
}
