package archtest

import (
	"go/ast"
	"os"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

func TestTree(t *testing.T) {
	t.Parallel()
	files, err := read(os.DirFS(testkit.Root(t)))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 100 {
		t.Fatalf("found only %d files: is this the root of the tree?", len(files))
	}
	for name, check := range checks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, broken := range check(files) {
				t.Error(broken)
			}
		})
	}
}

// Every exception is used; an unused one has outlived its reason.
func TestExemptionsAreUsed(t *testing.T) {
	t.Parallel()
	files, err := read(os.DirFS(testkit.Root(t)))
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, f := range files {
		f.uses(func(_ ast.Node, imported, name string) {
			used[f.path+" "+imported[strings.LastIndex(imported, "/")+1:]+"."+name] = true
		})
	}
	for use, reason := range exempt {
		if !used[use] {
			t.Errorf("exception %q (%s) is not used", use, reason)
		}
	}
}

// Each check finds what it is meant to find.
func TestChecksFind(t *testing.T) {
	t.Parallel()
	const doc = "// Package x is for tests of the law.\n"
	for _, c := range []struct {
		name, check, path, text string
		want                    string // empty: no finding
	}{
		{"rules import rules", "imports", "pkg/label/x.go", doc + `package label; import _ "gitlab.com/prodctl/prodctl/pkg/issue"`, ""},
		{"rules do not import edges", "imports", "pkg/label/x.go", doc + `package label; import _ "gitlab.com/prodctl/prodctl/internal/fault"`, "may not import internal/fault"},
		{"rules do not import libraries", "imports", "pkg/label/x.go", doc + `package label; import _ "go.yaml.in/yaml/v3"`, "may not import go.yaml.in"},
		{"views fetch nothing", "imports", "internal/render/x.go", doc + `package render; import _ "gitlab.com/prodctl/prodctl/internal/gitlab"`, "may not import internal/gitlab"},
		{"steps print nothing", "imports", "internal/workflow/x.go", doc + `package workflow; import _ "gitlab.com/prodctl/prodctl/internal/render"`, "may not import internal/render"},
		{"one owner of client-go", "imports", "internal/workflow/x.go", doc + `package workflow; import _ "gitlab.com/gitlab-org/api/client-go/v2"`, "may not import gitlab.com/gitlab-org"},
		{"one owner of cobra", "imports", "internal/term/x.go", doc + `package term; import _ "github.com/spf13/cobra"`, "may not import github.com/spf13/cobra"},
		{"the fake does not import ours", "imports", "internal/fakegitlab/x_test.go", doc + `package fakegitlab; import _ "gitlab.com/prodctl/prodctl/internal/gitlab"`, "may not import"},
		{"hints have no full stop", "voice", "internal/workflow/x.go", doc + `package workflow; var e = fault.New(fault.Usage, "Use "+flag+" once.", "x")`, "full stop"},
		{"hints of causes have none either", "voice", "internal/workflow/x.go", doc + `package workflow; var e = fault.Wrap(fault.Usage, err, "Use it.", "x.")`, "full stop"},
		{"a hint without one", "voice", "internal/workflow/x.go", doc + `package workflow; var e = fault.Wrap(fault.Usage, err, "Use it", "x.")`, ""},
		{"test tools stay in tests", "imports", "internal/cli/x.go", doc + `package cli; import _ "gitlab.com/prodctl/prodctl/internal/testkit"`, "may not import internal/testkit"},
		{"test libraries stay in tests", "imports", "internal/cli/x.go", doc + `package cli; import _ "pgregory.net/rapid"`, "may not import pgregory.net/rapid"},
		{"test libraries in tests", "imports", "pkg/label/x_test.go", doc + `package label; import _ "pgregory.net/rapid"`, ""},
		{"library without an owner", "imports", "internal/cli/x.go", doc + `package cli; import _ "github.com/some/body"`, "has no owner"},
		{"package without a line", "imports", "internal/new/x.go", doc + `package new; import _ "github.com/spf13/cobra"`, "is not in the law"},
		{"clock", "edges", "internal/plan/x.go", doc + "package plan; import \"time\"\nvar now = time.Now", "time.Now is for"},
		{"renamed clock", "edges", "internal/plan/x.go", doc + "package plan; import clock \"time\"\nvar now = clock.Now", "time.Now is for"},
		{"exit", "edges", "internal/cli/x.go", doc + "package cli; import \"os\"\nfunc f() { os.Exit(1) }", "os.Exit is for"},
		{"print", "edges", "internal/cli/x.go", doc + "package cli; import \"fmt\"\nfunc f() { fmt.Println() }", "fmt.Println is for"},
		{"sorting", "sorting", "pkg/label/x.go", doc + "package label; import \"slices\"\nfunc f(l []int) { slices.SortFunc(l, nil) }", "pkg/stable does not"},
		{"init", "edges", "internal/cli/x.go", doc + "package cli\nfunc init() {}", "init functions are not allowed"},
		{"print at an edge", "edges", "cmd/prodctl/x.go", doc + "package main; import \"fmt\"\nfunc f() { fmt.Println() }", ""},
		{"sleeping test", "sleeping", "pkg/label/x_test.go", doc + "package label; import \"time\"\nfunc f() { time.Sleep(1) }", "outside a synctest bubble"},
		{"sleeping in a bubble", "sleeping", "pkg/label/x_test.go", doc + "package label; import (\"time\"; \"testing/synctest\")\nfunc f() { time.Sleep(1); synctest.Wait() }", ""},
		{"no package comment", "packages", "pkg/label/x.go", "package label", "no package comment"},
		{"vague name", "packages", "pkg/util/x.go", "// Package util is.\npackage util", "name the package after what it holds"},
		{"long file", "files", "pkg/label/x.go", doc + "package label" + strings.Repeat("\n", maxLines), "more than 350"},
		{"long test file", "files", "pkg/label/x_test.go", doc + "package label" + strings.Repeat("\n", maxLines), ""},
		{"long line", "lines", "pkg/label/x.go", doc + "package label // " + strings.Repeat("x", maxColumns), "more than 140 columns"},
		{"pattern at start", "start", "pkg/label/x.go", doc + "package label; import \"regexp\"\nvar p = regexp.MustCompile(`x`)", "MustCompile at start"},
		{"pattern when needed", "start", "pkg/label/x.go", doc + "package label; import (\"regexp\"; \"sync\")\nvar p = sync.OnceValue(func() any { return regexp.MustCompile(`x`) })", ""},
		{"bare type", "comments", "pkg/label/x.go", doc + "package label\n\ntype T int", "T has no comment"},
		{"bare method", "comments", "pkg/label/x.go", doc + "package label\n\n// T is.\ntype T int\n\nfunc (T) M() {}", "M has no comment"},
		{"method of an unexported type", "comments", "pkg/label/x.go", doc + "package label\n\ntype t int\n\nfunc (t) M() {}", ""},
		{"constants with one comment", "comments", "pkg/label/x.go", doc + "package label\n\n// Kinds of things.\nconst (\n\tA = 1\n\tB = 2\n)", ""},
		{"getter", "names", "pkg/label/x.go", doc + "package label\n\nfunc GetName() {}", "name GetName without Get"},
		{"tag in a rule", "tags", "pkg/label/x.go", doc + "package label\n\ntype t struct { a int `json:\"a\"` }", "struct tags are for pkg/jsonv1"},
		{"tag in a document", "tags", "pkg/jsonv1/x.go", doc + "package jsonv1\n\ntype t struct { a int `json:\"a\"` }", ""},
		{"unfinished", "open", "pkg/label/x.go", doc + "package label\n\n// TO" + "DO: the rest", "unfinished"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, err := parse(c.path, c.text)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(checks[c.check]([]file{f}), "\n")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
