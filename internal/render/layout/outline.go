package layout

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Story is what a page and a posted text tell of one thing: a head, facts, and lists below it.
type Story struct {
	Head     []Line
	Address  string // of the issue; not in Markdown, where its reference is a link
	Facts    []Fact
	Sections []Section
	Notes    []string
}

// Section is a list with a name. It is left out when it is empty.
type Section struct {
	Name  string
	Lines []Line
}

// Line is one line of a page; what does not fit goes on in the next.
type Line struct {
	Indent int
	Spans  []Span
}

// Says is a line that is not indented.
func Says(spans ...Span) Line { return Line{Spans: spans} }

// Sentenced are sentences as lines of a section.
func Sentenced(list []string) []Line {
	lines := make([]Line, len(list))
	for i, s := range list {
		lines[i] = Says(T(s))
	}
	return lines
}

// Lines writes one line below the other.
func (p *Page) Lines(list []Line) {
	for _, l := range list {
		p.Line(l.Indent, l.Spans...)
	}
}

// IsAddress reports whether a text is an address of the web, and nothing else.
func IsAddress(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(s, "http://")
	}
	return ok && rest != "" && !strings.ContainsFunc(rest, func(r rune) bool { return r < '!' || r > '~' })
}

// Address writes an address on a line of its own and does not break it, so that it can be followed and copied on a narrow terminal too.
func (p *Page) Address(s string) {
	if IsAddress(s) {
		p.Put(0, []Span{T(s)})
	} else {
		p.Line(0, T(s))
	}
}

// Story writes a whole story.
func (p *Page) Story(s Story) {
	p.Lines(s.Head)
	if s.Address != "" {
		p.Address(s.Address)
	}
	p.Facts(2, s.Facts)
	for _, part := range s.Sections {
		if len(part.Lines) == 0 {
			continue
		}
		p.Gap()
		p.Line(0, As(Strong, part.Name))
		for _, l := range part.Lines {
			p.Line(l.Indent+2, l.Spans...)
		}
	}
	p.Tail(Notes(s.Notes))
}

// Logged are lines as a pipe is given them.
func Logged(list []Line) string {
	var b strings.Builder
	for _, l := range list {
		b.WriteString(strings.Repeat(" ", l.Indent) + sanitize.Line(PlainText(l.Spans)) + "\n")
	}
	return b.String()
}

// PlainText are the spans' text and nothing of their looks.
func PlainText(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Markdown is the form for an issue or a note.
func (s Story) Markdown() string {
	var out strings.Builder
	for i, l := range s.Head {
		if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(MarkdownLine(PlainText(l.Spans)) + "\n")
	}
	var facts []Line
	for _, f := range s.Facts {
		if f.Known() {
			facts = append(facts, Says(append([]Span{T(f.Name + ": ")}, f.Value...)...))
		}
	}
	parts := slices.Concat([]Section{{"", facts}}, s.Sections, []Section{{"", Sentenced(Notes(s.Notes))}})
	for _, part := range parts {
		if len(part.Lines) == 0 {
			continue
		}
		out.WriteString("\n")
		if part.Name != "" {
			out.WriteString("**" + MarkdownCell(part.Name) + "**\n\n")
		}
		out.WriteString(Bullets(part.Lines))
	}
	return out.String()
}

// Bullets are lines as a list, deeper where they are indented.
func Bullets(lines []Line) string {
	var out strings.Builder
	for _, l := range lines {
		out.WriteString(strings.Repeat(" ", l.Indent) + "- " + MarkdownCell(PlainText(l.Spans)) + "\n")
	}
	return out.String()
}

// MarkdownLine is text that begins a line of Markdown, where more than inside one has a meaning.
func MarkdownLine(s string) string {
	s = MarkdownCell(s)
	if s != "" && strings.ContainsRune("#-+=/", rune(s[0])) {
		return `\` + s
	}
	return s
}

// Notes are a document's notes as sentences below its table.
func Notes(list []string) []string {
	sentences := make([]string, len(list))
	for i, n := range list {
		sentences[i] = "note: " + n
	}
	return sentences
}
