package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A check looks at the whole tree and returns what breaks the law, "path:line: what".
type check func([]file) []string

var checks = map[string]check{
	"imports":  imports,
	"edges":    edgeUses,
	"sleeping": sleeping,
	"packages": packages,
	"files":    longFiles,
	"lines":    longLines,
	"folders":  fullFolders,
	"start":    workAtStart,
	"comments": comments,
	"names":    names,
	"tags":     tags,
	"open":     openEnds,
}

// imports holds every import against arrows and owners.
func imports(files []file) []string {
	var out []string
	for _, f := range files {
		for _, spec := range f.syntax.Imports {
			imported := strings.Trim(spec.Path.Value, `"`)
			if reason := forbidden(f, imported); reason != "" {
				out = append(out, fmt.Sprintf("%s:%d: %s", f.path, f.line(spec), reason))
			}
		}
	}
	return out
}

// forbidden says why a file may not import something, or nothing.
func forbidden(f file, imported string) string {
	dir, own := ours(imported)
	switch list, known := arrowsOf(f.dir()); {
	case standard(imported) && imported != "C":
		return ""
	case !known:
		return f.dir() + " is not in the law"
	case own && allowed(list, dir), own && f.test && allowed(testArrows(f.dir()), dir):
		return ""
	case own:
		return f.dir() + " may not import " + dir
	}
	list, known := owned(imported)
	switch {
	case !known:
		return imported + " has no owner: argue for it in docs/dependencies.md and in law_test.go"
	case f.test && len(list) == 0, allowed(list, f.dir()):
		return ""
	case f.test && list != nil && slices.Contains([]string{"github.com/google/go-cmp", "go.yaml.in/yaml/v3"}, libraryOf(imported)):
		return "" // comparing, and reading what others wrote
	}
	return f.dir() + " may not import " + imported
}

func libraryOf(imported string) string {
	for library := range owners {
		if imported == library || strings.HasPrefix(imported, library+"/") {
			return library
		}
	}
	return imported
}

// edgeUses finds clocks, streams and the process outside the edges.
func edgeUses(files []file) []string {
	var out []string
	for _, f := range files {
		if f.test || edge(f.dir()) {
			continue
		}
		f.uses(func(at ast.Node, imported, name string) {
			if !slices.Contains(edges[imported], name) {
				return
			}
			use := path.Base(imported) + "." + name
			if _, ok := exempt[f.path+" "+use]; !ok {
				out = append(out, fmt.Sprintf("%s:%d: %s belongs to cmd and internal/term", f.path, f.line(at), use))
			}
		})
		for _, decl := range f.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				out = append(out, fmt.Sprintf("%s:%d: nothing happens at init", f.path, f.line(fn)))
			}
		}
	}
	return out
}

// sleeping finds tests that wait for the real clock.
func sleeping(files []file) []string {
	var out []string
	for _, f := range files {
		if !f.test || f.imports["synctest"] == "testing/synctest" {
			continue
		}
		f.uses(func(at ast.Node, imported, name string) {
			if _, reasoned := exempt[f.path+" time."+name]; reasoned {
				return
			}
			if imported == "time" && slices.Contains([]string{"Sleep", "After", "Tick", "NewTimer", "NewTicker"}, name) {
				out = append(out, fmt.Sprintf("%s:%d: a test waits with time.%s outside a synctest bubble", f.path, f.line(at), name))
			}
		})
	}
	return out
}

// packages wants a comment that begins as godoc wants it, in each package, and names that say something.
func packages(files []file) []string {
	var out []string
	commented, seen := map[string]bool{}, map[string]bool{}
	for _, f := range files {
		seen[f.dir()] = true
		begin := "Package " + strings.TrimSuffix(f.syntax.Name.Name, "_test") + " "
		if f.syntax.Name.Name == "main" {
			begin = "Command " + path.Base(f.dir()) + " "
		}
		if strings.HasPrefix(f.syntax.Doc.Text(), begin) {
			commented[f.dir()] = true
		}
	}
	for dir := range seen {
		if !commented[dir] {
			out = append(out, dir+": the package says nowhere what it is for")
		}
		if slices.Contains([]string{"util", "utils", "common", "helpers", "types", "misc"}, path.Base(dir)) {
			out = append(out, dir+": a package is named for what it holds")
		}
	}
	slices.Sort(out)
	return out
}

// Bounds of a file's lines, of a line's columns with a tab as one, and of a folder's files that are no tests. What outgrows them is two subjects.
const (
	mostLines     = 350
	mostTestLines = 800
	mostColumns   = 140
	mostFiles     = 25
)

