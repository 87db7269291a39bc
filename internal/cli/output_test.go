package cli_test

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// onScreen runs prodctl on a terminal with some lines. pager gets what is longer, and reports whether it shows it.
func (l *lab) onScreen(lines int, pager func(string) bool, args ...string) ran {
	var out, errs bytes.Buffer
	env := map[string]string{"GITLAB_TOKEN": "sandbox-" + l.user, "HOME": l.dir, "PRODCTL_CONFIG": filepath.Join(l.dir, ".prodctl.yaml")}
	maps.Copy(env, l.env)
	code := cli.Main(context.Background(), args, app.Machine{
		Terminal: func(bool) *term.Streams {
			return term.New(strings.NewReader(""), &out, &errs, term.Modes{InTTY: true, OutTTY: true, ErrTTY: true, Width: 100, Height: lines})
		},
		Getenv: func(name string) string { return env[name] }, Dir: l.dir, Now: l.machineTime, Sleep: l.sleep, Jitter: func() float64 { return 0 },
		Transport: l.wire, Browse: func(address string) error { *l.opened = address; return nil }, ReadFile: readShared,
		Page: func(text []byte) bool { return pager(string(text)) },
	})
	return ran{code, out.String(), errs.String()}
}

// The pager shows what is longer than the screen, and nothing else.
func TestLongResultsGoToThePager(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 8})
	paged := ""
	pager := func(text string) bool { paged += text; return true }
	if r := l.onScreen(5, pager, "issue", "list"); r.code != 0 || r.out != "" || strings.Count(paged, "infrastructure#") != 9 {
		t.Errorf("longer: exit %d\n%s%s\npaged %q", r.code, r.out, r.errors, paged)
	}
	for name, c := range map[string]struct {
		lines int
		args  []string
	}{
		"shorter":         {50, []string{"issue", "list"}},
		"--no-pager":      {5, []string{"issue", "list", "--no-pager"}},
		"a dry run":       {1, []string{"milestone", "sweep", "--dry-run"}},
		"a program reads": {0, []string{"issue", "list"}},
	} {
		paged = ""
		if r := l.onScreen(c.lines, pager, c.args...); r.code != 0 || r.out == "" || paged != "" {
			t.Errorf("%s: exit %d\n%s%s\npaged %q", name, r.code, r.out, r.errors, paged)
		}
	}
	if r := l.onScreen(5, func(string) bool { return false }, "issue", "list"); r.code != 0 || strings.Count(r.out, "infrastructure#") != 9 {
		t.Errorf("without a pager: exit %d\n%s%s", r.code, r.out, r.errors)
	}
	paged = ""
	if r := l.onScreen(1, pager, "issue", "show", "99"); r.code != 1 || paged != "" || !strings.Contains(r.errors, "not found") {
		t.Errorf("an error: exit %d\n%s\npaged %q", r.code, r.errors, paged)
	}
}

// Help is a long text as well. Its width is that of the terminal.
func TestLongHelpGoesToThePager(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	paged := ""
	pager := func(text string) bool { paged = text; return true }
	for _, args := range [][]string{{"--help"}, {"help"}, {"help", "incident", "open"}, {"incident", "open", "-h"}, {"incident"}, {"help", "exit-codes"}} {
		paged = ""
		if r := l.onScreen(5, pager, args...); r.code != 0 || r.out != "" || strings.Count(paged, "\n") < 10 {
			t.Errorf("%v: exit %d\n%s%s\npaged %q", args, r.code, r.out, r.errors, paged)
		}
		whole := paged
		paged = ""
		for name, r := range map[string]ran{
			"a high screen":   l.onScreen(500, pager, args...),
			"--no-pager":      l.onScreen(5, pager, append(args, "--no-pager")...),
			"without a pager": l.onScreen(5, func(string) bool { return false }, args...),
		} {
			if r.code != 0 || r.out != whole || paged != "" {
				t.Errorf("%v, %s: exit %d\n%s%s\npaged %q", args, name, r.code, r.out, r.errors, paged)
			}
		}
	}
	if r := l.run("--help"); r.code != 0 || r.out == "" {
		t.Errorf("in a pipe: exit %d\n%s%s", r.code, r.out, r.errors)
	}
}

