package handoff

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// AcceptReader reads the on-call log, its comments, and the identity and role of the user.
type AcceptReader interface {
	logReader
	TrustedNotes(context.Context, issue.Ref) ([]issue.Note, error)
	CurrentUser(context.Context) (instance.User, error)
	AccessOf(ctx context.Context, in target.Target, ids []int64) (map[int64]instance.Access, error)
}

// AcceptInputs are the inputs of `handoff accept`, as stored in a plan file.
type AcceptInputs struct {
	At    time.Time // UTC
	Shift string    // ID of the shift that ends
	For   string    // who accepts, if that is not the token's user
	Text  string    // what they read back, not sanitized
}

// Accept records once a shift that somebody in the next shift accepted its hand-off: a comment on the log issue of the shift. If several
// people do so at once, the first comment counts and the others are removed.
type Accept struct {
	workflow.Verified
	Read   AcceptReader
	Moves  workflow.Moves
	Log    OncallLog
	Shift  oncall.Shift // the shift that ends
	Next   oncall.Shift
	People []string // on call in the next shift; empty: unknown, and everybody with the role may accept
	Inputs AcceptInputs
	plan.Origin

	issue   issue.Issue
	receipt handoff.Receipt // as recorded before; not accepted: this run accepts
	event   eventlog.Event
}

// Issue returns the issue of the log as it was first read.
func (a *Accept) Issue() issue.Issue { return a.issue }

// AcceptedAt returns when the hand-off was accepted.
func (a *Accept) AcceptedAt() time.Time {
	if a.receipt.Accepted() {
		return a.receipt.At
	}
	return a.event.At
}

// Plan reads the user, the log issue and its comments.
func (a *Accept) Plan(ctx context.Context) (plan.Plan, error) {
	log, notes, self, err := a.load(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	if a.issue.Ref != log.Ref {
		a.issue = log
	}
	in := a.Inputs
	p := workflow.NewPlan(a.Origin, "handoff accept", in, workflow.Settings{a.Log.Log, a.Log.Issue.String(), a.Log.Label, a.People, self.ID},
		workflow.ObservedNotes(log, notes))
	p.Routine = true
	claim := handoff.Acceptance{Shift: in.Shift}
	reconcile := plan.ReconcileIssue{Base: plan.Base{ID: "reconcile"}, On: plan.IssueRef{Ref: log.Ref}, Title: workflow.ShownTitle(log),
		Kind: handoff.Kind, Reconciler: claim}
	a.receipt = handoff.ReceiptOf(notes, in.Shift)
	person := self.Username
	if in.For != "" {
		person = in.For
	}
	a.event = handoff.NewReceipt(in.At, in.Shift, otherThan(self.Username, in.For), in.Text)
	if a.receipt.Accepted() {
		holder, lost := claim.Claims(notes)
		if slices.ContainsFunc(lost, func(e eventlog.Event) bool { return e.AuthorID == self.ID }) { // of an interrupted run
			p.Steps = []plan.Step{reconcile}
			return p, nil
		}
		return p, a.recorded(log, claim, holder, person)
	}
	if err := a.mayAccept(person); err != nil {
		return plan.Plan{}, err
	}
	reconcile.After = []string{"comment"}
	p.Steps = []plan.Step{
		plan.CreateNote{Base: plan.Base{ID: "comment"}, On: reconcile.On, Title: reconcile.Title,
			Note: issue.NoteDraft{Body: eventlog.Body(a.event, handoff.Heading(a.event, a.Today))},
			IdempotencyKey: issue.IdempotencyKey{Kind: "handoff-accept", Name: in.Shift, Searched: true,
				Since: a.Shift.From.Add(-workflow.Slack)}},
		reconcile,
	}
	return p, nil
}

// load finds the log issue with the report of the shift, and reads its comments and the user. It refuses a user without the role: their
// comment would count for nothing.
func (a *Accept) load(ctx context.Context) (log issue.Issue, notes []issue.Note, self instance.User, err error) {
	g, own := errgroup.WithContext(ctx)
	g.Go(func() (err error) { self, err = a.Read.CurrentUser(own); return err })
	g.Go(func() (err error) {
		if log, err = a.Log.find(own, a.Read, a.Moves); err == nil && log.ID != 0 {
			notes, err = a.Read.TrustedNotes(own, log.Ref)
		}
		return err
	})
	if err := g.Wait(); err != nil {
		return log, nil, self, err
	}
	if !posted(notes, a.Inputs.Shift) {
		return log, nil, self, fault.New(fault.Refused, "To post it: "+fault.Command("handoff --post --shift %s", a.Inputs.Shift),
			"cannot accept: the hand-off of the %s shift that ends at %s is not in the on-call log", a.Shift.Region,
			a.Shift.To.UTC().Format("2006-01-02 15:04 UTC"))
	}
	roles, err := a.Read.AccessOf(ctx, target.ProjectAt(log.Ref.Project), []int64{self.ID})
	if err == nil && !roles[self.ID].MayPlan() {
		err = fault.New(fault.Auth, "Ask a project owner for the role", "cannot accept: you need the Planner or Reporter role in %s",
			log.Ref.Project)
	}
	return log, notes, self, err
}

// posted reports whether the report of a shift is among the comments of its log issue.
func posted(notes []issue.Note, shift string) bool {
	return slices.ContainsFunc(notes, func(n issue.Note) bool {
		key, ok := idempotency.Read(n.Body)
		return ok && !n.System && key.Kind() == handoff.NoteKind && handoff.CommentOf(key.Name(), shift) > 0
	})
}

// mayAccept refuses somebody who is not on call in the next shift.
func (a *Accept) mayAccept(person string) error {
	if len(a.People) == 0 || slices.ContainsFunc(a.People, func(name string) bool { return oncall.Same(name, person) }) {
		return nil
	}
	return fault.New(fault.Refused, "To record it for somebody who is: "+fault.Command("handoff accept --shift %s --for %s", a.Inputs.Shift,
		a.People[0]), "cannot accept: %s is not on call in the %s shift from %s", account.Name(person), a.Next.Region,
		a.Next.From.UTC().Format("2006-01-02 15:04 UTC"))
}

// recorded refuses to accept what somebody else accepted, and words that would be lost. The same person with the same words, or without
// any, changes nothing.
func (a *Accept) recorded(log issue.Issue, claim handoff.Acceptance, holder eventlog.Event, person string) error {
	switch {
	case !oncall.Same(a.receipt.By, person):
		return fault.NewConflict("To see it: "+fault.Quote(noteURL(log, holder.NoteID)), "%s: %s", log.Ref, claim.Refusal(holder))
	case a.event.Text != "" && a.event.Text != a.receipt.Text:
		return fault.NewConflict("To add to it, edit your comment: "+fault.Quote(noteURL(log, holder.NoteID)), "%s: %s, with other words",
			log.Ref, claim.Refusal(holder))
	}
	return nil
}

// noteURL is the address of a comment.
func noteURL(i issue.Issue, note int64) string { return fmt.Sprintf("%s#note_%d", i.WebURL, note) }

// otherThan returns a name; empty if it is that of the user.
func otherThan(user, name string) string {
	if oncall.Same(user, name) {
		return ""
	}
	return name
}
