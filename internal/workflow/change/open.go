package change

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/target"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

// OpenInputs are the inputs of `change open`, as saved in a plan file.
type OpenInputs struct {
	Project        string
	Request        change.Request
	Links          []string // full references
	Confidential   bool
	IdempotencyKey issue.IdempotencyKey
}

// Check sets the idempotency key of the change: the same plan on one day is the same change. All problems of the plan, which comes from a
// file, from flags or both, are one error.
func (in *OpenInputs) Check(file manifest.ChangeFile, keys workflow.Keys, labels change.Labels) (err error) {
	if err := file.Check(in.Request, keys.Now); err != nil {
		return fault.Wrap(fault.Usage, err, fault.HintOf(err), "")
	}
	in.Request.Title = strings.TrimSpace(in.Request.Title)
	start := ""
	if !in.Request.Start.IsZero() {
		start = in.Request.Start.UTC().Format(time.RFC3339)
	}
	in.IdempotencyKey, err = keys.Key("change", labels.Change, "change open", issue.NormalTitle(in.Request.Title), start,
		strings.ToLower(in.Request.RetryOf))
	return err
}

// OpenReader reads what `change open` needs before it writes.
type OpenReader interface {
	UserReader
	workflow.IssueFinder
	workflow.IssueLister
	workflow.NotesReader
}

// Open plans `change open`: an issue for a scheduled change in the production queue. Planning sends no request, unless the plan names an
// executor, the caller chose the key, or other changes may clash with the window of a C1 or C2 change.
type Open struct {
	workflow.Verified
	Read     OpenReader
	Inputs   OpenInputs
	Labels   change.Labels
	Template template.Template
	Zone     *time.Location // the team's time zone
	Locks    []lock.Lock
	plan.Origin

	found issue.Issue
}

// Found returns the change that the caller's key found, if any.
func (o *Open) Found() (issue.Issue, bool) { return o.found, o.found.ID != 0 }

// Plan creates the issue first; the executor and links follow. Check has already rejected an incomplete request.
func (o *Open) Plan(ctx context.Context) (plan.Plan, error) {
	var clashes []string
	var looked sync.WaitGroup
	looked.Go(func() { clashes = o.clashes(ctx) })
	err := o.checkExecutor(ctx)
	looked.Wait()
	if err != nil {
		return plan.Plan{}, err
	}
	p, err := o.plan(ctx)
	p.Notes = append(p.Notes, clashes...)
	return p, err
}

func (o *Open) plan(ctx context.Context) (plan.Plan, error) {
	in := o.Inputs
	key := in.IdempotencyKey
	if key.Derived || key.Unique {
		return o.Draft(key)
	}
	found, exists, err := o.Read.FindIssue(ctx, in.Project, key)
	if err != nil {
		return plan.Plan{}, err
	}
	if o.found = found; !exists {
		key.Searched = true
		return o.Draft(key)
	}
	p, err := o.Draft(key)
	if err != nil {
		return plan.Plan{}, err
	}
	words, note, err := workflow.OtherWords(ctx, o.Read, found, key, in.Request.Title)
	if err != nil {
		return plan.Plan{}, err
	}
	follow, err := o.followUp(plan.IssueRef{Ref: found.Ref}, nil)
	p.Steps, p.Observed = append(words, follow...), workflow.SortObserved(append(p.Observed, workflow.ObservedIssue(found)))
	if note != "" {
		p.Notes = append(p.Notes, note)
	}
	return p, err
}

// Draft is the plan that creates the change. It needs no request.
func (o *Open) Draft(key issue.IdempotencyKey) (plan.Plan, error) {
	in := o.Inputs
	p := workflow.NewPlan(o.Origin, "change open", in, workflow.Settings{o.Labels, string(o.Template)})
	p.Routine = true
	text := o.description()
	draft := issue.Draft{Title: safetext.Title(in.Request.Title), Description: text, Actions: o.Template.ActionsIn(text),
		Labels: o.Labels.Opening(change.Scheduled, in.Request.Criticality), Confidential: in.Confidential}
	if !in.Request.Start.IsZero() {
		draft.Due = calendar.DateOf(in.Request.Window().To.In(o.Zone))
	}
	p.Steps = append(p.Steps, plan.CreateIssue{Base: plan.Base{ID: workflow.CreatedStep}, In: target.ProjectAt(in.Project),
		IdempotencyKey: key, Draft: draft.Fitted()})
	follow, err := o.followUp(workflow.CreatedIssue(in.Project), []string{workflow.CreatedStep})
	p.Steps = append(p.Steps, follow...)
	return p, err
}

// followUp returns the steps after the issue exists. All are safe to repeat.
func (o *Open) followUp(on plan.IssueRef, after []string) ([]plan.Step, error) {
	steps, err := workflow.LinkSteps(on, after, o.Inputs.Links, change.Reconciler{Labels: o.Labels})
	if who := o.Inputs.Request.Executor; who != "" && err == nil {
		steps = append(steps, plan.AssignIssue{Base: plan.Base{ID: "assign", After: after}, On: on, Users: []string{who}})
	}
	return steps, err
}

