package markdown

import (
	"regexp"
	"strings"
	"sync"
)

// maxDepth is how deep blocks nest; deeper markers count as text.
const maxDepth = 100

// start opens a block if one begins at the cursor. within is the number of open blocks that the line continues so
// far. done means that nothing is left of the line.
func (d *blockParser) start(cur *cursor, within, n int) (opened, done bool) {
	if cur.blank() || within >= maxDepth {
		return false, false
	}
	// base is where the new block goes: next to a paragraph or table, not into it.
	base, inParagraph, inTable := within, false, false
	if within > 0 && !d.open[within-1].kind.container() {
		base--
		inParagraph, inTable = d.open[base].kind == paragraph, d.open[base].kind == table
	}
	if cur.indent() > 3 {
		if inTable || len(d.open) > 0 && d.tip().kind == paragraph {
			return false, false
		}
		return d.leaf(base, &block{kind: indentedCode})
	}
	if b := openFence(cur); b != nil {
		return d.leaf(base, b)
	}
	if compiled().atx.MatchString(cur.trimmed()) {
		return d.leaf(base, nil)
	}
	mayInterrupt := !inParagraph && !(within < len(d.open) && d.tip().kind == paragraph)
	if b, whole := openHTML(cur, mayInterrupt); whole {
		return d.leaf(base, b)
	}
	if inParagraph && compiled().setext.MatchString(cur.trimmed()) {
		d.open = d.open[:base] // it was a heading, not a paragraph
		return true, true
	}
	if compiled().thematic.MatchString(cur.trimmed()) {
		return d.leaf(base, nil)
	}
	if b := openContainer(cur, inParagraph); b != nil {
		d.closeTo(base)
		d.push(*b)
		return true, false
	}
	if inParagraph && d.openTable(cur, base, n) {
		return true, true
	}
	return false, false
}

// leaf opens b, or a block of one line if it is nil, and consumes the line.
func (d *blockParser) leaf(base int, b *block) (opened, done bool) {
	d.closeTo(base)
	if b != nil {
		d.push(*b)
	} else if base > 0 {
		d.tip().empty = false
	}
	return true, true
}

// patterns match the beginnings of lines.
type patterns struct {
	atx, setext, thematic, item, footnote, alert, delimiter *regexp.Regexp

	html []htmlKind
}

// htmlKind is a way in which an HTML block can begin and end; a block without an end pattern runs to the next blank
// line.
type htmlKind struct{ begin, end *regexp.Regexp }

// compiled holds the patterns, compiled for the first text that may have quick actions. The last kind of HTML cannot
// interrupt a paragraph.
var compiled = sync.OnceValue(func() patterns {
	return patterns{
		atx:       regexp.MustCompile(`^#{1,6}(?:[ \t]|$)`),
		setext:    regexp.MustCompile(`^(?:=+|-+)[ \t]*$`),
		thematic:  regexp.MustCompile(`^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$`),
		item:      regexp.MustCompile(`^(?:[-+*]|(\d{1,9})[.)])(?:[ \t]|$)`),
		footnote:  regexp.MustCompile(`^\[\^[^\]\s]+\]:[ \t]*`),
		alert:     regexp.MustCompile(`(?i)^[ \t]*(?:\[!(?:note|tip|important|warning|caution)\].*)?$`),
		delimiter: regexp.MustCompile(`^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$`),
		html:      htmlKinds(),
	}
})

// openFence returns a code block or fenced quote if one begins here.
func openFence(cur *cursor) *block {
	for _, mark := range []byte{'`', '~', '>'} {
		length, rest := cur.run(mark)
		switch {
		case length < 3 || mark == '`' && strings.Contains(rest, "`"):
		case mark != '>':
			return &block{kind: fencedCode, fence: mark, length: length}
		case compiled().alert.MatchString(rest):
			return &block{kind: fencedQuote, length: length}
		}
	}
	return nil
}

// openContainer returns a quote, list item or footnote if one begins here, and consumes its marker. A list item ends
// the paragraph above only if it has content and, in a numbered list, the number 1.
func openContainer(cur *cursor, inParagraph bool) *block {
	if cur.quoteMark() {
		return &block{kind: quoteBlock}
	}
	rest := cur.trimmed()
	if m := compiled().footnote.FindString(rest); m != "" {
		cur.skipIndent(cur.indent())
		cur.skip(len(m))
		return &block{kind: footnote}
	}
	m := compiled().item.FindStringSubmatch(rest)
	if m == nil {
		return nil
	}
	marker := len(strings.TrimRight(m[0], " \t"))
	if inParagraph && (strings.TrimSpace(rest[marker:]) == "" || m[1] != "" && strings.TrimLeft(m[1], "0") != "1") {
		return nil
	}
	indent := cur.indent()
	cur.skipIndent(indent)
	cur.skip(marker)
	gap := cur.indent()
	if cur.blank() || gap > 4 {
		gap = 1
	}
	item := &block{kind: listItem, indent: indent + marker + gap, empty: cur.blank()}
	cur.skipIndent(gap)
	return item
}

