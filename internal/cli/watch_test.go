package cli_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// watching runs a command with --watch. between is called in the n-th pause, from 1, and returns the key that is pressed then; 0: none.
func (l *lab) watching(t *testing.T, modes term.Modes, between func(n int, pause time.Duration) byte, args ...string) ran {
	t.Helper()
	keys, keyboard := io.Pipe()
	defer keyboard.Close()
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	var out, errors bytes.Buffer
	env := map[string]string{"PRODCTL_HOST": "https://gitlab.example.test", "GITLAB_TOKEN": "sandbox-" + l.user, "XDG_CONFIG_HOME": filepath.Join(l.dir, "xdg"),
		"HOME": l.dir, "PRODCTL_CONFIG": filepath.Join(l.dir, ".prodctl.yaml")}
	maps.Copy(env, l.env)
	n := 0
	code := cli.Main(ctx, append(args, "--watch"), app.Machine{
		Terminal: func(bool) *term.Streams { return term.New(keys, &out, &errors, modes) },
		Getenv:   func(name string) string { return env[name] }, Dir: l.dir, Now: l.machineTime,
		Jitter: func() float64 { return 0 }, Transport: l.wire, ReadFile: readShared,
		Page: func([]byte) bool { t.Errorf("%v: the pager was opened", args); return true },
		Sleep: func(ctx context.Context, d time.Duration) error {
			if err := l.sleep(ctx, d); err != nil || d < 15*time.Second { // a retry
				return err
			}
			n++
			switch key := between(n, d); {
			case key == 'q' && !modes.InTTY:
				interrupt()
				<-ctx.Done()
			case key != 0:
				_, _ = keyboard.Write([]byte{key})
				<-ctx.Done()
			}
			return ctx.Err()
		},
	})
	return ran{code, out.String(), errors.String()}
}

// watched80 is a terminal with 80 columns.
var watched80 = term.Modes{InTTY: true, OutTTY: true, ErrTTY: true, Width: 80, ErrWidth: 80}

// frames are what was drawn on the screen, one after the other.
func frames(out string) []string { return strings.Split(out, "\x1b[H")[1:] }

// A screen is refreshed in place, and reads that have not changed cost no bytes.
func TestWatchInPlace(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"status"}, {"incident", "list"}, {"incident", "show", "1"}, {"board", "show"}, {"handoff"}, {"change", "gate"}} {
		l := newLab(t, onFire("S2"))
		unchanged, wire := 0, l.wire
		l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
			resp, err := wire.RoundTrip(r)
			if err == nil && resp.StatusCode == http.StatusNotModified {
				unchanged++
			}
			return resp, err
		})
		var before int
		r := l.watching(t, watched80, func(n int, pause time.Duration) byte {
			if pause != 15*time.Second {
				t.Errorf("%v: waits %s", args, pause)
			}
			switch n {
			case 1:
				before = len(l.server.Requests())
				l.server.MustDo("dev", http.MethodPost, prodAPI+"/issues/1/notes", `{"body":"Somebody looks into it"}`)
				return 0
			case 2:
				return 'r'
			}
			return 'q'
		}, args...)
		if drawn := frames(r.out); r.code != 0 || len(drawn) != 3 || !strings.HasSuffix(r.out, "\x1b[?1049l") {
			t.Errorf("%v: exit %d, %d frames\n%s%s", args, r.code, len(drawn), r.out, r.errors)
		}
		if unchanged == 0 || before == 0 {
			t.Errorf("%v: %d of the reads were conditional", args, unchanged)
		}
	}
}

// What changed is on the next frame.
func TestWatchShowsWhatChanged(t *testing.T) {
	t.Parallel()
	l := newLab(t, onFire("S2"))
	r := l.watching(t, watched80, func(n int, _ time.Duration) byte {
		if n == 1 {
			l.must(t, "incident", "mitigate", "1", "-m", "Rolled back", "-q")
			return 0
		}
		return 'q'
	}, "status")
	if drawn := frames(r.out); len(drawn) != 2 || !strings.Contains(drawn[0], "1 active") || !strings.Contains(drawn[1], "1 mitigated") {
		t.Errorf("%s", r.out)
	}
}

