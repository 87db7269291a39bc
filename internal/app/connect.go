package app

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/buildinfo"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// TokenOwner asks the GitLab of cfg for the user of a token, and for what it knows about the token; nothing, if it does not tell.
func (e *App) TokenOwner(ctx context.Context, cfg config.Config, token string) (instance.User, instance.Token, error) {
	client, err := e.Connect(cfg, func(context.Context) (string, error) { return token, nil })
	if err != nil {
		return instance.User{}, instance.Token{}, err
	}
	var about instance.Token
	var asked sync.WaitGroup
	asked.Go(func() { about, _ = client.Token(ctx) })
	user, err := client.CurrentUser(ctx)
	asked.Wait()
	return user, about, err
}

// sources are where the configuration comes from.
func (e *App) sources() config.Sources {
	return config.Sources{Dir: e.Dir, Getenv: e.Getenv, Flag: e.Flag, ReadFile: e.ReadFile, TrustedCopy: e.trusts}
}

// ConfigAt is the configuration from the named file; empty: from the file that is found. It is read as it is now, whatever was trusted.
func (e *App) ConfigAt(file string) (config.Config, error) {
	src := e.sources()
	src.TrustedCopy = nil
	if file != "" {
		src.ReadFile = nil
		src.Flag = func(name string) (string, bool) {
			if name == "config" {
				return file, true
			}
			return e.Flag(name)
		}
	}
	return config.Load(src)
}

// Config is the configuration, read once.
func (e *App) Config() (config.Config, error) {
	if e.cfg == nil {
		e.load(e.trusts)
	}
	return *e.cfg, e.cfgErr
}

func (e *App) load(trusted func(identity string) []byte) {
	src := e.sources()
	src.TrustedCopy = trusted
	cfg, err := config.Load(src)
	e.cfg, e.cfgErr = &cfg, err
}

// Flag is the value of a global flag, and whether it was set.
func (e *App) Flag(name string) (string, bool) {
	if e.Flags == nil {
		return "", false
	}
	var found *pflag.Flag
	if found = e.Flags.Lookup(name); found == nil {
		return "", false
	}
	return found.Value.String(), found.Changed
}

// Client is the client of the configured GitLab. The token is looked up at the first request.
func (e *App) Client(ctx context.Context) (*gitlab.Client, error) {
	if e.client != nil {
		return e.client, nil
	}
	if err := e.Authorize(ctx); err != nil {
		return nil, err
	}
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	if err := cfg.RequireHost(); err != nil {
		return nil, err
	}
	e.client, err = e.Connect(cfg, func(ctx context.Context) (string, error) { return e.Token(ctx, cfg) })
	if err != nil {
		return nil, err
	}
	for _, t := range cfg.Trackers {
		if t.ID != 0 {
			e.client.RememberProject(t.Project.Path, t.ID)
		}
	}
	e.client.Reconciles(map[string]eventlog.Reconciler{incident.Kind: incident.Reconciler{Labels: cfg.IncidentLabels()}})
	return e.client, nil
}

// Written reports whether this run has, or may have, changed anything in GitLab.
func (e *App) Written() bool { return e.client != nil && e.client.Written() }

// Connect is a client for the host of cfg that uses the given token.
// A file that is not trusted decides nothing about it, not even for a request without a token.
func (e *App) Connect(cfg config.Config, token func(context.Context) (string, error)) (*gitlab.Client, error) {
	if cfg.Trust == config.Untrusted {
		return nil, e.untrusted(cfg)
	}
	o := gitlab.Options{
		Host: cfg.Host, AllowHTTP: cfg.AllowHTTP, CAFile: cfg.CAFile, ReadFile: cfg.ReadFile, Parallel: cfg.Parallel, Token: token,
		Transport: e.Transport, UserAgent: buildinfo.UserAgent(),
		Now: e.Now, Sleep: e.Sleep, Jitter: e.Jitter, AttemptTimeout: e.Patience,
		ReadOnly: e.ReadOnly || e.Global.DryRun || e.Global.Plan != "",
	}
	if !e.Global.Quiet {
		o.Waiting, o.Smaller = e.reportWaits(), e.reportSmaller()
	}
	if e.Global.Debug {
		o.Trace = func(x gitlab.Exchange) { e.Notef("%s", debugLine(x)) }
	}
	return gitlab.New(o)
}

