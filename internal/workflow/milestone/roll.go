package milestone

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// RollInputs holds the options of a roll, as saved in a plan file. The date is the plan's.
type RollInputs struct {
	Options milestone.RollOptions
}

// Roll is `milestone roll`: it renames and closes the finished timebox, turns Next into Current, creates a new Next, and carries over
// the open issues.
type Roll struct {
	Timeboxes
	workflow.Afters
	plan.Origin
	Options milestone.RollOptions
}

// Plan reads the milestones and, if a timebox has ended or a roll was interrupted, its issues.
func (r Roll) Plan(ctx context.Context) (plan.Plan, error) {
	roll, obs, err := r.decide(ctx, milestone.Observation{Today: r.Today}, func(o milestone.Observation) (milestone.Roll, error) {
		return milestone.PlanRoll(r.Rules, o, r.Options)
	})
	if err != nil {
		return plan.Plan{}, err
	}
	inputs := workflow.Inputs(RollInputs{r.Options})
	p := r.steps("roll", inputs, roll, obs)
	p.Command, p.Origin, p.Inputs, p.Indivisible = "milestone roll", r.Origin, inputs, true
	carried := false
	for _, turn := range roll.Turns {
		p.Notes = append(p.Notes, turnNotes(turn)...)
		carried = carried || turn.CarryTo != "" && turn.Measured.Open.Issues > 0
	}
	if carried {
		p.Notes = append(p.Notes, "GitLab notifies the participants of carried-over issues by email")
	}
	if roll.Current.Due.After(r.Today) || !roll.Current.Due.IsZero() && len(roll.Turns) == 0 {
		p.Notes = append(p.Notes, dueNote(roll.Current, r.Today))
	}
	return p, nil
}

// Verify looks for open issues that were added to a timebox while it was being finished.
func (r Roll) Verify(ctx context.Context, p plan.Plan) (bool, error) {
	if r.Options.Carry != milestone.CarryToCurrent && r.Options.Carry != milestone.CarryToNext {
		return false, nil
	}
	for _, m := range closedBy(p) {
		list, _, err := r.issuesIn(ctx, milestone.Want{Milestone: m, OpenOnly: true}, nil)
		if err != nil || len(list) > 0 {
			return len(list) > 0, err
		}
	}
	return false, nil
}

// closedBy returns the milestones that the plan closes, with the titles they have afterwards.
func closedBy(p plan.Plan) (out []milestone.Milestone) {
	for _, step := range p.Steps {
		s, ok := step.(plan.UpdateMilestone)
		if ok && s.Change.State != nil && *s.Change.State == milestone.Closed && s.Ref.Created == "" {
			out = append(out, s.Before)
		}
	}
	return out
}

// Rolled reports whether this run made the roll, and the titles of the timeboxes that it finished. Several runs at once send the same
// renames; the one that creates the next milestone made the roll, or where that exists, the one that made it Current.
func (r Roll) Rolled(rounds []workflow.Round) (finished []string, ours bool) {
	creates := false
	for _, round := range rounds {
		for _, m := range closedBy(round.Plan) {
			if !slices.Contains(finished, m.Title) {
				finished = append(finished, m.Title)
			}
		}
		creates = creates || slices.ContainsFunc(round.Plan.Steps, isCreate)
	}
	decisive := isCreate
	if !creates {
		decisive = func(step plan.Step) bool {
			s, ok := step.(plan.UpdateMilestone)
			return ok && s.Change.State == nil && s.Change.Title != nil && *s.Change.Title == r.Rules.Names.Current
		}
	}
	_, ours = workflow.DoneBy(rounds, decisive)
	return finished, ours
}

func isCreate(step plan.Step) bool {
	_, ok := step.(plan.CreateMilestone)
	return ok
}

// turnNotes returns what was done in a finished timebox, and where its open issues go.
func turnNotes(t milestone.Turn) []string {
	m := t.Measured
	notes := []string{fmt.Sprintf("%s: %d of %s done, weight %d of %d", t.Title, m.Done.Issues,
		workflow.Count(m.All.Issues, "issue", "issues"), m.Done.Weight, m.All.Weight)}
	if m.Open.Issues == 0 {
		return notes
	}
	open := workflow.Count(m.Open.Issues, "open issue", "open issues")
	before := ""
	if m.CarriedBefore > 0 {
		before = fmt.Sprintf("; %s carried over before", workflow.Count(m.CarriedBefore, "was", "were"))
	}
	if t.CarryTo == "" {
		return append(notes, fmt.Sprintf("%s: %s not carried over%s", t.Title, open, before))
	}
	return append(notes, fmt.Sprintf("%s carried over to %s%s", open, t.CarryTo, before))
}

// nextRoll comes before when the next roll is due, in a note.
const nextRoll = "; the next roll is "

// NextRoll returns when the next roll is due, from the notes of a plan: "due in 14 days". It is empty if that is unknown.
func NextRoll(p plan.Plan) string {
	for _, note := range p.Notes {
		if at := strings.LastIndex(note, nextRoll); at >= 0 {
			return note[at+len(nextRoll):]
		}
	}
	return ""
}

func dueNote(current milestone.Milestone, today calendar.Date) string {
	left := current.Box().DaysLeft(today)
	roll := fmt.Sprintf("due in %d days", left)
	switch {
	case left == 0:
		roll = "due today"
	case left == 1:
		roll = "due tomorrow"
	case left < 0:
		roll = workflow.Count(-left, "day", "days") + " overdue"
	}
	return fmt.Sprintf("%s runs %s%s%s", current.Title, current.Box(), nextRoll, roll)
}

