package archtest

import (
	"go/ast"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// docPages are all documentation pages by path, including generated ones.
func docPages(t testing.TB, root fs.FS) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || len(entry.Name()) > 1 && entry.Name()[0] == '.'):
			return fs.SkipDir
		case path.Ext(name) != ".md" || strings.HasPrefix(name, "internal/"):
			return nil
		}
		data, err := fs.ReadFile(root, name)
		found[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 10 {
		t.Fatalf("found only %d pages: is this the root of the tree?", len(found))
	}
	return found
}

var (
	link     = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading  = regexp.MustCompile(`(?m)^#+ (.+)$`)
	inCode   = regexp.MustCompile("(?ms)^```.*?^```$")
	quoted   = regexp.MustCompile("`([^`\n]+)`")
	source   = regexp.MustCompile(`^(cmd|internal|pkg|testdata|docs|\.ci)/[A-Za-z0-9_./-]+$`)
	testName = regexp.MustCompile(`^(Test|Fuzz|Benchmark)[A-Z]\w+$`)
)

// Links in the documentation lead to files and headings that exist.
func TestLinksExist(t *testing.T) {
	t.Parallel()
	root := os.DirFS(testkit.Root(t))
	all := docPages(t, root)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, m := range link.FindAllStringSubmatch(inCode.ReplaceAllString(all[name], ""), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			file, anchor, _ := strings.Cut(m[1], "#")
			target := name
			if file != "" {
				target = path.Join(path.Dir(name), file)
			}
			if _, err := fs.Stat(root, target); err != nil {
				t.Errorf("%s links to %s: %v", name, m[1], err)
			} else if anchor != "" && !slices.Contains(anchors(all[target]), anchor) {
				t.Errorf("%s links to %s: heading not found", name, m[1])
			}
		}
	}
}

// anchors are the link targets of a page's headings.
func anchors(text string) []string {
	var out []string
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(regexp.MustCompile(`[^\w\s-]`).ReplaceAllString(m[1], ""))
		out = append(out, strings.ReplaceAll(name, " ", "-"))
	}
	return out
}

// Files, packages and tests that the documentation mentions exist.
func TestNamesInDocsExist(t *testing.T) {
	t.Parallel()
	root := os.DirFS(testkit.Root(t))
	files, err := read(root)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]bool{}
	for _, f := range files {
		for _, decl := range f.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && f.test && fn.Recv == nil {
				tests[fn.Name.Name] = true
			}
		}
	}
	for name, text := range docPages(t, root) {
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			switch {
			case testName.MatchString(m[1]) && !tests[m[1]]:
				t.Errorf("%s mentions the test %s, which does not exist", name, m[1])
			case source.MatchString(m[1]):
				if _, err := fs.Stat(root, path.Clean(m[1])); err != nil {
					t.Errorf("%s mentions %s: %v", name, m[1], err)
				}
			}
		}
	}
}

// Every library has a reason in docs/dependencies.md, and every library there is used.
func TestDependenciesHaveReasons(t *testing.T) {
	t.Parallel()
	root := os.DirFS(testkit.Root(t))
	files, err := read(root)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, f := range files {
		for _, spec := range f.syntax.Imports {
			used[libraryOf(strings.Trim(spec.Path.Value, `"`))] = true
		}
	}
	text := docPages(t, root)["docs/dependencies.md"]
	for library := range owners {
		if !used[library] {
			t.Errorf("%s has an owner, but nobody imports it", library)
		}
		if !strings.Contains(text, "`"+library+"`") {
			t.Errorf("docs/dependencies.md has no reason for %s", library)
		}
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(text, -1) {
		if _, ok := owners[m[1]]; !ok {
			t.Errorf("docs/dependencies.md lists %s, which has no owner", m[1])
		}
	}
}

// The page about the architecture lists every package below cmd, internal and pkg, and the page of contents every page.
func TestPackagesAndPagesAreListed(t *testing.T) {
	t.Parallel()
	root := os.DirFS(testkit.Root(t))
	all := docPages(t, root)
	for _, above := range []string{"cmd", "internal", "pkg"} {
		entries, err := fs.ReadDir(root, above)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if name := path.Join(above, e.Name()); e.IsDir() && !strings.Contains(all["docs/architecture.md"], "`"+name+"`") {
				t.Errorf("docs/architecture.md does not list %s", name)
			}
		}
	}
	for name := range all {
		if dir, file := path.Split(name); dir == "docs/" && file != "README.md" && !strings.Contains(all["docs/README.md"], "]("+file+")") {
			t.Errorf("docs/README.md does not list %s", name)
		}
	}
}

// Every kind of published document is described.
func TestDocumentsAreDescribed(t *testing.T) {
	t.Parallel()
	root := os.DirFS(testkit.Root(t))
	files, err := read(root)
	if err != nil {
		t.Fatal(err)
	}
	text := docPages(t, root)["docs/json.md"]
	kinds := 0
	for _, f := range files {
		if f.dir() != "pkg/jsonv1" || f.test {
			continue
		}
		for _, m := range regexp.MustCompile(`(?m)\bKind\w+ += "(\w+)"`).FindAllStringSubmatch(f.text, -1) {
			kinds++
			if !strings.Contains(text, "| `"+m[1]+"` |") {
				t.Errorf("docs/json.md does not describe the kind %s", m[1])
			}
		}
	}
	if kinds < 10 {
		t.Errorf("found only %d kinds", kinds)
	}
}

// Decisions are grouped by subject and keep their numbers: each number from 1 on is used once, or another decision says that it replaces it.
func TestDecisionsAreNumbered(t *testing.T) {
	t.Parallel()
	text := docPages(t, os.DirFS(testkit.Root(t)))["docs/decisions.md"]
	uses := map[string]int{}
	for _, m := range regexp.MustCompile(`(?m)^\*\*(\d+)\. |It replaces (\d+)\.`).FindAllStringSubmatch(text, -1) {
		uses[m[1]+m[2]]++
	}
	if len(uses) < 100 {
		t.Fatalf("found only %d decisions", len(uses))
	}
	for n := range len(uses) {
		if number := strconv.Itoa(n + 1); uses[number] != 1 {
			t.Errorf("decision %s is there %d times", number, uses[number])
		}
	}
}