// Without a terminal, every line that is new is printed once, with its time; a document is printed when it changes.
func TestWatchInAPipe(t *testing.T) {
	t.Parallel()
	l := newLab(t, onFire("S2"))
	change := func(n int, _ time.Duration) byte {
		switch n {
		case 1:
			return 0
		case 2:
			l.must(t, "incident", "mitigate", "1", "-m", "Rolled back", "-q")
			return 0
		}
		return 'q'
	}
	r := l.copy().watching(t, term.Modes{}, func(n int, _ time.Duration) byte {
		if n == 3 {
			return 'q'
		}
		return 0
	}, "incident", "list")
	if r.code != 130 || strings.Count(r.out, "\n") != 1 || !strings.HasPrefix(r.out, "2018-08-24T16:00:00Z\tacme/production#1\t") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	r = l.watching(t, term.Modes{}, change, "incident", "list", "--jq", ".incidents[].state")
	if r.out != "active\nmitigated\n" {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
}

// While GitLab is gone, the last screen stays and says since when it is stale.
func TestWatchWhileGitLabIsGone(t *testing.T) {
	t.Parallel()
	l := newLab(t, onFire("S2"))
	for _, args := range [][]string{{"status"}, {"incident", "list"}} {
		own := l.copy()
		r := own.watching(t, watched80, func(n int, _ time.Duration) byte {
			switch n {
			case 1:
				own.faulty(t, "ANY ** drop-before")
			case 2:
				own.server.ClearFaults()
			case 3:
				return 'q'
			}
			return 0
		}, args...)
		drawn := frames(r.out)
		if r.code != 0 || len(drawn) != 3 {
			t.Fatalf("%v: exit %d, %d frames\n%s%s", args, r.code, len(drawn), r.out, r.errors)
		}
		for n, f := range drawn {
			if stale := strings.Contains(f, "stale since 16:00:00 UTC: "); stale != (n == 1) || !strings.Contains(f, "Fire 1") {
				t.Errorf("%v: frame %d\n%s", args, n, f)
			}
		}
	}
}

// A token that was revoked ends the watch.
func TestWatchWithARevokedToken(t *testing.T) {
	t.Parallel()
	l := newLab(t, onFire("S2"))
	for _, args := range [][]string{{"status"}, {"board", "show"}} {
		own := l.copy()
		r := own.watching(t, watched80, func(int, time.Duration) byte {
			own.faulty(t, "ANY ** status=401")
			return 0
		}, args...)
		if r.code != 4 || !strings.Contains(r.errors, "401") {
			t.Errorf("%v: exit %d\n%s", args, r.code, r.errors)
		}
	}
}

// After a 429 the next refresh takes twice as long, and the one after it does not.
func TestWatchAfterARateLimit(t *testing.T) {
	t.Parallel()
	l := newLab(t, onFire("S2")).moving()
	limited := false
	wire := l.wire
	l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
		if limited {
			limited = false
			return &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {"1"}, "Content-Type": {"text/plain"}}, Body: body("Retry later")}, nil
		}
		return wire.RoundTrip(r)
	})
	var pauses []time.Duration
	l.watching(t, watched80, func(n int, pause time.Duration) byte {
		pauses = append(pauses, pause)
		limited = n == 1
		if n == 3 {
			return 'q'
		}
		return 0
	}, "incident", "list")
	if want := []time.Duration{15 * time.Second, 30 * time.Second, 15 * time.Second}; !slices.Equal(pauses, want) {
		t.Errorf("pauses: %v, want %v", pauses, want)
	}
}

// ^C is a key while the screen is there.
func TestWatchInterrupted(t *testing.T) {
	t.Parallel()
	l := newLab(t, onFire("S2"))
	if r := l.watching(t, watched80, func(int, time.Duration) byte { return 3 }, "status"); r.code != 130 || !strings.HasSuffix(r.out, "\x1b[?1049l") {
		t.Errorf("exit %d\n%s", r.code, r.out)
	}
}

// With --wait, the watch of a gate ends when it opens, or when the time is up. The last check stays on the terminal.
func TestWatchAGate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		opens bool
		code  int
		last  string
	}{{true, 0, "Open"}, {false, 5, "Closed"}} {
		l := newLab(t, onFire("S2")).moving()
		pauses := 0
		r := l.watching(t, watched80, func(n int, _ time.Duration) byte {
			if pauses = n; n == 2 && c.opens {
				l.must(t, "incident", "mitigate", "1", "-m", "Rolled back", "-q")
			}
			return 0
		}, "change", "gate", "--criticality", "C3", "--wait", "1m")
		_, left, _ := strings.Cut(r.out, "\x1b[?1049l")
		if r.code != c.code || !strings.HasPrefix(left, c.last) || c.opens && pauses != 2 {
			t.Errorf("exit %d after %d pauses\n%s%s", r.code, pauses, r.out, r.errors)
		}
	}
}

