package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/queue"
	"gitlab.com/prodctl/prodctl/pkg/report"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// room is how many bytes of a description are left for people, and for the hidden lines.
const room = 64 << 10

func (m *Merge) summary() queue.Summary {
	return queue.Summary{From: m.from.Path, To: m.into.Path, Origin: m.label, Limit: issue.MaxDescription - room}
}

// recordKey is the key of the issue that says what moved where: there is one for each pair of projects, whatever they are called.
func (m *Merge) recordKey() issue.IdempotencyKey {
	return issue.IdempotencyKey{Kind: mergedKind, Name: fmt.Sprintf("into-%d", m.into.ID), Derived: true,
		Content: issue.Titled(m.summary().Title())}
}

func (m *Merge) findRecord(ctx context.Context) (issue.Issue, error) {
	found, _, err := m.Read.FindIssue(ctx, m.from.Path, m.recordKey())
	return found, err
}

// recordStep creates the issue that says what moved where, or brings it up to date.
func (m *Merge) recordStep(found issue.Issue) plan.Step {
	key := m.recordKey()
	key.Searched = found.ID == 0
	step := plan.UpsertIssue{Base: plan.Base{ID: "record"}, In: target.ProjectAt(m.from.Path), IdempotencyKey: key,
		Draft: issue.Draft{Title: m.summary().Title()}, Text: m.text}
	if found.ID != 0 {
		step.Ref = found.Ref
	}
	return step
}

// planRecord plans the issue that says what moved where, if it is missing or out of date. Without a move there is none.
func (m *Merge) planRecord(ctx context.Context, p *plan.Plan) error {
	into, err := m.Read.Labels(ctx, target.ProjectAt(m.into.Path), false)
	if err != nil {
		return err
	}
	m.label = queue.NewRules(nil, queue.Origin{Name: m.Inputs.Origin}, nil, into, nil).Origin()
	moves, err := m.moved(ctx)
	if err != nil {
		return err
	}
	if len(moves) == 0 {
		p.Notes = append([]string{fmt.Sprintf("No change: %s has no open issues to move", m.from.Path)}, p.Notes...)
		return nil
	}
	found, err := m.findRecord(ctx)
	if err != nil {
		return err
	}
	if found.ID != 0 {
		text := m.summary().Text(moves)
		change, err := (&report.Reconciler{Redacted: text, Full: text}).Reconcile(found, nil)
		if err != nil {
			return fault.Wrap(fault.Refused, err, "Fix the two hidden lines in "+found.WebURL+", or delete both", "%s was not written", found.Ref)
		}
		if change.Empty() {
			p.Notes = append([]string{fmt.Sprintf("No change: %s has no open issues to move; %s says what moved where", m.from.Path, found.Ref)},
				p.Notes...)
			return m.duplicates()
		}
	}
	p.Steps = []plan.Step{m.recordStep(found)}
	return nil
}

// text reads what was moved, and returns the generated part of the issue.
func (m *Merge) text(ctx context.Context) (string, error) {
	moves, err := m.moved(ctx)
	return m.summary().Text(moves), err
}

// moved returns the issues that were moved: those with the origin label. Where each is follows from a list of the target; for one that went
// on from there, or lost the label, GitLab is asked.
func (m *Merge) moved(ctx context.Context) ([]queue.Moved, error) {
	places := map[int64]issue.Ref{}
	open := map[copied][]issue.Ref{}
	labeled := issue.Query{Labels: []string{m.label}}
	for i, err := range m.Read.Issues(ctx, target.ProjectAt(m.into.Path), labeled) {
		if err != nil {
			return nil, err
		}
		places[i.ID] = i.Ref
		if i.Open() {
			open[copyOf(i)] = append(open[copyOf(i)], i.Ref)
		}
	}
	var all []queue.Moved
	var doubtful []issue.Issue
	labeled.State = issue.Closed
	for i, err := range m.Read.Issues(ctx, target.ProjectAt(m.from.Path), labeled) {
		if err != nil {
			return nil, err
		}
		if i.MovedToID == 0 {
			continue
		}
		to, known := places[i.MovedToID]
		if !known {
			now, err := m.Read.MovedTo(ctx, i)
			if err != nil && fault.KindOf(err) != fault.Auth {
				return nil, err
			}
			to = now.Ref
		}
		all = append(all, queue.NewMoved(i, to))
		if known && len(open[copyOf(i)]) > 1 {
			doubtful = append(doubtful, i)
		}
	}
	m.copies = copiesOf(doubtful, places, open)
	return all, nil
}

// copiesOf returns the open issues of the target that look like the copy of an issue, and that no issue was moved to.
func copiesOf(moved []issue.Issue, places map[int64]issue.Ref, open map[copied][]issue.Ref) (all []duplicate) {
	var taken []issue.Ref
	for _, i := range moved {
		taken = append(taken, places[i.MovedToID])
	}
	for _, i := range moved {
		for _, other := range open[copyOf(i)] {
			if !slices.Contains(taken, other) {
				all = append(all, duplicate{other, places[i.MovedToID]})
			}
		}
	}
	return all
}

// copied is what a moved issue has in common with the old one.
type copied struct {
	at            time.Time
	author, title string
}

func copyOf(i issue.Issue) copied { return copied{i.CreatedAt, i.Author, i.Title} }

// duplicate is an issue that GitLab made of one that two requests moved at the same moment. The old issue knows only the other one.
type duplicate struct{ issue, original issue.Ref }

// duplicates is the error for such issues; nil if there are none. Which of the two has what people wrote since is for them to say.
func (m *Merge) duplicates() error {
	var all []error
	for _, d := range m.copies {
		hint := fmt.Sprintf("Compare both, then close %s as a duplicate", d.issue)
		all = append(all, fault.NewDuplicate(hint, "%s and %s are the same issue, which two runs moved at the same time", d.original, d.issue))
	}
	return errors.Join(all...)
}
