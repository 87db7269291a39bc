package incident

import (
	"context"
	"sync"

	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// EarlyChanges is a reader for [Show] that finds what changed before the incident as soon as its issue is read, while the rest is still
// being read. Make one with [Changes.Early].
type EarlyChanges struct {
	ShowReader
	begin func(issue.Issue)
	stop  context.CancelFunc

	mu      sync.Mutex
	running sync.WaitGroup
	found   *Changed
}

// Early returns a reader that finds the changes besides. Stop it when nobody waits any more.
func (c Changes) Early(ctx context.Context, read ShowReader) *EarlyChanges {
	ctx, cancel := context.WithCancel(ctx)
	e := &EarlyChanges{ShowReader: read, stop: cancel}
	e.begin = func(i issue.Issue) {
		e.running.Go(func() {
			changed, err := c.Of(ctx, incident.Of(i, c.Incidents))
			if err != nil {
				return
			}
			e.mu.Lock()
			defer e.mu.Unlock()
			e.found = &changed
		})
	}
	return e
}

// Issue reads the issue, and begins to look for the changes. Those of an issue that was moved are looked for where it is now.
func (e *EarlyChanges) Issue(ctx context.Context, ref issue.Ref) (issue.Issue, error) {
	i, err := e.ShowReader.Issue(ctx, ref)
	if err == nil && i.MovedToID == 0 {
		e.begin(i)
	}
	return i, err
}

// Wait returns what changed; nil if the run was interrupted.
func (e *EarlyChanges) Wait() *Changed {
	defer e.stop()
	e.running.Wait()
	return e.found
}

// Stop ends the search.
func (e *EarlyChanges) Stop() {
	e.stop()
	e.running.Wait()
}
