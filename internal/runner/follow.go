package runner

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/workflow"
)

const (
	followLimit    = 10 * time.Second       // for all work that follows a run together
	followParallel = 8                      // pieces at once
	followEnding   = 500 * time.Millisecond // for a piece that was canceled to end its child processes
)

// follow runs the work that follows a run, whose result was printed before. It ends when all of it has, after followLimit, or at ^C.
// --timeout does not count here. What was not done is a note, also with --quiet: nothing else reports it, and the exit code is that of the
// run.
func follow(s *app.Session, work []workflow.After) {
	if len(work) == 0 {
		return
	}
	progress := s.Progress("Running what follows")
	failures := followed(s.Context, work)
	progress.Stop()
	for n, err := range failures {
		if err != nil {
			s.Notef("%s", followNote(work[n], err))
		}
	}
}

// followed runs the work in parallel, and returns its errors in the order of the work. A piece that does not end when it is canceled is
// left behind.
func followed(parent context.Context, work []workflow.After) []error {
	ctx, cancel := context.WithTimeoutCause(parent, followLimit, errors.New("no answer within "+followLimit.String()))
	defer cancel()
	type ended struct {
		piece int
		err   error
	}
	ends := make(chan ended, len(work)) // with room for all: whoever is left behind does not block
	places := make(chan struct{}, followParallel)
	for n, w := range work {
		go func() {
			select {
			case places <- struct{}{}:
				defer func() { <-places }()
			case <-ctx.Done():
			}
			err := ctx.Err()
			if err == nil {
				err = w.Do(ctx)
			}
			if err != nil && ctx.Err() != nil {
				err = stopCause(ctx)
			}
			ends <- ended{n, err}
		}()
	}
	failures := slices.Repeat([]error{errLeft}, len(work))
	collect := func(until context.Context, left int) int {
		for ; left > 0; left-- {
			select {
			case e := <-ends:
				failures[e.piece] = e.err
			case <-until.Done():
				return left
			}
		}
		return 0
	}
	if left := collect(ctx, len(work)); left > 0 {
		last, cancel := context.WithTimeout(context.WithoutCancel(parent), followEnding)
		defer cancel()
		collect(last, left)
	}
	for n, err := range failures {
		if err == errLeft {
			failures[n] = stopCause(ctx)
		}
	}
	return failures
}

var errLeft = errors.New("still running")

// stopCause is why the work was stopped: by ^C, or because its time was over.
func stopCause(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != context.Canceled {
		return cause
	}
	return errors.New("interrupted")
}

// followNote is one line: what was not done, why, and the command that does it again.
func followNote(w workflow.After, err error) string {
	text := w.NotDone + ": " + strings.Join(strings.Fields(err.Error()), " ")
	if w.Repeat != "" {
		text += ". To do it: " + w.Repeat
	}
	return text
}
