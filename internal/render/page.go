package render

import "strings"

// narrow is the width below which a table that does not fit is stacked and not cut.
const narrow = 50

// leastRoom is the width that text gets beside its lead; where there is less it stands below it.
const leastRoom = 20

// page collects what is written to a terminal.
type page struct {
	strings.Builder
	width int  // its columns; 0: unlimited
	quiet bool // notes and hints are left out
	ink   ink
}

// newPage is an empty page.
func newPage(width int, color, quiet bool) *page {
	return &page{width: width, quiet: quiet, ink: ink{color}}
}

// fits reports whether a line of so many cells fits.
func (p *page) fits(cells int) bool { return p.width == 0 || cells <= p.width }

// put writes one line of harmless spans.
func (p *page) put(indent int, spans []span) {
	if spans = trimmed(spans); len(spans) > 0 {
		p.WriteString(strings.Repeat(" ", indent))
	}
	for _, s := range spans {
		p.WriteString(p.ink.dress(s, s.text))
	}
	p.WriteByte('\n')
}

// line writes spans one after the other. What does not fit goes on in the next line, indented by two more.
func (p *page) line(indent int, spans ...span) { p.hang(indent, nil, indent+2, spans...) }

// hang writes text behind a lead. What does not fit goes on in lines that are indented by rest.
func (p *page) hang(indent int, lead []span, rest int, text ...span) {
	lead, text = harmless(lead), harmless(text)
	begin := indent + cells(lead)
	if p.fits(begin + cells(text)) {
		p.put(indent, append(lead, text...))
		return
	}
	if !p.fits(max(begin, rest) + leastRoom) {
		if len(lead) > 0 {
			p.put(indent, lead)
		}
		lead, indent, begin, rest = nil, 2, 2, 2
	}
	for i, line := range wrap(text, p.width-begin, p.width-rest) {
		if i == 0 {
			p.put(indent, append(lead, line...))
		} else {
			p.put(rest, line)
		}
	}
}

// gap writes an empty line, but not at the beginning.
func (p *page) gap() {
	if p.Len() > 0 {
		p.WriteByte('\n')
	}
}

// prose writes somebody's text of several lines.
func (p *page) prose(indent int, s string) {
	for _, line := range splitLines(s) {
		p.hang(indent, nil, indent, t(line))
	}
}

// fact is a name and its value.
type fact struct {
	name  string
	value []span
}

func (f fact) told() bool { return len(harmless(f.value)) > 0 }

// facts writes names and values below each other; those without a value are left out.
func (p *page) facts(indent int, list []fact) {
	names := 0
	for _, f := range list {
		if f.told() {
			names = max(names, width(f.name))
		}
	}
	for _, f := range list {
		if f.told() {
			lead := []span{as(faint, f.name), t(strings.Repeat(" ", names-width(f.name)+gap))}
			p.hang(indent, lead, indent+names+gap, f.value...)
		}
	}
}

// packed writes names and values one after the other, as many as fit on a line.
func (p *page) packed(indent int, list []fact) {
	var line []span
	for _, f := range list {
		if !f.told() {
			continue
		}
		item := harmless(append([]span{as(faint, f.name), t(" ")}, f.value...))
		if len(line) > 0 && p.fits(indent+cells(line)+gap+cells(item)) {
			line = append(append(line, t(strings.Repeat(" ", gap))), item...)
			continue
		}
		if len(line) > 0 {
			p.line(indent, line...)
		}
		line = item
	}
	if len(line) > 0 {
		p.line(indent, line...)
	}
}

func (p *page) tail(sentences []string) {
	if len(sentences) == 0 || p.quiet {
		return
	}
	p.gap()
	for _, s := range sentences {
		p.sentence(s)
	}
}

// sentence writes a line that may begin with blanks of its own.
func (p *page) sentence(s string) {
	rest := strings.TrimLeft(s, " ")
	p.line(len(s)-len(rest), t(rest))
}

// sheet draws a table, fitted to the terminal.
func (p *page) sheet(s sheet) {
	if len(s.rows) == 0 {
		p.line(0, t(s.none))
		return
	}
	columns, widths := s.fit(p.width)
	if columns == nil || !s.compact && !p.fits(narrow) && s.wasCut(columns, widths) {
		p.stack(s)
		return
	}
	p.draw(s, columns, widths)
}

// wasCut reports whether the columns are fewer or narrower than they would be on a wide terminal.
func (s sheet) wasCut(columns, widths []int) bool {
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

// stack writes for each row the first column, and below it the others with their names.
func (p *page) stack(s sheet) {
	columns := s.shown()
	for _, row := range s.rows {
		title := row[columns[0]].span
		if title.style == plain {
			title.style = strong
		}
		p.hang(0, nil, 4, title)
		var list []fact
		for _, c := range columns[1:] {
			list = append(list, fact{s.columns[c].name, []span{row[c].span}})
		}
		p.packed(gap, list)
	}
}
