package archtest

import (
	"go/ast"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// The page about security has the command of every fuzz test, each once, and of no others.
func TestFuzzTestsAreListed(t *testing.T) {
	t.Parallel()
	root := os.DirFS(testkit.Root(t))
	files, err := read(root)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, f := range files {
		for _, decl := range f.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && f.test && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Fuzz") {
				want = append(want, "go test ./"+f.dir()+" -run '^$' -fuzz '^"+fn.Name.Name+"$' -fuzztime 1m")
			}
		}
	}
	listed := regexp.MustCompile(`(?m)^go test .* -fuzz .*$`).FindAllString(readFile(t, root, "docs/SECURITY.md"), -1)
	slices.Sort(want)
	slices.Sort(listed)
	if len(want) == 0 || !slices.Equal(listed, want) {
		t.Errorf("docs/SECURITY.md lists\n%s\nwant\n%s", strings.Join(listed, "\n"), strings.Join(want, "\n"))
	}
}
