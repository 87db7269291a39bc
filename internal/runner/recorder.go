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
	Recorded() (verb string, at time.Time) // the event, and when it happened
	Issue() issue.Issue                    // as it was read first
	Before() string                        // the state before the event
	State(issue.Issue) string              // the state now
	Began(issue.Issue) time.Time           // zero: unknown, or not of interest
	LeftOut(issue.Issue) string            // what the issue has no room for, as a sentence; empty: nothing
}

// RunEvent records an event and shows it together with the state of its issue. kind is incident or change.
func RunEvent(ctx context.Context, s *app.Session, kind, text string, planner Recorder) error {
	e := &Event{Session: s, What: kind, Text: text, Recorded: planner.Recorded, Issue: planner.Issue, Before: planner.Before,
		State: planner.State, Began: planner.Began, LeftOut: planner.LeftOut}
	return RunWith(ctx, s, planner, Hooks{Show: e.Show})
}
