package incident

import (
	"context"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// AdoptInputs are the inputs of `incident adopt`. A plan file keeps them.
type AdoptInputs struct {
	Project string
	IID     int64
	Now     time.Time // UTC
}

// Adopt plans `incident adopt`: an issue that an alert or a person opened gets the label, a state, a record and a first line of the
// timeline. What it has already stays.
type Adopt struct {
	Event
	Inputs AdoptInputs
	Change string // label of changes, which are not adopted

	recorded bool // this run writes the record, so that GitLab's severity and timeline follow from [SyncAfter]
}

// Recording reports whether the plan writes the record.
func (a *Adopt) Recording() bool { return a.recorded }

// Recorded returns the verb. When it was adopted is not of interest.
func (a *Adopt) Recorded() (verb string, at time.Time) { return "adopt", time.Time{} }

// Plan reads the issue and its comments. An issue that has all of it needs nothing.
func (a *Adopt) Plan(ctx context.Context) (plan.Plan, error) {
	in := a.Inputs
	f, notes, err := a.Moves.ReadNotes(ctx, a.Read, issue.Ref{Project: in.Project, IID: in.IID})
	if err == nil {
		err = a.adoptable(f, notes)
	}
	if err != nil {
		return plan.Plan{}, err
	}
	i, inc := f.Issue, incident.Of(f.Issue, a.Labels)
	if a.before == "" || a.observed.Ref != i.Ref {
		a.before, a.observed = inc.State, i
	}
	p := workflow.NewPlan(a.Origin, "incident adopt", in, workflow.Settings{a.Labels, a.Change}, workflow.ObservedNotes(i, notes))
	p.Routine, p.Notes = true, f.Notes()
	if add := a.Labels.Lacking(i, a.wanted(inc)); len(add) > 0 {
		p.Steps = append(p.Steps, plan.UpdateIssue{Base: plan.Base{ID: "adopt"}, Ref: i.Ref, Title: workflow.ShownTitle(i),
			Change: issue.Change{AddLabels: add}})
	}
	record := a.record(inc, notes)
	if len(p.Steps) > 0 && len(record) > 0 {
		record[0] = after(record[0], "adopt")
	}
	a.recorded = a.recorded || len(record) > 0
	p.Steps = append(p.Steps, record...)
	return p, nil
}

// adoptable refuses what cannot become an incident.
func (a *Adopt) adoptable(f workflow.Followed, notes []issue.Note) error {
	i := f.Issue
	switch {
	case !a.Labels.Is(i) && a.Change != "" && i.Has(a.Change):
		return fault.New(fault.Refused, "To see it: "+workflow.Command("change show %s", i.Ref), "%s is a change", i.Ref)
	case i.Task:
		return fault.New(fault.Refused, "Adopt the issue that it belongs to", "%s is a task", i.Ref)
	}
	return a.Moves.RequireOwn(i, notes)
}

// state is the state of the issue, or that of a new incident: active, or resolved if it is closed.
func (a *Adopt) state(inc incident.Incident) incident.State {
	switch {
	case inc.State != incident.UnknownState:
		return inc.State
	case inc.Issue.Open():
		return incident.Active
	}
	return incident.Resolved
}

// wanted are the labels that the incident should have.
func (a *Adopt) wanted(inc incident.Incident) []string {
	return slices.DeleteFunc([]string{a.Labels.Incident, a.Labels.State(a.state(inc)), a.Labels.Severity(inc.Severity)},
		func(name string) bool { return name == "" })
}

// adoptKey is the name of the key of the comment about the adoption: each issue has one at most.
const adoptKey = "adopt"

// record returns the steps that give the issue a record, or bring it in line with its comments.
func (a *Adopt) record(inc incident.Incident, notes []issue.Note) []plan.Step {
	i := inc.Issue
	reconcile := workflow.ReconcileStep(i, incident.Kind, incident.Reconciler{Labels: a.Labels})
	key := issue.IdempotencyKey{Kind: "incident-update", Name: adoptKey}
	own, err := idempotency.NewKey(key.Kind, key.Name)
	events := eventlog.Events(notes, incident.Kind)
	at := slices.IndexFunc(events, func(e eventlog.Event) bool { return err == nil && e.Trusted && e.Key == own.String() })
	switch {
	case at >= 0:
		return workflow.Reconcile(i, notes, events[at], reconcile)
	case inc.Record.Exists || slices.ContainsFunc(events, func(e eventlog.Event) bool { return e.Trusted }):
		return workflow.Reconcile(i, notes, eventlog.Event{Kind: incident.Kind}, reconcile)
	}
	event := a.event(inc)
	return workflow.RecordSteps(event, incident.Heading(event, a.Today), key, reconcile)
}

// event is the first event of the incident. GitLab's own incident began when its issue was opened, and was resolved when it was closed, as
// GitLab itself counts; of another issue only the end follows from GitLab.
func (a *Adopt) event(inc incident.Incident) eventlog.Event {
	i, fields := inc.Issue, map[string]string{}
	if i.Incident {
		fields[incident.KeyStarted] = i.CreatedAt.UTC().Format(time.RFC3339)
	}
	if inc.Severity != incident.UnknownSeverity {
		fields[incident.KeySeverity] = string(inc.Severity)
	}
	verb, at := incident.Update, i.CreatedAt
	if a.state(inc) == incident.Resolved && !i.Open() {
		verb, at = incident.Resolve, i.ClosedAt
		then := a.resolvedAt(inc, at)
		if then.ReviewDue(a.Inputs.Now, a.ReviewAfter).Answer == incident.Yes {
			fields[incident.KeyReview] = incident.ReviewDue
		}
	}
	return incident.NewEvent(verb, at, fields, "Opened in GitLab, and adopted")
}

// resolvedAt is the incident as it is after its first event.
func (a *Adopt) resolvedAt(inc incident.Incident, end time.Time) incident.Incident {
	inc.State, inc.Record.ResolvedAt = incident.Resolved, end
	if inc.Issue.Incident {
		inc.Record.StartedAt = inc.Issue.CreatedAt
	}
	return inc
}

// after returns a step that comes after another one.
func after(s plan.Step, key string) plan.Step {
	switch s := s.(type) {
	case plan.CreateNote:
		s.After = append(slices.Clip(s.After), key)
		return s
	case plan.ReconcileIssue:
		s.After = append(slices.Clip(s.After), key)
		return s
	}
	return s
}
