package runner

import (
	"sync"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// counter shows how many steps are done.
type counter struct {
	progress *term.Progress
	next     plan.Observer // may be nil
	mu       sync.Mutex
	all      int
	done     int
}

// Started passes the step on.
func (c *counter) Started(s plan.Step) {
	if c.next != nil {
		c.next.Started(s)
	}
}

// Finished passes the result on and counts the step.
func (c *counter) Finished(r plan.Result) {
	if c.next != nil {
		c.progress.Stop() // the next observer may print
		c.next.Finished(r)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	c.progress.Set("%d of %s done", min(c.done, c.all), steps(c.all))
}