func longFiles(files []file) []string {
	var out []string
	for _, f := range files {
		most := mostLines
		if f.test {
			most = mostTestLines
		}
		if f.lines > most {
			out = append(out, fmt.Sprintf("%s: %d lines, more than %d", f.path, f.lines, most))
		}
	}
	return out
}

func longLines(files []file) []string {
	var out []string
	for _, f := range files {
		if f.test {
			continue
		}
		n := 0
		for line := range strings.SplitSeq(f.text, "\n") {
			if n++; utf8.RuneCountInString(line) > mostColumns {
				out = append(out, fmt.Sprintf("%s:%d: more than %d columns", f.path, n, mostColumns))
			}
		}
	}
	return out
}

func fullFolders(files []file) []string {
	count := map[string]int{}
	for _, f := range files {
		if !f.test {
			count[f.dir()]++
		}
	}
	var out []string
	for dir, n := range count {
		if n > mostFiles {
			out = append(out, fmt.Sprintf("%s: %d files, more than %d", dir, n, mostFiles))
		}
	}
	slices.Sort(out)
	return out
}

// workAtStart finds patterns that are compiled and templates that are parsed before anybody needs them.
func workAtStart(files []file) []string {
	var out []string
	for _, f := range files {
		if f.test {
			continue
		}
		for _, decl := range f.syntax.Decls {
			if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.VAR {
				out = append(out, f.atStart(gen)...)
			}
		}
	}
	return out
}

// atStart are the calls of a declaration that do work at once, and not within a function that is called later.
func (f file) atStart(decl *ast.GenDecl) []string {
	var out []string
	ast.Inspect(decl, func(n ast.Node) bool {
		if _, later := n.(*ast.FuncLit); later {
			return false
		}
		if sel, ok := n.(*ast.SelectorExpr); ok && strings.Contains(sel.Sel.Name, "Must") {
			out = append(out, fmt.Sprintf("%s:%d: %s at start; use sync.OnceValue", f.path, f.line(n), sel.Sel.Name))
		}
		return true
	})
	return out
}

// comments wants a doc comment on whatever other packages can see.
func comments(files []file) []string {
	var out []string
	for _, f := range files {
		if f.test || f.syntax.Name.Name == "main" {
			continue
		}
		for _, decl := range f.syntax.Decls {
			for _, name := range undocumented(decl) {
				out = append(out, fmt.Sprintf("%s:%d: %s has no comment", f.path, f.line(decl), name))
			}
		}
	}
	return out
}

// undocumented are the exported names of a declaration that neither it nor they themselves explain.
func undocumented(decl ast.Decl) []string {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		known := d.Recv != nil && slices.Contains([]string{"Error", "Unwrap", "Is", "String"}, d.Name.Name) // their promise is Go's
		if d.Doc == nil && !known && d.Name.IsExported() && (d.Recv == nil || exportedReceiver(d.Recv)) {
			return []string{d.Name.Name}
		}
	case *ast.GenDecl:
		var out []string
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if d.Doc == nil && s.Doc == nil && s.Comment == nil && s.Name.IsExported() {
					out = append(out, s.Name.Name)
				}
			case *ast.ValueSpec:
				if d.Doc == nil && s.Doc == nil && s.Comment == nil && s.Names[0].IsExported() {
					out = append(out, s.Names[0].Name)
				}
			}
		}
		return out
	}
	return nil
}

func exportedReceiver(recv *ast.FieldList) bool {
	t := recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if index, ok := t.(*ast.IndexExpr); ok {
		t = index.X
	}
	name, ok := t.(*ast.Ident)
	return ok && name.IsExported()
}

// names wants no "Get" before what is got.
func names(files []file) []string {
	var out []string
	for _, f := range files {
		for _, decl := range f.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && getter.MatchString(fn.Name.Name) {
				out = append(out, fmt.Sprintf("%s:%d: %s is said without Get", f.path, f.line(fn), fn.Name.Name))
			}
		}
	}
	return out
}

var getter = regexp.MustCompile(`^Get[A-Z]`)

// tags keeps the form of published documents out of the rules.
func tags(files []file) []string {
	var out []string
	for _, f := range files {
		if !strings.HasPrefix(f.path, "pkg/") || f.dir() == "pkg/jsonv1" {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if field, ok := n.(*ast.Field); ok && field.Tag != nil {
				out = append(out, fmt.Sprintf("%s:%d: struct tags live in pkg/jsonv1", f.path, f.line(field)))
			}
			return true
		})
	}
	return out
}

// openEnds finds marks of unfinished work.
func openEnds(files []file) []string {
	var out []string
	for _, f := range files {
		for _, group := range f.syntax.Comments {
			if unfinished.MatchString(group.Text()) {
				out = append(out, fmt.Sprintf("%s:%d: unfinished", f.path, f.line(group)))
			}
		}
	}
	return out
}

var unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)
