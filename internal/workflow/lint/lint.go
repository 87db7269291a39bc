// Package lint holds the workflow of `prodctl lint`: it looks at lists, reads what a rule needs to know besides them, and plans the fixes.
//
// Start with [Lint]. Rules are in pkg/lint. What differs from the configured milestones, labels and board is what the commands for these
// would change: their planners are passed in, so a fix is their step. Flags and output do not belong here.
package lint

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lint"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Inputs are the options of `lint`, as saved in a plan file.
type Inputs struct {
	Rules []string `json:",omitempty"` // ids; empty: all
}

// Drift is a rule about what a command would change.
type Drift struct {
	Rule string
	workflow.Planner
}

// Lint is `lint`: it checks a team's trackers by rules and, as a planner, fixes what can be fixed.
type Lint struct {
	Read     *Reader
	Settings lint.Settings
	Work     target.Target // the infrastructure tracker
	Queue    target.Target // the production queue; zero: none
	Timebox  target.Target // the project or group of the milestones
	Rules    []string      // ids of the rules to check
	Boxes    milestone.Rules
	Drifts   []Drift
	Ignored  []lint.Ignore
	Inputs   Inputs
	Now      time.Time
	plan.Origin

	found Found // of the last plan
}

// Found is the result of a check.
type Found struct {
	Findings []lint.Finding
	Ignored  int      // findings that lint.ignore leaves out
	Notes    []string // what could not be checked
	plans    []plan.Plan
	sweep    plan.Plan
	current  *milestone.Milestone
}

// Check looks at the lists and returns what the rules find, the worst first.
func (l *Lint) Check(ctx context.Context) (Found, error) {
	l.Read.forget()
	look := lint.New(l.Settings, l.Now, l.Rules)
	var found Found
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return l.lists(gctx, look, []lint.List{lint.Secrets}) })
	g.Go(func() error { return l.milestones(gctx, look, &found) })
	g.Go(func() error { return l.drifts(gctx, &found) })
	if err := g.Wait(); err != nil {
		return Found{}, err
	}
	if err := l.lists(ctx, look, []lint.List{lint.OpenWork, lint.ClosedWork, lint.OpenQueue}); err != nil {
		return Found{}, err
	}
	if err := l.decide(ctx, look, &found); err != nil {
		return Found{}, err
	}
	if found.current == nil {
		look.CannotMove()
	}
	found.Findings = append(found.Findings, look.Findings...)
	found.Findings, found.Ignored = lint.Apply(l.Ignored, found.Findings, l.Rules, l.Today)
	lint.Sort(found.Findings)
	return found, nil
}

