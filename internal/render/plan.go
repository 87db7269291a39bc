package render

import (
	"gitlab.com/prodctl/prodctl/internal/render/plans"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Plan shows what a command would do. Nothing to do is a page of one line, and nothing in a pipe.
func (v *View) Plan(doc jsonv1.Plan) error {
	doc = revealed(v, doc)
	return v.show(doc, body{sheet: plans.PlanSheet(doc), tail: plans.PlanSum(doc), notes: doc.Notes},
		func(p *page) { plans.WritePlan(p, doc) })
}

// Applied shows what became of a plan: what was done, what was not, and the command that goes on.
func (v *View) Applied(doc jsonv1.Applied) error {
	doc = revealed(v, doc)
	return v.show(doc, body{sheet: plans.AppliedSheet(doc), tail: plans.AppliedSum(doc), notes: doc.Notes},
		func(p *page) { plans.WriteApplied(p, doc) })
}