// reportWaits reports waits, but not the same one for each of many parallel requests that fail alike: every attempt is reported once.
func (e *App) reportWaits() func(gitlab.Wait) {
	var mu sync.Mutex
	last, reported := "", map[string]int{}
	return func(w gitlab.Wait) {
		mu.Lock()
		defer mu.Unlock()
		text, before := waitText(w), reported[w.Request]
		if text == last || w.Request != "" && !w.Look && !w.Answer && (w.Attempt == before || 1 < w.Attempt && w.Attempt < before) {
			return
		}
		last, reported[w.Request] = text, w.Attempt
		e.Notef("%s", text)
	}
}

// reportSmaller reports once for each list that it is read in smaller pages.
func (e *App) reportSmaller() func(request string) {
	var reported sync.Map
	return func(request string) {
		if _, before := reported.LoadOrStore(request, true); !before {
			e.Notef("%s: the answer is larger than 64 MiB; reading it in smaller pages", request)
		}
	}
}

func waitText(w gitlab.Wait) string {
	in := w.For.Round(100 * time.Millisecond)
	switch {
	case w.Answer:
		return fmt.Sprintf("%s: %s; waiting up to %s more", w.Request, w.Reason, in)
	case w.Look && w.For == 0:
		return fmt.Sprintf("%s: %s; checking whether it was carried out", w.Request, w.Reason)
	case w.Look:
		return fmt.Sprintf("%s: %s; checking in %s whether it was carried out", w.Request, w.Reason, in)
	case w.Request != "":
		return fmt.Sprintf("%s: %s; retrying in %s (attempt %d failed)", w.Request, w.Reason, in, w.Attempt)
	}
	return fmt.Sprintf("%s; waiting %s", w.Reason, in)
}

// debugLine is one line of --debug.
func debugLine(x gitlab.Exchange) string {
	var b strings.Builder
	fmt.Fprintf(&b, "debug: %s %s", x.Method, x.URL)
	if x.Attempt > 1 {
		fmt.Fprintf(&b, " (attempt %d)", x.Attempt)
	}
	if x.Status != 0 {
		fmt.Fprintf(&b, " → %d", x.Status)
	}
	fmt.Fprintf(&b, " in %s, %d bytes sent, %d received", x.Duration.Round(100*time.Microsecond), x.Sent, x.Received)
	if x.RequestID != "" {
		b.WriteString(", request id " + x.RequestID)
	}
	if x.Err != "" {
		b.WriteString(": " + x.Err)
	}
	return b.String()
}

// OpenPage opens a page of the configured GitLab in the browser. Any other address is refused: it may come from a stranger's answer.
func (e *App) OpenPage(address string) error {
	cfg, err := e.Config()
	if err != nil {
		return err
	}
	if _, err := cfg.LocalPath(address); err != nil {
		return fault.New(fault.Refused, "If it is the same GitLab, add its name to web_hosts",
			"%s is not a page of %s", sanitize.Line(address), cfg.Host)
	}
	return e.Browse(address)
}

// CopyAddress copies the address of a page to the clipboard, if --copy asks for it.
func (e *App) CopyAddress(address string) {
	if !e.Global.Copy || address == "" {
		return
	}
	if cfg, err := e.Config(); err == nil {
		if _, err := cfg.LocalPath(address); err == nil && e.Streams.Copy(address) {
			return
		}
	}
	e.Notef("The address was not copied: it needs a terminal")
}

// Parallel is the number of requests that may run at once, at least 1.
func (e *App) Parallel() int {
	cfg, err := e.Config()
	if err != nil || cfg.Parallel < 1 {
		return 1
	}
	return cfg.Parallel
}

// Path is a file name from the command line, relative to the working directory.
func (e *App) Path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(e.Dir, name)
}

// Relative is a file name as seen from the working directory; empty stays empty.
func (e *App) Relative(name string) string {
	if rel, err := filepath.Rel(e.Dir, name); name != "" && err == nil {
		return filepath.ToSlash(rel)
	}
	return name
}
