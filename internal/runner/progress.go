package runner

import (
	"fmt"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// counter shows how many steps are done, and how long the rest takes.
type counter struct {
	progress *term.Progress
	next     plan.Observer // may be nil
	now      func() time.Time
	began    time.Time
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
	c.progress.Set("%s", progressText(c.done, c.all, c.now().Sub(c.began)))
}

// paceSteps and paceTime are how many steps have to be done, and for how long, before their pace says anything about the rest.
const (
	paceSteps = 3
	paceTime  = 5 * time.Second
)

// progressText says how many steps are done and, if their pace is known, how long the rest takes.
func progressText(done, all int, taken time.Duration) string {
	text := fmt.Sprintf("%d of %s done", min(done, all), steps(all))
	if done < paceSteps || done >= all || taken < paceTime {
		return text
	}
	left := taken / time.Duration(done) * time.Duration(all-done)
	if left < time.Minute {
		return text + ", less than a minute left"
	}
	return text + ", about " + incident.Span(left.Round(time.Minute)) + " left"
}
