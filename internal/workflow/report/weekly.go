package report

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/report"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// PostInputs are what `report weekly --post` was asked; a plan file keeps them.
type PostInputs struct {
	From, To string // the days of the period, the last one included
	View     string // how it is told: oncall or call
	Close    bool   // close the issue of the week before
	Reveal   bool   // tell what confidential issues are about also where others can read it
}

// Check refuses to close the issue of the week before after a report that is not of a week.
func (in PostInputs) Check(p report.Period) error {
	if in.Close && !p.IsWeek() {
		return fault.New(fault.Usage, "leave out --close, or report about a week",
			"--close closes the issue of the week before, and %s to %s is no week", p.From, p.To)
	}
	return nil
}

// Period is the days of the report in a zone. Where they cannot be read, a plan file was changed by hand.
func (in PostInputs) Period(zone *time.Location) (report.Period, error) {
	from, errFrom := calendar.ParseDate(in.From)
	to, errTo := calendar.ParseDate(in.To)
	if err := errors.Join(errFrom, errTo); err != nil {
		return report.Period{}, fault.Wrap(fault.Usage, err, "make the plan again", "the plan's inputs")
	}
	return report.Period{From: from, To: to, Zone: zone}, nil
}

// Post is `report weekly --post`: the report goes into the description of an issue, between two hidden lines, whoever makes that issue
// first.
type Post struct {
	workflow.Verified
	Reports
	Inputs       PostInputs
	Period       report.Period
	Now          time.Time
	In           string      // the project of the issue
	Issue        handoff.Log // that the report stands in
	Before       handoff.Log // of the week before, which --close closes
	Confidential bool        // the issue is made as a confidential one
	// Text is the report as it is posted; whole tells also what confidential issues are about.
	Text func(r Read, whole bool) (string, error)
	plan.Origin
}

// Kind is what the steps that settle a report are called.
const Kind = "report"

// Plan makes the issue with the report in it, or puts the report into the one that is there. A report that stands there already takes no
// step.
func (r *Post) Plan(ctx context.Context) (plan.Plan, error) {
	seen, err := r.look(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	whole, err := r.Text(seen.read, true)
	if err != nil {
		return plan.Plan{}, err
	}
	open, err := r.Text(seen.read, r.Inputs.Reveal)
	if err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(r.Origin, "report weekly", r.Inputs, workflow.Settings{r.Incidents, r.Changes, r.Delta, r.Oncall, r.Log.Label,
		r.Issue, r.Confidential}, workflow.Fingerprint("the report", open, whole))
	p.Routine = true
	reconciler := func() *report.Reconciler { return &report.Reconciler{Open: open, Whole: whole} }
	if seen.there {
		p.Observed = append(p.Observed, workflow.Fingerprint(workflow.IssueName(seen.found.Ref), seen.found.Description, seen.found.Confidential))
	}
	if p.Steps, err = r.steps(seen, reconciler); err != nil {
		return plan.Plan{}, err
	}
	if seen.there && len(p.Steps) == 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("the report stands in %s as it is: %s", seen.found.Ref, seen.found.WebURL))
	}
	if r.Inputs.Close {
		r.close(&p, seen)
	}
	p.Observed = workflow.SortObserved(p.Observed)
	return p, nil
}

// lookedAt is what a plan is made from.
type lookedAt struct {
	read               Read
	found, last        issue.Issue // the report's issue, and that of the week before
	there, lastIsThere bool
}

func (r *Post) look(ctx context.Context) (seen lookedAt, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { seen.read, err = r.Weekly(ctx, r.Period, r.Now); return err })
	g.Go(func() (err error) { seen.found, seen.there, err = r.find(ctx, r.Issue); return err })
	if r.Inputs.Close {
		g.Go(func() (err error) { seen.last, seen.lastIsThere, err = r.find(ctx, r.Before); return err })
	}
	return seen, g.Wait()
}

// find looks for an issue of the log. Its key follows from the week, so that it takes no words of the caller's to find it again.
func (r *Post) find(ctx context.Context, log handoff.Log) (issue.Issue, bool, error) {
	found, there, err := r.Read.FindIssue(ctx, r.In, log.IdempotencyKey(r.Log.Label))
	if err != nil {
		err = fault.Wrap(fault.KindOf(err), err, "run the same command again; prodctl doctor tells what the token may see", "")
	}
	return found, there, err
}

func (r *Post) steps(seen lookedAt, reconciler func() *report.Reconciler) ([]plan.Step, error) {
	settle := plan.ReconcileIssue{Base: plan.Base{ID: "reconcile"}, Title: r.Issue.Title, Kind: Kind, Reconciler: reconciler()}
	if !seen.there {
		draft, once := r.Issue.Draft(r.Log.Label, r.Confidential), r.Issue.IdempotencyKey(r.Log.Label)
		once.Searched = true
		var err error
		if draft.Description, err = report.Within(draft.Description, reconciler().Text(r.Confidential)); err != nil {
			return nil, err
		}
		// It changes nothing, unless somebody else has just made the issue.
		settle.On, settle.After = workflow.CreatedIssue(r.In), []string{workflow.CreatedStep}
		return []plan.Step{plan.CreateIssue{Base: plan.Base{ID: workflow.CreatedStep}, In: target.ProjectAt(r.In), Draft: draft,
			IdempotencyKey: once},
			settle}, nil
	}
	settle.On, settle.Title = plan.IssueRef{Ref: seen.found.Ref}, workflow.ShownTitle(seen.found)
	change, err := reconciler().Reconcile(seen.found, nil)
	switch {
	case err != nil:
		return nil, fault.Wrap(fault.Refused, err,
			"mend the hidden lines in "+seen.found.WebURL+", or delete what is left of them: the report is then written anew",
			"the report was not written")
	case change.Empty():
		return nil, nil
	}
	return []plan.Step{settle}, nil
}

// close adds the closing of the issue of the week before, after everything else.
func (r *Post) close(p *plan.Plan, seen lookedAt) {
	last := seen.last
	if seen.lastIsThere {
		p.Observed = append(p.Observed, workflow.ObservedIssue(last))
	}
	switch {
	case !seen.lastIsThere:
		p.Notes = append(p.Notes, fmt.Sprintf("nothing to close: there is no issue for %s", r.Before.Name))
	case !last.Open():
		p.Notes = append(p.Notes, fmt.Sprintf("%s, of %s, is closed already", last.Ref, r.Before.Name))
	default:
		var after []string
		for _, s := range p.Steps {
			after = append(after, s.Key())
		}
		p.Steps = append(p.Steps, plan.UpdateIssue{Base: plan.Base{ID: "close", After: after}, Ref: last.Ref, Title: workflow.ShownTitle(last),
			Change: issue.Change{State: new(issue.Closed)}})
	}
}
