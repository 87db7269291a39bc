// Package queue merges one tracker into another. Start with [Merge].
//
// It reads through small interfaces and plans steps; which labels an issue needs, and the text that says what moved where, are rules of
// pkg/queue. Requests and output do not belong here.
package queue

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/queue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// MergeInputs are the inputs of `queue merge`. A plan file keeps them.
type MergeInputs struct {
	From, Into string // full paths of projects
	Origin     string // label that says where an issue came from
	Map        queue.Mapping
	Reveal     bool // move also what more people can read then
}

// Check rejects a tracker that is merged into itself.
func (in MergeInputs) Check() error {
	if strings.EqualFold(in.From, in.Into) {
		return fault.New(fault.Usage, "Name another tracker with --into", "%s cannot be merged into itself", in.From)
	}
	if problem := label.CheckName(in.Origin); problem != "" {
		return fault.New(fault.Usage, "Choose another label with --origin", "invalid label: %.40q %s", in.Origin, problem)
	}
	return nil
}

// Reader reads both trackers.
type Reader interface {
	workflow.IssueFinder
	workflow.MoveReader
	Issues(ctx context.Context, in target.Target, q issue.Query) iter.Seq2[issue.Issue, error]
	Labels(ctx context.Context, in target.Target, withCounts bool) ([]label.Label, error)
	Milestones(ctx context.Context, in target.Target, q milestone.Query) ([]milestone.Milestone, error)
	AccessOf(ctx context.Context, in target.Target, ids []int64) (map[int64]instance.Access, error)
	// Members are the roles of all members of a project, by the ids of the users.
	Members(ctx context.Context, project string) (map[int64]instance.Access, error)
}

// Merge is `queue merge`: it moves the open issues of one tracker into another, each once, and keeps an issue that says what moved where.
//
// Nothing is remembered between runs: what is still open has to be moved, and what was moved says so itself. Moves are made one after the
// other: each takes the next number of the target and copies comments, so parallel ones would only wait for each other in GitLab.
type Merge struct {
	plan.Origin
	Read    Reader
	Inputs  MergeInputs
	Mapping queue.Mapping // of the configuration; the one of the inputs comes first
	Label   label.Label   // color and description of the origin label

	from, into instance.Project
	guarded    bool // confidential issues stay
	compared   bool // the members of both projects, so that guarded is final
	readers    int  // accounts that could read confidential issues in the target and cannot now
	copies     []duplicate
	label      string // the origin label as the target spells it; empty: not read yet
}

const mergeCommand = "queue merge"

// mergedKind is the kind of the key of the issue that says what moved where.
const mergedKind = "merged"

// Plan takes a request for each project and one for 100 open issues. If there are any, it takes the labels of both trackers and the
// milestones of the target as well; if there are none, the lists of the issues that were moved.
func (m *Merge) Plan(ctx context.Context) (plan.Plan, error) {
	if err := m.readProjects(ctx); err != nil {
		return plan.Plan{}, err
	}
	found, err := m.open(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(m.Origin, mergeCommand, m.Inputs, workflow.Settings{m.Mapping, m.Label})
	p.Serial, p.Indivisible = true, true
	mapping := m.Inputs.Map.Over(m.Mapping)
	if l, chained := mapping.Chained(); chained {
		return plan.Plan{}, fault.New(fault.Usage, "Map both to the same label", "label %q is mapped, and others are mapped to it", l)
	}
	if mapping.Maps(m.Inputs.Origin) { // a run that was killed after it set the label would map it
		return plan.Plan{}, fault.New(fault.Usage, "Choose another label with --origin, or leave this one out of the mapping",
			"label %q is mapped, but it names the tracker that issues came from", m.Inputs.Origin)
	}
	if len(found.issues) == 0 {
		p.Notes = m.staying(found)
		err := m.planRecord(ctx, &p)
		return p, err
	}
	if err := m.planMoves(ctx, &p, found); err != nil {
		return plan.Plan{}, err
	}
	summary, err := m.findRecord(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	p.Steps = append(p.Steps, m.recordStep(summary))
	p.Observed = workflow.SortObserved(p.Observed)
	return p, nil
}

// readProjects reads both projects, and refuses a merge that cannot work.
func (m *Merge) readProjects(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { m.from, err = m.Read.Project(ctx, m.Inputs.From); return err })
	g.Go(func() (err error) { m.into, err = m.Read.Project(ctx, m.Inputs.Into); return err })
	if err := g.Wait(); err != nil {
		return err
	}
	for _, p := range []instance.Project{m.from, m.into} {
		switch {
		case p.Archived:
			return fault.New(fault.Auth, "Ask an owner to unarchive it; to check: prodctl doctor", "%s is archived", p.Path)
		case !p.IssuesEnabled:
			return fault.New(fault.Auth, "Ask an owner to turn issues on", "%s has no issues: they are turned off", p.Path)
		}
	}
	if m.from.ID == m.into.ID {
		return MergeInputs{From: m.from.Path, Into: m.from.Path}.Check()
	}
	return nil
}

// admit refuses a merge that would show issues to more people, and says how many there are.
func (m *Merge) admit(issues []issue.Issue) error {
	if m.Inputs.Reveal || len(issues) == 0 || !m.into.Readers.Wider(m.from.Readers) {
		return nil
	}
	secret := 0
	for _, i := range issues {
		if i.Confidential {
			secret++
		}
	}
	return fault.New(fault.Refused, "If they may read all of them, add --include-confidential",
		"more people can read %s than %s: %s open, %d of them confidential", m.into.Path, m.from.Path, verb(len(issues), "is", "are"), secret)
}

// openIssues are the open issues of the tracker that is merged.
type openIssues struct {
	issues       []issue.Issue // to be moved, oldest first, without descriptions
	tasks, moved int
	confidential int // that stay
}

// open lists the open issues. What was moved and reopened stays, and so does the issue that says what moved where.
func (m *Merge) open(ctx context.Context) (found openIssues, err error) {
	for i, err := range m.Read.Issues(ctx, target.ProjectAt(m.from.Path), issue.Query{State: issue.Opened}) {
		if err != nil {
			return found, err
		}
		key, keyed := idempotency.Read(i.Description)
		switch {
		case keyed && key.Kind() == mergedKind:
		case i.MovedToID != 0:
			found.moved++
		case i.Task:
			found.tasks++
		default:
			i.Description = ""
			found.issues = append(found.issues, i)
		}
	}
	if err := m.admit(found.issues); err != nil {
		return found, err
	}
	m.guard(ctx, found.issues)
	if m.guarded {
		before := len(found.issues)
		found.issues = slices.DeleteFunc(found.issues, func(i issue.Issue) bool { return i.Confidential })
		found.confidential = before - len(found.issues)
	}
	return found, nil
}

// guard decides whether confidential issues stay: if somebody can read them in the target who cannot now, or if that is not known. The
// members are read once, and only if there is a confidential issue.
func (m *Merge) guard(ctx context.Context, issues []issue.Issue) {
	if m.compared || m.Inputs.Reveal {
		return
	}
	m.guarded = true
	if !slices.ContainsFunc(issues, func(i issue.Issue) bool { return i.Confidential }) {
		return
	}
	var now, then map[int64]instance.Access
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { now, err = m.Read.Members(ctx, m.from.Path); return err })
	g.Go(func() (err error) { then, err = m.Read.Members(ctx, m.into.Path); return err })
	if g.Wait() != nil {
		return
	}
	m.compared, m.readers = true, 0
	for id, role := range then {
		if role.MayPlan() && !now[id].MayPlan() {
			m.readers++
		}
	}
	m.guarded = m.readers > 0
}