// lists reads lists that a rule looks at, at the same time.
func (l *Lint) lists(ctx context.Context, look *lint.Look, kinds []lint.List) error {
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	for _, q := range l.queries(look, kinds) {
		g.Go(func() error {
			for i, err := range l.Read.Issues(ctx, q.in, q.Query) {
				if err != nil {
					return err
				}
				if q.first(l.Settings, i) {
					mu.Lock()
					for _, list := range q.lists {
						look.Add(list, i)
					}
					mu.Unlock()
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// query is one list of issues, which may be several lists of the rules: a team can have one tracker for both.
type query struct {
	in    target.Target
	lists []lint.List
	issue.Query
}

// first reports whether this is the list of the first column of a closed issue, which is in the list of each of its columns.
func (q query) first(s lint.Settings, i issue.Issue) bool {
	if len(q.Labels) == 0 {
		return true
	}
	for _, c := range s.Layout.Columns {
		if i.Has(c.Label) {
			return c.Label == q.Labels[0]
		}
	}
	return false
}

func (l *Lint) queries(look *lint.Look, kinds []lint.List) []query {
	var all []query
	add := func(in target.Target, list lint.List, q issue.Query) {
		if in.IsZero() || !look.Needs(list) || !slices.Contains(kinds, list) {
			return
		}
		for n, other := range all {
			if other.in == in && other.State == q.State && other.Confidential == q.Confidential && len(q.Labels) == 0 && len(other.Labels) == 0 {
				if !slices.Contains(other.lists, list) {
					all[n].lists = append(other.lists, list)
				}
				return
			}
		}
		all = append(all, query{in, []lint.List{list}, q})
	}
	for _, in := range []target.Target{l.Work, l.Queue} {
		add(in, lint.Secrets, issue.Query{Confidential: true})
	}
	add(l.Work, lint.OpenWork, issue.Query{State: issue.Opened})
	add(l.Queue, lint.OpenQueue, issue.Query{State: issue.Opened})
	for _, c := range l.Settings.Layout.Columns {
		add(l.Work, lint.ClosedWork, issue.Query{State: issue.Closed, Labels: []string{c.Label}})
	}
	return all
}

// milestones reads which milestones are closed, and the Current one.
func (l *Lint) milestones(ctx context.Context, look *lint.Look, found *Found) error {
	if !look.NeedsMilestones() {
		return nil
	}
	all, err := l.Read.Milestones(ctx, l.Work, milestone.Query{Ancestors: true})
	if err != nil {
		return err
	}
	look.Closed = map[int64]bool{}
	for _, m := range all {
		look.Closed[m.ID] = !m.Open()
	}
	if l.Timebox.Kind == target.Group {
		if all, err = l.Read.Milestones(ctx, l.Timebox, milestone.Query{}); err != nil {
			return err
		}
	}
	if survey, err := l.Boxes.Survey(all); err == nil { // else nobody knows which one is Current, which is a finding of its own
		found.current = survey.Current
	}
	return nil
}

// drifts plans what the commands for milestones, labels and the board would change. A command that refuses says what has to be decided.
func (l *Lint) drifts(ctx context.Context, found *Found) error {
	var reported []string
	for _, d := range l.Drifts {
		if !slices.Contains(l.Rules, d.Rule) {
			continue
		}
		rule, _ := lint.Find(d.Rule)
		p, err := d.Plan(ctx)
		if fault.KindOf(err) == fault.Refused {
			found.Findings = append(found.Findings, lint.Finding{Rule: rule, Place: lint.Place{In: l.Work.Path}, Text: sentence(err.Error())})
			continue
		}
		if err != nil {
			return err
		}
		if d.Rule == lint.Unscheduled {
			found.sweep = p
			found.Findings = append(found.Findings, swept(rule, p.Steps)...)
			continue
		}
		found.plans = append(found.plans, p)
		if d.Rule == lint.LabelDrift {
			found.Findings = append(found.Findings, driftedLabels(rule, p.Steps)...)
		}
		for _, step := range p.Steps {
			if f, ok := drifted(rule, step); ok && !slices.Contains(reported, step.Key()) {
				found.Findings = append(found.Findings, f)
				reported = append(reported, step.Key())
			}
		}
	}
	return nil
}

// decide reads what the rules want to know about single issues, a few at the same time.
func (l *Lint) decide(ctx context.Context, look *lint.Look, found *Found) error {
	suspects := look.Suspects
	look.Suspects = nil
	facts := make([]lint.Facts, len(suspects))
	none := make([]bool, len(suspects))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workflow.ParallelReads)
	for n, s := range suspects {
		g.Go(func() (err error) {
			switch s.Want {
			case lint.Links:
				facts[n].Links, err = l.Read.IssueLinks(ctx, s.Issue.Ref)
			case lint.Notes:
				facts[n].Notes, err = l.Read.TrustedNotes(ctx, s.Issue.Ref)
			}
			if none[n] = errors.Is(err, fault.NotOffered); none[n] {
				return nil
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for n, s := range suspects {
		if !none[n] {
			look.Decide(s, facts[n])
		}
	}
	if slices.Contains(none, true) {
		found.Notes = append(found.Notes, "This GitLab has no links between issues, so meta-pieces was not checked")
	}
	return nil
}
