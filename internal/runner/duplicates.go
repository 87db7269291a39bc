package runner

import (
	"context"
	"errors"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// finish ends a run: it retires duplicates that GitLab creates late, and reports those that stay. err is the error of the run so far.
func finish(ctx context.Context, s *app.Session, err error) error {
	if s.Client == nil {
		return err
	}
	left := s.Client.Watching()
	if left > 0 && ctx.Err() == nil {
		note(s, "GitLab may still create a copy, because an answer was lost: watching for %s. ^C is safe: the next command that sees "+
			"a copy retires it", left.Round(time.Second))
	}
	watched := s.Client.Watch(ctx)
	if ctx.Err() != nil || errors.Is(watched, context.DeadlineExceeded) { // the run itself is complete
		watched = nil
		if left > 0 {
			note(s, "Stopped watching. If there is a copy, the next command that sees it retires it")
		}
	}
	notes, kept := s.Client.Duplicates()
	for _, text := range notes {
		note(s, "%s", text)
	}
	return errors.Join(err, watched, kept)
}

func note(s *app.Session, format string, args ...any) {
	if !s.Global.Quiet {
		s.Notef(format, args...)
	}
}
