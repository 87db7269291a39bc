package handoff

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// MarkInputs are the inputs of `handoff mark`, as stored in a plan file.
type MarkInputs struct {
	Project        string
	IID            int64
	At             time.Time // UTC
	LeftOff        string    // not sanitized
	Next           string
	If             string // the contingency; empty: none
	IdempotencyKey issue.IdempotencyKey
	Keyed          bool // the caller chose the key: whatever it names is recorded only once
}

func (in MarkInputs) texts() handoff.Texts {
	return handoff.Texts{LeftOff: in.LeftOff, Next: in.Next, If: in.If}
}

// Read takes the hand-off note from a text with headings, as in a file or an editor.
func (in *MarkInputs) Read(text string) error {
	t, err := handoff.ParseNote(text)
	if in.LeftOff, in.Next, in.If = t.LeftOff, t.Next, t.If; err != nil {
		return fault.Wrap(fault.Usage, err, "Write \"## Left off\" and \"## Next steps\" on lines of their own, each with its text below", "")
	}
	return nil
}

// ReadForm is Read for a text from a file or an editor, where both parts are required. It returns [workflow.ErrBlank] if both are empty.
func (in *MarkInputs) ReadForm(text string) error {
	err := in.Read(text)
	switch leftOff, next := handoff.Blank(in.LeftOff), handoff.Blank(in.Next); {
	case err != nil:
		return err
	case leftOff && next:
		return workflow.ErrBlank
	case leftOff || next:
		return errors.New("\"Left off\" or \"Next steps\" is empty")
	}
	return nil
}

// Check sets the idempotency key of the comment, and rejects a note with an empty part.
func (in *MarkInputs) Check(keys workflow.Keys) (err error) {
	example := "Example: " + workflow.Command("handoff mark %s ", in.ref()) + markExample
	blank := handoff.Blank
	switch none := in.LeftOff+in.Next == ""; {
	case none:
		return fault.New(fault.Usage, example, "--left-off and --next are required, or a file with both: --file FILE")
	case in.LeftOff == "":
		return fault.New(fault.Usage, example, "--left-off is required")
	case in.Next == "":
		return fault.New(fault.Usage, example, "--next is required")
	case blank(in.LeftOff):
		return fault.New(fault.Usage, example, "missing text: --left-off is empty")
	case blank(in.Next):
		return fault.New(fault.Usage, example, "missing text: --next is empty")
	}
	in.Keyed = keys.Given != ""
	if blank(in.If) {
		in.If = ""
	}
	words := []string{"handoff mark", handoff.Safe(in.LeftOff), handoff.Safe(in.Next)}
	if in.If != "" { // without it the key is that of earlier versions
		words = append(words, handoff.Safe(in.If))
	}
	in.IdempotencyKey, err = keys.Note("handoff-mark", words...)
	return err
}

// markExample shows both flags with a text.
const markExample = `--left-off "Half of the uploads are restored" --next "Restore the rest from the backup of 04:00"`

func (in MarkInputs) ref() issue.Ref { return issue.Ref{Project: in.Project, IID: in.IID} }

// MarkForm returns the text to edit for a hand-off note, with the current note in a comment. The form may be kept in a file, so of a
// confidential issue and of an internal comment it has no words, unless reveal is set. It rejects an issue that cannot be marked before
// anybody writes a note for it.
func MarkForm(ctx context.Context, read workflow.NotesReader, moves workflow.Moves, ref issue.Ref, reveal bool) (string, error) {
	i, notes, err := moves.ReadNotes(ctx, read, ref)
	if err != nil {
		return "", err
	}
	mark, _ := handoff.CurrentMark(notes)
	title := workflow.ShownTitle(i.Issue)
	switch {
	case reveal:
		shown := mark.Shown()
		title, mark.LeftOff, mark.Next, mark.If = i.Title, shown.LeftOff, shown.Next, shown.If
	case i.Confidential:
		mark = handoff.Mark{}
	}
	return sanitize.Text(handoff.Template(i.Ref.String()+" "+title, mark)), requireOpen(i.Issue)
}

func requireOpen(i issue.Issue) error {
	if i.Open() {
		return nil
	}
	return fault.New(fault.Refused, "If it is not done, reopen it: "+fault.Quote(i.WebURL), "%s cannot be marked: it is closed", i.Ref)
}

// Mark marks an issue as ready to hand off: first the comment with the note, then the label, which is reconciled from the comments. So the
// label never appears without a note.
type Mark struct {
	workflow.Verified
	Read   workflow.NotesReader
	Moves  workflow.Moves
	Label  string
	Inputs MarkInputs
	plan.Origin

	issue issue.Issue
	event eventlog.Event
}

