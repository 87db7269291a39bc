package render

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Labels shows the declared labels against the actual ones. On a page what is not as declared stands in sentences of its
// own, so that it is never cut.
func (v *View) Labels(doc jsonv1.Labels) error {
	s := sheet{columns: []column{
		{name: "Label", field: "name", min: 24},
		{name: "State", field: "state"},
		{field: "kind"},
		{name: "In", field: "target", once: true, min: 12, drop: 4},
		{name: "Color", field: "color", drop: 3},
		{name: "Priority", field: "priority", right: true, drop: 1},
		{name: "Differs", field: "differs"},
		{name: "Open", field: "open_issues", right: true, drop: 2},
		{name: "Closed", field: "closed_issues", right: true, drop: 5},
		{name: "Description", field: "description", min: 24, drop: 6},
	}, none: "no labels", compact: true}
	for _, l := range doc.Labels {
		color := text(l.Color)
		if l.Color != "" && v.o.Color {
			color.span = span{text: "■ " + l.Color, color: l.Color}
		}
		s.rows = append(s.rows, []cell{
			text(l.Name), labelState(l.State), text(l.Target.Kind), text(l.Target.Path), color, optional(l.Priority),
			text(differs(l)), optional(l.OpenIssues), optional(l.ClosedIssues), text(l.Description),
		})
	}
	b := body{sheet: s, tail: labelSum(doc), notes: doc.Notes}
	return v.show(doc, b, func(p *page) {
		p.sheet(s.without("differs"))
		p.differences(doc)
		p.tail(b.sentences())
	})
}

// differences are the labels that are there and not as declared.
func (p *page) differences(doc jsonv1.Labels) {
	begun := false
	for _, l := range doc.Labels {
		said := differs(l)
		if said == "" {
			continue
		}
		if !begun {
			p.gap()
			begun = true
		}
		p.line(0, as(strong, l.Name), t(": "+said))
	}
}

func labelState(s jsonv1.LabelState) cell {
	switch s {
	case jsonv1.LabelOK, jsonv1.LabelAbove:
		return styled(good, string(s))
	case jsonv1.LabelExtra:
		return styled(faint, string(s))
	}
	return styled(warn, string(s))
}

// differs says what is not as declared.
func differs(l jsonv1.Label) string {
	var list []string
	if l.Was != "" {
		list = append(list, "still called "+quoted(l.Was))
	}
	for _, d := range l.Differs {
		if l.Was == "" || d.Field != "name" {
			list = append(list, fmt.Sprintf("%s %s → %s", d.Field, orNone(d.Actual), orNone(d.Declared)))
		}
	}
	return strings.Join(list, "; ")
}

// labelSum counts the states in the order in which they are declared.
func labelSum(doc jsonv1.Labels) []string {
	counts := map[jsonv1.LabelState]int{}
	for _, l := range doc.Labels {
		counts[l.State]++
	}
	var parts []string
	for _, s := range []jsonv1.LabelState{jsonv1.LabelOK, jsonv1.LabelMissing, jsonv1.LabelDiffers,
		jsonv1.LabelRenamed, jsonv1.LabelExtra, jsonv1.LabelAbove} {
		if n := counts[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return []string{"Labels: " + strings.Join(parts, ", ") + "."}
}
