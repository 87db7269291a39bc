// Package app is what every command is given: streams, clock, configuration, GitLab client and view. Start with [App], which internal/cli
// builds once for each run.
//
// It decides nothing about incidents, changes or milestones, and it knows no command.
package app

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

// Machine is everything that prodctl takes from the machine it runs on. Main's caller fills all of it but Transport, Edit,
// ReadFile and Patience.
type Machine struct {
	Terminal  func(noColor bool) *term.Streams
	Getenv    func(string) string
	Dir       string // working directory
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error
	Jitter    func() float64
	Watch     func(context.Context) context.Context // ends with an interrupt of the process; nil: nothing interrupts
	Keyring   credential.Keyring
	Transport http.RoundTripper // nil: the network
	Browse    func(address string) error
	Edit      func(file string) error // lets the person write in a file; nil: there is no editor

	ReadFile func(path string) ([]byte, error) // of the configuration; nil: as it is on the disk
	Patience time.Duration                     // with one request and its answer; 0: the client's own
}

// App is what commands work with. It is built once for each run.
type App struct {
	Machine
	*term.Streams

	Global Global
	Args   []string // as typed, without the program's name
	View   *render.View

	Context    context.Context // of this run: ends with an interruption, knows no --timeout
	Completing bool            // nobody can be asked: the terminal is the shell's

	Flags  *pflag.FlagSet // of the command that runs
	cfg    *config.Config
	cfgErr error
	client *gitlab.Client
}

// Global are the flags that every command has.
type Global struct {
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
func (e *App) Clock() (time.Time, error) {
	if e.Global.Now == "" {
		return e.Now(), nil
	}
	if t, err := time.Parse(time.RFC3339, e.Global.Now); err == nil {
		return t, nil
	}
	d, err := calendar.ParseDate(e.Global.Now)
	if err != nil {
		return time.Time{}, fault.New(fault.Usage, "write --now 2018-08-24 or --now 2018-08-24T16:00:00Z",
			"--now %q is neither a date nor an RFC 3339 time", e.Global.Now)
	}
	cfg, err := e.Config()
	if err != nil {
		return time.Time{}, err
	}
	return d.Midnight(cfg.Timezone).Add(12 * time.Hour), nil
}

// OpenView makes the view that a command's results are given to, so that a wrong -o or --jq, and a format that this command does
// not have, is found before any request.
//
// Without configured, the format and the time zone are the usual ones, and no file is read.
func (e *App) OpenView(also []render.Format, configured bool) error {
	format := e.Global.Output
	if format == "" && e.Global.JQ == "" && configured {
		if cfg, err := e.Config(); err == nil { // a broken file is reported by the commands that need it
			format = cfg.Output
		}
	}
	now := e.Now()
	if t, err := e.Clock(); configured && err == nil {
		now = t
	}
	options := render.Options{Format: render.Format(format), Also: also, JQ: e.Global.JQ, TTY: e.OutTTY, Width: e.Width,
		Color: e.OutColor(), Now: now, Quiet: e.Global.Quiet, Aside: e.Err}
	if configured {
		if cfg, err := e.Config(); err == nil {
			options.Location = cfg.Timezone
		}
	}
	if f := e.Flags.Lookup(IncludeConfidential); f != nil {
		options.Reveal = f.Value.String() == "true"
	}
	var err error
	e.View, err = render.New(e.Out, options)
	return err
}

// Table reports whether results are for people, not for programs.
func (e *App) Table() bool { return e.View.Format() == render.Table }

// Progress shows what is being done, unless --quiet.
func (e *App) Progress(format string, args ...any) *term.Progress {
	if e.Global.Quiet {
		return new(term.Streams).Progress(format, args...)
	}
	return e.Streams.Progress(format, args...)
}

// NoPage refuses a page of what a command has written, before any request: a page is of a report. instead is what to type.
func (e *App) NoPage(posts bool, instead string) error {
	if posts && e.View.Format() == render.HTML {
		return fault.New(fault.Usage, instead, "what --post writes has no output format %q", render.HTML)
	}
	return nil
}

// Reveals reports whether --include-confidential was said.
func (e *App) Reveals() bool {
	f := e.Flags.Lookup(IncludeConfidential)
	return f != nil && f.Value.String() == "true"
}

// IncludeConfidential is the flag of commands whose results may be about confidential issues. The view goes by it (SPEC W7).
const IncludeConfidential = "include-confidential"

// Within bounds work by a time limit; 0 is none.
func Within(ctx context.Context, limit time.Duration, work func(context.Context) error) error {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	return work(ctx)
}

// WithTimeout begins --timeout again: the time in which a person reads a plan does not count.
func (e *App) WithTimeout() (context.Context, context.CancelFunc) {
	if cfg, err := e.Config(); err == nil && cfg.Timeout > 0 {
		return context.WithTimeout(e.Context, cfg.Timeout)
	}
	return context.WithCancel(e.Context)
}
