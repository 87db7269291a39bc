package handoff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// MarkInputs are what `handoff mark` was asked; a plan file keeps them.
type MarkInputs struct {
	Project        string
	IID            int64
	At             time.Time // UTC
	LeftOff        string    // as typed
	Next           string
	IdempotencyKey issue.IdempotencyKey
	Keyed          bool // the key is the caller's: what it names is told once
}

// Read takes the words from a text with the two heads, as a file or an editor holds it.
func (in *MarkInputs) Read(text string) (err error) {
	if in.LeftOff, in.Next, err = handoff.ParseNote(text); err != nil {
		return fault.Wrap(fault.Usage, err,
			"write it like this:\n## Left off\nHalf of the uploads are restored\n\n## Next steps\nRestore the rest from the backup of 04:00", "")
	}
	return nil
}

// ReadForm is Read for what was written in an editor, where both parts have to be filled in. [workflow.ErrBlank] is that neither is.
func (in *MarkInputs) ReadForm(text string) error {
	err := in.Read(text)
	switch leftOff, next := handoff.Blank(in.LeftOff), handoff.Blank(in.Next); {
	case err != nil:
		return err
	case leftOff && next:
		return workflow.ErrBlank
	case leftOff || next:
		return errors.New("a part is empty")
	}
	return nil
}

// Check sets the key of the comment, and refuses words that say nothing.
func (in *MarkInputs) Check(keys workflow.Keys) (err error) {
	example := "for example: " + workflow.Command("handoff mark %s ", in.ref()) + markExample
	switch none, blank := in.LeftOff+in.Next == "", handoff.Blank; {
	case none:
		return fault.New(fault.Usage,
			example+"\nor both in a file, under the heads \"Left off\" and \"Next steps\": -f FILE, where - is standard input",
			"nothing says where it is left off and what comes next")
	case blank(in.LeftOff):
		return fault.New(fault.Usage, example, "nothing says where it is left off: --left-off is empty")
	case blank(in.Next):
		return fault.New(fault.Usage, example, "nothing says what comes next: --next is empty")
	}
	in.Keyed = keys.Given != ""
	in.IdempotencyKey, err = keys.Note("handoff-mark", "handoff mark", in.ref().String(), handoff.Safe(in.LeftOff), handoff.Safe(in.Next))
	return err
}

// markExample is the words of a mark as flags.
const markExample = `--left-off "Half of the uploads are restored" --next "Restore the rest from the backup of 04:00"`

func (in MarkInputs) ref() issue.Ref { return issue.Ref{Project: in.Project, IID: in.IID} }

// MarkForm is the text in which a person writes the words of a mark, with those that stand. An issue that cannot be marked is refused, so
// that nobody writes about it in vain.
func MarkForm(ctx context.Context, read workflow.JournalReader, ref issue.Ref) (string, error) {
	i, notes, err := workflow.ReadJournal(ctx, read, ref)
	if err != nil {
		return "", err
	}
	mark, _ := handoff.CurrentMark(notes)
	return sanitize.Text(handoff.Template(ref.String()+" "+i.Title, mark)), requireOpen(i)
}

func requireOpen(i issue.Issue) error {
	if i.Open() {
		return nil
	}
	return fault.New(fault.Refused, "if it is not over, open it again in the browser: "+i.WebURL,
		"%s is closed: there is nothing to hand on", i.Ref)
}

// Mark marks an issue as ready for the hand-off: a comment first, and only then the label, which follows from the comments. So the label
// is never there without the words.
type Mark struct {
	workflow.Verified
	Read   workflow.JournalReader
	Label  string
	Inputs MarkInputs
	plan.Origin

	issue issue.Issue
	event eventlog.Event
}

// Issue is the issue as it was read first, and Told what is told of it, or was told before.
func (m *Mark) Issue() issue.Issue { return m.issue }

// Told is what is told of the issue, or was told before.
func (m *Mark) Recorded() eventlog.Event { return m.event }

// Plan reads the issue and its comments. The same words are told once, and the label is mended where it is missing, unless somebody has
// taken the issue since.
func (m *Mark) Plan(ctx context.Context) (plan.Plan, error) {
	in := m.Inputs
	i, notes, err := workflow.ReadJournal(ctx, m.Read, in.ref())
	if err != nil {
		return plan.Plan{}, err
	}
	if m.issue.ID == 0 {
		m.issue = i
	}
	if err := requireOpen(i); err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(m.Origin, "handoff mark", in, workflow.Settings{m.Label}, workflow.ObservedJournal(i, notes))
	p.Routine = true
	m.event = handoff.NewMark(in.At, in.LeftOff, in.Next)
	settle := plan.ReconcileIssue{Base: plan.Base{ID: "reconcile"}, On: plan.IssueRef{Ref: i.Ref}, Title: workflow.ShownTitle(i),
		Kind: handoff.Kind, Reconciler: handoff.Reconciler{Label: m.Label}}
	if !i.Has(m.Label) {
		settle.Outlook.AddLabels = []string{m.Label}
	}
	key, last := in.IdempotencyKey, handoff.Latest(notes)
	if old, ok := m.findRecorded(notes); ok {
		stands, taken := old.NoteID == last.Mark.NoteID, last.Taken()
		switch {
		case stands && taken:
			p.Notes = append(p.Notes,
				fmt.Sprintf("%s was marked with these words at %s, and @%s took it at %s: it is not marked again; --new does that", i.Ref,
					workflow.Clock(old.Posted), last.Take.Author, workflow.Clock(last.Take.Posted)))
		case stands:
			p.Notes = append(p.Notes, fmt.Sprintf("that was told already at %s", workflow.Clock(old.Posted)))
			p.Steps = workflow.Reconcile(i, notes, old, settle)
		case in.Keyed:
			p.Notes = append(p.Notes, fmt.Sprintf("that was told at %s with the same key, and other words stand since", workflow.Clock(old.Posted)))
		}
		if stands || in.Keyed {
			m.event = old
			return p, nil
		}
		key.Name += fmt.Sprintf("-%d", last.Mark.NoteID) // other words stand since
	}
	key.Searched = true
	settle.After = []string{"tell"}
	p.Steps = []plan.Step{
		plan.CreateNote{Base: plan.Base{ID: "tell"}, On: settle.On, Title: settle.Title, IdempotencyKey: key,
			Note: issue.NoteDraft{Body: eventlog.Body(m.event, handoff.Heading(m.event, m.Today))}},
		settle,
	}
	if last.Mark.NoteID != 0 && !last.Taken() {
		p.Notes = append(p.Notes, fmt.Sprintf("these words take the place of those that @%s left at %s", last.Mark.By,
			workflow.Clock(last.Mark.At)))
	}
	return p, nil
}

// told finds the same words, said within the time in which the same is told once; or what was told with the caller's own key, in whatever
// words.
func (m *Mark) findRecorded(notes []issue.Note) (eventlog.Event, bool) {
	in := m.Inputs
	key, err := idempotency.NewKey(in.IdempotencyKey.Kind, in.IdempotencyKey.Name)
	if err != nil {
		return eventlog.Event{}, false
	}
	for _, old := range slices.Backward(eventlog.Events(notes, handoff.Kind)) {
		same := !old.Posted.Before(in.IdempotencyKey.Since) && handoff.SameText(old, m.event)
		if in.Keyed || in.IdempotencyKey.Unique {
			same = old.Key == key.String()
		}
		if old.Trusted && old.Verb == handoff.VerbMark && same {
			return old, true
		}
	}
	return eventlog.Event{}, false
}
