// Package incident holds the workflows of `prodctl incident`, one file for each verb. Start with [Open] and [Event].
//
// A workflow reads through the small interfaces it declares, applies the rules of pkg/incident, and returns a plan or a value.
// It prints nothing and has no flags.
package incident

import (
	"context"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// ActionInputs are the inputs of `incident action`. A plan file keeps them.
type ActionInputs struct {
	Project        string // of the incident
	IID            int64
	In             string // project of the corrective action
	Title          string
	Text           string
	Owner          string               // user name without @; empty: unassigned
	Due            calendar.Date        // zero: by severity
	IdempotencyKey issue.IdempotencyKey // of the action's issue
}

// Check sets the idempotency key. It rejects an action without a title, with several owners, or due in the past.
func (in *ActionInputs) Check(keys workflow.Keys, labels incident.Labels, today calendar.Date) (err error) {
	if err := workflow.RequireText("title", in.Title, `prodctl incident action 8 "Alert before the disk is full"`); err != nil {
		return err
	}
	switch {
	case strings.ContainsAny(in.Owner, ", "):
		return fault.New(fault.Usage, "Name one owner", "invalid user %q in --owner", in.Owner)
	case !in.Due.IsZero() && in.Due.Before(today):
		return fault.New(fault.Usage, "Use today or a later date", "--due %s is in the past", in.Due)
	}
	in.IdempotencyKey, err = keys.Key("action", labels.Action, "incident action", issue.NormalTitle(in.Title))
	return err
}

// Action plans `incident action`: an issue in the infrastructure tracker with the incident's severity and a due date, linked with the
// incident both ways.
type Action struct {
	Read interface {
		workflow.NotesReader
		workflow.IssueFinder
		UserByName(ctx context.Context, in target.Target, username string) (instance.User, error)
	}
	Moves  workflow.Moves
	Labels incident.Labels
	Days   incident.ActionDays
	Inputs ActionInputs
	plan.Origin

	followedUp bool // this run linked and assigned the action
	action     issue.Issue
	incident   issue.Issue // where it is now
}

// Found returns the action's issue, if there was one when the plan was made.
func (a *Action) Found() (issue.Issue, bool) { return a.action, a.action.ID != 0 }

// NeedsRole returns the incident: events count only from people who may change it.
func (a *Action) NeedsRole() issue.Ref {
	return workflow.RefOf(a.incident, issue.Ref{Project: a.Inputs.Project, IID: a.Inputs.IID})
}

// Plan looks for the action first. Once it exists, an event is recorded on the incident.
func (a *Action) Plan(ctx context.Context) (plan.Plan, error) {
	in := a.Inputs
	f, notes, err := a.Moves.ReadNotes(ctx, a.Read, issue.Ref{Project: in.Project, IID: in.IID})
	if err != nil {
		return plan.Plan{}, err
	}
	if err := workflow.RequireIncident(f, a.Labels); err != nil {
		return plan.Plan{}, err
	}
	i := f.Issue
	a.incident = i
	p := workflow.NewPlan(a.Origin, "incident action", in, workflow.Settings{a.Labels}, workflow.ObservedNotes(i, notes))
	p.Routine, p.Notes = true, f.Notes()
	key := workflow.KeyOf(f.Original(), in.IdempotencyKey)
	key.Content = issue.Titled(safetext.Title(in.Title))
	p.Comments = []issue.Ref{i.Ref}
	found, exists, err := a.Read.FindIssue(ctx, in.In, key)
	a.action = found
	switch {
	case err != nil:
		return plan.Plan{}, err
	case !exists:
		if p.Steps, err = a.create(ctx, i, key); err != nil {
			return plan.Plan{}, err
		}
	default:
		err = a.remaining(ctx, &p, i, notes)
	}
	return p, err
}

// create returns the steps that create the action. Its owner is looked up first: an action of an unknown user would belong to nobody.
func (a *Action) create(ctx context.Context, i issue.Issue, key issue.IdempotencyKey) ([]plan.Step, error) {
	draft := a.draft(incident.Of(i, a.Labels))
	key.Searched = true
	var owners []string
	if a.Inputs.Owner != "" {
		owner, err := a.Read.UserByName(ctx, target.ProjectAt(a.Inputs.In), a.Inputs.Owner)
		if err != nil {
			return nil, err
		}
		draft.AssigneeIDs, owners = []int64{owner.ID}, []string{owner.Username}
	}
	on := workflow.CreatedIssue(a.Inputs.In)
	return []plan.Step{
		plan.CreateIssue{Base: plan.Base{ID: workflow.CreatedStep}, In: target.ProjectAt(a.Inputs.In), Draft: draft, IdempotencyKey: key,
			Assignees: owners},
		a.link(on, []string{workflow.CreatedStep}, i),
	}, nil
}

func (a *Action) link(action plan.IssueRef, after []string, i issue.Issue) plan.Step {
	return plan.CreateLink{Base: plan.Base{ID: "link " + i.Ref.String(), After: after}, From: action, To: i.Ref,
		Reconciler: workflow.NoRecord{}}
}

// remaining plans the steps that are left for an action that exists.
func (a *Action) remaining(ctx context.Context, p *plan.Plan, i issue.Issue, notes []issue.Note) (err error) {
	if key := a.Inputs.IdempotencyKey; !key.Derived && !key.Unique {
		var note string
		if p.Steps, note, err = workflow.OtherWords(ctx, a.Read, a.action, key, a.Inputs.Title); err != nil {
			return err
		}
		if note != "" {
			p.Notes = append(p.Notes, note)
		}
	}
	if e, ok := a.findEvent(notes, a.action); ok {
		p.Steps = append(p.Steps, workflow.Reconcile(i, notes, e, workflow.ReconcileStep(i, incident.Kind,
			incident.Reconciler{Labels: a.Labels}))...)
		return nil
	}
	if !a.followedUp {
		p.Steps = append(p.Steps, a.followUp(a.action, i)...)
	}
	p.Steps = append(p.Steps, a.recordSteps(i, a.action)...)
	return nil
}

// followUp returns the steps that an earlier run may not have reached. All are safe to repeat.
func (a *Action) followUp(action issue.Issue, i issue.Issue) []plan.Step {
	on := plan.IssueRef{Ref: action.Ref}
	steps := []plan.Step{a.link(on, nil, i)}
	if owner := a.Inputs.Owner; owner != "" && len(action.Assignees) == 0 {
		steps = append(steps, plan.AssignIssue{Base: plan.Base{ID: "assign"}, On: on, Users: []string{owner}})
	}
	return steps
}

// Verify asks for another round after the action was created, to record it on the incident.
func (a *Action) Verify(_ context.Context, p plan.Plan) (bool, error) {
	a.followedUp = true
	return p.Index(workflow.CreatedStep) >= 0, nil
}

// draft is the action's issue. It is confidential if the incident is, since its title may reveal what happened.
func (a *Action) draft(inc incident.Incident) issue.Draft {
	in := a.Inputs
	due := in.Due
	if due.IsZero() {
		due = a.Days.Due(inc.Severity, a.Today)
	}
	d := issue.Draft{Title: safetext.Title(in.Title), Labels: []string{a.Labels.Action}, Confidential: inc.Issue.Confidential, Due: due}
	if inc.Severity != incident.UnknownSeverity {
		d.Labels = append(d.Labels, a.Labels.Severity(inc.Severity))
	}
	d.Description = issue.LeadAction + inc.Issue.Ref.String() + "."
	if in.Text != "" {
		d.Description = safetext.Passage(in.Text) + "\n\n" + d.Description
	}
	return d.Fitted()
}

// findEvent finds the event about the action on the incident.
func (a *Action) findEvent(notes []issue.Note, action issue.Issue) (eventlog.Event, bool) {
	for _, e := range eventlog.Events(notes, incident.Kind) {
		if e.Trusted && e.Verb == string(incident.Action) && e.Fields[incident.KeyRelated] == action.Ref.String() {
			return e, true
		}
	}
	return eventlog.Event{}, false
}

// recordSteps returns the steps that record the action on the incident, once.
func (a *Action) recordSteps(i, action issue.Issue) []plan.Step {
	ref := action.Ref.String()
	title := ""
	if !action.Confidential || i.Confidential { // if more people see the incident than the action, it shows the reference only
		title = action.Title
	}
	e := incident.NewEvent(incident.Action, action.CreatedAt, map[string]string{incident.KeyRelated: ref}, title)
	return workflow.RecordSteps(e, incident.Heading(e, a.Today), issue.IdempotencyKey{Kind: "note", Name: "action-" + ref},
		workflow.ReconcileStep(i, incident.Kind, incident.Reconciler{Labels: a.Labels}))
}
