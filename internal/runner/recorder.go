package runner

import (
	"context"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Recorder is a planner that records one event of an incident or a change.
type Recorder interface {
	workflow.Planner
	Recorded() (verb string, at time.Time) // what is recorded, and when it happened
	Issue() issue.Issue                    // as it was read first
	Before() string                        // where it stood
	State(issue.Issue) string              // where it stands
	Began(issue.Issue) time.Time           // zero: not known, or of no interest
}

// RunEvent records an event, and shows what was recorded and where its issue stands. What is incident or change.
func RunEvent(ctx context.Context, s *app.Session, what, text string, planner Recorder) error {
	e := &Event{Session: s, What: what, Text: text, Recorded: planner.Recorded, Issue: planner.Issue, Before: planner.Before,
		State: planner.State, Began: planner.Began}
	return RunWith(ctx, s, planner, Hooks{Show: e.Show})
}
