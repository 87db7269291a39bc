package workflow

import (
	"context"
	"encoding/json"
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// LabelInputs are what `label apply` was asked; a plan file keeps them.
type LabelInputs struct {
	In    []string // as typed; the places they mean come from the configuration
	Prune bool
	Force bool
}

// LabelApply is `label apply` and, without the writing, `label plan`: every place gets the declared set (SPEC 5).
// Its steps do not depend on each other and are carried out in parallel.
type LabelApply struct {
	Verified
	Labels
	Inputs LabelInputs
	Host   string
	Words  []string
	Today  calendar.Date
}

// Plan needs one request a page of labels where nothing is pruned.
func (a LabelApply) Plan(ctx context.Context) (plan.Plan, error) {
	places, err := a.Compare(ctx, false, a.Inputs.Prune, a.Inputs.Force)
	if err != nil {
		return plan.Plan{}, err
	}
	inputs, err := json.Marshal(a.Inputs)
	if err != nil {
		return plan.Plan{}, err
	}
	p := plan.Plan{Command: "label apply", Words: a.Words, Inputs: inputs, Host: a.Host, Today: a.Today, Seen: asked(inputs, a.In, a.Set)}
	for _, place := range places {
		for _, d := range label.Pending(place.Differences) {
			p.Steps = append(p.Steps, labelStep(place.In, d))
			p.Destructive = p.Destructive || d.Prune
			p.Seen = append(p.Seen, seenDifference(place.In, d))
		}
		p.Notes = append(p.Notes, place.notes()...)
	}
	p.Seen = sortSeen(p.Seen)
	return p, nil
}

// LabelInputsOf reads what a saved plan was asked.
func LabelInputsOf(p plan.Plan) (LabelInputs, error) {
	var in LabelInputs
	if err := json.Unmarshal(p.Inputs, &in); err != nil {
		return LabelInputs{}, fault.Wrap(fault.Usage, err, "make the plan again", "the plan's inputs")
	}
	return in, nil
}

// labelStep is the write that a pending difference asks for.
func labelStep(in target.Target, d label.Difference) plan.Step {
	was := shownBefore(d)
	switch {
	case d.State == label.Missing:
		return plan.CreateLabel{Base: labelBase("create", in, d.Declared.Name), In: in, Label: d.Declared.Label(in.Kind == target.Project)}
	case d.Prune:
		return plan.DeleteLabel{Base: labelBase("delete", in, was.Name), In: in, Was: was}
	}
	return plan.UpdateLabel{Base: labelBase("update", in, was.Name), In: in, LabelID: was.ID, Was: was, Change: d.Change}
}

func labelBase(verb string, in target.Target, name string) plan.Base {
	return plan.Base{ID: fmt.Sprintf("%s label %q of %s", verb, name, in)}
}

// seenDifference remembers the label, or that there was none.
func seenDifference(in target.Target, d label.Difference) plan.Seen {
	if d.Actual.ID == 0 {
		return missingLabel(in, d.Declared.Name)
	}
	return seenLabel(in, shownBefore(d))
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
