package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
)

// server is a GitLab in memory that is being made.
type server struct {
	options fakegitlab.Options
	faults  []fakegitlab.Fault
	seed    seed
	server  *fakegitlab.Server // nil until it is grown
}

// chosenSeed is what a sandbox begins with.
type seed struct {
	words string // what it is
	plant func(s *fakegitlab.Server, now time.Time) error
}

// server checks all options before anything is built or opened, and says all that is wrong with them.
func newServer(e *app.App, o options) (*server, error) {
	now, clockErr := runningClock(e)
	limit, limitErr := perMinute(o.RateLimit)
	faults, faultErr := parseFaults(o.Faults)
	seed, seedErr := chosenSeed(e, o.Seed)
	err := errors.Join(clockErr, checkLoopback(o.Listen), notNegative("latency", o.Latency),
		limitErr, faultErr, seedErr)
	return &server{faults: faults, seed: seed, options: fakegitlab.Options{
		Edition: fakegitlab.Edition(o.Edition.Value), Now: now, Latency: o.Latency, RateLimit: limit, RacyTitles: o.RacyTitles,
		NoLinks:      o.NoLinks,
		NoRequestLog: true,
		Sleep:        func(ctx context.Context, d time.Duration) { _ = e.Sleep(ctx, d) }, // cut short only when nobody waits any more
	}}, err
}

// openLog has every request written to a file, which is closed by what is returned.
func (s *server) openLog(e *app.App, name string) (func(), error) {
	if name == "" {
		return func() {}, nil
	}
	file, err := os.OpenFile(e.Path(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Failed, fault.Plain(err), "", "--log")
	}
	s.options.Log = logTo(file, e.Notef)
	return func() { _ = file.Close() }, nil // what could not be written was said already
}

// grow makes the instance that is reached at address.
func (s *server) grow(e *app.App, address string) error {
	s.options.URL = address
	s.server = fakegitlab.New(s.options)
	progress := e.Progress("making %s", s.seed.words)
	defer progress.Stop()
	if err := s.seed.plant(s.server, s.options.Now()); err != nil {
		return err
	}
	for _, f := range s.faults {
		s.server.AddFault(f)
	}
	return nil
}

// runningClock begins at --now, if that is given, and goes on from there.
func runningClock(e *app.App) (func() time.Time, error) {
	start, err := e.Clock()
	if err != nil {
		return nil, err
	}
	begun := e.Now()
	return func() time.Time { return start.Add(e.Now().Sub(begun)) }, nil
}

func notNegative(flag string, d time.Duration) error {
	if d < 0 {
		return fault.New(fault.Usage, "--"+flag+" 20ms", "--%s %s is less than nothing", flag, d)
	}
	return nil
}

// perMinute reads "600/min" or "600"; nothing is no limit.
func perMinute(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(s, "/min"))
	if err != nil || n < 1 {
		return 0, fault.New(fault.Usage, "--rate-limit 600/min", "--rate-limit %q is no number of requests a minute", s)
	}
	return n, nil
}

func parseFaults(specs []string) ([]fakegitlab.Fault, error) {
	var faults []fakegitlab.Fault
	var errs []error
	for _, spec := range specs {
		f, err := fakegitlab.ParseFault(spec)
		if err != nil {
			errs = append(errs, fault.Wrap(fault.Usage, err, "--fault 'PUT /projects/*/milestones/* nth=2 status=502'", ""))
		}
		faults = append(faults, f)
	}
	return faults, errors.Join(errs...)
}

// chosenSeed finds what the sandbox is to begin with.
func chosenSeed(e *app.App, name string) (seed, error) {
	switch kind, count, _ := strings.Cut(name, ":"); {
	case name == "handbook":
		return seed{"the team of the handbook", func(s *fakegitlab.Server, now time.Time) error {
			return s.Apply(fakegitlab.HandbookSeed(now))
		}}, nil
	case name == "empty":
		return seed{"a team with empty projects", func(s *fakegitlab.Server, now time.Time) error {
			return s.Apply(fakegitlab.EmptySeed(now))
		}}, nil
	case kind == "load":
		const most = 1_000_000
		n, err := strconv.Atoi(count)
		if err != nil || n < 1 || n > most {
			return seed{}, fault.New(fault.Usage, "--seed load:10000", "--seed %q: after load: comes a number of issues, 1 to %d", name, most)
		}
		return seed{count + " issues", func(s *fakegitlab.Server, _ time.Time) error { s.Load(n); return nil }}, nil
	}
	team, err := readSeed(e, name)
	return seed{name, func(s *fakegitlab.Server, _ time.Time) error {
		if err := s.Apply(team); err != nil {
			return fault.Wrap(fault.Usage, err, seedHint, "%s", name)
		}
		return nil
	}}, err
}

const seedHint = "docs/sandbox.md shows the form of a seed"

// readSeed reads a file with a team. A name that is neither a seed nor looks like a file is most likely misspelt.
func readSeed(e *app.App, name string) (fakegitlab.Seed, error) {
	const hint = "say handbook, empty, load:N or the name of a YAML file"
	const most = 64 << 20
	var seed fakegitlab.Seed
	file, err := os.Open(e.Path(name))
	if errors.Is(err, os.ErrNotExist) && filepath.Ext(name) == "" && !strings.ContainsRune(name, filepath.Separator) {
		return seed, fault.New(fault.Usage, hint, "--seed %q is unknown", name)
	}
	if err != nil {
		return seed, fault.Wrap(fault.Usage, fault.Plain(err), hint, "--seed")
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, most))
	if err != nil {
		return seed, fault.Wrap(fault.Usage, fault.Plain(err), hint, "--seed")
	}
	if err := manifest.Decode(name, data, &seed); err != nil {
		return seed, fault.Wrap(fault.Usage, err, seedHint, "")
	}
	return seed, nil
}

// logTo writes a line for each request. A file that cannot be written is complained of once; the sandbox goes on.
func logTo(w io.Writer, complain func(string, ...any)) func(fakegitlab.Entry) {
	var mu sync.Mutex
	var failed bool
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	return func(entry fakegitlab.Entry) {
		mu.Lock()
		defer mu.Unlock()
		if err := lines.Encode(entry); err != nil && !failed {
			failed = true
			complain("the log is not complete any more: %v", err)
		}
	}
}
