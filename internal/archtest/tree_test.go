// Package archtest checks the architecture of the source tree: which package may import which, which package owns which library,
// and what only the edges of the program may use (clock, streams, process). Start with law_test.go, which has the rules;
// docs/architecture.md explains them.
//
// It consists of tests only. They parse the source and run none of it.
package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// module is the path that our own imports begin with.
const module = "gitlab.com/prodctl/prodctl"

// file is one Go file of the tree.
type file struct {
	path    string // "internal/cli/root.go"
	test    bool   // *_test.go
	lines   int
	text    string
	syntax  *ast.File
	fset    *token.FileSet
	imports map[string]string // local name to import path; "_" and "." do not occur in the tree
}

// dir is the folder of the file's package, "internal/cli".
func (f file) dir() string { return path.Dir(f.path) }

// read parses every Go file below the root, in the order of their paths. It ignores build constraints:
// the rules apply on every platform.
func read(root fs.FS) ([]file, error) {
	var files []file
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || len(entry.Name()) > 1 && entry.Name()[0] == '.'):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		parsed, err := parse(name, string(data))
		if err != nil {
			return err
		}
		files = append(files, parsed)
		return nil
	})
	return files, err
}

func parse(name, text string) (file, error) {
	f := file{path: name, test: strings.HasSuffix(name, "_test.go"), lines: strings.Count(text, "\n"), text: text,
		fset: token.NewFileSet(), imports: map[string]string{}}
	var err error
	if f.syntax, err = parser.ParseFile(f.fset, name, text, parser.ParseComments|parser.SkipObjectResolution); err != nil {
		return file{}, err
	}
	for _, spec := range f.syntax.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		local := path.Base(version.ReplaceAllString(imported, ""))
		if spec.Name != nil {
			local = spec.Name.Name
		}
		f.imports[local] = imported
	}
	return f, nil
}

// version matches the end of the import path of a later major version.
var version = regexp.MustCompile(`/v[0-9]+$`)

// line is the line of a node.
func (f file) line(n ast.Node) int { return f.fset.Position(n.Pos()).Line }

// uses calls found for every selector on an imported package, such as time.Now.
func (f file) uses(found func(at ast.Node, imported, name string)) {
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && f.imports[x.Name] != "" {
				found(n, f.imports[x.Name], sel.Sel.Name)
			}
		}
		return true
	})
}

// ownFolder is the folder of an import of this module, and whether it is one.
func ownFolder(imported string) (string, bool) {
	return strings.CutPrefix(imported, module+"/")
}

// standard reports whether an import is from Go's standard library.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}
