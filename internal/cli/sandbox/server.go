package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
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

// server is a simulated GitLab with its options.
type server struct {
	options fakegitlab.Options
	faults  []fakegitlab.Fault
	seed    seed
	server  *fakegitlab.Server // nil until start
}

// seed is the initial data of a sandbox.
type seed struct {
	text  string // for messages
	apply func(s *fakegitlab.Server, now time.Time) error
}

// newServer checks all options before anything is built or opened, and reports all errors at once.
func newServer(e *app.App, o options) (*server, error) {
	now, clockErr := runningClock(e)
	from, fromErr := countingClock(o.ClockFrom)
	limit, limitErr := perMinute(o.RateLimit)
	faults, faultErr := parseFaults(o.Faults)
	seed, seedErr := chosenSeed(e, o.Seed)
	edition := fakegitlab.Edition(o.Edition.Value)
	version, versionErr := claimedVersion(o.Version, edition)
	err := errors.Join(clockErr, fromErr, checkLoopback(o.Listen), versionErr, notNegative("latency", o.Latency),
		limitErr, faultErr, seedErr)
	s := &server{faults: faults, seed: seed, options: fakegitlab.Options{
		Edition: edition, Version: version, Now: now, ClockFrom: from, Latency: o.Latency, RateLimit: limit,
		NoLinks:      o.NoLinks,
		NoRequestLog: true,
		Sleep:        func(ctx context.Context, d time.Duration) { _ = e.Sleep(ctx, d) }, // ends early only if the client is gone
	}}
	if o.Racy {
		s.options.BetweenCheckAndSave = holdWrites(e)
	}
	return s, err
}

// collision is how long a write is held between its check and its save, so that others pass the check too.
const collision = 200 * time.Millisecond

// holdWrites returns a hook that holds the writes that can collide: of milestones and labels, and issues with a label that is new.
func holdWrites(e *app.App) func(*http.Request) {
	return func(r *http.Request) {
		if r.Method == http.MethodPost || strings.Contains(r.URL.Path, "/milestones/") {
			_ = e.Sleep(r.Context(), collision)
		}
	}
}

// openLog logs every request to a file. The function that it returns closes the file.
func (s *server) openLog(e *app.App, name string) (func(), error) {
	if name == "" {
		return func() {}, nil
	}
	path := e.Path(name)
	if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSymlink != 0 && !strings.HasPrefix(path, "/dev/") {
		return nil, fault.New(fault.Refused, "Name the file that it points to", "--log: %s is a symbolic link", name)
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Failed, fault.Plain(err), "", "--log")
	}
	s.options.Log = logTo(file, e.Notef)
	return func() { _ = file.Close() }, nil // a failed write was reported before
}

// start creates the instance, with address as its URL.
func (s *server) start(e *app.App, address string) error {
	s.options.URL = address
	s.server = fakegitlab.New(s.options)
	progress := e.Progress("Creating %s", s.seed.text)
	defer progress.Stop()
	if err := s.seed.apply(s.server, s.options.Now()); err != nil {
		return err
	}
	for _, f := range s.faults {
		s.server.AddFault(f)
	}
	return nil
}

// runningClock returns a clock that starts at --now, if that is set.
func runningClock(e *app.App) (func() time.Time, error) {
	start, err := e.Clock()
	if err != nil {
		return nil, err
	}
	started := e.Now()
	return func() time.Time { return start.Add(e.Now().Sub(started)) }, nil
}

// countingClock parses --clock-from; the zero time means that the clock runs by itself.
func countingClock(value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return t, fault.New(fault.Usage, "Use RFC 3339: prodctl sandbox --clock-from 2018-08-24T16:00:00Z",
			"invalid time %q for --clock-from", value)
	}
	return t, nil
}

func notNegative(flag string, d time.Duration) error {
	if d < 0 {
		return fault.New(fault.Usage, "Use a positive duration: prodctl sandbox --"+flag+" 20ms", "--%s %s is negative", flag, d)
	}
	return nil
}

// perMinute parses "600/min" or "600"; empty means no limit.
func perMinute(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(s, "/min"))
	if err != nil || n < 1 {
		return 0, fault.New(fault.Usage, "Use requests per minute: prodctl sandbox --rate-limit 600/min", "invalid rate limit %q", s)
	}
	return n, nil
}

func parseFaults(specs []string) ([]fakegitlab.Fault, error) {
	var faults []fakegitlab.Fault
	var errs []error
	for _, spec := range specs {
		f, err := fakegitlab.ParseFault(spec)
		if err != nil {
			errs = append(errs, fault.Wrap(fault.Usage, err, "For the syntax of faults, run: prodctl sandbox --help", ""))
		}
		faults = append(faults, f)
	}
	return faults, errors.Join(errs...)
}

// chosenSeed returns the seed for a value of --seed.
func chosenSeed(e *app.App, name string) (seed, error) {
	switch kind, count, _ := strings.Cut(name, ":"); {
	case name == "handbook":
		return seed{"the handbook's team", func(s *fakegitlab.Server, now time.Time) error {
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
			return seed{}, fault.New(fault.Usage, "Use a number of issues: prodctl sandbox --seed load:10000",
				"invalid seed %q (use load:1 to load:%d)", name, most)
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

const seedHint = "See docs/sandbox.md for the format of a seed"

// readSeed reads a file with a team. A name that is neither a seed nor looks like a file is treated as a misspelled seed.
func readSeed(e *app.App, name string) (fakegitlab.Seed, error) {
	const hint = "Use handbook, empty, load:N or the name of a YAML file"
	const most = 64 << 20
	var seed fakegitlab.Seed
	file, err := os.Open(e.Path(name))
	if errors.Is(err, os.ErrNotExist) && filepath.Ext(name) == "" && !strings.ContainsRune(name, filepath.Separator) {
		return seed, fault.New(fault.Usage, hint, "unknown seed %q", name)
	}
	if errors.Is(err, os.ErrNotExist) {
		return seed, fault.New(fault.Usage, hint, "--seed: file %s not found", name)
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

// logTo returns a function that writes a line for each request. The first failed write is reported; the sandbox continues.
func logTo(w io.Writer, report func(string, ...any)) func(fakegitlab.Entry) {
	var mu sync.Mutex
	var failed bool
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	return func(entry fakegitlab.Entry) {
		mu.Lock()
		defer mu.Unlock()
		if err := lines.Encode(entry); err != nil && !failed {
			failed = true
			report("The log is incomplete: %v", err)
		}
	}
}