// checkExecutor rejects an executor who is not a user of this GitLab. Approvals are for the executor too.
func (o *Open) checkExecutor(ctx context.Context) error {
	name := o.Inputs.Request.Executor
	if name == "" {
		return nil
	}
	_, err := o.Read.UserByName(ctx, target.ProjectAt(o.Inputs.Project), name)
	if errors.Is(err, fault.NotFound) {
		return fault.Wrap(fault.Usage, err, "Set the executor to a GitLab user name, such as ines", "executor")
	}
	return err
}

// description fills the template with the request.
func (o *Open) description() string {
	r := o.Inputs.Request
	return strings.TrimSpace(o.Template.Fill(map[string]string{
		"title": workflow.Line(r.Title), "reason": or(safetext.Passage(r.Reason), "not specified"), "criticality": r.Criticality.String(),
		"start": o.moment(r.Start), "duration": o.length(r.Estimate()), "window": o.window(),
		"services":    or(workflow.Line(strings.Join(r.Services, ", ")), "all"),
		"environment": or(workflow.Line(r.Environment), "not specified"), "executor": or(unmentioned(r.Executor), "not assigned"),
		"impact": o.impact(), "communication": or(safetext.Passage(r.Communication), "none planned"),
		"preparation": numbered(r.Preparation), "steps": numbered(r.Steps),
		"check_before": ticked(r.CheckBefore), "check_after": ticked(r.CheckAfter),
		"rollback": o.rollback(), "monitoring": or(safetext.Passage(r.Monitoring), "not specified"), "record": r.Record(),
	}))
}

// unmentioned is how people read a user name where a mention would notify: without @, or what the account is.
func unmentioned(username string) string {
	if account.IsPerson(username) {
		return workflow.Line(username)
	}
	return account.Name(username)
}

func (o *Open) impact() string {
	i := o.Inputs.Request.Impact
	parts := []string{or(string(i.Type), "not specified")}
	if i.Text != "" {
		parts = append(parts, safetext.Passage(i.Text))
	}
	if i.Excluded {
		parts = append(parts, "downtime in the window is approved with this change")
	} else if i.Downtime > 0 {
		parts = append(parts, "downtime "+change.FormatMinutes(i.Downtime))
	}
	separator := "; "
	if strings.Contains(strings.Join(parts, ""), "\n") {
		separator = "\n\n"
	}
	return strings.Join(parts, separator)
}

func (o *Open) rollback() string {
	b := o.Inputs.Request.Rollback
	var parts []string
	if b.Text != "" {
		parts = append(parts, safetext.Passage(b.Text))
	}
	if len(b.Steps) > 0 {
		parts = append(parts, numbered(b.Steps))
	}
	if b.Minutes > 0 {
		parts = append(parts, fmt.Sprintf("Duration: %s", change.FormatMinutes(time.Duration(b.Minutes)*time.Minute)))
	}
	return or(strings.Join(parts, "\n\n"), "not specified")
}

// moment formats a time in UTC, and in the team's time zone if that is another.
func (o *Open) moment(t time.Time) string {
	if t.IsZero() {
		return "not planned"
	}
	text := t.UTC().Format("2006-01-02 15:04 UTC")
	if local := t.In(o.Zone); o.Zone != time.UTC && o.Zone.String() != "UTC" {
		text += local.Format(" (15:04 in ") + o.Zone.String() + ")"
	}
	return text
}

func (o *Open) window() string {
	w := o.Inputs.Request.Window()
	if w.From.IsZero() {
		return "not planned"
	}
	return o.moment(w.From) + " to " + o.moment(w.To)
}

func (o *Open) length(d time.Duration) string {
	if d <= 0 {
		return "unknown"
	}
	return change.FormatMinutes(d)
}

// numbered formats steps as a numbered list in Markdown.
func numbered(steps []change.Step) string {
	var lines []string
	for n, s := range steps {
		text := safetext.Passage(s.Do)
		if s.Minutes > 0 {
			text += fmt.Sprintf("%s(%d min)", map[bool]string{true: "\n\n", false: " "}[strings.Contains(text, "\n")], s.Minutes)
		}
		lines = append(lines, item(fmt.Sprintf("%d. ", n+1), text))
	}
	return or(strings.Join(lines, "\n"), "none")
}

// ticked formats a task list in Markdown.
func ticked(items []string) string {
	var lines []string
	for _, i := range items {
		lines = append(lines, item("- [ ] ", safetext.Passage(i)))
	}
	return or(strings.Join(lines, "\n"), "none")
}

// item formats an item of a list. Several lines are a paragraph of their own if text comes before them, as a check box does.
func item(mark, text string) string {
	return string(template.Template(mark + "{text}").Fill(map[string]string{"text": text}))
}

func or(s, otherwise string) string {
	if strings.TrimSpace(s) == "" {
		return otherwise
	}
	return s
}
