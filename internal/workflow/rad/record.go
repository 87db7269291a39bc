package rad

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// RecordInputs are the inputs of `rad record`, as saved in a plan file.
type RecordInputs struct {
	Project  string
	IID      int64
	Target   string
	Start    time.Time // UTC
	End      time.Time // UTC
	EndGiven bool      // End was set by --end and is not just now
	Size     drill.Size
	Verified bool
	Text     string // as entered
}

// Check refuses a restore without a start, one that ends before it starts, and a failure without a reason.
func (in RecordInputs) Check() error {
	const (
		example = `prodctl rad record --target db --start 09:10 --end 10:42 --size 412GiB --verified`
		failure = `prodctl rad record --target db --start 09:10 --failed -m "The key is not in the vault"`
	)
	switch {
	case in.Target == "":
		return fault.New(fault.Usage, "Example: "+example, "--target is required")
	case in.Start.IsZero():
		return fault.New(fault.Usage, "Example: "+example, "--start is required: restores are timed")
	case in.End.Before(in.Start):
		return fault.New(fault.Usage, "Check both times", "--end %s is before --start %s", in.End.UTC().Format(time.RFC3339),
			in.Start.UTC().Format(time.RFC3339))
	case !in.Verified:
		return workflow.RequireText("--message", in.Text, failure)
	}
	return nil
}

func (in RecordInputs) ref() issue.Ref { return issue.Ref{Project: in.Project, IID: in.IID} }

func (in RecordInputs) result() drill.Result {
	return drill.Result{Target: in.Target, Start: in.Start.UTC().Truncate(time.Second), End: in.End.UTC().Truncate(time.Second), Size: in.Size,
		Verified: in.Verified}
}

// Current returns the newest open drill.
func Current(ctx context.Context, read workflow.IssueLister, in target.Target, label string, now time.Time) (issue.Ref, error) {
	drills, err := workflow.Drills(ctx, read, in, label, now.Add(-workflow.DrillHistory))
	if err != nil {
		return issue.Ref{}, err
	}
	for _, d := range drills {
		if d.Issue.Open() {
			return d.Issue.Ref, nil
		}
	}
	return issue.Ref{}, fault.New(fault.Refused, "Name the issue of the drill, or open one: prodctl rad open",
		"no restore drill is open in %s", in.Path)
}

// Record plans one restore of a drill: first the comment, then the record and the checklist, which follow from all comments
// (docs/event-log.md). The same restore is recorded once, whoever runs the command and however often; other values are another attempt.
type Record struct {
	workflow.Verified
	Read    workflow.NotesReader
	Moves   workflow.Moves
	Label   string
	Targets []drill.Target
	Inputs  RecordInputs
	plan.Origin

	observed issue.Issue // as first read
	at       time.Time   // when the restore ended, or had ended when it was recorded before
}

// Recorded returns the verb of the event, and when the restore ended.
func (r *Record) Recorded() (verb string, at time.Time) { return "record", r.at }

// Issue returns the issue of the drill as first read.
func (r *Record) Issue() issue.Issue { return r.observed }

// Before returns nothing: restores have no state before.
func (r *Record) Before() string { return "" }

// State returns the verdict.
func (r *Record) State(issue.Issue) string { return r.Inputs.result().Verdict() }

// Began returns when the restore started.
func (r *Record) Began(issue.Issue) time.Time { return r.Inputs.result().Start }

// LeftOut is a note about the targets that are left in the drill.
func (r *Record) LeftOut(i issue.Issue) string {
	left := drill.Read(i).Untested(r.Targets)
	switch {
	case i.ID == 0 || len(r.Targets) == 0:
		return ""
	case len(left) == 0 && i.Open():
		return "All targets are verified: close the drill when its findings are written down"
	case len(left) == 0:
		return ""
	}
	return "Not verified yet: " + strings.Join(left, ", ")
}

// NeedsRole returns the issue: restores count only from people who may change it.
func (r *Record) NeedsRole() issue.Ref { return cmp.Or(r.observed.Ref, r.Inputs.ref()) }

// Plan reads the drill and its comments.
func (r *Record) Plan(ctx context.Context) (plan.Plan, error) {
	in := r.Inputs
	f, notes, err := r.Moves.ReadNotes(ctx, r.Read, in.ref())
	if err != nil {
		return plan.Plan{}, err
	}
	if !f.Has(r.Label) && !drill.Read(f.Issue).Exists {
		return plan.Plan{}, fault.New(fault.Refused, "To see the drills: prodctl rad status", "%s is not a restore drill: it has no label %q",
			f.Ref, r.Label)
	}
	if r.observed.Ref != f.Ref {
		r.observed, r.at = f.Issue, in.result().End
	}
	p := workflow.NewPlan(r.Origin, "rad record", in, workflow.Settings{r.Label, r.Targets}, workflow.ObservedNotes(f.Issue, notes))
	p.Routine, p.Notes = true, f.Notes()
	reconcile := workflow.ReconcileStep(f.Issue, drill.Kind, drill.Reconciler{})
	event := drill.Event(in.result(), in.Text)
	old, attempts, exists := r.find(notes, event)
	if exists {
		r.at = old.At
		p.Steps = f.Relabel(workflow.Reconcile(f.Issue, notes, old, reconcile), r.Label)
		return p, nil
	}
	if attempts = max(attempts, len(drill.Read(f.Issue).ResultsOf(in.Target))); attempts > 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("It is attempt %d of %s in this drill", attempts+1, in.Target))
	}
	if want := r.expected(); in.Verified && in.Size.Suspicious(want) {
		p.Notes = append(p.Notes, fmt.Sprintf("%s is less than half of the expected %s", in.Size.Short(), want.Short()))
	}
	p.Steps = f.Relabel(workflow.RecordSteps(event, drill.Heading(in.result(), r.Today), in.key(), reconcile), r.Label)
	return p, nil
}

// find finds the same restore among the recorded ones, and counts those of the same target.
func (r *Record) find(notes []issue.Note, event eventlog.Event) (old eventlog.Event, attempts int, exists bool) {
	for _, e := range slices.Backward(eventlog.Events(notes, drill.Kind)) {
		before, ok := drill.ResultOf(e)
		if !ok || !e.Trusted || before.Target != r.Inputs.Target {
			continue
		}
		if attempts++; eventlog.SameContent(e, event) && (!r.Inputs.EndGiven || e.At.Equal(event.At)) {
			return e, attempts, true
		}
	}
	return eventlog.Event{}, attempts, false
}

func (r *Record) expected() drill.Size {
	for _, t := range r.Targets {
		if t.Name == r.Inputs.Target {
			return t.Size
		}
	}
	return 0
}

// key is the key of the comment. It follows from the restore, so a retry finds it whenever it runs; the end counts only if it was given.
func (in RecordInputs) key() issue.IdempotencyKey {
	words := []string{in.Target, in.Start.UTC().Format(time.RFC3339), in.Size.String(), in.result().Verdict(), in.Text}
	if in.EndGiven {
		words = append(words, in.End.UTC().Format(time.RFC3339))
	}
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return issue.IdempotencyKey{Kind: drill.Kind, Name: "restore-" + hex.EncodeToString(sum[:8])}
}
