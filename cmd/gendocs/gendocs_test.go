package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/testkit"
)

func tree() *cobra.Command { return cli.NewRoot(new(app.App)) }

// The reference in docs/ matches the command tree.
func TestReferenceIsUpToDate(t *testing.T) {
	t.Parallel()
	if err := drift(filepath.Join(testkit.Root(t), "docs", "reference"), markdownFiles(pagesOf(tree()))); err != nil {
		t.Error(err)
	}
}

// Links in the reference lead to pages of the reference.
func TestLinks(t *testing.T) {
	t.Parallel()
	all := markdownFiles(pagesOf(tree()))
	for name, text := range all {
		for _, part := range strings.Split(text, "](")[1:] {
			target, _, _ := strings.Cut(part, ")")
			if _, ok := all[target]; !ok {
				t.Errorf("%s links to %s, which does not exist", name, target)
			}
		}
	}
}

func TestManPages(t *testing.T) {
	t.Parallel()
	all := manFiles(pagesOf(tree()), "1.2.3")
	for _, name := range []string{"prodctl.1", "prodctl-milestone-roll.1", "prodctl-exit-codes.7"} {
		text, ok := all[name]
		if !ok {
			t.Errorf("%s is missing", name)
			continue
		}
		for _, want := range []string{".TH ", `"prodctl 1.2.3"`, ".SH NAME\n", ".SH DESCRIPTION\n"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %q:\n%s", name, want, text)
			}
		}
	}
}

func TestRoff(t *testing.T) {
	t.Parallel()
	got := roff(".TH is text\n'so is this\na\\b --flag…")
	if want := `\&.TH is text` + "\n" + `\&'so is this` + "\n" + `a\eb \-\-flag\[u2026]`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	root := &cobra.Command{Use: "prog", Short: "Do things", Long: "A <b> paragraph\nof two lines.\n\n  code  *\n\n  more\n\nThe end_of it.", Example: "  prog x\n    deeper"}
	x := &cobra.Command{Use: "x <y>", Short: "Current things", Run: func(*cobra.Command, []string) {}}
	x.Flags().StringP("word", "w", "any", "one of {a | b}")
	x.Flags().Bool("hidden", false, "")
	if err := x.Flags().MarkHidden("hidden"); err != nil {
		t.Fatal(err)
	}
	root.AddCommand(x)
	pages := pagesOf(root)
	byPath := map[string]page{"prog": pages[0], "prog x": pages[1]}
	want := generated + "# prog\n\nDo things.\n\n```\nprog\n```\n\nA \\<b> paragraph\nof two lines.\n\n```\ncode  *\n\nmore\n```\n\nThe end\\_of it.\n\n" +
		"## Examples\n\n```sh\nprog x\n  deeper\n```\n\n## See also\n\n- [prog x](prog-x.md): Current things\n"
	if diff := cmp.Diff(want, markdown(pages[0], byPath)); diff != "" {
		t.Errorf("root (-want +got):\n%s", diff)
	}
	want = generated + "# prog x\n\nCurrent things.\n\n```\nprog x <y> [flags]\n```\n\n## Flags\n\n| Flag | Meaning |\n| --- | --- |\n" +
		"| `-w, --word <value>` | one of {a \\| b} (default any) |\n\n## See also\n\n- [prog](prog.md): do things\n"
	if diff := cmp.Diff(want, markdown(pages[1], byPath)); diff != "" {
		t.Errorf("x (-want +got):\n%s", diff)
	}
}

func TestReplaceAndDrift(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "reference")
	if err := replace(dir, files{"a.md": "1", "b.md": "2"}); err != nil {
		t.Fatal(err)
	}
	want := files{"b.md": "3", "c.md": "4"}
	err := drift(dir, want)
	if err == nil {
		t.Fatal("no drift was found")
	}
	for _, name := range []string{"a.md (nothing is generated for it)", "\n  b.md\n", "c.md (missing)"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q does not name %q", err, name)
		}
	}
	if err := replace(dir, want); err != nil {
		t.Fatal(err)
	}
	if err := drift(dir, want); err != nil {
		t.Errorf("drift right after writing: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "a.md")); !os.IsNotExist(err) {
		t.Errorf("a.md is still there: %v", err)
	}
}

// A release finds everything that .goreleaser.yaml names below build.
func TestRunWritesForARelease(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := run([]string{"-build", dir, "-release", "1.2.3"}); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(filepath.Join(testkit.Root(t), ".goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	patterns := regexp.MustCompile(`(?m)\bbuild/\S+?"?$`).FindAllString(string(config), -1)
	if len(patterns) < 10 {
		t.Errorf("only %q", patterns)
	}
	for _, pattern := range patterns {
		pattern = strings.TrimPrefix(strings.Trim(pattern, `"`), "build/")
		if strings.HasPrefix(pattern, "image/") { // by the step publish of .ci/run
			continue
		}
		for _, system := range systems {
			found, err := filepath.Glob(filepath.Join(dir, strings.ReplaceAll(pattern, "{{.Os}}", system)))
			if err != nil || len(found) == 0 {
				t.Errorf("nothing is written for %s on %s: %v", pattern, system, err)
			}
		}
	}
	for _, file := range []string{"man/prodctl.1", "completions/prodctl.bash", "completions/_prodctl", "completions/prodctl.fish", "completions/prodctl.ps1"} {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
		if err != nil || !strings.Contains(string(data), "prodctl") {
			t.Errorf("%s: %v, %d bytes", file, err, len(data))
		}
	}
	plain, err := os.ReadFile(filepath.Join(dir, "man", "prodctl.1"))
	if err != nil {
		t.Fatal(err)
	}
	compressed, err := os.Open(filepath.Join(dir, "man-gz", "prodctl.1.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer compressed.Close()
	r, err := gzip.NewReader(compressed)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain) || r.Name != "" || !r.ModTime.IsZero() {
		t.Errorf("the compressed page: %v, %d bytes, named %q at %v, want %d bytes without name and time", err, len(got), r.Name, r.ModTime, len(plain))
	}
}
