// Package status holds the form of `prodctl status`: a screen of at most 30 lines, and the same facts as a table. Which facts there are is
// decided in internal/document; no rule and no request belongs here.
package status

import (
	"cmp"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// MostLines is how many lines the screen has at most.
const MostLines = 30

// Form is the screen. Programs get a table: a line for each fact, in the order of the screen.
func Form(doc jsonv1.Status, clock words.Clock) (form.Body, func(*layout.Page)) {
	s := layout.Sheet{Columns: []layout.Column{
		{Name: "Part", Field: "part"}, {Name: "State", Field: "state"}, {Name: "Issue", Field: "ref"},
		{Name: "Text", Field: "text", Min: 20},
		{Name: "At", Field: "at"}, {Name: "Command", Field: "command"}, {Field: "at_least"}, {Field: "unknown"}, {Field: "confidential"},
		{Field: "withheld"},
	}}
	worst := len(doc.Incidents.Worst)
	all := facts{doc: doc, clock: clock, incidents: worst, comments: worst, changes: len(doc.Changes.First)}
	for _, f := range all.list() {
		s.Rows = append(s.Rows, []layout.Cell{layout.Text(f.part), {Span: f.state, Data: cmp.Or(f.word, f.state.Text)},
			layout.Text(f.ref), layout.Text(f.text), layout.Both(words.Moment(f.at), f.at), layout.Text(f.command),
			layout.Truth(f.atLeast, "at least"), layout.Text(f.unknown),
			layout.Truth(f.confidential, "confidential"), layout.Truth(f.withheld, "withheld")})
	}
	return form.Body{Sheet: s, Notes: doc.Notes}, func(p *layout.Page) {
		for _, l := range screen(doc, clock, p.Width, p.Quiet) {
			p.Put(l.Indent, l.Spans)
		}
	}
}

// screen returns the lines of the screen. With more than fit, the details that the commands on the screen show too are left out.
func screen(doc jsonv1.Status, clock words.Clock, width int, quiet bool) (lines []layout.Line) {
	all := facts{doc: doc, clock: clock, width: width, incidents: 5, comments: 3, changes: 4, wrapped: 1}
	for {
		lines = []layout.Line{cut(0, width, layout.As(layout.Strong, "Status at "+words.Moment(doc.At))), {}}
		for _, f := range all.list() {
			lines = append(lines, f.lines(width, all.wrapped > 0)...)
		}
		if !quiet {
			lines = append(lines, notes(doc.Notes, width)...)
		}
		if len(lines) <= MostLines || !all.shorten() {
			return lines
		}
	}
}

// shorten leaves out one more detail; false: nothing is left to leave out.
func (a *facts) shorten() bool {
	for _, n := range []struct {
		of    *int
		least int
	}{{&a.changes, 2}, {&a.incidents, 3}, {&a.comments, 1}, {&a.changes, 0}, {&a.comments, 0}, {&a.incidents, 0}, {&a.wrapped, 0}} {
		if *n.of > n.least {
			*n.of--
			return true
		}
	}
	return false
}

// notes are the notes, one line for each of the first two.
func notes(list []string, width int) (lines []layout.Line) {
	if len(list) > 0 {
		lines = append(lines, layout.Line{})
	}
	for _, n := range list[:min(2, len(list))] {
		lines = append(lines, cut(0, width, layout.T("note: "+n)))
	}
	return lines
}

// fact is one line of the screen, and of the table.
type fact struct {
	part    string
	first   bool // of its part: the line begins with the name
	state   layout.Span
	word    string // the state for programs, if it differs
	ref     string
	text    string
	at      string // instant
	brief   string // the issue and the text on the screen, if they differ
	command string // shown if there is more to read
	hint    bool   // the command is shown
	below   bool   // it belongs to the issue above: on the screen, its place says that it is the state

	atLeast, confidential, withheld bool
	unknown                         string
}

// narrowest is how narrow a terminal may be for commands to fit.
const narrowest = 40

// names is the width of the names of the parts, with the gap behind them.
const names = 11

// lines returns the fact as one line, or two if wrapped is set and it is the first of its part, and one for a command that does not fit on
// it. The command is not cut.
func (f fact) lines(width int, wrapped bool) []layout.Line {
	lead, indent := []layout.Span{layout.As(layout.Faint, pad(f.part))}, 0
	if !f.first {
		lead, indent = nil, 2
	}
	text := f.brief
	if text == "" {
		text = strings.TrimSpace(f.ref + " " + f.text)
	}
	spans := append(lead, f.state)
	if f.below {
		spans, indent, text = nil, 4, f.brief
	} else if text != "" && !strings.ContainsRune(",;", rune(text[0])) {
		text = " " + text
	}
	spans = append(spans, layout.T(text))
	fitted := []layout.Line{cut(indent, width, spans...)}
	if wrapped && f.first && width >= narrowest {
		fitted = twoLines(width, spans)
	}
	if !f.hint {
		return fitted
	}
	whole := append(spans[:len(spans):len(spans)], layout.T(": "+f.command))
	if width == 0 || indent+layout.Cells(layout.Sanitize(whole)) <= width {
		return []layout.Line{{Indent: indent, Spans: layout.Sanitize(whole)}}
	}
	command := layout.Line{Indent: indent + 2, Spans: layout.Sanitize([]layout.Span{layout.T(f.command)})}
	if width < narrowest {
		command = cut(indent+2, width, layout.T(f.command))
	}
	return append(fitted, command)
}

// twoLines breaks a fact at a blank, below the name of its part, and cuts the second line.
func twoLines(width int, spans []layout.Span) []layout.Line {
	rows := layout.Wrap(layout.Sanitize(spans), width, width-names)
	lines := []layout.Line{{Spans: rows[0]}}
	if len(rows) > 1 {
		var rest []layout.Span
		for n, row := range rows[1:] {
			if n > 0 {
				rest = append(rest, layout.T(" "))
			}
			rest = append(rest, row...)
		}
		lines = append(lines, cut(names, width, rest...))
	}
	return lines
}

func pad(name string) string { return name + strings.Repeat(" ", max(1, names-layout.Width(name))) }

// cut returns spans as one line that fits.
func cut(indent, width int, spans ...layout.Span) layout.Line {
	spans = layout.Sanitize(spans)
	if width == 0 {
		return layout.Line{Indent: indent, Spans: spans}
	}
	room := max(1, width-indent)
	var out []layout.Span
	for _, s := range spans {
		if room <= 0 {
			break
		}
		before := layout.Width(s.Text)
		s.Text = layout.Clip(s.Text, room)
		room -= layout.Width(s.Text)
		if out = append(out, s); layout.Width(s.Text) < before {
			break
		}
	}
	return layout.Line{Indent: indent, Spans: out}
}
