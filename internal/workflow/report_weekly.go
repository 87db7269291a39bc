package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/report"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// ReportInputs are what `report weekly --post` was asked; a plan file keeps them.
type ReportInputs struct {
	From, To string // the days of the period, the last one included
	View     string // how it is told: oncall or call
	Close    bool   // close the issue of the week before
	Reveal   bool   // tell what confidential issues are about also where others can read it
}

// ReportPost is `report weekly --post`: the report goes into the description of an issue, between two hidden lines, whoever makes that issue first.
type ReportPost struct {
	Verified
	Reports
	Inputs       ReportInputs
	Period       report.Period
	Now          time.Time
	In           string      // the project of the issue
	Issue        handoff.Log // that the report stands in
	Before       handoff.Log // of the week before, which --close closes
	Confidential bool        // the issue is made as a confidential one
	// Text is the report as it is posted; whole tells also what confidential issues are about.
	Text  func(r ReadReport, whole bool) (string, error)
	Host  string
	Words []string
	Today calendar.Date
}

// ReportKind is what the steps that settle a report are called.
const ReportKind = "report"

// Plan makes the issue with the report in it, or puts the report into the one that is there. A report that stands there already takes no step.
func (r *ReportPost) Plan(ctx context.Context) (plan.Plan, error) {
	inputs, err := json.Marshal(r.Inputs)
	if err != nil {
		return plan.Plan{}, err
	}
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
	p := plan.Plan{Command: "report weekly", Words: r.Words, Inputs: inputs, Host: r.Host, Today: r.Today, Routine: true,
		Seen: append(asked(inputs, r.Incidents, r.Changes, r.Delta, r.Oncall, r.Log.Label, r.Issue, r.Confidential), fingerprint("the report", open, whole))}
	ledger := func() *report.Ledger { return &report.Ledger{Open: open, Whole: whole} }
	if seen.there {
		p.Seen = append(p.Seen, fingerprint(issueName(seen.found.Ref), seen.found.Description, seen.found.Confidential))
	}
	if p.Steps, err = r.steps(seen, ledger); err != nil {
		return plan.Plan{}, err
	}
	if seen.there && len(p.Steps) == 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("the report stands in %s as it is: %s", seen.found.Ref, seen.found.WebURL))
	}
	if r.Inputs.Close {
		r.close(&p, seen)
	}
	p.Seen = sortSeen(p.Seen)
	return p, nil
}

// lookedAt is what a plan is made from.
type lookedAt struct {
	read               ReadReport
	found, last        issue.Issue // the report's issue, and that of the week before
	there, lastIsThere bool
}

func (r *ReportPost) look(ctx context.Context) (seen lookedAt, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { seen.read, err = r.Weekly(ctx, r.Period, r.Now); return err })
	g.Go(func() (err error) {
		seen.found, seen.there, err = r.Read.FindIssue(ctx, r.In, r.Issue.Once(r.Log.Label))
		return err
	})
	if r.Inputs.Close {
		g.Go(func() (err error) {
			seen.last, seen.lastIsThere, err = r.Read.FindIssue(ctx, r.In, r.Before.Once(r.Log.Label))
			return err
		})
	}
	return seen, g.Wait()
}

func (r *ReportPost) steps(seen lookedAt, ledger func() *report.Ledger) ([]plan.Step, error) {
	settle := plan.SettleIssue{Base: plan.Base{ID: "settle"}, Title: r.Issue.Title, Kind: ReportKind, Ledger: ledger()}
	if !seen.there {
		draft, once := r.Issue.Draft(r.Log.Label, r.Confidential), r.Issue.Once(r.Log.Label)
		once.Looked = true
		var err error
		if draft.Description, err = report.Within(draft.Description, ledger().Text(r.Confidential)); err != nil {
			return nil, err
		}
		settle.On, settle.After = newIssue(r.In), []string{made} // changes nothing, unless somebody else has just made the issue
		return []plan.Step{plan.CreateIssue{Base: plan.Base{ID: made}, In: target.ProjectAt(r.In), Draft: draft, Once: once}, settle}, nil
	}
	settle.On, settle.Title = plan.IssueRef{Ref: seen.found.Ref}, shownTitle(seen.found)
	change, err := ledger().Settle(seen.found, nil)
	switch {
	case err != nil:
		return nil, fault.Wrap(fault.Refused, err, "mend the hidden lines in "+seen.found.WebURL+", or delete what is left of them: the report is then written anew", "the report was not written")
	case change.Empty():
		return nil, nil
	}
	return []plan.Step{settle}, nil
}

// close adds the closing of the issue of the week before, after everything else.
func (r *ReportPost) close(p *plan.Plan, seen lookedAt) {
	last := seen.last
	if seen.lastIsThere {
		p.Seen = append(p.Seen, seenIssue(last))
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
		p.Steps = append(p.Steps, plan.UpdateIssue{Base: plan.Base{ID: "close", After: after}, Ref: last.Ref, Title: shownTitle(last),
			Change: issue.Change{State: new(issue.Closed)}})
	}
}

// ReportInputsOf reads what a saved plan was asked.
func ReportInputsOf(p plan.Plan) (ReportInputs, error) {
	var in ReportInputs
	if err := json.Unmarshal(p.Inputs, &in); err != nil {
		return ReportInputs{}, fault.Wrap(fault.Usage, err, "make the plan again", "the plan's inputs")
	}
	return in, nil
}
