package cli_test

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// endless runs a command with real timeouts, on the clock of a bubble, and this standard input.
func (l *lab) endless(ctx context.Context, in io.Reader, args ...string) ran {
	var out, errors bytes.Buffer
	env := map[string]string{"PRODCTL_HOST": "https://gitlab.example.test", "GITLAB_TOKEN": "sandbox-" + l.user, "XDG_CONFIG_HOME": filepath.Join(l.dir, "xdg"),
		"HOME": l.dir, "PRODCTL_CONFIG": filepath.Join(l.dir, ".prodctl.yaml")}
	code := cli.Main(ctx, args, app.Machine{
		Terminal:  func(bool) *term.Streams { return term.New(in, &out, &errors, term.Modes{}) },
		Getenv:    func(name string) string { return env[name] },
		Dir:       l.dir,
		Now:       func() time.Time { return l.now },
		Sleep:     func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Jitter:    func() float64 { return 0 },
		Transport: l.wire,
		ReadFile:  readShared,
	})
	return ran{code, out.String(), errors.String()}
}

// A pipe that nobody writes to and a --jq expression that never ends obey --timeout and ^C.
func TestEndlessInputsEnd(t *testing.T) {
	t.Parallel()
	start := newLab(t, setup{})
	start.must(t, "incident", "open", "Registry returns 500s", "-q")
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"a file": {[]string{"change", "open", "--file", "-"}, 7, "standard input took longer than --timeout"},
		"jq":     {[]string{"milestone", "show", "--jq", "last(range(infinite))"}, 6, "--jq took longer than --timeout"},
	} {
		for _, interrupted := range []bool{false, true} {
			if name == "jq" && interrupted {
				continue // TestQueryIsInterrupted of package render
			}
			t.Run(name+map[bool]string{true: " interrupted"}[interrupted], func(t *testing.T) {
				if name == "jq" && !interrupted { // the bubble's clock stands still while an expression runs
					r := start.copy().endless(t.Context(), strings.NewReader(""), append(c.args, "--timeout", "50ms")...)
					if r.code != c.code || !strings.Contains(r.errors, c.says) {
						t.Errorf("exit %d: %s", r.code, r.errors)
					}
					return
				}
				synctest.Test(t, func(t *testing.T) {
					in, writer := io.Pipe()
					defer writer.Close()
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					if interrupted {
						time.AfterFunc(time.Second, cancel)
						c.code, c.says = 130, ""
					}
					r := start.copy().endless(ctx, in, append(c.args, "--timeout", "5s")...)
					if r.code != c.code || !strings.Contains(r.errors, c.says) {
						t.Errorf("exit %d: %s", r.code, r.errors)
					}
				})
			})
		}
	}
}

// A file on the command line that never ends is refused at its limit.
func TestFilesHaveALimit(t *testing.T) {
	t.Parallel()
	r := newLab(t, setup{}).endless(t.Context(), zeros{}, "change", "open", "--file", "-")
	if r.code != 6 || !strings.Contains(r.errors, "more than 64 MiB") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
