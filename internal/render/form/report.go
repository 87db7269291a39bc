package form

import (
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
)

// Report is a document of several tables, one below the other.
type Report struct {
	Title   string
	Address string // of the issue with the report; not in Markdown
	Facts   []layout.Fact
	Parts   []Part
	Notes   []string
}

// Part is one table with its title.
type Part struct {
	Name  string
	Sheet layout.Sheet
	Tail  []string // sentences below the table
}

// Write writes the page of the report.
func (r Report) Write(p *layout.Page) {
	p.Line(0, layout.As(layout.Strong, r.Title))
	if r.Address != "" {
		p.Address(r.Address)
	}
	if len(r.Facts) > 0 {
		p.Gap()
		p.Facts(0, r.Facts)
	}
	for _, part := range r.Parts {
		p.Gap()
		p.Line(0, layout.As(layout.Strong, part.Name))
		p.Sheet(part.Sheet)
		p.Lines(layout.Sentenced(part.Tail))
	}
	p.Tail(layout.Notes(r.Notes))
}

// Markdown returns the report as it is posted to an issue. The same data gives the same text, so it has no ages.
func (r Report) Markdown() string {
	var out strings.Builder
	out.WriteString("## " + layout.MarkdownCell(r.Title) + "\n")
	if len(r.Facts) > 0 {
		var lines []layout.Line
		for _, f := range r.Facts {
			lines = append(lines, layout.Unindented(append([]layout.Span{layout.As(layout.Strong, f.Name), layout.T(": ")}, f.Value...)...))
		}
		out.WriteString("\n" + layout.Bullets(lines))
	}
	for _, part := range r.Parts {
		out.WriteString("\n### " + layout.MarkdownCell(part.Name) + "\n\n" + part.Sheet.Without("age_minutes").Markdown(part.Tail))
	}
	if len(r.Notes) > 0 {
		out.WriteString("\n" + layout.Bullets(layout.Sentenced(layout.Notes(r.Notes))))
	}
	return out.String()
}

// Days formats the days of a report, with their time zone unless it is UTC.
func Days(from, to, zone string) string {
	days := from + " to " + to
	if zone != "UTC" && zone != "" {
		days += " (" + zone + ")"
	}
	return days
}
