package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// concurrent is how many commands run at once. Each sends up to eight requests at once.
const concurrent = 4

// runner runs the commands of calls.
type runner struct {
	options options
	machine app.Machine
	slots   chan struct{}
}

// call runs a tool and returns the text for the agent, and whether the call failed.
func (r *runner) call(ctx context.Context, t tool, raw json.RawMessage) (text string, failed bool) {
	c, args, err := t.arguments(raw)
	if err != nil {
		return "Invalid input: " + clean(err.Error(), textLimit), true
	}
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return "Canceled", true
	}
	if t.plans {
		return r.plan(ctx, t, c, args)
	}
	got := r.run(ctx, c, args)
	if got.failed() {
		return got.failure(), true
	}
	note := ""
	if got.code != 0 {
		note = fmt.Sprintf("Exit code %d. ", got.code)
	}
	return note + got.marked(t.narrow), false
}

// outcome is what a command printed, and its exit code.
type outcome struct {
	out, err string
	code     int
}

// failed reports whether the command has no result. A gate that is closed has one, and an exit code.
func (o outcome) failed() bool { return o.code != 0 && strings.TrimSpace(o.out) == "" }

// run runs a command line of [tool.arguments] with the flags that every command gets, and more.
func (r *runner) run(ctx context.Context, c cmd, args []string, more ...string) outcome {
	more = append(append(more, "--output=json", "--timeout="+r.options.Timeout.String()), r.options.global()...)
	line := slices.Insert(slices.Clone(args), len(c.words), more...)
	var out, errs buffer
	m := r.machine
	m.Terminal = func(bool) *term.Streams { return term.New(strings.NewReader(""), &out, &errs, term.Modes{}) }
	code := cli.Main(ctx, line, m)
	return outcome{out.String(), errs.String(), code}
}

// global are the flags that a person needs, too, to apply a plan.
func (o options) global() (flags []string) {
	for _, f := range []struct{ name, value string }{{"config", o.Config}, {"host", o.Host}, {"now", o.Now}} {
		if f.value != "" {
			flags = append(flags, "--"+f.name+"="+f.value)
		}
	}
	return flags
}

// buffer is a buffer to which several goroutines write: waits are announced by requests in parallel.
type buffer struct {
	mu   sync.Mutex
	data bytes.Buffer
}

// Write appends p.
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data.Write(p)
}

// String is what was written.
func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data.String()
}

// failure is the text for a command that failed. All of its message may be GitLab's words.
func (o outcome) failure() string {
	return fmt.Sprintf("Failed (exit code %d, %s). Hints are for a person at a command line. ", o.code, class(o.code)) + o.marked("")
}

// class says what an exit code means, see docs/exit-codes.md.
func class(code int) string {
	switch fault.Kind(code) {
	case fault.Auth:
		return "authentication or permission"
	case fault.Refused:
		return "refused"
	case fault.Usage:
		return "wrong input or configuration"
	case fault.Unreachable:
		return "GitLab unreachable, or too slow"
	case fault.Interrupted:
		return "canceled"
	}
	return "failed"
}
