package render

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/html"
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
	b := body{Sheet: s, Tail: labelSum(doc), Notes: doc.Notes}
	return b, func(p *page) {
		p.Sheet(s.Without("differences"))
		differences(p, doc)
		p.Tail(b.Sentences())
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
	lead := "Labels"
	if doc.Omitted > 0 {
		lead = words.CountOf(len(doc.Labels), doc.Omitted, "label")
	}
	return []string{lead + ": " + strings.Join(parts, ", ")}
}

// LabelReport shows how much work carries the labels that gather data.
func (v *View) LabelReport(doc jsonv1.LabelReport) error { return show(v, doc, v.labelReportForm) }

func (v *View) labelReportForm(doc jsonv1.LabelReport) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Label", Field: "name", Min: 12}, {Name: "Issues", Field: "issues", Right: true}, {Name: "Share", Field: "percent", Right: true},
		{Name: "Weight", Field: "weight", Right: true, Drop: 4}, {Field: "weight_percent"}, {Name: "By timebox", Field: "timeboxes", Drop: 2},
		{Name: "Trend", Field: "trend", Drop: 3}, {Name: "Open", Field: "open", Right: true, Drop: 5},
		{Name: "Oldest", Field: "oldest_minutes", Right: true, Drop: 6},
		{Name: "Closed after", Field: "median_minutes_to_close", Right: true, Drop: 1},
		{Name: "Asked by", Field: "teams", Min: 12, Drop: 7},
	}, None: "No timeboxes in " + words.Where(doc.Target), Compact: true}
	if len(doc.Timeboxes) > 0 {
		s.Rows = form.Rows(doc.Labels, func(l jsonv1.MeasuredLabel) []cell {
			return []cell{text(l.Name), number(l.Issues), exactPercent(l.Percent), number(l.Weight), text(l.WeightPercent),
				text(numbers(l.Timeboxes)),
				text(l.Trend), number(l.Open), form.Age(l.Oldest), toClose(l.Closed), text(teams(l.Teams))}
		})
	}
	r := report{Title: "Labels of the last " + words.Count(len(doc.Timeboxes), "timebox"), Notes: doc.Notes,
		Parts: []form.Part{part("Measured labels", s, words.Toil(doc))}}
	if len(doc.Timeboxes) == 0 {
		r = report{Title: s.None, Notes: doc.Notes}
	}
	if len(doc.Kinds) > 0 {
		r.Parts = append(r.Parts, part("Toil that comes back: candidates for automation", toilKinds(doc.Kinds), nil))
	}
	b := body{Sheet: s, Tail: words.Toil(doc), Notes: doc.Notes, Post: r.Markdown()}
	b.Also = v.asPage(func(*time.Location) string { return html.LabelReport(doc) })
	return b, r.Write
}

func toilKinds(list []jsonv1.ToilKind) sheet {
	s := sheet{Columns: []column{{Name: "Issues", Right: true}, {Name: "Words in common", Min: 12}, {Name: "Oldest"},
		{Name: "Its title", Min: 12, Drop: 1}}}
	s.Rows = form.Rows(list, func(k jsonv1.ToilKind) []cell {
		return []cell{number(k.Count), text(strings.Join(k.Words, " ")), text(k.Issues[0]), text(k.Title)}
	})

	return s
}

// exactPercent is an exact percentage, rounded for people.
func exactPercent(s string) cell {
	if s == "" {
		return text("")
	}
	return both(words.Percent(s), s)
}

// toClose is a median in words for people and in minutes for programs.
func toClose(s jsonv1.Spread) cell {
	if s.Sample == 0 {
		return text("")
	}
	whole, _, _ := strings.Cut(s.Median, ".")
	minutes, _ := strconv.Atoi(whole)
	return both(words.Lasting(minutes), s.Median)
}

func numbers(list []int) string { return strings.Trim(fmt.Sprint(list), "[]") }

func teams(list []jsonv1.LabelledTeam) string {
	var names []string
	for _, t := range list {
		names = append(names, fmt.Sprintf("%s %d", t.Team, t.Count))
	}
	return strings.Join(names, ", ")
}