// A file has what a pipe gets: no colors, no titles of confidential issues. It is replaced when the result is complete.
func TestOutputFile(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 2})
	l.label("mara", `{"confidential":true}`)
	dir := t.TempDir()
	file := filepath.Join(dir, "list.csv")
	r := l.onScreen(5, nil, "issue", "list", "-o", "csv", "--output-file", file)
	data, err := os.ReadFile(file)
	if r.code != 0 || r.out != "" || err != nil || !strings.Contains(r.errors, "Saved "+file) {
		t.Fatalf("exit %d, %v\n%s%s", r.code, err, r.out, r.errors)
	}
	if piped := l.must(t, "issue", "list", "-o", "csv"); piped.out != string(data) || strings.Contains(piped.out, "Issue 1") {
		t.Errorf("the file has\n%s\na pipe gets\n%s", data, piped.out)
	}
	if r := l.run("issue", "show", "99", "--output-file", file); r.code != 1 {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(after, data) {
		t.Errorf("a failed run wrote the file: %v\n%s", err, after)
	}
	if r := l.run("issue", "list", "--output-file", filepath.Join(dir, "none", "x")); r.code != 6 || !strings.Contains(r.errors, "does not exist") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	if r := l.run("issue", "list", "--exit-code=false", "--output-file", file); r.code == 0 {
		t.Error("an unknown flag was accepted")
	}
}

func TestOpenThePage(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 2})
	file := filepath.Join(t.TempDir(), "the page.html")
	r := l.onScreen(5, nil, "handoff", "--open", "--output-file", file)
	data, err := os.ReadFile(file)
	if r.code != 0 || err != nil || !strings.Contains(string(data), "<html") || !strings.HasPrefix(*l.opened, "file:///") || !strings.HasSuffix(*l.opened, "/the%20page.html") {
		t.Errorf("exit %d, %v, opened %s\n%s", r.code, err, *l.opened, r.errors)
	}
	r = l.onScreen(5, nil, "handoff", "--open")
	_, saved, _ := strings.Cut(strings.TrimSpace(r.errors), "Saved ")
	if _, err := os.Stat(saved); r.code != 0 || err != nil || !strings.HasSuffix(*l.opened, filepath.Base(saved)) {
		t.Errorf("exit %d, %v, opened %s\n%s", r.code, err, *l.opened, r.errors)
	}
	_ = os.Remove(saved)
	for _, args := range [][]string{{"issue", "list", "--open"}, {"handoff", "--open", "-o", "json"}} {
		if r := l.run(args...); r.code != 6 {
			t.Errorf("%v: exit %d\n%s", args, r.code, r.errors)
		}
	}
}

// The address of what was opened, shown or changed goes to the terminal's clipboard.
func TestCopyTheAddress(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1})
	for _, args := range [][]string{{"incident", "open", "Down", "--copy"}, {"incident", "show", "1", "--copy"}, {"incident", "mitigate", "1", "--copy"}} {
		const address = "aHR0cHM6Ly9naXRsYWIuZXhhbXBsZS50ZXN0L2FjbWUvcHJvZHVjdGlvbi8tL2lzc3Vlcy8x" // .../acme/production/-/issues/1
		if r := l.onScreen(50, nil, args...); r.code != 0 || !strings.Contains(r.errors, "\x1b]52;c;"+address+"\a") {
			t.Errorf("%v: exit %d\n%s%q", args, r.code, r.out, r.errors)
		}
	}
	if r := l.run("incident", "show", "1", "--copy"); r.code != 0 || strings.Contains(r.errors, "\x1b") || !strings.Contains(r.errors, "was not copied") {
		t.Errorf("in a pipe: exit %d\n%q", r.code, r.errors)
	}
}
