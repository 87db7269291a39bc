package incident

import (
	"context"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/target"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

// OpenInputs are the inputs of `incident open`. A plan file keeps them.
type OpenInputs struct {
	Project        string
	Title          string // as entered
	Text           string // of the summary, as entered
	Severity       incident.Severity
	Services       []string
	Impact         string    // exact decimal from 0 to 1; empty: unknown
	DataLoss       bool      // data may have been lost
	Started        time.Time // UTC; zero: unknown
	Detected       time.Time // UTC; zero: unknown
	Declared       time.Time // when the command was run, UTC
	Links          []string  // full references
	Assign         []string  // user names without @
	Duty           string    `json:",omitempty"` // who is on call, if --assign names nobody; empty: unknown, or --assign none
	Confidential   bool
	IdempotencyKey issue.IdempotencyKey
	Numbered       bool // the key comes from the title: if its incident is over, the same title opens another one
}

// title is the title as the issue gets it, without the date.
func (in OpenInputs) title() string { return safetext.Title(in.Title) }

// Check sets the idempotency key. It rejects inputs without a title or with times in the wrong order. The same title on one day is the
// same incident, whatever its letter case and spaces.
func (in *OpenInputs) Check(keys workflow.Keys, labels incident.Labels) (err error) {
	if err := workflow.RequireText("title", in.Title, `prodctl incident open "Registry returns 500s"`); err != nil {
		return err
	}
	if !in.Started.IsZero() && !in.Detected.IsZero() && in.Detected.Before(in.Started) {
		return fault.New(fault.Usage, "Check both times: an incident is detected after it starts", "--detected is before --started")
	}
	in.Numbered = keys.Given == ""
	in.IdempotencyKey, err = keys.Key("incident", labels.Incident, "incident open", issue.NormalTitle(in.Title))
	return err
}

// OpenReader reads what `incident open` needs before it writes.
type OpenReader interface {
	workflow.NotesReader
	workflow.RoleReader
	// FindIssueAmong finds the issue with the key, and others with its content in the same list.
	FindIssueAmong(ctx context.Context, project string, o issue.IdempotencyKey) (found issue.Issue, exists bool, others []issue.Issue,
		err error)
	// OpenSince finds recent open issues with a title.
	OpenSince(ctx context.Context, project string, since time.Time, content issue.Content) ([]issue.Issue, error)
	// MayEdit reports whether a user may edit the issues of a project.
	MayEdit(ctx context.Context, project string, userID int64) (bool, error)
}

// Open plans `incident open`. In an outage every request before the first write is one more that can fail: there is one look-up
// of an existing incident, and none if the key is new.
type Open struct {
	workflow.Verified
	workflow.Afters
	Read     OpenReader
	Inputs   OpenInputs
	Labels   incident.Labels
	Template template.Template
	OnCall   func() string // sets Inputs.Duty once GitLab was read, so that no time is lost; nil: it is set
	Native   bool          // GitLab's own type of incidents
	plan.Origin

	found   issue.Issue
	related issue.Issue // with the same title, to link the new one to; ID 0: none
	worded  bool        // the input of this run is, or will be, in a comment of the found issue
	adopted bool        // this run makes an incident of the found issue
}

// Plan creates the issue first, unless it exists. Links and assignees follow; none of them blocks the issue or another one.
func (o *Open) Plan(ctx context.Context) (plan.Plan, error) {
	key, found, err := o.find(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	o.found = found
	p, err := o.Draft(key)
	if err != nil || found.ID == 0 {
		return p, err
	}
	steps, note, err := o.fill(ctx, key)
	if err != nil {
		return plan.Plan{}, err
	}
	if note != "" {
		p.Notes = append(p.Notes, note)
	}
	follow, err := o.followUp(plan.IssueRef{Ref: found.Ref}, nil)
	if len(found.Assignees) > 0 { // its assignees stay
		follow = slices.DeleteFunc(follow, func(s plan.Step) bool { return s.Key() == "assign" })
	}
	p.Steps, p.Observed = append(steps, follow...), workflow.SortObserved(append(p.Observed, workflow.ObservedIssue(found)))
	return p, err
}

// ForGuests allows everybody who may create issues: in an outage nothing is read that is not needed, and nobody is turned away.
func (o *Open) ForGuests() {}

// Found returns the incident that existed before this run, if any.
func (o *Open) Found() (issue.Issue, bool) { return o.found, o.found.ID != 0 }

// Created returns the incident that this run created, and its key.
func (o *Open) Created(rounds []workflow.Round) (i issue.Issue, key issue.IdempotencyKey, ours bool) {
	r, ours := workflow.DoneBy(rounds, func(step plan.Step) bool { return step.Key() == workflow.CreatedStep })
	if step, ok := r.Step.(plan.CreateIssue); ok {
		key = step.IdempotencyKey
	}
	return r.Issue, key, ours && r.Issue.Ref.IID != 0
}

// Draft is the plan that creates the incident. It needs no request.
func (o *Open) Draft(key issue.IdempotencyKey) (plan.Plan, error) {
	if o.OnCall != nil {
		o.Inputs.Duty = o.OnCall()
	}
	in := o.Inputs
	p := workflow.NewPlan(o.Origin, "incident open", in, workflow.Settings{o.Labels, string(o.Template), o.Native})
	p.Routine = true
	began := in.Started
	if began.IsZero() {
		began = in.Declared
	}
	text := o.description()
	p.Steps = append(p.Steps, plan.CreateIssue{
		Base: plan.Base{ID: workflow.CreatedStep}, In: target.ProjectAt(in.Project), IdempotencyKey: key,
		Draft: issue.Draft{
			Title: incident.Title(in.title(), began), Description: text, Actions: o.Template.ActionsIn(text),
			Labels: o.opening(in.Confidential), Confidential: in.Confidential, Incident: o.Native,
		}.Fitted(),
	})
	follow, err := o.followUp(workflow.CreatedIssue(in.Project), []string{workflow.CreatedStep})
	p.Steps = append(p.Steps, follow...)
	if o.related.ID != 0 && o.found.ID == 0 {
		p.Notes = append(p.Notes, o.whyRelated())
	}
	return p, err
}

// opening returns the labels of the incident.
func (o *Open) opening(confidential bool) []string {
	in := o.Inputs
	if confidential {
		return o.Labels.OpeningConfidential(in.Severity, in.DataLoss)
	}
	return o.Labels.Opening(in.Severity, in.Services, in.DataLoss)
}

// followUp returns the steps after the issue exists. All are safe to repeat.
func (o *Open) followUp(on plan.IssueRef, after []string) ([]plan.Step, error) {
	links := o.Inputs.Links
	if o.related.ID != 0 && o.found.ID == 0 {
		links = append(slices.Clone(links), o.related.Ref.String())
	}
	steps, err := workflow.LinkSteps(on, after, links, incident.Reconciler{Labels: o.Labels})
	if len(o.Inputs.Assign) > 0 {
		steps = append(steps, plan.AssignIssue{Base: plan.Base{ID: "assign", After: after}, On: on, Users: o.Inputs.Assign})
	} else if o.Inputs.Duty != "" {
		steps = append(steps, plan.AssignIssue{Base: plan.Base{ID: "assign", After: after}, On: on, Users: []string{o.Inputs.Duty}, Duty: true})
	}
	return steps, err
}

// description is the template filled with what is known. The rest is left for people to write.
func (o *Open) description() string {
	in := o.Inputs
	return strings.TrimSpace(o.Template.Fill(map[string]string{
		"title":    workflow.Line(in.Title),
		"summary":  safetext.Passage(in.Text),
		"severity": in.Severity.String(),
		"services": workflow.Line(strings.Join(in.Services, ", ")),
		"impact":   in.Impact,
		"timeline": incident.NewTimeline(in.Started, in.Detected, in.Declared),
		"record": incident.NewRecord(incident.Opening{Started: in.Started, Detected: in.Detected, Severity: in.Severity,
			Impact: in.Impact, Services: in.Services, DataLoss: in.DataLoss}),
	}))
}
