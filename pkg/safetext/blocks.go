package safetext

import (
	"regexp"
	"strings"
	"sync"
)

// lineKind says how Markdown reads a line.
type lineKind int

const (
	blankLine lineKind = iota
	textLine
	indentedLine // code by its indentation
	fenceLine    // opens a code block
	codeLine     // in a code block, or its end
)

// block is what a line is.
type block struct {
	kind      lineKind
	marks     int  // how many characters before its text belong to quotes and list items, without white space
	continues bool // the paragraph of the line before it
	escape    bool // its start would be hidden, or would change the line before it
}

// blocks reads the block structure of a text line by line, as CommonMark does. HTML blocks are left out: tags are escaped.
type blocks struct {
	open      []container
	paragraph bool   // the last line belongs to a paragraph
	fence     string // of the code block that is open
	exact     bool   // lines that [Passage] escapes are what they are: rules, underlines, empty quotes and items
}

// container is a quote or a list item that is open.
type container struct {
	quote  bool
	indent int  // of the text of a list item
	empty  bool // a list item without text so far, which a blank line ends
}

// scan reads the next line.
func (b *blocks) scan(line string) block {
	rest := expandTabs(line)
	matched, marks := 0, 0
	for matched < len(b.open) {
		c := b.open[matched]
		in := indentOf(rest)
		switch {
		case c.quote && in <= 3 && strings.HasPrefix(rest[in:], ">"):
			rest = strings.TrimPrefix(rest[in+1:], " ")
			marks++
		case !c.quote && in == len(rest) && !c.empty:
		case !c.quote && in >= c.indent && in < len(rest):
			rest, b.open[matched].empty = rest[c.indent:], false
		default:
			return b.starts(rest, matched, marks)
		}
		matched++
	}
	if b.fence != "" {
		text := strings.TrimRight(rest[min(indentOf(rest), 3):], " ")
		if n := fenceLength(text); n >= len(b.fence) && text[0] == b.fence[0] && n == len(text) {
			b.fence = ""
		}
		return block{kind: codeLine, marks: marks}
	}
	return b.starts(rest, matched, marks)
}

// Continuation returns what further lines start with to belong to the same quote or list item as a line, and whether the line has text
// after the marks of these.
func Continuation(line string) (indentation string, text bool) {
	var b blocks
	first := b.scan(line + "x")
	at := textStart(line+"x", first.marks)
	if len(b.open) == 0 {
		return line[:min(at, len(line))], at < len(line)
	}
	return b.indentation(), at < len(line)
}

// indentation is what a line starts with to belong to the containers that are open.
func (b *blocks) indentation() string {
	start := ""
	for _, c := range b.open {
		if c.quote {
			start += "> "
		}
		start += strings.Repeat(" ", c.indent)
	}
	return start
}

// starts reads the rest of a line after the containers that it continues: what it opens, and its text.
func (b *blocks) starts(rest string, matched, marks int) block {
	b.fence = ""
	lazy := b.paragraph // a paragraph continues even if its containers do not
	for {
		in := indentOf(rest)
		text := rest[in:]
		width, next := 0, container{}
		if in <= 3 {
			width, next = marker(text, lazy && matched == len(b.open))
		}
		switch {
		case text == "":
			b.enter(matched, false)
			return block{kind: blankLine, marks: marks}
		case in > 3 && !lazy:
			b.enter(matched, false)
			return block{kind: indentedLine, marks: marks}
		case in > 3:
			return block{kind: textLine, marks: marks, continues: true}
		case !b.exact && hiddenPattern().MatchString(text):
			return b.text(matched, marks, lazy, true)
		case b.exact && b.ends(text, lazy && matched == len(b.open)):
			b.enter(matched, false)
			return block{kind: textLine, marks: marks}
		case b.exact && !(lazy && matched == len(b.open)) && emptyItem().MatchString(text):
			b.open = append(b.open[:matched:matched], container{indent: in + len(strings.TrimRight(text, " ")) + 1, empty: true})
			b.paragraph = false
			return block{kind: blankLine, marks: marks}
		case opensFence(text):
			b.enter(matched, false)
			b.fence = text[:fenceLength(text)]
			return block{kind: fenceLine, marks: marks}
		case headingPattern().MatchString(text):
			b.enter(matched, false)
			return block{kind: textLine, marks: marks}
		case width == 0:
			return b.text(matched, marks, lazy, false)
		}
		marks += width
		rest = text[width:]
		if next.quote {
			rest = strings.TrimPrefix(rest, " ")
		} else {
			space := indentOf(rest)
			if space > 4 {
				space = 1
			}
			rest, next.indent = rest[space:], in+width+space
		}
		b.open = append(b.open[:matched:matched], next)
		matched, lazy = matched+1, false
	}
}

