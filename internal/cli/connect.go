package cli

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
)

// Config is the configuration, read once.
func (e *Env) Config() (config.Config, error) {
	if e.cfg != nil {
		return *e.cfg, e.cfgErr
	}
	cfg, err := config.Load(config.Sources{Dir: e.Dir, Getenv: e.Getenv, Flag: e.flag, ReadFile: e.ReadFile})
	e.cfg, e.cfgErr = &cfg, err
	return cfg, err
}

// flag is a global flag's value and whether it was said, for the configuration.
func (e *Env) flag(name string) (string, bool) {
	if e.flags == nil {
		return "", false
	}
	var found *pflag.Flag
	if found = e.flags.Lookup(name); found == nil {
		return "", false
	}
	return found.Value.String(), found.Changed
}

// Client connects to the configured GitLab. The token is asked for at the first request.
func (e *Env) Client(ctx context.Context) (*gitlab.Client, error) {
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
	e.client, err = e.connect(cfg, func(ctx context.Context) (string, error) { return e.token(ctx, cfg) })
	return e.client, err
}

// connect makes a client for the configured host with a token of the caller's.
func (e *Env) connect(cfg config.Config, token func(context.Context) (string, error)) (*gitlab.Client, error) {
	o := gitlab.Options{
		Host: cfg.Host, AllowHTTP: cfg.AllowHTTP, CAFile: cfg.CAFile, Parallel: cfg.Parallel, Token: token,
		Transport: e.Transport, UserAgent: buildinfo.UserAgent(),
		Now: e.Now, Sleep: e.Sleep, Jitter: e.Jitter, AttemptTimeout: e.Patience,
		LookOnly: e.global.DryRun || e.global.Plan != "",
	}
	if !e.global.Quiet {
		o.Waiting = e.once(waiting)
	}
	if e.global.Debug {
		o.Trace = func(x gitlab.Exchange) { e.Notef("%s", traced(x)) }
	}
	return gitlab.New(o)
}

// once tells a wait, but not the same one again for each request that goes on beside: of many alike that fail at once, each attempt is told once.
func (e *Env) once(say func(gitlab.Wait) string) func(gitlab.Wait) {
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

func (e *Env) parallel() int {
	cfg, err := e.Config()
	if err != nil || cfg.Parallel < 1 {
		return 1
	}
	return cfg.Parallel
}

// path is a file named on the command line, seen from the working directory.
func (e *Env) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(e.Dir, name)
}

// oneOf checks a flag that takes a word.
func oneOf(flag, value string, words ...string) error {
	for _, w := range words {
		if value == w {
			return nil
		}
	}
	return fault.New(fault.Usage, "say one of "+strings.Join(words, ", "), "--%s %q is unknown", flag, value)
}
