package plans

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// AppliedSheet returns a row for each step, with its outcome.
func AppliedSheet(doc jsonv1.Applied) layout.Sheet {
	s := layout.Sheet{Columns: withOutcome(layout.Column{Name: "Outcome", Field: "outcome"}, stepColumns(),
		layout.Column{Name: "Reason", Field: "reason", Min: 20}), None: noSteps(doc)}
	for _, step := range doc.Steps {
		s.Rows = append(s.Rows, withOutcome(outcome(step.Outcome), stepRow(step.Step), layout.Text(step.Reason)))
	}
	return s
}

// withOutcome inserts the outcome as the first element of a step, and the reason before its key.
func withOutcome[T any](outcome T, step []T, reason T) []T {
	return slices.Insert(slices.Insert(step, len(step)-1, reason), 0, outcome)
}

// noSteps is the text for a document without steps.
func noSteps(doc jsonv1.Applied) string {
	if doc.Complete {
		return nothingToDo(doc.Command, doc.Notes)
	}
	return doc.Command + ": nothing was changed"
}

// outcomes lists the outcomes in display order, with their texts.
var outcomes = []struct {
	outcome jsonv1.Outcome
	word    string
	style   layout.Style
}{
	{jsonv1.OutcomeDone, "done", layout.Good},
	{jsonv1.OutcomeUnchanged, "unchanged", layout.Good},
	{jsonv1.OutcomeByOther, "done by another run", layout.Good},
	{jsonv1.OutcomeFailed, "failed", layout.Bad},
	{jsonv1.OutcomeUnknown, "outcome unknown", layout.Bad},
	{jsonv1.OutcomeNotStarted, "not started", layout.Warn},
}

func outcome(o jsonv1.Outcome) layout.Cell {
	for _, known := range outcomes {
		if o == known.outcome {
			return layout.Cell{Span: layout.As(known.style, known.word), Data: string(o)}
		}
	}
	return layout.Text(string(o))
}

// AppliedSum counts the outcomes, and adds the command to retry, for Markdown.
func AppliedSum(doc jsonv1.Applied) []string {
	list := outcomeSum(doc)
	if doc.Retry != "" {
		list = append(list, "To retry (safe to repeat): "+doc.Retry)
	}
	return list
}

func outcomeSum(doc jsonv1.Applied) []string {
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
	return list
}

// WriteApplied writes the outcomes. With --quiet it leaves out the notes, but never the failures. The command to retry is in the hint of
// the error that follows.
func WriteApplied(p *layout.Page, doc jsonv1.Applied) {
	if len(doc.Steps) == 0 {
		if text, named := strings.CutPrefix(noSteps(doc), doc.Command); named {
			p.Line(0, layout.As(layout.Strong, doc.Command), layout.T(text))
		} else {
			p.Line(0, layout.T(noSteps(doc)))
		}
	} else {
		p.Line(0, layout.As(layout.Strong, doc.Command))
		step := func(s jsonv1.AppliedStep) jsonv1.Step { return s.Step }
		writeSteps(p, doc.Steps, step, outcomeKey, func(steps []jsonv1.AppliedStep) { writeDone(p, steps) })
		p.Gap()
	}
	for _, s := range outcomeSum(doc) {
		p.Sentence(s)
	}
	if !p.Quiet {
		for _, s := range layout.Notes(OtherNotes(doc.Notes, len(doc.Steps))) {
			p.Sentence(s)
		}
	}
}

// outcomeKey is the same for steps of one group with the same outcome.
func outcomeKey(s jsonv1.AppliedStep) string {
	return fmt.Sprintf("%s %q %s", s.Outcome, s.Reason, groupKey(s.Step))
}

// writeDone writes the outcome of a step, or of several issues that were changed in the same way.
// An outcome other than done comes first. Descriptions are left out, because the plan showed them.
func writeDone(p *layout.Page, steps []jsonv1.AppliedStep) {
	first := steps[0]
	verb := verbOf(first.Step)
	done := []layout.Span{layout.T(verb.past)}
	if first.Outcome != jsonv1.OutcomeDone {
		done = []layout.Span{outcome(first.Outcome).Span, layout.T(": " + verb.base)}
	}
	headline(p, first.Step, done, len(steps), first.Reason, slices.DeleteFunc(otherChanges(first.Step), change.prose))
	writeIssues(p, len(steps), func(i int) jsonv1.Step { return steps[i].Step })
}
