package report

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/report"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// PostInputs are the inputs of `report weekly --post`. A plan file stores them.
type PostInputs struct {
	From, To string // first and last day, inclusive
	View     string // oncall or call
	Close    bool   // close the issue of the week before
	Reveal   bool   // show confidential issues in full even if others can read the report
}

// Check rejects --close for a report that does not cover a week.
func (in PostInputs) Check(p report.Period) error {
	if in.Close && !p.IsWeek() {
		return fault.New(fault.Usage, "Remove --close, or report on seven days, such as --week last",
			"--close requires a report on a week, and %s to %s is not one", p.From, p.To)
	}
	return nil
}

// Period returns the days of the report in a time zone. Days that cannot be parsed mean that somebody edited the plan file.
func (in PostInputs) Period(zone *time.Location) (report.Period, error) {
	from, errFrom := calendar.ParseDate(in.From)
	to, errTo := calendar.ParseDate(in.To)
	if err := errors.Join(errFrom, errTo); err != nil {
		return report.Period{}, fault.Wrap(fault.Usage, err, "Create the plan file again", "invalid inputs in the plan file")
	}
	return report.Period{From: from, To: to, Zone: zone}, nil
}

// Post is `report weekly --post`. It writes the report between two hidden lines of the log issue's description. The hand-off or the
// report creates that issue, whichever runs first.
type Post struct {
	workflow.Verified
	Reports
	Moves        workflow.Moves
	Inputs       PostInputs
	Period       report.Period
	Now          time.Time
	In           string      // the project of the issue
	Issue        handoff.Log // the log issue with the report
	Previous     handoff.Log // the log issue of the week before, which --close closes
	Confidential bool        // create the issue as confidential
	// Text renders the report as it is posted. With reveal it shows confidential issues in full.
	Text func(r Result, reveal bool) (string, error)
	plan.Origin
}

// Kind is the kind of the steps that reconcile a report.
const Kind = "report"

// Plan creates the issue with the report, or puts the report into the existing issue. It plans no step if the issue already has this
// report.
func (r *Post) Plan(ctx context.Context) (plan.Plan, error) {
	observed, err := r.observe(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	full, err := r.Text(observed.data, true)
	if err != nil {
		return plan.Plan{}, err
	}
	redacted, err := r.Text(observed.data, r.Inputs.Reveal)
	if err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(r.Origin, "report weekly", r.Inputs, workflow.Settings{r.Incidents, r.Changes, r.Delta, r.Oncall, r.Log.Label,
		r.Issue, r.Confidential}, workflow.Fingerprint("the report", redacted, full))
	p.Routine, p.Discloses = true, r.Inputs.Reveal || observed.found.Confidential || !observed.exists && r.Confidential
	reconciler := func() *report.Reconciler { return &report.Reconciler{Redacted: redacted, Full: full} }
	if observed.exists {
		found := observed.found
		p.Observed = append(p.Observed, workflow.Fingerprint(workflow.IssueName(found.Ref), found.Description, found.Confidential))
	}
	if p.Steps, err = r.steps(observed, reconciler); err != nil {
		return plan.Plan{}, err
	}
	if observed.exists && len(p.Steps) == 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("No change: the report is already in %s: %s", observed.found.Ref, observed.found.WebURL))
	}
	if r.Inputs.Close {
		r.close(&p, observed)
	}
	p.Observed = workflow.SortObserved(p.Observed)
	return p, nil
}

// snapshot is what a plan is made from.
type snapshot struct {
	data                   Result
	found, previous        issue.Issue // the log issue with the report, and that of the week before
	exists, previousExists bool
}

func (r *Post) observe(ctx context.Context) (observed snapshot, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { observed.data, err = r.Weekly(ctx, r.Period, r.Now); return err })
	g.Go(func() (err error) { observed.found, observed.exists, err = r.find(ctx, r.Issue); return err })
	if r.Inputs.Close {
		g.Go(func() (err error) {
			observed.previous, observed.previousExists, err = r.find(ctx, r.Previous)
			return err
		})
	}
	return observed, g.Wait()
}

// find looks for a log issue by its key. The key follows from the week, so a retry finds the issue without further input.
func (r *Post) find(ctx context.Context, log handoff.Log) (issue.Issue, bool, error) {
	found, exists, err := r.Client.FindIssue(ctx, r.In, log.IdempotencyKey(r.Log.Label))
	if search, ok := errors.AsType[*idempotency.Error](err); ok && !search.Sent { // nothing is lost, and the caller did not choose the key
		return found, exists, search.Err
	}
	if err != nil {
		return found, exists, err
	}
	return found, exists, r.Moves.Admit(ctx, found, r.In, r.Confidential)
}

func (r *Post) steps(observed snapshot, reconciler func() *report.Reconciler) ([]plan.Step, error) {
	reconcile := plan.ReconcileIssue{Base: plan.Base{ID: "reconcile"}, Title: r.Issue.Title, Kind: Kind, Reconciler: reconciler()}
	if !observed.exists {
		draft, key := r.Issue.Draft(r.Log.Label, r.Confidential), r.Issue.IdempotencyKey(r.Log.Label)
		key.Searched = true
		var err error
		if draft.Description, err = report.Embed(draft.Description, reconciler().Text(r.Confidential)); err != nil {
			return nil, err
		}
		// The second step changes nothing, unless somebody else has just created the issue.
		reconcile.On, reconcile.After = workflow.CreatedIssue(r.In), []string{workflow.CreatedStep}
		return []plan.Step{plan.CreateIssue{Base: plan.Base{ID: workflow.CreatedStep}, In: target.ProjectAt(r.In), Draft: draft,
			IdempotencyKey: key},
			reconcile}, nil
	}
	reconcile.On, reconcile.Title = plan.IssueRef{Ref: observed.found.Ref}, workflow.ShownTitle(observed.found)
	change, err := reconciler().Reconcile(observed.found, nil)
	switch {
	case err != nil:
		return nil, fault.Wrap(fault.Refused, err,
			"Fix the two hidden lines in "+observed.found.WebURL+", or delete both, then run the same command again",
			"the report was not written")
	case change.Empty():
		return nil, nil
	}
	return []plan.Step{reconcile}, nil
}

// close adds a last step that closes the log issue of the week before.
func (r *Post) close(p *plan.Plan, observed snapshot) {
	previous := observed.previous
	if observed.previousExists {
		p.Observed = append(p.Observed, workflow.ObservedIssue(previous))
	}
	switch {
	case !observed.previousExists:
		p.Notes = append(p.Notes, fmt.Sprintf("Nothing to close: no log issue for %s", r.Previous.Name))
	case !previous.Open():
		p.Notes = append(p.Notes, fmt.Sprintf("Already closed: %s (%s)", previous.Ref, r.Previous.Name))
	default:
		var after []string
		for _, s := range p.Steps {
			after = append(after, s.Key())
		}
		p.Steps = append(p.Steps, plan.UpdateIssue{Base: plan.Base{ID: "close", After: after}, Ref: previous.Ref,
			Title: workflow.ShownTitle(previous), Change: issue.Change{State: new(issue.Closed)}})
	}
}
