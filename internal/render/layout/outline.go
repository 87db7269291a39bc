package layout

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Outline is the content of a page or a posted text on one subject: a head, facts, and lists.
type Outline struct {
	Head     []Line
	Address  string // of the issue; not in Markdown, where the reference is a link
	Facts    []Fact
	Sections []Section
	Notes    []string
}

// Section is a list with a name. An empty one is left out.
type Section struct {
	Name  string
	Lines []Line
}

// Line is one line of a page. Text that does not fit continues on the next line.
type Line struct {
	Indent int
	Spans  []Span
	Hint   bool // of plain text: a command at its end is not wrapped, see [Page.Hint]
}

// Unindented returns a line without indentation.
func Unindented(spans ...Span) Line { return Line{Spans: spans} }

// Sentenced returns sentences as lines of a section.
func Sentenced(list []string) []Line {
	lines := make([]Line, len(list))
	for i, s := range list {
		lines[i] = Unindented(T(s))
	}
	return lines
}

// Lines writes lines below each other.
func (p *Page) Lines(list []Line) {
	for _, l := range list {
		if l.Hint {
			p.Hint(l.Indent, "", l.Indent+2, PlainText(l.Spans))
			continue
		}
		p.Line(l.Indent, l.Spans...)
	}
}

// IsAddress reports whether s is a web address and nothing else.
func IsAddress(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(s, "http://")
	}
	return ok && rest != "" && !strings.ContainsFunc(rest, func(r rune) bool { return r < '!' || r > '~' })
}

// Command writes a command of prodctl on a line of its own. It is never wrapped, so that it can be pasted. Other text is.
func (p *Page) Command(indent int, s string) {
	if strings.HasPrefix(s, "prodctl ") {
		p.Put(indent, Sanitize([]Span{T(s)}))
	} else {
		p.Line(indent, T(s))
	}
}

// Hint writes a lead and a hint after it. If both do not fit on one line, a command at the end goes to a line of its own.
func (p *Page) Hint(indent int, lead string, rest int, s string) {
	before, after, found := strings.Cut(s, ": prodctl ")
	if !found || strings.Contains(after, "\n") || p.Fits(indent+Cells([]Span{T(lead + s)})) {
		p.Hang(indent, []Span{T(lead)}, rest, T(s))
		return
	}
	p.Hang(indent, []Span{T(lead)}, rest, T(before+":"))
	p.Command(rest, "prodctl "+after)
}

// Address writes an address on a line of its own without breaking it, so that it can be followed and copied on a narrow terminal too.
func (p *Page) Address(s string) {
	if IsAddress(s) {
		p.Put(0, []Span{T(s)})
	} else {
		p.Line(0, T(s))
	}
}

// Outline writes an outline.
func (p *Page) Outline(s Outline) {
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

// Logged returns lines as a pipe gets them.
func Logged(list []Line) string {
	var b strings.Builder
	for _, l := range list {
		b.WriteString(strings.Repeat(" ", l.Indent) + sanitize.Line(PlainText(l.Spans)) + "\n")
	}
	return b.String()
}

// PlainText returns the text of spans without styles.
func PlainText(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Markdown returns the outline as Markdown for an issue or a comment.
func (s Outline) Markdown() string {
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
			facts = append(facts, Unindented(append([]Span{T(f.Name + ": ")}, f.Value...)...))
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

// Bullets returns lines as a Markdown list, nested by their indentation.
func Bullets(lines []Line) string {
	var out strings.Builder
	for _, l := range lines {
		out.WriteString(strings.Repeat(" ", l.Indent) + "- " + MarkdownCell(PlainText(l.Spans)) + "\n")
	}
	return out.String()
}

// MarkdownLine escapes text at the start of a line, where more characters have a meaning than inside one.
func MarkdownLine(s string) string {
	s = MarkdownCell(s)
	if s != "" && strings.ContainsRune("#-+=/", rune(s[0])) {
		return `\` + s
	}
	return s
}

// Notes returns the notes of a document as sentences for below its table.
func Notes(list []string) []string {
	sentences := make([]string, len(list))
	for i, n := range list {
		sentences[i] = "note: " + n
	}
	return sentences
}
