package runner

import (
	"context"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Recorder is a planner that records one event of an incident or a change.
type Recorder interface {
	workflow.Planner
	Told() (verb string, at time.Time)                 // what is recorded, and when it happened
	Issue() issue.Issue                                // as it was read first
	Before() string                                    // where it stood
	After(issue.Issue) (state string, began time.Time) // where it stands; began is zero when it is not known, or of no interest
}

// RunEvent records an event of an issue, and shows what was recorded and where the issue stands. What is incident or change.
func RunEvent(ctx context.Context, s *app.Session, what, text string, planner Recorder) error {
	t := event{Recorder: planner, session: s, what: what, text: text}
	return RunWith(ctx, s, planner, Hooks{Show: t.show})
}

type event struct {
	Recorder
	session *app.Session
	what    string
	text    string
}

func (t event) show(p plan.Plan, rounds []workflow.Round, err error) error {
	settled := t.Issue()
	outcome, unclear, key := jsonv1.OutcomeUnchanged, false, ""
	for _, round := range rounds {
		for _, r := range round.Report.Results {
			if tell, ok := r.Step.(plan.CreateNote); ok { // by its key the same is not told twice, however much later it is typed again
				unclear, key = r.Outcome == plan.Unclear, tell.Once.Name
			}
			if r.Issue.Ref.IID != 0 {
				settled = r.Issue
			}
			if r.Outcome == plan.Done && r.Err == nil {
				outcome = jsonv1.OutcomeDone
			}
		}
	}
	if err != nil {
		if NothingWritten(rounds) {
			return err
		}
		again := Retry(t.session)
		if key != "" {
			again = RetryWithKey(t.session, key)
		}
		what := "it is told, but not all that follows from it is done"
		if unclear {
			what = "whether it is told is not known"
		}
		return fault.Wrap(fault.KindOf(err), err, "to go on where it stopped: "+Shareable(t.session, again, ShortWithKey(key), settled.Confidential), "%s: %s", settled.Ref, what)
	}
	verb, at := t.Told()
	doc := jsonv1.NewEvent(t.what, settled.Ref.String(), settled.Title, verb, outcome)
	doc.At, doc.Text, doc.Notes = document.Instant(at), t.text, p.Notes
	if rounds != nil {
		doc.Notes = NotesOf(rounds)
	}
	doc.Confidential, doc.WebURL = settled.Confidential, settled.WebURL
	if settled.ID != 0 {
		state, began := t.After(settled)
		doc.State = state
		if before := t.Before(); before != state {
			doc.Before = before
		}
		if !began.IsZero() && !at.Before(began) {
			doc.Minutes = new(int(at.Sub(began) / time.Minute))
		}
	}
	return t.session.View.Event(doc)
}
