package milestone

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/planning"
)

// FillInputs holds the options of `milestone plan --fill`, as saved in a plan file.
type FillInputs struct {
	Current bool   `json:",omitempty"`
	Last    int    // finished timeboxes to learn from
	Days    *int   `json:",omitempty"`
	Theme   string `json:",omitempty"`
}

// Fill is `milestone plan --fill`: it puts issues from the Ready column into the timebox, up to its room.
type Fill struct {
	Session
	Inputs FillInputs
	Origin plan.Origin
	Ready  board.Column // without a label: the board has none
	Order  issue.Priorities
	Now    time.Time
	Grace  int // working days of a timebox in which an issue may still come in as scheduled
}

// fillCommand is the command in plans.
const fillCommand = "milestone plan --fill"

// Plan takes the requests of [Session.Outlook], but for those of carried issues, and one per 100 open issues in the Ready column.
func (f Fill) Plan(ctx context.Context) (plan.Plan, error) {
	out, obs, ready, err := f.read(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(f.Origin, fillCommand, f.Inputs, workflow.Settings{f.In, f.Share, f.Labels, f.Ready, f.Order, f.Grace})
	p.Observed = workflow.SortObserved(append(p.Observed, f.observed(out, obs, ready)...))
	if out.Milestone.ID == 0 || !out.Room.Known || f.Ready.Label == "" {
		p.Notes = append(p.Notes, f.unable(out))
		return p, nil
	}
	chosen := planning.Fill(out.Room, ready, f.Labels, f.Order)
	p.Steps = f.steps(out.Milestone, chosen)
	p.Satisfied = []string{workflow.MilestoneName(out.Milestone.ID)}
	for _, i := range obs.Issues[out.Milestone.ID] {
		p.Satisfied = append(p.Satisfied, workflow.IssueName(i.Ref))
	}
	p.Notes = append(p.Notes, f.notes(out, ready, chosen)...)
	return p, nil
}

// read reads the ready issues before what is in the timebox: an issue that somebody plans in between is in both lists, and counts once.
func (f Fill) read(ctx context.Context) (out Outlook, obs milestone.Observation, ready []issue.Issue, err error) {
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		obs.Milestones, err = f.milestones(reading, false)
		return err
	})
	group.Go(func() (err error) {
		ready, err = f.candidates(reading)
		return err
	})
	if err := group.Wait(); err != nil {
		return out, obs, nil, err
	}
	out, obs, err = f.room(ctx, obs.Milestones)
	in := map[issue.Ref]bool{}
	for _, i := range obs.Issues[out.Milestone.ID] {
		in[i.Ref] = true
	}
	return out, obs, slices.DeleteFunc(ready, func(i issue.Issue) bool { return in[i.Ref] }), err
}

// candidates reads the open issues in the Ready column that are in no milestone.
func (f Fill) candidates(ctx context.Context) (ready []issue.Issue, err error) {
	if f.Ready.Label == "" {
		return nil, nil
	}
	for i, err := range f.Read.Issues(ctx, f.In, issue.Query{State: issue.Opened, Labels: []string{f.Ready.Label}}) {
		if err != nil {
			return nil, err
		}
		if i.MilestoneID == 0 {
			ready = append(ready, i)
		}
	}
	return ready, nil
}

// Verify looks whether the issues are in the timebox: one that GitLab did not find may be there.
func (f Fill) Verify(ctx context.Context, p plan.Plan) (bool, error) {
	missing := map[issue.Ref]bool{}
	var into milestone.Milestone
	for _, step := range p.Steps {
		if s, ok := step.(plan.UpdateIssue); ok {
			missing[s.Ref], into = true, milestone.Milestone{ID: s.Milestone.ID, Title: s.Milestone.Title}
		}
	}
	if len(missing) == 0 {
		return false, nil
	}
	in, _, err := f.issuesIn(ctx, milestone.Want{Milestone: into}, nil)
	for _, i := range in {
		delete(missing, i.Ref)
	}
	if err != nil || len(missing) == 0 {
		return false, err
	}
	still, err := f.candidates(ctx)
	return slices.ContainsFunc(still, func(i issue.Issue) bool { return missing[i.Ref] }), err
}

