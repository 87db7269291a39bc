package workflow

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// LabelStep returns the step that resolves a pending difference.
func LabelStep(in target.Target, d label.Difference) plan.Step {
	before := labelBefore(d)
	switch {
	case d.State == label.Missing:
		return plan.CreateLabel{Base: labelBase("create", in, d.Declared.Name), In: in, Label: d.Declared.Label(in.Kind == target.Project)}
	case d.Prune:
		return plan.DeleteLabel{Base: labelBase("delete", in, before.Name), In: in, Before: before}
	}
	return plan.UpdateLabel{Base: labelBase("update", in, before.Name), In: in, LabelID: before.ID, Before: before, Change: d.Change}
}

func labelBase(verb string, in target.Target, name string) plan.Base {
	return plan.Base{ID: fmt.Sprintf("%s label %q of %s", verb, name, in)}
}

// ObservedDifference returns the fingerprint of the label, or of its absence.
func ObservedDifference(in target.Target, d label.Difference) plan.Fingerprint {
	if d.Actual.ID == 0 {
		return ObservedMissingLabel(in, d.Declared.Name)
	}
	return ObservedLabel(in, labelBefore(d))
}

// labelBefore returns the label as a plan shows it before the step. The number of issues matters only for a label that is deleted.
func labelBefore(d label.Difference) label.Label {
	before := d.Actual
	before.Requests = 0 // not part of a plan: it only explains why a label stays
	if !d.Prune {
		before.Open, before.Closed = 0, 0
	}
	return before
}
