package runner

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Event shows one event that was recorded in a comment of an issue. Its functions are called after the plan was made. Those that may be nil
// have nothing to show for this kind of event.
type Event struct {
	Session *app.Session
	What    string // incident, change or handoff
	Text    string

	Recorded func() (verb string, at time.Time)
	Issue    func() issue.Issue          // as it was read first
	Before   func() string               // the state before; may be nil
	State    func(issue.Issue) string    // the state now; may be nil
	Began    func(issue.Issue) time.Time // zero: unknown, or not of interest; may be nil
	LeftOut  func(issue.Issue) string    // a note about what the issue has no room for; may be nil
	Details  func(*jsonv1.Event)         // sets fields of this kind of event; may be nil

	Open    string                  // what is done to issues that are open, such as marked; empty: closed ones will do
	Partial string                  // the message when only the comment was added; empty: the usual one
	Retry   func(key string) string // the command line to retry; nil: the same one, with the key
	Keyless bool                    // the command finds its comment without a key
	Hint    func(error) string      // what to do about an error besides retrying, empty for nothing; may be nil
}

// Show shows what was recorded and the state of the issue.
func (t *Event) Show(p plan.Plan, rounds []workflow.Round, err error) error {
	reconciled := t.Issue()
	outcome, unknown, key := jsonv1.OutcomeUnchanged, false, ""
	for _, round := range rounds {
		for _, r := range round.Report.Results {
			if note, ok := r.Step.(plan.CreateNote); ok {
				unknown = r.Outcome == plan.OutcomeUnknown
				if !t.Keyless { // with its key a retry adds no second comment, however much later it runs
					key = note.IdempotencyKey.Name
				}
			}
			if r.Issue.Ref.IID != 0 {
				reconciled = r.Issue
			}
			if r.Outcome == plan.Done && r.Err == nil {
				outcome = jsonv1.OutcomeDone
			}
		}
	}
	if err != nil {
		return t.failed(reconciled, rounds, key, unknown, err)
	}
	if t.Open != "" && reconciled.State == issue.Closed {
		return t.closed(reconciled, rounds, key)
	}
	verb, at := t.Recorded()
	doc := jsonv1.NewEvent(t.What, reconciled.Ref.String(), reconciled.Title, verb, outcome)
	doc.At, doc.Text, doc.Notes = document.Instant(at), t.Text, p.Notes
	if rounds != nil {
		doc.Notes = NotesOf(rounds)
	}
	if t.LeftOut != nil && t.LeftOut(reconciled) != "" {
		doc.Notes = append(slices.Clip(doc.Notes), t.LeftOut(reconciled))
	}
	doc.Confidential, doc.WebURL = reconciled.Confidential, reconciled.WebURL
	if reconciled.ID != 0 && t.State != nil {
		doc.State = t.State(reconciled)
		if before := t.Before(); before != doc.State {
			doc.Before = before
		}
		if began := t.Began(reconciled); !began.IsZero() && !at.Before(began) {
			doc.Minutes = new(int(at.Sub(began) / time.Minute))
		}
	}
	if t.Details != nil {
		t.Details(&doc)
	}
	t.Session.CopyAddress(doc.WebURL)
	return t.Session.View.Event(doc)
}

// closed is the error for an issue that was closed before all was done.
func (t *Event) closed(i issue.Issue, rounds []workflow.Round, key string) error {
	err := fault.New(fault.Refused, "", "%s was closed while it was being %s", i.Ref, t.Open)
	hint := RetryHint("If it is not done, reopen it: "+fault.Quote(i.WebURL),
		Shareable(t.Session, t.retry(key), ShortWithKey(key), i.Confidential))
	return fault.Wrap(fault.AfterWrites(err, workflow.Written(rounds)), err, hint, "")
}

// retry is the command line to run again.
func (t *Event) retry(key string) string {
	switch {
	case t.Retry != nil:
		return t.Retry(key)
	case key != "":
		return RetryWithKey(t.Session, key)
	}
	return Retry(t.Session)
}

// failed reports what was done, and how to retry.
func (t *Event) failed(reconciled issue.Issue, rounds []workflow.Round, key string, unknown bool, err error) error {
	own := ""
	if t.Hint != nil {
		own = t.Hint(err)
	}
	switch {
	case errors.Is(err, fault.Conflict): // the comment of the loser is deleted
		return fault.Wrap(fault.Refused, err, cmp.Or(fault.HintOf(err), own), "")
	case !workflow.Written(rounds):
		return err
	}
	what := cmp.Or(t.Partial, "comment added, but the issue was not updated")
	if unknown {
		what = "the comment may or may not have been added"
	}
	hint := RetryHint(cmp.Or(own, fault.HintOf(err)), Shareable(t.Session, t.retry(key), ShortWithKey(key), reconciled.Confidential))
	return fault.Wrap(fault.KindOf(err), err, hint, "%s: %s", reconciled.Ref, what)
}

// Moves follows issues that were moved, for the commands of this session.
func Moves(s *app.Session) workflow.Moves {
	m := workflow.Moves{Read: s.Client, Anywhere: s.Reveals()}
	for _, t := range s.Config.Trackers {
		m.Trackers = append(m.Trackers, t.Project)
	}
	return m
}
