package incident

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/followup"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Remind plans `incident actions --remind`: a comment on each overdue action that mentions its owners, at most one in seven days.
type Remind struct {
	workflow.Verified
	Actions
	Comments interface {
		TrustedNotes(context.Context, issue.Ref) ([]issue.Note, error)
	}
	plan.Origin

	first issue.Ref // the first action that gets a reminder
}

// RemindCommand is the name of the command in plans.
const RemindCommand = "incident actions --remind"

// NeedsRole returns an action: reminders count only from people who may change it.
func (r *Remind) NeedsRole() issue.Ref { return cmp.Or(r.first, issue.Ref{Project: r.In}) }

// Plan lists the overdue actions, and reads the comments of each.
func (r *Remind) Plan(ctx context.Context) (plan.Plan, error) {
	r.Inputs.Overdue = true
	list, notes, err := r.List(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	comments := make([][]issue.Note, len(list))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, a := range list {
		g.Go(func() (err error) { comments[n], err = r.Comments.TrustedNotes(gctx, a.Issue.Ref); return err })
	}
	if err := g.Wait(); err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(r.Origin, RemindCommand, r.Inputs, workflow.Settings{r.Labels, r.Teams, r.In, r.Trackers})
	p.Notes, p.Satisfied = notes, []string{}
	var waiting []string
	for n, a := range list {
		last, reminded := followup.LastReminder(comments[n])
		p.Observed = append(p.Observed, r.observed(a, last))
		reminder, due := a.Reminder(comments[n], r.Calendar)
		switch {
		case due:
			p.Steps, r.first = append(p.Steps, r.step(a, reminder, last)), cmp.Or(r.first, a.Issue.Ref)
			continue
		case reminded:
			waiting = append(waiting, fmt.Sprintf("%s (next on %s)", a.Issue.Ref, followup.Again(last, r.Calendar)))
			p.Steps = append(p.Steps, r.retire(a.Issue, comments[n], last)...)
		}
		p.Satisfied = append(p.Satisfied, workflow.IssueName(a.Issue.Ref))
	}
	p.Observed = workflow.SortObserved(p.Observed)
	switch {
	case len(list) == 0:
		p.Notes = append(p.Notes, "No overdue corrective actions")
	case len(waiting) > 0:
		p.Notes = append(p.Notes, fmt.Sprintf("Reminded in the last %d days: %s", followup.Every, strings.Join(waiting, ", ")))
	}
	return p, nil
}

// observed is what a reminder depends on: other comments do not matter.
func (r *Remind) observed(a followup.Action, last eventlog.Event) plan.Fingerprint {
	from := ""
	if a.Incident != nil {
		from = a.Incident.Issue.Ref.String()
	}
	return workflow.Fingerprint(workflow.IssueName(a.Issue.Ref), a.Issue.Due.String(), strings.Join(a.Issue.Assignees, ","), from,
		string(a.Severity), last.NoteID)
}

func (r *Remind) step(a followup.Action, reminder followup.Reminder, last eventlog.Event) plan.Step {
	since := last.Posted
	if since.IsZero() {
		since = a.Issue.Due.Midnight(r.Calendar.Zone).Add(-workflow.Slack)
	}
	return plan.CreateNote{Base: plan.Base{ID: "remind/" + a.Issue.Ref.String()}, On: plan.IssueRef{Ref: a.Issue.Ref},
		Title: workflow.ShownTitle(a.Issue), Note: issue.NoteDraft{Body: eventlog.Body(reminder.Event, reminder.Heading)},
		IdempotencyKey: issue.IdempotencyKey{Kind: followup.NoteKind, Name: reminder.Name, Since: since.UTC().Truncate(time.Second),
			Searched: true}}
}

// retire returns the step that deletes a duplicate of the last reminder, which a request that was carried out late can leave.
func (r *Remind) retire(i issue.Issue, notes []issue.Note, last eventlog.Event) []plan.Step {
	if !slices.ContainsFunc(eventlog.Duplicates(notes, followup.Kind), func(e eventlog.Event) bool { return e.Key == last.Key }) {
		return nil
	}
	step := workflow.Again(i, notes, last)
	step.ID = "remind/" + i.Ref.String()
	return []plan.Step{step}
}
