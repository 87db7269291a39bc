package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
)

const prodAPI = "/projects/acme%2Fproduction"

// incidents returns the issues of the production queue without retired duplicates.
func (l *lab) incidents() (live []fakegitlab.IssueState) {
	for _, i := range l.server.Snapshot().Project(prod).Issues {
		if !retired(i.State, i.Description, i.Labels) {
			live = append(live, i)
		}
	}
	return live
}

// incident returns an issue of the production queue.
func (l *lab) incident(t testing.TB, iid int) fakegitlab.IssueState {
	t.Helper()
	for _, i := range l.server.Snapshot().Project(prod).Issues {
		if i.IID == iid {
			return i
		}
	}
	t.Fatalf("%s#%d not found", prod, iid)
	return fakegitlab.IssueState{}
}

// commentsOf returns people's comments on an issue.
func commentsOf(i fakegitlab.IssueState) (list []string) {
	for _, n := range i.Notes {
		if !n.System {
			list = append(list, n.Body)
		}
	}
	return list
}

// field returns the value of a key of the record in a description, as written there.
func field(description, key string) string {
	_, rest, _ := strings.Cut(description, "\n"+key+":")
	value, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(value)
}

// ownDir gives the lab its own folder, for files that its runs write.
func (l *lab) ownDir(t testing.TB) string {
	t.Helper()
	config, err := os.ReadFile(filepath.Join(l.dir, ".prodctl.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	l.dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(l.dir, ".prodctl.yaml"), config, 0o600); err != nil {
		t.Fatal(err)
	}
	return l.dir
}

// file writes a file into the lab's own folder.
func (l *lab) file(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(l.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// fault arms faults in GitLab until the lab clears them.
func (l *lab) fault(t testing.TB, specs ...string) {
	t.Helper()
	for _, spec := range specs {
		f, err := fakegitlab.ParseFault(spec)
		if err != nil {
			t.Fatal(err)
		}
		l.server.AddFault(f)
	}
}

// web changes an issue of the queue by hand, as the user.
func (l *lab) web(user, method, path, format string, args ...any) string {
	return l.server.MustDo(user, method, prodAPI+path, fmt.Sprintf(format, args...))
}

// liveOutput is what a run has written so far, for readers while it runs.
type liveOutput struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *liveOutput) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *liveOutput) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// watched runs prodctl with a transport that can read what it has written so far.
func (l *lab) watched(wire func(out *liveOutput, r *http.Request) (*http.Response, error), args ...string) ran {
	var out, errors liveOutput
	env := map[string]string{"PRODCTL_HOST": "https://gitlab.example.test", "GITLAB_TOKEN": "sandbox-" + l.user, "HOME": l.dir, "PRODCTL_CONFIG": filepath.Join(l.dir, ".prodctl.yaml")}
	maps.Copy(env, l.env)
	code := cli.Main(context.Background(), args, app.Machine{
		Terminal:  func(bool) *term.Streams { return term.New(strings.NewReader(""), &out, &errors, term.Modes{}) },
		Getenv:    func(name string) string { return env[name] },
		Dir:       l.dir,
		Now:       func() time.Time { return l.now },
		Sleep:     func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Jitter:    func() float64 { return 0 },
		Transport: tripper(func(r *http.Request) (*http.Response, error) { return wire(&out, r) }),
		Browse:    func(string) error { return nil },
	})
	return ran{code, out.String(), errors.String()}
}

type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// nextCommand returns the arguments of the first prodctl command in a run's last hint, or in a draft, that is more than a check.
func nextCommand(t testing.TB, text string) []string {
	t.Helper()
	text = text[max(0, strings.LastIndex(text, "hint: ")):]
	text = strings.ReplaceAll(text, ": prodctl doctor", "") // it only checks
	_, line, ok := strings.Cut(text, ": prodctl ")
	if !ok {
		t.Fatalf("no command in:\n%s", text)
	}
	line, _, _ = strings.Cut(line, "\n")
	words, err := shellWords(line)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return words
}
