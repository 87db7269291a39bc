package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// stage is a GitLab on loopback at the end of a timebox with three open issues. It can hold a request until the test releases it.
type stage struct {
	server *fakegitlab.Server
	url    string
	dir    string // with a configuration for it

	nth     int64 // the request to hold, counted from 1; 0: none
	dropped bool  // it is not carried out after its release
	arrived chan struct{}
	release func() // releases it
	open    func() // releases all later requests

	gate, barrier chan struct{}
	mu            sync.Mutex
	started, done int64 // requests
	changed       *sync.Cond
}

func newStage(t *testing.T, nth int64) *stage {
	t.Helper()
	now := time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)
	s := &stage{nth: nth, arrived: make(chan struct{}), gate: make(chan struct{}), barrier: make(chan struct{}), dir: t.TempDir()}
	s.release, s.open = sync.OnceFunc(func() { close(s.gate) }), sync.OnceFunc(func() { close(s.barrier) })
	s.server = fakegitlab.New(fakegitlab.Options{Now: func() time.Time { return now }, Latency: 1, Sleep: s.hold,
		Log: func(fakegitlab.Entry) { s.count(&s.done) }})
	s.changed = sync.NewCond(&s.mu)
	if err := s.server.Apply(endedTimebox(3, 1)); err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(s.server)
	t.Cleanup(listener.Close)
	t.Cleanup(s.open)
	t.Cleanup(s.release)
	s.url = listener.URL
	s.server.SetURL("http://gitlab.example.test")
	config := "version: 1\nparallel: 1\ntrackers: {infrastructure: acme/infrastructure}\n"
	if err := os.WriteFile(filepath.Join(s.dir, ".prodctl.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// endedTimebox returns a tracker whose Current Milestone ends on 2018-08-24, with that many issues in it.
func endedTimebox(open, closed int) fakegitlab.Seed {
	seed := fakegitlab.Seed{
		Users:  []fakegitlab.SeedUser{{Username: "mara"}},
		Groups: []fakegitlab.SeedGroup{{Path: "acme", Members: []fakegitlab.SeedMember{{User: "mara", Role: "maintainer"}}}},
		Projects: []fakegitlab.SeedProject{{Path: "acme/infrastructure", Milestones: []fakegitlab.SeedMilestone{
			{Title: "Current Milestone", Description: "August Milestone 2 - ending 2018-08-24", StartDate: "2018-08-13", DueDate: "2018-08-24"},
			{Title: "Next Milestone", Description: "September Milestone 1 - ending 2018-09-07", StartDate: "2018-08-27", DueDate: "2018-09-07"},
		}}},
	}
	for n := range open + closed {
		seed.Projects[0].Issues = append(seed.Projects[0].Issues, fakegitlab.SeedIssue{
			Title: fmt.Sprint("Issue ", n+1), Author: "mara", Milestone: "Current Milestone", Closed: n >= open,
			CreatedAt: time.Date(2018, 8, 4, 16, 0, 0, 0, time.UTC)})
	}
	return seed
}

// hold replaces the wait of the server's latency.
func (s *stage) hold(context.Context, time.Duration) {
	switch n := s.count(&s.started); {
	case s.nth == 0 || n < s.nth:
	case n > s.nth:
		<-s.barrier
	default:
		close(s.arrived)
		<-s.gate
		if s.dropped {
			panic(http.ErrAbortHandler)
		}
	}
}

func (s *stage) count(n *int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	*n++
	s.changed.Broadcast()
	return *n
}

// calm waits for the end of every started request and returns their number.
func (s *stage) calm() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.done < s.started {
		s.changed.Wait()
	}
	return s.done
}

// process is a running prodctl.
type process struct {
	*exec.Cmd
	out, errors bytes.Buffer
}

func (s *stage) start(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.CommandContext(t.Context(), "prodctl", args...)}
	p.Dir, p.Stdout, p.Stderr = s.dir, &p.out, &p.errors
	p.Env = append(os.Environ(), "GITLAB_HOST="+s.url, "GITLAB_TOKEN=sandbox-mara", "HOME="+s.dir, "XDG_CONFIG_HOME="+s.dir, "PRODCTL_CONFIG="+filepath.Join(s.dir, ".prodctl.yaml"), clockVar+"=2018-08-24T16:00:00Z",
		"GORACE=atexit_sleep_ms=0") // otherwise a process under the race detector waits a second before it exits
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// end waits for the process and returns its exit code, -1 for one that was killed.
func (p *process) end(t *testing.T) int {
	t.Helper()
	err := p.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return p.ProcessState.ExitCode()
}

func (s *stage) roll(t *testing.T) *process {
	t.Helper()
	return s.start(t, "milestone", "roll", "--yes", "-o", "json")
}

// retry runs the roll again, undisturbed, and checks that it leaves the state of a single undisturbed roll.
func (s *stage) retry(t *testing.T, want string) {
	t.Helper()
	s.release()
	s.open()
	s.calm()
	p := s.roll(t)
	if code := p.end(t); code != 0 {
		t.Errorf("the second run ended with %d\n%s", code, &p.errors)
	}
	if diff := cmp.Diff(want, s.picture(t)); diff != "" {
		t.Errorf("after the second run (-want +got)\n%s", diff)
	}
}

var ids = regexp.MustCompile(`"(ID|MilestoneID)": \d+`)

// picture returns the state without the ids, which differ between runs.
func (s *stage) picture(t *testing.T) string {
	t.Helper()
	data, err := json.MarshalIndent(s.server.Snapshot(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return ids.ReplaceAllString(string(data), `"$1": 0`)
}

// undisturbed returns the state after one roll, and the number of its requests.
func undisturbed(t *testing.T) (want string, requests int64) {
	t.Helper()
	s := newStage(t, 0)
	if p := s.roll(t); p.end(t) != 0 {
		t.Fatalf("%s", &p.errors)
	}
	return s.picture(t), s.calm()
}

// A process that is killed in the middle of a roll, at each of its requests: whether or not GitLab carries out the last request, the
// same command leads to the state of an undisturbed roll.
func TestRollIsKilled(t *testing.T) {
	t.Parallel()
	want, requests := undisturbed(t)
	if requests < 9 {
		t.Fatalf("a roll of three issues takes %d requests", requests)
	}
	for nth := int64(2); nth <= requests; nth++ {
		for _, dropped := range []bool{false, true} {
			t.Run(fmt.Sprintf("request %d, dropped=%v", nth, dropped), func(t *testing.T) {
				t.Parallel()
				s := newStage(t, nth)
				s.dropped = dropped
				p := s.roll(t)
				<-s.arrived
				if err := p.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				if code := p.end(t); code != -1 {
					t.Fatalf("it ended with %d before it could be killed\n%s", code, &p.errors)
				}
				s.retry(t, want)
			})
		}
	}
}

// After ^C the request in flight is finished, the result is printed, and the exit code is 130. Requests that may be sent before the
// process notices the signal get no answer, so that it does notice it.
func TestInterruptedOnce(t *testing.T) {
	t.Parallel()
	want, _ := undisturbed(t)
	s := newStage(t, 4)
	p := s.roll(t)
	<-s.arrived
	interrupt(t, p, os.Interrupt)
	s.release()
	if code := p.end(t); code != 130 {
		t.Errorf("exit %d\n%s%s", code, &p.out, &p.errors)
	}
	for _, want := range []string{`"complete": false`, `"outcome": "done"`, `"retry": "prodctl milestone roll --yes -o json"`} {
		if !strings.Contains(p.out.String(), want) {
			t.Errorf("%s is missing in the result:\n%s", want, &p.out)
		}
	}
	s.retry(t, want)
}

// A terminal that is closed is an interrupt: the run reports what was done.
func TestTerminalClosed(t *testing.T) {
	t.Parallel()
	if signal.Ignored(syscall.SIGHUP) {
		t.Skip("SIGHUP is ignored here, as under nohup, and so it is in every process that this one starts")
	}
	want, _ := undisturbed(t)
	s := newStage(t, 4)
	p := s.roll(t)
	<-s.arrived
	interrupt(t, p, syscall.SIGHUP)
	s.release()
	if code := p.end(t); code != 130 || !strings.Contains(p.out.String(), `"complete": false`) {
		t.Errorf("exit %d\n%s%s", code, &p.out, &p.errors)
	}
	s.retry(t, want)
}

// A second signal ends the process at once, with 130 and without output, although a request is in flight.
func TestInterruptedTwice(t *testing.T) {
	t.Parallel()
	want, _ := undisturbed(t)
	s := newStage(t, 4)
	p := s.roll(t)
	<-s.arrived
	interrupt(t, p, os.Interrupt)
	interrupt(t, p, syscall.SIGTERM) // a different one, since two equal signals can be merged
	if code := p.end(t); code != 130 || p.out.Len() > 0 {
		t.Errorf("exit %d\n%s%s", code, &p.out, &p.errors)
	}
	s.retry(t, want)
}

func interrupt(t *testing.T, p *process, s os.Signal) {
	t.Helper()
	if err := p.Process.Signal(s); err != nil {
		t.Skip("processes cannot be interrupted here:", err)
	}
}
