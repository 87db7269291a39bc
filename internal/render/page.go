package render

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"gitlab.com/prodctl/prodctl/pkg/visible"
)

// narrow is the width below which a table that does not fit is stacked and not cut.
const narrow = 50

// page collects what is written to a terminal.
type page struct {
	strings.Builder
	o   Options
	ink ink
}

func (v *View) page() *page { return &page{o: v.o, ink: v.ink} }

// line writes spans one after the other. What does not fit goes on in the next line, indented like the first one
// and by two more.
func (p *page) line(indent int, spans ...span) {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(p.ink.paint(s))
	}
	p.hang(strings.Repeat(" ", indent), strings.Repeat(" ", indent+2), b.String())
}

// hang writes text behind a lead, broken into lines that begin with rest.
func (p *page) hang(lead, rest, text string) {
	room := p.o.Width - max(width(ansi.Strip(lead)), width(ansi.Strip(rest)))
	if p.o.Width > 0 && width(ansi.Strip(lead+text)) > p.o.Width {
		text = lipgloss.Wrap(text, max(room, 8), "")
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			lead = rest
		}
		p.WriteString(strings.TrimRight(lead+line, " ") + "\n")
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
	for _, line := range strings.Split(strings.TrimRight(visible.Text(s), "\n "), "\n") {
		p.hang(strings.Repeat(" ", indent), strings.Repeat(" ", indent), line)
	}
}

// fact is a name and its value.
type fact struct {
	name  string
	value []span
}

// facts writes names and values below each other; those without a value are left out.
func (p *page) facts(indent int, list []fact) {
	names := 0
	for _, f := range list {
		if len(f.value) > 0 {
			names = max(names, width(f.name))
		}
	}
	for _, f := range list {
		var b strings.Builder
		for _, s := range f.value {
			b.WriteString(p.ink.paint(s))
		}
		if b.Len() == 0 {
			continue
		}
		lead := strings.Repeat(" ", indent) + p.ink.paint(as(faint, f.name)) + strings.Repeat(" ", names-width(f.name)+gap)
		p.hang(lead, strings.Repeat(" ", indent+names+gap), b.String())
	}
}

// body writes a table and the sentences below it.
func (p *page) body(b body) {
	p.sheet(b.sheet)
	p.tail(b.tail)
}

func (p *page) tail(sentences []string) {
	if len(sentences) == 0 || p.o.Quiet {
		return
	}
	p.gap()
	for _, s := range sentences {
		p.line(0, t(s))
	}
}

// sheet draws a table, fitted to the terminal.
func (p *page) sheet(s sheet) {
	if len(s.rows) == 0 {
		p.line(0, t(s.none))
		return
	}
	columns, widths := s.fit(p.o.Width)
	if columns == nil || p.o.Width > 0 && p.o.Width < narrow && s.wasCut(columns, widths) {
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