// Wrong intervals, and what cannot be watched.
func TestWatchFlags(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	for _, args := range [][]string{
		{"status", "--watch", "--interval", "4s"}, {"status", "--interval", "10s"}, {"handoff", "--watch", "--post"}, {"incident", "show", "1", "--watch", "--web"},
		{"status", "--watch", "--output-file", "status.txt"}, {"handoff", "--watch", "--open"}, {"handoff", "--watch", "-o", "html"},
		{"incident", "show", "1", "--watch", "--copy"},
	} {
		if r := l.run(args...); r.code != 6 || r.out != "" || !strings.Contains(r.errors, "hint: ") {
			t.Errorf("%v: exit %d\n%s%s", args, r.code, r.out, r.errors)
		}
		if r := l.onScreen(5, nil, args...); r.code != 6 || r.out != "" {
			t.Errorf("%v on a terminal: exit %d\n%s%s", args, r.code, r.out, r.errors)
		}
	}
	if len(l.requests()) > 0 || *l.opened != "" {
		t.Errorf("%v, opened %s", l.requests(), *l.opened)
	}
	if _, err := os.Stat(filepath.Join(l.dir, "status.txt")); err == nil {
		t.Error("a refused watch wrote its file")
	}
}

// Documents for programs are printed whenever they change, also on a terminal, and also with a pager: it never gets them. A watch that was
// left does not open the pager either.
func TestWatchDoesNotPage(t *testing.T) {
	t.Parallel()
	l := newLab(t, onFire("S2"))
	for format, want := range map[string]string{
		"json": `"state": "active"`, "yaml": "state: active", "csv": ",active,", "md": "| active", "table": "1 incident: 1 active",
	} {
		modes := term.Modes{OutTTY: true, ErrTTY: true, Width: 80, Height: 1, Dumb: format == "table"}
		r := l.watching(t, modes, func(n int, _ time.Duration) byte { return "\x00q"[n-1] }, "incident", "list", "-o", format)
		if r.code != 130 || strings.Count(r.out, want) != 1 {
			t.Errorf("%s: exit %d\n%s%s", format, r.code, r.out, r.errors)
		}
	}
}

// In a pipe, a warning is written when it changes, and not at every refresh.
func TestWatchWarnsOnce(t *testing.T) {
	t.Parallel()
	answers := []func(*http.Request) (*http.Response, error){answered(500, ""), answered(500, ""), answered(404, ""), answered(200, devOnCall()), answered(500, "")}
	var cal *calendars
	l, cal := calendarLab(t, func(r *http.Request) (*http.Response, error) { return answers[len(cal.asked)-1](r) })
	r := l.watching(t, term.Modes{}, func(n int, _ time.Duration) byte {
		if n == len(answers) {
			return 'q'
		}
		return 0
	}, "status", "-q")
	if r.code != 130 || len(cal.asked) != len(answers) || strings.Count(r.errors, "500 Internal") != 2 || strings.Count(r.errors, "404 Not Found") != 1 {
		t.Errorf("exit %d, asked %d times\n%s%s", r.code, len(cal.asked), r.out, r.errors)
	}
	own := newLab(t, onFire("S2"))
	r = own.watching(t, term.Modes{}, func(n int, _ time.Duration) byte {
		switch n {
		case 1:
			own.faulty(t, "ANY ** drop-before")
		case 3:
			own.server.ClearFaults()
		case 4:
			return 'q'
		}
		return 0
	}, "incident", "list")
	if r.code != 130 || strings.Count(r.errors, "did not answer\n") != 1 || strings.Count(r.out, "\n") != 1 {
		t.Errorf("GitLab was gone: exit %d\n%s%s", r.code, r.out, r.errors)
	}
}

// prodctl alone shows the status on a terminal with a configuration, and help anywhere else.
func TestBareProdctl(t *testing.T) {
	t.Parallel()
	l := newLab(t, onFire("S2"))
	if r := l.runOn(term.Modes{OutTTY: true, Width: 80}, ""); r.code != 0 || !strings.HasPrefix(r.out, "Status at ") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	l.server.ResetRequests()
	if r := l.run(); r.code != 0 || !strings.Contains(r.out, "Try it out:") || len(l.requests()) > 0 {
		t.Errorf("in a pipe: exit %d, %v\n%s%s", r.code, l.requests(), r.out, r.errors)
	}
	l.dir = t.TempDir()
	if r := l.runOn(term.Modes{OutTTY: true, Width: 80}, ""); r.code != 0 || !strings.Contains(r.out, "Try it out:") {
		t.Errorf("without a configuration: exit %d\n%s%s", r.code, r.out, r.errors)
	}
	var out, errors bytes.Buffer
	code := cli.Main(context.Background(), nil, app.Machine{
		Terminal: func(bool) *term.Streams { return term.New(strings.NewReader("y\n"), &out, &errors, watched80) },
		Getenv:   func(string) string { return "" }, Dir: newLab(t, setup{}).ownDir(t), Now: l.machineTime, Transport: l.wire,
	})
	if code != 0 || !strings.Contains(out.String(), "Try it out:") || len(l.requests()) > 0 {
		t.Errorf("with a stranger's file: exit %d\n%s%s", code, out.String(), errors.String())
	}
}
