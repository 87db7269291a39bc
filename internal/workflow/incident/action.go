// Package incident is the steps of the verbs of incidents.
//
// It reads through the small interfaces that it declares, asks the rules of pkg/ and returns a plan or a value; it prints
// nothing and knows no flag.
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

// ActionInputs are what `incident action` was asked; a plan file keeps them.
type ActionInputs struct {
	Project        string // of the incident
	IID            int64
	In             string // project of the corrective action
	Title          string
	Text           string
	Owner          string               // user name without @; empty: nobody yet
	Due            calendar.Date        // zero: by severity
	IdempotencyKey issue.IdempotencyKey // of the action's issue
}

// Check sets the key by which the action is found again, and refuses one without a title, with several owners or that is due in the past.
func (in *ActionInputs) Check(keys workflow.Keys, labels incident.Labels, today calendar.Date) (err error) {
	if err := workflow.RequireText(in.Title, `prodctl incident action 8 "Alert before the disk is full"`); err != nil {
		return err
	}
	switch {
	case strings.ContainsAny(in.Owner, ", "):
		return fault.New(fault.Usage, "say one person: an action that is several people's is nobody's", "--owner %q is no user name", in.Owner)
	case !in.Due.IsZero() && in.Due.Before(today):
		return fault.New(fault.Usage, "say a day that is to come", "--due %s is over", in.Due)
	}
	ref := issue.Ref{Project: in.Project, IID: in.IID}
	in.IdempotencyKey, err = keys.Key("action", labels.Action, "incident action", ref.String(), strings.TrimSpace(in.Title))
	return err
}

// Action is `incident action`: an issue in the infrastructure tracker that keeps an incident from coming again, linked with it both
// ways, with its severity and a date (SPEC 7).
type Action struct {
	Read interface {
		workflow.JournalReader
		workflow.IssueFinder
		UserByName(ctx context.Context, username string) (instance.User, error)
	}
	Labels incident.Labels
	Days   incident.ActionDays
	Inputs ActionInputs
	plan.Origin

	followedUp bool // this run has linked and assigned the action
	action   issue.Issue
}

// Found is the action once it was seen.
func (a *Action) Found() (issue.Issue, bool) { return a.action, a.action.ID != 0 }

// Plan looks for the action first. Once it is there the incident is told of it.
func (a *Action) Plan(ctx context.Context) (plan.Plan, error) {
	in := a.Inputs
	i, notes, err := workflow.ReadJournal(ctx, a.Read, issue.Ref{Project: in.Project, IID: in.IID})
	if err != nil {
		return plan.Plan{}, err
	}
	if err := workflow.RequireIncident(i, a.Labels); err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(a.Origin, "incident action", in, workflow.Settings{a.Labels}, workflow.ObservedJournal(i, notes))
	p.Routine = true
	found, there, err := a.Read.FindIssue(ctx, in.In, in.IdempotencyKey)
	a.action = found
	switch {
	case err != nil:
		return plan.Plan{}, err
	case !there:
		if p.Steps, err = a.create(ctx, i); err != nil {
			return plan.Plan{}, err
		}
	default:
		p.Steps = a.remaining(i, notes, found)
	}
	return p, nil
}

// make opens the action for its owner, who is looked up first: an action of somebody whom nobody knows would be nobody's.
func (a *Action) create(ctx context.Context, i issue.Issue) ([]plan.Step, error) {
	once, draft := a.Inputs.IdempotencyKey, a.draft(incident.Of(i, a.Labels))
	once.Searched = true
	if a.Inputs.Owner != "" {
		owner, err := a.Read.UserByName(ctx, a.Inputs.Owner)
		if err != nil {
			return nil, err
		}
		draft.AssigneeIDs = []int64{owner.ID}
	}
	on := workflow.CreatedIssue(a.Inputs.In)
	return []plan.Step{
		plan.CreateIssue{Base: plan.Base{ID: workflow.CreatedStep}, In: target.ProjectAt(a.Inputs.In), Draft: draft, IdempotencyKey: once},
		a.link(on, []string{workflow.CreatedStep}, i),
	}, nil
}

func (a *Action) link(action plan.IssueRef, after []string, i issue.Issue) plan.Step {
	return plan.CreateLink{Base: plan.Base{ID: "link " + i.Ref.String(), After: after}, From: action, To: i.Ref, Reconciler: noRecord{}}
}

// rest is what is left to be done for an action that is there.
func (a *Action) remaining(i issue.Issue, notes []issue.Note, action issue.Issue) []plan.Step {
	if entry, told := a.findEvent(notes, action); told {
		return workflow.Reconcile(i, notes, entry, workflow.ReconcileStep(i, incident.Kind, incident.Reconciler{Labels: a.Labels}))
	}
	var steps []plan.Step
	if !a.followedUp {
		steps = a.followUp(action, i)
	}
	return append(steps, a.recordSteps(i, action)...)
}

// follow are the steps that a run before may not have come to: all may be repeated.
func (a *Action) followUp(action issue.Issue, i issue.Issue) []plan.Step {
	on := plan.IssueRef{Ref: action.Ref}
	steps := []plan.Step{a.link(on, nil, i)}
	if owner := a.Inputs.Owner; owner != "" && len(action.Assignees) == 0 {
		steps = append(steps, plan.AssignIssue{Base: plan.Base{ID: "assign"}, On: on, Users: []string{owner}})
	}
	return steps
}

// Verify goes on to tell the incident once the action is there.
func (a *Action) Verify(_ context.Context, p plan.Plan) (bool, error) {
	a.followedUp = true
	return p.Index(workflow.CreatedStep) >= 0, nil
}

// draft is the action's issue. One that comes from a confidential incident is confidential, since its title may tell what happened.
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
	d.Description = "Corrective action of " + inc.Issue.Ref.String() + "."
	if in.Text != "" {
		d.Description = safetext.Passage(in.Text) + "\n\n" + d.Description
	}
	return d
}

// told finds the line about the action in the incident.
func (a *Action) findEvent(notes []issue.Note, action issue.Issue) (eventlog.Event, bool) {
	for _, e := range eventlog.Events(notes, incident.Kind) {
		if e.Trusted && e.Verb == string(incident.Action) && e.Fields[incident.KeyRelated] == action.Ref.String() {
			return e, true
		}
	}
	return eventlog.Event{}, false
}

// tell writes a line about the action into the incident, once.
func (a *Action) recordSteps(i, action issue.Issue) []plan.Step {
	ref := action.Ref.String()
	title := ""
	if !action.Confidential || i.Confidential { // what is seen by more people than the action tells its reference only
		title = action.Title
	}
	e := incident.NewEvent(incident.Action, action.CreatedAt, map[string]string{incident.KeyRelated: ref}, title)
	return workflow.RecordSteps(e, incident.Heading(e, a.Today), issue.IdempotencyKey{Kind: "note", Name: "action-" + ref},
		workflow.ReconcileStep(i, incident.Kind, incident.Reconciler{Labels: a.Labels}))
}

// nothing is the reconciler of issues that are not of the queue: they have no record.
type noRecord struct{}

// Reconcile changes nothing.
func (noRecord) Reconcile(issue.Issue, []issue.Note) (issue.Change, error) { return issue.Change{}, nil }
