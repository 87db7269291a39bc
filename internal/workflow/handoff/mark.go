package handoff

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/journal"
)

// MarkInputs are what `handoff mark` was asked; a plan file keeps them.
type MarkInputs struct {
	Project string
	IID     int64
	At      time.Time // UTC
	LeftOff string    // as typed
	Next    string
	Once    issue.Once
	Keyed   bool // the key is the caller's: what it names is told once
}

// Mark marks an issue as ready for the hand-off: a comment first, and only then the label, which follows from the comments. So the label is never
// there without the words.
type Mark struct {
	workflow.Verified
	Read   workflow.JournalReader
	Label  string
	Inputs MarkInputs
	plan.Origin

	seen issue.Issue
	said journal.Entry
}

// Issue is the issue as it was read first, and Told what is told of it, or was told before.
func (m *Mark) Issue() issue.Issue { return m.seen }

// Told is what is told of the issue, or was told before.
func (m *Mark) Told() journal.Entry { return m.said }

// Plan reads the issue and its comments. The same words are told once, and the label is mended where it is missing, unless somebody has taken the issue since.
func (m *Mark) Plan(ctx context.Context) (plan.Plan, error) {
	in := m.Inputs
	i, notes, err := workflow.ReadJournal(ctx, m.Read, issue.Ref{Project: in.Project, IID: in.IID})
	if err != nil {
		return plan.Plan{}, err
	}
	if m.seen.ID == 0 {
		m.seen = i
	}
	if !i.Open() {
		return plan.Plan{}, fault.New(fault.Refused, "if it is not over, open it again in the browser: "+i.WebURL, "%s is closed: there is nothing to hand on", i.Ref)
	}
	p := workflow.NewPlan(m.Origin, "handoff mark", in, workflow.Settings{m.Label}, workflow.ObservedJournal(i, notes))
	p.Routine = true
	m.said = handoff.NewMark(in.At, in.LeftOff, in.Next)
	settle := plan.SettleIssue{Base: plan.Base{ID: "settle"}, On: plan.IssueRef{Ref: i.Ref}, Title: workflow.ShownTitle(i), Kind: handoff.Kind, Ledger: handoff.Ledger{Label: m.Label}}
	if !i.Has(m.Label) {
		settle.Outlook.AddLabels = []string{m.Label}
	}
	key, last := in.Once, handoff.Latest(notes)
	if old, ok := m.told(notes); ok {
		stands, taken := old.NoteID == last.Mark.NoteID, last.Taken()
		switch {
		case stands && taken:
			p.Notes = append(p.Notes, fmt.Sprintf("%s was marked with these words at %s, and @%s took it at %s: it is not marked again; --new does that", i.Ref, workflow.Clock(old.Posted), last.Take.Author, workflow.Clock(last.Take.Posted)))
		case stands:
			p.Notes = append(p.Notes, fmt.Sprintf("that was told already at %s", workflow.Clock(old.Posted)))
			p.Steps = workflow.Reconcile(i, notes, old, settle)
		case in.Keyed:
			p.Notes = append(p.Notes, fmt.Sprintf("that was told at %s with the same key, and other words stand since", workflow.Clock(old.Posted)))
		}
		if stands || in.Keyed {
			m.said = old
			return p, nil
		}
		key.Name += fmt.Sprintf("-%d", last.Mark.NoteID) // other words stand since
	}
	key.Looked = true
	settle.After = []string{"tell"}
	p.Steps = []plan.Step{
		plan.CreateNote{Base: plan.Base{ID: "tell"}, On: settle.On, Title: settle.Title, Once: key,
			Note: issue.NoteDraft{Body: journal.Body(m.said, handoff.Heading(m.said, m.Today))}},
		settle,
	}
	if last.Mark.NoteID != 0 && !last.Taken() {
		p.Notes = append(p.Notes, fmt.Sprintf("these words take the place of those that @%s left at %s", last.Mark.By, workflow.Clock(last.Mark.At)))
	}
	return p, nil
}

// told finds the same words, said within the time in which the same is told once; or what was told with the caller's own key, in whatever words.
func (m *Mark) told(notes []issue.Note) (journal.Entry, bool) {
	in := m.Inputs
	key, err := idempotency.NewKey(in.Once.Kind, in.Once.Name)
	if err != nil {
		return journal.Entry{}, false
	}
	for _, old := range slices.Backward(journal.Entries(notes, handoff.Kind)) {
		same := !old.Posted.Before(in.Once.Since) && handoff.SameWords(old, m.said)
		if in.Keyed || in.Once.Fresh {
			same = old.Key == key.String()
		}
		if old.Trusted && old.Verb == handoff.VerbMark && same {
			return old, true
		}
	}
	return journal.Entry{}, false
}
