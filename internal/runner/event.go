package runner

import (
	"cmp"
	"errors"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Event shows one thing that was recorded in a comment of an issue. The functions are called after the plan was made; those that may be nil
// have nothing to tell of this kind of event.
type Event struct {
	Session *app.Session
	What    string // incident, change or handoff
	Text    string

	Recorded func() (verb string, at time.Time)
	Issue    func() issue.Issue          // as it was read first
	Before   func() string               // where it stood; may be nil
	State    func(issue.Issue) string    // where it stands; may be nil
	Began    func(issue.Issue) time.Time // zero: not known, or of no interest; may be nil
	Details  func(*jsonv1.Event)         // what only this kind of event tells; may be nil

	Partial string                  // what stands where not all that follows is done; empty: it is told
	Retry   func(key string) string // the command line that goes on; nil: as typed, with the key
	Keyless bool                    // the command finds its comment without a key
	Hint    func(error) string      // what to do about an error besides trying again, empty for nothing; may be nil
}

// Show is the result of the run: what was recorded, and where the issue stands.
func (t *Event) Show(p plan.Plan, rounds []workflow.Round, err error) error {
	settled := t.Issue()
	outcome, unclear, key := jsonv1.OutcomeUnchanged, false, ""
	for _, round := range rounds {
		for _, r := range round.Report.Results {
			if tell, ok := r.Step.(plan.CreateNote); ok {
				unclear = r.Outcome == plan.OutcomeUnknown
				if !t.Keyless { // by its key the same is not told twice, however much later it is typed again
					key = tell.IdempotencyKey.Name
				}
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
		return t.failed(settled, rounds, key, unclear, err)
	}
	verb, at := t.Recorded()
	doc := jsonv1.NewEvent(t.What, settled.Ref.String(), settled.Title, verb, outcome)
	doc.At, doc.Text, doc.Notes = document.Instant(at), t.Text, p.Notes
	if rounds != nil {
		doc.Notes = NotesOf(rounds)
	}
	doc.Confidential, doc.WebURL = settled.Confidential, settled.WebURL
	if settled.ID != 0 && t.State != nil {
		doc.State = t.State(settled)
		if before := t.Before(); before != doc.State {
			doc.Before = before
		}
		if began := t.Began(settled); !began.IsZero() && !at.Before(began) {
			doc.Minutes = new(int(at.Sub(began) / time.Minute))
		}
	}
	if t.Details != nil {
		t.Details(&doc)
	}
	return t.Session.View.Event(doc)
}

// failed says what stands, and how to go on.
func (t *Event) failed(settled issue.Issue, rounds []workflow.Round, key string, unclear bool, err error) error {
	own := ""
	if t.Hint != nil {
		own = t.Hint(err)
	}
	switch {
	case errors.Is(err, fault.Conflict): // what was written to be first is taken back
		return fault.Wrap(fault.Refused, err, cmp.Or(fault.HintOf(err), own), "")
	case NothingWritten(rounds):
		return err
	}
	what := cmp.Or(t.Partial, "it is told, but not all that follows from it is done")
	if unclear {
		what = "whether it is told is not known"
	}
	retry := Retry(t.Session)
	if t.Retry != nil {
		retry = t.Retry(key)
	} else if key != "" {
		retry = RetryWithKey(t.Session, key)
	}
	hint := "to go on where it stopped: " + Shareable(t.Session, retry, ShortWithKey(key), settled.Confidential)
	if own != "" {
		hint = own + "\n" + hint
	}
	return fault.Wrap(fault.KindOf(err), err, hint, "%s: %s", settled.Ref, what)
}
