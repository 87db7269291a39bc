package lint

import (
	"context"
	"fmt"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Client is what lint reads through.
type Client interface {
	workflow.IssueLister
	workflow.LabelReader
	workflow.LinkReader
	Milestones(context.Context, target.Target, milestone.Query) ([]milestone.Milestone, error)
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
	TrustedNotes(context.Context, issue.Ref) ([]issue.Note, error)
}

// Reader reads each list of milestones, labels and boards once in a check, because several rules and planners use them.
type Reader struct {
	Client
	mu   sync.Mutex
	read map[string]*result
}

// result is a list that is read, or was. Waiting for done ends with the context, unlike waiting for a mutex.
type result struct {
	done chan struct{}
	list any
	err  error
}

// NewReader returns a reader that has read nothing.
func NewReader(c Client) *Reader { return &Reader{Client: c} }

// forget makes the next check read everything again.
func (r *Reader) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.read = map[string]*result{}
}

// Milestones reads the milestones of a place.
func (r *Reader) Milestones(ctx context.Context, in target.Target, q milestone.Query) ([]milestone.Milestone, error) {
	return once(ctx, r, fmt.Sprintf("milestones %v %+v", in, q), func() ([]milestone.Milestone, error) {
		return r.Client.Milestones(ctx, in, q)
	})
}

// Labels reads the labels of a place.
func (r *Reader) Labels(ctx context.Context, in target.Target, withCounts bool) ([]label.Label, error) {
	return once(ctx, r, fmt.Sprintf("labels %v %v", in, withCounts), func() ([]label.Label, error) {
		return r.Client.Labels(ctx, in, withCounts)
	})
}

// Boards reads the boards of a place.
func (r *Reader) Boards(ctx context.Context, in target.Target) ([]board.Board, error) {
	return once(ctx, r, fmt.Sprintf("boards %v", in), func() ([]board.Board, error) {
		return r.Client.Boards(ctx, in)
	})
}

// once returns the result of the first call with this key. Calls at the same time wait for it.
func once[T any](ctx context.Context, r *Reader, key string, read func() (T, error)) (list T, err error) {
	r.mu.Lock()
	first, known := r.read[key]
	if !known {
		first = &result{done: make(chan struct{})}
		r.read[key] = first
	}
	r.mu.Unlock()
	if !known {
		first.list, first.err = read()
		close(first.done)
	}
	select {
	case <-first.done:
		list, _ = first.list.(T)
		return list, first.err
	case <-ctx.Done():
		return list, ctx.Err()
	}
}
