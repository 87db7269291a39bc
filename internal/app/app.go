// Package app is what every command is given: streams, clock, configuration, GitLab client and view. Start with [App], which internal/cli
// builds once for each run.
//
// Nothing about incidents, changes or milestones is decided here, and no command is known here.
package app

import (
	"context"
	"net/http"
	"strconv"
	"sync"
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

// Machine is what prodctl uses of the machine it runs on. The caller of Main sets all fields except Transport, Edit, Page, Run, Become,
// ReadFile, Patience and ReadOnly.
type Machine struct {
	Terminal  func(noColor bool) *term.Streams
	Getenv    func(string) string
	Dir       string // working directory
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error
	Jitter    func() float64
	Watch     func(context.Context) context.Context // is canceled by an interrupt; nil: never
	Keyring   credential.Keyring
	Transport http.RoundTripper // nil: the network
	Browse    func(address string) error
	Edit      func(file string) error                   // opens an editor on a file; nil: no editor
	Run       func(context.Context, term.Child) error   // runs the command of a hook; nil: none
	Page      func(text []byte) bool                    // shows a text in a pager, if there is one; nil: no pager
	Become    func(program string, args []string) error // replaces this process; nil: not possible

	ReadFile func(path string) ([]byte, error) // reads the configuration; nil: from disk
	Patience time.Duration                     // for one request and its answer; 0: the client's default
	ReadOnly bool                              // no write is sent to GitLab, whatever the command, and no draft is saved
}

// App is what every command is given. It is built once for each run.
type App struct {
	Machine
	*term.Streams

	Global Global
	Args   []string // as entered, without the program name
	View   *render.View

	Context    context.Context // of this run: canceled by an interrupt, not by --timeout
	Completing bool            // in shell completion, which cannot ask questions
	Noted      bool            // the notes about the configuration were written
	Asked      bool            // the inputs are answers to questions, so the plan is confirmed

	Held *term.Held // the result, for a file or a pager; nil: it goes to Out

	Flags       *pflag.FlagSet // of the command that runs
	cfg         *config.Config
	cfgErr      error
	sharedToken sync.Once // the warning about the token file
	client      *gitlab.Client
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
	NoPager bool
	File    string // for the result
	Open    bool   // the file in a browser
	Copy    bool   // the address to the clipboard
	Quiet   bool
	Debug   bool
}

// Clock is the current time for all rules: the machine's, or the one from --now.
func (e *App) Clock() (time.Time, error) {
	if e.Global.Now == "" {
		return e.Now(), nil
	}
	if t, err := time.Parse(time.RFC3339, e.Global.Now); err == nil {
		return t, nil
	}
	d, err := calendar.ParseDate(e.Global.Now)
	if err != nil {
		return time.Time{}, fault.New(fault.Usage, "Use --now 2018-08-24 or --now 2018-08-24T16:00:00Z",
			"--now: invalid time %q", e.Global.Now)
	}
	cfg, err := e.Config()
	if err != nil {
		return time.Time{}, err
	}
	return d.Midnight(cfg.Timezone).Add(12 * time.Hour), nil
}

// OpenView creates the view for the results of a command. A wrong -o or --jq, or a format that this command does not support, is an error
// before any request.
//
// Unless configured is set, the format and the time zone are the defaults, and no file is read.
func (e *App) OpenView(also []render.Format, configured bool) error {
	format := e.Global.Output
	if format == "" && e.Global.JQ == "" && configured {
		if cfg, err := e.Config(); err == nil { // commands that need the file report its errors
			format = cfg.Output
		}
	}
	now := e.Now()
	if t, err := e.Clock(); configured && err == nil {
		now = t
	}
	options := render.Options{Format: render.Format(format), Also: also, JQ: e.Global.JQ, TTY: e.OutTTY, Width: e.Width,
		Color: e.OutColor(), Now: now, Quiet: e.Global.Quiet, Aside: e.Err, Bounded: e.WithTimeout,
		Places: e.Place}
	if configured {
		if cfg, err := e.Config(); err == nil {
			options.Location = cfg.Timezone
		}
		options.Ours = e.ours
	}
	options.Limit = e.Limit()
	if f := e.Flags.Lookup(IncludeConfidential); f != nil {
		options.Reveal = f.Value.String() == "true"
	}
	var err error
	e.View, err = render.New(e.Out, options)
	return err
}

// ours reports whether an address is a page of the configured GitLab.
func (e *App) ours(address string) bool {
	cfg, err := e.Config()
	if err == nil && cfg.Host != "" {
		_, err = cfg.LocalPath(address)
	}
	return err == nil
}

// Place is the path of a project or group whose id appears in the name of a token's account, as far as this run knows it.
func (e *App) Place(kind string, id int64) string {
	if e.client == nil {
		return ""
	}
	return e.client.Place(kind, id)
}

// Table reports whether the output is for people rather than programs.
func (e *App) Table() bool { return e.View.Format() == render.Table }

// Progress shows what is going on, unless --quiet.
func (e *App) Progress(format string, args ...any) *term.Progress {
	if e.Global.Quiet {
		return new(term.Streams).Progress(format, args...)
	}
	return e.Streams.Progress(format, args...)
}

// NoPage refuses -o html together with --post, before any request: a page shows a report, not an outcome. instead is the hint.
func (e *App) NoPage(posts bool, instead string) error {
	if posts && e.View.Format() == render.HTML {
		return fault.New(fault.Usage, instead, "--post cannot be combined with -o %s", render.HTML)
	}
	return nil
}

// Reveals reports whether --include-confidential is set.
func (e *App) Reveals() bool {
	f := e.Flags.Lookup(IncludeConfidential)
	return f != nil && f.Value.String() == "true"
}

// LimitFlag is the flag that shortens lists.
const LimitFlag = "limit"

// Limit is how many entries of a list are shown; 0: all.
func (e *App) Limit() int {
	f := e.Flags.Lookup(LimitFlag)
	if f == nil {
		return 0
	}
	n, err := strconv.Atoi(f.Value.String())
	if err != nil { // not given, or wrong, which is reported with the other flags
		return 0
	}
	return n
}

// IncludeConfidential is the flag that shows the content of confidential issues also outside a terminal (promise W7).
const IncludeConfidential = "include-confidential"

// Within runs work with a time limit; 0 means no limit.
func Within(ctx context.Context, limit time.Duration, work func(context.Context) error) error {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	return work(ctx)
}

// WithTimeout restarts --timeout: the time that the user spends reading a plan does not count.
func (e *App) WithTimeout() (context.Context, context.CancelFunc) {
	if cfg, err := e.Config(); err == nil && cfg.Timeout > 0 {
		return context.WithTimeout(e.Context, cfg.Timeout)
	}
	return context.WithCancel(e.Context)
}
