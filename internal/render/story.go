package render

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/visible"
)

// story is what a page and a posted text tell of one thing: a head, facts, and lists below it.
type story struct {
	head     []line
	address  string // of the issue; not in Markdown, where its reference is a link
	facts    []fact
	sections []section
	notes    []string
}

// section is a list with a name. It is left out when it is empty.
type section struct {
	name  string
	lines []line
}

// line is one line of a page; what does not fit goes on in the next.
type line struct {
	indent int
	spans  []span
}

func says(spans ...span) line { return line{spans: spans} }

// sentenced are sentences as lines of a section.
func sentenced(list []string) []line {
	lines := make([]line, len(list))
	for i, s := range list {
		lines[i] = says(t(s))
	}
	return lines
}

func (p *page) lines(list []line) {
	for _, l := range list {
		p.line(l.indent, l.spans...)
	}
}

// isAddress reports whether a text is an address of the web, and nothing else.
func isAddress(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(s, "http://")
	}
	return ok && rest != "" && !strings.ContainsFunc(rest, func(r rune) bool { return r < '!' || r > '~' })
}

// address writes an address on a line of its own and does not break it, so that it can be followed and copied on a narrow terminal too.
func (p *page) address(s string) {
	if isAddress(s) {
		p.put(0, []span{t(s)})
	} else {
		p.line(0, t(s))
	}
}

func (p *page) story(s story) {
	p.lines(s.head)
	if s.address != "" {
		p.address(s.address)
	}
	p.facts(2, s.facts)
	for _, part := range s.sections {
		if len(part.lines) == 0 {
			continue
		}
		p.gap()
		p.line(0, as(strong, part.name))
		for _, l := range part.lines {
			p.line(l.indent+2, l.spans...)
		}
	}
	p.tail(notes(s.notes))
}

// logged are lines as a pipe is given them.
func logged(list []line) string {
	var b strings.Builder
	for _, l := range list {
		b.WriteString(strings.Repeat(" ", l.indent) + visible.Line(words(l.spans)) + "\n")
	}
	return b.String()
}

// words are the spans' text and nothing of their looks.
func words(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.text)
	}
	return b.String()
}

// markdown is the form for an issue or a note.
func (s story) markdown() string {
	var out strings.Builder
	for i, l := range s.head {
		if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(mdLine(words(l.spans)) + "\n")
	}
	var facts []line
	for _, f := range s.facts {
		if f.told() {
			facts = append(facts, says(append([]span{t(f.name + ": ")}, f.value...)...))
		}
	}
	parts := slices.Concat([]section{{"", facts}}, s.sections, []section{{"", sentenced(notes(s.notes))}})
	for _, part := range parts {
		if len(part.lines) == 0 {
			continue
		}
		out.WriteString("\n")
		if part.name != "" {
			out.WriteString("**" + mdCell(part.name) + "**\n\n")
		}
		out.WriteString(bullets(part.lines))
	}
	return out.String()
}

// bullets are lines as a list, deeper where they are indented.
func bullets(lines []line) string {
	var out strings.Builder
	for _, l := range lines {
		out.WriteString(strings.Repeat(" ", l.indent) + "- " + mdCell(words(l.spans)) + "\n")
	}
	return out.String()
}

// mdLine is text that begins a line of Markdown, where more than inside one has a meaning.
func mdLine(s string) string {
	s = mdCell(s)
	if s != "" && strings.ContainsRune("#-+=/", rune(s[0])) {
		return `\` + s
	}
	return s
}
