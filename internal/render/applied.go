package render

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// appliedSheet has a row for each step, with what became of it.
func appliedSheet(doc jsonv1.Applied) sheet {
	s := sheet{columns: withOutcome(column{name: "Outcome", field: "outcome"}, stepColumns(),
		column{name: "Reason", field: "reason", min: 20}), none: doc.Command + ": " + nothing(doc)}
	for _, step := range doc.Steps {
		s.rows = append(s.rows, withOutcome(outcome(step.Outcome), stepRow(step.Step), text(step.Reason)))
	}
	return s
}

// withOutcome puts the outcome before what is said of a step, and the reason behind it but before its key.
func withOutcome[T any](outcome T, step []T, reason T) []T {
	return slices.Insert(slices.Insert(step, len(step)-1, reason), 0, outcome)
}

// nothing says that there are no steps.
func nothing(doc jsonv1.Applied) string {
	if doc.Complete {
		return "nothing to do."
	}
	return "nothing was done."
}

// outcomes are the outcomes in the order in which they are said, with their words.
var outcomes = []struct {
	outcome jsonv1.Outcome
	word    string
	style   style
}{
	{jsonv1.OutcomeDone, "done", good},
	{jsonv1.OutcomeUnchanged, "was so already", good},
	{jsonv1.OutcomeFailed, "failed", bad},
	{jsonv1.OutcomeUnknown, "outcome unknown", bad},
	{jsonv1.OutcomeNotStarted, "not begun", warn},
}

func outcome(o jsonv1.Outcome) cell {
	for _, known := range outcomes {
		if o == known.outcome {
			return cell{as(known.style, known.word), string(o)}
		}
	}
	return text(string(o))
}

// appliedSum counts the outcomes.
func appliedSum(doc jsonv1.Applied) []string {
	var parts []string
	for _, o := range outcomes {
		n := 0
		for _, s := range doc.Steps {
			if s.Outcome == o.outcome {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o.word))
		}
	}
	var list []string
	if len(parts) > 0 {
		word := "Stopped"
		if doc.Complete {
			word = "Applied"
		}
		list = append(list, word+": "+strings.Join(parts, ", ")+".")
	}
	if doc.GoOn != "" {
		list = append(list, "To go on: "+doc.GoOn)
	}
	return list
}

// applied leaves out the notes where only the result is wanted, but never what was not done and how to go on.
func (p *page) applied(doc jsonv1.Applied) {
	if len(doc.Steps) == 0 {
		p.line(0, as(strong, doc.Command), t(": "+nothing(doc)))
	} else {
		p.line(0, as(strong, doc.Command))
		tell(p, doc.Steps, func(s jsonv1.AppliedStep) jsonv1.Step { return s.Step }, ended, func(steps []jsonv1.AppliedStep) { p.done(steps) })
		p.gap()
	}
	for _, s := range appliedSum(doc) {
		p.sentence(s)
	}
	if !p.quiet {
		for _, s := range notes(doc.Notes) {
			p.sentence(s)
		}
	}
}

// ended is the same for alike steps of which the same became.
func ended(s jsonv1.AppliedStep) string {
	return fmt.Sprintf("%s %q %s", s.Outcome, s.Reason, alike(s.Step))
}

// done writes what became of a step, or of several issues that were changed in the same way.
// What was not done says so before all else. Descriptions are left out: the plan showed them.
func (p *page) done(steps []jsonv1.AppliedStep) {
	first := steps[0]
	deed := deedOf(first.Step)
	done := []span{t(deed.past)}
	if first.Outcome != jsonv1.OutcomeDone {
		done = []span{outcome(first.Outcome).span, t(": " + deed.verb)}
	}
	p.headline(first.Step, done, len(steps), first.Reason, slices.DeleteFunc(untold(first.Step), change.prose))
	p.crowd(len(steps), func(i int) jsonv1.Step { return steps[i].Step })
}
