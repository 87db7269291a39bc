package handoff

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// TakeReader reads an issue, its comments, and the identity and role of the user.
type TakeReader interface {
	workflow.NotesReader
	CurrentUser(context.Context) (instance.User, error)
	AccessOf(ctx context.Context, in target.Target, ids []int64) (map[int64]instance.Access, error)
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
}

// TakeInputs are the inputs of `handoff take`, as stored in a plan file.
type TakeInputs struct {
	Project string
	IID     int64
	At      time.Time // UTC
	Text    string    // not sanitized
}

// Take takes an issue that is ready to hand off. If several people do so at once, the first comment wins, and all of them see the same
// order. Then the issue is assigned to the winner and its label is removed.
type Take struct {
	workflow.Verified
	Read   TakeReader
	Moves  workflow.Moves
	Label  string
	Inputs TakeInputs
	plan.Origin

	issue issue.Issue
	offer handoff.Offer
}

// Issue returns the issue as it was first read.
func (t *Take) Issue() issue.Issue { return t.issue }

// Offer returns what is taken.
func (t *Take) Offer() handoff.Offer { return t.offer }

// TakenAt returns when the issue was taken, or now if nobody has taken it.
func (t *Take) TakenAt(now time.Time) time.Time {
	if t.offer.Taken() {
		return t.offer.Take.At
	}
	return now
}

// Plan reads the user, the issue and its comments.
func (t *Take) Plan(ctx context.Context) (plan.Plan, error) {
	in := t.Inputs
	f, notes, self, err := t.load(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	i := f.Issue
	if t.issue.Ref != i.Ref { // not read yet, or moved since
		t.issue = i
	}
	offer, err := t.findOffer(ctx, i, notes)
	if err != nil {
		return plan.Plan{}, err
	}
	t.offer = offer
	p := workflow.NewPlan(t.Origin, "handoff take", in, workflow.Settings{t.Label, self.ID}, workflow.ObservedNotes(i, notes))
	p.Routine, p.Notes = true, f.Notes()
	reconcile := plan.ReconcileIssue{Base: plan.Base{ID: "reconcile"}, On: plan.IssueRef{Ref: i.Ref}, Title: workflow.ShownTitle(i),
		Kind:       handoff.Kind,
		Reconciler: handoff.Claim{Reconciler: handoff.Reconciler{Label: t.Label}}, Outlook: plan.Outlook{Assignees: []string{self.Username}}}
	if i.Has(t.Label) {
		reconcile.Outlook.RemoveLabels = []string{t.Label}
	}
	if offer.Taken() {
		if offer.Take.AuthorID == self.ID {
			p.Notes = append(p.Notes, fmt.Sprintf("Already yours: taken at %s", workflow.Clock(offer.Take.Posted)))
		}
		if p.Steps, err = t.remainingSteps(i, notes, self, reconcile); len(p.Steps) == 0 {
			p.Notes = f.Notes() // the result line says the rest
		}
		return p, err
	}
	event := handoff.NewTake(in.At, offer, in.Text)
	reconcile.After = []string{"comment"}
	p.Steps = []plan.Step{
		plan.CreateNote{Base: plan.Base{ID: "comment"}, On: reconcile.On, Title: reconcile.Title,
			Note:           issue.NoteDraft{Body: eventlog.Body(event, handoff.Heading(event, t.Today))},
			IdempotencyKey: issue.IdempotencyKey{Kind: "handoff-take", Name: offer.Name(), Searched: true, Since: offer.Since().Add(-time.Second)}},
		reconcile,
	}
	if offer.Mark.NoteID == 0 {
		p.Notes = append(p.Notes, "No hand-off note"+whomToAsk(i.Assignees, i.Author))
	}
	return p, nil
}

// load reads the issue, its comments and the user. It refuses a user without the role, and a closed issue.
func (t *Take) load(ctx context.Context) (i workflow.Followed, notes []issue.Note, self instance.User, err error) {
	ref := issue.Ref{Project: t.Inputs.Project, IID: t.Inputs.IID}
	g, own := errgroup.WithContext(ctx)
	g.Go(func() (err error) { i, notes, err = t.Moves.ReadNotes(own, t.Read, ref); return err })
	g.Go(func() (err error) { self, err = t.Read.CurrentUser(own); return err })
	if err := g.Wait(); err != nil {
		return i, nil, self, err
	}
	// Only takes by project members count, so that everybody agrees on who has the issue: an administrator without a role is not a member.
	roles, err := t.Read.AccessOf(ctx, target.ProjectAt(i.Ref.Project), []int64{self.ID})
	switch {
	case err != nil:
		return i, nil, self, err
	case !roles[self.ID].MayPlan():
		return i, nil, self, fault.New(fault.Auth, "Ask a project owner for the role, or let somebody else take it",
			"%s cannot be taken: you need the Planner or Reporter role in %s", i.Ref, i.Ref.Project)
	case !i.Open():
		return i, nil, self, fault.New(fault.Refused, "To see what is ready: prodctl handoff list", "%s cannot be taken: it is closed", i.Ref)
	}
	return i, notes, self, nil
}

// findOffer returns what there is to take. A label without a mark takes one more request.
func (t *Take) findOffer(ctx context.Context, i issue.Issue, notes []issue.Note) (handoff.Offer, error) {
	offer := handoff.Latest(notes)
	switch open := offer.Name() != "" && !offer.Taken(); {
	case !open && i.Has(t.Label):
		events, err := t.Read.LabelEvents(ctx, i.Ref)
		return offer.Offered(t.Label, events, i.CreatedAt), err
	case offer.Name() == "":
		notes, err := t.Read.TrustedNotes(ctx, i.Ref) // it may have been taken between the two reads
		if latest := handoff.Latest(notes); err != nil || latest.Name() != "" {
			return latest, err
		}
		return offer, fault.New(fault.Refused,
			fmt.Sprintf("To mark it: prodctl handoff mark %s --left-off \"...\" --next \"...\"", i.Ref),
			"%s cannot be taken: it has neither a hand-off note nor the label %q", i.Ref, t.Label)
	}
	return offer, nil
}

// remainingSteps returns the steps for an issue that was taken before. If somebody else took it, the only step is to remove an own claim
// that an interrupted run left behind. Later changes by people are kept.
func (t *Take) remainingSteps(i issue.Issue, notes []issue.Note, self instance.User, reconcile plan.ReconcileIssue) ([]plan.Step, error) {
	take := t.offer.Take
	_, lost := handoff.Claim{}.Claims(notes)
	leftover := slices.ContainsFunc(lost, func(e eventlog.Event) bool { return e.AuthorID == self.ID })
	switch change, err := reconcile.Reconciler.Reconcile(i, notes); {
	case err != nil || leftover:
		return []plan.Step{reconcile}, err
	case take.AuthorID != self.ID:
		return nil, fault.NewConflict("To see what is ready: prodctl handoff list", "%s: already taken by %s at %s UTC", i.Ref,
			account.Name(take.Author), take.Posted.UTC().Format("2006-01-02 15:04"))
	case i.Has(t.Label), !change.Empty() && t.Inputs.At.Sub(take.Posted) < workflow.NoteWindow:
		return []plan.Step{reconcile}, nil
	}
	return nil, nil
}

// whomToAsk names the people who know more, the author if nobody is assigned. A token knows nothing.
func whomToAsk(people []string, author string) string {
	if len(people) == 0 {
		people = []string{author}
	}
	var names []string
	for _, name := range people {
		if account.IsPerson(name) {
			names = append(names, account.Name(name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ": ask " + strings.Join(names, ", ")
}
