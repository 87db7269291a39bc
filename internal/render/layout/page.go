package layout

import (
	"slices"
	"strings"
)

// Narrow is the width below which a table that does not fit is stacked rather than cut.
const Narrow = 50

// leastRoom is the width that text needs beside its lead. With less room it goes below the lead.
const leastRoom = 20

// Page collects what is written to a terminal.
type Page struct {
	strings.Builder
	Width int  // columns of the terminal; 0: unlimited
	Quiet bool // leave out notes and hints
	ink   Ink
}

// NewPage returns an empty page.
func NewPage(width int, color, quiet bool) *Page {
	return &Page{Width: width, Quiet: quiet, ink: Ink{color}}
}

// Fits reports whether a line of that many cells fits.
func (p *Page) Fits(cells int) bool { return p.Width == 0 || cells <= p.Width }

// Put writes one line of sanitized spans.
func (p *Page) Put(indent int, spans []Span) {
	if spans = trimmed(spans); len(spans) > 0 {
		p.WriteString(strings.Repeat(" ", indent))
	}
	for _, s := range spans {
		p.WriteString(p.ink.dress(s, s.Text))
	}
	p.WriteByte('\n')
}

// Line writes spans on one line. Text that does not fit continues on the next line, indented by two more.
func (p *Page) Line(indent int, spans ...Span) { p.Hang(indent, nil, indent+2, spans...) }

// Hang writes text after a lead. Text that does not fit continues on lines indented by rest.
func (p *Page) Hang(indent int, lead []Span, rest int, text ...Span) {
	lead, text = Sanitize(lead), Sanitize(text)
	begin := indent + Cells(lead)
	if p.Fits(begin + Cells(text)) {
		p.Put(indent, append(lead, text...))
		return
	}
	if !p.Fits(max(begin, rest) + leastRoom) {
		if len(lead) > 0 {
			p.Put(indent, lead)
		}
		lead, indent, begin, rest = nil, 2, 2, 2
	}
	for i, line := range Wrap(text, p.Width-begin, p.Width-rest) {
		if i == 0 {
			p.Put(indent, append(lead, line...))
		} else {
			p.Put(rest, line)
		}
	}
}

// Gap writes an empty line, except at the start of the page.
func (p *Page) Gap() {
	if p.Len() > 0 {
		p.WriteByte('\n')
	}
}

// Prose writes a text of several lines.
func (p *Page) Prose(indent int, s string) {
	for _, line := range SplitLines(s) {
		p.Hang(indent, nil, indent, T(line))
	}
}

// Fact is a name with a value.
type Fact struct {
	Name  string
	Value []Span
}

// Known reports whether there is a value.
func (f Fact) Known() bool { return len(Sanitize(f.Value)) > 0 }

// Facts writes names and values below each other. Facts without a value are left out.
func (p *Page) Facts(indent int, list []Fact) {
	names := 0
	for _, f := range list {
		if f.Known() {
			names = max(names, Width(f.Name))
		}
	}
	for _, f := range list {
		if f.Known() {
			lead := []Span{As(Faint, f.Name), T(strings.Repeat(" ", names-Width(f.Name)+Gap))}
			p.Hang(indent, lead, indent+names+Gap, f.Value...)
		}
	}
}

// Packed writes names and values after each other, as many as fit on a line.
func (p *Page) Packed(indent int, list []Fact) {
	var line []Span
	for _, f := range list {
		if !f.Known() {
			continue
		}
		item := Sanitize(append([]Span{As(Faint, f.Name), T(" ")}, f.Value...))
		if len(line) > 0 && p.Fits(indent+Cells(line)+Gap+Cells(item)) {
			line = append(append(line, T(strings.Repeat(" ", Gap))), item...)
			continue
		}
		if len(line) > 0 {
			p.Line(indent, line...)
		}
		line = item
	}
	if len(line) > 0 {
		p.Line(indent, line...)
	}
}

// Tail writes sentences below what has been written.
func (p *Page) Tail(sentences []string) {
	if len(sentences) == 0 || p.Quiet {
		return
	}
	p.Gap()
	for _, s := range sentences {
		p.Sentence(s)
	}
}

// Sentence writes a sentence. Blanks at its start are kept as indentation. A command at the end of a hint or a note is not broken.
func (p *Page) Sentence(s string) {
	rest := strings.TrimLeft(s, " ")
	indent := len(s) - len(rest)
	for _, lead := range []string{"hint: ", "note: "} {
		if text, ok := strings.CutPrefix(rest, lead); ok {
			p.Hint(indent, lead, indent+2, text)
			return
		}
	}
	p.Line(indent, T(rest))
}

// Sheet draws a table, fitted to the terminal. Columns that do not fit are named in a line below it.
func (p *Page) Sheet(s Sheet) {
	if len(s.Rows) == 0 {
		p.Line(0, T(s.None))
		return
	}
	columns, widths := s.fit(p.Width)
	if columns == nil || !s.Compact && !p.Fits(Narrow) && s.wasCut(columns, widths) {
		p.stack(s)
		return
	}
	p.draw(s, columns, widths)
	if names := s.leftOut(columns); len(names) > 0 {
		p.Line(0, As(Faint, "Columns left out: "+strings.Join(names, ", ")+" (use a wider terminal or -o json)"))
	}
}

// leftOut names the columns that a wide terminal would show in addition to these.
func (s Sheet) leftOut(columns []int) []string {
	var names []string
	for _, c := range s.shown() {
		if !slices.Contains(columns, c) {
			names = append(names, s.Columns[c].Name)
		}
	}
	return names
}

// wasCut reports whether the columns are fewer or narrower than on a wide terminal.
func (s Sheet) wasCut(columns, widths []int) bool {
	if len(columns) < len(s.shown()) {
		return true
	}
	for i, w := range s.natural(columns) {
		if widths[i] < w {
			return true
		}
	}
	return false
}

// stack writes the first column of each row, and below it the other columns with their names.
func (p *Page) stack(s Sheet) {
	columns := s.shown()
	for _, row := range s.Rows {
		title := row[columns[0]].Span
		if title.Style == Plain {
			title.Style = Strong
		}
		p.Hang(0, nil, 4, title)
		var list []Fact
		for _, c := range columns[1:] {
			list = append(list, Fact{s.Columns[c].Name, []Span{row[c].Span}})
		}
		p.Packed(Gap, list)
	}
}
