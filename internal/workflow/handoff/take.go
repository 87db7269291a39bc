package handoff

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// TakeReader reads an issue, its comments and who somebody is.
type TakeReader interface {
	workflow.JournalReader
	CurrentUser(context.Context) (instance.User, error)
	AccessOf(ctx context.Context, in target.Target, ids []int64) (map[int64]instance.Access, error)
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
}

// TakeInputs are what `handoff take` was asked; a plan file keeps them.
type TakeInputs struct {
	Project string
	IID     int64
	At      time.Time // UTC
	Text    string    // as typed
}

// Take takes an issue that is ready for the hand-off. Of many who do so at once the first comment decides, which all of them see
// alike; then the issue is the winner's and its label goes.
type Take struct {
	workflow.Verified
	Read   TakeReader
	Label  string
	Inputs TakeInputs
	plan.Origin

	issue  issue.Issue
	offer handoff.Offer
}

// Issue is the issue as it was read first.
func (t *Take) Issue() issue.Issue { return t.issue }

// Offer is what is taken.
func (t *Take) Offer() handoff.Offer { return t.offer }

// TakenAt is when whoever has it took it, or else now.
func (t *Take) TakenAt(now time.Time) time.Time {
	if t.offer.Taken() {
		return t.offer.Take.At
	}
	return now
}

// Plan reads who asks, the issue and its comments.
func (t *Take) Plan(ctx context.Context) (plan.Plan, error) {
	in := t.Inputs
	i, notes, self, err := t.load(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	if t.issue.ID == 0 {
		t.issue = i
	}
	offer, err := t.findOffer(ctx, i, notes)
	if err != nil {
		return plan.Plan{}, err
	}
	t.offer = offer
	p := workflow.NewPlan(t.Origin, "handoff take", in, workflow.Settings{t.Label, self.ID}, workflow.ObservedJournal(i, notes))
	p.Routine = true
	settle := plan.ReconcileIssue{Base: plan.Base{ID: "reconcile"}, On: plan.IssueRef{Ref: i.Ref}, Title: workflow.ShownTitle(i),
		Kind:       handoff.Kind,
		Reconciler: handoff.Claim{Reconciler: handoff.Reconciler{Label: t.Label}}, Outlook: plan.Outlook{Assignees: []string{self.Username}}}
	if i.Has(t.Label) {
		settle.Outlook.RemoveLabels = []string{t.Label}
	}
	if offer.Taken() {
		if offer.Take.AuthorID == self.ID {
			p.Notes = append(p.Notes, fmt.Sprintf("you took it already at %s", workflow.Clock(offer.Take.Posted)))
		}
		p.Steps, err = t.remainingSteps(i, notes, self, settle)
		return p, err
	}
	entry := handoff.NewTake(in.At, offer, in.Text)
	settle.After = []string{"tell"}
	p.Steps = []plan.Step{
		plan.CreateNote{Base: plan.Base{ID: "tell"}, On: settle.On, Title: settle.Title,
			Note:           issue.NoteDraft{Body: eventlog.Body(entry, handoff.Heading(entry, t.Today))},
			IdempotencyKey: issue.IdempotencyKey{Kind: "handoff-take", Name: offer.Name(), Searched: true, Since: offer.Since().Add(-time.Second)}},
		settle,
	}
	if offer.Mark.NoteID == 0 {
		p.Notes = append(p.Notes, "no note says where it was left off: ask whoever had it, "+mentions(i.Assignees, i.Author))
	}
	return p, nil
}

// look reads all that decides, and refuses who may not take the issue and what cannot be taken.
func (t *Take) load(ctx context.Context) (i issue.Issue, notes []issue.Note, self instance.User, err error) {
	ref := issue.Ref{Project: t.Inputs.Project, IID: t.Inputs.IID}
	g, own := errgroup.WithContext(ctx)
	g.Go(func() (err error) { i, notes, err = workflow.ReadJournal(own, t.Read, ref); return err })
	g.Go(func() (err error) { self, err = t.Read.CurrentUser(own); return err })
	if err := g.Wait(); err != nil {
		return i, nil, self, err
	}
	// Others count what a member of the project has taken only, so that all agree on who has it: an administrator without a role is none.
	roles, err := t.Read.AccessOf(ctx, target.ProjectAt(i.Ref.Project), []int64{self.ID})
	switch {
	case err != nil:
		return i, nil, self, err
	case !roles[self.ID].MayPlan():
		return i, nil, self, fault.New(fault.Auth, "ask for one of these roles, or let somebody take it who has one",
			"to take %s needs the role Planner, or Reporter and above, in %s", i.Ref, i.Ref.Project)
	case !i.Open():
		return i, nil, self, fault.New(fault.Refused, "prodctl handoff list shows what is ready to be taken", "%s is closed", i.Ref)
	}
	return i, notes, self, nil
}

// offered is what there is to take. Only a label that no mark explains takes another request.
func (t *Take) findOffer(ctx context.Context, i issue.Issue, notes []issue.Note) (handoff.Offer, error) {
	offer := handoff.Latest(notes)
	switch open := offer.Name() != "" && !offer.Taken(); {
	case !open && i.Has(t.Label):
		events, err := t.Read.LabelEvents(ctx, i.Ref)
		return offer.Offered(t.Label, events, i.CreatedAt), err
	case offer.Name() == "":
		notes, err := t.Read.Journal(ctx, i.Ref) // it may have been taken between the two looks
		if again := handoff.Latest(notes); err != nil || again.Name() != "" {
			return again, err
		}
		return offer, fault.New(fault.Refused,
			fmt.Sprintf("prodctl handoff list shows what is ready; who has it can mark it: "+
				"prodctl handoff mark %s --left-off \"...\" --next \"...\"", i.Ref),
			"%s is not ready for a hand-off: it has neither a note of where it was left off nor the label %q", i.Ref, t.Label)
	}
	return offer, nil
}

// rest is what is left to do for an issue that was taken before: nothing when somebody else did, but to take back an own claim
// that a run which was killed has left. What a person did to the issue since stays.
func (t *Take) remainingSteps(i issue.Issue, notes []issue.Note, self instance.User, settle plan.ReconcileIssue) ([]plan.Step, error) {
	take := t.offer.Take
	_, beaten := handoff.Claim{}.Claims(notes)
	left := slices.ContainsFunc(beaten, func(e eventlog.Event) bool { return e.AuthorID == self.ID })
	switch change, err := settle.Reconciler.Reconcile(i, notes); {
	case err != nil || left:
		return []plan.Step{settle}, err
	case take.AuthorID != self.ID:
		return nil, fault.NewConflict("prodctl handoff list shows what is ready to be taken", "%s was taken by @%s on %s UTC", i.Ref, take.Author,
			take.Posted.UTC().Format("2006-01-02 15:04:05"))
	case i.Has(t.Label), !change.Empty() && t.Inputs.At.Sub(take.Posted) < workflow.NoteWindow:
		return []plan.Step{settle}, nil
	}
	return nil, nil
}

// mentioned are people for a sentence.
func mentions(people []string, fallback string) string {
	if len(people) == 0 {
		people = []string{fallback}
	}
	text := ""
	for n, name := range people {
		if n > 0 {
			text += ", "
		}
		text += "@" + name
	}
	return text
}
