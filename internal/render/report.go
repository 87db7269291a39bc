package render

import (
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
)

// report is a document of several tables, one below the other.
type report struct {
	title   string
	address string // of the issue with the report; not in Markdown
	facts   []layout.Fact
	parts   []reportPart
	notes   []string
}

// reportPart is one table with its title.
type reportPart struct {
	name  string
	sheet sheet
	tail  []string // sentences below the table
}

func (r report) write(p *page) {
	p.Line(0, as(strong, r.title))
	if r.address != "" {
		p.Address(r.address)
	}
	if len(r.facts) > 0 {
		p.Gap()
		p.Facts(0, r.facts)
	}
	for _, part := range r.parts {
		p.Gap()
		p.Line(0, as(strong, part.name))
		p.Sheet(part.sheet)
		p.Lines(layout.Sentenced(part.tail))
	}
	p.Tail(layout.Notes(r.notes))
}

// markdown returns the report as it is posted to an issue. The same data gives the same text, so it has no ages.
func (r report) markdown() string {
	var out strings.Builder
	out.WriteString("## " + layout.MarkdownCell(r.title) + "\n")
	if len(r.facts) > 0 {
		var lines []line
		for _, f := range r.facts {
			lines = append(lines, unindented(append([]span{as(strong, f.Name), t(": ")}, f.Value...)...))
		}
		out.WriteString("\n" + layout.Bullets(lines))
	}
	for _, part := range r.parts {
		out.WriteString("\n### " + layout.MarkdownCell(part.name) + "\n\n" + part.sheet.Without("age_minutes").Markdown(part.tail))
	}
	if len(r.notes) > 0 {
		out.WriteString("\n" + layout.Bullets(layout.Sentenced(layout.Notes(r.notes))))
	}
	return out.String()
}

// reportDays formats the days of a report, with their time zone unless it is UTC.
func reportDays(from, to, zone string) string {
	days := from + " to " + to
	if zone != "UTC" && zone != "" {
		days += " (" + zone + ")"
	}
	return days
}