// steps put the issues into the timebox. After the grace period a record in the description of the milestone comes first, from which a
// sweep sees that they were planned.
func (f Fill) steps(m milestone.Milestone, chosen []issue.Issue) (steps []plan.Step) {
	var needs []string
	if record, ok := f.record(m, chosen); ok {
		steps, needs = append(steps, record), []string{record.Key()}
	}
	for _, i := range chosen {
		steps = append(steps, plan.UpdateIssue{Base: plan.Base{ID: f.key(m, i.Ref.String()), After: needs}, Ref: i.Ref,
			Title: workflow.ShownTitle(i), Milestone: &plan.MilestoneRef{ID: m.ID, Title: m.Title}, Still: &plan.Still{In: f.In, Open: true}})
	}
	return steps
}

func (f Fill) key(m milestone.Milestone, what string) string {
	return fmt.Sprintf("fill/%s/%s", f.box(m).Due, what)
}

// record returns the step that records issues that are planned late. ok is false if none are, or the record has them.
func (f Fill) record(m milestone.Milestone, chosen []issue.Issue) (step plan.Step, ok bool) {
	end := f.Team.GraceEnd(f.box(m), f.Grace, f.Rules.Zone)
	if end.IsZero() || f.Now.Before(end) {
		return nil, false
	}
	var text milestone.Text
	for _, i := range chosen {
		text.Planned = append(text.Planned, i.ID)
	}
	description := text.Of(m.Description)
	return plan.UpdateMilestone{Base: plan.Base{ID: f.key(m, "record")}, In: f.In, Ref: plan.MilestoneRef{ID: m.ID, Title: m.Title},
		Change: milestone.Change{Description: &description}, Before: m, Text: text}, description != m.Description
}

// observed returns the fingerprints of what the plan is made from: the room with what is in the timebox, and the candidates.
func (f Fill) observed(out Outlook, obs milestone.Observation, ready []issue.Issue) []plan.Fingerprint {
	var done []string
	for _, p := range out.Capacity.History {
		done = append(done, fmt.Sprintf("%d %v", p.Milestone.ID, p.Days))
	}
	all := []plan.Fingerprint{workflow.Fingerprint("what was finished", strings.Join(done, "\n"), out.Capacity.Available, out.Capacity.All)}
	if m := out.Milestone; m.ID != 0 {
		all = append(all, workflow.ObservedMilestone(m))
	}
	for _, i := range append(obs.Issues[out.Milestone.ID], ready...) {
		all = append(all, workflow.Fingerprint(workflow.IssueName(i.Ref), string(i.State), i.MilestoneID, milestone.WeightOf(i),
			strings.Join(i.Labels, ","), len(board.Unready(i, f.Labels.Meta)) == 0))
	}
	return all
}

// unable says why nothing can be proposed.
func (f Fill) unable(out Outlook) string {
	switch {
	case out.Milestone.ID == 0:
		return f.NoMilestone()
	case f.Ready.Label == "":
		return "The board has no Ready column, so nothing can be proposed"
	}
	return fmt.Sprintf("No finished timeboxes in %s, so the room is unknown", f.In)
}

// notes says how much room there is, what is proposed, and how many issues are not.
func (f Fill) notes(out Outlook, ready, chosen []issue.Issue) []string {
	left, sum := out.Room.Left(), milestone.Tally{}
	for _, i := range chosen {
		sum.Issues, sum.Weight = sum.Issues+1, sum.Weight+milestone.WeightOf(i)
	}
	notes := []string{fmt.Sprintf("%s has no room left", out.Milestone.Title)}
	if !out.Room.Over() {
		notes = []string{fmt.Sprintf("%s has room for %s; fitting from Ready: %s", out.Milestone.Title,
			f.amount(out, left.Issues, left.Weight), f.amount(out, sum.Issues, sum.Weight))}
	}
	if len(chosen) > 0 {
		notes = append(notes, "GitLab notifies the participants of planned issues by email")
	}
	if rest := len(ready) - len(chosen); rest > 0 {
		notes = append(notes, workflow.Count(rest, "issue in Ready does", "issues in Ready do")+" not fit, or must not be planned yet")
	} else if len(ready) == 0 {
		notes = append(notes, "No issues without a milestone are in Ready")
	}
	return notes
}

func (f Fill) amount(out Outlook, issues, weight int) string {
	s := workflow.Count(issues, "issue", "issues")
	if out.Room.Weighed {
		s += fmt.Sprintf(", weight %d", weight)
	}
	return s
}
