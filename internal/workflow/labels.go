package workflow

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// LabelStep is the write that a pending difference asks for.
func LabelStep(in target.Target, d label.Difference) plan.Step {
	was := shownBefore(d)
	switch {
	case d.State == label.Missing:
		return plan.CreateLabel{Base: labelBase("create", in, d.Declared.Name), In: in, Label: d.Declared.Label(in.Kind == target.Project)}
	case d.Prune:
		return plan.DeleteLabel{Base: labelBase("delete", in, was.Name), In: in, Before: was}
	}
	return plan.UpdateLabel{Base: labelBase("update", in, was.Name), In: in, LabelID: was.ID, Before: was, Change: d.Change}
}

func labelBase(verb string, in target.Target, name string) plan.Base {
	return plan.Base{ID: fmt.Sprintf("%s label %q of %s", verb, name, in)}
}

// ObservedDifference remembers the label, or that there was none.
func ObservedDifference(in target.Target, d label.Difference) plan.Fingerprint {
	if d.Actual.ID == 0 {
		return ObservedMissingLabel(in, d.Declared.Name)
	}
	return ObservedLabel(in, shownBefore(d))
}

// shownBefore is the label as a plan shows it before the step. How many issues carry it counts for one that is deleted only.
func shownBefore(d label.Difference) label.Label {
	was := d.Actual
	was.Requests = 0 // not a part of plans: it tells why a label stays, and this one does not
	if !d.Prune {
		was.Open, was.Closed = 0, 0
	}
	return was
}
