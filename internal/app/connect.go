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
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/pkg/instance"
)

// TokenOwner asks the GitLab of cfg whose token that is.
func (e *App) TokenOwner(ctx context.Context, cfg config.Config, token string) (instance.User, error) {
	client, err := e.Connect(cfg, func(context.Context) (string, error) { return token, nil })
	if err != nil {
		return instance.User{}, err
	}
	return client.CurrentUser(ctx)
}

// ConfigAt is the configuration with the file of that name in place of the one that is found; empty: the latter.
func (e *App) ConfigAt(file string) (config.Config, error) {
	if file == "" {
		return e.Config()
	}
	return config.Load(config.Sources{Dir: e.Dir, Getenv: e.Getenv, Flag: func(name string) (string, bool) {
		if name == "config" {
			return file, true
		}
		return e.Flag(name)
	}})
}

// Config is the configuration, read once.
func (e *App) Config() (config.Config, error) {
	if e.cfg != nil {
		return *e.cfg, e.cfgErr
	}
	cfg, err := config.Load(config.Sources{Dir: e.Dir, Getenv: e.Getenv, Flag: e.Flag, ReadFile: e.ReadFile})
	e.cfg, e.cfgErr = &cfg, err
	return cfg, err
}

// Flag is a global flag's value and whether it was said, for the configuration.
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

// Client connects to the configured GitLab. The token is asked for at the first request.
func (e *App) Client(ctx context.Context) (*gitlab.Client, error) {
	if e.client != nil {
		return e.client, nil
	}
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	if err := cfg.RequireHost(); err != nil {
		return nil, err
	}
	e.client, err = e.Connect(cfg, func(ctx context.Context) (string, error) { return e.Token(ctx, cfg) })
	return e.client, err
}

// Connect makes a client for the configured host with a token of the caller's.
func (e *App) Connect(cfg config.Config, token func(context.Context) (string, error)) (*gitlab.Client, error) {
	o := gitlab.Options{
		Host: cfg.Host, AllowHTTP: cfg.AllowHTTP, CAFile: cfg.CAFile, Parallel: cfg.Parallel, Token: token,
		Transport: e.Transport, UserAgent: buildinfo.UserAgent(),
		Now: e.Now, Sleep: e.Sleep, Jitter: e.Jitter, AttemptTimeout: e.Patience,
		ReadOnly: e.Global.DryRun || e.Global.Plan != "",
	}
	if !e.Global.Quiet {
		o.Waiting = e.onceEach(waiting)
	}
	if e.Global.Debug {
		o.Trace = func(x gitlab.Exchange) { e.Notef("%s", traced(x)) }
	}
	return gitlab.New(o)
}

// onceEach tells a wait, but not the same one again for each request that goes on beside: of many alike that fail at once, each
// attempt is told once.
func (e *App) onceEach(say func(gitlab.Wait) string) func(gitlab.Wait) {
	var mu sync.Mutex
	last, told := "", map[string]int{}
	return func(w gitlab.Wait) {
		mu.Lock()
		defer mu.Unlock()
		text := say(w)
		if text == last || w.Request != "" && !w.Look && (w.Attempt == told[w.Request] || 1 < w.Attempt && w.Attempt < told[w.Request]) {
			return
		}
		last, told[w.Request] = text, w.Attempt
		e.Notef("%s", text)
	}
}

func waiting(w gitlab.Wait) string {
	if w.Look {
		return fmt.Sprintf("%s: %s; looking for it in %s", w.Request, w.Reason, w.For.Round(100*time.Millisecond))
	}
	text := fmt.Sprintf("%s; waiting %s", w.Reason, w.For.Round(100*time.Millisecond))
	if w.Request != "" {
		text += fmt.Sprintf(" to %s again (attempt %d failed)", w.Request, w.Attempt)
	}
	return text
}

// traced is one line of --debug.
func traced(x gitlab.Exchange) string {
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

// Parallel is how many requests may run at once; at least 1.
func (e *App) Parallel() int {
	cfg, err := e.Config()
	if err != nil || cfg.Parallel < 1 {
		return 1
	}
	return cfg.Parallel
}

// Path is a file named on the command line, seen from the working directory.
func (e *App) Path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(e.Dir, name)
}
