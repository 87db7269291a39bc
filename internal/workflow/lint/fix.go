package lint

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lint"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Plan checks, and plans the fixes: first those of milestones, labels and the board, then those of issues.
func (l *Lint) Plan(ctx context.Context) (plan.Plan, error) {
	found, err := l.Check(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	l.found = found
	p := workflow.NewPlan(l.Origin, "lint --fix", l.Inputs, l.settings())
	for _, part := range found.plans {
		join(&p, part)
	}
	fixes := byIssue(found.Findings)
	events, err := l.events(ctx, fixes)
	if err != nil {
		return plan.Plan{}, err
	}
	moved := false
	for n, fix := range fixes {
		p.Steps = append(p.Steps, l.steps(fix, events[n], found.current)...)
		p.Observed = append(p.Observed, observed(fix.Issue, found.sweep))
		moved = moved || fix.ToCurrent
	}
	if moved {
		p.Notes = append(p.Notes, "GitLab notifies the participants of moved issues by email")
	}
	if left := len(found.Findings) - fixable(found.Findings); left > 0 {
		p.Notes = append(p.Notes, workflow.Count(left, "finding needs", "findings need")+" a person. To see them: prodctl lint")
	}
	p.Notes = append(p.Notes, found.Notes...)
	p.Observed = workflow.SortObserved(p.Observed)
	return p, nil
}

// settings are what the plan depends on besides GitLab and the options.
func (l *Lint) settings() workflow.Settings {
	var ignored []string
	for _, e := range l.Ignored {
		ignored = append(ignored, fmt.Sprint(e.Rule, e.Issue, e.Until))
	}
	return workflow.Settings{l.Settings, l.Rules, ignored, l.Boxes.Names, l.Boxes.Cadence, l.Work, l.Queue, l.Timebox}
}

// Verify asks for another plan if one of the commands does whose steps were applied.
func (l *Lint) Verify(ctx context.Context, p plan.Plan) (bool, error) {
	for _, d := range l.Drifts {
		own := p
		if d.Rule == lint.Unscheduled { // it knows only its own steps
			own = l.found.sweep
		}
		if !slices.Contains(l.Rules, d.Rule) {
			continue
		}
		if again, err := d.Verify(ctx, own); again || err != nil {
			return again, err
		}
	}
	return false, nil
}

// Left returns how many findings of the last check remain after their fixes.
func (l *Lint) Left() int { return len(l.found.Findings) - fixable(l.found.Findings) }

func fixable(list []lint.Finding) (n int) {
	for _, f := range list {
		if f.Fix != nil {
			n++
		}
	}
	return n
}

// join adds the steps of a command to the plan. A label that two commands would create, for the declared set and for a column, is created
// once: in the place of the first one.
func join(p *plan.Plan, part plan.Plan) {
	renamed := map[string]string{}
	for _, step := range part.Steps {
		if p.Index(step.Key()) >= 0 {
			continue
		}
		if s, ok := step.(plan.CreateLabel); ok {
			if key := creates(*p, s.Label.Name); key != "" {
				renamed[step.Key()] = key
				continue
			}
		}
		p.Steps = append(p.Steps, redirected(step, renamed))
	}
	for _, f := range part.Observed {
		if !workflow.ObservedSettings(f) {
			p.Observed = append(p.Observed, f)
		}
	}
	p.Destructive = p.Destructive || part.Destructive
}

// creates returns the key of the step that creates a label in the group of a project; empty: none does.
func creates(p plan.Plan, name string) string {
	for _, step := range p.Steps {
		if s, ok := step.(plan.CreateLabel); ok && s.In.Kind == target.Group && s.Label.Name == name {
			return s.Key()
		}
	}
	return ""
}

// redirected returns a step that uses another step's label.
func redirected(step plan.Step, renamed map[string]string) plan.Step {
	s, ok := step.(plan.CreateBoardList)
	if !ok || renamed[s.LabelCreated] == "" {
		return step
	}
	after := slices.Clone(s.After)
	for n, key := range after {
		if to := renamed[key]; to != "" {
			after[n] = to
		}
	}
	s.After, s.LabelCreated = after, renamed[s.LabelCreated]
	return s
}

// byIssue joins the fixes of each issue, in the order of the findings.
func byIssue(list []lint.Finding) []lint.Fix {
	var fixes []lint.Fix
	at := map[issue.Ref]int{}
	for _, f := range list {
		if f.Fix == nil || f.Place.Issue.IID == 0 {
			continue
		}
		n, known := at[f.Place.Issue]
		if !known {
			at[f.Place.Issue] = len(fixes)
			fixes = append(fixes, *f.Fix)
			continue
		}
		fixes[n] = fixes[n].And(*f.Fix)
	}
	return fixes
}

// observed returns the fingerprint of an issue to fix, which is the sweep's own if nothing else was found about it.
func observed(i issue.Issue, sweep plan.Plan) plan.Fingerprint {
	for _, f := range sweep.Observed {
		if i.ID == 0 && f.Object == workflow.IssueName(i.Ref) {
			return f
		}
	}
	return workflow.ObservedIssue(i)
}

// events reads the label events of the issues whose fix depends on which label was added last.
func (l *Lint) events(ctx context.Context, fixes []lint.Fix) ([][]issue.Event, error) {
	events := make([][]issue.Event, len(fixes))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, fix := range fixes {
		if len(fix.OneOf) == 0 {
			continue
		}
		g.Go(func() (err error) {
			events[n], err = l.Read.LabelEvents(ctx, fix.Issue.Ref)
			return err
		})
	}
	return events, g.Wait()
}

// steps returns the steps that fix one issue: its labels, then its milestone, then its record, one after the other, because GitLab
// refuses simultaneous changes of an issue.
func (l *Lint) steps(fix lint.Fix, events []issue.Event, current *milestone.Milestone) []plan.Step {
	i := fix.Issue
	var steps []plan.Step
	base := func(verb string) plan.Base {
		b := plan.Base{ID: fmt.Sprintf("%s %s", verb, i.Ref)}
		if last := len(steps) - 1; last >= 0 {
			b.After = []string{steps[last].Key()}
		}
		return b
	}
	if remove := fix.Removed(events); len(remove)+len(fix.Add) > 0 {
		s := plan.UpdateIssue{Base: base("relabel"), Ref: i.Ref, Title: workflow.ShownTitle(i),
			Change: issue.Change{AddLabels: fix.Add, RemoveLabels: remove}}
		if len(fix.Add) > 0 {
			s.Still = &plan.Still{In: l.Work, Milestone: i.MilestoneID}
		}
		steps = append(steps, s)
	}
	if fix.ToCurrent {
		steps = append(steps, plan.UpdateIssue{Base: base("schedule"), Ref: i.Ref, Title: workflow.ShownTitle(i), From: i.Milestone,
			Milestone: &plan.MilestoneRef{ID: current.ID, Title: current.Title},
			Still:     &plan.Still{In: l.Work, Milestone: i.MilestoneID, Open: true}})
	}
	if fix.Reconcile != "" {
		step := workflow.ReconcileStep(i, fix.Reconcile, l.Settings.Reconciler(i))
		step.Base = base("reconcile")
		steps = append(steps, step)
	}
	return steps
}