// openTable turns the last line of the open paragraph into a table header if the cursor is at a matching row of
// dashes.
func (d *blockParser) openTable(cur *cursor, base, n int) bool {
	p, row := d.open[base], cur.trimmed()
	if !strings.Contains(row, "|") || !compiled().delimiter.MatchString(row) || cells(row) != cells(p.header) {
		return false
	}
	if base == 0 && p.start < n-1 {
		d.found = append(d.found, Span{p.start, n - 1})
	}
	d.open = d.open[:base]
	d.push(block{kind: table})
	return true
}

// cells counts the cells of a table row.
func cells(row string) int {
	row = strings.Trim(row, " \t")
	row = strings.TrimSuffix(strings.TrimPrefix(row, "|"), "|")
	return 1 + strings.Count(strings.ReplaceAll(row, `\|`, ""), "|")
}

func htmlKinds() []htmlKind {
	ends := func(begin, end string) htmlKind { return htmlKind{regexp.MustCompile(begin), regexp.MustCompile(end)} }
	untilBlank := func(begin string) htmlKind { return htmlKind{begin: regexp.MustCompile(begin)} }
	return []htmlKind{
		ends(`(?i)^<(?:script|pre|style|textarea)(?:[ \t>]|$)`, `(?i)</(?:script|pre|style|textarea)>`),
		ends(`^<!--`, `-->`),
		ends(`^<\?`, `\?>`),
		ends(`^<![A-Za-z]`, `>`),
		ends(`^<!\[CDATA\[`, `\]\]>`),
		untilBlank(`(?i)^</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|` +
			`details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|` +
			`iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|` +
			`table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:[ \t]|/?>|$)`),
		untilBlank(`^(?:<[A-Za-z][A-Za-z0-9-]*(?:[ \t]+[A-Za-z_:][\w.:-]*(?:[ \t]*=[ \t]*(?:[^ \t"'=<>` + "`" +
			`]+|'[^']*'|"[^"]*"))?)*[ \t]*/?>|</[A-Za-z][A-Za-z0-9-]*[ \t]*>)[ \t]*$`),
	}
}

// openHTML returns an HTML block if one begins here; nil and true for one that ends on the same line.
func openHTML(cur *cursor, mayInterrupt bool) (*block, bool) {
	text := cur.trimmed()
	if !strings.HasPrefix(text, "<") {
		return nil, false
	}
	kinds := compiled().html
	for i, kind := range kinds {
		switch {
		case !kind.begin.MatchString(text) || i == len(kinds)-1 && !mayInterrupt:
		case kind.end == nil:
			return &block{kind: htmlUntilBlank}, true
		case kind.end.MatchString(text):
			return nil, true
		default:
			return &block{kind: htmlBlock, until: kind.end}, true
		}
	}
	return nil, false
}

// cursor is the rest of a line and the column at which it begins: a tab reaches to the next multiple of four.
type cursor struct {
	rest string
	col  int
}

func (c *cursor) trimmed() string { return strings.TrimLeft(c.rest, " \t") }

func (c *cursor) blank() bool { return c.trimmed() == "" }

// indent counts the columns of white space ahead.
func (c *cursor) indent() int {
	col := c.col
	for i := 0; i < len(c.rest); i++ {
		switch c.rest[i] {
		case ' ':
			col++
		case '\t':
			col += 4 - col%4
		default:
			return col - c.col
		}
	}
	return col - c.col
}

// skip consumes n bytes without tabs.
func (c *cursor) skip(n int) { c.rest, c.col = c.rest[n:], c.col+n }

// skipIndent consumes n columns of white space, or nothing if there are fewer.
func (c *cursor) skipIndent(n int) bool {
	have := c.indent()
	if have < n {
		return false
	}
	c.rest, c.col = strings.Repeat(" ", have-n)+c.trimmed(), c.col+n
	return true
}

// quoteMark consumes the marker of a quote and the space after it.
func (c *cursor) quoteMark() bool {
	indent := c.indent()
	if indent > 3 || !strings.HasPrefix(c.trimmed(), ">") {
		return false
	}
	c.skipIndent(indent)
	c.skip(1)
	c.skipIndent(min(1, c.indent()))
	return true
}

// run counts the marks at the beginning of the text and returns the rest.
func (c *cursor) run(mark byte) (length int, rest string) {
	text := c.trimmed()
	for length < len(text) && text[length] == mark {
		length++
	}
	return length, text[length:]
}