// steps turns a rule's actions into a plan. Every key starts with kind and, because a catch-up rolls several timeboxes, the timebox's
// last day.
func (t Timeboxes) steps(kind string, inputs json.RawMessage, roll milestone.Roll, obs milestone.Observation) plan.Plan {
	b := stepBuilder{Timeboxes: t, kind: kind, created: map[int64]string{}}
	b.p.Observed = workflow.ObservedInputs(fmt.Appendf(nil, "%s on %s", inputs, obs.Today), t.In, fmt.Sprintf("%+v", t.Rules))
	for _, m := range obs.Milestones {
		b.lastIID = max(b.lastIID, ownIID(t.Rules, m))
		b.p.Observed = append(b.p.Observed, workflow.ObservedMilestone(m))
	}
	for _, list := range obs.Issues {
		for _, i := range list {
			b.p.Observed = append(b.p.Observed, workflow.ObservedIssue(i))
		}
	}
	for _, action := range roll.Actions {
		b.add(action)
	}
	b.p.Observed = workflow.SortObserved(b.p.Observed)
	b.p.Notes = append(b.p.Notes, roll.Notes...)
	return b.p
}

func ownIID(rules milestone.Rules, m milestone.Milestone) int64 {
	if m.Group != rules.Group || m.Elsewhere {
		return 0
	}
	return m.IID
}

type stepBuilder struct {
	Timeboxes
	kind    string
	p       plan.Plan
	last    string   // key of the last step that later steps must wait for
	moves   []string // keys of the issue moves since then
	created map[int64]string
	lastIID int64
}

func (b *stepBuilder) add(action milestone.Action) {
	switch a := action.(type) {
	case milestone.Create:
		key := b.key(a.Box, "create "+a.Draft.Title)
		b.created[a.ID] = key
		b.chain(key, plan.CreateMilestone{Base: b.base(key, true), In: b.In, Draft: a.Draft, ObservedIID: b.lastIID})
	case milestone.Update:
		key := b.key(a.Box, a.Kind+" "+a.Before.Title)
		before := a.Before
		before.ID = max(0, before.ID) // a milestone that the plan creates has no id yet
		b.chain(key, plan.UpdateMilestone{Base: b.base(key, true), In: b.In, Ref: b.ref(a.Before), Change: a.Change, Before: before,
			Text: a.Text})
	case milestone.Delete:
		key := fmt.Sprintf("%s/delete duplicate %d", b.kind, a.Milestone.ID)
		b.chain(key, plan.DeleteMilestone{Base: b.base(key, true), In: b.In, Ref: b.ref(a.Milestone), Due: a.Milestone.Due})
		b.p.Destructive = true
	case milestone.Move:
		key := b.key(a.Box, a.Kind+" "+a.Issue.Ref.String())
		b.moves = append(b.moves, key)
		to := b.ref(a.To)
		b.p.Steps = append(b.p.Steps, plan.UpdateIssue{Base: b.base(key, false), Ref: a.Issue.Ref,
			Title: workflow.ShownTitle(a.Issue), From: a.From,
			Milestone: &to, Change: issue.Change{AddLabels: added(a)}, Still: b.still(a)})
	}
}

// still is the condition of a move: what was closed or taken out in the meantime stays out. A duplicate's closed issues move too.
func (b *stepBuilder) still(a milestone.Move) *plan.Still {
	if a.Issue.MilestoneID <= 0 { // an earlier step of this plan moves it into a milestone that another one creates
		return nil
	}
	return &plan.Still{In: b.In, Milestone: a.Issue.MilestoneID, Open: a.Kind == milestone.Carry}
}

// chain adds a step that waits for all steps before it.
func (b *stepBuilder) chain(key string, step plan.Step) {
	b.p.Steps = append(b.p.Steps, step)
	b.last, b.moves = key, nil
}

// base returns the step's key and its needs: a move waits for the chain only, a step of the chain for the moves too.
func (b *stepBuilder) base(key string, chained bool) plan.Base {
	base := plan.Base{ID: key}
	if b.last != "" {
		base.After = append(base.After, b.last)
	}
	if chained {
		base.After = append(base.After, b.moves...)
	}
	return base
}

func (b *stepBuilder) key(box milestone.Timebox, what string) string {
	if box.Due.IsZero() {
		return b.kind + "/" + what
	}
	return b.kind + "/" + box.Due.String() + "/" + what
}

func (b *stepBuilder) ref(m milestone.Milestone) plan.MilestoneRef {
	if key, ok := b.created[m.ID]; ok {
		return plan.MilestoneRef{Created: key, Title: m.Title}
	}
	return plan.MilestoneRef{ID: m.ID, Title: m.Title}
}

func added(m milestone.Move) []string {
	if m.Label == "" || m.Issue.Has(m.Label) {
		return nil
	}
	return []string{m.Label}
}

// RollFrom returns the `milestone roll` that a saved plan was made by.
func RollFrom(t Timeboxes, host string, p plan.Plan) (Roll, error) {
	in, err := plan.InputsOf[RollInputs](p)
	if err != nil {
		return Roll{}, err
	}
	return Roll{Timeboxes: t, Origin: plan.Origin{Host: host, Args: p.Args, Today: p.Today}, Options: in.Options}, checkDate(p)
}

// checkDate refuses a plan without the day it was made on, because the command cannot be planned again without it.
func checkDate(p plan.Plan) error {
	if p.Today.IsZero() {
		return fault.New(fault.Usage, "Save a new plan with --plan-file", `missing field "today"`)
	}
	return nil
}
