package board

import (
	"context"
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// MoveInputs are what `board move` was asked; a plan file keeps them.
type MoveInputs struct {
	Project string
	IID     int64
	Column  string
	Force   bool
}

// Move is `board move`: one issue into one column (SPEC 6).
type Move struct {
	workflow.Verified
	Read   workflow.IssueReader
	Layout board.Layout
	Meta   string // the label of what is larger than a timebox
	Inputs MoveInputs
	plan.Origin
}

// Plan reads the issue; a column that asks for ready issues refuses others unless forced.
// An issue that is there already is left alone, ready or not.
func (m Move) Plan(ctx context.Context) (plan.Plan, error) {
	to, ok := m.Layout.Find(m.Inputs.Column)
	if !ok {
		return plan.Plan{}, fault.New(fault.Usage, "prodctl board move <issue> {"+strings.Join(m.Layout.Names(), " | ")+"}",
			"the board has no column %q", m.Inputs.Column)
	}
	i, err := m.Read.Issue(ctx, issue.Ref{Project: m.Inputs.Project, IID: m.Inputs.IID})
	if err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(m.Origin, "board move", m.Inputs, workflow.Settings{m.Layout, m.Meta}, workflow.ObservedIssue(i))
	change, moved := m.Layout.Move(i, to)
	if !moved {
		p.Notes = []string{fmt.Sprintf("%s is in %s already", i.Ref, to.Name)}
		return p, nil
	}
	if p.Notes, err = m.admit(i, to); err != nil {
		return plan.Plan{}, err
	}
	if change.State != nil {
		p.Notes = append(p.Notes, fmt.Sprintf("GitLab tells the people of %s that it is %s", i.Ref, *change.State))
	}
	p.Steps = []plan.Step{plan.UpdateIssue{
		Base: plan.Base{ID: fmt.Sprintf("move %s to %s", i.Ref, to.Name)},
		Ref:  i.Ref, Title: workflow.ShownTitle(i), From: columnNames(m.Layout.Where(i)), Change: change,
	}}
	return p, nil
}

// admit refuses an issue that its column may not take yet, or says so when it was forced.
func (m Move) admit(i issue.Issue, to board.Column) ([]string, error) {
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
	return nil, fault.New(fault.Refused, fmt.Sprintf("mend that, or prodctl board move %s %q --force", i.Ref, to.Name),
		"%s is not ready: %s", i.Ref, strings.Join(missing, "; "))
}

func columnNames(columns []board.Column) string {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	return strings.Join(names, " and ")
}
