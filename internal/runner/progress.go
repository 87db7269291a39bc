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

func (c *counter) Started(s plan.Step) {
	if c.next != nil {
		c.next.Started(s)
	}
}

func (c *counter) Finished(r plan.Result) {
	if c.next != nil {
		c.progress.Stop() // it may have something to show
		c.next.Finished(r)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	c.progress.Set("%d of %d steps done", min(c.done, c.all), c.all)
}
