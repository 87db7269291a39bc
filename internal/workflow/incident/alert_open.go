package incident

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/alert"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// open plans a new incident. former is the group's incident before it; ID 0: none.
func (a *Alert) open(p *plan.Plan, firing []alert.Alert, former issue.Issue) error {
	in := a.Inputs
	if len(firing) == 0 {
		p.Notes = append(p.Notes, "The alerts are resolved, and no incident was opened for them")
		return nil
	}
	name := in.Group.Name()
	if former.ID != 0 {
		name += fmt.Sprintf("-%d", former.Ref.IID)
	}
	o := a.opening(name)
	key := a.key(name)
	key.Searched = true
	draft, err := o.Draft(key)
	if err != nil {
		return err
	}
	create := draft.Steps[0].(plan.CreateIssue)
	create.Draft.Description += "\n\n" + idempotency.WordLine(in.Group.Word())
	p.Steps = append([]plan.Step{create}, draft.Steps[1:]...)
	p.Notes = append(p.Notes, in.Notes...)
	return nil
}

// opening plans an incident of the group with a key. One that follows a former one is linked to it.
func (a *Alert) opening(key string) Open {
	o := Open{Labels: a.Labels, Template: a.Template, Native: a.Native, Origin: a.Origin, Inputs: a.Inputs.Open}
	if n, err := strconv.ParseInt(strings.TrimPrefix(key, a.Inputs.Group.Name()+"-"), 10, 64); err == nil {
		former := issue.Ref{Project: o.Inputs.Project, IID: n}
		o.Inputs.Links = append(slices.Clone(o.Inputs.Links), former.String())
	}
	return o
}

// unfinished plans what a run that was killed after it opened the incident left: links and assignees of which GitLab has no trace. What
// people removed has one.
func (a *Alert) unfinished(i issue.Issue, notes []issue.Note) ([]plan.Step, error) {
	name, own := a.openedAs(i)
	if !own {
		return nil, nil // somebody else opened it
	}
	o := a.opening(name)
	linked := append(i.Linked(notes), incident.Of(i, a.Labels).Record.Related...)
	o.Inputs.Links = slices.DeleteFunc(slices.Clone(o.Inputs.Links), func(ref string) bool { return slices.Contains(linked, ref) })
	steps, err := o.followUp(plan.IssueRef{Ref: i.Ref}, nil)
	if i.WasAssigned(notes) {
		steps = slices.DeleteFunc(steps, func(s plan.Step) bool { return s.Key() == "assign" })
	}
	return steps, err
}
