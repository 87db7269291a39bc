package render

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Applied shows what became of a plan: what was done, what was not, and the command that goes on.
func (v *View) Applied(doc jsonv1.Applied) error {
	s := sheet{columns: append([]column{{name: "Outcome", field: "outcome"}}, append(stepColumns(),
		column{name: "Reason", field: "reason", min: 20})...)}
	for _, step := range doc.Steps {
		row := append([]cell{outcome(step.Outcome)}, stepRow(step.Step)...)
		s.rows = append(s.rows, append(row, text(step.Reason)))
	}
	s.none = "Nothing to do."
	b := body{sheet: s, tail: append(appliedSum(doc), notes(doc.Notes)...)}
	return v.show(doc, b, func(p *page) { p.applied(doc, b.tail) })
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

func (p *page) applied(doc jsonv1.Applied, tail []string) {
	if len(doc.Steps) == 0 {
		said := "nothing to do."
		if !doc.Complete {
			said = "nothing was done."
		}
		p.line(0, as(strong, doc.Command), t(": "+said))
		if doc.GoOn != "" {
			p.line(0, t("To go on: "+doc.GoOn))
		}
		if !p.o.Quiet {
			for _, s := range notes(doc.Notes) {
				p.line(0, t(s))
			}
		}
		return
	}
	p.line(0, as(strong, doc.Command))
	place := jsonv1.Target{}
	for _, s := range doc.Steps {
		if s.Target != place {
			place = s.Target
			p.gap()
			p.line(0, t("in "+where(place)+":"))
		}
		p.appliedStep(s)
	}
	p.gap()
	for _, s := range tail {
		p.line(0, t(s))
	}
}

// appliedStep says what was done in one line, so that a roll of many issues can be read;
// anything but success says so in a word and with its reason.
func (p *page) appliedStep(s jsonv1.AppliedStep) {
	head := []span{mark(s.Action), t(" "), as(strong, object(s.Step))}
	if s.Action == jsonv1.IssueUpdate {
		head = append(head, t(" "+s.Object.Title))
	}
	if list := changeList(s.Step); list != "" {
		head = append(head, as(faint, "  "+list))
	}
	if s.Outcome != jsonv1.OutcomeDone {
		head = append(head, t("  "), outcome(s.Outcome).span)
	}
	p.line(2, head...)
	if s.Reason != "" {
		p.line(6, t(s.Reason))
	}
}
