package runner

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Event shows one thing that was told of an issue.
type Event struct {
	Session *app.Session
	What    string // incident or change
	Text    string

	Recorded func() (verb string, at time.Time)
	Issue    func() issue.Issue          // as it was read first
	Before   func() string               // where it stood
	State    func(issue.Issue) string    // where it stands
	Began    func(issue.Issue) time.Time // zero: not known, or of no interest
}

// Show is the result of the run: what was recorded, and where the issue stands.
func (t *Event) Show(p plan.Plan, rounds []workflow.Round, err error) error {
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
		again := Retry(t.Session)
		if key != "" {
			again = RetryWithKey(t.Session, key)
		}
		what := "it is told, but not all that follows from it is done"
		if unclear {
			what = "whether it is told is not known"
		}
		return fault.Wrap(fault.KindOf(err), err, "to go on where it stopped: "+Shareable(t.Session, again, ShortWithKey(key), settled.Confidential), "%s: %s", settled.Ref, what)
	}
	verb, at := t.Recorded()
	doc := jsonv1.NewEvent(t.What, settled.Ref.String(), settled.Title, verb, outcome)
	doc.At, doc.Text, doc.Notes = document.Instant(at), t.Text, p.Notes
	if rounds != nil {
		doc.Notes = NotesOf(rounds)
	}
	doc.Confidential, doc.WebURL = settled.Confidential, settled.WebURL
	if settled.ID != 0 {
		doc.State = t.State(settled)
		if before := t.Before(); before != doc.State {
			doc.Before = before
		}
		if began := t.Began(settled); !began.IsZero() && !at.Before(began) {
			doc.Minutes = new(int(at.Sub(began) / time.Minute))
		}
	}
	return t.Session.View.Event(doc)
}
