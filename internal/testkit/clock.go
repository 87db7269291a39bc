package testkit

import (
	"context"
	"sync"
	"time"
)

// Clock stands still until it is told to go on. It may be used from several goroutines.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock is a clock that shows t.
func NewClock(t time.Time) *Clock { return &Clock{now: t} }

// At is a clock that shows an instant written as RFC 3339; anything else is a mistake in the test and panics.
func At(s string) *Clock {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic("testkit.At: " + err.Error())
	}
	return NewClock(t)
}

// Now is what the clock shows; hand it over as a method value.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Sleep lets the clock's own time pass and returns at once; with ctx's error when that is over.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.Advance(d)
	return nil
}