// ends reports whether a line is a rule, an empty heading, or the underline of the paragraph before it: what ends a paragraph.
func (b *blocks) ends(text string, inParagraph bool) bool {
	return rulePattern().MatchString(text) || inParagraph && underline().MatchString(text)
}

var (
	rulePattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,}|#{1,6}[ \t]*)$`)
	})
	underline = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:=+|-+)[ \t]*$`) })
	emptyItem = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:[-+*]|\d{1,9}[.)])[ \t]*$`) })
)

// text returns a line of a paragraph.
func (b *blocks) text(matched, marks int, lazy, escape bool) block {
	if !lazy {
		b.enter(matched, true)
	}
	return block{kind: textLine, marks: marks, continues: lazy, escape: escape}
}

// enter closes the containers that a line does not continue.
func (b *blocks) enter(matched int, paragraph bool) {
	b.open, b.paragraph = b.open[:matched], paragraph
}

// hiddenPattern matches lines of which Markdown shows nothing, or not what was entered: rules, underlines of headings and delimiters of
// tables with one column, headings, quotes and list items without text, footnotes, GitLab's fences for quotes, front matter and tables
// of contents.
var hiddenPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,}|:?-+:?[ \t]*|=+[ \t]*|#{1,6}(?:[ \t]+#*)?[ \t]*|[> ]+` +
		`|[+*][ \t]*|\d{1,9}[.)][ \t]*|---[ \t]*\S+|\+\+\+.*|;;;.*|(?i:\[toc\])[ \t]*|\[\^[^\]]+\]:.*)$`)
})

var headingPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^#{1,6}[ \t]`) })

var itemPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:[-+*]|(\d{1,9})[.)])[ \t]`) })

// marker returns the width of the mark of a quote or list item that a text starts with, and 0 if there is none. Within a paragraph, only a
// list that is numbered from 1 is a list.
func marker(text string, inParagraph bool) (int, container) {
	if strings.HasPrefix(text, ">") {
		return 1, container{quote: true}
	}
	m := itemPattern().FindStringSubmatch(text)
	if m == nil || inParagraph && m[1] != "" && strings.TrimLeft(m[1], "0") != "1" {
		return 0, container{}
	}
	return len(m[0]) - 1, container{}
}

// opensFence reports whether a line opens a code block. With another backtick in it, three of them are inline code.
func opensFence(text string) bool {
	n := fenceLength(text)
	return n > 0 && (text[0] == '~' || !strings.Contains(text[n:], "`"))
}

// fenceLength returns how many backticks or tildes a line starts with, if there are at least three.
func fenceLength(text string) int {
	if text == "" || text[0] != '`' && text[0] != '~' {
		return 0
	}
	n := len(text) - len(strings.TrimLeft(text, text[:1]))
	if n < 3 {
		return 0
	}
	return n
}

func indentOf(s string) int { return len(s) - len(strings.TrimLeft(s, " ")) }

// expandTabs replaces tabs by blanks up to the next column that 4 divides.
func expandTabs(line string) string {
	if !strings.Contains(line, "\t") {
		return line
	}
	var b strings.Builder
	for _, r := range line {
		if r == '\t' {
			b.WriteString("    "[b.Len()%4:])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// textStart returns where the text of a line starts: after the marks of its containers and white space.
func textStart(line string, marks int) int {
	for i := range len(line) {
		if line[i] == ' ' || line[i] == '\t' {
			continue
		}
		if marks == 0 {
			return i
		}
		marks--
	}
	return len(line)
}
