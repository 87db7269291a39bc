// Package cli is the command tree: one file for each command, <noun>_<verb>.go, which parses flags, calls one workflow
// and gives its result to one view. Start with [Main]; root.go lists the commands, execute.go runs every writing one.
//
// It owns cobra. Rules, requests and the look of results are elsewhere.
package cli

import (
	"context"
	"net/http"
	"time"

	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/credential"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Machine is everything that prodctl takes from the machine it runs on. Main's caller fills all of it but Transport, Edit, ReadFile and Patience.
type Machine struct {
	Terminal  func(noColor bool) *term.Streams
	Getenv    func(string) string
	Dir       string // working directory
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error
	Jitter    func() float64
	Keyring   credential.Keyring
	Transport http.RoundTripper // nil: the network
	Browse    func(address string) error
	Edit      func(file string) error // lets the person write in a file; nil: there is no editor

	ReadFile func(path string) ([]byte, error) // of the configuration; nil: as it is on the disk
	Patience time.Duration                     // with one request and its answer; 0: the client's own
}

// Env is what commands work with. It is built once for each run.
type Env struct {
	Machine
	*term.Streams

	global globalOptions
	args   []string // as typed, without the program's name
	view   *render.View

	run        context.Context // of this run: ends with an interruption, knows no --timeout
	completing bool            // nobody can be asked: the terminal is the shell's

	flags  *pflag.FlagSet // of the command that runs
	cfg    *config.Config
	cfgErr error
	client *gitlab.Client
}

// globalOptions are the flags that every command has.
type globalOptions struct {
	Config  string
	Host    string
	Output  string
	JQ      string
	DryRun  bool
	Yes     bool
	Plan    string
	Now     string
	Timeout time.Duration
	NoColor bool
	Quiet   bool
	Debug   bool
}

// Clock is the time by which rules go: the machine's, or what --now fixes.
func (e *Env) Clock() (time.Time, error) {
	if e.global.Now == "" {
		return e.Now(), nil
	}
	if t, err := time.Parse(time.RFC3339, e.global.Now); err == nil {
		return t, nil
	}
	d, err := calendar.ParseDate(e.global.Now)
	if err != nil {
		return time.Time{}, fault.New(fault.Usage, "write --now 2018-08-24 or --now 2018-08-24T16:00:00Z", "--now %q is neither a date nor an RFC 3339 time", e.global.Now)
	}
	cfg, err := e.Config()
	if err != nil {
		return time.Time{}, err
	}
	return d.Midnight(cfg.Timezone).Add(12 * time.Hour), nil
}

// Today is the civil date in the team's zone.
func (e *Env) Today() (calendar.Date, error) {
	now, err := e.Clock()
	if err != nil {
		return calendar.Date{}, err
	}
	cfg, err := e.Config()
	if err != nil {
		return calendar.Date{}, err
	}
	return calendar.DateOf(now.In(cfg.Timezone)), nil
}

// openView makes the view that a command's results are given to, so that a wrong -o or --jq, and a format that this command does not have, is found before
// any request.
func (e *Env) openView(also []render.Format) error {
	format := e.global.Output
	if format == "" && e.global.JQ == "" {
		if cfg, err := e.Config(); err == nil { // a broken file is reported by the commands that need it
			format = cfg.Output
		}
	}
	now, err := e.Clock()
	if err != nil {
		now = e.Now() // likewise
	}
	options := render.Options{Format: render.Format(format), Also: also, JQ: e.global.JQ, TTY: e.OutTTY, Width: e.Width,
		Color: e.OutColor(), Now: now, Quiet: e.global.Quiet, Aside: e.Err}
	if cfg, err := e.Config(); err == nil {
		options.Location = cfg.Timezone
	}
	if f := e.flags.Lookup(includeConfidential); f != nil {
		options.Reveal = f.Value.String() == "true"
	}
	e.view, err = render.New(e.Out, options)
	return err
}

// Table reports whether results are for people, not for programs.
func (e *Env) Table() bool { return e.view.Format() == render.Table }

// Progress shows what is being done, unless --quiet.
func (e *Env) Progress(format string, args ...any) *term.Progress {
	if e.global.Quiet {
		return new(term.Streams).Progress(format, args...)
	}
	return e.Streams.Progress(format, args...)
}
