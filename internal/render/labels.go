package render

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Labels compares the actual labels with the declared ones. On a page the differences are listed below the table, so that they are never
// cut off.
func (v *View) Labels(doc jsonv1.Labels) error { return show(v, doc, v.labelsForm) }

func (v *View) labelsForm(doc jsonv1.Labels) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Label", Field: "name", Min: 24},
		{Name: "State", Field: "state"},
		{Field: "kind"},
		{Name: "In", Field: "target", Once: true, Min: 12, Drop: 4},
		{Name: "Color", Field: "color", Drop: 3},
		{Name: "Priority", Field: "priority", Right: true, Drop: 1},
		{Name: "Differences", Field: "differences"},
		{Name: "Open", Field: "open_issues", Right: true, Drop: 2},
		{Name: "Closed", Field: "closed_issues", Right: true, Drop: 5},
		{Name: "Description", Field: "description", Min: 24, Drop: 6},
	}, None: "No labels found", Compact: true}
	for _, l := range doc.Labels {
		color := text(l.Color)
		if l.Color != "" && v.o.Color {
			color.Span = span{Text: "■ " + l.Color, Color: l.Color}
		}
		s.Rows = append(s.Rows, []cell{
			text(l.Name), labelState(l.State), text(l.Target.Kind), text(l.Target.Path), color, optional(l.Priority),
			text(differs(l)), optional(l.OpenIssues), optional(l.ClosedIssues), text(l.Description),
		})
	}
	b := body{sheet: s, tail: labelSum(doc), notes: doc.Notes}
	return b, func(p *page) {
		p.Sheet(s.Without("differences"))
		differences(p, doc)
		p.Tail(b.sentences())
	}
}

// differences lists the labels that differ from their declaration.
func differences(p *page, doc jsonv1.Labels) {
	started := false
	for _, l := range doc.Labels {
		text := differs(l)
		if text == "" {
			continue
		}
		if !started {
			p.Gap()
			started = true
		}
		p.Line(0, as(strong, l.Name), t(": "+text))
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

// differs describes how a label differs from its declaration.
func differs(l jsonv1.Label) string {
	var list []string
	if l.RenamedFrom != "" {
		list = append(list, "still named "+words.Quoted(l.RenamedFrom))
	}
	for _, d := range l.Differences {
		if l.RenamedFrom == "" || d.Field != "name" {
			list = append(list, fmt.Sprintf("%s %s → %s", d.Field, words.OrNone(d.Actual), words.OrNone(d.Declared)))
		}
	}
	return strings.Join(list, "; ")
}

// labelSum counts the labels by state.
func labelSum(doc jsonv1.Labels) []string {
	counts := map[jsonv1.LabelState]int{}
	for _, l := range doc.Labels {
		counts[l.State]++
	}
	var parts []string
	for _, s := range []jsonv1.LabelState{jsonv1.LabelOK, jsonv1.LabelMissing, jsonv1.LabelDiffers,
		jsonv1.LabelRenamed, jsonv1.LabelExtra, jsonv1.LabelAbove} {
		if n := counts[s]; n > 0 {
			word := string(s)
			if s == jsonv1.LabelDiffers && n > 1 {
				word = "differ"
			}
			parts = append(parts, fmt.Sprintf("%d %s", n, word))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return []string{"Labels: " + strings.Join(parts, ", ")}
}