// planMoves plans the labels that are missing, and a step for each issue.
func (m *Merge) planMoves(ctx context.Context, p *plan.Plan, found openIssues) error {
	rules, err := m.rules(ctx)
	if err != nil {
		return err
	}
	for _, i := range found.issues {
		if !i.Confidential {
			rules.Move(i) // the labels that are created, whatever the order of the issues
		}
	}
	var c counts
	var steps []plan.Step
	for _, i := range found.issues {
		need := rules.Move(i)
		c.add(i, need)
		steps = append(steps, plan.MoveIssue{Base: plan.Base{ID: fmt.Sprintf("move %d", i.Ref.IID)}, Ref: i.Ref,
			Title: workflow.ShownTitle(i), To: target.ProjectAt(m.into.Path), Labels: need.Labels, AddLabels: need.Add,
			RemoveLabels: need.Remove, Confidential: i.Confidential, Guarded: m.guarded, Known: slices.Concat(i.Labels, need.Add)})
		p.Observed = append(p.Observed, workflow.Fingerprint(workflow.IssueName(i.Ref), strings.Join(need.Labels, ","), need.Milestone,
			i.Confidential))
	}
	p.Steps = append(m.labelSteps(p, rules), steps...)
	strangers, err := m.strangers(ctx, c)
	p.Notes = slices.Concat(m.moving(c), m.staying(found), m.losses(c, rules), strangers)
	return err
}

// rules reads the labels of both trackers and the active milestones of the target.
func (m *Merge) rules(ctx context.Context) (*queue.Rules, error) {
	var source, into []label.Label
	var milestones []milestone.Milestone
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		source, err = m.Read.Labels(ctx, target.ProjectAt(m.from.Path), false)
		return err
	})
	g.Go(func() (err error) {
		into, err = m.Read.Labels(ctx, target.ProjectAt(m.into.Path), false)
		return err
	})
	g.Go(func() (err error) {
		milestones, err = m.Read.Milestones(ctx, target.ProjectAt(m.into.Path), milestone.Query{State: milestone.Active, Ancestors: true})
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var titles []string
	for _, one := range milestones {
		titles = append(titles, one.Title)
	}
	origin := queue.Origin{Name: m.Inputs.Origin, Label: m.Label}
	rules := queue.NewRules(m.Inputs.Map.Over(m.Mapping), origin, source, into, titles)
	m.label = rules.Origin()
	return rules, nil
}

// labelSteps create the labels that are missing. They come first, so a move that GitLab would make without them never starts.
func (m *Merge) labelSteps(p *plan.Plan, rules *queue.Rules) (steps []plan.Step) {
	into, from := rules.Missing()
	for n, missing := range [][]label.Label{into, from} {
		in := target.ProjectAt([]instance.Project{m.into, m.from}[n].Path)
		for _, l := range missing {
			p.Observed = append(p.Observed, workflow.ObservedMissingLabel(in, l.Name))
			steps = append(steps, plan.CreateLabel{Base: plan.Base{ID: fmt.Sprintf("label %s in %s", l.Name, in.Path)}, In: in, Label: l})
		}
	}
	return steps
}

// Verify looks for issues that were opened in the meantime.
func (m *Merge) Verify(ctx context.Context, _ plan.Plan) (bool, error) {
	found, err := m.open(ctx)
	if err == nil && len(found.issues) == 0 {
		err = m.duplicates()
	}
	return len(found.issues) > 0, err
}