// Issue returns the issue as it was first read.
func (m *Mark) Issue() issue.Issue { return m.issue }

// Recorded returns the event that this run adds, or the one that was recorded before.
func (m *Mark) Recorded() eventlog.Event { return m.event }

// NeedsRole returns the issue: marks count only from people who may change it.
func (m *Mark) NeedsRole() issue.Ref { return cmp.Or(m.issue.Ref, m.Inputs.ref()) }

// Plan reads the issue and its comments. The same note is recorded only once; a missing label is set again, unless somebody has taken the
// issue since.
func (m *Mark) Plan(ctx context.Context) (plan.Plan, error) {
	in := m.Inputs
	f, notes, err := m.Moves.ReadNotes(ctx, m.Read, in.ref())
	if err != nil {
		return plan.Plan{}, err
	}
	i := f.Issue
	if m.issue.Ref != i.Ref { // not read yet, or moved since
		m.issue = i
	}
	if err := requireOpen(i); err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(m.Origin, "handoff mark", in, workflow.Settings{m.Label}, workflow.ObservedNotes(i, notes))
	p.Routine, p.Notes = true, f.Notes()
	m.event = handoff.NewMark(in.At, in.texts())
	reconcile := plan.ReconcileIssue{Base: plan.Base{ID: "reconcile"}, On: plan.IssueRef{Ref: i.Ref}, Title: workflow.ShownTitle(i),
		Kind: handoff.Kind, Reconciler: handoff.Reconciler{Label: m.Label}}
	if !i.Has(m.Label) {
		reconcile.Outlook.AddLabels = []string{m.Label}
	}
	key, last := in.IdempotencyKey, handoff.Latest(notes)
	if old, ok := m.findRecorded(notes, &key); ok {
		current, taken := old.NoteID == last.Mark.NoteID, last.Taken()
		switch {
		case current && taken:
			p.Notes = append(p.Notes,
				fmt.Sprintf("No change: already taken by %s at %s. To mark it again, use --new", account.Name(last.Take.Author),
					workflow.Clock(last.Take.Posted)))
		case current:
			if p.Steps = workflow.Reconcile(i, notes, old, reconcile); len(p.Steps) > 0 {
				p.Notes = append(p.Notes, fmt.Sprintf("No new comment: recorded at %s", workflow.Clock(old.Posted)))
			}
		case in.Keyed:
			p.Notes = append(p.Notes, fmt.Sprintf("No change: recorded at %s with the same key, and replaced by another note since",
				workflow.Clock(old.Posted)))
		}
		if current || in.Keyed {
			m.event = old
			return p, nil
		}
		key.Name += fmt.Sprintf("-%d", last.Mark.NoteID) // another note is current
	}
	key.Searched = true
	reconcile.After = []string{"comment"}
	p.Steps = []plan.Step{
		plan.CreateNote{Base: plan.Base{ID: "comment"}, On: reconcile.On, Title: reconcile.Title, IdempotencyKey: key,
			Note: issue.NoteDraft{Body: eventlog.Body(m.event, handoff.Heading(m.event, m.Today))}},
		reconcile,
	}
	if last.Mark.NoteID != 0 && !last.Taken() {
		p.Notes = append(p.Notes, fmt.Sprintf("Replaces the note that %s left at %s", account.Name(last.Mark.By), workflow.Clock(last.Mark.At)))
	}
	return p, nil
}

// findRecorded finds an event with the same text: within the deduplication window, or with the caller's own key. If that key was used for
// another text, the note gets a key of its own.
func (m *Mark) findRecorded(notes []issue.Note, key *issue.IdempotencyKey) (eventlog.Event, bool) {
	in := m.Inputs
	worded := workflow.WordedKey(*key, strings.TrimRight(in.LeftOff+"\x00"+in.Next+"\x00"+in.If, "\x00"))
	own, err := idempotency.NewKey(key.Kind, key.Name)
	again, errAgain := idempotency.NewKey(worded.Kind, worded.Name)
	if err != nil || errAgain != nil {
		return eventlog.Event{}, false
	}
	explicit := in.Keyed || in.IdempotencyKey.Unique
	for _, old := range slices.Backward(eventlog.Events(notes, handoff.Kind)) {
		if !old.Trusted || old.Verb != handoff.VerbMark {
			continue
		}
		mine := old.Key == own.String() || old.Key == again.String()
		same := handoff.SameText(old, m.event)
		if same && (explicit && mine || !explicit && !old.Posted.Before(in.IdempotencyKey.Since)) {
			return old, true
		}
		if explicit && mine {
			*key = worded
		}
	}
	return eventlog.Event{}, false
}
