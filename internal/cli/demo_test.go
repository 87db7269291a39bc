package cli_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// noNetwork fails the test at any request.
type noNetwork struct{ t *testing.T }

func (n noNetwork) RoundTrip(r *http.Request) (*http.Response, error) {
	n.t.Errorf("%s %s went to the network", r.Method, r.URL)
	return nil, io.ErrClosedPipe
}

// theatre plays the demo in a test.
type theatre struct {
	t     *testing.T
	modes term.Modes
	input string
	sleep func(context.Context) error
	out   bytes.Buffer
	err   bytes.Buffer
}

// terminal returns the modes of a terminal.
func terminal(width int, color bool) term.Modes {
	return term.Decide(term.Facts{OS: "linux", InTTY: true, OutTTY: true, ErrTTY: true, OutWidth: width, ErrWidth: width, NoColor: !color,
		Getenv: func(name string) string { return map[string]string{"TERM": "xterm"}[name] }})
}

// pipes returns the modes of a program without a terminal.
func pipes() term.Modes {
	return term.Decide(term.Facts{OS: "linux", Getenv: func(string) string { return "" }})
}

// play runs the demo on a machine without network, with another GitLab in the environment and an invalid configuration in the
// working directory.
func (th *theatre) play(ctx context.Context, args ...string) int {
	th.t.Helper()
	dir := th.t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".prodctl.yaml"), []byte("version: nine\n"), 0o600); err != nil {
		th.t.Fatal(err)
	}
	vars := map[string]string{"GITLAB_HOST": "https://gitlab.elsewhere.test", "GITLAB_TOKEN": "somebody's own", "PRODCTL_TIMEZONE": "Nowhere/Town"}
	return cli.Main(ctx, append([]string{"demo"}, args...), app.Machine{
		Terminal: func(bool) *term.Streams {
			return term.New(strings.NewReader(th.input), &th.out, &th.err, th.modes)
		},
		Getenv: func(name string) string { return vars[name] },
		Dir:    dir,
		Now:    testkit.At("2031-01-01T00:00:00Z").Now,
		Sleep: func(ctx context.Context, _ time.Duration) error {
			if th.sleep != nil {
				return th.sleep(ctx)
			}
			return ctx.Err()
		},
		Jitter:    func() float64 { return 0.5 },
		Transport: noNetwork{th.t},
	})
}

// The output of the demo in a file. Every line below a $ was printed by that command.
func TestDemo(t *testing.T) {
	t.Parallel()
	th := theatre{t: t, modes: pipes()}
	if code := th.play(t.Context()); code != 0 || th.err.Len() > 0 {
		t.Fatalf("exit %d\n%s%s", code, th.out.String(), th.err.String())
	}
	testkit.Golden(t, "demo.txt", th.out.String())
}

func TestDemoLeavesNothingBehind(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)
	used := false
	watch := func(context.Context) error {
		entries, err := os.ReadDir(temp)
		used = used || err == nil && len(entries) > 0
		return nil
	}
	ctx, interrupt := context.WithCancel(t.Context())
	for _, th := range []theatre{{sleep: watch}, {sleep: func(ctx context.Context) error { interrupt(); return ctx.Err() }}} {
		th.t, th.modes = t, pipes()
		th.play(ctx)
		entries, err := os.ReadDir(temp)
		if err != nil || len(entries) > 0 {
			t.Errorf("left behind: %v %v", entries, err)
		}
	}
	if !used {
		t.Error("the demo created no folder where the test looks for it")
	}
}

func TestDemoOnTerminals(t *testing.T) {
	t.Parallel()
	for _, width := range []int{40, 120} {
		th := theatre{t: t, modes: terminal(width, true), input: "\n\n\n"}
		if code := th.play(t.Context()); code != 0 {
			t.Fatalf("%d columns: exit %d\n%s%s", width, code, th.out.String(), th.err.String())
		}
		if !strings.Contains(th.out.String(), "\n\x1b[1m$ prodctl milestone velocity\x1b[m\n") {
			t.Errorf("%d columns: commands are not bold", width)
		}
		for line := range strings.Lines(th.out.String()) {
			if strings.HasPrefix(line, "# ") && len(line) > width+1 {
				t.Errorf("%d columns: %d in %q", width, len(line)-1, line)
			}
		}
	}
}

func TestDemoPausesBetweenChapters(t *testing.T) {
	t.Parallel()
	const chapters = 4
	modes := terminal(80, false)
	for _, tt := range []struct {
		name  string
		modes term.Modes
		args  []string
		want  int // pauses
	}{
		{"on a terminal", modes, nil, chapters - 1},
		{"--no-pause", modes, []string{"--no-pause"}, 0},
		{"in a pipe", pipes(), nil, 0},
	} {
		story := theatre{t: t, modes: tt.modes, input: strings.Repeat("\n", 50)}
		code := story.play(t.Context(), tt.args...)
		if asked := strings.Count(story.err.String(), "[Enter]"); code != 0 || asked != tt.want {
			t.Errorf("%s: exit %d, %d pauses, want %d", tt.name, code, asked, tt.want)
		}
	}
	once := theatre{t: t, modes: modes, input: "\n"}
	if code := once.play(t.Context()); code != 5 || strings.Contains(once.out.String(), "$ prodctl handoff") {
		t.Errorf("one key and the end of the input: exit %d after\n%s", code, once.out.String())
	}
}

// ^C ends the demo between two commands and while one of them waits.
func TestDemoIsInterrupted(t *testing.T) {
	t.Parallel()
	for name, modes := range map[string]term.Modes{"between": terminal(80, false), "within": pipes()} {
		ctx, interrupt := context.WithCancel(t.Context())
		th := theatre{t: t, modes: modes, sleep: func(ctx context.Context) error { interrupt(); return ctx.Err() }}
		if code := th.play(ctx); code != 130 || !strings.HasSuffix(th.err.String(), "prodctl: interrupted\n") {
			t.Errorf("%s: exit %d, %s", name, code, th.err.String())
		}
		if strings.Contains(th.out.String(), "velocity") {
			t.Errorf("%s: the demo continued", name)
		}
	}
}

func TestDemoHasOneFormat(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-o", "json"}, {"--jq", "."}, {"now"}} {
		th := theatre{t: t, modes: pipes()}
		if code := th.play(t.Context(), args...); code != 6 || th.out.Len() > 0 {
			t.Errorf("%v: exit %d\n%s", args, code, th.out.String())
		}
	}
}
