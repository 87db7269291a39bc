package board

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// MoveInputs holds the options of `board move`, as saved in a plan file.
type MoveInputs struct {
	Project string
	IID     int64
	Column  string
	Force   bool
}

// MoveReader reads an issue, and who moved it when.
type MoveReader interface {
	workflow.NotesReader
	LabelEvents(context.Context, issue.Ref) ([]issue.Event, error)
	StateEvents(context.Context, issue.Ref) ([]issue.Event, error)
}

// Move is `board move`: it moves one issue to one column. If somebody else moves it at the same time, the later move counts.
type Move struct {
	Read   MoveReader
	Moves  workflow.Moves
	Layout board.Layout
	Meta   string // the label of issues that are larger than a timebox
	Inputs MoveInputs
	plan.Origin

	at        issue.Ref // where the issue is
	contested bool      // after the move the issue was not just in its column
}

// Plan reads the issue. A column for ready issues refuses others unless forced.
// An issue that is already in the column stays as it is, ready or not.
func (m *Move) Plan(ctx context.Context) (plan.Plan, error) {
	to, ok := m.Layout.Find(m.Inputs.Column)
	if !ok {
		return plan.Plan{}, fault.New(fault.Usage, "To see the columns: prodctl board show", "invalid column %q (use %s)", m.Inputs.Column,
			alternatives(m.Layout.Names()))
	}
	if m.contested {
		return m.reconcile(ctx, to)
	}
	f, err := m.Moves.ReadIssue(ctx, m.Read, issue.Ref{Project: m.Inputs.Project, IID: m.Inputs.IID})
	if err != nil {
		return plan.Plan{}, err
	}
	i := f.Issue
	m.at = i.Ref
	p := workflow.NewPlan(m.Origin, "board move", m.Inputs, workflow.Settings{m.Layout, m.Meta}, workflow.ObservedIssue(i))
	change, moved := m.Layout.Move(i, to)
	p.Notes = f.Notes()
	if !moved {
		p.Notes = append(p.Notes, fmt.Sprintf("%s is already in %q", i.Ref, to.Name))
		return p, nil
	}
	notes, err := m.admit(i, to)
	if err != nil {
		return plan.Plan{}, err
	}
	p.Notes = append(p.Notes, notes...)
	if change.State != nil {
		p.Notes = append(p.Notes, fmt.Sprintf("GitLab notifies the participants of %s that it was %s", i.Ref, stateVerb(*change.State)))
	}
	p.Steps = []plan.Step{m.step(i, to, change)}
	return p, nil
}

// step moves the issue. It removes the labels of all other columns, in case somebody adds one meanwhile.
func (m *Move) step(i issue.Issue, to board.Column, change issue.Change) plan.Step {
	change.NotLabels = m.Layout.Others(to)
	return plan.UpdateIssue{
		Base: plan.Base{ID: fmt.Sprintf("move %s to %s", i.Ref, to.Name)},
		Ref:  i.Ref, Title: workflow.ShownTitle(i), From: columnNames(m.Layout.Where(i)), Change: change,
	}
}

// Verify reads the issue again: somebody else may have moved it at the same time.
func (m *Move) Verify(ctx context.Context, _ plan.Plan) (bool, error) {
	i, err := m.Read.Issue(ctx, m.at)
	if err != nil || i.MovedToID != 0 { // then it is moved where it is now
		return err == nil, err
	}
	to, _ := m.Layout.Find(m.Inputs.Column)
	m.contested = !m.Layout.In(i, to) || slices.Contains(i.Doubled, to.Label)
	return m.contested, nil
}

// reconcile plans what leaves the issue in the column into which it was moved last, and returns a conflict when that is another one.
func (m *Move) reconcile(ctx context.Context, to board.Column) (plan.Plan, error) {
	i, err := m.Read.Issue(ctx, m.at)
	if err != nil {
		return plan.Plan{}, err
	}
	labels, err := m.Read.LabelEvents(ctx, m.at)
	if err != nil {
		return plan.Plan{}, err
	}
	states, err := m.Read.StateEvents(ctx, m.at)
	if err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(m.Origin, "board move", m.Inputs, workflow.Settings{m.Layout, m.Meta}, workflow.ObservedIssue(i))
	latest, by, ok := m.Layout.Latest(i, labels, states)
	if !ok {
		latest = to
	}
	change, moved := m.Layout.Move(i, latest)
	switch {
	case latest == to && slices.Contains(i.Doubled, to.Label): // any update repairs that
	case latest != to && !moved:
		return plan.Plan{}, lost(i.Ref, latest, by)
	case !moved:
		return p, nil
	}
	p.Steps = []plan.Step{m.step(i, latest, change)}
	return p, nil
}

// lost is the conflict for an issue that somebody else has moved later.
func lost(ref issue.Ref, to board.Column, by issue.Event) error {
	who := "somebody else"
	if by.User != "" {
		who = account.Name(by.User)
	}
	return fault.NewConflict("To see where it is: prodctl board show", "%s was moved to %q by %s at the same time", ref, to.Name, who)
}

// admit refuses an issue that is not ready for the column. If the move is forced, it returns a note instead.
func (m *Move) admit(i issue.Issue, to board.Column) ([]string, error) {
	if !m.Layout.RequiresReady(to) {
		return nil, nil
	}
	var missing []string
	for _, r := range board.Unready(i, m.Meta) {
		missing = append(missing, r.Text)
	}
	if len(missing) == 0 {
		return nil, nil
	}
	if m.Inputs.Force {
		return []string{fmt.Sprintf("%s is not ready: %s", i.Ref, strings.Join(missing, "; "))}, nil
	}
	return nil, fault.New(fault.Refused, fmt.Sprintf("To move it anyway: prodctl board move %s %s --force", i.Ref, fault.Quote(to.Name)),
		"%s is not ready: %s", i.Ref, strings.Join(missing, "; "))
}

// stateVerb is what happened to an issue that is now in the state.
func stateVerb(s issue.State) string {
	if s == issue.Closed {
		return "closed"
	}
	return "reopened"
}

// alternatives joins names to "A, B or C".
func alternatives(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

func columnNames(columns []board.Column) string {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	return strings.Join(names, " and ")
}
