package render

import (
	"cmp"

	"gitlab.com/prodctl/prodctl/internal/render/plans"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Plan shows what a command would do. An empty plan is one line on a page, and no output in a pipe.
func (v *View) Plan(doc jsonv1.Plan) error { return show(v, doc, v.planForm) }

func (v *View) planForm(doc jsonv1.Plan) (body, func(*page)) {
	shown := doc
	shown.Command = cmp.Or(v.planner, doc.Command)
	return body{sheet: plans.PlanSheet(shown), tail: plans.PlanSum(doc), notes: plans.OtherNotes(doc.Notes, len(doc.Steps))},
		func(p *page) { plans.WritePlan(p, shown) }
}

// PlannedBy returns a view that shows plans under the name of the command that only plans. In JSON they keep that of the one that applies
// them.
func (v *View) PlannedBy(command string) *View {
	other := *v
	other.planner = command
	return &other
}

// Applied shows the outcome of each step of a plan, and the command to retry.
func (v *View) Applied(doc jsonv1.Applied) error { return show(v, doc, v.appliedForm) }

func (v *View) appliedForm(doc jsonv1.Applied) (body, func(*page)) {
	return body{sheet: plans.AppliedSheet(doc), tail: plans.AppliedSum(doc), notes: plans.OtherNotes(doc.Notes, len(doc.Steps))},
		func(p *page) { plans.WriteApplied(p, doc) }
}
