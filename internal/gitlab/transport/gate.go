package transport

import (
	"context"
	"sync"
	"time"
)

// gate stops all requests until a time, which is never further away than Options.MaxWait.
type gate struct {
	mu        sync.Mutex
	until     time.Time
	reason    string
	announced bool
}

// shut closes the gate until the time, unless it is closed for longer.
func (g *gate) shut(until time.Time, reason string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.until) {
		g.until, g.reason, g.announced = until, reason, false
	}
}

// pass waits until the gate is open. It sleeps once for each time that the gate was shut, whatever the clock shows afterwards.
func (g *gate) pass(ctx context.Context, t *Transport) error {
	var slept time.Time
	for {
		until, reason, first := g.state()
		d := until.Sub(t.options.Now())
		if d <= 0 || until.Equal(slept) {
			return ctx.Err()
		}
		if first && t.options.Waiting != nil {
			t.options.Waiting(Wait{For: d, Reason: reason})
		}
		if err := t.sleep(ctx, d); err != nil {
			return err
		}
		slept = until
	}
}

// rateLimited is the reason for a wait that GitLab asks for.
const rateLimited = "rate limited by GitLab"

// opens is when the gate opens; in the past when it is open.
func (g *gate) opens() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.until
}

// state is when the gate opens, why it is shut, and whether the caller is the first to ask since it was shut.
func (g *gate) state() (until time.Time, reason string, first bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	first = !g.announced
	g.announced = true
	return g.until, g.reason, first
}
