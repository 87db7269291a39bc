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

// check looks at the whole tree and returns the violations, as "path:line: what".
type check func([]file) []string

var checks = map[string]check{
	"imports":  imports,
	"edges":    edgeUses,
	"sleeping": sleeping,
	"sorting":  sorting,
	"packages": packages,
	"files":    longFiles,
	"lines":    longLines,
	"folders":  largeFolders,
	"start":    workAtStart,
	"comments": comments,
	"voice":    voice,
	"docs":     docComments,
	"names":    names,
	"tags":     tags,
	"open":     unfinishedWork,
}

// imports checks every import against arrows and owners.
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

// forbidden is the reason why a file may not import something; empty when it may.
func forbidden(f file, imported string) string {
	dir, own := ownFolder(imported)
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
		return imported + " has no owner: add it to docs/dependencies.md, with a reason, and to law_test.go"
	case f.test && len(list) == 0, allowed(list, f.dir()):
		return ""
	case f.test && list != nil && slices.Contains([]string{"github.com/google/go-cmp", "go.yaml.in/yaml/v3"}, libraryOf(imported)):
		return "" // for comparing, and for reading files of other programs
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

// edgeUses finds uses of clocks, streams and the process outside the edges.
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
				out = append(out, fmt.Sprintf("%s:%d: %s is for cmd and internal/term only", f.path, f.line(at), use))
			}
		})
		for _, decl := range f.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				out = append(out, fmt.Sprintf("%s:%d: init functions are not allowed", f.path, f.line(fn)))
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

// sorting finds uses of sort functions of which the program would get a copy for each type of element. The embedded GitLab sorts
// pointers, which share one copy, and imports the standard library only.
func sorting(files []file) []string {
	var out []string
	for _, f := range files {
		if f.test || f.dir() == "pkg/stable" || strings.HasPrefix(f.path, "internal/fakegitlab/") {
			continue
		}
		f.uses(func(at ast.Node, imported, name string) {
			if imported == "slices" && strings.HasPrefix(name, "Sort") && strings.HasSuffix(name, "Func") {
				out = append(out, fmt.Sprintf("%s:%d: slices.%s makes the program larger; pkg/stable does not", f.path, f.line(at), name))
			}
		})
	}
	return out
}

// packages requires a comment in godoc form in each package, and descriptive names.
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
			out = append(out, dir+": no package comment in godoc form")
		}
		if slices.Contains([]string{"util", "utils", "common", "helpers", "types", "misc"}, path.Base(dir)) {
			out = append(out, dir+": name the package after what it holds")
		}
	}
	slices.Sort(out)
	return out
}

// Limits on the lines of a file, the columns of a line (a tab counts as one), and the files of a folder without tests. Split what outgrows
// them by subject.
const (
	maxLines     = 350
	maxTestLines = 800
	maxColumns   = 140
	maxFiles     = 25
)

func longFiles(files []file) []string {
	var out []string
	for _, f := range files {
		limit := maxLines
		if f.test {
			limit = maxTestLines
		}
		if f.lines > limit {
			out = append(out, fmt.Sprintf("%s: %d lines, more than %d", f.path, f.lines, limit))
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
			if n++; utf8.RuneCountInString(line) > maxColumns {
				out = append(out, fmt.Sprintf("%s:%d: more than %d columns", f.path, n, maxColumns))
			}
		}
	}
	return out
}

func largeFolders(files []file) []string {
	count := map[string]int{}
	for _, f := range files {
		if !f.test {
			count[f.dir()]++
		}
	}
	var out []string
	for dir, n := range count {
		if n > maxFiles {
			out = append(out, fmt.Sprintf("%s: %d files, more than %d", dir, n, maxFiles))
		}
	}
	slices.Sort(out)
	return out
}

// workAtStart finds patterns that are compiled, and templates that are parsed, at program start.
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

// atStart are the calls in a declaration that run at program start, not in a function that is called later.
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

// comments requires a doc comment on everything exported.
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

// undocumented are the exported names of a declaration without a doc comment on either.
func undocumented(decl ast.Decl) []string {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		known := d.Recv != nil && slices.Contains([]string{"Error", "Unwrap", "Is", "String"}, d.Name.Name) // Go defines what they do
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

// names refuses getters with a "Get" prefix.
func names(files []file) []string {
	var out []string
	for _, f := range files {
		for _, decl := range f.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && getter.MatchString(fn.Name.Name) {
				out = append(out, fmt.Sprintf("%s:%d: name %s without Get", f.path, f.line(fn), fn.Name.Name))
			}
		}
	}
	return out
}

var getter = regexp.MustCompile(`^Get[A-Z]`)

// tags keeps the format of published documents out of the rules.
func tags(files []file) []string {
	var out []string
	for _, f := range files {
		if !strings.HasPrefix(f.path, "pkg/") || f.dir() == "pkg/jsonv1" {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if field, ok := n.(*ast.Field); ok && field.Tag != nil {
				out = append(out, fmt.Sprintf("%s:%d: struct tags are for pkg/jsonv1 only", f.path, f.line(field)))
			}
			return true
		})
	}
	return out
}

// unfinishedWork finds marks of unfinished work.
func unfinishedWork(files []file) []string {
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
