package render

import "gitlab.com/prodctl/prodctl/pkg/jsonv1"

// Plan shows what a command would do. Nothing to do is a page of one line, and nothing in a pipe.
func (v *View) Plan(doc jsonv1.Plan) error {
	if !v.reveals() {
		doc = doc.Withhold()
	}
	return v.show(doc, body{sheet: planSheet(doc), tail: planSum(doc), notes: doc.Notes}, func(p *page) { p.plan(doc) })
}

// Applied shows what became of a plan: what was done, what was not, and the command that goes on.
func (v *View) Applied(doc jsonv1.Applied) error {
	if !v.reveals() {
		doc = doc.Withhold()
	}
	return v.show(doc, body{sheet: appliedSheet(doc), tail: appliedSum(doc), notes: doc.Notes}, func(p *page) { p.applied(doc) })
}
