package render

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Labels shows the declared labels against the actual ones.
func (v *View) Labels(doc jsonv1.Labels) error {
	s := sheet{columns: []column{
		{field: "kind"},
		{name: "In", field: "target", once: true, min: 12, drop: 4},
		{name: "Label", field: "name", min: 12},
		{name: "State", field: "state"},
		{name: "Color", field: "color", drop: 2},
		{name: "Priority", field: "priority", right: true, drop: 1},
		{name: "Differs", field: "differs", min: 20},
		{name: "Open", field: "open_issues", right: true, drop: 3},
		{name: "Closed", field: "closed_issues", right: true, drop: 5},
		{name: "Description", field: "description", min: 16, drop: 6},
	}, none: "no labels"}
	for _, l := range doc.Labels {
		swatch := text(l.Color)
		if l.Color != "" {
			swatch.span = span{text: "■ " + l.Color, color: l.Color}
		}
		s.rows = append(s.rows, []cell{
			text(l.Target.Kind), text(l.Target.Path), text(l.Name), labelState(l.State), swatch,
			optional(l.Priority), text(differs(l)), optional(l.OpenIssues), optional(l.ClosedIssues), text(l.Description),
		})
	}
	return v.show(doc, body{sheet: s, tail: labelSum(doc)}, nil)
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
		list = append(list, fmt.Sprintf("%s %s → %s", d.Field, orNone(d.Actual), orNone(d.Declared)))
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
