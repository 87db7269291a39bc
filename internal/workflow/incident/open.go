package incident

import (
	"context"
	"fmt"
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

// OpenInputs are what `incident open` was asked; a plan file keeps them.
type OpenInputs struct {
	Project        string
	Title          string // as typed
	Text           string // what is known, as typed
	Severity       incident.Severity
	Services       []string
	Impact         string    // exact decimal from 0 to 1; empty: not said
	DataLoss       bool      // somebody believes that data was lost
	Started        time.Time // UTC; zero: not said
	Detected       time.Time // UTC; zero: not said
	Declared       time.Time // when the command was typed, UTC
	Links          []string  // full references
	Assign         []string  // user names without @
	Duty           string    `json:",omitempty"` // who is on call, when nobody was named; empty: not known, or not wanted
	Confidential   bool
	IdempotencyKey issue.IdempotencyKey
	Numbered       bool // the key stands for the words: when what they opened is over, they open another one
}

// Check sets the key by which the incident is found again, and refuses inputs without a title or with times in the wrong order. The same
// title on one day is the same incident, whatever its letter case and spaces.
func (in *OpenInputs) Check(keys workflow.Keys, labels incident.Labels) (err error) {
	if err := workflow.RequireText(in.Title, `prodctl incident open "Registry returns 500s"`); err != nil {
		return err
	}
	if !in.Started.IsZero() && !in.Detected.IsZero() && in.Detected.Before(in.Started) {
		return fault.New(fault.Usage, "say when it began with --started, and when it was noticed with --detected",
			"it was noticed before it began")
	}
	in.Numbered = keys.Given == "" && keys.Job.Pipeline == ""
	in.IdempotencyKey, err = keys.Key("incident", labels.Incident, "incident open", in.Project,
		strings.ToLower(strings.Join(strings.Fields(in.Title), " ")))
	return err
}

// Open is `incident open` (SPEC 7). In an outage every request that comes before the first write is one that may fail: there is one look
// whether the incident is there already, and none with a fresh key.
type Open struct {
	workflow.Verified
	Read     workflow.IssueFinder
	Inputs   OpenInputs
	Labels   incident.Labels
	Template template.Template
	plan.Origin

	found issue.Issue
}

// Plan makes the issue first, if it is not there. Links and people follow, and hold up neither it nor each other.
func (o *Open) Plan(ctx context.Context) (plan.Plan, error) {
	once, found, err := o.find(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	o.found = found
	p, err := o.Draft(once)
	if err != nil || found.ID == 0 {
		return p, err
	}
	follow, err := o.followUp(plan.IssueRef{Ref: found.Ref}, nil)
	if len(found.Assignees) > 0 { // whoever has it keeps it
		follow = slices.DeleteFunc(follow, func(s plan.Step) bool { return s.Key() == "assign" })
	}
	p.Steps, p.Observed = follow, workflow.SortObserved(append(p.Observed, workflow.ObservedIssue(found)))
	return p, err
}

// Found is the incident that was there already.
func (o *Open) Found() (issue.Issue, bool) { return o.found, o.found.ID != 0 }

// most is how often the same words may open an incident on one day.
const maxPerDay = 20

// look finds the incident of the key. When the key stands for the words alone, one that is over is another one: what comes back
// in the afternoon is not what was resolved in the morning. Then the key gets a number.
func (o *Open) find(ctx context.Context) (issue.IdempotencyKey, issue.Issue, error) {
	once := o.Inputs.IdempotencyKey
	if once.Unique {
		return once, issue.Issue{}, nil
	}
	for n := 2; ; n++ {
		found, there, err := o.Read.FindIssue(ctx, o.Inputs.Project, once)
		if err != nil || !there {
			once.Searched = true
			return once, issue.Issue{}, err
		}
		inc := incident.Of(found, o.Labels)
		over := inc.State.Over() || inc.State == incident.UnknownState && !found.Open()
		if !over || !o.Inputs.Numbered || n > maxPerDay {
			return once, found, nil
		}
		once.Name = fmt.Sprintf("%s-%d", o.Inputs.IdempotencyKey.Name, n)
	}
}

// Draft is the plan of an incident that is not there yet; it needs no request.
func (o *Open) Draft(once issue.IdempotencyKey) (plan.Plan, error) {
	in := o.Inputs
	p := workflow.NewPlan(o.Origin, "incident open", in, workflow.Settings{o.Labels, string(o.Template)})
	p.Routine = true
	began := in.Started
	if began.IsZero() {
		began = in.Declared
	}
	p.Steps = append(p.Steps, plan.CreateIssue{
		Base: plan.Base{ID: workflow.CreatedStep}, In: target.ProjectAt(in.Project), IdempotencyKey: once,
		Draft: issue.Draft{
			Title: incident.Title(safetext.Title(in.Title), began), Description: o.description(),
			Labels: o.Labels.Opening(in.Severity, in.Services, in.DataLoss), Confidential: in.Confidential,
		},
	})
	follow, err := o.followUp(workflow.CreatedIssue(in.Project), []string{workflow.CreatedStep})
	p.Steps = append(p.Steps, follow...)
	return p, err
}

// follow are the steps after the issue is there; all may be repeated.
func (o *Open) followUp(on plan.IssueRef, after []string) ([]plan.Step, error) {
	steps, err := workflow.LinkSteps(on, after, o.Inputs.Links, incident.Reconciler{Labels: o.Labels})
	if len(o.Inputs.Assign) > 0 {
		steps = append(steps, plan.AssignIssue{Base: plan.Base{ID: "assign", After: after}, On: on, Users: o.Inputs.Assign})
	} else if o.Inputs.Duty != "" {
		steps = append(steps, plan.AssignIssue{Base: plan.Base{ID: "assign", After: after}, On: on, Users: []string{o.Inputs.Duty}, Duty: true})
	}
	return steps, err
}

// description is the template filled with what is known. What is not known is left for people to write.
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
